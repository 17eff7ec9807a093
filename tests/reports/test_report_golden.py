"""What a reader gets, whole, in both languages; the golden files are reviewed as code."""

from __future__ import annotations

import json

import pytest
from report_samples import header, lines, telling, view, view_stats
from syrupy.assertion import SnapshotAssertion

from crmsync.reports.as_json import audit_json, impact_json
from crmsync.reports.as_junit import audit_junit
from crmsync.reports.as_markdown import audit_markdown
from crmsync.reports.diff_markdown import render as diff_markdown
from crmsync.reports.diff_text import diff_text
from crmsync.reports.facts import Impact, ReportFacts
from crmsync.reports.html import render
from crmsync.reports.text import audit_text, explain_text, plan_text, view_text
from crmsync.reports.view_stats import stats_text

BOTH = pytest.mark.parametrize("language", ["en", "es"])


@BOTH
def test_the_audit_page(facts: ReportFacts, language: str, snapshot: SnapshotAssertion) -> None:
    body = render(facts, language).partition("</style>")[2]
    assert body == snapshot


@BOTH
def test_the_audit_in_text(facts: ReportFacts, language: str, snapshot: SnapshotAssertion) -> None:
    assert audit_text(facts, language) == snapshot


@BOTH
def test_the_audit_in_markdown(
    facts: ReportFacts, language: str, snapshot: SnapshotAssertion
) -> None:
    assert audit_markdown(facts, language) == snapshot


@BOTH
def test_the_mapping_change_in_markdown(
    impact: Impact, language: str, snapshot: SnapshotAssertion
) -> None:
    assert diff_markdown(impact, language) == snapshot


@BOTH
def test_the_mapping_change_in_text(
    impact: Impact, language: str, snapshot: SnapshotAssertion
) -> None:
    assert diff_text(impact, language) == snapshot


@BOTH
def test_the_plan_in_text(language: str, snapshot: SnapshotAssertion) -> None:
    assert plan_text(header(), iter(lines()), language, 3) == snapshot


@BOTH
def test_the_customer_in_text(language: str, snapshot: SnapshotAssertion) -> None:
    assert view_text(view(), language) == snapshot


@BOTH
def test_why_a_value_is_what_it_is(language: str, snapshot: SnapshotAssertion) -> None:
    assert explain_text(view(), telling(language)) == snapshot


@BOTH
def test_all_that_is_known_of_a_value(language: str, snapshot: SnapshotAssertion) -> None:
    assert explain_text(view(), telling(language), "phone") == snapshot


@BOTH
def test_how_far_customers_agree(language: str, snapshot: SnapshotAssertion) -> None:
    assert stats_text(view_stats(), language) == snapshot


def test_the_audit_in_json(facts: ReportFacts, snapshot: SnapshotAssertion) -> None:
    assert json.loads(audit_json(facts)) == snapshot


def test_the_mapping_change_in_json(impact: Impact, snapshot: SnapshotAssertion) -> None:
    assert json.loads(impact_json(impact)) == snapshot


def test_the_audit_in_junit(facts: ReportFacts, snapshot: SnapshotAssertion) -> None:
    assert audit_junit(facts.results, "es", "error") == snapshot
