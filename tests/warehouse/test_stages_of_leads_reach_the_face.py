"""Stage events of leads: their status, who took them up, and what they were converted into."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from warehouse.staged import (
    ANA,
    HISTORY,
    at,
    contact,
    converted,
    events,
    face,
    lifecycle,
    moved,
    standing,
)


def test_a_status_recycles_and_takes_up_again_where_somebody_stands(tmp_path: Path) -> None:
    status = {"native": "hs_lead_status"}
    told = [
        moved(None, "marketingqualifiedlead", "11-01"),
        moved("OPEN", "BAD_TIMING", "11-03", **status),
        moved("BAD_TIMING", "CONNECTED", "11-05", **status),
        moved("CONNECTED", "UNQUALIFIED", "11-07", **status),
    ]
    held = contact("marketingqualifiedlead", hs_lead_status="UNQUALIFIED")
    with face(tmp_path, {**held, HISTORY: told}) as (db, _):
        assert events(db, "hubspot", "recycled", "reopened", "disqualified") == [
            ("mql", "recycled", at(11, 3), None, "instant", "status"),
            ("mql", "reopened", at(11, 5), None, "instant", "status"),
            ("mql", "disqualified", at(11, 7), None, "instant", "status"),
        ]
        assert standing(db, "hubspot") == ("mql", "mql", "property", "disqualified")
        entries = "SELECT entries FROM stage_reached WHERE stage = 'mql'"
        assert db.execute(entries).fetchall() == [(2,)], "entered, and taken up again"


def test_a_lead_is_one_since_it_was_made(tmp_path: Path) -> None:
    lead = {"_id": "00QA", "LastName": "Gil", "Email": ANA, "Status": "Working - Contacted",
            "IsConverted": "false", "_created_at": "2026-11-01T09:00:00.000Z"}  # fmt: skip
    with face(tmp_path, salesforce={"Lead": [lead]}) as (db, _):
        assert events(db, "salesforce") == [
            ("lead", "entered", at(11, 1), None, "instant", "record")
        ]
        assert standing(db, "salesforce") == ("lead", "lead", "status", "attempting")


def test_a_status_of_a_spanish_org_goes_through_the_mapping_of_our_field(tmp_path: Path) -> None:
    mapping = lifecycle()
    entity = mapping.entity("contact")
    fields = [
        replace(
            e, values={**e.values, "salesforce": {"Nuevo": "open", "Descartado": "unqualified"}}
        )
        if e.field == "lead_status"
        else e
        for e in entity.fields
    ]
    spanish = replace(
        mapping,
        entities=tuple(
            replace(each, fields=fields) if each.entity == "contact" else each
            for each in mapping.entities
        ),
    )
    lead = {"_id": "00QA", "LastName": "Gil", "Status": "Descartado", "IsConverted": "false"}
    with face(tmp_path, salesforce={"Lead": [lead]}, mapping=spanish) as (db, _):
        assert standing(db, "salesforce") == ("lead", "lead", "record", "disqualified")


def test_a_converted_lead_is_the_contact_it_became_and_its_conversion_a_day(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=converted(ConvertedDate="2026-11-05")) as (db, have):
        assert events(db, "salesforce") == [
            ("lead", "entered", at(11, 1), None, "instant", "record"),
            ("sql", "entered", None, date(2026, 11, 5), "day", "conversion"),
        ]
        assert standing(db, "salesforce") == ("sql", "sql", "conversion", "accepted")
        keys = "SELECT count(DISTINCT key) FROM (SELECT key FROM stage_event UNION SELECT key FROM contact)"
        assert db.execute(keys).fetchall() == [(1,)]
    assert "conversion" in have


def test_the_history_of_a_lead_knows_the_moment_of_its_conversion(tmp_path: Path) -> None:
    told = {"record_id": "00QA", "told": "record", "native": "leadConverted",
            "happened_at": "2026-11-05T09:00:00.000Z"}  # fmt: skip
    rows = converted(ConvertedDate="2026-11-05") | {"_history.Lead.LeadHistory": [told]}
    with face(tmp_path, salesforce=rows) as (db, _):
        assert ("sql", "entered", at(11, 5), None, "instant", "conversion") in events(
            db, "salesforce"
        )


def test_a_lead_converted_into_nobody_is_kept_without_a_key(tmp_path: Path) -> None:
    rows = converted()
    with face(tmp_path, salesforce={"Lead": rows["Lead"]}) as (db, _):
        assert db.execute("SELECT id, key, contact_id FROM conversion").fetchall() == [
            ("00QA", None, "003A")
        ]
        assert events(db, "salesforce") == []


def test_who_takes_a_lead_out_of_a_queue_accepts_it(tmp_path: Path) -> None:
    lead = {
        "_id": "00QA",
        "LastName": "Gil",
        "Email": ANA,
        "IsConverted": "false",
        "OwnerId": "005A",
    }
    told = {"record_id": "00QA", "native": "OwnerId", "old": "00GQ", "new": "005A"}
    rows = {
        "Lead": [lead],
        "_owners": [
            {"id": each, "email": f"{each}@crmsync.example", "active": "true"}
            for each in ("005A", "005B")
        ],
        "_history.Lead.LeadHistory": [
            {**told, "happened_at": "2026-11-05T09:00:00.000Z"},
            {**told, "old": "005A", "new": "00GQ", "happened_at": "2026-11-06T09:00:00.000Z"},
            {**told, "old": "005A", "new": "005B", "happened_at": "2026-11-07T09:00:00.000Z"},
        ],
    }
    with face(tmp_path, salesforce=rows) as (db, _):
        assert [row for row in events(db, "salesforce") if row[0] == "sal"] == [
            ("sal", "entered", at(11, 5), None, "instant", "queue")
        ]
        assert standing(db, "salesforce")[0] == "sal"
