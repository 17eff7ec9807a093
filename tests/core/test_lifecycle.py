"""The ladder, which steps are legal, and where a customer stands by all systems together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warehouse.shelf import reference_mapping

from crmsync.core.lifecycle import OTHER, RANKS, STAGES, Lifecycle, Rule
from crmsync.core.standing import Said, Standing, together
from crmsync.core.transitions import step


def reference() -> Lifecycle:
    """mappings/lifecycle.yml."""
    found = reference_mapping().lifecycle
    assert found is not None
    return found


LIFE = reference()
NONE: Mapping[str, str] = MappingProxyType({})


def test_the_reference_ladder_is_the_built_in_one() -> None:
    plain = Lifecycle(systems={})
    assert LIFE.ladder == plain.ladder == RANKS
    assert LIFE.optional == plain.optional
    assert LIFE.in_order() == list(STAGES)


# -- steps -----------------------------------------------------------------------------------

LEGAL: list[tuple[str | None, str, list[Rule], bool, str]] = [
    (None, "customer", [], True, "who stood nowhere may stand anywhere"),
    ("lead", "mql", [], True, "any rank to a higher one"),
    ("lead", "opportunity", [], True, "a lead that sales took up at once"),
    ("mql", "lead", [], False, "back without a reason"),
    ("mql", "lead", ["recycled"], True, "back as recycled"),
    ("sql", "lead", ["recycled"], True, "an SQL, too"),
    ("sql", "lead", ["all_deals_lost"], False, "a lost deal is no reason for an SQL"),
    ("opportunity", "sql", [], False, "while there is a deal"),
    ("opportunity", "sql", ["all_deals_lost"], True, "once no open or won deal is left"),
    ("opportunity", "lead", ["all_deals_lost"], True, "down to lead, too"),
    ("opportunity", "lead", ["recycled"], False, "a status does not lose a deal"),
    ("customer", "opportunity", ["recycled", "all_deals_lost", "by_hand"], False, "never"),
    ("customer", "lead", ["recycled", "all_deals_lost", "by_hand"], False, "never"),
    ("customer", "evangelist", [], False, "by hand only"),
    ("customer", "evangelist", ["by_hand"], True, "by hand"),
    ("lead", "other", [], False, "out of the ladder by hand only"),
    ("other", "lead", ["by_hand"], True, "and into it by hand"),
]


@pytest.mark.parametrize(("old", "new", "seen", "legal", "why"), LEGAL)
def test_a_step_is_legal_under_its_rule(
    old: str | None, new: str, seen: list[Rule], legal: bool, why: str
) -> None:
    assert step(LIFE, old, new).is_legal(seen) is legal, why


def test_what_is_passed_over_is_listed_but_not_what_a_ladder_may_lack() -> None:
    assert step(LIFE, "lead", "opportunity").skipped == ("mql", "sql")
    assert step(LIFE, "mql", "sql").skipped == ()
    assert step(LIFE, None, "lead").skipped == ("subscriber",)


def test_a_lead_that_became_an_opportunity_at_once_came_from_sales() -> None:
    assert step(LIFE, "lead", "opportunity").tag == "sales_sourced"
    assert step(LIFE, "mql", "opportunity").tag == ""


@given(st.sampled_from(STAGES), st.sampled_from(STAGES))
def test_up_needs_no_reason_and_down_always_does(old: str, new: str) -> None:
    found = step(LIFE, old, new)
    if RANKS[new] > RANKS[old] and (old, new) != ("customer", "evangelist"):
        assert found.is_legal([])
    if RANKS[new] < RANKS[old]:
        assert not found.is_legal([])


# -- standing --------------------------------------------------------------------------------


def stands(
    hubspot: str | None = None, salesforce: str | None = None, peaks: Mapping[str, str] = NONE
) -> Standing:
    """Where somebody stands of whom both systems say a stage; `peaks` are higher ones by system."""
    said = {
        name: Said(stage, peaks.get(name, stage))
        for name, stage in (("hubspot", hubspot), ("salesforce", salesforce))
    }
    return together(LIFE, said)


BELIEVED = [
    # HubSpot, Salesforce, current, whose word, agrees
    ("mql", None, "mql", "hubspot", True),
    (None, "sql", "sql", "salesforce", True),
    ("mql", "lead", "mql", "hubspot", True),
    ("mql", "sql", "sql", "salesforce", False),
    ("lead", "sql", "sql", "salesforce", False),
    ("sql", "lead", "lead", "salesforce", False),
    ("opportunity", "sql", "sql", "salesforce", False),
    ("lead", "sal", "sal", "salesforce", True),
    ("subscriber", "lead", "subscriber", "hubspot", True),
    ("customer", None, "customer", "hubspot", True),
    ("evangelist", "customer", "evangelist", "hubspot", True),
    ("other", "sql", "sql", "salesforce", True),
    ("other", None, "other", "hubspot", True),
    (None, None, None, None, True),
]


@pytest.mark.parametrize(("hubspot", "salesforce", "current", "by", "agrees"), BELIEVED)
def test_the_owner_of_a_stage_decides_about_it(
    hubspot: str | None, salesforce: str | None, current: str | None, by: str | None, agrees: bool
) -> None:
    found = stands(hubspot, salesforce)
    assert (found.current, found.decided_by, found.agrees) == (current, by, agrees)


def test_a_stage_that_hubspot_remembers_contradicts_nobody() -> None:
    assert stands("opportunity", "sql", {"salesforce": "opportunity"}).agrees
    assert not stands("opportunity", "sql").agrees


def test_who_went_back_in_hubspot_contradicts_the_deal_that_is_open() -> None:
    assert not stands("lead", "opportunity", {"hubspot": "opportunity"}).agrees


def test_one_stage_is_no_contradiction_whether_or_not_a_system_remembers() -> None:
    hubspot = replace(LIFE.systems["hubspot"], keeps="current")
    life = replace(LIFE, systems={**LIFE.systems, "hubspot": hubspot})
    for stage in ("sql", "opportunity", "customer"):
        said = {name: Said(stage, stage) for name in ("hubspot", "salesforce")}
        assert together(life, said).agrees, stage
    # An open lead is as far as Salesforce can tell an MQL.
    assert together(
        life, {"hubspot": Said("mql", "mql"), "salesforce": Said("lead", "lead")}
    ).agrees


def test_the_peak_stays_when_somebody_goes_back() -> None:
    found = stands("lead", None, {"hubspot": "sql"})
    assert (found.current, found.peak, found.rank, found.peak_rank) == ("lead", "sql", 20, 40)


def test_who_was_a_customer_and_stands_lower_is_a_former_one() -> None:
    assert stands("lead", None, {"hubspot": "customer"}).customer_status == "former"
    assert stands("customer").customer_status == "active"
    assert stands("opportunity").customer_status is None


def test_who_is_called_a_former_customer_is_one() -> None:
    said = {"hubspot": Said("customer", "customer", None, former=True)}
    assert together(LIFE, said).customer_status == "former"


def test_the_disposition_is_that_of_its_owner_and_else_of_whoever_has_one() -> None:
    hubspot, salesforce = Said("lead", "lead", "new"), Said("lead", "lead", "attempting")
    assert (
        together(LIFE, {"hubspot": hubspot, "salesforce": salesforce}).disposition == "attempting"
    )
    nothing = Said("lead", "lead")
    assert together(LIFE, {"hubspot": hubspot, "salesforce": nothing}).disposition == "new"


def says() -> st.SearchStrategy[Said]:
    """Anything that a system can say: never a current stage above its own peak."""
    ladder = [None, OTHER, *STAGES]

    def made(pair: tuple[str | None, str | None]) -> Said:
        now, high = sorted(pair, key=lambda stage: RANKS.get(stage or "", 0))
        return Said(now, high)

    return st.tuples(st.sampled_from(ladder), st.sampled_from(ladder)).map(made)


@given(st.dictionaries(st.sampled_from(["hubspot", "salesforce", "events"]), says()))
def test_nobody_stands_where_no_system_says(said: dict[str, Said]) -> None:
    found = together(LIFE, said)
    assert found.current in {None, *(each.current for each in said.values())}
    assert (found.peak_rank or 0) >= (found.rank or 0)
    assert (found.current is None) == (found.decided_by is None)


@given(says())
def test_one_system_alone_is_believed(said: Said) -> None:
    found = together(LIFE, {"hubspot": said})
    assert (found.current, found.agrees) == (said.current, True)


@given(says(), says())
def test_the_order_of_the_systems_does_not_matter(one: Said, other: Said) -> None:
    there = together(LIFE, {"hubspot": one, "salesforce": other})
    assert there == together(LIFE, {"salesforce": other, "hubspot": one})


def words() -> Iterator[str]:
    """Stages that the reference says of its systems."""
    for each in LIFE.systems.values():
        yield from each.says() - {OTHER}


def test_every_stage_but_one_that_may_be_missing_has_an_owner_who_can_say_it() -> None:
    for stage in LIFE.ladder:
        owner = LIFE.stage_owner[stage]
        assert stage in LIFE.systems[owner].says(), stage
    assert set(words()) <= set(LIFE.ladder)
    assert {each.name for each in fields(Standing)} >= {"disposition", "customer_status"}
