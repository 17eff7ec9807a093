"""What records tell beside their mapped fields: where they came from, whether mail reaches them, how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crmsync.connectors.base import SYSTEM_COLUMNS
from crmsync.connectors.facts import CONSENT_COLUMNS
from crmsync.connectors.hubspot.companions import companions_named
from crmsync.core.companions import COMPANIONS
from crmsync.warehouse.snapshots import read_manifest
from warehouse.shelf import keep, reference_mapping, stored
from warehouse.test_facts_reach_the_face import LATER, Shelf, face

PLACE = ("hubspot", "contacts")
TOLD = {
    "source": "hs_analytics_source",
    "marketable": "hs_marketable_status",
    "bounces": "hs_email_bounce",
    "legal_basis": "hs_legal_basis",
    "opted_out": "hs_email_optout",
    "entered:lead": "hs_v2_date_entered_lead",
    "exited:lead": "hs_v2_date_exited_lead",
    "entered:customer": "hs_v2_date_entered_customer",
    "opted_out:7": "hs_email_optout_7",
}
Row = dict[str, str]


def shelf_of(folder: Path, rows: list[Row], **more: Any) -> Shelf:
    """The shelf with contacts of HubSpot that tell all of the above."""
    shelf = stored(folder, {}, reference_mapping())
    columns = (*SYSTEM_COLUMNS, "email", *TOLD.values())
    told = {"companions": TOLD, **more}
    return {**shelf, PLACE: keep(folder, PLACE, columns, rows, LATER, **told)}


def test_every_record_has_a_row_in_the_types_of_an_audit(tmp_path: Path) -> None:
    rows = [
        {"_id": "1", "hs_analytics_source": "PAID_SOCIAL", "hs_marketable_status": "true",
         "hs_email_bounce": "3"},
        {"_id": "2", "hs_email_bounce": "many"},
    ]  # fmt: skip
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute(
            "SELECT id, entity, source, marketable, bounces, hard_bounce FROM marketing ORDER BY id"
        ).fetchall()
        there = [row[0] for row in db.execute("DESCRIBE marketing").fetchall()]
        keys = db.execute(
            "SELECT count(*) FROM marketing JOIN contact USING (system, object, id, key)"
        )
        assert keys.fetchall() == [(2,)]
    assert found == [
        ("1", "contact", "PAID_SOCIAL", True, 3, None),
        ("2", "contact", None, None, None, None),
    ]
    assert set(COMPANIONS) <= set(there)


def test_a_stage_has_when_it_was_entered_and_left_and_no_row_if_never(tmp_path: Path) -> None:
    rows = [{"_id": "1", "hs_v2_date_entered_lead": "2026-11-01T10:00:00.000Z",
             "hs_v2_date_exited_lead": "2026-11-02T10:00:00.000Z"}]  # fmt: skip
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute("SELECT id, stage, entered_at, exited_at FROM stage_time").fetchall()
    entered, exited = (datetime(2026, 11, day, 10) for day in (1, 2))  # noqa: DTZ001  (TIMESTAMP is UTC without saying so)
    assert found == [("1", "lead", entered, exited)]


def test_an_opt_out_that_a_property_tells_is_consent_and_its_absence_is_none(
    tmp_path: Path,
) -> None:
    rows = [
        {"_id": "1", "hs_email_optout": "true", "hs_email_optout_7": "false",
         "hs_legal_basis": "Performance of a contract"},
        {"_id": "2"},
    ]  # fmt: skip
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute(
            "SELECT record_id, subscription_id, status, basis, origin FROM consent ORDER BY 2 NULLS FIRST"
        ).fetchall()
    basis = "Performance of a contract"
    assert found == [
        ("1", None, "unsubscribed", basis, "property"),
        ("1", "7", "not_unsubscribed", basis, "property"),
    ]


def test_a_status_that_was_read_counts_more_than_the_property(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [{"_id": "1", "hs_email_optout_7": "false"}])
    place = ("hubspot", "_consents.contacts")
    status = {"record_id": "1", "subscription_id": "7", "status": "subscribed", "origin": "x"}
    shelf[place] = keep(tmp_path, place, CONSENT_COLUMNS, [status])
    with face(tmp_path, shelf) as (db, have):
        found = db.execute(
            "SELECT c.status, c.origin FROM consent c JOIN contact USING (key)"
        ).fetchall()
    assert found == [("subscribed", "x")]
    assert {"consent", "hubspot:consent"} <= have


def test_what_is_told_can_be_needed_and_no_status_follows_from_a_property(tmp_path: Path) -> None:
    words = {"marketing", "marketing.source", "hubspot:marketing.bounces", "stage_time"}
    rows = [{"_id": "1", "hs_email_optout": "true"}]
    with face(tmp_path, shelf_of(tmp_path, rows)) as (_, have):
        assert words <= have
        assert not {"marketing.hard_bounce", "salesforce:marketing", "consent"} & have


def test_what_was_not_read_whole_cannot_be_needed(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [{"_id": "1", "hs_email_optout": "true"}])
    shelf[PLACE] = replace(shelf[PLACE], manifest=replace(shelf[PLACE].manifest, complete=False))
    with face(tmp_path, shelf) as (_, have):
        assert not [word for word in have if "marketing" in word or word == "stage_time"]


def test_without_companions_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    only = ("salesforce",)
    shelf = stored(tmp_path, {}, reference_mapping(only), only)
    with face(tmp_path, shelf) as (db, have):
        for name in ("marketing", "stage_time", "consent", "list", "list_member", "pipeline"):
            assert db.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]
    assert not {"marketing", "consent", "list"} & have


@pytest.mark.parametrize("told", [{}, TOLD])
def test_a_manifest_remembers_what_its_columns_tell(tmp_path: Path, told: dict[str, str]) -> None:
    kept = keep(tmp_path, PLACE, (*SYSTEM_COLUMNS, *told.values()), [], companions=told)
    manifest = read_manifest(kept.folder)
    assert manifest is not None
    assert manifest.companions == told


def test_an_older_date_of_a_stage_counts_where_there_is_no_newer_one() -> None:
    older, newer = "hs_lifecyclestage_lead_date", "hs_v2_date_entered_lead"
    assert companions_named("contacts", {older}) == {"entered:lead": older}
    assert companions_named("contacts", {older, newer}) == {"entered:lead": newer}
    assert companions_named("deals", {older}) == {}
