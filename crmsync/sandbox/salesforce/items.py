"""One record of a call that carries many: what Collections and Bulk jobs do with each.

An unknown id is a cross reference that leads nowhere here, where a single call answers 404.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from crmsync.sandbox.faults.book import Fault, claimed
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import (
    INVALID_CROSS_REFERENCE,
    NOT_FOUND,
    ROW_LOCKED,
    ApiError,
    Refusal,
)
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.options import WriteOptions
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import Outcome, create, delete, update, upsert

Record = dict[str, Any]
Step = Callable[[], Outcome]


def create_item(
    world: SalesforceWorld, shape: Shape, record: Record, options: WriteOptions
) -> Outcome:
    """Inserts a record; an id sent as null is no id."""
    body = _without(record, "Id") if _take(record, "Id") is None else record
    return create(world, shape, body, options)


def update_item(
    world: SalesforceWorld, shape: Shape, record: Record, options: WriteOptions
) -> Outcome:
    """Updates the record whose id stands in it."""
    id_ = _take(record, "Id")
    if id_ is None:
        return _failed("MISSING_ARGUMENT", "Id not specified in an update call")
    return _unknown_as_item(update(world, shape, id_, _without(record, "Id"), options))


def upsert_steps(
    world: SalesforceWorld,
    shape: Shape,
    key: str,
    records: Sequence[Record],
    options: WriteOptions,
) -> list[Step]:
    """Upserts by one key, yet to be done; a value that stands in several records fails each of them."""
    values = [_take(record, key) for record in records]
    times = Counter(str(value).casefold() for value in values if value is not None)

    def one(record: Record, value: Any) -> Outcome:
        if value is None and key != "Id":
            return _failed("MISSING_ARGUMENT", f"{key} not specified")
        if times[str(value).casefold()] > 1:
            return _failed("DUPLICATE_VALUE", f"Duplicate external id specified: {value}")
        body = _without(record, key, "Id")
        return _unknown_as_item(upsert(world, shape, key, value, body, options=options))

    return [partial(one, record, value) for record, value in zip(records, values, strict=True)]


def delete_item(world: SalesforceWorld, id_: str, only: Shape | None = None) -> Outcome:
    """Deletes the record of an id, whatever its type unless it is told."""
    normal = full_id(id_)
    if normal is None:
        return _failed("MALFORMED_ID", f"malformed id {id_}")
    known = world.shapes.values() if only is None else (only,)
    shapes = (each for each in known if normal.startswith(each.object.prefix))
    shape = next(shapes, None)
    if shape is None:
        return Outcome(None, (INVALID_CROSS_REFERENCE,))
    return _unknown_as_item(delete(world, shape, normal))


def carried_out(
    world: SalesforceWorld,
    method: str,
    path: str,
    steps: Sequence[Step],
    parents: Sequence[str] = (),
) -> Iterator[Outcome]:
    """The outcomes of the records of one call; those that a fault locks are not touched.

    `parents` are the records that each of them is under, where it is known.
    """
    faults = claimed(world, method, path, rows=True)
    locked = {place for each in faults for place in _locked(each, len(steps), parents)}
    for place, step in enumerate(steps):
        yield Outcome(None, (ROW_LOCKED,)) if place in locked else step()


def _locked(fault: Fault, count: int, parents: Sequence[str]) -> Iterable[int]:
    """The places a fault locks: those under the first so many parents, else the first so many."""
    if not fault.parameter("parents"):
        return range(fault.parameter("items") or count)
    held = list(dict.fromkeys(filter(None, parents)))[: fault.parameter("parents")]
    return [place for place, parent in enumerate(parents) if parent in held]


_PARENTS = ("AccountId", "OpportunityId")


def parents_of(
    world: SalesforceWorld, shape: Shape, records: Sequence[Record], key: str = "Id"
) -> list[str]:
    """The account or opportunity that each record is under, by its own word or as it was; "" for none."""
    name = next((each for each in _PARENTS if each.lower() in shape.fields), None)
    return [_parent(world, shape, record, key, name) if name else "" for record in records]


def _parent(world: SalesforceWorld, shape: Shape, record: Record, key: str, name: str) -> str:
    said, value = _take(record, name), _take(record, key)
    if said or value is None:
        return full_id(str(said)) or "" if said else ""
    ids = [full_id(str(value))] if key == "Id" else world.rows.find(shape.name, key, value)
    rows = (world.rows.get(shape.name, id_) for id_ in ids if id_)
    return next((str(row.get(name) or "") for row in rows if row), "")


def refuse_locked(world: SalesforceWorld, method: str, path: str) -> None:
    """Refusal of a call for one record that a fault locks."""
    if claimed(world, method, path, rows=True):
        raise Refusal(ROW_LOCKED)


def _take(record: Record, key: str) -> Any:
    """The value of a field, whatever the case of its name; blank text counts as none."""
    value = next((v for name, v in record.items() if name.lower() == key.lower()), None)
    return (value.strip() or None) if isinstance(value, str) else value


def _without(record: Record, *keys: str) -> Record:
    gone = {key.lower() for key in keys}
    return {name: value for name, value in record.items() if name.lower() not in gone}


def _unknown_as_item(outcome: Outcome) -> Outcome:
    errors = tuple(
        INVALID_CROSS_REFERENCE if error == NOT_FOUND else error for error in outcome.errors
    )
    return Outcome(outcome.id, errors, outcome.created, outcome.matches)


def _failed(code: str, message: str) -> Outcome:
    return Outcome(None, (ApiError(code, message),))
