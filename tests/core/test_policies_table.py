"""The table of core/policies.py, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crmsync.core.merging import Outcome, merge
from crmsync.core.policies import POLICIES, Policy, Rule, Side
from crmsync.core.records import ABSENT, Value

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LADDER = ("lead", "mql", "customer")


def after(outcome: Outcome) -> dict[str, Value | None]:
    """What is written, by system."""
    return {write.system: write.after for write in outcome.writes}


def at(system: str, value: str, minutes: int) -> Side:
    """An edited side, with the time of its edit."""
    return Side(system, value, "old", NOON + timedelta(minutes=minutes))


def test_ask_leaves_a_disagreement_to_a_person() -> None:
    assert merge(Rule("ask"), [Side("a", "x", "old"), Side("b", "y", "old")]).conflict


def test_ask_is_what_a_rule_asks_for_by_default() -> None:
    assert Rule().policy == "ask"
    assert Rule().blank == "ignore"


def test_newest_takes_the_later_edit() -> None:
    outcome = merge(Rule("newest"), [at("a", "x", 0), at("b", "y", 3)])
    assert after(outcome) == {"a": "y"}
    assert outcome.reason == "newest:b"


def test_newest_asks_where_the_gap_is_not_clear() -> None:
    for minutes in (0, 1, 2):
        outcome = merge(Rule("newest"), [at("a", "x", 0), at("b", "y", minutes)])
        assert outcome.conflict
        assert outcome.reason == "too_close:a,b"


def test_newest_asks_where_a_time_is_not_known() -> None:
    assert merge(Rule("newest"), [at("a", "x", 9), Side("b", "y", "old")]).conflict


def test_newest_never_lets_a_fresh_time_beat_a_change() -> None:
    unchanged = Side("b", "old", "old", NOON + timedelta(days=1))
    assert after(merge(Rule("newest"), [at("a", "x", 0), unchanged])) == {"b": "x"}


def test_prefer_takes_the_named_side_whatever_changed() -> None:
    rule = Rule("prefer", "a")
    assert after(merge(rule, [Side("a", "x", "x"), Side("b", "y", "x")])) == {"b": "x"}
    assert after(merge(rule, [Side("a", "y", "x"), Side("b", "z", "x")])) == {"b": "y"}


def test_prefer_takes_the_others_where_the_named_side_is_blank() -> None:
    rule = Rule("prefer", "a")
    assert after(merge(rule, [Side("a", None, None), Side("b", "y", "y")])) == {"a": "y"}


def test_prefer_asks_among_the_others_where_the_named_side_is_blank() -> None:
    sides = [Side("a", None, None), Side("b", "y", "x"), Side("c", "z", "x")]
    assert merge(Rule("prefer", "a"), sides).conflict


def test_prefer_keeps_to_what_changed_where_the_named_side_cannot_be_seen() -> None:
    sides = [Side("a", ABSENT, "x"), Side("b", "y", "x"), Side("c", "x", "x")]
    assert after(merge(Rule("prefer", "a"), sides)) == {"c": "y"}


def test_prefer_passes_on_that_the_named_side_was_emptied_if_blanks_propagate() -> None:
    sides = [Side("a", None, "x"), Side("b", "x", "x")]
    assert after(merge(Rule("prefer", "a", "propagate"), sides)) == {"b": None}
    assert after(merge(Rule("prefer", "a", "ignore"), sides)) == {"a": "x"}
    assert merge(Rule("prefer", "a", "ask"), sides).conflict


def test_always_takes_the_named_side() -> None:
    sides = [Side("a", "x", "x", writable=False), Side("b", "y", "x")]
    assert after(merge(Rule("always", "a"), sides)) == {"b": "x"}


def test_always_leaves_everyone_alone_where_the_named_side_is_silent() -> None:
    sides = [Side("a", None, None, writable=False), Side("b", "y", "x"), Side("c", "z", "x")]
    outcome = merge(Rule("always", "a"), sides)
    assert outcome.writes == ()
    assert not outcome.conflict


def test_fill_fills_a_blank_and_changes_no_value() -> None:
    assert after(merge(Rule("fill"), [Side("a", "x", "x"), Side("b", None, None)])) == {"b": "x"}
    assert merge(Rule("fill"), [Side("a", "y", "x"), Side("b", "x", "x")]).writes == ()


def test_fill_fills_nothing_where_two_values_differ() -> None:
    sides = [Side("a", "x", "x"), Side("b", "y", "y"), Side("c", None, None)]
    assert merge(Rule("fill"), sides).writes == ()


def test_union_adds_what_was_added_and_takes_what_was_removed() -> None:
    base = frozenset("ab")
    sides = [Side("a", frozenset("abx"), base), Side("b", frozenset("b"), base)]
    assert after(merge(Rule("union"), sides)) == {"a": frozenset("bx"), "b": frozenset("bx")}


def test_union_of_sides_never_settled_is_all_they_hold() -> None:
    outcome = merge(Rule("union"), [Side("a", frozenset("a")), Side("b", frozenset("b"))])
    assert outcome.value == frozenset("ab")


def test_union_asks_before_it_empties_every_side() -> None:
    base = frozenset("ab")
    crossed = [Side("a", frozenset("a"), base), Side("b", frozenset("b"), base)]
    assert merge(Rule("union", blank="propagate"), crossed).conflict
    emptied = [Side("a", None, base), Side("b", base, base)]
    assert after(merge(Rule("union", blank="propagate"), emptied)) == {"b": None}
    assert after(merge(Rule("union", blank="ignore"), emptied)) == {"a": base}
    assert merge(Rule("union", blank="ask"), emptied).conflict


def test_union_asks_where_sides_were_settled_with_different_members() -> None:
    torn = [Side("a", frozenset("b"), frozenset("b")), Side("b", frozenset("ab"), frozenset("ab"))]
    assert merge(Rule("union"), torn).conflict


def test_highest_takes_the_highest_choice_and_only_upwards() -> None:
    rule = Rule("highest", order=LADDER)
    assert after(merge(rule, [Side("a", "mql", "lead"), Side("b", "lead", "lead")])) == {"b": "mql"}
    regressed = [Side("a", "lead", "customer"), Side("b", "customer", "customer")]
    assert after(merge(rule, regressed)) == {"a": "customer"}


def test_highest_asks_about_a_choice_that_nobody_ranked() -> None:
    rule = Rule("highest", order=LADDER)
    assert merge(rule, [Side("a", "other", "lead"), Side("b", "lead", "lead")]).conflict
    assert not merge(rule, [Side("a", "other"), Side("b", "other")]).conflict


def test_highest_lowers_nobody_even_in_one_direction() -> None:
    source = Side("a", "lead", "lead", writable=False)
    target = Side("b", "customer", "lead", speaks=False)
    assert merge(Rule("highest", order=LADDER), [source, target]).writes == ()


def test_sticky_takes_true_from_any_side_and_from_the_past() -> None:
    assert after(merge(Rule("sticky"), [Side("a", True, False), Side("b", False, False)])) == {
        "b": True
    }
    taken_back = [Side("a", False, True), Side("b", False, True)]
    assert after(merge(Rule("sticky"), taken_back)) == {"a": True, "b": True}


def test_sticky_carries_no_false_anywhere() -> None:
    outcome = merge(Rule("sticky"), [Side("a", False), Side("b", None)])
    assert outcome.writes == ()


def test_policies_that_decide_alone_are_those_that_may_pass_over_a_change() -> None:
    alone = {name for name, policy in POLICIES.items() if not policy.respects_changes}
    assert alone == {"prefer", "always", "fill", "union", "highest", "sticky"}


def test_every_policy_is_complete() -> None:
    assert all(isinstance(policy, Policy) for policy in POLICIES.values())
    assert all(callable(policy.settle) for policy in POLICIES.values())


def test_a_source_that_was_always_blank_empties_no_target_under_any_policy() -> None:
    for name in POLICIES:
        rule = Rule(name, "a" if POLICIES[name].names_a_system else None, order=LADDER)
        source = Side("a", None, writable=False)
        for value in ("lead", frozenset("c"), True):
            if isinstance(value, frozenset) is (name == "union"):
                assert merge(rule, [source, Side("b", value, value, speaks=False)]).writes == ()
