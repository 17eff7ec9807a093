"""The pipelines of a fresh portal: deals, and the lifecycle of contacts and companies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crmsync.sandbox.hubspot.contact_properties import LIFECYCLE, LIFECYCLE_LABELS
from crmsync.sandbox.hubspot.deal_properties import SALES_STAGES
from crmsync.sandbox.hubspot.definitions import EPOCH

Pipeline = dict[str, Any]

# Metadata values are strings: recorded 2026-03.
_CLOSED = ("closedwon", "closedlost")


def _stage(place: int, id_: str, label: str, metadata: dict[str, str]) -> dict[str, Any]:
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


PIPELINES: dict[str, list[Pipeline]] = {
    "deals": [_sales()],
    "contacts": [_lifecycle("contacts")],
    "companies": [_lifecycle("companies")],
}

DEAL_STAGES: dict[str, dict[str, Any]] = {
    stage["id"]: stage for pipeline in PIPELINES["deals"] for stage in pipeline["stages"]
}


def stage_facts(stage_id: str) -> dict[str, str]:
    """What a deal's stage says of it: closed, won, lost, and the probability as shown."""
    stage = DEAL_STAGES.get(stage_id)
    if stage is None:
        return {}
    closed = stage["metadata"]["isClosed"] == "true"
    probability = float(stage["metadata"]["probability"])
    return {
        "hs_is_closed": str(closed).lower(),
        "hs_is_closed_won": str(closed and probability == 1).lower(),
        "hs_is_closed_lost": str(closed and probability == 0).lower(),
        # The full binary expansion (0.2 is 0.200000000000000011...): recorded by several projects.
        "hs_deal_stage_probability": f"{Decimal(probability):f}",
    }
