"""Late matches: a record that is refused because another one holds its e-mail, or another unique value.

| a refusal | says |
|---|---|
| 409, or CONFLICT in a 207 | `Contact already exists. Existing ID: 1`, and the id in `context.existingId` |
| the same | `Contact already exists` alone |
| 400 | `Cannot set … propertyName=p, … on 2. 1 already has that value.` |

Seen in hubspot-api-python issue 51, recordings of amp-labs/connectors and public code (read 2026-11).

The first of the two ids is the record that was to get the value, and of a new one an id that nobody has: the
second holds it. Refusals of every kind repeat values, so a message is read whole and never searched. Whom a bare
refusal means is looked up by the e-mail, by batch read: search would lag behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.shapes import understood
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError, Refused

EMAIL, MORE_EMAILS = "email", "hs_additional_emails"
_EXISTS = re.compile(r"Contact already exists(?:\. Existing ID: (\S+))?\.?", re.IGNORECASE)
# Of a kind of refusal that is about nothing else, whatever the record is called and whatever follows.
_CONFLICTS = re.compile(r"\w+ already exists\b(?:\. Existing ID: (\d+))?", re.IGNORECASE)
# The value comes last and may say anything: the name is the first one, the ids are at the very end.
_TAKEN = re.compile(
    r"Cannot set .*?\bpropertyName=(\w+).* on \d+\. (\d+) already has that value\.?", re.DOTALL
)
_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unique property whose value others hold, and who, as far as it is told."""

    property: str
    holders: tuple[str, ...] = ()


def conflict_in(error: Mapping[str, Any], status: int = 0) -> Conflict | None:
    """What an error says of a record that is there already; None if it is about something else."""
    message = str(error.get("message") or "").strip()
    taken = _TAKEN.fullmatch(message)
    if taken:
        return Conflict(taken[1], (taken[2],))
    sure = status == _CONFLICT or error.get("category") == "CONFLICT"
    exists = _CONFLICTS.match(message) if sure else _EXISTS.fullmatch(message)
    if not exists:
        return None
    told = [str(one) for one in (error.get("context") or {}).get("existingId") or ()]
    named = [one for one in (*told, exists[1]) if one and one.isdigit()]
    return Conflict(EMAIL, tuple(dict.fromkeys(named)))


def conflict_behind(refusal: Refused) -> Conflict | None:
    """As `conflict_in`, of a request that was refused as a whole."""
    try:
        told = orjson.loads(refusal.body)
    except orjson.JSONDecodeError:
        return None
    return conflict_in(told, refusal.status) if isinstance(told, dict) else None


def doubled(
    system: str, object_: str, request: WriteRequest, conflict: Conflict, message: str
) -> WriteResult:
    """The result of a request that would make a double.

    Of an update the one property is named, so that the rest can be sent without it; a create is refused
    whole, or the same person would be made once more without the e-mail.
    """
    alike = tuple(Ref(system, object_, one) for one in conflict.holders)
    names = _named(request, conflict) if request.action == "update" else ()
    return replace(result(request, "refused", message, names), alike=alike)


def _named(request: WriteRequest, conflict: Conflict) -> tuple[str, ...]:
    """The cell that an update has to do without; additional addresses are unique like the first one."""
    told = (conflict.property, MORE_EMAILS) if conflict.property == EMAIL else (conflict.property,)
    return tuple(name for name in told if name in request.cells)[:1]


def with_holders(
    api: Api, object_: str, requests: Sequence[WriteRequest], results: Sequence[WriteResult]
) -> list[WriteResult]:
    """The results; whom a bare refusal means is looked up by the e-mail, a call for 100 of them."""
    bare = {at: emails_in(requests[at].cells) for at, one in enumerate(results) if one.alike == ()}
    held = _held(api, object_, sorted(set().union(*bare.values())))
    ends = list(results)
    for at, emails in bare.items():
        ids = dict.fromkeys(one for email in sorted(emails) for one in held.get(email, ()))
        own = requests[at].native_id
        there = (Ref(api.calls.system, object_, one) for one in ids if one != own)
        ends[at] = replace(ends[at], alike=tuple(there))
    return ends


def emails_in(cells: Mapping[str, str | None]) -> set[str]:
    """Every address among some cells, as it is compared."""
    told = ";".join(cells.get(name) or "" for name in (EMAIL, MORE_EMAILS))
    return {one.strip().lower() for one in told.split(";") if one.strip()}


def _held(api: Api, object_: str, emails: Sequence[str]) -> dict[str, list[str]]:
    """As `holders`; nobody where it cannot be told."""
    try:
        return holders(api, object_, emails)
    except CrmsyncError:
        return {}


def holders(api: Api, object_: str, emails: Iterable[str]) -> dict[str, list[str]]:
    """Ids of the records that have an address, first or additional: a call for 100 of them.

    AnswerBroken if the answer has another shape than documented.
    """
    held: dict[str, list[str]] = {}
    asked = sorted(set(emails))
    with understood(object_):
        found = records_by_id(api, object_, asked, [EMAIL, MORE_EMAILS], EMAIL) if asked else {}
        for id_, record in found.items():
            for email in emails_in(record["properties"]):
                held.setdefault(email, []).append(id_)
    return held
