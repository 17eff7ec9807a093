"""Columns that say nothing, keys that say too much, records that nobody may join: no wrong group, and it is told."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from benchmarks.duplicates.measures import quality
from benchmarks.duplicates.people import make_people
from crmsync.core.duplicates import Crowded, DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.finding import search
from crmsync.warehouse.duplicates.persons import PERSONS
from crmsync.warehouse.duplicates.source import lay_out
from duplicates.searching import (
    PARTS,
    TEXTS,
    Record,
    give,
    laid_out,
    mail,
    people,
    searched,
    staged,
)

ALL = (*PARTS, "erased", "opted_out")


@cache
def learned() -> SavedModel:
    """Estimated once: what a test is about is not the estimate."""
    found, _ = searched(people(600, 6))
    return found.saved


def among(*records: Record, crowd: int = 1000, **model: Any) -> Any:
    return searched([*records, *people(crowd, 6)], ALL, saved=learned(), **model)


@pytest.mark.slow_but("different-employer", "constant-phone1", "empty-email1")
@pytest.mark.parametrize(
    "column", ["given_name", "family_name", "email1", "phone1", "employer", "place"]
)
@pytest.mark.parametrize("value", ["empty", "constant", "different"])
def test_a_column_that_tells_nothing_makes_no_wrong_groups(column: str, value: str) -> None:
    crowd = make_people(600, 7)
    values = {"empty": [None] * 600, "constant": ["911111111"] * 600,
              "different": [f"x{at}x@{at * 7919:010d}.es" for at in range(600)]}  # fmt: skip
    records = [
        {**each, column: text} for each, text in zip(people(600, 7), values[value], strict=True)
    ]
    found, _ = searched(records)
    ids = list(crowd.truth)
    clusters = {ids[at]: at_group for at_group, group in enumerate(found.groups) for at in group}
    # Where all have one first name, relatives with one phone and surname cannot be told apart.
    assert quality(crowd.truth, clusters).false_merges <= 0.07


def test_a_key_of_half_of_all_is_told_and_joins_nobody() -> None:
    half: list[Record] = [
        {"given_name": f"Ana{at}", "family_name": f"Soto{at}", "place": "Lugo", "employer": "Xunta"}
        for at in range(300)
    ]
    shared: list[Record] = [
        {"given_name": "Ana", "family_name": "Soto", "place": "Lugo"} for _ in range(300)
    ]
    found, _ = searched([*half, *shared], saved=learned())
    assert found.groups == []
    assert Crowded("name", "ana soto", 300) in found.crowded
    assert found.compared < 3000


def test_ten_thousand_identical_records_are_told_and_make_no_group() -> None:
    one = {"given_name": "Ana", "family_name": "Soto", "email1": mail("ana.soto", "acme.es")}
    found, _ = searched([one] * 10_000, saved=learned())
    assert (found.groups, found.compared) == ([], 0)
    assert Crowded("email", mail("ana.soto", "acme.es"), 10_000) in found.crowded


def test_a_group_is_never_larger_than_the_model_says() -> None:
    one = {"given_name": "Ainhoa", "family_name": "Garate", "email1": mail("a.garate", "acme.es")}
    found, _ = among(*[one] * 29, largest=10)
    assert max(len(each) for each in found.groups) <= 10


def test_a_record_that_stands_there_twice_is_compared_once_and_told() -> None:
    db = laid_out([])
    ours: list[Record] = [{"given_name": "Ana", "family_name": "Soto"}, {"given_name": "Eva"}]
    give(db, "records", [*ours, *ours], ["1", "2", "1", "2"])
    assert lay_out(db, PERSONS, "records", TEXTS) == 2
    found = search(db, DuplicateModel(dict.fromkeys(PARTS, "")))
    assert (found.groups, found.compared) == ([], 0)


def test_names_of_other_alphabets_meet_their_latin_spelling() -> None:
    names = [("Анна", "Иванова"), ("Anna", "Ivanova"), ("Ελένη", "Παππά"), ("Eleni", "Pappa"),
             ("Наталья", "Жукова"), ("Natalya", "Zhukova")]  # fmt: skip
    records = staged(*({"given_name": g, "family_name": f} for g, f in names))
    whole = [each["whole"] for each in records]
    assert whole[::2] == whole[1::2]


def test_chinese_and_arabic_names_stay_as_they_are_and_differ() -> None:
    names = [("李", "小龙"), ("王", "小明"), ("محمد", "العلي"), ("فاطمة", "الزهراء")]
    records = staged(*({"given_name": g, "family_name": f} for g, f in names))
    assert len({each["whole"] for each in records}) == 4
    assert None not in {each["whole"] for each in records}


ANA: Record = {
    "given_name": "Ainhoa",
    "family_name": "Garate",
    "email1": mail("a.garate", "acme.es"),
}


def test_who_asked_to_be_forgotten_is_in_no_pair() -> None:
    found, pairs = among({**ANA, "erased": "true"}, ANA, ANA)
    assert not [pair for pair in pairs if 0 in pair]
    assert [1, 2] in found.groups


def test_two_answers_to_mail_are_a_pair_but_never_a_sure_one() -> None:
    _, pairs = among({**ANA, "opted_out": "true"}, {**ANA, "opted_out": "false"}, ANA)
    sure = DuplicateModel(dict.fromkeys(PARTS, "")).sure
    assert 0.9 < pairs[0, 1]["p"] < sure
    assert pairs[0, 1]["guard"] == "two_answers_to_mail"
    assert (pairs[0, 2]["p"] > sure, pairs[0, 2]["guard"]) == (True, None)


def test_the_guard_that_lowered_a_pair_is_told() -> None:
    brother = {
        **ANA,
        "given_name": "Gorka",
        "email1": mail("gorka", "acme.es"),
        "phone1": "944112233",
    }
    _, pairs = among({**ANA, "phone1": "944112233"}, brother)
    assert (pairs[0, 1]["vetoed"], pairs[0, 1]["guard"]) == (True, "other_first_name_other_mail")


def test_what_every_level_weighs_is_told() -> None:
    found, pairs = among(ANA, ANA)
    assert found.weights["email"]["same"] > 10 > 0 > found.weights["email"]["other"]
    assert pairs[0, 1]["email"] in found.weights["email"]


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "limit"), [(1_000_000, "1500MB")])
def test_a_million_blanks_are_nobody(rows: int, limit: str) -> None:
    db = laid_out([])
    db.execute(f"SET memory_limit = '{limit}'")
    texts = ", ".join(f"NULL::VARCHAR AS {name}" for name in TEXTS.values())
    db.execute(
        f"CREATE OR REPLACE TABLE records AS SELECT 'crm' AS system, i::VARCHAR AS id, {texts} FROM range({rows}) r(i)"
    )
    lay_out(db, PERSONS, "records", TEXTS)
    found = search(db, DuplicateModel(dict.fromkeys(PARTS, "")))
    assert (found.groups, found.compared, found.crowded) == ([], 0, ())


@pytest.mark.slow
def test_a_small_memory_is_enough(tmp_path: Any) -> None:
    records = people(200_000, 8)
    db = laid_out(records)
    plain = search(db, DuplicateModel(dict.fromkeys(PARTS, "")))
    db.execute(f"SET temp_directory = '{tmp_path}'")
    db.execute("SET memory_limit = '300MB'")
    assert search(db, DuplicateModel(dict.fromkeys(PARTS, "")), plain.saved).groups == plain.groups
