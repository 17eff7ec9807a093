"""Whatever a CRM holds: no script, no formula, no mention, no terminal trick, no name in the open."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_audits import audit
from report_page import Page
from report_samples import make_facts

from crmsync.core.auditing import AuditResult, Finding
from crmsync.core.profile import (
    AgeCounts,
    DataProfile,
    DuplicateCounts,
    FieldAgreement,
    OwnerCounts,
    StageGap,
    StageMoves,
)
from crmsync.core.stage_counts import CrossTable, LifecycleFigures, StageCount
from crmsync.reports.as_csv import COLUMNS, disarmed, findings_csv
from crmsync.reports.as_json import audit_json
from crmsync.reports.as_junit import audit_junit
from crmsync.reports.as_markdown import audit_markdown
from crmsync.reports.cleaning import clean, clean_lines, safe_link
from crmsync.reports.escaping import code, escaped
from crmsync.reports.facts import Completeness, ReportFacts
from crmsync.reports.html import render
from crmsync.reports.text import audit_text

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE contact; --",
    "{{ 7 * 7 }} {% raw %} {0} {x}",
    "abc\u202egnp.exe\u202c",
    "\x1b[2J\x1b]8;;http://evil.example\x07",
    "\ud800 lone surrogate \x00\ufffe",
    "]]> --> <!-- </style></title>",
    "a" * 10_000_000,
]


def hostile(text: str) -> ReportFacts:
    """Facts with the text wherever a CRM, a file or a person may have put it."""
    finding = Finding(
        "C05", "error", "contact", "salesforce", "Contact", text, text, "stage", text, 1.0
    )
    wicked = replace(
        audit("C05"),
        summary={"en": text, "es": text},
        why={"en": text, "es": text},
        remedy={"en": text, "es": text},
        query=text,
        category=text,
    )
    unchecked = AuditResult(audit("L09"), (), None, text)
    return replace(
        make_facts({}),
        title=text,
        run=text,
        version=text,
        mapping_digest=text,
        results=(AuditResult(wicked, (finding,), 10), unchecked),
        labels={("salesforce", "Contact", text): text},
        links=lambda *_: "javascript:alert(1)",
        completeness=(Completeness(text, text, "salesforce", 1, 2, {"es": text}, text),),
        lifecycle=LifecycleFigures(
            (StageCount(text, 1, {"hubspot": 1}),),
            0,
            (CrossTable("hubspot", "salesforce", (text,), (text,), {(text, text): 1}),),
        ),
        profile=hostile_profile(text),
    )


def hostile_profile(text: str) -> DataProfile:
    """Counts of fields, stages and pipelines that somebody called like this."""
    return DataProfile(
        agreement=(FieldAgreement(text, text, "hubspot", "salesforce", 1, 1, 1, 1),),
        moves=(StageMoves("hubspot", (text,), {(text, text): 1}),),
        gaps=(StageGap("salesforce", text, text, 2, 1),),
        duplicates=(DuplicateCounts(text, False),),
        ages=(AgeCounts(text, "hubspot", (1, 0, 0, 0)),),
        owners=(
            OwnerCounts(text, text, "hubspot", 1, 1),
            OwnerCounts(text, "owner", "hubspot", 1, 1),
        ),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_value_cannot_leave_its_place_in_the_page(text: str) -> None:
    harmless = Page(render(hostile("plain"), "en"))
    for unmask in (False, True):
        shown = render(hostile(text), "en", unmask=unmask)
        page = Page(shown)
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in harmless.elements]
        assert not page.wrong
        assert len(shown) < 100_000
        assert not any("\u202e" in each or "\x1b" in each for each in page.texts)
        assert "javascript:" not in shown
        shown.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_every_other_format_stays_what_it_is(text: str) -> None:
    facts = hostile(text)
    assert json.loads(audit_json(facts, unmask=True))["format_version"] == "1.4"
    rows = list(csv.reader(io.StringIO(findings_csv(facts, unmask=True).lstrip("\ufeff"))))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    assert ElementTree.fromstring(audit_junit(facts.results, "es")).tag == "testsuites"
    assert "<script" not in audit_markdown(facts, "es")
    assert "\x1b" not in audit_text(facts, "en")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        '"=1',
        "＝1",
        "ok;=1+1",
        'ok;"=1',
        "a, @b",
    ],
)
def test_no_cell_starts_a_formula_under_either_separator(text: str) -> None:
    for delimiter in (",", ";"):
        written = findings_csv(hostile(text), unmask=True, delimiter=delimiter)
        assert written.startswith("\ufeff")
        for other in (",", ";"):
            for row in list(csv.reader(io.StringIO(written[1:]), delimiter=other))[1:]:
                assert not [
                    c for c in row if c.lstrip(" \"'\t")[:1] in tuple("=+-@＝") and "'" not in c
                ]


_PARTS = ("a", "a;", "1,", "=", "+", "-", "@", ";", " ", "'", '"', "\t", "\u200b")


@given(st.lists(st.sampled_from(_PARTS), max_size=6).map("".join))
def test_a_cell_is_harmless_however_it_begins(text: str) -> None:
    shown = disarmed(text)
    assert not re.match(r"[\s\"]*[=+\-@]", shown)
    assert not re.search(r"[;,][\s\"]*[=+\-@]", shown)
    assert shown == clean(shown, 99)


@given(st.from_regex(r"[a-zA-Z0-9](?: ?[a-zA-Z0-9=+@./:_-])*", fullmatch=True))
def test_a_cell_without_tricks_stays_as_it_is(text: str) -> None:
    assert disarmed(text) == text


def test_ordinary_cells_stay_as_they_are() -> None:
    facts = make_facts({"M01": 1})
    row = next(csv.DictReader(io.StringIO(findings_csv(facts)[1:])))
    assert row == {
        "audit": "M01",
        "severity": "warning",
        "system": "hubspot",
        "object": "companys",
        "id": "00000",
        "key": "",
        "field": "domain",
        "detail": "empresa0.example",
        "amount": "12500.00",
        "responsible": "",
        "new": "",
        "link": "https://hubspot.example.com/companys/00000",
    }


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "http://",
        "https://user:pass@evil.example/",
        "https://a.example/ b",
        "https://a.example\\@evil.example",
        "java\tscript:alert(1)",
        "http://[::1",
        "https://a.example/" + "x" * 3000,
        "",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert safe_link(url) is None


def test_a_deep_link_is_kept_as_it_is() -> None:
    url = "https://acme.lightning.force.example/lightning/r/Contact/003/view?a=1&b=2"
    assert safe_link(url) == url


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 500, 10) == "x" * 10 + "…"
    assert clean("short", 10) == "short"
    assert clean_lines("a\n\tb\x1b", 99) == "a\n    b"


def test_markdown_values_cannot_mention_link_or_format() -> None:
    shown = escaped(
        "@octocat #12 [x](http://a.example) **b** `c` a|b <b> https://x.example www.x.example"
    )
    assert "@octocat" not in shown
    assert "http://" not in shown
    assert "https://" not in shown
    assert "www.x" not in shown
    assert "<b>" not in shown
    assert "\\[x\\](" in shown
    assert "a\\|b" in shown
    assert code("a`b|c") == "`aˋb¦c`"
