"""What portals do differently, or what is not known for certain about them, as named switches.

The numbers in brackets are those of the open questions of the sources each was looked for in.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.sandbox.hubspot.manners import MANNERS
from crmsync.sandbox.hubspot.record_switches import RECORDS
from crmsync.sandbox.switching import Switch, Value, turn, value_of
from crmsync.sandbox.tables import Tables

_ACCOUNT = (
    Switch(
        "rate_limited",
        False,
        "true: 429 beyond the limits of a Professional portal",
    ),
    Switch(
        "writable_optout",
        False,
        "an opt-out is taken only through communication preferences, and a write of "
        "hs_email_optout is refused; true accepts it as a property",
    ),
)
_RECORDS = (
    Switch(
        "lifecycle_backward",
        "ignored",
        "a write that would move a lifecycle stage back answers 200 and changes nothing, as users "
        "of the old API tell; accepted: it moves, as some recent pages say; refused: 400",
        ("ignored", "accepted", "refused"),
    ),
)
SWITCHES: Mapping[str, Switch] = {
    each.name: each for each in (*_ACCOUNT, *_RECORDS, *RECORDS, *MANNERS)
}


class Switches:
    """How the switches of one portal stand, each as an attribute; kept with the rows."""

    __slots__ = ("_tables",)
    _tables: Tables

    def __init__(self, tables: Tables) -> None:
        object.__setattr__(self, "_tables", tables)

    def __getattr__(self, name: str) -> Value:
        """How a switch stands; AttributeError for one there is not."""
        if name not in SWITCHES:
            raise AttributeError(name)
        return value_of(SWITCHES, self._tables, name)

    def __setattr__(self, name: str, value: object) -> None:
        turn(SWITCHES, self._tables, name, value)

    def number(self, name: str) -> int:
        """A switch that is a number."""
        return int(getattr(self, name))

    def fewer(self, asked: int) -> int:
        """How many rows a page has of which so many were asked for."""
        most = self.number("most_page_rows")
        return min(asked, most) if most else asked
