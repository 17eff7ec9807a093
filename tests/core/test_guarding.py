"""Each limit trips exactly above its bound, and an override names the exact number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.examples import change, entity, field
from crmsync.core.guarding import (
    LIMITS,
    Breach,
    Limit,
    Tally,
    breaches,
    count,
    count_reads,
    still_forbidden,
)
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import CellChange, Change, ConflictLine, Line, LinkLine

MAPPING = WorkspaceMapping(
    (
        entity(
            field("name"),
            field("stage", "choice", order=["lead", "mql", "customer"]),
            field("company", "reference", to="company"),
            field("optout", "flag", on_conflict="sticky"),
        ),
    ),
    "digest",
)
Make = Callable[[int], Line]


def cell(name: str, before: str | None, after: str | None) -> Change:
    """An update of one cell."""
    return change(CellChange(name, before, after, "r"))


def link(how: str, key: str = "k") -> LinkLine:
    """A record of sf that joins a customer."""
    return LinkLine("contact", key, (("sf", "contact", key),), how)


def rewrite(number: int) -> Change:
    """A rewrite that is no collapse."""
    return cell("name", "old", f"new {number}")


PLACES: dict[str, tuple[str, Make]] = {
    "creates": (
        "sf/contact",
        lambda n: change(CellChange("name", None, f"n{n}", "r"), action="create", native_id=None),
    ),
    "blanks": ("sf/contact", lambda n: cell("name", f"old {n}", None)),
    "rewrites": ("sf/contact.name", rewrite),
    "collapses": ("sf/contact.name", lambda n: cell("name", f"old {n}", "Other")),
    "detachments": ("sf/contact", lambda n: cell("company", "c1", f"c{n + 2}")),
    "regressions": ("sf/contact.stage", lambda n: cell("stage", "mql", "lead")),
    "reopened_consent": ("sf/contact", lambda n: cell("optout", "true", "false")),
    "archives": ("sf/contact", lambda n: change(action="archive")),
    "decided_links": ("sf/contact", lambda n: link("decided", f"k{n}")),
}


def tally(*lines: Line) -> Tally:
    """The lines counted."""
    found = Tally()
    for line in lines:
        count(found, line, MAPPING)
    return found


def breached(limit: str, times: int, records: int = 0) -> list[Breach]:
    """What trips of one limit when its thing happens so many times."""
    counted = tally(*(PLACES[limit][1](number) for number in range(times)))
    return [each for each in breaches(counted, {"sf/contact": records}) if each.limit == limit]


def test_every_limit_has_its_test() -> None:
    assert set(PLACES) | {"shrunken"} == set(LIMITS)


@pytest.mark.parametrize("limit", PLACES)
def test_a_limit_trips_exactly_above_its_number(limit: str) -> None:
    bound = LIMITS[limit].at_most
    assert breached(limit, bound) == []
    assert breached(limit, bound + 1) == [Breach(limit, PLACES[limit][0], bound + 1, bound)]


@pytest.mark.parametrize("limit", [name for name in PLACES if LIMITS[name].share])
def test_a_limit_grows_with_the_records_of_the_system_and_entity(limit: str) -> None:
    records = 10_000
    bound = int(LIMITS[limit].share * records)
    assert bound > LIMITS[limit].at_most or limit == "blanks"
    allowed = max(bound, LIMITS[limit].at_most)
    assert breached(limit, allowed, records) == []
    assert len(breached(limit, allowed + 1, records)) == 1


def test_links_by_other_rules_have_no_limit() -> None:
    assert breaches(tally(*(link("email", f"k{n}") for n in range(600))), {}) == []


def test_links_by_decision_are_counted_in_each_system_they_touch() -> None:
    both = LinkLine("contact", "k", (("hs", "contact", "1"), ("sf", "contact", "1")), "decided")
    found = breaches(tally(*[both] * 501), {})
    assert [(each.where, each.amount) for each in found] == [
        ("hs/contact", 501),
        ("sf/contact", 501),
    ]


def test_a_fill_is_no_rewrite_and_no_blank() -> None:
    counted = tally(*(cell("name", None, "Other") for _ in range(100)))
    assert breaches(counted, {}) == []


def test_a_collapse_needs_more_than_five_old_values() -> None:
    few = tally(*(cell("name", f"old {n % 5}", "Other") for n in range(60)))
    many = tally(*(cell("name", f"old {n % 6}", "Other") for n in range(60)))
    assert [each.limit for each in breaches(few, {"sf/contact": 1000})] == []
    assert [each.limit for each in breaches(many, {"sf/contact": 1000})] == ["collapses"]


def test_a_larger_harmless_rewrite_hides_no_collapse() -> None:
    harmless = [cell("name", "Tech", "Technology") for _ in range(90)]
    collapse = [cell("name", f"old {n}", "Other") for n in range(40)]
    found = breaches(tally(*harmless, *collapse), {"sf/contact": 10_000})
    assert found == [Breach("collapses", "sf/contact.name", 40, 25)]


def test_an_emptied_reference_and_a_ladder_left_count_too() -> None:
    counted = tally(cell("company", "c1", None), cell("stage", "customer", None))
    assert counted.amounts["detachments"]["sf/contact"] == 1
    assert counted.amounts["regressions"]["sf/contact.stage"] == 1
    assert counted.amounts["blanks"]["sf/contact"] == 2


def test_a_step_up_is_no_regression() -> None:
    assert breaches(tally(cell("stage", "lead", "customer")), {}) == []


def test_conflicts_count_nothing() -> None:
    assert tally(ConflictLine("contact", "k", "name", {}, {}, "r")).amounts == {}


def test_an_object_read_with_less_than_nine_tenths_is_shrunken() -> None:
    for now, tripped in ((90, False), (89, True), (0, True)):
        counted = Tally()
        count_reads(counted, {"sf/contact": now}, {"sf/contact": 100})
        assert bool(breaches(counted, {})) is tripped
    gone = Tally()
    count_reads(gone, {}, {"sf/contact": 1, "hs/contact": 0})
    assert [each.where for each in breaches(gone, {})] == ["sf/contact"]


def test_an_override_names_the_exact_number() -> None:
    found = breached("blanks", 21)
    assert still_forbidden(found, {"blanks": 21}) == []
    for wrong in (20, 22):
        assert still_forbidden(found, {"blanks": wrong}) == found
    assert still_forbidden(found, {"creates": 21}) == found


def test_an_override_counts_all_places_of_a_limit() -> None:
    found = [Breach("blanks", "sf/contact", 30, 20), Breach("blanks", "hs/contact", 40, 20)]
    assert still_forbidden(found, {"blanks": 70}) == []
    assert still_forbidden(found, {"blanks": 30}) == found


def test_a_hard_limit_cannot_be_overridden() -> None:
    found = breached("reopened_consent", 1)
    assert LIMITS["reopened_consent"].hard
    assert still_forbidden(found, {"reopened_consent": 1}) == found


def test_a_limit_is_the_larger_of_its_number_and_its_share() -> None:
    assert Limit(50, 0.02).allows(100) == 50
    assert Limit(50, 0.02).allows(10_000) == 200
