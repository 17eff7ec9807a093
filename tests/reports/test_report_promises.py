"""What the reports promise beside their form: verdicts, limits, order, colours."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from report_audits import audit, findings
from report_samples import header, lines, make_facts, view

from crmsync.core.auditing import AuditResult
from crmsync.core.planning import Line
from crmsync.reports.as_csv import COLUMNS, findings_csv
from crmsync.reports.as_json import audit_json
from crmsync.reports.as_junit import audit_junit
from crmsync.reports.diff_markdown import MOST, marker
from crmsync.reports.diff_markdown import render as diff_markdown
from crmsync.reports.diff_text import diff_text
from crmsync.reports.explain_text import Telling
from crmsync.reports.facts import FieldChange, Impact, ReportFacts, Risk, addresses_of
from crmsync.reports.html import render
from crmsync.reports.page import samples_each
from crmsync.reports.plan_text import plan_counts
from crmsync.reports.terminal import columns, wants_colour
from crmsync.reports.text import audit_text, explain_text, plan_text, view_text
from crmsync.reports.verdict import readiness
from crmsync.reports.words import DETAILS, SYSTEMS, why_unchecked


def test_a_finding_of_a_blocking_audit_means_not_ready() -> None:
    results = make_facts({"G02": 1, "C05": 0}).results
    ready = readiness(results)
    assert ready.state == "not_ready"
    assert [result.audit.id for result in ready.blocking] == ["G02"]


def test_findings_that_block_nothing_leave_it_ready() -> None:
    assert readiness(make_facts({"C05": 0, "D06": 9}).results).state == "ready"


@pytest.mark.parametrize(
    "results",
    [
        (),
        (AuditResult(audit("D06"), ()),),
        (AuditResult(audit("C05"), ()), AuditResult(audit("G02"), (), None, "no snapshot")),
    ],
    ids=["nothing run", "nothing that blocks", "one not checked"],
)
def test_what_was_not_checked_is_never_called_ready(results: tuple[AuditResult, ...]) -> None:
    assert readiness(results).state == "unknown"
    page = render(replace(make_facts({}), results=results), "en")
    assert "<h2>Not known whether a sync is safe</h2>" in page


def test_what_is_not_known_is_named_with_the_reason() -> None:
    results = (AuditResult(audit("G02"), (), None, "hubspot:contact.opted_out"),)
    said = audit_text(replace(make_facts({}), results=results), "en")
    assert "1 audit that could block a sync could not be asked" in said
    assert "G02 (" in said
    assert "Not in the data that was read: opted out (contact) in HubSpot." in said


def test_nothing_was_written_is_said_only_where_it_is_true(facts: ReportFacts) -> None:
    assert "Nothing was written" in render(facts, "en")
    wrote = render(replace(facts, wrote=True), "en")
    assert "Nothing was written" not in wrote
    assert "This run wrote to a CRM" in wrote


def test_sections_without_facts_are_left_out(facts: ReportFacts) -> None:
    bare = render(replace(facts, plan=None, completeness=()), "en")
    assert 'id="plan"' not in bare
    assert 'id="completeness"' not in bare
    assert 'id="plan"' in render(facts, "en")


def test_many_audits_share_the_room_for_samples() -> None:
    result = AuditResult(audit("C05"), findings("C05", 1))
    assert samples_each([result] * 10) == 20
    assert samples_each([result] * 200) == 6
    assert samples_each([result] * 9000) == 3


def test_the_same_facts_give_the_same_bytes(facts: ReportFacts) -> None:
    assert render(facts, "es") == render(facts, "es")
    assert audit_json(facts) == audit_json(facts)


def test_the_csv_has_every_finding_and_the_agreed_columns(facts: ReportFacts) -> None:
    written = findings_csv(facts).splitlines()
    assert written[0] == "\ufeff" + ",".join(COLUMNS)
    assert len(written) == 1 + sum(len(result.findings) for result in facts.results)


def test_a_spanish_csv_keeps_its_head_and_says_the_rest_in_words() -> None:
    facts = make_facts({"M01": 1}, 9)
    (result, *rest) = facts.results
    said = replace(result.findings[0], detail="no contact", amount=1200.5)
    facts = replace(facts, results=(replace(result, findings=(said,)), *rest))
    head, row = findings_csv(facts, delimiter=";", language="es").splitlines()
    assert head == "\ufeff" + ";".join(COLUMNS)
    cells = dict(zip(COLUMNS, row.split(";"), strict=True))
    assert cells["severity"] == "Advertencia"
    assert cells["detail"] == "sin contacto"
    assert cells["amount"] == "1200,50"
    english = findings_csv(facts).splitlines()[1].split(",")
    assert (english[1], english[7], english[8]) == ("warning", "no contact", "1200.50")


def test_junit_has_one_case_an_audit_and_fails_at_the_gate_only(facts: ReportFacts) -> None:
    suite = ElementTree.fromstring(audit_junit(facts.results, "en", "error"))[0]
    cases = {case.get("name", "")[:3]: [child.tag for child in case] for case in suite}
    assert len(cases) == len(facts.results)
    assert cases["C05"] == ["failure"]
    assert cases["M01"] == ["system-out"]
    assert cases["D10"] == []
    assert cases["L09"] == ["skipped"]
    assert suite.get("failures") == str(sum("failure" in each for each in cases.values()))


def test_a_huge_change_stays_under_the_limit_of_a_comment(impact: Impact) -> None:
    changes = tuple(
        FieldChange("contact", f"f{n}", "type", "x" * 300, "`|" * 99) for n in range(3000)
    )
    risks = tuple(
        Risk("orange", "R401", "New field {field}.", {"field": "y" * 900}) for _ in range(900)
    )
    text = diff_markdown(
        replace(impact, changes=changes, risks=risks, samples=impact.samples * 500), "es"
    )
    assert len(text) <= MOST
    assert "cambios más" in text


def test_the_comment_can_be_found_again(impact: Impact) -> None:
    first = diff_markdown(impact, "en").splitlines()[0]
    assert first == diff_markdown(replace(impact, verdict="none"), "es").splitlines()[0]
    assert first == "<!-- crmsync:mapping-diff:aurora -->"
    assert "-->" not in marker("x --> y")[:-3]


def test_unmeasured_is_said_and_shows_no_numbers(impact: Impact) -> None:
    bare = replace(impact, evidence="structural", before=None, after=None, snapshots={}, records={})
    for text in (diff_markdown(bare, "en"), diff_text(bare, "en")):
        assert "Structural only" in text
        assert "writes to" not in text


def test_a_sample_says_how_much_of_the_snapshot_it_is(impact: Impact) -> None:
    sampled = replace(impact, evidence="sampled", sampled=(5000, 48112))
    assert "Sampled: 5,000 of 48,112 records" in diff_text(sampled, "en")


def test_samples_can_be_left_out_of_a_public_comment(impact: Impact) -> None:
    assert "<details>" in diff_markdown(impact, "en")
    assert "<details>" not in diff_markdown(impact, "en", samples=False)


def test_a_plan_is_counted_in_one_pass() -> None:
    counted = plan_counts(iter(lines()))
    assert (counted.updates, counted.creates) == ({"hubspot": 1}, {"hubspot": 1})
    assert (counted.links, counted.conflicts, counted.blanks, counted.held) == (1, 1, 1, 1)


def test_a_plan_shows_as_many_samples_as_asked() -> None:
    changes: list[Line] = [line for line in lines() if line.__class__.__name__ == "Change"] * 4
    assert plan_text(header(), changes, "en", 0).count("7001") == 0
    assert plan_text(header(), changes, "en", 3).count("7001") == 2


def test_an_empty_plan_says_that_nothing_is_to_be_written() -> None:
    assert "Records to write" in plan_text(replace(header(), breaches=()), [], "en")


def test_a_customer_is_masked_unless_asked() -> None:
    assert "ana.soto@example.com" not in view_text(view(), "en")
    assert "ana.soto@example.com" in view_text(view(), "en", unmask=True)
    assert "+34600999999" not in explain_text(view(), Telling("en"), "phone")
    assert "+34600999999" in explain_text(view(), Telling("en", unmask=True), "phone")


def test_a_field_nobody_has_is_not_explained() -> None:
    assert explain_text(view(), Telling("en"), "shoe_size") == ""


def test_colours_are_only_for_terminals_that_want_them(facts: ReportFacts) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wants_colour(Terminal(), {"TERM": "xterm"})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert not wants_colour(Terminal(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
    assert "\x1b[" not in audit_text(facts, "en")
    assert "\x1b[31m" in audit_text(facts, "en", colours=True)


def test_columns_line_up_whatever_the_script() -> None:
    assert columns([("名前", "1"), ("n\u0301ame", "22")], frozenset({1})) == [
        "名前   1",
        "n\u0301ame  22",
    ]


def test_the_words_of_the_reference_audits_are_translated() -> None:
    folder = Path(__file__).parents[2] / "audits"
    queries = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))]
    cases = [
        case
        for query in queries
        for case in re.findall(r"CASE\b(?:(?!END AS).)*END AS detail", query, re.S)
    ]
    said = {text for case in cases for text in re.findall(r"(?:THEN|ELSE)\s+'([^']+)'", case)}
    assert said
    assert not said - set(DETAILS) - set(SYSTEMS)


def test_a_finding_about_a_customer_links_to_all_its_records() -> None:
    facts = make_facts({"G02": 1})
    finding = facts.results[0].findings[0]
    both = (("hubspot", "contacts", "7000"), ("salesforce", "Contact", "003000"))
    assert addresses_of(facts, finding) == both
    named = replace(finding, system="salesforce", object="Contact", id="003000")
    assert addresses_of(facts, named) == (both[1], both[0])


def test_a_reason_that_is_a_sentence_is_shown_as_it_is() -> None:
    assert why_unchecked("The query failed.", "es") == "The query failed."
    assert why_unchecked("association, contact.email", "es").startswith(
        "Falta en los datos: association y email (contacto)."
    )
