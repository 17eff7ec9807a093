"""Where links go when records are merged: the table of core/following.py, and its laws."""

from __future__ import annotations

from dataclasses import replace

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
    assert follow(links, [(hs("1"), hs("9"))], {hs("9"), sf("A")}) == (
        [Move("k", hs("1"), hs("9"))],
        [],
    )


def test_of_a_pair_that_was_merged_only_one_belonged_to_a_customer() -> None:
    links = {hs("1"): "k", sf("A"): "k"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    assert follow(links, pairs, {hs("9"), sf("A")}) == ([Move("k", hs("1"), hs("9"))], [])


def test_two_customers_who_are_apart_elsewhere_are_nobodys_to_move() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    clash = NeedsMerge(hs("9"), ("k", "l"), (sf("A"), sf("B")))
    assert follow(links, pairs, {hs("9"), sf("A"), sf("B")}) == ([], [clash])


def test_a_customer_merged_into_another_one_that_is_there_is_not_moved() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    found = follow(links, [(hs("2"), hs("1"))], {hs("1"), sf("A"), sf("B")})
    assert found == ([], [NeedsMerge(hs("1"), ("k", "l"), (sf("A"), sf("B")))])


def test_a_customer_with_nothing_elsewhere_goes_to_the_one_that_has_more() -> None:
    links = {hs("1"): "z", sf("A"): "z", hs("2"): "a"}
    pairs = [(hs("1"), hs("9")), (hs("2"), hs("9"))]
    moves = [Move("z", hs("1"), hs("9")), Move("z", hs("2"), hs("9"))]
    assert follow(links, pairs, {hs("9"), sf("A")}) == (moves, [])


def test_a_survivor_with_a_key_keeps_it() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "a"}
    assert follow(links, [(hs("2"), hs("1"))], {hs("1"), sf("A")}) == (
        [Move("k", hs("2"), hs("1"))],
        [],
    )


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


THEIRS = st.sampled_from([*map(sf, "ABCD")])
CROWDS = st.tuples(
    KEYS,
    st.lists(st.tuples(st.sampled_from(REFS), st.sampled_from(REFS)) | st.tuples(THEIRS, THEIRS), max_size=12),
    st.frozensets(st.sampled_from([*REFS, *map(sf, "ABCD")])),
)  # fmt: skip


def keys_after(links: dict[Ref, str], moves: list[Move]) -> dict[Ref, str]:
    return links | {move.new: move.key for move in moves}


@settings(FEW)
@given(CROWDS)
def test_a_customer_is_moved_whole_or_not_at_all(
    crowd: tuple[dict[Ref, str], list[tuple[Ref, Ref]], frozenset[Ref]],
) -> None:
    links, pairs, live = crowd
    moves, clashes = follow(links, pairs, live)
    assert (moves, clashes) == follow(links, pairs[::-1], live)
    now = keys_after(links, moves)
    for move in moves:
        assert now[move.new] == move.key, "two keys for one record"
        left = [ref for ref, key in links.items() if key == links[move.old] and ref in live]
        assert {now[ref] for ref in left} <= {move.key}, "a customer was torn apart"
    assert not {move.new for move in moves} & {clash.survivor for clash in clashes}
    for clash in clashes:
        systems = [ref.system for ref in {clash.survivor, *clash.refs}]
        assert len({*systems}) < len(systems), "there is nothing to merge"
        assert set(clash.refs) <= live, "it was deleted, and nobody can merge it"


@settings(FEW)
@given(CROWDS)
def test_what_is_followed_is_done(
    crowd: tuple[dict[Ref, str], list[tuple[Ref, Ref]], frozenset[Ref]],
) -> None:
    links, pairs, live = crowd
    moves, clashes = follow(links, pairs, live)
    olds = {move.old for move in moves} - {move.new for move in moves}
    left = {ref: key for ref, key in keys_after(links, moves).items() if ref not in olds}
    assert follow(left, pairs, live) == ([], clashes)


@settings(FEW)
@given(CROWDS, st.permutations("klmn"))
def test_the_names_of_keys_decide_nothing(
    crowd: tuple[dict[Ref, str], list[tuple[Ref, Ref]], frozenset[Ref]], others: list[str]
) -> None:
    links, pairs, live = crowd
    names = dict(zip("klmn", others, strict=True))
    moves, clashes = follow(links, pairs, live)
    renamed, asked = follow({ref: names[key] for ref, key in links.items()}, pairs, live)
    assert sorted(replace(move, key=names[move.key]) for move in moves) == renamed
    assert {each.survivor for each in clashes} == {each.survivor for each in asked}


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


def test_two_customers_merged_crosswise_are_one_under_one_key() -> None:
    """One survivor had one key and the other the other: the second changes its key and begins anew."""
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(hs("2"), hs("1")), (sf("A"), sf("B"))]
    moves, clashes = follow(links, pairs, {hs("1"), sf("B")})
    assert clashes == []
    assert moves == [
        Move("k", hs("2"), hs("1")),
        Move("k", sf("A"), sf("B"), anew=True),
        Move("k", sf("B"), sf("B"), anew=True),
    ]
    assert [move.why for move in moves] == ["merged", "merged", "joined"]


def test_what_was_deleted_elsewhere_keeps_nobody_apart() -> None:
    links = {hs("1"): "k", sf("A"): "k", hs("2"): "l", sf("B"): "l"}
    found = follow(links, [(sf("B"), sf("A"))], {sf("A"), hs("1")})
    assert found == ([Move("k", sf("B"), sf("A"))], [])


def test_a_lead_that_became_the_contact_of_a_customer_deleted_elsewhere_joins_them() -> None:
    links = {hs("1"): "k", lead("L"): "k", hs("2"): "l", sf("B"): "l"}
    moves, clashes = follow(links, [(lead("L"), sf("B"))], {hs("1"), sf("B")})
    assert clashes == []
    assert {(move.key, move.new, move.anew) for move in moves} == {("k", sf("B"), True)}


def test_two_leads_that_became_one_new_contact_go_to_whom_is_left_elsewhere() -> None:
    for kept, lost in ("ab", "ba"):
        links = {lead("A"): kept, hs("1"): kept, lead("B"): lost, hs("2"): lost}
        pairs = [(lead("A"), sf("C")), (lead("B"), sf("C")), (hs("2"), hs("1"))]
        moves, clashes = follow(links, pairs, {sf("C"), hs("1")})
        assert ({move.key for move in moves}, len(moves), clashes) == ({kept}, 3, [])


def lead(id_: str) -> Ref:
    return Ref("salesforce", "Lead", id_)


def test_a_converted_lead_hands_its_key_over_and_no_base() -> None:
    links = {hs("1"): "k", lead("L"): "k"}
    moves, _ = follow(links, [(lead("L"), sf("A"))], {sf("A"), hs("1")})
    assert moves == [Move("k", lead("L"), sf("A"), anew=True)]
    assert moves[0].why == "converted"


def test_a_contact_that_was_settled_keeps_its_base_though_a_lead_became_it() -> None:
    links = {hs("1"): "k", sf("A"): "k", lead("L"): "l"}
    assert follow(links, [(lead("L"), sf("A"))], {sf("A"), hs("1")}) == (
        [Move("k", lead("L"), sf("A"), anew=False)],
        [],
    )
    pairs = [(lead("L"), sf("Z")), (sf("A"), sf("Z"))]
    moves, _ = follow(links, pairs, {sf("Z"), hs("1")})
    assert {(move.key, move.anew) for move in moves} == {("k", False)}


def test_who_became_somebody_that_was_not_read_is_named() -> None:
    links = {hs("1"): "k", lead("L"): "k", hs("2"): "l", sf("B"): "l"}
    pairs = [(lead("L"), sf("A")), (sf("B"), sf("C"))]
    assert astray(links, pairs, set()) == [(hs("1"), lead("L"))]
    assert astray(links, pairs, {sf("A")}) == []
