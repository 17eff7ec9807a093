"""New e-mail addresses of contacts that opted out: the opt-out is at the new address before the contact is.

Consent belongs to the address (legacydocs.hubspot.com, e-mail status, read 2026-11), so a new `email` alone would
take an opt-out back; sent after it, it would be lost with a process that dies between the two.

| the opt-out of the new address | the contact |
|---|---|
| was taken | is written; until it is, an address is opted out that nobody has |
| was refused | keeps its address, the rest is written, and `email` is told as refused |
| may or may not have been taken | nothing is written: whoever resumes sends it all again |
| is another contact's, who stays there | the write goes first: HubSpot refuses it, and no stranger is opted out |
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.conflicts import EMAIL, MORE_EMAILS, emails_in
from crmsync.connectors.hubspot.consent import Carried, End, opted_out, told_by_id
from crmsync.connectors.hubspot.optouts import OBJECT, Basis, is_opt_out
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.shapes import understood
from crmsync.core.records import Schema
from crmsync.errors import CrmsyncError, Refused

_STAYS = "an opt-out could not go ahead to the new e-mail address, so that was not written: "
_LEFT = "an opt-out did not follow to the new e-mail address, though that was written: "


@dataclass(frozen=True, slots=True)
class Ahead:
    """What went ahead of new addresses.

    `requests` are what is left to write, `ends` results of those of which nothing is, `stays` messages for
    contacts that keep their address, and `follow` the opt-outs that are still to be sent; all by place.
    """

    requests: list[WriteRequest]
    ends: dict[int, WriteResult] = field(default_factory=dict)
    stays: dict[int, str] = field(default_factory=dict)
    follow: Carried = field(default_factory=dict)


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
    carried = _carried(api, schema, requests, odd)
    strangers = _held_by_others(api, requests, carried)
    stopped: CrmsyncError | None = None
    for at, names in carried.items():
        if at in strangers:
            continue
        end: End | None = End("unknown", stopped.message) if stopped else None
        if stopped is None:
            email = requests[at].cells[EMAIL] or ""
            end, stopped = opted_out(api, basis, email, names)
        if end is not None:
            _hold_back(ahead, at, end)
    return replace(ahead, follow={at: carried[at] for at in strangers})


def _carried(
    api: Api, schema: Schema, requests: Sequence[WriteRequest], odd: Collection[int]
) -> Carried:
    """Opt-outs of contacts that are to get another address: a call for a batch that has one."""
    moving = {
        at: one.native_id
        for at, one in enumerate(requests)
        if at not in odd and one.action == "update" and one.native_id and one.cells.get(EMAIL)
    }
    if schema.object != OBJECT or not moving:
        return {}
    names = [name for name in schema.fields if is_opt_out(OBJECT, name)]
    told = told_by_id(api, list(moving.values()), names)
    out = {
        at: [name for name in names if told[id_].get(name) == "true"]
        for at, id_ in moving.items()
        if id_ in told
    }
    return {at: found for at, found in out.items() if found}


def _held_by_others(api: Api, requests: Sequence[WriteRequest], carried: Carried) -> set[int]:
    """Places whose new address another contact has, who does not leave it in the same batch."""
    wanted = {at: emails_in({EMAIL: requests[at].cells[EMAIL]}) for at in carried}
    leaving = {one.native_id for one in requests if EMAIL in one.cells}
    held = _stayers(api, sorted(set().union(*wanted.values())), leaving)
    return {at for at, emails in wanted.items() if emails & held}


def _stayers(api: Api, emails: Sequence[str], leaving: Collection[str | None]) -> set[str]:
    """Which of these addresses contacts have that are not `leaving`; none where HubSpot takes them for no addresses."""
    if not emails:
        return set()
    try:
        with understood(OBJECT):
            found = records_by_id(api, OBJECT, emails, [EMAIL, MORE_EMAILS], EMAIL)
            told = [each["properties"] for id_, each in found.items() if id_ not in leaving]
            return set().union(*map(emails_in, told))
    except Refused:
        return set()


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


def with_addresses(results: Sequence[WriteResult], ahead: Ahead) -> list[WriteResult]:
    """The results, and what became of addresses in them: `email` refused of who keeps it, opt-outs left behind."""
    ends = [_kept(one, ahead.stays.get(at, "")) for at, one in enumerate(results)]
    return [_left_behind(one, ahead.follow.get(at, ())) for at, one in enumerate(ends)]


def _kept(one: WriteResult, why: str) -> WriteResult:
    """A record that was refused as a whole, no cell named, has nothing that could be sent without its address."""
    if why and (one.outcome == "written" or (one.outcome == "refused" and one.fields)):
        message = "; ".join(filter(None, (one.message, why)))
        return replace(one, message=message, fields=(*one.fields, EMAIL))
    return one


def _left_behind(one: WriteResult, names: Sequence[str]) -> WriteResult:
    return replace(one, message=_LEFT + one.message) if {*one.fields} & {*names} else one
