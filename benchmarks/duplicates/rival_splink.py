"""Splink as its documentation sets it up for such columns: one ready-made comparison a column, a cut at 0.95."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from benchmarks.duplicates.tidy import tidy_session

CUT = 0.95
_KEPT = 0.01
"""Pairs below it are not kept."""
_SEED = 1

Scored = tuple[dict[str, str], dict[tuple[str, str], float]]


@dataclass(frozen=True, slots=True)
class Model:
    """What Splink is told: the cleaned columns as SQL, comparisons, blocking, what is surely one, what EM blocks on."""

    columns: str
    comparisons: Sequence[Any]
    blocks: Sequence[tuple[str, ...]]
    sure: Sequence[tuple[str, ...]]
    training: Sequence[tuple[str, ...]]


def run(records: pa.Table, model: Model) -> Scored:
    """Trains, predicts and clusters; clusters at CUT, pairs with their probability."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import logging as talk

    talk.disable()
    with tidy_session(records) as db:
        db.execute(f"CREATE TABLE clean AS SELECT {model.columns} FROM records")
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=list(model.comparisons),
            blocking_rules_to_generate_predictions=[block_on(*block) for block in model.blocks],
        )
        api = DuckDBAPI(connection=db)
        linker = Linker(
            api.register(db.table("clean"), dataset_display_name="records_of_one"), settings
        )
        training = linker.training
        sure = [block_on(*block) for block in model.sure]
        training.estimate_probability_two_random_records_match(sure, recall=0.7)
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
        for block in model.training:
            training.estimate_parameters_using_expectation_maximisation(block_on(*block))
        scored = linker.inference.predict(threshold_match_probability=_KEPT)
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, CUT)
        return _read(grouped, scored)


def _read(grouped: Any, scored: Any) -> Scored:
    clusters = grouped.as_pyarrow_table().select(["unique_id", "cluster_id"])
    pairs = scored.as_pyarrow_table().select(["unique_id_l", "unique_id_r", "match_probability"])
    left, right, said = (column.to_pylist() for column in pairs.columns)
    ids, names = (column.to_pylist() for column in clusters.columns)
    return dict(zip(ids, names, strict=True)), dict(
        zip(zip(left, right, strict=True), said, strict=True)
    )
