"""The customer view: one value a field, where it is from, and who disagrees."""

from __future__ import annotations

from typing import Any

from core.examples import entity, field, group
from crmsync.core.policies import Side
from crmsync.core.records import ABSENT, Invalid, Ref
from crmsync.core.views import Choice, choose, fold


def test_what_all_say_is_agreed() -> None:
    assert choose(field("name"), [Side("hs", "x"), Side("sf", "x")]) == Choice("x", "hs", "agree")


def test_what_one_alone_says_comes_from_there() -> None:
    assert choose(field("name"), [Side("hs", None), Side("sf", "x")]) == Choice("x", "sf", "alone")


def test_what_nobody_says_is_unknown() -> None:
    sides = [Side("hs", None), Side("sf", ABSENT)]
    assert choose(field("name"), sides) == Choice(None, None, "unknown")


def test_what_cannot_be_read_is_not_called_nothing() -> None:
    unread = Side("csv", Invalid("?"))
    assert choose(field("name"), [Side("hs", None), unread]) == Choice(None, None, "unreadable")
    assert choose(field("name"), [Side("hs", "x"), unread]) == Choice("x", "hs", "unread:csv")
    agreed = choose(field("name"), [Side("hs", "x"), Side("sf", "x"), unread])
    assert agreed == Choice("x", "hs", "agree")


def test_a_policy_chooses_and_is_named() -> None:
    sides = [Side("hs", "x"), Side("sf", "y")]
    chosen = choose(field("name", on_conflict={"prefer": "sf"}), sides)
    assert chosen == Choice("y", "sf", "prefer:sf")


def test_where_a_person_has_to_decide_the_first_system_is_shown_and_the_rest_disagrees() -> None:
    found = choose(field("name"), [Side("hs", "x"), Side("sf", "y")])
    assert (found.value, found.system) == ("x", "hs")
    assert found.reason == "disagree:disagree:hs,sf"


def test_an_edit_that_has_not_travelled_yet_is_shown_already() -> None:
    sides = [Side("hs", "new", "old"), Side("sf", "old", "old")]
    assert choose(field("name"), sides) == Choice("new", "hs", "changed:hs")


def test_an_opt_out_is_shown_even_where_it_was_taken_back() -> None:
    optout = field("optout", "flag", on_conflict="sticky")
    assert choose(optout, [Side("hs", False, True), Side("sf", False)]).value is True
    assert choose(optout, [Side("hs", False), Side("sf", None)]).value is False


def test_a_set_that_is_summed_comes_from_nobody_alone() -> None:
    topics = field("topics", "choices", on_conflict="union")
    found = choose(topics, [Side("hs", frozenset("a")), Side("sf", frozenset("b"))])
    assert found == Choice(frozenset("ab"), None, "union")


def test_a_customer_is_folded_in_the_order_of_the_mapping() -> None:
    of = entity(field("name"), field("city"))
    cells: dict[str, dict[str, Any]] = {
        "sf": {"name": "Ana", "city": None},
        "hs": {"name": "Ana", "city": Invalid("?")},
    }
    view = fold(of, group(cells))
    assert (view.entity, view.key) == ("contact", "k")
    assert view.refs == (Ref("hs", "contact", "hs-1"), Ref("sf", "contact", "sf-1"))
    assert [each.field for each in view.fields] == ["name", "city"]
    assert view.fields[1].cells == {"hs": Invalid("?"), "sf": None}


def test_only_two_values_that_differ_disagree() -> None:
    of = entity(field("name"))

    def disagrees(one: Any, other: Any) -> bool:
        return fold(of, group({"sf": {"name": one}, "hs": {"name": other}})).fields[0].disagrees

    assert disagrees("x", "y")
    assert not disagrees("x", "x")
    assert not disagrees("x", None)
    assert not disagrees("x", ABSENT)
    assert not disagrees("x", Invalid("y"))
