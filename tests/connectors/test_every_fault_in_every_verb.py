"""Every fault in every verb of the Salesforce connector ends in right data, or says honestly that it did not.

The quick half holds most columns of docs/faults.md for the faults that need no patience; the whole is marked slow.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.fault_matrix import VERBS, Bench, Verb, bench, once
from connectors.fault_page import KINDS, WAITING, matrix, whole
from crmsync.errors import CrmsyncError

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
QUICK = [verb for verb in VERBS if verb.name not in ("install key", "remove key", "read ties")]


@pytest.fixture(scope="module")
def stand() -> Iterator[Bench]:
    with bench() as made:
        yield made


def told_once() -> dict[tuple[str, str], str]:
    """The first table of the page, cell by cell."""
    lines = PAGE.read_text(encoding="utf-8").partition("## Once")[2].partition("## For good")[0]
    rows = [line.strip("| ").split(" | ") for line in lines.splitlines() if line.startswith("| ")]
    [head, *body] = rows
    return {
        (row[0].strip("`"), name): cell
        for row in body
        for name, cell in zip(head[1:], row[1:], strict=True)
    }


@pytest.mark.parametrize("verb", QUICK, ids=[verb.name for verb in QUICK])
def test_a_fault_at_any_call_of_a_verb_ends_as_the_page_says(stand: Bench, verb: Verb) -> None:
    quick = [kind for kind in KINDS if kind not in WAITING]
    found = matrix(stand, verb, quick, once)
    sys.stdout.writelines(f"{verb.name} under {kind}: {end}\n" for (kind, _), end in found.items())
    told = told_once()
    assert found == {key: told[key] for key in found}


@pytest.mark.slow
def test_the_whole_matrix_is_that_of_the_page() -> None:
    text = whole()
    sys.stdout.write(text)
    assert text == PAGE.read_text(encoding="utf-8")


def test_a_verb_that_swallows_an_error_is_caught(stand: Bench) -> None:
    def careless(connector: Any) -> Any:
        try:
            return connector.owners().to_pylist()
        except CrmsyncError:
            return []

    with pytest.raises(AssertionError, match="nobody says so"):
        matrix(stand, Verb("owners", careless), ["403-access"], once)
