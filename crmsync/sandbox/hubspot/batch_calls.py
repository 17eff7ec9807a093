"""Objects by the hundred: batch read, create, update, upsert and archive.

No order of results is promised. Unless a switch says otherwise reads and updates come back by ascending id and
creates in reverse, so that a client that pairs results with inputs by place is found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.associating import Wanted, inline_ties, tie
from crmsync.sandbox.hubspot.calls import Answer, Call, mapping
from crmsync.sandbox.hubspot.drafts import Claims, Draft, drafted, saved
from crmsync.sandbox.hubspot.envelopes import envelope, inputs, no_doubles
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid, malformed, missing_ids, not_found
from crmsync.sandbox.hubspot.object_calls import identified
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.shapes import created, shape, shaped, updated
from crmsync.sandbox.hubspot.workflows import after_save

# developers.hubspot.com, objects API reference (read 2026-11); the second: connectors' issues.
BATCH = 100
BATCH_WITH_HISTORY = 50
_TOO_MUCH_HISTORY = (
    "The maximum number of inputs supported in a batch request for property histories is "
    f"{BATCH_WITH_HISTORY}. Please reduce the number of items and try again"
)

Input = dict[str, Any]


@dataclass(slots=True)
class _Work:
    """What became of the inputs of one batch, before anything is written."""

    drafts: list[tuple[Input, Draft, list[Wanted]]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    refused: list[tuple[Input, Refusal]] = field(default_factory=list)


def batch_read(portal: Portal, call: Call) -> Answer:
    """The records found, by id; 207 with one error that lists every id not found."""
    kind, body = call.kind(), call.fields()
    past = [str(name) for name in body.get("propertiesWithHistory") or ()]
    asked = [str(name) for name in body.get("properties") or ()]
    told = _with_ids(inputs(call, BATCH_WITH_HISTORY, _TOO_MUCH_HISTORY) if past else _all(call))
    wanted = shape(portal, kind, asked, past)
    archived, id_property = call.flag("archived"), body.get("idProperty")
    found: dict[str, None] = {}
    missing = []
    for one in told:
        id_ = identified(portal, kind, id_property, one) if id_property else one
        id_ = portal.now_at(kind.name, id_) if id_ and not archived else id_
        if id_ is None or portal.row(kind.name, id_, archived) is None:
            missing.append(one)
        else:
            found[id_] = None
    results = [
        shaped(portal, wanted, id_, row)
        for id_ in (found if _as_sent(portal) else sorted(found, key=int))
        if (row := portal.row(kind.name, id_, archived)) is not None
    ]
    if told and not results and portal.switches.nothing_read_status == 404:
        raise not_found()
    return envelope(portal, 200, results, _missing(kind, missing))


def batch_create(portal: Portal, call: Call) -> Answer:
    """All or nothing (201, or the first refusal) unless every input has a trace id (then 207)."""
    kind = call.kind()
    work = _drafts(portal, kind, _all(call), lambda one: None)
    results = [
        _traced(portal, one, created(portal, kind, id_)) for one, _, id_ in _saved(portal, work)
    ]
    step = 1 if _as_sent(portal) else -1
    return envelope(portal, 201, results[::step], _errors(kind, work))


def batch_update(portal: Portal, call: Call) -> Answer:
    """What was written, by id; 207 for ids not found, and for refused inputs with trace ids."""
    kind, told = call.kind(), _all(call)
    _with_ids(told)
    work = _drafts(portal, kind, told, lambda one: _known(portal, kind, one))
    results = [
        _traced(portal, one, updated(portal, kind, id_, draft.changes))
        for one, draft, id_ in _saved(portal, work)
    ]
    return envelope(portal, 200, _ordered(portal, results), _errors(kind, work))


def batch_upsert(portal: Portal, call: Call) -> Answer:
    """Every record changed or created, by a unique value; each says whether it is new."""
    kind, told = call.kind(), _all(call)
    _with_ids(told)
    told = [_by_email(portal, kind, _with_key(one)) for one in told]
    work = _drafts(portal, kind, told, _finder(portal, kind))
    results = [
        {**_traced(portal, one, created(portal, kind, id_)), "new": draft.id is None}
        for one, draft, id_ in _saved(portal, work)
    ]
    return envelope(portal, 200, _ordered(portal, results), _errors(kind, work))


def batch_archive(portal: Portal, call: Call) -> Answer:
    """204; ids nobody has are nothing to it."""
    kind = call.kind()
    for one in _all(call):
        records.archive(portal, kind.name, str(one.get("id")))
    return Answer(204)


def _all(call: Call) -> list[Input]:
    return inputs(call, BATCH)


def _with_ids(told: list[Input]) -> list[str]:
    """The ids of the inputs; Refusal 400 if one has none or two are the same."""
    if any(one.get("id") in (None, "") for one in told):
        raise malformed('Some required fields were not set: ["id"]')
    ids = [str(one["id"]) for one in told]
    no_doubles(ids)
    return ids


def _known(portal: Portal, kind: ObjectType, one: Input) -> str | None:
    id_ = str(one["id"])
    if one.get("idProperty"):
        return identified(portal, kind, one["idProperty"], id_) or ""
    id_ = portal.now_at(kind.name, id_)
    return id_ if portal.row(kind.name, id_) is not None else ""


def _finder(portal: Portal, kind: ObjectType) -> Callable[[Input], str | None]:
    """Finds the record of an upsert: None means create; an id of a record must exist."""

    def find(one: Input) -> str | None:
        if one.get("idProperty"):
            return identified(portal, kind, one["idProperty"], str(one["id"]))
        return _known(portal, kind, one)

    return find


def _with_key(one: Input) -> Input:
    """An upsert's input with its key among the properties, as a created record needs it."""
    properties = mapping(one.get("properties") or {}, "properties")
    if one.get("idProperty"):
        properties = {one["idProperty"]: str(one["id"]), **properties}
    return {**one, "properties": properties}


def _by_email(portal: Portal, kind: ObjectType, one: Input) -> Input:
    """An upsert by e-mail, whose partial form is not supported; what becomes of it is a switch."""
    id_ = portal.holder(kind.name, "email", str(one["id"]))
    how = portal.switches.email_upsert
    row = portal.row(kind.name, id_) if id_ and one.get("idProperty") == "email" else None
    if row is None or how == "keeps":
        return one
    rest = [
        name
        for name in row["properties"]
        if name not in one["properties"]
        and name in portal.definitions(kind.name)
        and not portal.read_only(kind.name, name)
    ]
    if rest and how == "refused":
        raise invalid("Partial upserts are not supported with email", context={"properties": rest})
    return {**one, "properties": {**dict.fromkeys(rest, ""), **one["properties"]}}


def _drafts(
    portal: Portal, kind: ObjectType, told: list[Input], find: Callable[[Input], str | None]
) -> _Work:
    """Looks at every input before any is written; `find` gives None to create, "" if not found.

    Without a trace id on every input the first refusal is that of the whole batch.
    """
    work, claims = _Work(), Claims()
    traced = all(one.get("objectWriteTraceId") is not None for one in told)
    for one in told:
        try:
            _draft(portal, kind, one, find(one), claims, work)
        except Refusal as refusal:
            if not traced:
                raise
            work.refused.append((one, refusal))
    return work


def _draft(
    portal: Portal, kind: ObjectType, one: Input, id_: str | None, claims: Claims, work: _Work
) -> None:
    properties = mapping(one.get("properties"), "properties")
    if id_ == "":
        work.missing.append(str(one["id"]))
        return
    ties = inline_ties(portal, kind, one.get("associations"))
    work.drafts.append((one, drafted(portal, kind, id_, properties, claims, ties), ties))


def _saved(portal: Portal, work: _Work) -> list[tuple[Input, Draft, str]]:
    done = []
    for one, draft, ties in work.drafts:
        id_ = saved(portal, draft)
        tie(portal, draft.kind, id_, ties)
        after_save(portal, draft.kind, id_, draft.before)
        done.append((one, draft, id_))
    return done


def _traced(portal: Portal, one: Input, result: dict[str, Any]) -> dict[str, Any]:
    trace = one.get("objectWriteTraceId") if portal.switches.trace_ids_echoed else None
    return result if trace is None else {**result, "objectWriteTraceId": trace}


def _as_sent(portal: Portal) -> bool:
    return bool(portal.switches.batch_order == "inputs")


def _ordered(portal: Portal, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return results if _as_sent(portal) else sorted(results, key=lambda one: int(one["id"]))


def _errors(kind: ObjectType, work: _Work) -> list[Body]:
    refused = [refusal.item(str(one["objectWriteTraceId"])) for one, refusal in work.refused]
    return [*refused, *_missing(kind, work.missing)]


def _missing(kind: ObjectType, ids: list[str]) -> list[Body]:
    return [missing_ids(kind.singular, ids)] if ids else []
