"""The decision table of core/merging.py, row by row, for two and three sides."""

from __future__ import annotations

from crmsync.core.merging import Outcome, Write, merge
from crmsync.core.policies import Rule, Side
from crmsync.core.records import ABSENT, UNKNOWN, UNSET, Invalid, Value

ASK = Rule("ask")


def keeps_three(system: str, value: Value | None) -> Value | Invalid | None:
    """System b keeps three characters."""
    return value[:3] if system == "b" and isinstance(value, str) else value


def refuses(system: str, value: Value | None) -> Value | Invalid | None:
    """System b takes nothing but `old` and blanks."""
    return value if system != "b" or value in ("old", None) else Invalid(str(value))


def after(outcome: Outcome) -> dict[str, Value | None]:
    """What is written, by system."""
    return {write.system: write.after for write in outcome.writes}


def test_where_nothing_changed_nothing_is_written() -> None:
    outcome = merge(ASK, [Side("a", "x", "x"), Side("b", "x", "x")])
    assert outcome.writes == ()
    assert not outcome.conflict


def test_a_blank_side_is_refilled_where_blanks_are_ignored() -> None:
    sides = [Side("a", "x", "x"), Side("b", None, None)]
    assert after(merge(ASK, sides)) == {"b": "x"}
    assert after(merge(Rule("ask", blank="propagate"), sides)) == {}


def test_a_blank_that_was_settled_is_not_refilled_from_what_cannot_be_cleared() -> None:
    locked = Side("a", "x", "x", writable=False)
    cleared = merge(Rule("ask", blank="propagate"), [locked, Side("b", None, "x")])
    assert cleared.settled == (("a", "x"), ("b", None))
    again = merge(Rule("ask", blank="propagate"), [locked, Side("b", None, None)])
    assert again.writes == ()


def test_sides_that_rest_apart_are_a_conflict_if_both_can_be_written() -> None:
    assert merge(ASK, [Side("a", "x", "x"), Side("b", "y", "y")]).conflict
    locked = merge(ASK, [Side("a", "x", "x"), Side("b", "y", "y", writable=False)])
    assert not locked.conflict
    assert locked.writes == ()


def test_one_change_goes_to_every_side_that_lacks_it() -> None:
    outcome = merge(
        ASK, [Side("a", "new", "old"), Side("b", "old", "old"), Side("c", "old", "old")]
    )
    assert after(outcome) == {"b": "new", "c": "new"}
    assert outcome.settled == (("a", "new"),)
    assert outcome.reason == "changed:a"


def test_the_same_change_twice_moves_bases_and_writes_nothing() -> None:
    outcome = merge(ASK, [Side("a", "new", "old"), Side("b", "new", "old")])
    assert outcome.writes == ()
    assert outcome.settled == (("a", "new"), ("b", "new"))


def test_two_changes_that_differ_are_a_conflict() -> None:
    outcome = merge(ASK, [Side("a", "x", "old"), Side("b", "y", "old")])
    assert outcome == Outcome(None, "disagree:a,b", conflict=True)


def test_a_side_without_a_base_adopts_what_is_equal() -> None:
    outcome = merge(ASK, [Side("a", "x"), Side("b", "x")])
    assert outcome.writes == ()
    assert outcome.settled == (("a", "x"), ("b", "x"))


def test_a_side_without_a_base_that_differs_is_contested() -> None:
    assert merge(ASK, [Side("a", "x"), Side("b", "y")]).conflict
    assert merge(ASK, [Side("a", "x", "x"), Side("b", "y", UNSET)]).conflict


def test_a_blank_without_a_base_is_only_filled() -> None:
    for blank in ("ignore", "propagate", "ask"):
        outcome = merge(Rule("ask", blank=blank), [Side("a", "x", "x"), Side("b", None)])
        assert outcome.writes == (Write("b", None, "x"),)


def test_a_blank_that_is_ignored_is_refilled() -> None:
    assert after(merge(ASK, [Side("a", None, "x"), Side("b", "x", "x")])) == {"a": "x"}


def test_a_blank_that_is_asked_about_is_a_conflict() -> None:
    outcome = merge(Rule("ask", blank="ask"), [Side("a", None, "x"), Side("b", "x", "x")])
    assert outcome.conflict
    assert outcome.reason == "cleared:a"


def test_a_blank_that_propagates_is_a_change_like_any_other() -> None:
    rule = Rule("ask", blank="propagate")
    assert after(merge(rule, [Side("a", None, "x"), Side("b", "x", "x")])) == {"b": None}
    assert merge(rule, [Side("a", None, "x"), Side("b", "y", "x")]).conflict


def test_what_cannot_be_read_is_neither_evidence_nor_a_target() -> None:
    for cell in (ABSENT, UNKNOWN, Invalid("?")):
        outcome = merge(ASK, [Side("a", "new", "old"), Side("b", cell, "old")])
        assert outcome.reason == "alone"
        assert outcome.writes == ()
        assert outcome.settled == ()


def test_while_an_unread_side_is_owed_a_change_no_base_moves() -> None:
    hidden = Side("c", UNKNOWN, "old")
    outcome = merge(ASK, [Side("a", "new", "old"), Side("b", "old", "old"), hidden])
    assert after(outcome) == {"b": "new"}
    assert outcome.settled == ()
    assert outcome.owed
    back = [Side("a", "new", "old"), Side("b", "new", "new"), Side("c", "old", "old")]
    assert after(merge(ASK, back)) == {"c": "new"}


def test_a_side_that_was_never_settled_is_owed_nothing() -> None:
    sides = [Side("a", "new", "old"), Side("b", "old", "old"), Side("c", ABSENT)]
    assert merge(ASK, sides).settled == (("a", "new"),)


def test_a_side_that_cut_the_value_short_agrees_with_the_long_one() -> None:
    sides = [Side("a", "abcdef", "abcdef"), Side("b", "abc", "abc")]
    assert merge(ASK, sides, keeps_three).writes == ()


def test_a_change_of_the_long_side_is_written_as_the_short_one_keeps_it() -> None:
    sides = [Side("a", "xyzdef", "abcdef"), Side("b", "abc", "abc")]
    assert after(merge(ASK, sides, keeps_three)) == {"b": "xyz"}


def test_what_a_preferred_side_cut_short_is_not_spread_in_its_short_form() -> None:
    sides = [Side("a", "abcdef", "abcdef"), Side("b", "abc", "abc"), Side("c", "zzz", "abcdef")]
    assert after(merge(Rule("prefer", "b"), sides, keeps_three)) == {"c": "abcdef"}


def test_a_value_that_does_not_fit_is_listed_and_settles_nothing() -> None:
    outcome = merge(ASK, [Side("a", "new", "old"), Side("b", "old", "old")], refuses)
    assert outcome.unfit == ("b",)
    assert outcome.writes == ()
    assert outcome.settled == ()


def test_two_sides_with_a_retired_option_still_agree() -> None:
    outcome = merge(ASK, [Side("a", "retired"), Side("b", "retired")], refuses)
    assert not outcome.conflict
    assert outcome.unfit == ()
    assert outcome.settled == (("a", "retired"), ("b", "retired"))


def test_one_side_alone_decides_nothing() -> None:
    assert merge(ASK, [Side("a", "x", "old")]) == Outcome(None, "alone")
    assert merge(ASK, []) == Outcome(None, "alone")


def test_a_target_of_one_direction_follows_its_source_and_never_speaks() -> None:
    source, target = Side("a", "x", "x", writable=False), Side("b", "y", "x", speaks=False)
    assert after(merge(ASK, [source, target])) == {"b": "x"}


def test_fill_never_gives_way_to_the_one_source_of_a_one_way_field() -> None:
    listens = Side("hs", "Vigo", speaks=False)
    source = Side("sf", "Lugo", writable=False)
    outcome = merge(Rule("fill"), [listens, source])
    assert outcome.writes == ()
    blank = Side("hs", None, speaks=False)
    (write,) = merge(Rule("fill"), [blank, source]).writes
    assert (write.system, write.after) == ("hs", "Lugo")


def test_a_set_that_only_listens_keeps_its_own_and_loses_what_its_source_removed() -> None:
    listens = Side("hs", frozenset("abc"), base=frozenset("ab"), speaks=False)
    source = Side("sf", frozenset("bd"), base=frozenset("ab"), writable=False)
    (write,) = merge(Rule("union"), [listens, source]).writes
    assert write.after == frozenset("bcd")
