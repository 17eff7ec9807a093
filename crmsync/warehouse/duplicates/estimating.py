"""How often each level of likeness is seen of two records that are two: Splink's estimate from random pairs."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmsync.warehouse.duplicates.levels import Comparison
from crmsync.warehouse.duplicates.subject import Subject

if TYPE_CHECKING:
    import duckdb

_SAMPLED = 1414
"""Records drawn, all pairs of which tell the shares among others."""
_SAMPLE = _SAMPLED * (_SAMPLED - 1) / 2
RAREST = 0.5 / _SAMPLE
"""The share of what was seen in no random pair, as if seen half a time."""
PRIOR = 1e-4
"""The share of pairs that are one before anything is known of the data."""


def splink_version() -> str:
    """The version of Splink that estimates."""
    import splink

    return str(splink.__version__)


def estimate_others(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """By comparison and level its share among random pairs of `dup_record`; what was never seen is rare, not absent."""
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=db)
    # Splink's own draw depends on the order of rows: it gets the records that it is to take, and takes all of them.
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_sample AS FROM dup_record ORDER BY hash(rid), rid LIMIT {_SAMPLED}"
    )
    linker = Linker(
        api.register("dup_sample"),
        settings(subject, names),
        log_level=None,
        validate_settings=False,
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_SAMPLE, num_chunks=4, min_count_per_level=None
    )
    model: Mapping[str, Any] = linker.misc.save_model_to_json()
    management: Any = linker.table_management
    management.delete_tables_created_by_splink_from_db()
    db.execute("DROP TABLE dup_sample")
    return {each["output_column_name"]: _shares(each) for each in model["comparisons"]}


def _shares(comparison: Mapping[str, Any]) -> dict[str, float]:
    return {
        level["label_for_charts"]: float(level.get("u_probability") or RAREST)
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }


def settings(subject: Subject, names: Sequence[str]) -> dict[str, Any]:
    """What Splink is told of the comparisons."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "rid",
        "probability_two_random_records_match": PRIOR,
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
