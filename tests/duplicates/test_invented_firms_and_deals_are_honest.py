"""The invented companies and deals: duplicates that a person could tell, and lookalikes that are none."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.es import cif

from benchmarks.duplicates import deals, firms
from benchmarks.duplicates.drawing import stream
from benchmarks.duplicates.employers import RELATIONS, make_firms
from benchmarks.duplicates.people import Crowd
from benchmarks.duplicates.places import CODES
from benchmarks.duplicates.tax import tax_ids


@pytest.fixture(scope="module")
def companies() -> Crowd:
    return firms.make_companies(4000, 1)


@pytest.fixture(scope="module")
def sales() -> Crowd:
    return deals.make_deals(4000, 1)


def test_a_seed_is_a_set(companies: Crowd, sales: Crowd) -> None:
    assert companies.records.equals(firms.make_companies(4000, 1).records)
    assert sales.records.equals(deals.make_deals(4000, 1).records)
    assert not sales.records.equals(deals.make_deals(4000, 2).records)


def test_every_relation_of_firms_is_there_and_counted(companies: Crowd) -> None:
    assert set(companies.planted) == {name for name, _ in RELATIONS}
    assert all(count > 0 for count in companies.planted.values())


def test_a_lookalike_firm_is_another_one() -> None:
    made = make_firms(3000, 2)
    for place in range(len(made)):
        other = int(made.like[place])
        same_country = made.country[place] == made.country[other]
        kind = int(made.relation[place])
        if kind >= 2:
            assert same_country
            assert made.domain[place] == made.domain[other]
        if kind in (0, 1):
            assert not same_country
            assert made.name[place].startswith(made.name[other])
        if kind == 2:
            assert made.city[place] != made.city[other]
        if kind == 3:
            assert made.switchboard[place] == made.switchboard[other]


def test_firms_share_a_domain_only_where_they_were_made_to() -> None:
    made = make_firms(3000, 2)
    alone = [domain for domain, kind in zip(made.domain, made.relation, strict=True) if kind < 0]
    assert len(set(alone)) == len(alone)


def test_tax_ids_are_right_and_one_of_each() -> None:
    checks = {"ES": cif, "BR": cnpj, "CL": rut}
    random = stream(1, "test")
    for code, check in checks.items():
        found = tax_ids(random, np.full(50, CODES.index(code)))
        assert len(set(found)) == 50
        assert all(check.is_valid(each) for each in found)


def test_a_parent_is_a_record_of_the_same_system(companies: Crowd) -> None:
    rows = companies.records.select(["id", "system", "parent"]).to_pylist()
    linked = [row for row in rows if row["parent"]]
    assert len(linked) > 20
    assert all(row["parent"] in companies.truth for row in linked)
    assert all(row["parent"].startswith(row["system"]) for row in linked)
    assert all(companies.truth[row["parent"]] != companies.truth[row["id"]] for row in linked)


def test_every_kind_of_lookalike_deal_is_there_and_counted(sales: Crowd) -> None:
    assert set(sales.planted) == {name for name, _ in deals.LOOKALIKES}
    assert all(count > 0 for count in sales.planted.values())


def test_a_planted_pair_is_one_sale_to_one_customer(sales: Crowd) -> None:
    rows = defaultdict(list)
    for row in sales.records.to_pylist():
        rows[sales.truth[row["id"]]].append(row)
    assert Counter(len(each) for each in rows.values()).keys() == {1, 2}
    for one, other in (pair for pair in rows.values() if len(pair) == 2):
        assert one["customer"] == other["customer"]
        assert (
            abs(one["amount"] - other["amount"]) <= 0.01 * max(one["amount"], other["amount"]) + 0.5
        )
        assert abs((one["close_date"] - other["close_date"]).days) <= 12


def test_a_lookalike_deal_differs_in_what_a_person_looks_at(sales: Crowd) -> None:
    groups = defaultdict(list)
    for row in sales.records.to_pylist():
        groups[row["customer"], row["name"], row["amount"]].append(row)
    for rows in groups.values():
        for one in rows:
            for other in rows:
                near = abs((one["close_date"] - other["close_date"]).days) <= 30
                assert not near or sales.truth[one["id"]] == sales.truth[other["id"]]
