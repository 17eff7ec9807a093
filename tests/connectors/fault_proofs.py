"""What the tests of both matrices ask: a verb ends as its page says, in the quick half and in the slow rest."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from connectors.fault_matrix import Bench, Verb
from connectors.fault_page import (
    DOCS,
    FILES,
    MOVING,
    PATIENCE_S,
    WAYS,
    Cells,
    Way,
    for_good,
    matrix,
    meanwhile_matrix,
    once,
    page,
    patient_matrix,
    quick_kinds,
    told,
)

ALONE_S = (1.5, 6.0)
"""How long an answer is waited for where the first look at a matrix was disturbed, and where the second was."""


def ends_as_told(stand: Bench, verb: Verb) -> None:
    """The faults that need no patience, once at every call."""
    _compare(stand, "Once", matrix(stand, verb, quick_kinds(stand.subject), once))


def rest_ends_as_told(stands: Sequence[Bench], verb: Verb) -> None:
    """The same faults for good, and those that need patience, both ways."""
    stand = stands[0]
    _compare(stand, "For good", matrix(stand, verb, quick_kinds(stand.subject), for_good))
    for name, way in WAYS.items():
        _compare(stand, name, _undisturbed(stands, verb, name, way))


def _undisturbed(stands: Sequence[Bench], verb: Verb, name: str, way: Way) -> Cells:
    """The cells that need patience; those of another look, alone and with more of it, where a look was not as told.

    A busy machine answers late by itself, in a clean call or in the second run, and that ends as it may.
    """
    looks = [(stands, PATIENCE_S), *((stands[:1], patience_s) for patience_s in ALONE_S)]
    for benches, patience_s in looks[:-1]:
        with suppress(AssertionError):
            found = patient_matrix(benches, verb, way, patience_s)
            if found == _told_of(stands[0], name, found):
                return found
    return patient_matrix(looks[-1][0], verb, way, looks[-1][1])


def ends_as_told_meanwhile(stand: Bench, verb: Verb) -> None:
    """Somebody goes after each call in turn."""
    _compare(stand, MOVING, meanwhile_matrix(stand, verb))


def page_has_every_cell(stand: Bench) -> None:
    """The page is what the program makes of its cells: every fault and verb there is, no other, and its words."""
    subject = stand.subject
    text = (DOCS / FILES[subject.system]).read_text(encoding="utf-8")
    assert text == page(subject, told(subject))


def _compare(stand: Bench, way: str, found: Cells) -> None:
    sys.stdout.writelines(f"{verb} under {kind}: {end}\n" for (kind, verb), end in found.items())
    assert found == _told_of(stand, way, found)


def _told_of(stand: Bench, way: str, found: Cells) -> dict[tuple[str, str], str | None]:
    cells = told(stand.subject)[way]
    return {key: cells.get(key) for key in found}
