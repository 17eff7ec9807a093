"""What a search has learned is used by the next one: the same weights, and no estimating."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel, read_model, write_model
from crmsync.errors import CrmsyncError
from crmsync.warehouse.duplicates import finding
from crmsync.warehouse.duplicates.estimating import settings
from crmsync.warehouse.duplicates.finding import search
from crmsync.warehouse.duplicates.persons import PERSONS
from duplicates.searching import PARTS, laid_out, pairs, people

MODEL = DuplicateModel(dict.fromkeys(PARTS, ""))


@pytest.fixture(scope="module")
def searched() -> tuple[Any, finding.Search]:
    db = laid_out(people(1500, 3))
    return db, search(db, MODEL)


def test_the_next_search_with_the_file_says_the_same_and_estimates_nothing(
    searched: tuple[Any, finding.Search], monkeypatch: pytest.MonkeyPatch
) -> None:
    db, found = searched
    before = pairs(db)
    monkeypatch.setattr(finding, "estimate_others", None)
    again = search(db, MODEL, read_model(write_model(found.saved)))
    assert (again.groups, again.anew, again.saved) == (found.groups, "", found.saved)
    assert pairs(db) == before


def test_the_weights_are_those_that_splink_itself_gives(
    searched: tuple[Any, finding.Search],
) -> None:
    db, found = searched
    names = PERSONS.comparisons_of(PARTS)
    assert _by_splink(db, names, found.saved) == pytest.approx(_by_us(db), abs=1e-6)


def _by_us(db: Any) -> dict[tuple[int, int], float]:
    return {
        (one, other): bits
        for one, other, bits in db.execute("SELECT l, r, bits FROM dup_weight").fetchall()
    }


def _by_splink(db: Any, names: list[str], saved: SavedModel) -> dict[tuple[int, int], float]:
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    told = settings(PERSONS, names)
    told["probability_two_random_records_match"] = 0.5
    for comparison in told["comparisons"]:
        for level in comparison["comparison_levels"][1:]:
            level["u_probability"] = saved.others[comparison["output_column_name"]][
                level["label_for_charts"]
            ]
    api = DuckDBAPI(connection=db)
    linker = Linker(api.register("dup_record"), told, log_level=None, validate_settings=False)
    weighs = {
        each.weighs for name in names for each in PERSONS.comparisons[name].levels if each.weighs
    }
    for column in sorted(weighs):
        db.execute(
            f"CREATE OR REPLACE TABLE tf_{column} AS "
            f"SELECT text AS {column}, pow(2, -rare) AS tf_{column} FROM dup_rare_{column}"
        )
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
    db.execute(
        "CREATE OR REPLACE TABLE blocked AS "
        "SELECT l AS join_key_l, r AS join_key_r, 0 AS match_key FROM dup_pair"
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
    table = linker.inference.predict(warning_mode="never").physical_name
    rows = db.execute(
        f"SELECT rid_l, rid_r, greatest(-60, least(60, match_weight)) FROM {table}"
    ).fetchall()
    return {(one, other): bits for one, other, bits in rows}


def test_a_model_of_another_subject_is_refused_with_a_remedy(
    searched: tuple[Any, finding.Search],
) -> None:
    db, found = searched
    with pytest.raises(CrmsyncError, match="about company, not person") as caught:
        search(db, MODEL, replace(found.saved, subject="company"))
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"splink": "4.0.0"}, "splink"),
        ({"records": 10}, "records"),
        ({"filled": {"e1": 0.01}}, "bag"),
        ({"others": {"name": {"same": 0.1}}}, "levels"),
    ],
)
def test_a_model_that_no_longer_fits_is_estimated_anew_and_it_says_why(
    searched: tuple[Any, finding.Search], change: dict[str, Any], said: str
) -> None:
    db, found = searched
    again = search(db, MODEL, replace(found.saved, **change))
    assert again.anew == said
    assert again.saved == found.saved
