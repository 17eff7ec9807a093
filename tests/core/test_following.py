"""Where links go when records are merged: the table of core/following.py, and its laws."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rig.profiles import FEW

from crmsync.core.following import Move, NeedsMerge, astray, follow, survivors
from crmsync.core.records import Ref


def hs(id_: str) -> Ref:
    return Ref("hubspot", "contacts", id_)


def sf(id_: str) -> Ref:
    return Ref("salesforce", "Contact", id_)


def test_the_survivor_takes_the_place_of_the_one_that_is_gone() -> None:
    links = {hs("1"): "k", sf("A"): "k"}
    assert follow(links, [(hs("1"), hs("9"))], {hs("9")}) == ([Move("k", hs("1"), hs("9"))], [])


def test_of_a_pair_that_was_merged_only_one_belonged_to_a_customer() -> None:
    links = {hs("1"): "k", sf("A"): "k"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    assert follow(links, pairs, {hs("9")}) == ([Move("k", hs("1"), hs("9"))], [])


def test_two_customers_who_are_apart_elsewhere_are_nobodys_to_move() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    clash = NeedsMerge(hs("9"), ("k", "l"), (sf("A"), sf("B")))
    assert follow(links, pairs, {hs("9")}) == ([], [clash])


def test_a_customer_merged_into_another_one_that_is_there_is_not_moved() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    found = follow(links, [(hs("2"), hs("1"))], {hs("1")})
    assert found == ([], [NeedsMerge(hs("1"), ("k", "l"), (sf("A"), sf("B")))])


def test_a_customer_with_nothing_elsewhere_goes_to_the_one_that_has_more() -> None:
    links = {hs("1"): "z", sf("A"): "z", hs("2"): "a"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    moves = [Move("z", hs("1"), hs("9")), Move("z", hs("2"), hs("9"))]
    assert follow(links, pairs, {hs("9")}) == (moves, [])


def test_a_survivor_with_a_key_keeps_it() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "a"}
    assert follow(links, [(hs("2"), hs("1"))], {hs("1")}) == ([Move("k", hs("2"), hs("1"))], [])


def test_a_chain_leads_to_its_end() -> None:
    pairs = [(hs("1"), hs("2")), (hs("2"), hs("3"))]
    assert survivors(pairs, {hs("3")}) == {hs("1"): hs("3"), hs("2"): hs("3")}


def test_a_ring_leads_nowhere() -> None:
    pairs = [(hs("1"), hs("2")), (hs("2"), hs("1")), (hs("1"), hs("1"))]
    assert survivors(pairs, set()) == {}


def test_a_record_that_two_claim_went_nowhere_that_we_know_of() -> None:
    assert survivors([(hs("1"), hs("2")), (hs("1"), hs("3"))], {hs("2"), hs("3")}) == {}


REFS = [hs(str(number)) for number in range(8)]
PAIRS = st.lists(st.tuples(st.sampled_from(REFS), st.sampled_from(REFS)), max_size=12)
LIVE = st.frozensets(st.sampled_from(REFS), max_size=5)
KEYS = st.dictionaries(
    st.sampled_from([*REFS, *(sf(id_) for id_ in "ABCD")]), st.sampled_from("klmn"), max_size=12
)


@settings(FEW)
@given(PAIRS, LIVE)
def test_whatever_the_chains_they_end_at_records_that_are_there(
    pairs: list[tuple[Ref, Ref]], live: frozenset[Ref]
) -> None:
    found = survivors(pairs, live)
    assert set(found.values()) <= live
    assert not set(found) & live
    assert found == survivors(pairs[::-1], live)
    assert survivors([*pairs, *found.items()], live) == found, "following twice leads elsewhere"


@settings(FEW)
@given(KEYS, PAIRS, LIVE)
def test_no_link_changes_its_customer_unless_nothing_is_left_of_the_old_one(
    links: dict[Ref, str], pairs: list[tuple[Ref, Ref]], live: frozenset[Ref]
) -> None:
    moves, clashes = follow(links, pairs, live)
    assert (moves, clashes) == follow(links, pairs[::-1], live)
    keys = {move.new: move.key for move in moves}
    assert all(keys[move.new] == move.key for move in moves), "two keys for one record"
    assert all(links.get(new, key) == key for new, key in keys.items()), "a key was taken away"
    assert not keys.keys() & {clash.survivor for clash in clashes}
    merged = {move.old for move in moves}
    for move in moves:
        left = {ref for ref, key in links.items() if key == links[move.old]}
        if links[move.old] != move.key:
            assert left <= merged | set(keys), "somebody was moved to another customer silently"


def test_two_customers_merged_in_every_system_are_one() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("2"), hs("1")), (sf("B"), sf("A"))]
    moves = [Move("k", hs("2"), hs("1")), Move("k", sf("B"), sf("A"))]
    assert follow(links, pairs, {hs("1"), sf("A")}) == (moves, [])


def test_two_customers_merged_in_every_system_into_new_records_are_one() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9")), (sf("A"), sf("Z")), (sf("B"), sf("Z"))]
    moves, clashes = follow(links, pairs, {hs("9"), sf("Z")})
    assert ({move.key for move in moves}, len(moves), clashes) == ({"k"}, 4, [])


def test_two_customers_merged_crosswise_are_nobodys_to_move() -> None:
    """One survivor has one key and the other the other: moving either would tear a customer apart."""
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("2"), hs("1")), (sf("A"), sf("B"))]
    moves, clashes = follow(links, pairs, {hs("1"), sf("B")})
    assert (moves, {clash.survivor for clash in clashes}) == ([], {hs("1"), sf("B")})


def lead(id_: str) -> Ref:
    return Ref("salesforce", "Lead", id_)


def test_a_converted_lead_hands_its_key_over_and_no_base() -> None:
    links = {hs("1"): "k", lead("L"): "k"}
    moves, _ = follow(links, [(lead("L"), sf("A"))], {sf("A")})
    assert moves == [Move("k", lead("L"), sf("A"), anew=True)]
    assert moves[0].why == "converted"


def test_a_contact_that_was_settled_keeps_its_base_though_a_lead_became_it() -> None:
    links = {hs("1"): "k", sf("A"): "k", lead("L"): "l"}
    assert follow(links, [(lead("L"), sf("A"))], {sf("A")}) == (
        [Move("k", lead("L"), sf("A"), anew=False)],
        [],
    )
    pairs = [(lead("L"), sf("Z")), (sf("A"), sf("Z"))]
    moves, _ = follow(links, pairs, {sf("Z")})
    assert {(move.key, move.anew) for move in moves} == {("k", False)}


def test_who_became_somebody_that_was_not_read_is_named() -> None:
    links = {hs("1"): "k", lead("L"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(lead("L"), sf("A")), (sf("B"), sf("C"))]
    assert astray(links, pairs, set()) == [(hs("1"), lead("L"))]
    assert astray(links, pairs, {sf("A")}) == []
