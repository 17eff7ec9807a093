"""The score in every form: with its word, its areas, what blocks beside it, and what mending gives back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from reports.report_samples import make_facts

from crmsync.commands.rendering import gate_code, told_below
from crmsync.errors import ExitCode
from crmsync.reports.as_json import audit_json
from crmsync.reports.facts import ReportFacts
from crmsync.reports.html import render
from crmsync.reports.score import score_in, tone_of
from crmsync.reports.text import audit_text


def facts(n: int, of: int, *, blocking: bool = False) -> ReportFacts:
    """A report of one audit that counts."""
    made = make_facts({"D06": n}, of)
    first, unchecked = made.results
    audit = replace(first.audit, severity="error", blocking=blocking)
    return replace(made, results=(replace(first, audit=audit), unchecked))


def test_a_terminal_reads_the_number_its_word_and_the_areas() -> None:
    told = audit_text(facts(5, 100), "en")
    assert "Score: 86 of 100, needs work" in told
    assert "Roles, ties and owners 86" in told
    assert "+14 points" in told
    assert "BLOCKED" not in told
    assert "Puntuación: 86 de 100, mejorable" in audit_text(facts(5, 100), "es")


def test_a_blocker_is_said_beside_a_number_that_it_does_not_change() -> None:
    free, blocked = facts(5, 100), facts(5, 100, blocking=True)
    told = audit_text(blocked, "en")
    assert "Score: 86 of 100" in told
    assert "BLOCKED by D06" in told
    scores = [json.loads(audit_json(each))["score"] for each in (free, blocked)]
    assert scores[0]["overall"] == scores[1]["overall"]
    assert [each["blocked"] for each in scores] == [[], ["D06"]]


def test_some_selected_audits_have_no_score() -> None:
    chosen = replace(facts(5, 100), selected=True)
    assert "Score" not in audit_text(chosen, "en")
    assert json.loads(audit_json(chosen))["score"] is None
    assert 'class="score"' not in render(chosen, "en")


def test_the_page_shows_a_gauge_that_a_screen_reader_reads() -> None:
    page = render(facts(5, 100), "en")
    assert 'aria-label="86 of 100"' in page
    assert "<dt>Gives back</dt><dd>+14 points</dd>" in page
    assert "mejorable" in render(facts(5, 100), "es")


@pytest.mark.parametrize(("least", "code"), [(None, 0), (86, 0), (87, 4)])
def test_a_gate_goes_by_the_number_that_is_shown(least: int | None, code: int) -> None:
    assert gate_code(facts(5, 100), None, least) == code


def test_a_gate_that_is_not_passed_says_the_number_that_was_compared() -> None:
    shown = facts(5, 100)
    assert told_below(shown, 87, "en") == "Score 86, below the minimum 87"
    assert told_below(shown, 87, "es") == "Puntuación 86, inferior al mínimo 87"
    assert told_below(shown, 86, "en") == told_below(shown, None, "en") == ""
    nothing = replace(shown, results=())
    assert told_below(nothing, 0, "en") == "No score, so the minimum 0 is not reached"


def test_a_gate_is_not_passed_by_what_could_not_be_asked() -> None:
    assert gate_code(replace(facts(5, 100), results=()), None, 0) is ExitCode.GATE_FAILED


def test_nothing_asked_is_no_score() -> None:
    assert score_in(replace(facts(5, 100), results=())) is None


@pytest.mark.parametrize(
    ("points", "tone"), [(49.4, "error"), (49.6, "warning"), (89.4, "warning"), (90, "good")]
)
def test_the_word_is_that_of_the_number_shown(points: float, tone: str) -> None:
    assert tone_of(points) == tone


def test_a_later_audit_says_what_became_of_the_score() -> None:
    first = facts(5, 100)
    at = first.made_at - timedelta(days=7)
    assert "(▲ +14 since " in audit_text(replace(first, scores=((at, 71.7),)), "en")
    assert "(▼ -4 since " in audit_text(replace(first, scores=((at, 90.0),)), "en")
    assert "(= since " in audit_text(replace(first, scores=((at, 86.4),)), "en")
    assert "since" not in audit_text(first, "en").split("\n\n")[1]


def test_the_page_draws_the_last_scores_and_says_them_as_a_table() -> None:
    first = facts(5, 100)
    assert "<polyline" not in render(first, "en")
    times = [first.made_at - timedelta(days=days) for days in (14, 7)]
    page = render(replace(first, scores=((times[0], 0.0), (times[1], 100.0))), "en")
    assert 'points="0.0,30.0 50.0,0.0 100.0,4.1"' in page
    assert page.count('<td class="right num">') >= 3
    body = json.loads(audit_json(replace(first, scores=((times[0], 12.5),))))["score"]
    assert body["earlier"] == [{"at": times[0].isoformat(), "overall": 12.5}]
