"""A write that was found good but is not made yet: how a batch can be refused as a whole.

`drafted` decides, `saved` does. Between the two, other inputs of the batch may be looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.associating import Wanted
from crmsync.sandbox.hubspot.blocklist import check_blocklist
from crmsync.sandbox.hubspot.errors import (
    Refusal,
    contact_exists,
    invalid,
    invalid_properties,
    problem,
    value_taken,
)
from crmsync.sandbox.hubspot.index import Ends, unique_values
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.pipelines import check_stage
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.rules import check_rules
from crmsync.sandbox.hubspot.stage_times import stages_in_order
from crmsync.sandbox.hubspot.tie_limits import Taken, room_for
from crmsync.sandbox.hubspot.validation import checked

# Writes through the API are told apart from imports and people in the history.
# An app has a number: recorded 2026-03.
API_SOURCE = "INTEGRATION/2068001"
# The type of a tie that `associatedcompanyid` makes.
_PRIMARY = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """One accepted write; `id` is None for a create."""

    kind: ObjectType
    id: str | None
    changes: Changes
    before: Changes = field(default_factory=dict)


@dataclass(slots=True)
class Claims:
    """What earlier inputs of the same batch will hold: unique values as (property, value), and ties."""

    taken: set[tuple[str, str]] = field(default_factory=set)
    tied: Taken = field(default_factory=dict)  # what their ties will take
    count: int = 0  # of the inputs


def drafted(
    portal: Portal,
    kind: ObjectType,
    id_: str | None,
    properties: dict[str, Any],
    claims: Claims,
    wanted: Sequence[Wanted] = (),
) -> Draft:
    """The write of these properties, and of ties, to a record, or to a new one; Refusal if it may not be."""
    row = portal.row(kind.name, id_) if id_ else None
    before: Changes = row["properties"] if row else {}
    changes = _checked_changes(portal, kind, properties, before)
    if row is None:
        _require(portal, kind, changes)
        changes = _with_website(changes) if kind.name == "companies" else changes
    if kind.name == "deals":
        check_stage(portal, before, changes)
    check_blocklist(portal, kind.name, changes)
    check_rules(portal, kind, before, changes)
    tied = room_for(portal, _ties(kind, id_, changes, claims, wanted), claims.tied)
    _claim(portal, kind, id_, {**before, **changes}, changes, claims)
    claims.tied = tied
    return Draft(kind, id_, changes, before)


def _ties(
    kind: ObjectType, id_: str | None, changes: Changes, claims: Claims, wanted: Sequence[Wanted]
) -> list[tuple[Ends, list[int]]]:
    """The ties that a write makes; a new record is told apart by its place in the batch."""
    claims.count += 1
    near = id_ or f"new {claims.count}"
    made = [((kind.name, near, far, far_id), types) for far, far_id, types in wanted]
    company = changes.get("associatedcompanyid", "") if kind.name == "contacts" else ""
    if company.isdigit():
        made.append(((kind.name, near, "companies", company), [_PRIMARY]))
    return made


def saved(portal: Portal, draft: Draft) -> str:
    """The id of the record, now written."""
    now = portal.clock.now()
    return records.write(portal, draft.kind, draft.id, draft.changes, source=API_SOURCE, at=now)


def _checked_changes(
    portal: Portal, kind: ObjectType, properties: dict[str, Any], before: Changes
) -> Changes:
    """The accepted values; what becomes of a lifecycle stage that would go back is a switch."""
    changes = checked(portal, kind, properties, before)
    order, how = stages_in_order(portal.definitions(kind.name)), portal.switches.lifecycle_backward
    if how == "accepted" or not _goes_back(order, before, changes):
        return changes
    if how == "refused":
        # No such refusal was seen; the code is that of a value which is not allowed.
        stage = changes["lifecyclestage"]
        message = f"{stage} is before {before['lifecyclestage']}"
        told = problem("lifecyclestage", stage, message, "INVALID_OPTION", portal.portal_id)
        raise invalid_properties([told])
    del changes["lifecyclestage"]
    return changes


def _goes_back(order: list[str], before: Changes, changes: Changes) -> bool:
    """Forward only, clearing allowed: developers.hubspot.com, contacts guide (read 2026-11)."""
    old, new = before.get("lifecyclestage"), changes.get("lifecyclestage")
    return old in order and new in order and order.index(new) < order.index(old)


def _with_website(changes: Changes) -> Changes:
    """A company created with a domain only gets it as its website too: recorded 2022 and 2026."""
    if changes.get("domain") and not changes.get("website"):
        return {**changes, "website": changes["domain"]}
    return changes


def _require(portal: Portal, kind: ObjectType, changes: Changes) -> None:
    optional = () if portal.switches.deal_needs_stage else ("dealstage",)
    missing = [name for name in kind.required if not changes.get(name) and name not in optional]
    if kind.required_any and not any(changes.get(name) for name in kind.required_any):
        missing = list(kind.required_any)
    if missing:
        message = f"Error creating {kind.singular.upper()}. Some required properties were not set."
        raise invalid(message, context={"properties": missing})


def _claim(
    portal: Portal,
    kind: ObjectType,
    id_: str | None,
    after: Changes,
    changes: Changes,
    claims: Claims,
) -> None:
    """Takes the unique values of a write, all or none; Refusal if somebody else has one."""
    wanted = [
        (name, value)
        for name in portal.unique_names(kind.name)
        if name in changes or (name == "email" and "hs_additional_emails" in changes)
        for value in unique_values(name, {"properties": after})
    ]
    for name, value in wanted:
        holder = portal.holder(kind.name, name, value)
        if holder is not None and holder != id_:
            raise _conflict(portal, kind, id_, name, value, holder)
        if (name, value) in claims.taken:
            raise _conflict(portal, kind, id_, name, value, None)
    claims.taken.update(wanted)


def _conflict(
    portal: Portal, kind: ObjectType, id_: str | None, name: str, value: str, holder: str | None
) -> Refusal:
    if name == "email":
        switches = portal.switches
        told = holder if switches.conflict_names_id else None
        return contact_exists(told, in_context=bool(switches.conflict_context))
    # The id that a new record would have had is told as well: recorded for events and companies in public code
    # (read 2026-11). `errors` beside it was not seen.
    asked, there = id_ or portal.next_id(kind.name), holder or portal.next_id(kind.name)
    return value_taken(portal.portal_id, kind.singular, (name, value), (asked, there))
