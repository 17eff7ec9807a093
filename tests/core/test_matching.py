"""Which records are one customer: the table of core/matching.py, and the laws over random records."""

from __future__ import annotations

from rig.profiles import holds
from rig.proofs import PROOFS

from core.examples import linked, record
from crmsync.core.matching import Ambiguity, Match, key_of, match
from crmsync.core.records import Ref

RULES = ("email", "phone")


def test_a_record_that_meets_nobody_stands_alone() -> None:
    assert match("w", "contact", RULES, [record("sf", "1", "a"), record("hs", "2", "b")]) == (
        [],
        [],
    )


def test_one_candidate_in_each_system_is_linked() -> None:
    found, asked = match("w", "contact", RULES, [record("sf", "1", "a"), record("hs", "2", "a")])
    refs = (Ref("hs", "contact", "2"), Ref("sf", "contact", "1"))
    assert found == [Match(key_of("w", "contact", refs), refs, "email")]
    assert asked == []


def test_three_systems_become_one_customer() -> None:
    crowd = [record("sf", "1", "a"), record("hs", "2", "a"), record("csv", "3", "a")]
    found, _ = match("w", "contact", RULES, crowd)
    assert [len(each.refs) for each in found] == [3]


def test_several_candidates_are_never_linked_by_this_rule_or_a_later_one() -> None:
    crowd = [record("sf", "1", "a", "p"), record("sf", "2", "a"), record("hs", "3", "a", "p")]
    found, asked = match("w", "contact", RULES, crowd)
    assert found == []
    assert asked == [Ambiguity("email", "a", tuple(sorted(each.ref for each in crowd)))]


def test_the_first_rule_with_a_candidate_decides() -> None:
    crowd = [record("sf", "1", "a", "p"), record("hs", "2", "a", "q"), record("hs", "3", "b", "p")]
    found, _ = match("w", "contact", RULES, crowd)
    assert [(each.how, len(each.refs)) for each in found] == [("email", 2)]


def test_duplicates_of_one_system_alone_do_not_hinder_a_later_rule() -> None:
    crowd = [record("sf", "1", "a", "p"), record("sf", "2", "a", "q"), record("hs", "3", None, "p")]
    found, asked = match("w", "contact", RULES, crowd)
    assert [each.how for each in found] == ["phone"]
    assert asked == []


def test_a_new_record_joins_the_key_that_is_known() -> None:
    found, _ = match("w", "contact", RULES, [linked("sf", "1", "k", "a"), record("hs", "2", "a")])
    assert found == [Match("k", (Ref("hs", "contact", "2"),), "email")]


def test_a_customer_takes_no_second_record_of_a_system() -> None:
    crowd = [
        linked("sf", "1", "k", "a"),
        linked("hs", "2", "k", "moved"),
        record("hs", "3", "a"),
    ]
    found, asked = match("w", "contact", RULES, crowd)
    assert found == []
    assert [each.refs for each in asked] == [(Ref("hs", "contact", "3"), Ref("sf", "contact", "1"))]


def test_two_customers_are_not_made_one() -> None:
    crowd = [linked("sf", "1", "k", "a"), linked("hs", "2", "l", "a"), record("csv", "3", "a")]
    found, asked = match("w", "contact", RULES, crowd)
    assert found == []
    assert len(asked) == 1


def test_what_is_linked_already_is_no_news() -> None:
    crowd = [linked("sf", "1", "k", "a"), linked("hs", "2", "k", "a")]
    assert match("w", "contact", RULES, crowd) == ([], [])


def test_a_stamped_record_keeps_the_key_it_was_stamped_with() -> None:
    found, _ = match("w", "contact", ["key"], [record("sf", "1", "k"), record("hs", "2", "k")])
    assert [each.key for each in found] == ["k"]


def test_a_rule_that_leads_elsewhere_speaks_against_a_link() -> None:
    """The first rule is checked by the second: ana points to 1, and has the address of 2."""
    crowd = [
        record("hs", "9", "to 1", "a"),
        record("sf", "1", "to 1", "b"),
        record("sf", "2", None, "a"),
    ]
    found, asked = match("w", "contact", RULES, crowd, objectors={0: [1]})
    assert found == []
    assert asked == [Ambiguity("email", "to 1", tuple(sorted(each.ref for each in crowd)))]
    assert [each.how for each in match("w", "contact", RULES, crowd)[0]] == ["email"]


def test_it_speaks_for_either_side() -> None:
    crowd = [
        record("hs", "9", "to 1", "a"),
        record("sf", "1", "to 1", "b"),
        record("hs", "8", None, "b"),
    ]
    assert match("w", "contact", RULES, crowd, objectors={0: [1]})[0] == []


def test_a_rule_that_leads_to_the_same_record_among_others_speaks_against_nothing() -> None:
    crowd = [
        record("hs", "9", "to 1", "a"),
        record("sf", "1", "to 1", "a"),
        record("sf", "2", None, "a"),
    ]
    found, _ = match("w", "contact", RULES, crowd, objectors={0: [1]})
    assert [each.refs for each in found] == [(Ref("hs", "contact", "9"), Ref("sf", "contact", "1"))]


def test_whoever_speaks_against_a_link_may_have_one_of_its_own() -> None:
    crowd = [
        record("hs", "9", "to 1", "a"), record("sf", "1", "to 1", "b"),
        record("hs", "8", "to 2", "a"), record("sf", "2", "to 2", "a"),
    ]  # fmt: skip
    found, asked = match("w", "contact", RULES, crowd, objectors={0: [1]})
    assert [[ref.id for ref in each.refs] for each in found] == [["8", "2"]]
    assert [[ref.id for ref in each.refs] for each in asked] == [["9", "1", "2"]]


def test_who_is_left_over_is_asked_about_in_the_first_plan_and_not_in_the_second() -> None:
    """Whoever was linked just now is somebody: a later rule may lead to them."""
    crowd = [
        record("sf", "1", "a", "p"), record("hs", "2", "a", "q"), record("hs", "3", "b", "p"),
    ]  # fmt: skip
    found, asked = match("w", "contact", RULES, crowd)
    assert [each.how for each in found] == ["email"]
    assert asked == [
        Ambiguity("phone", "p", (Ref("hs", "contact", "3"), Ref("sf", "contact", "1")))
    ]


def test_a_third_system_joins_by_a_later_rule_at_once() -> None:
    crowd = [record("sf", "1", "a", "p"), record("hs", "2", "a"), record("csv", "3", "b", "p")]
    found, asked = match("w", "contact", RULES, crowd)
    assert {each.how: [ref.id for ref in each.refs] for each in found} == {
        "email": ["2", "1"],
        "phone": ["3"],
    }
    assert len({each.key for each in found}) == 1
    assert asked == []


def test_a_matching_over_its_own_links_has_nothing_to_add() -> None:
    holds(*PROOFS["I27 again"])


def test_the_key_depends_on_the_smallest_first_ref_only() -> None:
    first, second = Ref("hs", "contact", "1"), Ref("sf", "contact", "9")
    assert key_of("w", "contact", [second, first]) == key_of("w", "contact", [first])
    assert key_of("w", "contact", [first]) != key_of("other", "contact", [first])
    assert key_of("w", "contact", [first]) != key_of("w", "company", [first])


def test_links_and_questions_come_in_order_of_their_refs() -> None:
    crowd = [record(s, n, n) for n in ("3", "1", "2") for s in ("sf", "hs")]
    found, _ = match("w", "contact", RULES, crowd)
    assert [each.refs[0].id for each in found] == ["1", "2", "3"]


def test_the_order_of_records_does_not_matter() -> None:
    holds(*PROOFS["I22 matching"])


def test_a_record_is_linked_once_and_a_customer_has_one_record_a_system() -> None:
    holds(*PROOFS["I27"])


def test_no_link_stands_that_an_objecting_rule_contradicts() -> None:
    holds(*PROOFS["I27 objections"])


def test_keys_are_stable() -> None:
    holds(*PROOFS["I27 keys"])
