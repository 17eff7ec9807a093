"""The score as people and programs read it: one number, the areas below, and what mending an audit would give back.

Where only some audits were asked for, there is none: it would be the score of a choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crmsync.core.scoring import AreaScore, Score, score_of, whole_points
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import ReportFacts
from crmsync.reports.numbers import day, instant, number, quantity, signed
from crmsync.reports.terminal import painted
from crmsync.reports.words import CATEGORIES, joined, named

GOOD, POOR = 90, 50
BANDS: Mapping[str, str] = {
    "good": N_("good"),
    "warning": N_("needs work"),
    "error": N_("poor"),
}
"""What a score is called, by the tone it is shown in."""
AREAS: Mapping[str, str] = {**CATEGORIES, "roles": N_("Roles, ties and owners")}
_LEAST_GAIN = 0.5


def score_in(facts: ReportFacts) -> Score | None:
    """The score of a whole audit; None of some selected audits, and where nothing that counts could be asked."""
    score = None if facts.selected else score_of(facts.results)
    return score if score is not None and score.overall is not None else None


def tone_of(points: float) -> str:
    """`good` from 90 on, `error` below 50, else `warning`."""
    shown = whole_points(points)
    return "good" if shown >= GOOD else "error" if shown < POOR else "warning"


def headline_of(score: Score, language: str) -> str:
    """72 of 100, needs work."""
    points = score.overall or 0.0
    said = translate("{points} of 100, {band}", language)
    band = translate(BANDS[tone_of(points)], language)
    return said.format(points=number(whole_points(points), language), band=band)


def blocked_text(score: Score, language: str) -> str:
    """BLOCKED, what by, and what a sync still writes; "" where nothing is. The number stays as it is."""
    if not score.blocked:
        return ""
    said = translate(
        "BLOCKED by {audits}: a sync writes nothing but consent to these customers, unless the same plan settles what "
        "was found",
        language,
    )
    return said.format(audits=joined([clean(each, 20) for each in score.blocked], language))


def below_text(facts: ReportFacts, minimum: int | None, language: str) -> str:
    """That the number shown is below a minimum, or that there is none to compare; "" where it is not."""
    if minimum is None:
        return ""
    score = score_in(facts)
    if score is None:
        said = translate(N_("No score, so the minimum {minimum} is not reached"), language)
        return said.format(minimum=number(minimum, language))
    points = whole_points(score.overall or 0.0)
    said = translate(N_("Score {points}, below the minimum {minimum}"), language)
    shown = said.format(points=number(points, language), minimum=number(minimum, language))
    return shown if points < minimum else ""


def areas_of(score: Score) -> list[AreaScore]:
    """The areas that have points."""
    return [each for each in score.areas if each.points is not None]


def area_name(area: AreaScore, language: str) -> str:
    """What an area is called."""
    return named(AREAS, area.area, language)


def gains_of(score: Score | None, language: str) -> dict[str, str]:
    """`+4 points` by audit, of those whose mending gives back half a point or more."""
    audits = score.audits if score else ()
    return {
        each.audit: "+" + quantity("{n} point", "{n} points", max(1, round(each.gain)), language)
        for each in audits
        if each.gain >= _LEAST_GAIN
    }


def step_text(facts: ReportFacts, score: Score, language: str) -> str:
    """(▲ +4 since November 2): what became of the score since the last audit that was made of the same."""
    if not facts.scores or score.overall is None:
        return ""
    at, before = facts.scores[-1]
    step = whole_points(score.overall) - whole_points(before)
    mark = "▲ " if step > 0 else "▼ " if step < 0 else ""
    said = translate("({step} since {day})", language)
    shown = signed(step, language) if step else "="
    return said.format(step=f"{mark}{shown}", day=day(at, language))


def score_text(facts: ReportFacts, language: str, *, colours: bool = False) -> str:
    """Two lines for a terminal: the number with its word, and the areas; a third where a sync is blocked."""
    score = score_in(facts)
    if score is None:
        return ""
    head = translate("Score: {said}", language).format(said=headline_of(score, language))
    head = f"{head} {step_text(facts, score, language)}".rstrip()
    areas = " · ".join(
        f"{area_name(each, language)} {number(whole_points(each.points or 0.0), language)}"
        for each in areas_of(score)
    )
    lines = [painted(head, tone_of(score.overall or 0.0), colours=colours), f"  {areas}"]
    blocked = blocked_text(score, language)
    return "\n".join([*lines, *([f"  {blocked}"] if blocked else [])])


@dataclass(frozen=True, slots=True)
class ScoreBlock:
    """The score as a page shows it; `areas` are name, points as text, part of 100 (0 to 1) and tone.

    `trend` are day and points, oldest first; `line` the same as points of an SVG of 100 by 30, "" of fewer than two.
    """

    points: str
    part: float
    tone: str
    said: str
    blocked: str
    areas: tuple[tuple[str, str, float, str], ...]
    without: str
    step: str
    trend: tuple[tuple[str, str], ...]
    line: str


def score_block(facts: ReportFacts, language: str) -> ScoreBlock | None:
    """What the page shows of the score; None where there is none."""
    score = score_in(facts)
    if score is None:
        return None
    points = score.overall or 0.0
    return ScoreBlock(
        points=number(whole_points(points), language),
        part=points / 100,
        tone=tone_of(points),
        said=translate(BANDS[tone_of(points)], language),
        blocked=blocked_text(score, language),
        areas=tuple(_area_row(each, language) for each in areas_of(score)),
        without=_without(score, language),
        step=step_text(facts, score, language),
        trend=_trend(facts, points, language),
        line=_line([each for _, each in facts.scores], points),
    )


def _trend(facts: ReportFacts, points: float, language: str) -> tuple[tuple[str, str], ...]:
    """Day and points of the earlier scores and this one; nothing where this is the first."""
    if not facts.scores:
        return ()
    return tuple(
        (instant(at, language), number(whole_points(each), language))
        for at, each in (*facts.scores, (facts.made_at, points))
    )


def _line(earlier: Sequence[float], points: float) -> str:
    """The scores from left to right, 0 at the bottom."""
    heights = [*earlier, points]
    if len(heights) < 2:
        return ""
    step = 100 / (len(heights) - 1)
    return " ".join(f"{step * at:.1f},{30 - 0.3 * each:.1f}" for at, each in enumerate(heights))


def _area_row(area: AreaScore, language: str) -> tuple[str, str, float, str]:
    points = area.points or 0.0
    shown = number(whole_points(points), language)
    return area_name(area, language), shown, points / 100, tone_of(points)


def _without(score: Score, language: str) -> str:
    """How many audits have no points: not asked, or nothing to look at."""
    if not score.without:
        return ""
    return quantity(
        "{n} audit has no part in it: it could not be asked, or had nothing to look at.",
        "{n} audits have no part in it: they could not be asked, or had nothing to look at.",
        len(score.without),
        language,
    )


def score_body(facts: ReportFacts) -> dict[str, Any] | None:
    """The score for programs, unrounded; null where there is none."""
    score = score_in(facts)
    if score is None:
        return None
    earlier = [{"at": at.isoformat(), "overall": points} for at, points in facts.scores]
    return {**asdict(score), "earlier": earlier}
