"""What a stage and a status mean: OpportunityStage and LeadStatus, read-only (object reference, read 2026-11).

The prefixes of their ids are not verified.
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.schema import picklists
from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    flag,
    number,
    record_id,
    system_fields,
    text,
    whole,
)

OPPORTUNITY_STAGE = ObjectType(
    name="OpportunityStage",
    label="Opportunity Stage",
    plural="Opportunity Stages",
    prefix="01J",
    deletable=False,
    fields=(
        record_id("Opportunity Stage"),
        text("MasterLabel", 255, "N", name_field=True),
        text("ApiName", 255, "N"),
        flag("IsActive", "D", label="Active"),
        whole("SortOrder", "N"),
        flag("IsClosed", "D", label="Closed"),
        flag("IsWon", "D", label="Won"),
        text("ForecastCategory", 40, "N"),
        text("ForecastCategoryName", 255, "N"),
        number("DefaultProbability", "percent", 3, 0, "N"),
        text("Description", 255, "N"),
        *system_fields(deletable=False, activity=False),
    ),
)
LEAD_STATUS = ObjectType(
    name="LeadStatus",
    label="Lead Status Value",
    plural="Lead Status Values",
    prefix="01L",
    deletable=False,
    fields=(
        record_id("Lead Status"),
        text("MasterLabel", 255, "N", name_field=True),
        text("ApiName", 255, "N"),
        whole("SortOrder", "N"),
        flag("IsDefault", "D", label="Default"),
        flag("IsConverted", "D", label="Converted"),
        *system_fields(deletable=False, activity=False),
    ),
)
LADDERS = (LEAD_STATUS, OPPORTUNITY_STAGE)


def stages() -> list[dict[str, Any]]:
    """The stages of a new org, one row each."""
    return [
        {
            "MasterLabel": name,
            "ApiName": name,
            "IsActive": True,
            "SortOrder": at,
            "IsClosed": stage.is_closed,
            "IsWon": stage.is_won,
            "ForecastCategory": stage.forecast_category,
            "ForecastCategoryName": stage.forecast_name,
            "DefaultProbability": stage.probability,
        }
        for at, (name, stage) in enumerate(picklists.STAGES.items(), 1)
    ]


def statuses() -> list[dict[str, Any]]:
    """The lead statuses of a new org, one row each; the first is the default."""
    return [
        {
            "MasterLabel": name,
            "ApiName": name,
            "SortOrder": at,
            "IsDefault": at == 1,
            "IsConverted": name == "Closed - Converted",
        }
        for at, name in enumerate(picklists.LEAD_STATUSES.split("|"), 1)
    ]
