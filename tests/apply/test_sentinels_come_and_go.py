"""A sentinel is put in and taken away as a plan, and is nobody's customer."""

from __future__ import annotations

import pytest

from apply import guards
from apply.guarded import (
    SYSTEMS,
    ask_for_sentinels,
    carry_out,
    counted,
    install,
    records,
    remove,
    rewrite,
)
from apply.guards import ONE, night, want_none
from apply.pairs import Pair, Person
from crmsync.commands.audit import audit
from crmsync.commands.footprint import plan_install, plan_remove, show_footprint
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.core.sentinel import NAME
from crmsync.errors import ExitCode, PlanStale

guarded = guards.guarded

# The footprint


def sentinels_shown(pair: Pair) -> dict[str, tuple[str, bool]]:
    return {
        item.system: (item.state, bool(item.entities))
        for item in show_footprint(pair.workspace)
        if item.kind == "sentinel"
    }


def test_it_is_disclosed_put_in_and_taken_away_as_a_plan(person: Person) -> None:
    pair = person.pair
    assert sentinels_shown(pair) == {}
    ask_for_sentinels(pair)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("missing", True))
    install(pair)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("present", True))
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    assert plan_install(pair.workspace).steps == ()
    remove(pair)
    assert records(pair) == {}
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("missing", True))


def test_it_comes_with_the_key_field_it_stands_under(pair: Pair) -> None:
    """Even where the mapping creates nothing; the field goes in first, and the record goes first."""
    pair.servers.salesforce.drop_field("Account", "crmsync_key__c")
    pair.servers.hubspot.drop_property("companies", "crmsync_key")
    pair.mapping("company", ("create: {when: {name: present, domain: present}}", "create: never"))
    ask_for_sentinels(pair)
    kinds = [
        (step.object, step.kind)
        for step in plan_install(pair.workspace).steps
        if step.object in ("Account", "companies")
    ]
    assert kinds == [
        ("companies", "property"),
        ("companies", "sentinel"),
        ("Account", "custom_field"),
        ("Account", "sentinel"),
    ]
    assert install(pair).exit_code is ExitCode.OK
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    going = [(s.object, s.kind) for s in plan_remove(pair.workspace).steps]
    assert going.index(("Account", "sentinel")) < going.index(("Account", "custom_field"))
    assert remove(pair).exit_code is ExitCode.OK
    assert records(pair) == {}


def test_a_removal_takes_only_a_record_that_counts(guarded: Person) -> None:
    pair = guarded.pair
    rewrite(pair, "hubspot", "A customer of ours now")
    plan = plan_remove(pair.workspace)
    assert [(each.system, each.reason) for each in plan.obstacles] == [("hubspot", "no_count")]
    carry_out(pair, plan)
    assert set(records(pair)) == {"hubspot"}


def test_one_that_is_no_longer_asked_for_is_shown_and_taken_away(guarded: Person) -> None:
    pair = guarded.pair
    want_none(pair)
    night(guarded, "without")
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("present", False))
    remove(pair)
    assert records(pair) == {}


def test_a_plan_for_sentinels_that_nobody_wants_any_more_is_refused(person: Person) -> None:
    pair = person.pair
    ask_for_sentinels(pair)
    plan = plan_install(pair.workspace)
    want_none(pair)
    with pytest.raises(PlanStale, match="no sentinel"):
        carry_out(pair, plan)
    assert records(pair) == {}


@pytest.mark.parametrize("point", ["before install", "after install"])
def test_an_installation_that_died_makes_no_second_one(person: Person, point: str) -> None:
    pair = person.pair
    ask_for_sentinels(pair)

    class Died(BaseException):
        """The process ends here."""

    def at(name: str) -> None:
        if name == f"{point} salesforce Account":
            raise Died

    plan = plan_install(pair.workspace)
    with pytest.raises(Died):
        carry_out(pair, plan, at=at)
    assert carry_out(pair, plan).exit_code is ExitCode.OK
    named = [r for _, r in pair.servers.salesforce.tables.rows("Account") if r["Name"] == NAME]
    assert len(named) == 1
    night(person, "one")
    assert counted(pair) == ONE


# Nobody's customer


def test_no_read_audit_match_plan_or_count_knows_it(guarded: Person) -> None:
    pair = guarded.pair
    assert companies_read(pair) == (0, 0)
    facts = audit(pair.workspace)
    ids = {id_ for id_, _ in records(pair).values()}
    assert not [f for r in facts.results for f in r.findings if f.id in ids]
    plan = make_plan(pair.workspace)
    assert is_quiet(plan)
    assert NAME not in repr(plan)
    with pair.workspace.store() as store:
        assert store.links("company").num_rows == 0


def test_it_stays_unseen_where_the_key_field_is_hidden_or_it_is_no_longer_asked_for(
    guarded: Person,
) -> None:
    pair = guarded.pair
    want_none(pair)
    assert companies_read(pair) == (0, 0)
    pair.servers.salesforce.drop_field("Account", "crmsync_key__c")
    pair.servers.hubspot.drop_property("companies", "crmsync_key")
    assert companies_read(pair) == (0, 0)


def companies_read(pair: Pair) -> tuple[int, int]:
    rows = {s.manifest.object: s.manifest.rows for s in pair.pull().snapshots}
    return rows["Account"], rows["companies"]
