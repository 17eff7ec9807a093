"""The facts of a portal, as far as the settings ask for them.

| facts | calls |
|---|---|
| activities | of each of five kinds a call for the properties, 1 to count them, 1 for 100 of them, 3 for 1,000 to say \
what about, and 1 for 100 that were archived |
| histories | 1 for 50 records of a mapped object, and 1 to count them |
| lists | 1 for 250 lists, and 1 for 250 members of those that are read |
| pipelines, types of subscription | 1 for each of three objects, and 1 |
| working hours of users | 1 for 100 of them |
| statuses of consent, if asked for | 2 for 100 contacts |

Whose user is whose owner takes two more, and where the portal is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from crmsync.connectors.fact_reading import Place, left_out
from crmsync.connectors.facts import Fact
from crmsync.connectors.hubspot import activities, calendars, consents, histories, lists
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.depth import Depth
from crmsync.connectors.hubspot.pipelines import pipeline_facts
from crmsync.connectors.hubspot.telling import Portal

Types = Callable[[str], Mapping[str, str]]


def read_facts(
    api: Api, wanted: Mapping[str, frozenset[str]], types: Types, depth: Depth, now: datetime
) -> Iterator[Fact]:
    """Every source of facts, in a fixed order; a source the settings leave out says so."""
    portal = Portal(api)
    yield from _activities(portal, _since(now, depth.activities_days), depth)
    yield from _histories(portal, wanted, types, _since(now, depth.history_days), depth)
    yield from _lists(portal, depth)
    yield from pipeline_facts(portal)
    yield _hours(portal, depth)
    yield from _consents(portal, depth)


def _activities(portal: Portal, since: str, depth: Depth) -> Iterator[Fact]:
    if depth.activities_days:
        yield from activities.activity_facts(portal, since)
    else:
        for place in (activities.activity_place, activities.archived_place):
            yield from _none(map(place, activities.OBJECTS), "left out by activities_days: 0")


def _histories(
    portal: Portal, wanted: Mapping[str, frozenset[str]], types: Types, since: str, depth: Depth
) -> Iterator[Fact]:
    if not depth.history_days:
        yield from _none(
            map(histories.history_place, sorted(wanted)), "left out by history_days: 0"
        )
        return
    for object_ in sorted(wanted):
        yield histories.history_fact(portal, object_, wanted[object_], types(object_), since)


def _lists(portal: Portal, depth: Depth) -> Iterator[Fact]:
    if depth.lists:
        yield from lists.list_facts(portal, depth.list_members)
    else:
        yield from _none((lists.LIST_PLACE, lists.MEMBER_PLACE), "left out by lists: false")


def _hours(portal: Portal, depth: Depth) -> Fact:
    """Working hours are read where there are activities to measure by them."""
    if depth.activities_days:
        return calendars.calendar_fact(portal)
    return left_out(calendars.PLACE, "left out by activities_days: 0")


def _consents(portal: Portal, depth: Depth) -> Iterator[Fact]:
    if depth.consent == "false":
        yield left_out(consents.SUBSCRIPTION_PLACE, "left out by consent: false")
    else:
        yield consents.subscription_fact(portal)
    if depth.consent == "statuses":
        yield consents.consent_fact(portal)


def _none(places: Iterator[Place] | tuple[Place, ...], why: str) -> Iterator[Fact]:
    return (left_out(each, why) for each in places)


def _since(now: datetime, days: int) -> str:
    """The first moment of the day that many days ago, UTC."""
    day = (now.astimezone(UTC) - timedelta(days=days)).date()
    return f"{day.isoformat()}T00:00:00Z"
