"""Public sets of other people whose duplicates are known, read from a folder: FEBRL 1 and 2, historical figures.

The files are not part of the repository. They are those of the packages that publish them: febrl1.csv and
febrl1_links.csv (the same for 2), historical_figures_with_errors_50k.parquet. Ids there tell the truth, so records
get new ones.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.duplicates.components import components
from benchmarks.duplicates.drawing import stream
from benchmarks.duplicates.people import Crowd

NAMES = ("febrl1", "febrl2", "historical")
_HISTORICAL = "historical_figures_with_errors_50k.parquet"


def read_set(folder: Path, name: str) -> Crowd:
    """One of NAMES, in an order that tells nothing; FileNotFoundError names the file that is missing."""
    table, entities = _historical(folder) if name == "historical" else _febrl(folder, name)
    ids = [f"r-{place:06d}" for place in range(table.num_rows)]
    order = stream(1, name).permutation(table.num_rows)
    records = table.take(pa.array(order)).add_column(0, "id", pa.array(ids))
    codes = {entity: code for code, entity in enumerate(dict.fromkeys(entities))}
    return Crowd(
        records, {new: codes[entities[at]] for new, at in zip(ids, order, strict=True)}, {}
    )


def _historical(folder: Path) -> tuple[pa.Table, list[str]]:
    table = pyarrow.parquet.read_table(folder / _HISTORICAL)
    return table.drop_columns(["unique_id", "cluster"]), table["cluster"].to_pylist()


def _febrl(folder: Path, name: str) -> tuple[pa.Table, list[str]]:
    table, links = _text_table(folder / f"{name}.csv"), _text_table(folder / f"{name}_links.csv")
    pairs = list(zip(*(column.to_pylist() for column in links.columns), strict=True))
    together = components(pairs)
    entities = [together.get(record, record) for record in table["rec_id"].to_pylist()]
    return table.drop_columns(["rec_id"]), entities


def _text_table(path: Path) -> pa.Table:
    """A CSV whose values stay as they are: a postcode keeps its zero."""
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    types = pyarrow.csv.ConvertOptions(
        column_types={each.strip(): pa.string() for each in names}, strings_can_be_null=True
    )
    return pyarrow.csv.read_csv(path, convert_options=types)
