"""What is lost between two native fields is said before anything is written, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.losses import Loss, Passage, losses
from crmsync.core.records import Invalid, Native
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, held

STAGES = {"New": "open", "Working": "open", "Done": "won"}


def native(type_: str = "string", **other: object) -> Native:
    if isinstance(other.get("options"), str):
        other["options"] = frozenset(str(other["options"]).split())
    return Native("x", type_, **other)  # type: ignore[arg-type]


def lost(type_: str, source: Native, target: Native, **maps: dict[str, str]) -> list[Loss]:
    leaves = Spec(type_, values=maps.get("leaves", {}))
    enters = Spec(type_, values=maps.get("enters", {}))
    return losses(Passage(source, target, leaves, enters))


@pytest.mark.parametrize(
    ("type_", "source", "target", "expected"),
    [
        ("text", native(length=300), native(length=255), [Loss("cut", 255)]),
        ("text", native(), native(length=255), [Loss("cut", 255)]),
        ("text", native(length=255), native(length=300), []),
        ("text", native(length=255), native(), []),
        ("text", native(length=255), native(length=255), []),
        ("email", native(length=80), native(length=40), [Loss("too_long", 40)]),
        ("decimal", native(scale=4), native(scale=2), [Loss("rounded", 2)]),
        ("money", native(), native(scale=2), [Loss("rounded", 2)]),
        ("money", native(scale=2), native(scale=2), []),
        ("date", native("date"), native("datetime"), [Loss("from_day")]),
        ("date", native("datetime"), native("date"), [Loss("to_day")]),
        ("date", native("date"), native("date"), []),
        ("instant", native("datetime"), native("datetime", scale=0), [Loss("seconds")]),
        ("instant", native("datetime", scale=0), native("datetime", scale=0), []),
        ("instant", native("datetime"), native("date"), [Loss("time")]),
        ("flag", native("boolean"), native("boolean"), []),
        ("text", native(), native(writable=False), [Loss("read_only")]),
    ],
)
def test_what_a_field_keeps_less_of_is_lost(
    type_: str, source: Native, target: Native, expected: list[Loss]
) -> None:
    assert lost(type_, source, target) == expected


def test_values_without_a_counterpart_are_named() -> None:
    source, target = native("picklist", options="a b c"), native("picklist", options="b")
    assert lost("choice", source, target) == [Loss("options", values=("a", "c"))]
    assert lost("choice", source, target, enters={"b": "a", "z": "c"}) == [
        Loss("options", values=("b", "c"))
    ]


def test_native_values_in_no_map_and_those_that_become_one_are_named() -> None:
    source = native("picklist", options="New Working Done Lost")
    target = native("picklist", options="o w")
    maps = {"leaves": STAGES, "enters": {"o": "open", "w": "won"}}
    assert lost("choice", source, target, **maps) == [
        Loss("merged", values=("New = Working",)),
        Loss("unmapped", values=("Lost",)),
    ]


def test_a_list_nobody_read_is_not_called_complete() -> None:
    assert lost("choices", native("multipicklist"), native("multipicklist")) == [Loss("unlisted")]


def test_every_type_can_be_asked() -> None:
    for type_ in TYPES:
        assert lost(type_, native("id"), native("id")) == []


@given(
    st.text("abc", min_size=1, max_size=12),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 12),
)
def test_a_text_that_the_source_holds_is_only_shortened_where_that_was_said(
    text: str, longest: int | None, kept: int | None
) -> None:
    source, target = native(length=longest), native(length=kept)
    spec = Spec("text")
    if held(text, spec, source) == text and held(text, spec, target) != text:
        assert lost("text", source, target) == [Loss("cut", kept)]


@given(st.sampled_from("abcd"), st.sets(st.sampled_from("abcd"), min_size=1))
def test_a_choice_that_the_target_refuses_is_among_the_lost(value: str, options: set[str]) -> None:
    source = native("picklist", options="a b c d")
    target = native("picklist", options=" ".join(options))
    refused = isinstance(held(value, Spec("choice"), target), Invalid)
    named = [name for loss in lost("choice", source, target) for name in loss.values]
    assert (value in named) == refused
