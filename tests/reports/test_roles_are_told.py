"""Proposals of contact roles as people and programs read them: grades, money, reasons, lists, nothing that runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from report_samples import make_facts

from crmsync.core.records import Ref
from crmsync.core.roles import (
    DOUBTS,
    EVIDENCE,
    GRADES,
    STEPS,
    RoleCount,
    RoleFigures,
    RoleProposal,
    added,
)
from crmsync.errors import CrmsyncError
from crmsync.reports import roles_words
from crmsync.reports.as_json import audit_json
from crmsync.reports.as_markdown import audit_markdown
from crmsync.reports.html import render
from crmsync.reports.roles_rows import (
    COLUMNS,
    LISTS,
    list_csv,
    roles_csv,
    roles_json,
    roles_xlsx,
)
from crmsync.reports.roles_text import roles_markdown, roles_text
from crmsync.reports.roles_words import STATES, RoleReport, reason, step
from crmsync.reports.text import audit_text

READ = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
EURO, DOLLAR = {"EUR": Decimal(310000)}, {"USD": Decimal(2000)}
FIGURES = RoleFigures(
    deals=60,
    won=40,
    amounts={"EUR": Decimal(900000)},
    counts=(
        RoleCount("certain", 6, 5, 5, EURO),
        RoleCount("strong", 9, 8, 4, DOLLAR),
        RoleCount("medium", 4, 4, 3, {}),
        RoleCount("weak"),
    ),
    unread=(("hubspot", "activity"), ("salesforce", "ties")),
)
ANA = RoleProposal(
    deal=Ref("salesforce", "Opportunity", "006A"),
    key="d-key",
    contact_key="c-key",
    contact_object="Contact",
    contact_id="003A",
    grade="strong",
    evidence="association",
    record=Ref("hubspot", "deals", "7"),
    step="add",
    place=1,
    said="Decision maker",
    on=date(2026, 10, 5),
    times=2,
    state="won",
    amount=Decimal("1200.50"),
    currency="EUR",
    deal_name="Renovación Acme",
    contact_name="Ana Gil",
)
EVA = replace(ANA, contact_id="003B", contact_key="e-key", place=2, contact_name="Eva Ruiz")
OF_HUBSPOT = replace(
    ANA, deal=Ref("hubspot", "deals", "8"), contact_object="contacts", contact_id="5"
)


def report(*proposals: RoleProposal, **more: Any) -> RoleReport:
    links = {("salesforce", "Opportunity", "006A"): "https://acme.example/006A"}
    return RoleReport(FIGURES, proposals, READ, links, **more)


def cells(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "12 of 40 won deals without a contact role (€310,000 and $2,000) could be attributed "
               "(certain: 5, strong: 4, medium: 3). See: crmsync fix roles"),
        ("es", "12 de 40 oportunidades ganadas sin rol de contacto (310.000\u00a0€ y 2000\u00a0US$) se podrían "
               "atribuir (con evidencia segura: 5, fuerte: 4, media: 3). Véase: crmsync fix roles"),
    ],
)  # fmt: skip
def test_an_audit_says_in_a_line_what_could_be_attributed(language: str, said: str) -> None:
    facts = replace(make_facts({}), roles=FIGURES)
    assert said in audit_text(facts, language)
    assert "crmsync fix roles" in audit_markdown(facts, language)


def test_the_report_says_it_where_it_is_about_roles() -> None:
    facts = replace(make_facts({"D06": 2}), roles=FIGURES)
    assert render(facts, "en").count("could be attributed") == 1
    assert "could be attributed" not in render(replace(facts, roles=None), "en")


def test_an_audit_of_deals_that_all_name_somebody_says_nothing_of_it() -> None:
    for figures in (None, RoleFigures(), RoleFigures(deals=3)):
        assert "fix roles" not in audit_text(replace(make_facts({}), roles=figures), "en")


def test_where_nobody_is_known_the_audit_says_that() -> None:
    facts = replace(make_facts({}), roles=RoleFigures(3, 2, DOLLAR))
    assert "says who was on 2 won deals without a contact role ($2,000)" in audit_text(facts, "en")


def test_programs_read_the_figures_of_an_audit() -> None:
    body = json.loads(audit_json(replace(make_facts({}), roles=FIGURES)))["roles"]
    assert (body["won"], body["attributable"]) == (40, {"EUR": 310000.0, "USD": 2000.0})
    assert [each["won"] for each in body["grades"]] == [5, 4, 3, 0]
    assert json.loads(audit_json(make_facts({})))["roles"] is None


def test_currencies_stand_beside_each_other() -> None:
    assert added([EURO, DOLLAR, EURO]) == {"EUR": Decimal(620000), "USD": Decimal(2000)}
    assert added([]) == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_evidence_and_every_step_has_words(language: str) -> None:
    told = [
        (
            reason(replace(ANA, evidence=kind), language),
            step(replace(ANA, step=name, doubt=doubt), language),
        )
        for kind in EVIDENCE
        for name in STEPS
        for doubt in DOUBTS
    ]
    assert not [each for each in told if "{" in "".join(each) or not all(each)]
    assert set(roles_words.GRADES) == set(GRADES)


def test_a_reason_names_the_role_the_day_and_how_often() -> None:
    assert (
        reason(ANA, "en") == "is on the same deal in HubSpot (Decision maker; 2026-10-05; 2 times)"
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_deal_is_told_with_its_proposals_links_and_what_was_not_read(language: str) -> None:
    told = roles_text(report(ANA, EVA), language, unmask=True)
    assert told.count("Renovación Acme") == 1
    for said in (
        "https://acme.example/006A",
        "Ana Gil 003A",
        "Eva Ruiz 003B",
        "HubSpot: ",
        "Salesforce: ",
    ):
        assert said in told


def test_names_are_masked_unless_asked() -> None:
    shown = report(ANA)
    made = [
        roles_text(shown, "en"),
        roles_markdown(shown, "en"),
        roles_csv(shown, "en"),
        roles_json(shown, "en"),
    ]
    assert not [each for each in made if "Gil" in each or "Acme" in each]
    assert "Ana Gil" in roles_csv(shown, "en", unmask=True)


def test_a_workspace_without_such_deals_hears_that() -> None:
    nothing = RoleReport(RoleFigures(), (), READ)
    assert "No deal lacks a contact" in roles_text(nothing, "en")
    assert "No deal lacks a contact" in roles_markdown(nothing, "en")


def test_many_deals_are_cut_short_and_counted() -> None:
    many = [replace(ANA, deal=Ref("salesforce", "Opportunity", f"006{n}")) for n in range(150)]
    assert "110 more deals" in roles_text(report(*many), "en")
    assert "50 more proposals" in roles_markdown(report(*many), "en")


def test_fewer_proposals_than_there_are_is_said() -> None:
    assert "1 of 19 proposals, as asked for:" in roles_text(report(ANA), "en")
    assert "as asked for" not in roles_text(report(*[ANA] * 19), "en")


def test_data_loader_takes_the_list() -> None:
    rows = list_csv(
        report(ANA, EVA, OF_HUBSPOT, accepted="strong", role="Business User"), "dataloader"
    )
    assert rows == (
        "OpportunityId,ContactId,Role,IsPrimary\r\n"
        "006A,003A,Business User,TRUE\r\n"
        "006A,003B,Business User,FALSE\r\n"
    )


def test_hubspot_takes_the_list() -> None:
    rows = list_csv(report(ANA, OF_HUBSPOT, accepted="strong"), "hubspot")
    assert rows == "Deal Record ID,Contact Record ID\r\n8,5\r\n"


@pytest.mark.parametrize("undone", [name for name in STEPS if name != "add"])
def test_what_has_to_be_done_first_is_in_no_list(undone: Any) -> None:
    rows = list_csv(report(replace(ANA, step=undone), EVA), "dataloader")
    assert rows.splitlines()[1:] == ["006A,003B,,TRUE"]


def test_two_orgs_are_not_mixed_in_one_list() -> None:
    other = replace(ANA, deal=Ref("second", "Opportunity", "006A"))
    with pytest.raises(CrmsyncError, match="one system") as refused:
        list_csv(report(ANA, other), "dataloader")
    assert "--system second" in refused.value.remedy


HOSTILE: Sequence[str] = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2", "\t=1", "a;=1+1")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_runs_in_a_spreadsheet(text: str) -> None:
    evil = replace(
        ANA, deal=Ref("salesforce", "Opportunity", text), contact_id=text, contact_key=text, said=text,
        deal_name=text, contact_name=text, currency=text,
    )  # fmt: skip
    shown = report(evil, accepted="strong", role=text)
    rows = [*cells(roles_csv(shown, "en", unmask=True))]
    rows += [
        *cells(list_csv(shown, "dataloader")),
        *cells(roles_csv(shown, "es", unmask=True), ";"),
    ]
    book = load_workbook(io.BytesIO(roles_xlsx(shown, "en", unmask=True)))
    values = [str(c.value or "") for sheet in book for line in sheet.iter_rows() for c in line]
    values += [cell for row in rows for cell in row.values()]
    assert not [each for each in values if each.lstrip(' "')[:1] in "=+@\t\r" and each]
    assert not [
        c for sheet in book for line in sheet.iter_rows() for c in line if c.data_type == "f"
    ]


def test_no_name_breaks_a_table_or_a_terminal() -> None:
    evil = replace(ANA, deal_name="a|b <script> \x1b[31m", contact_name="[x](http://y.example)")
    told = roles_markdown(report(evil), "en", unmask=True)
    assert "a|b" not in told
    assert "<script>" not in told
    assert "\x1b" not in told + roles_text(report(evil), "en", unmask=True)


def test_the_workbook_has_a_sheet_for_each_list_that_was_accepted() -> None:
    names = load_workbook(
        io.BytesIO(roles_xlsx(report(ANA, OF_HUBSPOT, accepted="strong"), "en"))
    ).sheetnames
    assert names == ["Summary", "Proposals", *LISTS]
    assert load_workbook(io.BytesIO(roles_xlsx(report(ANA), "en"))).sheetnames == [
        "Summary",
        "Proposals",
    ]


@pytest.mark.parametrize(
    ("language", "sheet", "heads"),
    [
        ("en", "Proposals", ("How sure", "What to do")),
        ("es", "Propuestas", ("Seguridad", "Qué hacer")),
    ],
)
def test_the_workbook_is_in_the_words_of_its_reader_and_the_lists_in_those_of_the_crm(
    language: str, sheet: str, heads: tuple[str, ...]
) -> None:
    book = load_workbook(io.BytesIO(roles_xlsx(report(ANA, accepted="strong"), language)))
    head, row = book[sheet].iter_rows(values_only=True)
    assert set(heads) <= set(head)
    assert not set(head) & (set(COLUMNS) - {"link"})
    assert len(set(head)) == len(COLUMNS)
    assert STATES[ANA.state] in row or language == "es"
    listed = next(book["dataloader"].iter_rows(values_only=True))
    assert listed == ("OpportunityId", "ContactId", "Role", "IsPrimary")
    assert roles_csv(report(ANA), language).removeprefix("\ufeff").startswith("system")


def test_programs_read_proposals_with_their_evidence() -> None:
    body = json.loads(roles_json(report(ANA, accepted="strong"), "en"))
    (row,) = body["proposals"]
    assert (body["accepted"], row["amount"], row["currency"]) == ("strong", 1200.5, "EUR")
    assert (row["evidence_system"], row["evidence_object"], row["evidence_id"]) == (
        "hubspot",
        "deals",
        "7",
    )
    assert body["figures"]["not_read"][0] == {"system": "hubspot", "what": "activity"}
