"""Only what changed is compared anew, and the decision is the one that the search of all would make."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.changing import search_changed
from crmsync.warehouse.duplicates.finding import Search, search
from crmsync.warehouse.duplicates.firms import FIRMS as COMPANIES
from crmsync.warehouse.duplicates.persons import PERSONS
from crmsync.warehouse.duplicates.source import lay_out_changed
from duplicates.searching import PARTS, TEXTS, Record, give, laid_out, mail, pairs, people, texts_of

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


Seen = dict[tuple[str, str], dict[str, Any]]


def _seen(db: Any) -> Seen:
    """The pairs by the ids of their records, each with its levels, its guard and its probability."""
    query = (
        "SELECT least(a.id, b.id) AS one, greatest(a.id, b.id) AS other, f.* EXCLUDE (l, r) FROM dup_found f "
        "JOIN dup_id a ON a.rid = f.l JOIN dup_id b ON b.rid = f.r"
    )
    rows = db.sql(query).to_arrow_table().to_pylist()
    return {(row.pop("one"), row.pop("other")): row for row in rows}


def _shift(one: float, other: float) -> float:
    return math.log2(one / (1 - one)) - math.log2(other / (1 - other))


def _told_alike(alone: Seen, whole: Seen, changed: set[str]) -> None:
    """The same pairs with the same levels; of changed records as probable as the share of pairs that are one has it."""
    likely = {pair for each in (alone, whole) for pair, row in each.items() if row["p"] > 0.2}
    assert likely <= {*alone} & {*whole}
    facts = [
        {**row, "p": None, "guard": None}
        for pair in sorted(likely)
        for row in (alone[pair], whole[pair])
    ]
    assert facts[::2] == facts[1::2]
    plain = [
        pair
        for pair in likely
        if changed & {*pair} and not alone[pair]["guard"] and 0.95 < alone[pair]["p"] < 0.9999999
    ]
    shifts = [_shift(alone[pair]["p"], whole[pair]["p"]) for pair in plain]
    assert max(shifts, default=0) - min(shifts, default=0) < 1e-6


def _changes(crowd: list[Record], dice: random.Random) -> dict[int, Record]:
    """Some become somebody else, some are new, and some are typed again."""
    extra = people(60, dice.randrange(1000))
    moved = dice.sample(range(len(crowd)), 20)
    news = {at: extra[nth] for nth, at in enumerate(moved[:10])}
    typed = {at: {**crowd[at], "employer": "Talleres Ibarra SL"} for at in moved[10:]}
    return news | typed | {len(crowd) + nth: each for nth, each in enumerate(extra[20:40])}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_it_says_what_the_whole_search_says_of_the_changed(seed: int) -> None:
    dice = random.Random(seed)
    crowd: list[Record] = list(CROWD[:600])
    db = laid_out(crowd)
    found = search(db, MODEL, learned())
    for _ in range(4):
        news = _changes(crowd, dice)
        crowd += [{}] * (max(news) + 1 - len(crowd))
        for at, each in news.items():
            crowd[at] = each
        search_changed(db, MODEL, found.saved, change(db, news))
        whole = laid_out(crowd)
        search(whole, MODEL, found.saved)
        _told_alike(_seen(db), _seen(whole), {f"{at:05d}" for at in news})


FEW = replace(MODEL, crowded=3)
NAMESAKE: Record = {"given_name": "Iker", "family_name": "Zubia", "place": "Deba"}


def test_a_key_that_became_crowded_parts_whom_it_brought_together() -> None:
    db = laid_out([*CROWD[:400], *[NAMESAKE] * 3])
    found = search(db, FEW, learned())
    assert (401, 402) in pairs(db)
    again = search_changed(db, FEW, found.saved, change(db, {403: NAMESAKE}))
    assert (401, 402) not in pairs(db)
    assert {"name", "name_place", "words"} <= {each.kind for each in again.crowded}


def test_a_key_that_became_crowded_parts_nobody_who_shares_another() -> None:
    known = {**NAMESAKE, "phone1": "943112233"}
    db = laid_out([*CROWD[:400], known, known, NAMESAKE])
    found = search(db, FEW, learned())
    search_changed(db, FEW, found.saved, change(db, {403: NAMESAKE}))
    assert (401, 402) in pairs(db)
    assert (401, 403) not in pairs(db)


def test_a_key_that_is_crowded_no_more_brings_its_records_together() -> None:
    db = laid_out([*CROWD[:400], *[NAMESAKE] * 4])
    found = search(db, FEW, learned())
    assert (401, 402) not in pairs(db)
    again = search_changed(db, FEW, found.saved, change(db, {403: CROWD[500]}))
    assert (401, 402) in pairs(db)
    assert "name_place" not in {each.kind for each in again.crowded if "iker" in each.key}


def test_a_value_that_many_have_by_now_is_rare_no_more() -> None:
    """An import of fifty colleagues makes their firm a large one, though it was not there before."""
    db = laid_out(CROWD[:400])
    found = search(db, MODEL, learned())
    names = [{name: each[name] for name in ("given_name", "family_name")} for each in CROWD]
    news = {400 + at: {**names[600 + at], "employer": "Astilleros Deba"} for at in range(50)}
    search_changed(db, MODEL, found.saved, change(db, news))
    rows = db.execute(
        "SELECT DISTINCT rare_work FROM dup_side d JOIN dup_record r USING (rid) WHERE r.firm = 'astilleros deba'"
    ).fetchall()
    assert rows == [(pytest.approx(math.log2(450 / 49)),)]


def test_companies_that_a_change_concerns_are_compared_anew() -> None:
    """A brand is known by its branches: a third one changes what the first two are compared by."""
    model = DuplicateModel({"name": "", "domain": "", "phone": "", "place": ""}, "company")
    firms = [
        {"name": f"{word} {at} SL", "domain": f"{word}{at}.example", "place": town}
        for at in range(60)
        for word, town in (("Aceros", "Bilbao"), ("Quesos", "Lugo"))
    ]
    towns = ("Bilbao", "Lugo", "Vigo", "Cartagena")
    brand = [
        {"name": "Ferrallas Ondarreta", "domain": "ondarreta.example", "place": town, "phone1": f"9440000{at}1"}
        for at, town in enumerate(towns)
    ]  # fmt: skip
    db = laid_out([*firms, *brand[:1]], "company")
    found = search(db, model)
    ids = [f"{len(firms) + 1 + at:05d}" for at in range(3)]
    give(db, "changed", brand[1:], ids, texts_of("company"))
    rids = lay_out_changed(db, COMPANIES, "changed", texts_of("company"))
    search_changed(db, model, found.saved, rids)
    whole = laid_out([*firms, *brand], "company")
    search(whole, model, found.saved)
    table = "SELECT * FROM dup_record ORDER BY rid"
    assert db.sql(table).to_arrow_table() == whole.sql(table).to_arrow_table()
    _told_alike(_seen(db), _seen(whole), {*ids})
