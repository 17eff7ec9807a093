"""The invented contacts: the same for a seed, as dirty as asked for, with every kind of lookalike, and quickly made."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from benchmarks.duplicates.drawing import different_numbers, stream
from benchmarks.duplicates.employers import RELATIONS, make_firms
from benchmarks.duplicates.engines import ENGINES
from benchmarks.duplicates.lookalikes import KINDS, plant
from benchmarks.duplicates.measures import quality
from benchmarks.duplicates.people import COLUMNS, Crowd, make_people
from benchmarks.duplicates.persons import Persons, make_persons
from benchmarks.duplicates.rates import PRESETS, Rates

ROWS = 10_000


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return make_people(ROWS, 1)


@pytest.fixture(scope="module")
def planted() -> tuple[Persons, dict[str, Any]]:
    firms = make_firms(500, 3)
    persons = make_persons(4000, firms, 3)
    return persons, plant(persons, 3)


def test_a_seed_is_a_crowd() -> None:
    one, same, other = (make_people(2000, seed) for seed in (5, 5, 6))
    assert one.records.equals(same.records)
    assert (one.truth, one.planted) == (same.truth, same.planted)
    assert not one.records.equals(other.records)


def test_records_are_as_many_as_asked_for_and_hide_their_truth(crowd: Crowd) -> None:
    assert crowd.records.num_rows == ROWS
    assert tuple(crowd.records.column_names) == COLUMNS
    assert list(crowd.truth) == crowd.records["id"].to_pylist()
    entities = np.array(list(crowd.truth.values()))
    assert abs(np.corrcoef(entities, np.arange(ROWS))[0, 1]) < 0.05


def test_a_third_are_further_records_in_clusters_of_at_most_five(crowd: Crowd) -> None:
    sizes = Counter(Counter(crowd.truth.values()).values())
    assert set(sizes) == {1, 2, 3, 4, 5}
    assert sum(sizes.values()) / ROWS == pytest.approx(2 / 3, abs=0.02)
    systems = defaultdict(set)
    for record, entity in crowd.truth.items():
        systems[entity].add(record[:2])
    across = sum(len(each) == 2 for each in systems.values())
    within = sum(len(each) == 1 for each in systems.values()) - sizes[1]
    assert across > 1000
    assert within > 500


@pytest.mark.parametrize("preset", PRESETS)
def test_blanks_are_as_many_as_the_preset_says(preset: str) -> None:
    rates = PRESETS[preset]
    records = make_people(6000, 2, rates).records
    blank = {name: records[name].null_count / 6000 for name in ("title", "city", "country")}
    assert blank["city"] == pytest.approx(rates.blank_city, abs=0.03)
    assert blank["country"] == pytest.approx(rates.blank_country, abs=0.03)
    assert blank["title"] == pytest.approx(rates.blank_title, abs=0.04)


def test_presets_are_three_steps_of_dirt_and_equally_many_duplicates() -> None:
    calm, usual, dirty = (PRESETS[name] for name in ("calm", "usual", "dirty"))
    assert calm.name_slip < usual.name_slip < dirty.name_slip
    assert calm.duplicates == usual.duplicates == dirty.duplicates


def test_without_dirt_nothing_is_blank() -> None:
    clean = make_people(3000, 4, Rates().times(0)).records
    assert clean["email"].null_count == clean["city"].null_count == 0
    assert clean["last_name"].null_count == clean["title"].null_count == 0


def test_every_kind_of_lookalike_is_there_and_counted(crowd: Crowd) -> None:
    assert set(crowd.planted) == {*KINDS, *(name for name, _ in RELATIONS)}
    assert all(count > 0 for count in crowd.planted.values())


def test_nobody_is_of_two_kinds(planted: tuple[Persons, dict[str, Any]]) -> None:
    everybody = np.concatenate([people.ravel() for people in planted[1].values()])
    assert len(set(everybody.tolist())) == len(everybody)


SAME = {
    "a team's mailbox": ("firm", "team"),
    "a couple's private mailbox": ("mailbox", "house"),
    "a family on one phone": ("house", "last", "mother"),
    "namesakes in one firm": ("given", "last", "firm"),
    "father and son in one firm": ("given", "last", "firm", "line"),
    "colleagues with one surname": ("last", "firm"),
    "twins of initials in one firm": ("last", "firm"),
}
DIFFERENT = {
    "a couple's private mailbox": "given",
    "a family on one phone": "given",
    "colleagues with one surname": "given",
    "twins of initials in one firm": "given",
}


@pytest.mark.parametrize("kind", KINDS)
def test_lookalikes_share_what_makes_them_alike(
    planted: tuple[Persons, dict[str, Any]], kind: str
) -> None:
    persons, kinds = planted
    for group in kinds[kind]:
        for name in SAME[kind]:
            assert len(set(getattr(persons, name)[group].tolist())) == 1, name
        if kind in DIFFERENT:
            names = getattr(persons, DIFFERENT[kind])[group].tolist()
            assert len(set(names)) == len(names)
        if kind == "twins of initials in one firm":
            assert len({name[0] for name in persons.given[group]}) == 1


def test_nobody_shares_a_mobile_or_an_address_by_chance() -> None:
    clean = make_people(8000, 7, Rates().times(0))
    owners = defaultdict(set)
    for row in clean.records.select(["id", "email", "mobile"]).to_pylist():
        for place in ("email", "mobile"):
            owners[place, row[place]].add(clean.truth[row["id"]])
    shared = Counter(
        place for (place, value), people in owners.items() if value and len(people) > 1
    )
    teams = clean.planted["a team's mailbox"] // KINDS["a team's mailbox"].group
    couples = clean.planted["a couple's private mailbox"] // 2
    assert shared["mobile"] == 0
    assert 0 < shared["email"] <= teams + couples


def test_numbers_run_out_loudly() -> None:
    random = stream(1, "test")
    assert sorted(different_numbers(random, 1000, 3)) == list(range(1000))
    with pytest.raises(ValueError, match="1001 different numbers of 3"):
        different_numbers(random, 1001, 3)


def test_exact_addresses_find_what_they_find_in_real_crms(crowd: Crowd) -> None:
    found = quality(crowd.truth, ENGINES["people"]["e-mail"](crowd.records).clusters)
    assert 0.55 < found.recall < 0.65
    assert 0.005 < found.false_merges < 0.03


def test_a_hundred_thousand_contacts_are_made_in_fifteen_seconds() -> None:
    start = time.process_time()
    make_people(100_000, 1)
    assert time.process_time() - start < 30  # two cores, each for fifteen seconds
