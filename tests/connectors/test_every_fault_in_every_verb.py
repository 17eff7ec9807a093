"""Every fault in every verb of the Salesforce connector ends in right data, or says honestly that it did not.

The quick half holds a table of docs/faults.md for the faults that need no patience; the rest is marked slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.fault_matrix import Bench, Verb, benches
from connectors.fault_page import AT_ONCE, matrix, once
from connectors.fault_proofs import ends_as_told, page_has_every_cell, rest_ends_as_told
from connectors.fault_salesforce import SALESFORCE, VERBS
from crmsync.errors import CrmsyncError

NAMES = [verb.name for verb in VERBS]


@pytest.fixture(scope="module")
def stands() -> Iterator[list[Bench]]:
    with benches(SALESFORCE, AT_ONCE) as made:
        yield made


@pytest.fixture
def stand(stands: list[Bench]) -> Bench:
    return stands[0]


@pytest.mark.parametrize("verb", VERBS, ids=NAMES)
def test_a_fault_at_any_call_of_a_verb_ends_as_the_page_says(stand: Bench, verb: Verb) -> None:
    ends_as_told(stand, verb)


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS, ids=NAMES)
def test_lasting_faults_and_lost_answers_end_as_the_page_says(
    stands: list[Bench], verb: Verb
) -> None:
    rest_ends_as_told(stands, verb)


def test_the_page_has_every_fault_and_every_verb(stand: Bench) -> None:
    page_has_every_cell(stand)


def test_a_verb_that_swallows_an_error_is_caught(stand: Bench) -> None:
    def careless(connector: Any) -> Any:
        try:
            return connector.owners().to_pylist()
        except CrmsyncError:
            return []

    with pytest.raises(AssertionError, match="nobody says so"):
        matrix(stand, Verb("owners", careless), ["403-access"], once)
