"""Whom people decided to be two is not linked by a later rule, and nobody is asked again about nothing else."""

from __future__ import annotations

from hypothesis import strategies as st
from rig.profiles import holds

from core.examples import linked, record
from crmsync.core.keeping_apart import Apart
from crmsync.core.matching import Ambiguity, Candidate, Match, match
from crmsync.core.records import Ref

RULES = ("decided", "email")
A, A2 = record("sf", "1", None, "mail"), record("sf", "2", None, "mail")
B, B2 = record("hs", "1", None, "mail"), record("hs", "2", None, "mail")
E = record("csv", "1", None, "mail")


def apart(*pairs: tuple[Candidate, Candidate], **keys: list[Ref]) -> Apart:
    return Apart(frozenset(frozenset((one.ref, other.ref)) for one, other in pairs), 0, keys)


def matched(
    crowd: list[Candidate], kept: Apart | None = None
) -> tuple[list[Match], list[Ambiguity]]:
    return match("w", "contact", RULES, crowd, apart=kept)


def test_two_that_share_a_mark_are_two_if_people_say_so() -> None:
    assert [each.how for each in matched([A, B])[0]] == ["email"]
    assert matched([A, B], apart((A, B))) == ([], [])


def test_nobody_is_asked_where_all_that_could_be_linked_is_decided() -> None:
    assert matched([A, B, B2])[1]
    assert matched([A, B, B2], apart((A, B), (A, B2))) == ([], [])


def test_what_is_still_open_is_asked_with_everybody() -> None:
    found, asked = matched([A, B, B2], apart((A, B)))
    assert found == []
    assert [each.refs for each in asked] == [tuple(sorted((A.ref, B.ref, B2.ref)))]
    found, asked = matched([A, B, E], apart((A, B)))
    assert (found, len(asked)) == ([], 1)


def test_a_later_rule_may_still_link_each_with_somebody_else() -> None:
    rules = ("decided", "email", "phone")
    one = Candidate(Ref("sf", "contact", "1"), (None, "mail", "phone"))
    two = Candidate(Ref("hs", "contact", "1"), (None, "mail", None))
    three = Candidate(Ref("hs", "contact", "2"), (None, None, "phone"))
    found, asked = match("w", "contact", rules, [one, two, three], apart=apart((one, two)))
    assert [(each.how, each.refs) for each in found] == [("phone", (three.ref, one.ref))]
    assert asked == []


def test_a_customer_takes_nobody_who_was_decided_to_be_another() -> None:
    held = linked("hs", "9", "k", None, "other")
    member = linked("csv", "1", "k", None, "mail")
    kept = apart((A, held), k=[held.ref])
    assert [each.key for each in matched([A, held, member])[0]] == ["k"]
    assert matched([A, held, member], kept) == ([], [])
    assert matched([A, member], kept) == ([], []), "those who are linked are known, met or not"


def test_two_that_join_one_customer_in_one_matching_are_kept_apart() -> None:
    rules = ("decided", "email", "phone")
    one = Candidate(Ref("sf", "contact", "1"), (None, "mail", None))
    two = Candidate(Ref("csv", "contact", "1"), (None, None, "phone"))
    middle = Candidate(Ref("hs", "contact", "1"), (None, "mail", "phone"), "k")
    crowd = [one, two, middle]
    assert len(match("w", "contact", rules, crowd)[0]) == 2
    found, asked = match("w", "contact", rules, crowd, apart=apart((one, two)))
    assert [each.refs for each in found] == [(one.ref,)]
    assert asked == []


def test_a_group_that_people_also_keep_apart_asks() -> None:
    one, two = record("sf", "1", "group"), record("hs", "1", "group")
    found, asked = matched([one, two], apart((one, two)))
    assert found == []
    assert [each.how for each in asked] == ["decided"]


def test_rules_before_the_decisions_are_not_spoken_against() -> None:
    rules = ("key", "decided")
    one, two = record("sf", "1", "k"), record("hs", "1", "k")
    kept = Apart(frozenset([frozenset((one.ref, two.ref))]), 1)
    assert [each.how for each in match("w", "contact", rules, [one, two], apart=kept)[0]] == ["key"]


def test_nobody_kept_apart_is_ever_in_one_match() -> None:
    refs = [Ref(system, "contact", id_) for system in ("csv", "hs", "sf") for id_ in "12"]
    marks = st.sampled_from((None, "x", "y"))
    crowds = st.tuples(
        *(st.builds(lambda ref, *m: Candidate(ref, m), st.just(ref), marks, marks) for ref in refs)
    )
    pairs = st.sets(
        st.sets(st.sampled_from(refs), min_size=2, max_size=2).map(frozenset), max_size=5
    )

    def law(case: tuple[tuple[Candidate, ...], set[frozenset[Ref]]]) -> None:
        crowd, two = case
        found, _ = match("w", "contact", RULES, crowd, apart=Apart(frozenset(two), 0))
        keys = {ref: each.key for each in found for ref in each.refs}
        for one, other in map(sorted, two):
            assert keys.get(one) is None or keys.get(one) != keys.get(other)

    holds(law, st.tuples(crowds, pairs))


def test_where_nobody_is_kept_apart_matching_is_as_ever() -> None:
    refs = [Ref(system, "contact", id_) for system in ("csv", "hs", "sf") for id_ in "12"]
    marks = st.sampled_from((None, "x", "y"))
    crowds = st.tuples(
        *(st.builds(lambda ref, *m: Candidate(ref, m), st.just(ref), marks, marks) for ref in refs)
    )
    stranger = frozenset((Ref("hs", "contact", "8"), Ref("sf", "contact", "9")))

    def law(crowd: tuple[Candidate, ...]) -> None:
        kept = Apart(frozenset([stranger]), 0)
        assert match("w", "contact", RULES, crowd, apart=kept) == match(
            "w", "contact", RULES, crowd
        )

    holds(law, crowds)
