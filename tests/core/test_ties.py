"""Sets of ties survive their text, and a delta leads where it says, once or twice."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmsync.core.ties import (
    Tie,
    TieSet,
    apply_delta,
    delta_text,
    read_delta,
    read_ties_text,
    ties_text,
)

# Few ids, so that two sets share some; roles full of what separates and escapes
IDS = st.sampled_from(["1", "2", "003000000000001AAA", "+1", "-1", "a;b", "%7C"])
ROLES = st.one_of(
    st.just(""), st.text("%;|+-3B257C aé", max_size=6), st.text(max_size=8), st.just("CEO|CFO; 50%")
)
SETS = st.frozensets(st.tuples(IDS, ROLES), max_size=6)


@pytest.mark.parametrize(
    ("ties", "text"),
    [
        ([], None),
        ([("7", "")], "7"),
        ([("12", ""), ("7", "")], "12;7"),
        ([("7", "Decision Maker"), ("7", "Budget; 100%|final")], "7|Budget%3B 100%25%7Cfinal;7|Decision Maker"),
        ([("7", ""), ("7", "x"), ("7", "")], "7;7|x"),
    ],
)  # fmt: skip
def test_a_set_is_its_elements_in_order(ties: list[Tie], text: str | None) -> None:
    assert ties_text(ties) == text
    assert read_ties_text(text) == frozenset(ties)


@given(SETS)
@example(frozenset({("%3B", "%253B")}))
def test_a_set_survives_its_text(ties: TieSet) -> None:
    assert read_ties_text(ties_text(ties)) == ties


@given(SETS)
def test_the_text_is_in_the_order_of_its_bytes(ties: TieSet) -> None:
    parts = (ties_text(ties) or "").split(";")
    assert parts == sorted(parts, key=lambda part: part.encode("utf-8", "surrogatepass"))
    assert len(set(parts)) == max(len(ties), 1)


def test_a_delta_adds_first_and_takes_away_then() -> None:
    before, after = frozenset({("1", ""), ("2", "a")}), frozenset({("2", "b"), ("1", "")})
    assert delta_text(before, after) == "+2|b;-2|a"
    assert read_delta("+2|b;-2|a") == ({("2", "b")}, {("2", "a")})
    assert delta_text(before, before) == ""
    assert read_delta("") == (frozenset(), frozenset())


@given(SETS, SETS)
def test_a_delta_is_read_as_it_was_meant(before: TieSet, after: TieSet) -> None:
    assert read_delta(delta_text(before, after)) == (after - before, before - after)


@given(SETS, SETS)
def test_a_delta_leads_there_and_again_nowhere_else(before: TieSet, after: TieSet) -> None:
    delta = delta_text(before, after)
    assert apply_delta(before, delta) == after
    assert apply_delta(apply_delta(before, delta), delta) == after


@given(SETS, SETS, SETS)
def test_a_delta_leaves_ties_alone_that_it_does_not_name(
    before: TieSet, after: TieSet, held: TieSet
) -> None:
    others = held - before - after
    assert apply_delta(held, delta_text(before, after)) & others == others


@pytest.mark.parametrize("text", [";", "1;", "|role", "1|", "1|a|b", "1|50%", "%2"])
def test_what_is_no_set_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"no tie|no escape"):
        read_ties_text(text)


@pytest.mark.parametrize("text", ["1", "+1;2", "*1|a", "+", "-|a", "+1|a;-1|a", "+1;"])
def test_what_is_no_delta_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"\+ or -|no tie|both"):
        read_delta(text)


def test_a_tie_without_an_id_has_no_text() -> None:
    with pytest.raises(ValueError, match="no id"):
        ties_text([("", "Buyer")])
