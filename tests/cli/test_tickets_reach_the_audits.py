"""Tickets are read where a workspace maps them: from Salesforce, and from the export of a help desk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from warehouse.shelf import ROOT

from cli.conftest import Crm
from cli.places import Served, make_workspace, mend, served
from crmsync.errors import ExitCode

TICKET = ROOT / "examples" / "tickets" / "ticket.yml"
PROJECT = """\
name: tried
currency: EUR
region: ES
timezone: Europe/Madrid
systems:
  salesforce: {kind: files, folder: crm, objects: {
    Account: {file: Account.csv}, Opportunity: {file: Opportunity.csv}, Case: {file: Case.csv}}}
"""
EXPORTS = {
    "Account": "Id,Name\n001A,Acme\n001B,Bravo\n",
    "Opportunity": "Id,Name,AccountId,IsClosed,CloseDate\n006A,Renewal 2027,001A,false,2027-01-31\n",
    "Case": "Id,Subject,AccountId,CreatedDate,ClosedDate\n"
    "500A,Old,001A,2026-01-05T09:00:00Z,\n"
    "500B,Answered,001A,2026-01-05T09:00:00Z,2026-01-06T09:00:00Z\n"
    "500C,Elsewhere,001B,2026-01-05T09:00:00Z,\n",
}


def asked(crm: Crm) -> dict[str, Any]:
    said = crm("audit", "--select", "S04", "--json")
    assert said.code == ExitCode.OK, said.err
    (one,) = said.json["audits"]
    return one


def found(one: dict[str, Any]) -> list[str]:
    return sorted(f"{each['object']}/{each['id']}" for each in one["findings"])


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm) -> Path:
    """A workspace over exports of Salesforce, cases among them."""
    folder = tmp_path / "of files"
    (folder / "crm").mkdir(parents=True)
    (folder / "crmsync.yml").write_text(PROJECT, encoding="utf-8")
    for name, text in EXPORTS.items():
        (folder / "crm" / f"{name}.csv").write_text(text, encoding="utf-8")
    crm("init", folder)
    monkeypatch.chdir(folder)
    return folder


def test_cases_of_an_export_are_asked_about(exported: Path, crm: Crm) -> None:
    shutil.copy(TICKET, exported / "mappings")
    one = asked(crm)
    assert one["not_checked"] is None
    assert found(one) == ["Case/500A"]
    assert one["eligible"] == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Map tickets or cases (docs/audits.md"),
        ("es", "Mapee los tickets o casos (docs/audits.md"),
    ],
)
def test_where_nobody_maps_tickets_it_is_not_checked_and_says_what_helps(
    exported: Path, crm: Crm, language: str, words: str
) -> None:
    said = crm("--lang", language, "audit", "--select", "S04")
    assert words in " ".join(said.out.split())


def test_cases_are_read_from_salesforce_and_never_planned(
    tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as both:
        waiting = with_cases(both)
        folder = make_workspace(tmp_path / "of salesforce", both.access, systems=["salesforce"])
        # These cases were made just now, and the renewal is far off.
        mend(
            folder,
            "crmsync.yml",
            "region: ES\n",
            "region: ES\naudits: {settings: {S04: {days: -1, before: 36500}}}\n",
        )
        shutil.copy(TICKET, folder / "mappings")
        monkeypatch.chdir(folder)
        assert found(asked(crm)) == [f"Case/{waiting}"]
        planned = crm("plan")
        assert (planned.code, "ticket" in planned.out) == (ExitCode.OK, False), planned.err


def with_cases(both: Served) -> str:
    """A company that renews and waits for an answer to one of its two cases; the id of that one."""
    put = both.salesforce.put
    account = put("Account", {"Name": "Acme"})
    renewal = {"Name": "Renewal", "StageName": "Prospecting", "CloseDate": "2030-01-31"}
    put("Opportunity", {**renewal, "AccountId": account})
    put("Case", {"Subject": "Answered", "AccountId": account, "Status": "Closed"})
    waiting = put("Case", {"Subject": "Waits", "AccountId": account})
    both.salesforce.tables.commit()
    return waiting
