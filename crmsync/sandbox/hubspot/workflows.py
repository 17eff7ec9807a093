"""Workflows of the portal: after a record was saved through the API they change it, or records it is tied to.

What they change is a write of its own, with stamps and history, at once or when the clock has moved `delay` seconds;
it starts the workflows of a record that it reaches, but not those of one that was reached before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crmsync.sandbox.acting import ACTIONS, NOTHING, WITH_VALUE, acted
from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.contact_properties import LIFECYCLE
from crmsync.sandbox.hubspot.objects import ObjectType, object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.tie_limits import has_room
from crmsync.sandbox.hubspot.ties import add
from crmsync.sandbox.hubspot.wire import text
from crmsync.sandbox.tables import Row

# An open set of source types; this is what workflows write in exports of histories (read 2026-11).
SOURCE = "AUTOMATION_PLATFORM"
_FLOWS, _DUE = "~workflows", "~due"
# A record's one company, by the object it is a type of: contact to company and deal to company.
_PRIMARY = (1, 5)
_FREE_MAIL = frozenset(("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"))


def declare_workflow(portal: Portal, told: Mapping[str, Any]) -> str:
    """The id of a workflow that is now on, or off with `"active": false`; ValueError for what there is not."""
    kind, does = _object(told["object"]), told["does"]
    if does.get("action") not in ACTIONS:
        raise ValueError(f"no action {does.get('action')!r}; there are {', '.join(ACTIONS)}")
    name = _property(portal, kind, str(does["field"]))
    far, _dot, to = str(does.get("to") or name).rpartition(".")
    target = _object(far) if far else kind
    if does["action"] in WITH_VALUE and does.get("value") is None:
        raise ValueError(f"{does['action']} needs a value")
    kept = {
        "action": does["action"],
        "field": name,
        "to": _property(portal, target, to),
        "through": target.name if far else None,
        "value": does.get("value"),
        "delay": int(does.get("delay") or 0),
    }
    row = {"name": told["name"], "object": kind.name, "active": told.get("active", True)}
    id_ = next((key for key, one in portal.tables.rows(_FLOWS) if one["name"] == told["name"]), "")
    id_ = id_ or portal.next_id(_FLOWS)
    portal.tables.put(_FLOWS, id_, {**row, "does": kept})
    return id_


def workflows_of(portal: Portal) -> dict[str, Row]:
    """Every workflow with its id, those that are off included."""
    return dict(portal.tables.rows(_FLOWS))


def _object(name: Any) -> ObjectType:
    known = object_type(str(name))
    if known is None:
        raise ValueError(f"HubSpot has no object {name!r}")
    return known


def _property(portal: Portal, kind: ObjectType, name: str) -> str:
    if name.lower() not in portal.definitions(kind.name):
        raise ValueError(f"{kind.name} has no property {name!r}")
    return name.lower()


def after_save(portal: Portal, kind: ObjectType, id_: str, before: Changes) -> None:
    """What the account does by itself once a record was saved; `before` is empty for a new one."""
    if portal.switches.company_by_domain and kind.name == "contacts" and not before:
        _tie_by_domain(portal, id_)
    if portal.switches.deal_moves_stage and kind.name == "deals":
        _move_stages(portal, id_, before)
    run_workflows(portal, kind, id_, before)


def run_workflows(
    portal: Portal, kind: ObjectType, id_: str, before: Changes, done: frozenset[str] = frozenset()
) -> None:
    """Runs the workflows of an object over a record that was just saved, those with a delay later."""
    done |= {f"{kind.name} {id_}"}
    for flow_id, flow in portal.tables.rows(_FLOWS):
        if flow["object"] != kind.name or not flow["active"]:
            continue
        if flow["does"]["delay"]:
            _put_off(portal, flow_id, flow["does"]["delay"], kind, id_, before)
        else:
            _run(portal, flow_id, flow["does"], kind, id_, before, done)


def _put_off(
    portal: Portal, flow_id: str, delay: int, kind: ObjectType, id_: str, before: Changes
) -> None:
    due = (portal.clock.now() + timedelta(seconds=delay)).isoformat()
    held = {"flow": flow_id, "object": kind.name, "id": id_, "before": before, "due": due}
    portal.tables.put(_DUE, portal.next_id(_DUE), held)


def run_due(portal: Portal) -> None:
    """Runs what had a delay that is over by the portal's clock."""
    for key, held in portal.tables.rows(_DUE):
        if datetime.fromisoformat(held["due"]) > portal.clock.now():
            continue
        portal.tables.drop(_DUE, key)
        flow, kind = portal.tables.get(_FLOWS, held["flow"]), _object(held["object"])
        if flow is not None and flow["active"]:
            done = frozenset({f"{kind.name} {held['id']}"})
            _run(portal, held["flow"], flow["does"], kind, held["id"], held["before"], done)


def _run(
    portal: Portal,
    flow_id: str,
    does: Row,
    kind: ObjectType,
    id_: str,
    before: Changes,
    done: frozenset[str],
) -> None:
    row = portal.row(kind.name, id_)
    value = NOTHING if row is None else acted(does, before, row["properties"])
    if value is NOTHING:
        return
    for target, target_id in _targets(portal, kind, id_, does["through"]):
        _save(portal, target, target_id, {does["to"]: text(value)}, done)


def _targets(
    portal: Portal, kind: ObjectType, id_: str, through: str | None
) -> list[tuple[ObjectType, str]]:
    """What is to be changed: the record, or those it is tied to, of companies the primary one if there is one."""
    if through is None:
        return [(kind, id_)]
    found = portal.ties.of(kind.name, id_, through)
    primary = [far for far, types in found.items() if set(types) & set(_PRIMARY)]
    return [(_object(through), far) for far in primary or list(found)]


def _save(
    portal: Portal, kind: ObjectType, id_: str, changes: Changes, done: frozenset[str]
) -> None:
    row = portal.row(kind.name, id_)
    if row is None:
        return
    before = row["properties"]
    if all(before.get(name, "") == value for name, value in changes.items()):
        return
    records.write(portal, kind, id_, changes, source=SOURCE, at=portal.clock.now())
    if f"{kind.name} {id_}" not in done:
        run_workflows(portal, kind, id_, before, done)


_STAGES: tuple[tuple[str, Callable[[Changes, Changes], bool]], ...] = (
    ("opportunity", lambda before, after: not before),
    (
        "customer",
        lambda before, after: (
            after.get("hs_is_closed_won") == "true" and before.get("hs_is_closed_won") != "true"
        ),
    ),
)


def _move_stages(portal: Portal, deal_id: str, before: Changes) -> None:
    """A new deal, and a won one, move those it is tied to forward: from general knowledge, not verified."""
    row = portal.row("deals", deal_id)
    after = row["properties"] if row else {}
    for stage, holds in _STAGES:
        if holds(before, after):
            for far in ("contacts", "companies"):
                for far_id in list(portal.ties.of("deals", deal_id, far)):
                    _move_forward(portal, _object(far), far_id, stage)


def _move_forward(portal: Portal, kind: ObjectType, id_: str, stage: str) -> None:
    row = portal.row(kind.name, id_)
    now = row["properties"].get("lifecyclestage") if row else None
    if now not in LIFECYCLE or LIFECYCLE.index(now) < LIFECYCLE.index(stage):
        done = frozenset({f"{kind.name} {id_}"})
        _save(portal, kind, id_, {"lifecyclestage": stage}, done)


def _tie_by_domain(portal: Portal, contact_id: str) -> None:
    """Ties a new contact to the oldest company of its e-mail's domain, which is made if there is none."""
    row = portal.row("contacts", contact_id)
    domain = (row["properties"].get("email", "") if row else "").partition("@")[2]
    if not domain or domain in _FREE_MAIL or portal.ties.of("contacts", contact_id, "companies"):
        return
    ids = map(str, portal.objects["companies"].live)
    having = (
        one
        for one in ids
        if (company := portal.row("companies", one))
        and company["properties"].get("domain", "").lower() == domain
    )
    company_id = next(having, None) or records.write(
        portal,
        _object("companies"),
        None,
        {"domain": domain, "name": domain},
        source=SOURCE,
        at=portal.clock.now(),
    )
    ends = ("contacts", contact_id, "companies", company_id)
    if has_room(portal, ends, (1,)):
        add(portal, ends, (1,))
