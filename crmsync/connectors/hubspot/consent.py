"""Opt-outs, through communication preferences: they belong to an e-mail address and are no properties to write.

| a cell | becomes |
|---|---|
| `hs_email_optout` true | the contact's address is unsubscribed from all e-mail |
| `hs_email_optout_<id>` true | the address is unsubscribed from that subscription |
| either, false or blank | refused: nobody is subscribed again by a machine |


They go after the properties were written, to the address that the contact has then; each is a call of its own,
since batches of them are authorised for Marketing Hub Enterprise alone. Sent twice it makes no difference.
An opt-out that a contact has already goes ahead of its new address: `addresses.py`.
developers.hubspot.com, subscriptions (read 2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.confirming import Confirming, unshown
from crmsync.connectors.hubspot.conflicts import EMAIL
from crmsync.connectors.hubspot.optouts import OBJECT, Basis, is_opt_out, subscription_of
from crmsync.connectors.hubspot.problems import ScopeMissing
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.hubspot.scopes import SET_CONSENT
from crmsync.connectors.shapes import understood
from crmsync.errors import AccessDenied, CrmsyncError, Refused
from crmsync.language import _

# Seconds between looks at what an opt-out made of its contact
WAITS_S = (1.0, 2.0, 4.0)
# What v3 says to who unsubscribes twice: public clients' logs (read 2026-11)
_ALREADY = re.compile(r"already unsubscribed", re.IGNORECASE)
_LACKS_SCOPE = "MISSING_SCOPES"
_ASKS_FOR_BASIS = re.compile(r"legal.?basis", re.IGNORECASE)
_NEVER = (
    "an opt-out is never taken back by crmsync: who wants e-mail again says so in HubSpot itself"
)
_NO_EMAIL = "the contact has no e-mail address, and an opt-out belongs to one: give it one, or map no opt-out"
_NO_BASIS = "the portal asks for a legal basis: set `legal_basis` and `legal_basis_explanation` for it in crmsync.yml"


def taken_back(object_: str, requests: Sequence[WriteRequest]) -> dict[int, WriteResult]:
    """Results by place of requests that would take an opt-out back: nothing of them is written."""
    found: dict[int, WriteResult] = {}
    for at, request in enumerate(requests):
        names = [name for name in _told(object_, request) if request.cells[name] != "true"]
        if names:
            found[at] = result(request, "refused", _NEVER, names)
    return found


def without_opt_outs(object_: str, request: WriteRequest) -> WriteRequest:
    """The request as it is written to the record itself."""
    told = set(_told(object_, request))
    cells = {name: text for name, text in request.cells.items() if name not in told}
    return replace(request, cells=cells) if told else request


def _told(object_: str, request: WriteRequest) -> list[str]:
    return [name for name in request.cells if is_opt_out(object_, name)]


@dataclass(frozen=True, slots=True)
class End:
    """What became of the opt-outs of one contact that did not all go well."""

    outcome: Literal["refused", "missing", "unknown"]
    message: str
    names: tuple[str, ...] = ()


def told_by_id(api: Api, ids: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Properties of contacts by id; AnswerBroken if the answer has another shape than documented."""
    with understood(OBJECT):
        held = records_by_id(api, OBJECT, ids, names)
        return {id_: dict(record["properties"]) for id_, record in held.items()}


def write_opt_outs(
    api: Api,
    basis: Basis,
    object_: str,
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
) -> list[WriteResult]:
    """The results, changed where an opt-out was not taken though the record was written.

    A call for the addresses of a batch, one for each opt-out, and one to see whether contacts tell it already;
    where one does not, one more for the status of its address.
    """
    wished = {
        at: names
        for at, one in enumerate(requests)
        if (names := _told(object_, one)) and results[at].outcome == "written"
    }
    ends = list(results)
    if not wished:
        return ends
    try:
        ids = [ends[at].native_id or "" for at in wished]
        held = told_by_id(api, ids, [EMAIL])
    except CrmsyncError as problem:
        return [
            replace(one, outcome="unknown", message=problem.message) if at in wished else one
            for at, one in enumerate(ends)
        ]
    _send_all(api, basis, requests, ends, wished, held)
    taken = [at for at in wished if ends[at].outcome == "written" and not ends[at].fields]
    late = _wait_for(api, {ends[at].native_id or "": wished[at] for at in taken})
    asking = Confirming(api)
    for at in taken:
        id_ = ends[at].native_id or ""
        if id_ in late:
            email = held[id_].get(EMAIL) or ""
            ends[at] = asking.confirmed(ends[at], email, late[id_])
    return ends


def _send_all(
    api: Api,
    basis: Basis,
    requests: Sequence[WriteRequest],
    ends: list[WriteResult],
    wished: Mapping[int, Sequence[str]],
    held: Mapping[str, Mapping[str, Any]],
) -> None:
    """Sends every opt-out, and notes in `ends` what did not go well; a portal that is down is left alone."""
    stopped: CrmsyncError | None = None
    for at, names in wished.items():
        record = held.get(ends[at].native_id or "")
        if record is None:
            end: End | None = End("missing", "the record is gone")
        elif stopped is not None:
            end = End("unknown", stopped.message)
        else:
            email = record.get(EMAIL) or ""
            end, stopped = opted_out(api, basis, email, names)
        if end is not None:
            ends[at] = _joined(requests[at], ends[at], end)


def _wait_for(api: Api, wanted: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Opt-outs that contacts do not tell after a while, by id: whether they lag behind is not known.

    What cannot be read here is nothing to wait for.
    """
    names = sorted({name for told in wanted.values() for name in told})
    late: Mapping[str, Sequence[str]] = wanted
    for wait_s in WAITS_S if wanted else ():
        try:
            late = unshown(told_by_id(api, list(wanted), names), wanted)
        except CrmsyncError:
            return late
        if not late:
            return late
        api.calls.wait(wait_s, _("opt-outs that its contacts do not show yet"))
    return late


def opted_out(
    api: Api, basis: Basis, email: str, names: Sequence[str]
) -> tuple[End | None, CrmsyncError | None]:
    """What went wrong with the opt-outs of an address, and what stops all that would come after it."""
    if not email:
        return End("refused", _NO_EMAIL, tuple(names)), None
    refused: dict[str, str] = {}
    for name in names:
        try:
            _send(api, basis, email, name)
        except (Refused, AccessDenied) as refusal:
            if not _ALREADY.search(refusal.message):
                refused[name] = _explained(refusal)
        except AnswerLost as lost:
            return End("unknown", lost.message), None
        except CrmsyncError as problem:
            return End("unknown", problem.message), problem
    if refused:
        message = "; ".join(dict.fromkeys(refused.values()))
        return End("refused", message, tuple(refused)), None
    return None, None


def _send(api: Api, basis: Basis, email: str, name: str) -> None:
    one = subscription_of(name)
    if one is None:
        api.opt_out(email)
    else:
        api.opt_out_of(email, one, basis)


def _explained(refusal: CrmsyncError) -> str:
    if _ASKS_FOR_BASIS.search(refusal.message):
        return f"{_NO_BASIS} ({refusal.message})"
    if not isinstance(refusal, AccessDenied):
        return refusal.message
    if _LACKS_SCOPE in refusal.message:
        scopes = refusal.scopes if isinstance(refusal, ScopeMissing) else (SET_CONSENT,)
        return f"the token lacks the scope {' / '.join(scopes)}, see `crmsync scopes`: {refusal.message}"
    said = refusal.message.rstrip(".")
    return f"{said}. {refusal.remedy}" if refusal.remedy else said


def _joined(request: WriteRequest, written: WriteResult, end: End) -> WriteResult:
    """One result for a record that was written and opt-outs of it that were not."""
    if end.outcome != "refused":
        return replace(written, outcome=end.outcome, message=end.message)
    rest = request.action == "create" or set(request.cells) - set(end.names)
    fields = (*written.fields, *end.names)
    message = "; ".join(filter(None, (written.message, end.message)))
    return replace(
        written, outcome="written" if rest else "refused", message=message, fields=fields
    )
