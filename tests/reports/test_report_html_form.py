"""The HTML report is one well-formed, accessible file that loads and runs nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from report_page import Page
from report_samples import make_facts

import crmsync.reports
from crmsync.reports.facts import ReportFacts
from crmsync.reports.html import render

CSS = Path(crmsync.reports.__file__).parent / "templates" / "report.css"
LOADING = {"script", "iframe", "object", "embed", "link", "img", "base", "form", "video", "audio"}


@pytest.fixture(params=["en", "es"])
def page(request: pytest.FixtureRequest, facts: ReportFacts) -> Page:
    return Page(render(facts, request.param))


def test_every_element_is_closed_in_order(page: Page) -> None:
    assert not page.wrong
    assert not page.open


def test_the_language_is_declared(facts: ReportFacts) -> None:
    for language in ("en", "es"):
        assert Page(render(facts, language)).all("html") == [{"lang": language}]


def test_there_is_one_h1_and_no_heading_level_is_skipped(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_head_a_scope(page: Page) -> None:
    tables = len(page.all("table"))
    assert tables >= 7
    assert len(page.all("caption")) == tables
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))


def test_every_drawing_is_named(page: Page) -> None:
    drawings = page.all("svg")
    assert drawings
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in drawings)
    assert len(page.all("title")) == len(drawings) + 1


def test_every_id_is_unique_and_every_inner_link_leads_somewhere(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {href[1:] for a in page.all("a") if (href := a.get("href") or "").startswith("#")}
    named = {attrs["aria-labelledby"] for _, attrs in page.elements if "aria-labelledby" in attrs}
    assert targets
    assert (targets | named) <= set(ids)


def test_nothing_is_loaded_and_nothing_runs(page: Page) -> None:
    assert not LOADING & {tag for tag, _ in page.elements}
    attributes = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name == "src"}
    assert "url(" not in CSS.read_text(encoding="utf-8")
    assert "@import" not in CSS.read_text(encoding="utf-8")


def test_the_policy_forbids_everything_but_inline_style(page: Page) -> None:
    policies = [m["content"] or "" for m in page.all("meta") if "http-equiv" in m]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policies[0]


def test_links_lead_to_both_crms(page: Page) -> None:
    links = [a["href"] or "" for a in page.all("a")]
    assert any(link.startswith("https://salesforce.example.com/") for link in links)
    assert any(link.startswith("https://hubspot.example.com/") for link in links)


def test_an_audit_that_was_not_run_is_named_with_its_reason(page: Page) -> None:
    assert "L09" in page.texts
    assert any("status (conta" in text and "HubSpot" in text for text in page.texts)


def test_thousands_of_findings_stay_under_a_megabyte() -> None:
    counts = dict.fromkeys(("G02", "C05", "M01", "D06", "D10"), 1000)
    text = render(make_facts(counts), "es")
    assert len(text.encode()) < 1_000_000
    assert "Hay 980 hallazgos más en el archivo CSV." in text


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TONES = ("error", "warning", "info", "good")
PAIRS = [
    *((text, ground) for text in ("ink", "soft", "link", *TONES) for ground in ("paper", "card")),
    *((text, f"{tone}-tint") for tone in TONES for text in (tone, "ink")),
    *((tone, f"{ground}-tint") for tone in TONES for ground in ("error", "warning", "good")),
]


@pytest.mark.parametrize("scheme", range(3), ids=["light", "dark", "print"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str, scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    colours = _variables([block for block in blocks if "--ink" in block][scheme])
    assert _contrast(colours[text], colours[ground]) >= 4.5


def test_a_field_of_a_row_is_called_what_the_mapping_calls_it_in_spanish() -> None:
    facts = make_facts({"C05": 1})
    (result, *rest) = facts.results
    place = (result.findings[0].entity, str(result.findings[0].field))
    named = replace(result, titles={place: {"en": "Work e-mail", "es": "Correo del trabajo"}})
    page = render(replace(facts, results=(named, *rest)), "es")
    assert "<td><bdi>correo del trabajo</bdi></td>" in page


def test_a_logo_is_a_picture_inside_the_file_and_nothing_else_is_taken_for_one(
    facts: ReportFacts,
) -> None:
    picture = "data:image/png;base64,iVBORw0KGgo="
    (image,) = Page(render(replace(facts, logo=picture), "en")).all("img")
    assert image == {"class": "logo", "src": picture, "alt": ""}
    for other in (
        "https://evil.example/a.png",
        "data:text/html;base64,AA==",
        picture + '" onload="',
    ):
        assert not Page(render(replace(facts, logo=other), "en")).all("img")
