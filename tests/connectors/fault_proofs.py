"""What the tests of both matrices ask: a verb ends as its page says, in the quick half and in the slow rest."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from connectors.fault_matrix import Bench, Verb
from connectors.fault_page import (
    DOCS,
    FILES,
    WAYS,
    Cells,
    for_good,
    matrix,
    once,
    page,
    patient_matrix,
    quick_kinds,
    told,
)


def ends_as_told(stand: Bench, verb: Verb) -> None:
    """The faults that need no patience, once at every call."""
    _compare(stand, "Once", matrix(stand, verb, quick_kinds(stand.subject), once))


def rest_ends_as_told(stands: Sequence[Bench], verb: Verb) -> None:
    """The same faults for good, and those that need patience, both ways."""
    stand = stands[0]
    _compare(stand, "For good", matrix(stand, verb, quick_kinds(stand.subject), for_good))
    for name, way in WAYS.items():
        _compare(stand, name, patient_matrix(stands, verb, way))


def page_has_every_cell(stand: Bench) -> None:
    """The page is what the program makes of its cells: every fault and verb there is, no other, and its words."""
    subject = stand.subject
    text = (DOCS / FILES[subject.system]).read_text(encoding="utf-8")
    assert text == page(subject, told(subject))


def _compare(stand: Bench, way: str, found: Cells) -> None:
    sys.stdout.writelines(f"{verb} under {kind}: {end}\n" for (kind, verb), end in found.items())
    cells = told(stand.subject)[way]
    assert found == {key: cells.get(key) for key in found}
