"""New e-mail addresses of contacts that opted out: the opt-out is at the new address before the contact is.

Consent belongs to the address (legacydocs.hubspot.com, e-mail status, read 2026-11), so a new `email` alone would
take an opt-out back; sent after it, it would be lost with a process that dies between the two.

| the opt-out of the new address | the contact |
|---|---|
| was taken | is written; until it is, an address is opted out that nobody has |
| was refused | keeps its address, the rest is written, and `email` is told as refused |
| may or may not have been taken | nothing is written: whoever resumes sends it all again |
| is another contact's | the same as refused: no stranger is opted out, and no address goes ahead |
| cannot be looked up | the same as refused: whose it is, nobody knows |

Whoever still has the address in the end is named, so that it waits until they are gone. If they leave it in the same
batch, it is refused this once, and the next run sends the opt-out ahead: that they left is known when they have.
A contact that does not answer under its own id was merged or is gone: nothing of it is written, since HubSpot would
write it to whoever took its place, who may have opted out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.conflicts import EMAIL, emails_in, holders
from crmsync.connectors.hubspot.consent import End, opted_out, told_by_id
from crmsync.connectors.hubspot.optouts import OBJECT, Basis, is_opt_out
from crmsync.core.records import Ref, Schema
from crmsync.errors import CrmsyncError, Refused

_STAYS = "an opt-out could not go ahead to the new e-mail address, so that was not written: "
_TAKEN = "another contact has it"
_UNSEEN = "whose it is could not be looked up"
_GONE = "the record is gone"

Carried = Mapping[int, Sequence[str]]
"""Opt-outs that have to be at a new address before the contact is, by the place of its request."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What went ahead of new addresses.

    `requests` are what is left to write, `ends` results of those of which nothing is, `stays` messages for
    contacts that keep their address, and `taken` new addresses that other contacts have; all by place.
    """

    requests: list[WriteRequest]
    ends: dict[int, WriteResult] = field(default_factory=dict)
    stays: dict[int, str] = field(default_factory=dict)
    taken: dict[int, set[str]] = field(default_factory=dict)


def opted_out_ahead(
    api: Api,
    schema: Schema,
    basis: Basis,
    requests: Sequence[WriteRequest],
    odd: Collection[int],
) -> Ahead:
    """What is left to write once new addresses are opted out; requests at `odd` places are left alone.

    A call for a batch that has new addresses; if some of those contacts opted out one more, and one for each opt-out.
    """
    ahead = Ahead(list(requests))
    carried, gone = _carried(api, schema, requests, odd)
    for at in gone:
        ahead.ends[at] = result(requests[at], "missing", _GONE)
    taken, unseen = _held_by_others(api, requests, carried)
    ahead.taken.update(taken)
    stopped: CrmsyncError | None = None
    for at, names in carried.items():
        end: End | None = End("unknown", stopped.message) if stopped else None
        if at in ahead.taken:
            end = End("refused", _TAKEN)
        elif at in unseen:
            end = End("refused", _UNSEEN)
        elif stopped is None:
            email = requests[at].cells[EMAIL] or ""
            end, stopped = opted_out(api, basis, email, names)
        if end is not None:
            _hold_back(ahead, at, end)
    return ahead


def _carried(
    api: Api, schema: Schema, requests: Sequence[WriteRequest], odd: Collection[int]
) -> tuple[Carried, list[int]]:
    """Opt-outs of contacts that are to get another address, and places of those that are gone.

    A call for a batch that has one.
    """
    moving = {
        at: one.native_id
        for at, one in enumerate(requests)
        if at not in odd and one.action == "update" and one.native_id and one.cells.get(EMAIL)
    }
    if schema.object != OBJECT or not moving:
        return {}, []
    names = [name for name in schema.fields if is_opt_out(OBJECT, name)]
    told = told_by_id(api, list(moving.values()), names)
    out = {
        at: [name for name in names if told[id_].get(name) == "true"]
        for at, id_ in moving.items()
        if id_ in told
    }
    gone = [at for at in moving if at not in out]
    return {at: found for at, found in out.items() if found}, gone


def _held_by_others(
    api: Api, requests: Sequence[WriteRequest], carried: Carried
) -> tuple[dict[int, set[str]], set[int]]:
    """By place, new addresses that another contact has; and the places of those that cannot be looked up."""
    wanted = {at: emails_in({EMAIL: requests[at].cells[EMAIL]}) for at in carried}
    held, unseen = _held(api, set().union(*wanted.values()))
    taken = {
        at: others
        for at, emails in wanted.items()
        if (others := {each for each in emails if held.get(each, set()) - {requests[at].native_id}})
    }
    return taken, {at for at, emails in wanted.items() if emails & unseen}


def _held(api: Api, emails: Collection[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Who has each address, and the addresses that HubSpot does not look up: a call, one more for each if refused."""
    held: dict[str, set[str]] = {}
    unseen: set[str] = set()
    try:
        return {each: set(ids) for each, ids in holders(api, OBJECT, emails).items()}, unseen
    except Refused:
        pass
    for email in sorted(emails):
        try:
            held |= {each: set(ids) for each, ids in holders(api, OBJECT, [email]).items()}
        except Refused:
            unseen.add(email)
    return held, unseen


def _hold_back(ahead: Ahead, at: int, end: End) -> None:
    request = ahead.requests[at]
    rest = {name: text for name, text in request.cells.items() if name != EMAIL}
    if end.outcome != "refused":
        ahead.ends[at] = result(request, end.outcome, end.message)
    elif not rest:
        ahead.ends[at] = result(request, "refused", _STAYS + end.message, (EMAIL,))
    else:
        ahead.requests[at] = replace(request, cells=rest)
        ahead.stays[at] = _STAYS + end.message


def with_addresses(api: Api, results: Sequence[WriteResult], ahead: Ahead) -> list[WriteResult]:
    """The results, and in them `email` refused of who keeps it, and who has it: a call for a batch that asks."""
    ends = [_kept(one, ahead.stays.get(at, "")) for at, one in enumerate(results)]
    asked = {at: emails for at, emails in ahead.taken.items() if ends[at].fields == (EMAIL,)}
    try:
        held = holders(api, OBJECT, set().union(*asked.values()))
    except CrmsyncError:
        return ends
    for at, emails in asked.items():
        ids = {id_ for email in emails for id_ in held.get(email, ())} - {ends[at].native_id}
        alike = tuple(Ref(api.calls.system, OBJECT, id_) for id_ in sorted(ids))
        ends[at] = replace(ends[at], alike=alike or None)
    return ends


def _kept(one: WriteResult, why: str) -> WriteResult:
    """A record that was refused as a whole, no cell named, has nothing that could be sent without its address."""
    if why and (one.outcome == "written" or (one.outcome == "refused" and one.fields)):
        message = "; ".join(filter(None, (one.message, why)))
        return replace(one, message=message, fields=(*one.fields, EMAIL))
    return one
