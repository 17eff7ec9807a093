"""Every value that its type cannot read is one row of `unreadable`, with the text the system holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audits.cases import reference_audits

from crmsync.core.auditing import AuditResult, Finding, Text
from crmsync.core.mapping import Entity, Field, MadeOf, Seat
from crmsync.reports.words import by_field
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits
from crmsync.warehouse.people import with_people
from crmsync.warehouse.unreadable import owners_unknown_in
from warehouse.shelf import TAKEN, Rows, columns_over, keep, mapping_with, stored

COMPANY = Entity(
    "company",
    [Seat("salesforce", "Account"), Seat("hubspot", "companies")],
    ["key"],
    [Field("staff", "integer", {"salesforce": "Staff", "hubspot": "staff"})],
)
CONTACT = Entity(
    "contact",
    [Seat("salesforce", "Contact"), Seat("salesforce", "Lead"), Seat("hubspot", "contacts")],
    ["key"],
    [
        Field("company", "reference", {"salesforce": {"Contact": "AccountId"}}, to="company"),
        Field(
            "company_staff",
            "integer",
            {"hubspot": "staff"},
            made_of={"salesforce": {"Contact": MadeOf("lookup", ["company", "staff"])}},
        ),
        Field("born", "date", {"salesforce": {"Contact": "Born"}, "hubspot": "born"}),
        Field(
            "state",
            "choice",
            {"hubspot": "state"},
            made_of={"salesforce": {"Lead": MadeOf("join", ["Status", "Unread"])}},
            values={"salesforce": {"Open|true": "new"}, "hubspot": {"NEW": "new"}},
        ),
        Field("owner", "owner", {"salesforce": "OwnerId", "hubspot": "owner"}),
    ],
)
USERS = ("0055g0000000001AAA", "ana@acme.example", "true")
NOBODY, QUEUE = "0055g0000000009AAA", "00G5g000000abcdEAA"
ROWS: Rows = {
    "salesforce": {
        "Account": [{"_id": "1", "Staff": "about fifty"}],
        "Contact": [
            {"_id": "3", "AccountId": "1", "Born": "1980-02-30", "OwnerId": NOBODY},
            {"_id": "4", "AccountId": "gone", "Born": " ", "OwnerId": USERS[0]},
        ],
        "Lead": [{"_id": "5", "Status": "Shut", "Unread": "false", "OwnerId": QUEUE}],
    },
    "hubspot": {"contacts": [{"_id": "7", "born": "1980-02-28", "state": "LOST", "owner": "99"}]},
}
UNREAD = [
    ("company", "salesforce", "Account", "1", "staff", "about fifty"),
    ("contact", "hubspot", "contacts", "7", "state", "LOST"),
    ("contact", "salesforce", "Contact", "3", "born", "1980-02-30"),
    ("contact", "salesforce", "Contact", "3", "owner", NOBODY),
    ("contact", "salesforce", "Lead", "5", "state", "Shut|false"),
]
_OWNERS = ("id", "email", "name", "active")


def found(root: Path) -> AuditResult:
    """What the audit says; HubSpot's users are unknown."""
    mapping = mapping_with(COMPANY, CONTACT)
    snapshots = stored(root, ROWS, mapping)
    users = [dict(zip(_OWNERS, (USERS[0], USERS[1], "Ana", USERS[2]), strict=True))]
    snapshots["salesforce", "_owners"] = keep(root, ("salesforce", "_owners"), _OWNERS, users)
    known, schemas = with_people(mapping, {}, snapshots)
    with columns_over(snapshots, known, schemas=schemas) as columns:
        have = build_face(columns, root / "face.duckdb")
    return run_audits(root / "face.duckdb", [reference_audits()["C20"]], have, TAKEN)[0]


def test_each_is_told_once_where_it_stands_and_nothing_else_is(tmp_path: Path) -> None:
    """Not the company's size again through a lookup, no tie, no blank, no queue, no unknown directory."""
    told = [
        (f.entity, f.system, f.object, f.id, f.field, f.detail) for f in found(tmp_path).findings
    ]
    assert sorted(told, key=str) == UNREAD


def test_the_sum_by_field_is_the_number_of_findings(tmp_path: Path) -> None:
    result = found(tmp_path)
    assert result.by_field == {
        ("contact", "state"): 2,
        ("company", "staff"): 1,
        ("contact", "born"): 1,
        ("contact", "owner"): 1,
    }
    assert (
        by_field(result, "en")
        == "contact state 2, company staff 1, contact born 1, contact owner 1"
    )
    assert by_field(result, "es").startswith("contacto state 2, empresa staff 1")
    titles: dict[tuple[str, str], Text] = {("contact", "state"): {"es": "Provincia"}}
    titled = replace(result, titles=titles)
    assert by_field(titled, "es").startswith("contacto provincia 2, empresa staff 1")
    assert by_field(titled, "en").startswith("contact state 2, company staff 1")


def test_an_audit_of_one_field_says_nothing_by_field(tmp_path: Path) -> None:
    result = found(tmp_path)
    only: list[Finding] = [each for each in result.findings if each.field == "state"]
    assert replace(result, findings=tuple(only)).by_field == {}
    assert by_field(replace(result, findings=tuple(only)), "en") == ""


def test_owners_of_whom_no_e_mail_is_known_are_named_with_their_records(tmp_path: Path) -> None:
    mapping = mapping_with(CONTACT, COMPANY)
    shelf = stored(tmp_path, ROWS, mapping)
    with columns_over(shelf, mapping) as columns:
        assert owners_unknown_in(columns, CONTACT) == {
            "hubspot 99": 1,
            f"salesforce {NOBODY}": 1,
            f"salesforce {USERS[0]}": 1,
        }, "no user was read, and a queue is nobody"
        assert owners_unknown_in(columns, COMPANY) == {}
