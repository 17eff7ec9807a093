"""A finding about a field, an automation or a user is shown by its name, and opens no record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from reports.report_audits import audit
from reports.report_samples import deep_link, make_facts

from crmsync.core.auditing import AuditResult, Finding, blocked_keys
from crmsync.reports.as_csv import findings_csv
from crmsync.reports.as_json import audit_json
from crmsync.reports.facts import ReportFacts
from crmsync.reports.html import render
from crmsync.reports.text import audit_text

NAMES = ("Shoe_Size__c", "Phone_Extra__c")


@pytest.fixture
def facts() -> ReportFacts:
    """Two fields that hardly anybody fills."""
    of = replace(audit("D10"), id="F01", entity="field", blocking=True)
    found = tuple(
        Finding("F01", of.severity, "field", "salesforce", "Contact", name, None, name, "3 / 1000")
        for name in NAMES
    )
    return replace(make_facts({}), results=(AuditResult(of, found, 40),), links=deep_link)


def test_the_page_names_the_field_and_links_nowhere(facts: ReportFacts) -> None:
    page = render(facts, "en")
    assert "Contact Shoe_Size__c" in page
    assert "3 / 1000" in page
    assert "example.com/Contact" not in page


def test_csv_and_json_have_its_name_and_no_link(facts: ReportFacts) -> None:
    assert "Shoe_Size__c,,Shoe_Size__c,3 / 1000,," in findings_csv(facts)
    (told,) = json.loads(audit_json(facts))["audits"]
    assert [(each["id"], each["links"]) for each in told["findings"]] == [(n, []) for n in NAMES]
    assert [each["detail"] for each in told["findings"]] == ["3 / 1000"] * 2


def test_the_terminal_names_them(facts: ReportFacts) -> None:
    assert "field Phone_Extra__c 1, field Shoe_Size__c 1" in audit_text(facts, "en")


def test_no_customer_is_kept_out_of_a_sync_by_it(facts: ReportFacts) -> None:
    assert blocked_keys(facts.results) == {}
