"""Why a value is what it is: every step on its way, what became of every side, and since when it is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.examples import entity, field, group
from crmsync.core.evidence import (
    FieldEvidence,
    Raws,
    Step,
    Told,
    Written,
    evidence_of,
    last_written,
    natives_needed,
    steps_of,
)
from crmsync.core.mapping import Entity, Field, MadeOf, Seat
from crmsync.core.records import ABSENT, UNSET, Invalid, Ref
from crmsync.core.values import parse, text_of
from crmsync.core.views import fold

SF = Seat("sf", "contact")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def made(transform: str, *inputs: str, **options: str) -> dict[str, MadeOf | dict[str, MadeOf]]:
    return {"sf": MadeOf(transform, list(inputs), options)}


def mapped(type_: str, **other: Any) -> Field:
    return replace(field("it", type_), **other)


COUNTRY = field("country", "text")
FULL = made("concat", "First", "Last", separator="-")
TABLE: list[tuple[str, Field, Raws, list[Step]]] = [
    ("a plain text", mapped("text"), {"it": "Ana"}, [Step("read", "it", "Ana")]),
    ("a blank", mapped("text"), {"it": None}, [Step("read", "it", None)]),
    (
        "what is read in another notation",
        mapped("integer"),
        {"it": "7.0"},
        [Step("read", "it", "7.0"), Step("parse", "integer", "7")],
    ),
    (
        "what cannot be read",
        mapped("integer"),
        {"it": "many"},
        [Step("read", "it", "many"), Step("parse", "integer", None)],
    ),
    (
        "a list of values",
        mapped("choice", values={"sf": {"Open": "open"}}),
        {"it": "Open"},
        [Step("read", "it", "Open"), Step("values", "choice", "open")],
    ),
    (
        "an option of no list",
        mapped("choice", values={"sf": {"Open": "open"}}),
        {"it": "New"},
        [Step("read", "it", "New"), Step("values", "choice", None)],
    ),
    (
        "an owner",
        mapped("owner", values={"sf": {"005": "ana@a.example"}}),
        {"it": "005"},
        [Step("read", "it", "005"), Step("user", "owner", "ana@a.example")],
    ),
    (
        "several native fields",
        mapped("text", names={"hs": "it"}, made_of=FULL),
        {"First": "Ana", "Last": "Gil"},
        [
            Step("read", "First", "Ana"),
            Step("read", "Last", "Gil"),
            Step("transform", "concat (separator: -)", "Ana-Gil"),
        ],
    ),
    (
        "a phone of the record's own country",
        mapped("phone", country_from="country", region="ES"),
        {"it": "55 5123 4567", "country": "Mexico"},
        [
            Step("read", "it", "55 5123 4567"),
            Step("home", "country", "MX"),
            Step("parse", "phone", "+525551234567"),
        ],
    ),
    (
        "an amount of the record's own currency",
        mapped("money", currency_from="country", currency="EUR"),
        {"it": "10.00", "country": "USD"},
        [
            Step("read", "it", "10.00"),
            Step("home", "country", "USD"),
            Step("parse", "money", "10 USD"),
        ],
    ),
    (
        "a tie to another record",
        mapped("reference", to="company"),
        {"it": "001"},
        [Step("read", "it", "001"), Step("leads", "company", "k9")],
    ),
    (
        "a value of another record",
        mapped("text", names={"hs": "it"}, made_of=made("lookup", "company", "name")),
        {},
        [Step("lookup", "company.name", "k9")],
    ),
    ("nothing that is mapped", mapped("text", names={"hs": "it"}), {"it": "Ana"}, []),
]


@pytest.mark.parametrize(("_name", "one", "raws", "steps"), TABLE, ids=[row[0] for row in TABLE])
def test_every_step_of_a_value_is_told(
    _name: str, one: Field, raws: Raws, steps: list[Step]
) -> None:
    assert steps_of({}, entity(one, COUNTRY), one, SF, raws, "k9") == tuple(steps)


@pytest.mark.parametrize(("_name", "one", "raws", "_steps"), TABLE, ids=[row[0] for row in TABLE])
def test_the_last_step_gives_the_value_itself(
    _name: str, one: Field, raws: Raws, _steps: list[Step]
) -> None:
    found = steps_of({}, entity(one, COUNTRY), one, SF, raws, "k9")
    if len(raws) == 1 and one.type != "reference" and found:
        cell = parse(raws["it"], one.spec("sf"))
        assert found[-1].gives == (None if isinstance(cell, Invalid) else text_of(cell, one.type))


def test_what_every_step_is_about_is_read() -> None:
    fields = [replace(one, field=f"f{n}") for n, (_, one, _, _) in enumerate(TABLE)]
    assert natives_needed({}, entity(*fields, COUNTRY), SF) == ("First", "Last", "country", "it")


def told(one: Field, cells: Mapping[str, Any], **more: Any) -> FieldEvidence:
    known = Told({}, {Ref("hs", "contact", "hs-1"): {"it": Written(NOON, "instant", "history")}})
    of: Entity = entity(one)
    found = replace(group({system: {"it": each} for system, each in cells.items()}), **more)
    (evidence,) = evidence_of({}, of, found, fold(of, found), known)
    return evidence


@pytest.mark.parametrize(
    ("one", "cells", "roles"),
    [
        (mapped("text"), {"hs": "x", "sf": "x"}, ["chosen", "same"]),
        (mapped("text", on_conflict={"prefer": "sf"}), {"hs": "x", "sf": "y"}, ["lost", "chosen"]),
        (mapped("text"), {"hs": None, "sf": "x"}, ["blank", "chosen"]),
        (mapped("text"), {"hs": ABSENT, "sf": "x"}, ["absent", "chosen"]),
        (mapped("integer"), {"hs": Invalid("?"), "sf": 7}, ["unread", "chosen"]),
        (
            mapped("choices", on_conflict="union"),
            {"hs": frozenset("a"), "sf": frozenset("b")},
            ["part", "part"],
        ),
    ],
)
def test_every_side_knows_what_became_of_it(
    one: Field, cells: Mapping[str, Any], roles: list[str]
) -> None:
    assert [side.role for side in told(one, cells).sides] == roles


def test_a_side_that_takes_no_part_has_no_say() -> None:
    found = told(mapped("text"), {"hs": ABSENT, "sf": "x"}, outside=frozenset({"hs"}))
    assert [side.role for side in found.sides] == ["outside", "chosen"]
    assert found.sides[0].written is None


def test_what_nobody_shows_is_not_measurable_and_a_blank_is() -> None:
    assert not told(mapped("text"), {"hs": ABSENT, "sf": Invalid("?")}).measurable
    assert told(mapped("text"), {"hs": ABSENT, "sf": None}).measurable


def test_a_side_says_since_when_and_what_it_held_before() -> None:
    found = told(mapped("text"), {"hs": "new", "sf": "old"}, bases={"hs": {"it": "old"}})
    assert found.sides[0].written == Written(NOON, "instant", "history")
    assert (found.sides[0].base, found.sides[1].base) == ("old", UNSET)
    assert found.sides[1].written is None


def test_the_latest_of_several_native_fields_counts_else_the_record() -> None:
    early, late = (Written(NOON.replace(hour=hour), "instant", "history") for hour in (8, 9))
    record = Written(NOON, "upper_bound", "record")
    full = mapped("text", names={"hs": "it"}, made_of=FULL)
    assert last_written(full, SF, {"First": late, "Last": early, "": record}) == late
    assert last_written(full, SF, {"": record}) == record
    assert last_written(full, SF, {}) is None
    lookup = mapped("text", names={"hs": "it"}, made_of=made("lookup", "company", "name"))
    assert last_written(lookup, SF, {"": record}) is None
