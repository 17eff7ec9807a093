"""What makes reading fast: sorted ids, unique values and ties, kept in step with the rows.

Nothing here is kept across a restart; it is built again from the tables.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field

from crmsync.sandbox.tables import Row

Ties = dict[str, tuple[int, ...]]  # far id -> type ids, ascending
Ends = tuple[str, str, str, str]  # from object, from id, to object, to id


def _remove(ids: list[int], number: int) -> None:
    place = bisect_left(ids, number)
    if place < len(ids) and ids[place] == number:
        del ids[place]


def _add(ids: list[int], number: int) -> None:
    if not ids or number > ids[-1]:
        ids.append(number)
    elif ids[bisect_left(ids, number)] != number:
        insort(ids, number)


@dataclass(slots=True)
class ObjectIndex:
    """The ids of one object, ascending, and who holds which unique value among the live records."""

    live: list[int] = field(default_factory=list)
    archived: list[int] = field(default_factory=list)
    holders: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def page(self, archived: bool, after: int, limit: int) -> tuple[list[int], int | None]:
        """Up to `limit` ids from `after` on, and the id the next page starts with, if any."""
        ids = self.archived if archived else self.live
        start = bisect_left(ids, after)
        found = ids[start : start + limit]
        rest = start + limit
        return found, ids[rest] if rest < len(ids) else None

    def place(self, id_: str, archived: bool) -> None:
        """Lists a record among the live or the archived ones, and nowhere else."""
        number = int(id_)
        _add(self.archived if archived else self.live, number)
        _remove(self.live if archived else self.archived, number)

    def forget(self, id_: str) -> None:
        """Lists a record nowhere any more."""
        _remove(self.live, int(id_))
        _remove(self.archived, int(id_))

    def hold(self, name: str, values: list[str], id_: str) -> None:
        """From now on that record holds those values of a unique property."""
        for value in values:
            self.holders[name][value] = id_

    def release(self, name: str, values: list[str], id_: str) -> None:
        """That record gives those values up, as far as it holds them."""
        held = self.holders[name]
        for value in values:
            if held.get(value) == id_:
                del held[value]


class TieIndex:
    """Who is associated with whom: (from object, to object) -> from id -> far id -> type ids."""

    def __init__(self) -> None:
        self._ties: dict[tuple[str, str], dict[str, Ties]] = defaultdict(dict)

    def of(self, from_object: str, id_: str, to_object: str) -> Ties:
        """The ties of one record to one object, in the order they were made."""
        return self._ties[from_object, to_object].get(id_, {})

    def set(self, ends: Ends, types: tuple[int, ...]) -> None:
        """Replaces the types of one tie, in the direction given; no types removes it."""
        from_object, from_id, to_object, to_id = ends
        ties = self._ties[from_object, to_object].setdefault(from_id, {})
        if types:
            ties[to_id] = types
        else:
            ties.pop(to_id, None)


def unique_values(name: str, row: Row) -> list[str]:
    """The values by which a property identifies a record; a contact's e-mail has several."""
    properties = row["properties"]
    value = properties.get(name)
    values = [value] if value else []
    if name != "email":
        return values
    # Additional addresses are unique across contacts too: developers.hubspot.com, contacts guide
    # (read 2026-11). Comparing without case is what every simulator seen does; not verified.
    more = properties.get("hs_additional_emails", "").split(";")
    return [one.strip().lower() for one in (*values, *more) if one.strip()]
