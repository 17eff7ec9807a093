"""How the connector writes: into Salesforce as its integration user, into HubSpot under its own source.

Both are written as any client would, rules and automations included. Each write is durable before the other CRM is
written to: both may live in one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.drafts import Claims, drafted
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.hubspot.workflows import after_save
from crmsync.sandbox.native.settings import remember, remembered, settings_of
from crmsync.sandbox.native.values import Pair
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import Outcome, create, update

# sourceType and sourceId in histories of portals that have the connector, in public exports (read 2026-11).
SOURCE = "SALESFORCE"
_USERNAME = "hubspot.integration@sandbox.example"


class NotWritten(Exception):
    """What a CRM had against a write: one of the connector's sync errors."""


class NoCallsLeft(Exception):
    """The calls of Salesforce that are allocated to the connector are used up."""


def create_in_salesforce(pair: Pair, name: str, values: Mapping[str, Any]) -> str:
    """The id of a new record; NotWritten if Salesforce refuses it."""
    world = pair.salesforce
    spend(pair)
    with _as_integration(world):
        outcome = create(world, world.shapes[name.lower()], dict(values))
    return _written(world, outcome)


def update_in_salesforce(pair: Pair, name: str, id_: str, values: Mapping[str, Any]) -> None:
    """Changes a record; NotWritten if Salesforce refuses it."""
    world = pair.salesforce
    spend(pair)
    with _as_integration(world):
        outcome = update(world, world.shapes[name.lower()], id_, dict(values))
    _written(world, outcome)


def _written(world: SalesforceWorld, outcome: Outcome) -> str:
    world.tables.commit()
    if outcome.errors or outcome.id is None:
        told = "; ".join(f"{each.code}: {each.message}" for each in outcome.errors)
        raise NotWritten(told)
    return outcome.id


@contextmanager
def _as_integration(world: SalesforceWorld) -> Iterator[None]:
    mine = world.user_id
    world.user_id = integration_user(world)
    try:
        yield
    finally:
        world.user_id = mine


def integration_user(world: SalesforceWorld) -> str:
    """The id of the user the connector runs as, which is made when first needed."""
    found = world.rows.find("User", "Username", _USERNAME)
    if found:
        return found[0]
    names = {"FirstName": "HubSpot", "LastName": "Integration", "Alias": "hubsp"}
    return world.put("User", {"Username": _USERNAME, "Email": _USERNAME, **names})


def spend(pair: Pair, calls: int = 1) -> None:
    """Counts calls of Salesforce's API; NoCallsLeft beyond those allocated for the day."""
    tables, day = pair.hubspot.tables, pair.hubspot.clock.now().date().isoformat()
    told = remembered(tables, "calls")
    used = int(told.get("used", 0)) if told.get("day") == day else 0
    if used + calls > settings_of(tables).calls_a_day:
        raise NoCallsLeft
    remember(tables, "calls", {"day": day, "used": used + calls})
    tables.commit()
    pair.salesforce.count_calls(calls)


def write_in_hubspot(
    pair: Pair, name: str, id_: str | None, values: Mapping[str, str], system: Mapping[str, str]
) -> str:
    """The id of the record changed or made; `system` are the connector's own properties, past validation.

    NotWritten if HubSpot refuses it.
    """
    portal, kind = pair.hubspot.portal, OBJECTS[name]
    try:
        draft = drafted(portal, kind, id_, dict(values), Claims())
    except Refusal as refusal:
        raise NotWritten(str(refusal)) from None
    known = portal.definitions(name)
    own = {key: value for key, value in system.items() if key in known}
    now = portal.clock.now()
    own["salesforcelastsynctime"] = iso(now)
    changes = {**draft.changes, **own}
    id_ = records.write(portal, kind, id_, changes, source=SOURCE, at=now)
    after_save(portal, kind, id_, draft.before)
    pair.hubspot.tables.commit()
    return id_
