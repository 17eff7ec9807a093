"""Only what changed is compared anew, and the decision is the one that the search of all would make."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.changing import search_changed
from crmsync.warehouse.duplicates.finding import Search, search
from crmsync.warehouse.duplicates.persons import PERSONS
from crmsync.warehouse.duplicates.source import lay_out_changed
from duplicates.searching import PARTS, TEXTS, Record, give, laid_out, mail, pairs, people

MODEL = DuplicateModel(dict.fromkeys(PARTS, ""))
CROWD = people(1200, 4)


@cache
def learned() -> SavedModel:
    """Estimated once for all tests."""
    return search(laid_out(CROWD[:600]), MODEL).saved


@pytest.fixture
def kept() -> tuple[Any, Search]:
    db = laid_out(CROWD)
    return db, search(db, MODEL, learned())


def change(db: Any, records: dict[int, Record]) -> list[int]:
    """Writes records anew by their number; those beyond the crowd are new."""
    give(db, "changed", list(records.values()), [f"{at:05d}" for at in records])
    return lay_out_changed(db, PERSONS, "changed", TEXTS)


def _found(db: Any) -> set[tuple[object, ...]]:
    return {tuple(row) for row in db.execute("SELECT * FROM dup_found").fetchall()}


def test_if_all_have_changed_it_says_what_the_whole_search_says(kept: tuple[Any, Search]) -> None:
    db, found = kept
    before = _found(db)
    again = search_changed(db, MODEL, found.saved, range(1, len(CROWD) + 1))
    assert again.groups == found.groups
    assert (again.compared, again.vetoed, again.crowded) == (
        found.compared,
        found.vetoed,
        found.crowded,
    )
    assert _found(db) == before


def test_the_groups_are_those_of_the_changed_records(kept: tuple[Any, Search]) -> None:
    db, found = kept
    changed = {found.groups[3][0], found.groups[8][1]}
    again = search_changed(db, MODEL, found.saved, changed)
    assert again.groups == [found.groups[3], found.groups[8]]
    assert again.compared < 60


def test_a_new_record_joins_the_group_of_its_person(kept: tuple[Any, Search]) -> None:
    db, found = kept
    first = found.groups[5][0]
    (rid,) = change(db, {len(CROWD): CROWD[first - 1]})
    again = search_changed(db, MODEL, found.saved, [rid])
    assert again.groups == [[*found.groups[5], rid]]


def test_a_record_that_became_somebody_else_leaves_its_group(kept: tuple[Any, Search]) -> None:
    db, found = kept
    pair = next(each for each in found.groups if len(each) == 2)
    other = {"given_name": "Zenobia", "family_name": "Urquiza", "email1": mail("zu", "zu.es")}
    again = search_changed(db, MODEL, found.saved, change(db, {pair[0] - 1: other}))
    assert again.groups == []
    assert not [each for each in pairs(db) if pair[0] in each]


def test_a_record_that_is_gone_is_in_no_pair(kept: tuple[Any, Search]) -> None:
    db, found = kept
    pair = next(each for each in found.groups if len(each) == 2)
    db.execute("DELETE FROM dup_source WHERE rid = $1", [pair[0]])
    assert search_changed(db, MODEL, found.saved, pair[:1]).groups == []
    assert not [each for each in pairs(db) if pair[0] in each]


def test_a_phone_that_became_a_switchboard_concerns_its_other_owners() -> None:
    phone = {"phone1": "944998877"}
    names = [("Ainhoa", "Garate"), ("Gorka", "Elorza"), ("Nerea", "Ibarra")]
    ours: list[Record] = [{"given_name": g, "family_name": f, **phone} for g, f in names]
    records: list[Record] = [*ours[:2], {**ours[2], "phone1": None}, *CROWD]
    db = laid_out(records)
    found = search(db, MODEL, learned())
    search_changed(db, MODEL, found.saved, change(db, {2: ours[2]}))
    rows = db.execute("SELECT p1, line FROM dup_record WHERE rid <= 3 ORDER BY rid").fetchall()
    assert rows == [(None, "44998877")] * 3
    search_changed(db, MODEL, found.saved, change(db, {2: records[2]}))
    rows = db.execute("SELECT p1, line FROM dup_record WHERE rid <= 3 ORDER BY rid").fetchall()
    assert rows == [("44998877", None), ("44998877", None), (None, None)]


def test_changes_one_after_another_come_to_what_the_whole_search_says(
    kept: tuple[Any, Search],
) -> None:
    db, found = kept
    for start in range(0, 30, 10):
        swapped = {start + at: CROWD[start + at] for at in range(10)}
        search_changed(db, MODEL, found.saved, change(db, swapped))
    again = search(db, MODEL, found.saved)
    assert again.groups == found.groups
