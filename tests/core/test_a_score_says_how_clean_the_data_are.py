"""The score: what counts, what does not, and what mending would give back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.auditing import Audit, AuditResult, Finding, Severity
from crmsync.core.scoring import WEIGHTS, affected, basis_of, score_of, whole_points

TEXT = {"en": "x", "es": "x"}


def found(
    id_: str, n: int, of: int | None, category: str = "validity", severity: Severity = "error"
) -> AuditResult:
    audit = Audit(id_, id_, severity, "contact", category, TEXT, TEXT, TEXT, "SELECT 1")
    findings = tuple(_finding(id_, severity, str(at)) for at in range(n))
    return AuditResult(audit, findings, of)


def _finding(audit: str, severity: Severity, id_: str, field: str | None = None) -> Finding:
    return Finding(audit, severity, "contact", "hubspot", "contacts", id_, None, field)


def overall(*results: AuditResult) -> float:
    points = score_of(results).overall
    assert points is not None
    return points


@pytest.mark.parametrize(
    ("bad", "points"), [(0, 100), (1, 100), (5, 86.2), (16, 48.3), (30, 0), (31, 0), (100, 0)]
)
def test_between_seventy_and_ninety_nine_percent_clean_points_go_from_none_to_all(
    bad: int, points: float
) -> None:
    assert overall(found("A", bad, 100)) == pytest.approx(points, abs=0.05)


def test_an_error_counts_three_times_a_warning_and_a_note_not_at_all() -> None:
    worst, clean = found("A", 100, 100), found("B", 0, 100, severity="warning")
    assert overall(worst, clean) == pytest.approx(25)
    assert overall(clean, found("C", 100, 100, severity="info")) == 100


def test_areas_count_by_their_weight_among_those_that_were_asked() -> None:
    duplicates, consent = found("A", 50, 100, "duplicates"), found("B", 0, 100, "consent")
    assert overall(duplicates, consent) == pytest.approx(100 * 5 / 25)
    assert sum(WEIGHTS.values()) == 100


def test_who_has_no_audit_in_an_area_gets_no_points_for_it_and_loses_none() -> None:
    score = score_of([found("A", 0, 10)])
    assert [each.area for each in score.areas if each.points is not None] == ["validity"]
    assert score.overall == 100


def test_what_was_not_asked_or_looked_at_nothing_is_listed_and_changes_nothing() -> None:
    unasked = replace(found("B", 0, None), not_checked="contact.email")
    score = score_of([found("A", 10, 100), unasked, found("C", 0, 0), found("D", 3, None)])
    assert score.without == ("B", "C", "D")
    assert score.overall == overall(found("A", 10, 100))


def test_what_blocks_is_named_and_changes_no_number() -> None:
    result = found("A", 10, 100)
    blocking = replace(result, audit=replace(result.audit, blocking=True))
    score = score_of([blocking])
    assert score.blocked == ("A",)
    assert score.overall == overall(result)
    assert score_of([replace(blocking, findings=())]).blocked == ()


def test_a_waiver_takes_no_blocker_away() -> None:
    result = found("A", 10, 100)
    audit = replace(result.audit, blocking=True)
    score = score_of([replace(result, audit=audit, findings=(), waived=result.findings)])
    assert score.blocked == ("A",)
    assert score.overall == 100


def test_two_fields_of_one_record_are_one_record() -> None:
    result = found("A", 0, 10)
    twice = tuple(_finding("A", "error", "1", field) for field in ("email", "phone"))
    assert affected(replace(result, findings=twice)) == 1


def test_where_more_was_found_than_is_kept_the_rest_is_taken_to_be_like_it() -> None:
    rows = [_finding("A", "error", str(at // 5), f"f{at % 5}") for at in range(100)]
    whole = replace(found("A", 0, 100), findings=tuple(rows))
    capped = replace(whole, findings=tuple(rows[:50]), beyond=50)
    assert affected(whole) == affected(capped) == 20
    assert overall(whole) == overall(capped)
    waived = replace(capped, findings=capped.findings[:25], waived=capped.findings[25:])
    assert affected(waived) == 10
    left_out = replace(capped, findings=capped.findings[:25], excluded=25)
    assert affected(left_out) == 10
    assert affected(replace(whole, findings=(), beyond=7)) == 7, "none of them is known"


def test_nothing_asked_is_no_score_at_all() -> None:
    assert score_of([]).overall is None
    assert score_of([found("A", 3, 10, severity="info")]).overall is None


def test_an_area_that_a_workspace_made_up_counts_too() -> None:
    score = score_of([found("A", 0, 10), found("B", 10, 10, "sales_desk")])
    assert score.areas[-1].area == "sales_desk"
    assert score.overall == pytest.approx(100 * 10 / 15)


def test_ownership_orphans_native_links_and_use_of_fields_are_part_of_a_bigger_area() -> None:
    for category, area in (("ownership", "roles"), ("orphans", "roles"), ("fields", "validity")):
        (one,) = score_of([found("A", 1, 10, category)]).audits
        assert one.area == area


RESULTS = st.lists(
    st.builds(
        lambda at, n, of, category, severity: found(str(at), min(n, of), of, category, severity),
        st.integers(0, 10**6),
        st.integers(0, 40),
        st.integers(1, 60),
        st.sampled_from([*WEIGHTS, "own"]),
        st.sampled_from(["error", "warning", "info"]),
    ),
    unique_by=lambda each: each.audit.id,
    max_size=6,
)


@given(RESULTS)
def test_what_mending_an_audit_gives_back_is_the_score_without_its_findings(
    results: list[AuditResult],
) -> None:
    score = score_of(results)
    for at, each in enumerate(score.audits):
        mended = [*results[:at], replace(results[at], findings=()), *results[at + 1 :]]
        after = score_of(mended).overall
        assert each.audit == results[at].audit.id
        assert (after or 0) - (score.overall or 0) == pytest.approx(each.gain)
        assert each.gain >= 0
    assert score.overall is None or 0 <= score.overall <= 100


@pytest.mark.parametrize(("points", "shown"), [(99.6, 99), (100.0, 100), (0.4, 0), (71.5, 72)])
def test_a_hundred_is_shown_only_where_nothing_is_missing(points: float, shown: int) -> None:
    assert whole_points(points) == shown


def test_scores_are_compared_where_the_same_was_asked_whatever_it_found() -> None:
    asked = [found("A", 1, 10), found("B", 0, 10), found("N", 1, 10, severity="info")]
    found_more = [found("B", 5, 0), found("A", 0, 20), found("M", 1, 10, severity="info")]
    assert basis_of(asked) == basis_of(found_more)
    assert basis_of(asked) != basis_of(asked[1:])
    assert basis_of(asked) != basis_of([found("A", 1, 10, severity="warning"), *asked[1:]])
    assert basis_of(asked) == basis_of(asked[::-1])
    unasked = replace(asked[0], not_checked="contact.email")
    assert basis_of([unasked, *asked[1:]]) == basis_of(asked[1:])


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"days": 30}},
        {"query": "SELECT 2"},
        {"eligible": "SELECT 2"},
        {"category": "consent"},
        {"python": "acme_audits.calls:LATE"},
    ],
)
def test_an_audit_that_asks_something_else_is_another_score(change: dict[str, Any]) -> None:
    asked = found("A", 1, 10)
    asked = replace(asked, audit=replace(asked.audit, params={"days": 14}))
    other = replace(asked, audit=replace(asked.audit, **change))
    assert basis_of([asked]) != basis_of([other])
    assert basis_of([asked], "rules") not in (basis_of([asked]), basis_of([asked], "others"))
