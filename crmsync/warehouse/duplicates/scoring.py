"""How probable it is that two records are one: Splink's weights, by the comparisons of a subject.

The weight of a level is log2 of its share among pairs that are one to its share among others; rare values weigh more.
The share of pairs that are one is not given: it is the one under which the probabilities of all pairs add up to it, so
a probability means the same among a thousand records and among a million.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmsync.warehouse.duplicates.levels import Comparison
from crmsync.warehouse.duplicates.subject import Subject

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 1e6
"""Random pairs by which shares among others are estimated."""
_RAREST = 0.5
"""What was seen in no random pair counts as seen so often."""
_LOUDEST = 60.0
_SEED = 1


def score(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str], records: int
) -> None:
    """Builds `dup_scored` (l, r, p) of all pairs in `dup_pair`; needs `dup_record`. `names` are comparisons."""
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=db)
    model = _estimated(api, subject, names, Linker)
    linker = Linker(api.register("dup_record"), model, log_level=None, validate_settings=False)
    _register_frequencies(db, api, linker, subject, names)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_blocked AS "
        "SELECT l AS join_key_l, r AS join_key_r, 0 AS match_key FROM dup_pair"
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("dup_blocked"))
    found = linker.inference.predict(warning_mode="never").physical_name
    prior = math.log2(_PRIOR / (1 - _PRIOR))
    db.execute(
        "CREATE OR REPLACE TABLE dup_weight AS SELECT rid_l AS l, rid_r AS r, "
        f"greatest(-{_LOUDEST}, least({_LOUDEST}, match_weight - {prior})) AS bits FROM {found}"
    )
    management: Any = linker.table_management
    management.delete_tables_created_by_splink_from_db()
    share = _share(db, records)
    odds = f"pow(2, bits) * {share / (1 - share)}"
    db.execute(
        f"CREATE OR REPLACE TABLE dup_scored AS SELECT l, r, ({odds}) / (1 + {odds}) AS p FROM dup_weight"
    )
    db.execute("DROP TABLE dup_weight")


_PRIOR = 1e-4


def _estimated(api: Any, subject: Subject, names: Sequence[str], linker_of: Any) -> dict[str, Any]:
    """The settings with shares among others, estimated from random pairs; what was never seen is rare."""
    linker = linker_of(
        api.register("dup_record"),
        _settings(subject, names),
        log_level=None,
        validate_settings=False,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=_SEED)
    model: dict[str, Any] = linker.misc.save_model_to_json()
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level["u_probability"] = level.get("u_probability") or _RAREST / _SAMPLE
    return model


def _settings(subject: Subject, names: Sequence[str]) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "rid",
        "probability_two_random_records_match": _PRIOR,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [_comparison(name, subject.comparisons[name]) for name in names],
    }


def _comparison(name: str, comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        told: dict[str, Any] = {
            "sql_condition": level.holds,
            "label_for_charts": level.name,
            "m_probability": level.of_same,
            "fix_m_probability": True,
        }
        if level.of_others is not None:
            told |= {"u_probability": level.of_others, "fix_u_probability": True}
        if level.weighs:
            told |= {"tf_adjustment_column": level.weighs, "disable_tf_exact_match_detection": True}
        levels.append(told)
    return {"output_column_name": name, "comparison_levels": levels}


def _register_frequencies(
    db: duckdb.DuckDBPyConnection, api: Any, linker: Any, subject: Subject, names: Sequence[str]
) -> None:
    """How frequent each value is among the others: a record does not count for its own."""
    columns = sorted(
        {
            level.weighs
            for name in names
            for level in subject.comparisons[name].levels
            if level.weighs
        }
    )
    for column in columns:
        table = f"dup_tf_{column}"
        db.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {_frequency(subject, column)}")
        linker.table_management.register_term_frequency_lookup(api.register(table), column)


def _frequency(subject: Subject, column: str) -> str:
    source, share = subject.frequency.get(column, (column, 1.0))
    all_ = "(SELECT count(*) FROM dup_record)"
    own = f"greatest(count(*) - 1, 0.5) / {all_} * {share}"
    if column not in subject.made_of:
        told = f"{source} AS {column}, {own} AS tf_{column}"
        return f"SELECT {told} FROM dup_record WHERE {source} IS NOT NULL GROUP BY 1"
    parts = [
        f"(SELECT {part} AS text, count(*) / {all_} AS often FROM dup_record GROUP BY 1)"
        for part in subject.made_of[column]
    ]
    one, other = subject.made_of[column]
    return (
        f"SELECT {column}, greatest({own}, min(a.often) * min(b.often)) AS tf_{column} FROM dup_record d "
        f"JOIN {parts[0]} a ON a.text = d.{one} JOIN {parts[1]} b ON b.text = d.{other} "
        f"WHERE {column} IS NOT NULL GROUP BY 1"
    )


def _share(db: duckdb.DuckDBPyConnection, records: int) -> float:
    """The share of all pairs that are one, under which the probabilities of all pairs add up to it."""
    weights = db.execute(
        "SELECT round(bits, 1) AS bits, count(*) FROM dup_weight GROUP BY 1 ORDER BY 1"
    ).fetchall()
    pairs = max(1.0, records * (records - 1) / 2)
    share = _PRIOR
    for _ in range(50):
        odds = share / (1 - share)
        sure = sum(n * (o := 2.0**bits * odds) / (1 + o) for bits, n in weights)
        share = min(0.5, max(sure, _RAREST) / pairs)
    return share
