"""Writes of ties: the rows of a record are read, and what differs from those wanted is sent.

So a delta can be sent again after a lost answer. A role is never created twice blindly: its answer
lost, the result is `unknown`.

Calls for a batch of 200 records: a query, and at most one each that creates, updates and deletes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import chunks, write_batch
from crmsync.connectors.deltas import has_own
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.locks import past_locks
from crmsync.connectors.salesforce.results import read_results, refused_alone
from crmsync.connectors.salesforce.rows import Held, wanted
from crmsync.connectors.salesforce.ties import Junction, Row, TieField, read_rows
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError

# sObject Collections: developer.salesforce.com (read 2026-11)
ROWS_A_CALL = 200


def write_ties(
    api: Api,
    object_: str,
    ties: Mapping[str, TieField],
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
) -> list[WriteResult]:
    """The results, changed where ties were not written though the record's fields were."""
    ends = list(results)
    for junction in {each.junction.object: each.junction for each in ties.values()}.values():
        names = {name: each.kind for name, each in ties.items() if each.junction == junction}
        wishes = _wishes(names, requests, ends)
        failures = _write(api, junction, wishes) if wishes else {}
        for at, wish in wishes.items():
            if wish.one in failures:
                failure = failures[wish.one]
                left = (*ends[at].fields, *wish.names)
                ends[at] = replace(ends[at], outcome=failure[0], message=failure[1], fields=left)
    return _with_missing(api, object_, requests, ends)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one request wants of the rows of its record, by kind of field."""

    one: str
    names: tuple[str, ...]
    cells: Mapping[str, str | None]


def _wishes(
    names: Mapping[str, str], requests: Sequence[WriteRequest], ends: Sequence[WriteResult]
) -> dict[int, _Wish]:
    found: dict[int, _Wish] = {}
    for at, (request, end) in enumerate(zip(requests, ends, strict=True)):
        asked = tuple(name for name in names if name in request.cells)
        if asked and end.outcome == "written" and end.native_id:
            cells = {names[name]: request.cells[name] for name in asked}
            found[at] = _Wish(id18(end.native_id), asked, cells)
    return found


_Failure: TypeAlias = tuple[Any, str]


def _write(api: Api, junction: Junction, wishes: Mapping[int, _Wish]) -> dict[str, _Failure]:
    """The failures of records, the unknown before the refused."""
    try:
        with understood(junction.object):
            held = read_rows(api, junction, [wish.one for wish in wishes.values()])
    except CrmsyncError as problem:
        return {wish.one: ("unknown", problem.message) for wish in wishes.values()}
    after: dict[str, Held] = {}
    for wish in wishes.values():
        rows = after.get(wish.one, tuple(held.get(wish.one, ())))
        after[wish.one] = wanted(rows, wish.cells)
    changes = [
        change for one, rows in after.items() for change in _changes(one, held.get(one, ()), rows)
    ]
    failures: dict[str, _Failure] = {}
    for verb in _SENDERS:
        part = [change.request for change in changes if change.verb == verb]
        failures = _worse(failures, _send_all(api, junction, verb, part))
    return failures


def _worse(failures: Mapping[str, _Failure], ends: Sequence[WriteResult]) -> dict[str, _Failure]:
    found = dict(failures)
    for end in ends:
        if end.outcome != "written" and found.get(end.change_id, ("",))[0] != "unknown":
            outcome = "unknown" if end.outcome == "unknown" else "refused"
            found[end.change_id] = (outcome, end.message)
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """One row to create, update or delete, as a request whose `change_id` is the record it ties."""

    verb: str
    request: WriteRequest


def _changes(one: str, before: Sequence[Row], after: Held) -> Iterator[_Change]:
    left = {row.id: row for row in after if row.id}
    for row in before:
        if row.id not in left:
            yield _Change("delete", WriteRequest(one, "update", row.id, None, {}))
        elif left[row.id] != row:
            cells = _row_cells(left[row.id], row)
            yield _Change("update", WriteRequest(one, "update", row.id, None, cells))
    for row in after:
        if not row.id:
            cells = {"to": row.other, **_row_cells(row, Row("", row.other))}
            yield _Change("create", WriteRequest(one, "create", None, None, cells))


def _row_cells(row: Row, before: Row) -> dict[str, str | None]:
    """What differs, by the words of `Junction`; a role that goes is a blank."""
    cells: dict[str, str | None] = {"role": row.role or None} if row.role != before.role else {}
    if row.primary != before.primary:
        cells["primary"] = "true" if row.primary else "false"
    return cells


def _record(junction: Junction, request: WriteRequest) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": junction.object}}
    if request.action == "create":
        record |= {junction.from_field: request.change_id, junction.to_field: request.cells["to"]}
    else:
        record["id"] = request.native_id
    if "role" in request.cells:
        record[junction.role] = request.cells["role"]
    if "primary" in request.cells:
        record[junction.primary] = request.cells["primary"] == "true"
    return record


def _create(api: Api, junction: Junction, part: Sequence[WriteRequest]) -> Any:
    return api.create([_record(junction, request) for request in part])


def _update(api: Api, junction: Junction, part: Sequence[WriteRequest]) -> Any:
    records = [_record(junction, request) for request in part]
    return api.patch("composite/sobjects", {"allOrNone": False, "records": records})


def _delete(api: Api, junction: Junction, part: Sequence[WriteRequest]) -> Any:
    return api.delete([request.native_id or "" for request in part])


# Rows come before others go, so that a run that ends in between leaves nobody untied
_SENDERS: Mapping[str, Callable[[Api, Junction, Sequence[WriteRequest]], Any]] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
}


def _send_all(
    api: Api, junction: Junction, verb: str, requests: Sequence[WriteRequest]
) -> list[WriteResult]:
    """The ends of rows; of a row to delete that is gone already it is `written`."""

    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        answer = _SENDERS[verb](api, junction, part)
        with understood(junction.object):
            return read_results(api, part, answer)

    def once(part: Sequence[WriteRequest]) -> list[WriteResult]:
        try:
            return write_batch(part, send, refused_alone)
        except CrmsyncError as problem:
            return [WriteResult(r.change_id, "unknown", message=problem.message) for r in part]

    ends = [
        end
        for part in chunks(requests, ROWS_A_CALL)
        for end in past_locks(api, part, once, lambda rows: [row.change_id for row in rows])
    ]
    return [
        replace(end, outcome="written") if verb == "delete" and end.outcome == "missing" else end
        for end in ends
    ]


def _with_missing(
    api: Api, object_: str, requests: Sequence[WriteRequest], results: Sequence[WriteResult]
) -> list[WriteResult]:
    """The results; refused ties of a record that is gone are missing. Asked only where it may be."""
    doubted = {
        at: id18(one.native_id)
        for at, one in enumerate(results)
        if one.outcome == "refused" and one.native_id and not has_own(requests[at])
    }
    if not doubted:
        return list(results)
    soql = select(["Id"], object_, f" WHERE Id IN ({quoted(sorted(set(doubted.values())))})")
    try:
        with understood(object_):
            live = {id18(row["Id"]) for row in api.rows(soql)}
    except CrmsyncError:
        return list(results)
    return [
        replace(one, outcome="missing") if doubted.get(at, "") not in {"", *live} else one
        for at, one in enumerate(results)
    ]
