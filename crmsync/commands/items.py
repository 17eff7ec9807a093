"""One change on its way through an apply, and what is sent for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crmsync.commands.settling import Texts
from crmsync.connectors.base import Cells, WriteRequest, WriteResult
from crmsync.core.planning import Change
from crmsync.store.rows import State

SAID: Mapping[str, State] = {
    "written": "ACKED",
    "refused": "FAILED",
    "missing": "DROPPED",
    "unknown": "AMBIGUOUS",
}
"""The state of the journal for what a result says."""
_DOUBLES: Mapping[str, str] = {
    "create": "the system holds this record already",
    "update": "another record has this value already",
}
"""What the journal says of a change that was refused because of a record that is there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change on its way: what was found before, what is to be sent, and the verdict.

    `left` names fields that are not sent, or were refused; `refusal` is what the system said of them. `confirmed`
    names fields that stand as planned though the record does not show them yet.
    """

    change: Change
    verdict: str
    native_id: str | None = None
    before: Texts = field(default_factory=dict)
    wire: Cells = field(default_factory=dict)
    message: str = ""
    left: tuple[str, ...] = ()
    refusal: str = ""
    confirmed: tuple[str, ...] = ()


def request_of(item: Item) -> WriteRequest:
    """What is sent for one item: a create only as long as nobody has seen the record."""
    if item.native_id is None:
        return WriteRequest(item.change.id, "create", None, item.change.key, item.wire)
    return WriteRequest(item.change.id, "update", item.native_id, None, item.wire)


def in_own_words(action: str, result: WriteResult) -> WriteResult:
    """The result; one that is about another record says so before it quotes the system."""
    if result.alike is None:
        return result
    message = ": ".join(filter(None, (_DOUBLES[action], result.message)))
    return replace(result, message=message)


def beside(written: WriteResult, first: WriteResult) -> WriteResult:
    """The result of a record that was written without the cells refused at first, and those refused then."""
    fields = tuple(dict.fromkeys((*first.fields, *written.fields)))
    message = "; ".join(dict.fromkeys(filter(None, (first.message, written.message))))
    return replace(written, fields=fields, message=message, alike=first.alike)


def said(result: WriteResult) -> str:
    """What a result means for the journal: a refusal about a record that is there is yet to be read back."""
    stands = result.outcome == "refused" and result.native_id is not None
    return "written" if stands else result.outcome
