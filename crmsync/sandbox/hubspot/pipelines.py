"""Pipelines and their stages: those of a fresh portal, and those people made."""

from __future__ import annotations

from decimal import Decimal
from operator import itemgetter
from typing import Any

from crmsync.sandbox.hubspot.contact_properties import LIFECYCLE, LIFECYCLE_LABELS
from crmsync.sandbox.hubspot.deal_properties import GROUP, SALES_STAGES
from crmsync.sandbox.hubspot.definitions import EPOCH
from crmsync.sandbox.hubspot.errors import invalid_properties, problem
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.stage_times import STAGE_OF, stage_definitions

Pipeline = dict[str, Any]
Stage = dict[str, Any]

# Metadata values are strings: recorded 2026-03.
_CLOSED = ("closedwon", "closedlost")


def _stage(place: int, id_: str, label: str, metadata: dict[str, str]) -> Stage:
    return {
        "id": id_,
        "label": label,
        "displayOrder": place,
        "metadata": metadata,
        "createdAt": EPOCH,
        "updatedAt": EPOCH,
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def _pipeline(id_: str, label: str, stages: list[dict[str, Any]]) -> Pipeline:
    return {
        "id": id_,
        "label": label,
        "displayOrder": 0,
        "stages": stages,
        "createdAt": EPOCH,
        "updatedAt": EPOCH,
        "archived": False,
    }


def _sales() -> Pipeline:
    stages = [
        _stage(
            place, id_, label, {"isClosed": str(id_ in _CLOSED).lower(), "probability": probability}
        )
        for place, (id_, label, probability) in enumerate(SALES_STAGES)
    ]
    return _pipeline("default", "Sales Pipeline", stages)


def _lifecycle(object_name: str) -> Pipeline:
    stages = [
        _stage(place, id_, label, _lifecycle_metadata(id_))
        for place, (id_, label) in enumerate(zip(LIFECYCLE, LIFECYCLE_LABELS, strict=True))
    ]
    return _pipeline(f"{object_name}-lifecycle-pipeline", "Lifecycle Stage Pipeline", stages)


def _lifecycle_metadata(stage: str) -> dict[str, str]:
    closed = stage == LIFECYCLE[-1]
    return {"isClosed": str(closed).lower(), "state": "CLOSED" if closed else "OPEN"}


_FRESH: dict[str, list[Pipeline]] = {
    "deals": [_sales()],
    "contacts": [_lifecycle("contacts")],
    "companies": [_lifecycle("companies")],
}


def pipelines(portal: Portal, object_name: str) -> list[Pipeline]:
    """The pipelines of an object in their order, archived ones aside; those of people after HubSpot's."""
    fresh = {one["id"]: one for one in _FRESH.get(object_name, [])}
    kept = fresh | dict(portal.tables.rows(f"pipelines {object_name}"))
    live = (one for one in kept.values() if not one["archived"])
    return sorted(live, key=itemgetter("displayOrder"))


def save_pipeline(portal: Portal, object_name: str, whole: Pipeline) -> None:
    """Keeps a pipeline, and makes the properties of stages that are new."""
    portal.tables.put(f"pipelines {object_name}", whole["id"], whole)
    if STAGE_OF.get(object_name) != "dealstage":
        return
    known = portal.definitions(object_name)
    stages = [(one["id"], one["label"]) for one in whole["stages"]]
    for one in stage_definitions(GROUP, stages):
        if one["name"] not in known:
            portal.save_definition(object_name, one)


def deal_stages(portal: Portal) -> dict[str, Stage]:
    """Every stage of every deal pipeline by its id."""
    return {one["id"]: one for each in pipelines(portal, "deals") for one in each["stages"]}


def check_stage(portal: Portal, before: Changes, changes: Changes) -> None:
    """Refusal 400 if a deal would be in a stage outside its pipeline; see the switch."""
    if not portal.switches.stage_in_pipeline or not changes.keys() & {"dealstage", "pipeline"}:
        return
    after = {**before, **changes}
    name, stage = after.get("pipeline") or "default", after.get("dealstage", "")
    stages = [
        one["id"] for each in pipelines(portal, "deals") if each["id"] == name
        for one in each["stages"]
    ]  # fmt: skip
    if stage and stage not in stages:
        message = f"{stage} was not one of the allowed options: [{', '.join(stages)}]"
        told = problem("dealstage", stage, message, "INVALID_OPTION", portal.portal_id)
        raise invalid_properties([told])


def stage_facts(portal: Portal, stage_id: str) -> dict[str, str]:
    """What a deal's stage says of it: closed, won, lost, and the probability as shown."""
    stage = deal_stages(portal).get(stage_id)
    if stage is None:
        return {}
    closed = stage["metadata"].get("isClosed") == "true"
    probability = float(stage["metadata"].get("probability") or 0)
    return {
        "hs_is_closed": str(closed).lower(),
        "hs_is_closed_won": str(closed and probability == 1).lower(),
        "hs_is_closed_lost": str(closed and probability == 0).lower(),
        # The full binary expansion (0.2 is 0.200000000000000011...): recorded by several projects.
        "hs_deal_stage_probability": f"{Decimal(probability):f}",
    }
