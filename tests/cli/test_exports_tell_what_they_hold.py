"""Exports as people make them, two commands, and what the audits then know: nothing of it is said by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from crmsync.errors import ExitCode

PEOPLE = """\
Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Marketing contact status
101,Ana,Ruiz,ana@norte.example,,Lead,Marketing contact
102,Leo,Gil,leo@sur.example,,Lead,Non-marketing contact
103,Pía,Paz,pia@sur.example,,Lead,MARKETING CONTACT
"""
OPTED_OUT = """\
Record ID,First Name,Last Name,Email,Lifecycle Stage,Unsubscribed from all email,Marketing contact status
101,Ana,Ruiz,ana@norte.example,Lead,Yes,Marketing contact
102,Leo,Gil,leo@sur.example,Lead,Yes,Non-marketing contact
103,Pía,Paz,pia@sur.example,Lead,No,Marketing contact
"""
# No column says whether a deal is closed, and stages are written as HubSpot's exports write them.
DEALS = """\
Record ID,Deal Name,Deal Stage,Amount,Close Date,Associated Contact IDs
501,One,Closed won (Sales Pipeline),,2020-01-31,101;102
502,Two,Closed lost (Sales Pipeline),,2020-01-31,101
503,Three,Contract sent (Sales Pipeline),,2020-01-31,
"""


def put(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def begun(crm: Crm, *folders: str) -> str:
    """What `init` says of the folders, of each by its name."""
    words = [word for name in folders for word in ("--files", f"{name}={name}")]
    said = crm("init", "w", *words, "--yes")
    assert said.code == ExitCode.OK, said.err
    linted = crm("lint", "--workspace", "w")
    assert linted.out.endswith("No problems.\n"), linted.out
    return said.err


def audited(crm: Crm) -> dict[str, dict[str, Any]]:
    found = crm("audit", "--json", "--workspace", "w").json["audits"]
    return {each["id"]: each for each in found}


def shown(crm: Crm, who: str) -> str:
    """One record as the warehouse has it, runs of blanks as one."""
    return " ".join(crm("view", "show", who, "--workspace", "w").out.split())


@pytest.mark.slow
def test_marketing_contacts_are_read_by_their_label(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", contacts=PEOPLE)
    begun(crm, "hs")
    assert audited(crm)["C20"]["affected"] == 0
    for who, value in (("ana@norte.example", "yes"), ("leo@sur.example", "no")):
        assert f"marketing_contact {value} " in shown(crm, who)


def test_who_opted_out_and_is_paid_for_is_found_in_an_export(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", contacts=OPTED_OUT)
    begun(crm, "hs")
    paid = audited(crm)["C22"]
    assert (paid["not_checked"], paid["affected"]) == (None, 1)


def test_a_stage_tells_whether_a_deal_is_won_where_no_column_does(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", deals=DEALS, contacts=PEOPLE)
    begun(crm, "hs")
    audits = audited(crm)
    assert (audits["C20"]["affected"], audits["F09"]["affected"]) == (0, 0), "every stage is known"
    assert audits["D01"]["not_checked"] is None
    assert audits["D01"]["affected"] == 2, "won or open, and without an amount"


def test_a_stage_that_nobody_knows_is_told_once(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", deals=DEALS.replace("Contract sent (Sales Pipeline)", "Almost there"))
    begun(crm, "hs")
    found = audited(crm)["C20"]["findings"]
    assert [(each["id"], each["field"], each["detail"]) for each in found] == [
        ("503", "stage", "Almost there")
    ]


def test_a_column_that_says_won_goes_before_the_stage(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", deals=DEALS.replace("Amount", "Is Closed Won"))
    begun(crm, "hs")
    text = (tmp_path / "w" / "mappings" / "deal.yml").read_text("utf-8")
    won = text.partition("field: is_won")[2].partition("- field:")[0]
    closed = text.partition("field: is_closed")[2]
    assert "{hs: hs_is_closed_won}" in won
    assert "{hs: dealstage}" in closed
    assert "Closed Lost: true" in closed


@pytest.mark.slow
def test_the_contacts_of_a_deal_are_who_its_column_names(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", deals=DEALS, contacts=PEOPLE)
    begun(crm, "hs")
    audits = audited(crm)
    assert audits["D05"]["not_checked"] is None
    told = crm("pull", "--workspace", "w").err
    assert "associations.contacts.all" not in told
    assert audits["D05"]["affected"] == 1, "of the open deals one names nobody"


LEADS = """\
Lead ID,First Name,Last Name,Email,Lead Status,Converted,Create Date,Last Modified,Last Activity
00QA,Ana,Ruiz,ana@norte.example,Open - Not Contacted,0,2026-01-31,2026-02-28,2026-02-28
"""


def test_the_dates_of_a_report_of_leads_are_known_by_their_own_words(
    tmp_path: Path, crm: Crm
) -> None:
    put(tmp_path / "sf", leads=LEADS)
    assert "sf Lead: leads.csv, 9 of 9 columns known\n" in begun(crm, "sf")


def test_every_column_that_is_not_counted_as_known_is_named(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "hs", deals=DEALS.replace("Close Date", "Shelf"))
    said = begun(crm, "hs")
    assert "hs deals: deals.csv, 5 of 6 columns known; unknown: Shelf\n" in said


def test_init_says_how_many_audits_there_are_and_not_what_each_is_called(
    tmp_path: Path, crm: Crm
) -> None:
    said = crm("init", "w", "--yes").out.splitlines()
    count = len(list((tmp_path / "w" / "audits").iterdir()))
    assert said[-1] == f"{count} audits in {Path('w') / 'audits'}"
    assert len(said) < 20


CONTACTS = """\
Contact ID,First Name,Last Name,Email,Mailing Country
0035g00000AbCd1,Ana,Ruiz,ana@norte.example,Spain
0035g00000AbCd2,Leo,Gil,leo@sur.example,Spain
"""
WON = """\
Opportunity ID,Opportunity Name,Stage,Amount,Close Date
0065g00000AbCd1,One,Closed Won,10,2020-01-31
0065g00000AbCd2,Two,Closed Won,10,2020-01-31
"""
ROLES = """\
Opportunity ID,Contact ID,Role,Is Primary
0065g00000AbCd1,0035g00000AbCd1,Decision Maker,1
0065g00000AbCd1,0035g00000AbCd2,Influencer,0
0065g00000AbCd2,,Influencer,0
"""


@pytest.mark.slow
def test_an_export_of_contact_roles_says_who_is_on_a_deal(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "sf", contacts=CONTACTS, opportunities=WON, contact_roles=ROLES)
    assert "sf Opportunity: contact_roles.csv, its ties to Contact\n" in begun(crm, "sf")
    audits = audited(crm)
    assert (audits["D06"]["not_checked"], audits["D06"]["affected"]) == (None, 1)
    told = crm("pull", "--workspace", "w").err
    assert "contact_roles.csv: 1 row left out: without an id (row 4)" in told
    assert "associations.Contact" not in told, "every set of ties is there: all, primary and roles"


def test_a_file_of_roles_without_its_deals_is_for_a_person(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "sf", contacts=CONTACTS, contact_roles=ROLES)
    said = crm("init", "w", "--files", "sf=sf", "--yes").err
    assert "sf: contact_roles.csv: to decide in crmsync.yml (Opportunity, Contact)" in said


def test_a_column_of_ties_that_is_not_there_is_named(tmp_path: Path, crm: Crm) -> None:
    put(tmp_path / "sf", contacts=CONTACTS, opportunities=WON, contact_roles=ROLES)
    begun(crm, "sf")
    (tmp_path / "sf" / "contact_roles.csv").write_text(ROLES.replace("Role,", "Part,"))
    said = crm("pull", "--workspace", "w")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "no column 'Role', which systems.sf.objects.Opportunity.associations.Contact" in said.err


def test_what_was_found_out_of_exports_is_told_in_spanish(tmp_path: Path, crm: Crm) -> None:
    put(
        tmp_path / "sf",
        accounts="Account ID;Account Name;Annual Revenue;Created Date\n"
        "0015g00000AbCd1;Norte;1,5;25/12/2024\n0015g00000AbCd1;Norte;2,5;26/12/2024\n"
        ";Sur;-;26/12/2024\n0015g00000AbCd2;Este;n/a;26/12/2024\nTotal;;;\n",
    )
    crm("init", "w", "--files", "sf=sf", "--yes")
    told = crm("--lang", "es", "pull", "--workspace", "w").err
    for said in (
        "sf: accounts.csv: celdas separadas por «;»",
        "sf: accounts.csv: coma decimal en Annual Revenue",
        "sf: accounts.csv: fechas como día/mes/año en Created Date",
        "sf: accounts.csv: 1 fila omitida: no tiene id (fila 4)",
        "sf: accounts.csv: 1 fila omitida: su id ya había salido, y cuenta la primera (fila 3)",
        "sf: accounts.csv: 1 fila omitida: totales y notas del informe (fila 6)",
        "sf: accounts.csv: 2 filas con n/a, - o similar en alguna celda: se leen como vacías (filas 4, 5)",
        "sf: Account: sin columna para ",
    ):
        assert said in told, told


def test_who_answers_for_a_record_is_the_owner_that_an_export_names(
    tmp_path: Path, crm: Crm
) -> None:
    deals = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner\n501,One,Contract sent,2020-01-31,5,"
    put(tmp_path / "hs", deals=deals + "Laura Gomez\n502,Two,Contract sent,2020-01-31,5,10200300\n")
    opportunities = "Opportunity ID,Opportunity Name,Stage,Close Date,Amount,Opportunity Owner\n"
    row = "0065g00000AbCd1,Six,Negotiation/Review,2020-01-31,5,Laura Gómez\n"
    put(tmp_path / "sf", opportunities=opportunities + row)
    begun(crm, "hs", "sf")
    past = audited(crm)["D03"]["findings"]
    assert {each["object"] + each["id"]: each["responsible"] for each in past} == {
        "deals501": "Laura Gómez",
        "deals502": None,
        "Opportunity0065g00000AbCd1AAF": "Laura Gómez",
    }
