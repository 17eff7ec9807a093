"""Columns of text are the same whether few rows come or many, and whatever stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from crmsync.connectors.columns import kept, text_batch

FEW, MANY = 3, 2000


@pytest.mark.parametrize("rows", [FEW, MANY])
@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("año 2026", "año 2026"),
        (None, None),
        (7, "7"),
        (False, "false"),
        (["a"], '["a"]'),
        ("lone \ud800 half", "lone ? half"),
    ],
)
def test_a_cell_has_its_text_in_a_column_of_any_length(rows: int, cell: Any, told: str) -> None:
    columns = {"first": ["x"] * rows, "odd": [cell] * rows, "last": ["y"] * (rows - 1) + [None]}
    batch = text_batch(columns)
    assert batch.to_pydict() == {**columns, "odd": [told] * rows}
    assert batch.schema.names == list(columns)


@pytest.mark.parametrize("rows", [FEW, MANY])
@pytest.mark.parametrize("beside", ["x", 7])
def test_an_empty_text_is_a_blank_where_that_is_asked_for(rows: int, beside: Any) -> None:
    columns = {"name": ["", " "] + ["x"] * (rows - 2), "other": [beside] * rows}
    told = text_batch(columns, empty_too=True).to_pydict()
    assert told == {"name": [None, *columns["name"][1:]], "other": [str(beside)] * rows}
    assert text_batch({"name": ["", "x"]}).to_pydict() == {"name": ["", "x"]}


@pytest.mark.parametrize("names", [(), ("a",), ("a", "b")])
def test_a_page_without_rows_has_its_columns(names: tuple[str, ...]) -> None:
    batch = text_batch({name: [] for name in names}, empty_too=True)
    assert (batch.num_rows, batch.schema.names) == (0, list(names))


def test_a_column_that_is_kept_keeps_nothing_of_its_page() -> None:
    page = text_batch({name: [f"{name} {at}" for at in range(100)] for name in ("a", "b", "c")})
    column = page.column("b")
    assert kept(column) == column
    assert kept(column).get_total_buffer_size() < column.get_total_buffer_size() / 2
