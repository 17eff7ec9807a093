"""The engines that crmsync is measured against, and the public sets, on records that a reader can judge."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.duplicates import __main__ as table
from benchmarks.duplicates.components import components
from benchmarks.duplicates.engines import ENGINES, engine
from benchmarks.duplicates.measures import quality
from benchmarks.duplicates.people import COLUMNS, make_people
from benchmarks.duplicates.sets import read_set

GMAIL = ("gmail.com", "googlemail.com")


def contacts(*rows: dict[str, str]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    return pa.Table.from_pylist([{"id": str(n), **row} for n, row in enumerate(rows)], schema)


def together(clusters: object, one: str, other: str) -> bool:
    assert isinstance(clusters, dict)
    return clusters.get(one, one) == clusters.get(other, other)


def test_an_address_is_the_same_however_it_is_noted() -> None:
    records = contacts(
        {"email": f"Ana.Puig+crm@{GMAIL[1]} "},
        {"email": f"anapuig@{GMAIL[0]}"},
        {"email": "ana.puig@puig.example"},
        {"email": "anapuig@puig.example"},
        {},
        {},
    )
    found = ENGINES["people"]["e-mail"](records).clusters
    assert together(found, "0", "1")
    assert not together(found, "2", "3")
    assert not {"4", "5"} & found.keys()


def test_rules_tell_a_couple_from_a_person_with_two_records() -> None:
    home = {"last_name": "Puig", "email": "puig@casa.example", "phone": "+34 912 345 678"}
    records = contacts(
        {**home, "first_name": "Ana"},
        {**home, "first_name": "Bernat"},
        {**home, "first_name": "Anna"},
    )
    found = ENGINES["people"]["rules"](records).clusters
    assert together(found, "0", "2")
    assert not together(found, "0", "1")


def test_splink_finds_more_than_addresses_and_says_how_probable() -> None:
    crowd = make_people(1000, 1)
    found = ENGINES["people"]["splink"](crowd.records)
    exact = ENGINES["people"]["e-mail"](crowd.records)
    assert quality(crowd.truth, found.clusters).f1 > quality(crowd.truth, exact.clusters).f1
    assert all(0 <= each <= 1 for each in found.pairs.values())


def test_chains_of_pairs_are_one_cluster() -> None:
    found = components([("a", "b"), ("c", "d"), ("b", "d"), ("x", "y")])
    assert found == {"a": "a", "b": "a", "c": "a", "d": "a", "x": "x", "y": "x"}


def test_an_engine_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="'magic' for people; there are e-mail, rules, splink"):
        engine("people", "magic")


def test_febrl_keeps_its_zeros_and_hides_its_truth(tmp_path: Path) -> None:
    (tmp_path / "febrl1.csv").write_text(
        "rec_id,given_name,postcode\nrec-1-org,ana,0800\nrec-1-dup-0,anna,0800\nrec-2-org,,4000\n"
    )
    (tmp_path / "febrl1_links.csv").write_text("0,1\nrec-1-dup-0,rec-1-org\n")
    crowd = read_set(tmp_path, "febrl1")
    rows = {row["given_name"]: row for row in crowd.records.to_pylist()}
    assert set(crowd.records.column_names) == {"id", "given_name", "postcode"}
    assert crowd.truth[rows["ana"]["id"]] == crowd.truth[rows["anna"]["id"]]
    assert crowd.truth[rows[None]["id"]] != crowd.truth[rows["ana"]["id"]]
    assert rows["ana"]["postcode"] == "0800"


def test_historical_people_come_without_their_cluster(tmp_path: Path) -> None:
    rows = {
        "unique_id": ["Q1-1", "Q1-2", "Q2-1"],
        "cluster": ["Q1", "Q1", "Q2"],
        "surname": ["a", "b", "c"],
    }
    pq.write_table(pa.table(rows), tmp_path / "historical_figures_with_errors_50k.parquet")
    crowd = read_set(tmp_path, "historical")
    assert set(crowd.records.column_names) == {"id", "surname"}
    assert sorted(crowd.truth.values()) in ([0, 0, 1], [0, 1, 1])


def test_the_table_has_a_line_for_each_engine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["duplicates", "--kind", "deals", "--rows", "300"])
    table.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("deals: ")
    assert "renewal a year later" in lines[1]
    assert [line.split(" | ")[0] for line in lines if line.startswith("| ")][2:] == [
        "| key",
        "| rules",
        "| crmsync",
    ]
    assert all(line.count("|") == len(table.HEAD) + 1 for line in lines if line.startswith("|"))
