"""A plan says how much of it another writer writes as well, before anybody carries it out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_samples import header, lines

from crmsync.core.planning import Change
from crmsync.core.writers import Copy, Writer
from crmsync.reports.plan_text import plan_text

FIRST = next(line for line in lines() if isinstance(line, Change) and line.cells)
FIELD = f"{FIRST.entity}.{FIRST.cells[0].field}"
NAMES = {f"{FIELD} {FIRST.system}/{FIRST.object}": "native_name"}
SPOT = f"{FIRST.system}/{FIRST.object}.native_name"
HEADER = replace(header(), names=NAMES)
CELLS = sum(
    cell.field == FIRST.cells[0].field
    for line in lines()
    if isinstance(line, Change)
    and (line.entity, line.system, line.object) == (FIRST.entity, FIRST.system, FIRST.object)
    for cell in line.cells
)


def said(language: str, *writers: Writer) -> str:
    return plan_text(HEADER, iter(lines()), language, 2, writers=writers)


def test_a_line_for_each_writer_names_fields_and_counts() -> None:
    text = said(
        "en",
        Writer("Connector", [Copy("x/y.z", SPOT)]),
        Writer("Flow\x1b[2J", [Copy(SPOT, "x/y.z")]),
    )
    plural = "s" if CELLS > 1 else ""
    assert f"  Connector: writes {CELLS} cell{plural} of this plan, too ({FIELD} {CELLS})" in text
    assert f"carries {CELLS} cell{plural} of this plan on to other fields ({FIELD} {CELLS})" in text
    assert "\x1b" not in text


def test_it_is_said_in_spanish() -> None:
    text = said("es", Writer("Conector", [Copy("x/y.z", SPOT)]))
    assert "Otros también escriben ahí" in text
    assert f"  Conector: también escribe {CELLS} celda" in text


@pytest.mark.parametrize("writers", [(), (Writer("Flow", [Copy("x/y.z", "x/y.a")]),)])
def test_nothing_is_said_of_writers_that_have_nothing_to_do_with_it(
    writers: tuple[Writer, ...],
) -> None:
    assert said("en", *writers) == plan_text(HEADER, iter(lines()), "en", 2)
