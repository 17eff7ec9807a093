"""Calls about the org as a whole: API versions, resources, limits, record counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.world import SalesforceWorld

FIRST_VERSION, LAST_VERSION = 50, 68
# 7.0-20.0 went with Summer '22, 21.0-30.0 with Summer '25: help.salesforce.com 000354473
# (read 2026-11). Versions between are not simulated.
LAST_RETIRED_VERSION = 30

_COUNTS_STAY = timedelta(hours=24)
_SEASONS = ("Winter", "Spring", "Summer")


def versions() -> list[dict[str, str]]:
    """The API versions this org speaks, oldest first."""
    return [
        {"label": _release(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(FIRST_VERSION, LAST_VERSION + 1)
    ]


def _release(number: int) -> str:
    # 65.0 is Winter '26 and three releases make a year (api_bulk_v2 and CDC guides, read 2026-11).
    year, season = divmod(number - 65, 3)
    return f"{_SEASONS[season]} '{26 + year}"


def resources(world: SalesforceWorld, call: Call) -> Reply:
    """What there is below one API version."""
    names = ("composite", "jobs", "limits", "query", "queryAll", "sobjects", "tooling")
    # Who the token belongs to, as a URL that ends in org and user: resources by version, REST guide
    # (read 2026-11).
    identity = f"https://login.salesforce.com/id/{world.org_id}/{world.user_id}"
    return Reply(200, {**{name: call.prefix + name for name in names}, "identity": identity})


def limits(world: SalesforceWorld, call: Call) -> Reply:
    """The daily limits: those of API requests and of bulk jobs go down as they are used."""
    bulk = world.bulk
    return Reply(
        200,
        {
            "DailyApiRequests": _left(world.allowance.daily, world.calls),
            "DailyBulkApiBatches": _left(bulk.daily_batches, bulk.batches),
            "DailyBulkV2QueryFileStorageMB": _left(bulk.daily_result_mb, bulk.result_mb),
            "DailyBulkV2QueryJobs": _left(bulk.daily_queries, bulk.queries),
            "DataStorageMB": _left(10_240),
            "FileStorageMB": _left(10_240),
        },
    )


def _left(most: int, used: int = 0) -> dict[str, int]:
    return {"Max": most, "Remaining": max(most - used, 0)}


def record_count(world: SalesforceWorld, call: Call) -> Reply:
    """How many live records the named objects hold; an object without any is left out."""
    # Zero rows: `{"sObjects":[]}` in CumulusCI cassettes (read 2026-11).
    asked = call.query.get("sObjects")
    names = asked.split(",") if asked else world.objects()
    shapes = [shape for name in names if (shape := world.shape(name.strip()))]
    counts: list[dict[str, Any]] = [
        {"count": _told_count(world, shape.name), "name": shape.name} for shape in shapes
    ]
    return Reply(200, {"sObjects": [each for each in counts if each["count"]]})


def _told_count(world: SalesforceWorld, name: str) -> int:
    """The count of an object: that of now, or with stale counts the one told last."""
    told = world.told_counts.get(name)
    if world.switch("record_count_stale") and told and world.now() - told[0] < _COUNTS_STAY:
        return told[1]
    world.told_counts[name] = (world.now(), _live_rows(world, name))
    return world.told_counts[name][1]


def _live_rows(world: SalesforceWorld, name: str) -> int:
    return sum(not row.get("IsDeleted") for _, row in world.tables.rows(name))
