"""One step of a trial, in a process of its own: make the records, let an engine find, judge what it found.

`python -m benchmarks.duplicates.trial make|find|judge FOLDER ...`. Records,
truth and what was found are Parquet files of the
folder, so that an engine's memory is its own, and what is printed is one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.duplicates.people import Crowd

CUT = 0.95


def make(
    folder: Path, kind: str, rows: str, seed: str, preset: str, source: str
) -> dict[str, object]:
    """Writes records.parquet and truth.parquet; gives how many of what there are."""
    start = time.perf_counter()
    crowd = made(kind, int(rows), int(seed), preset, Path(source))
    pq.write_table(crowd.records, folder / "records.parquet")
    truth = {"id": list(crowd.truth), "entity": list(crowd.truth.values())}
    pq.write_table(pa.table(truth), folder / "truth.parquet")
    entities = len(set(crowd.truth.values()))
    seconds = time.perf_counter() - start
    return {
        "records": crowd.records.num_rows,
        "entities": entities,
        "planted": dict(crowd.planted),
        "seconds": seconds,
    }


def made(kind: str, rows: int, seed: int, preset: str, source: Path) -> Crowd:
    """The records of one kind: invented ones, or one of the public sets, read from the folder `source`."""
    from benchmarks.duplicates import deals, firms, people, rates, sets

    if kind in sets.NAMES:
        return sets.read_set(source, kind)
    if kind == "deals":
        return deals.make_deals(rows, seed)
    maker = people.make_people if kind == "people" else firms.make_companies
    return maker(rows, seed, rates.PRESETS[preset])


def find(folder: Path, kind: str, name: str) -> dict[str, object]:
    """Runs an engine on records.parquet; writes clusters.parquet and pairs.parquet. Gives its own seconds."""
    from benchmarks.duplicates.engines import engine

    records = pq.read_table(folder / "records.parquet")
    run = engine(kind, name)
    start = time.perf_counter()
    found = run(records)
    seconds = time.perf_counter() - start
    labels = [str(each) for each in found.clusters.values()]
    pq.write_table(
        pa.table({"id": list(found.clusters), "cluster": labels}), folder / "clusters.parquet"
    )
    left, right = ([pair[side] for pair in found.pairs] for side in (0, 1))
    columns = {"left": left, "right": right, "probability": list(found.pairs.values())}
    pq.write_table(pa.table(columns, schema=_PAIRS), folder / "pairs.parquet")
    return {"seconds": seconds}


_PAIRS = pa.schema([("left", pa.string()), ("right", pa.string()), ("probability", pa.float64())])


def judge(folder: Path) -> dict[str, object]:
    """What was found against truth.parquet: the numbers of `measures`, and of pairs only where there are any."""
    from dataclasses import asdict

    from benchmarks.duplicates.measures import calibration_error, pair_quality, quality

    truth, clusters = (_mapping(folder / f"{name}.parquet") for name in ("truth", "clusters"))
    said: dict[str, object] = asdict(quality(truth, clusters))
    left, right, probability = (
        c.to_pylist() for c in pq.read_table(folder / "pairs.parquet").columns
    )
    if left:
        pairs = dict(zip(zip(left, right, strict=True), probability, strict=True))
        at_cut = pair_quality(truth, pairs, CUT)
        said |= {"pair_precision": at_cut.precision, "pair_recall": at_cut.recall}
        said |= {"calibration_error": calibration_error(truth, pairs)}
    return said


def _mapping(path: Path) -> dict[str, object]:
    keys, values = (column.to_pylist() for column in pq.read_table(path).columns)
    return dict(zip(keys, values, strict=True))


STEPS = {"make": make, "find": find, "judge": judge}

if __name__ == "__main__":
    step, place, *rest = sys.argv[1:]
    print(json.dumps(STEPS[step](Path(place), *rest)))
