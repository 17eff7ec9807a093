"""The connector's clock: it looks when its time has come by the worlds' clock, and nobody has to call it.

`attach` puts it between two worlds; it is off until `control` turns it on. What it does is stamped with the time at
which it was due, however far the clock was moved since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.callers import NOBODY
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.native.accounts import sync_companies
from crmsync.sandbox.native.mirroring import mirror_activities, mirrors, see_activities
from crmsync.sandbox.native.noticing import see_everything
from crmsync.sandbox.native.opportunities import define_link, sync_deals
from crmsync.sandbox.native.people import sync_people
from crmsync.sandbox.native.settings import (
    change,
    errors_of,
    note_error,
    remember,
    remembered,
    settings_of,
)
from crmsync.sandbox.native.values import Pair
from crmsync.sandbox.native.writing import NoCallsLeft, integration_user, spend
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.world import SalesforceWorld

# Its package has the namespace HubSpot_Inc: fields HubSpot_Inc__... in public repositories (read 2026-11).
_PACKAGE = {"kind": "package", "namespace": "HubSpot_Inc", "name": "HubSpot Integration"}
# What it asks each time whether anything happened: one query an object.
_QUERIES = 4
# Looks in a row that it makes up for: what it wrote in one may have set off something that it sees in the next.
_CATCH_UP = 4


def attach(salesforce: SalesforceWorld, hubspot: HubspotWorld) -> None:
    """Puts the connector between two worlds; it is as on or off as their rows say."""
    pair = Pair(salesforce, hubspot)
    salesforce.before_call = hubspot.before_call = lambda: tick(pair)
    hubspot.native = lambda body: control(pair, body)


def control(pair: Pair, body: Mapping[str, Any] | None) -> dict[str, Any]:
    """How the connector stands, after it was set up as told; `{"run": true}` makes it look now."""
    pair.hubspot.portal.refresh()
    told = dict(body or {})
    run = told.pop("run", False)
    was_on = settings_of(pair.hubspot.tables).on
    settings = change(pair.hubspot.tables, told) if told else settings_of(pair.hubspot.tables)
    if settings.on and not was_on:
        _install(pair)
    pair.hubspot.tables.commit()
    if run and settings.on:
        look(pair)
    return {
        **asdict(settings),
        "looked": remembered(pair.hubspot.tables, "looked").get("at"),
        "calls": remembered(pair.hubspot.tables, "calls").get("used", 0),
        "mirrored": mirrors(pair),
        "errors": errors_of(pair.hubspot.tables),
    }


def _install(pair: Pair) -> None:
    """What is there when it is turned on does not go over by itself."""
    pair.hubspot.tables.commit()  # both may live in one file, which takes one writer at a time
    integration_user(pair.salesforce)
    declare(pair.salesforce, _PACKAGE)
    pair.salesforce.tables.commit()
    define_link(pair)
    see_everything(pair)
    see_activities(pair)
    _looked(pair, pair.hubspot.clock.now())


def tick(pair: Pair) -> None:
    """Looks as often as its time has come since it last did."""
    if not pair.hubspot.tables.count("~native"):
        return
    settings = settings_of(pair.hubspot.tables)
    last = remembered(pair.hubspot.tables, "looked").get("at")
    if not settings.on or last is None:
        return
    now, period = pair.hubspot.clock.now(), timedelta(seconds=settings.period_s)
    times = (now - datetime.fromisoformat(last)) // period
    for turn in range(1, min(times, _CATCH_UP) + 1):
        due = datetime.fromisoformat(last) + turn * period
        with _at(pair.hubspot.clock, due), _at(pair.salesforce.clock, due):
            look(pair)
    if times > 0:
        _looked(pair, datetime.fromisoformat(last) + times * period)
        pair.hubspot.tables.commit()


def look(pair: Pair) -> None:
    """Looks once at what changed on both sides, and brings it over."""
    pair.salesforce.tables.commit()
    pair.hubspot.portal.refresh()
    pair.hubspot.portal.caller = NOBODY
    settings = settings_of(pair.hubspot.tables)
    try:
        spend(pair, _QUERIES)
        sync_people(pair)
        if settings.companies:
            sync_companies(pair)
        if settings.deals:
            sync_deals(pair)
        mirror_activities(pair)
    except NoCallsLeft:
        note_error(pair.hubspot.tables, "connector", "the calls allocated for the day are used up")
    _looked(pair, pair.hubspot.clock.now())
    pair.hubspot.tables.commit()


def _looked(pair: Pair, at: datetime) -> None:
    remember(pair.hubspot.tables, "looked", {"at": at.isoformat()})


@contextmanager
def _at(clock: Clock, moment: datetime) -> Iterator[None]:
    """The clock stands at a moment while the block runs."""
    offset, frozen_at = clock.offset, clock.frozen_at
    clock.freeze(moment)
    try:
        yield
    finally:
        clock.offset, clock.frozen_at = offset, frozen_at
