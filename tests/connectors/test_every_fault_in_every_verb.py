"""Every fault in every verb of both connectors ends in right data, or says honestly that it did not.

The quick half holds a table of docs/faults.md, and docs/faults-hubspot.md, for the faults that need no patience; the
rest is marked slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.fault_hubspot import HUBSPOT
from connectors.fault_matrix import Bench, Subject, Verb, benches, table
from connectors.fault_page import AT_ONCE, matrix, meanwhile_matrix, once
from connectors.fault_proofs import (
    ends_as_told,
    ends_as_told_meanwhile,
    page_has_every_cell,
    rest_ends_as_told,
)
from connectors.fault_salesforce import SALESFORCE
from crmsync.errors import CrmsyncError

SUBJECTS = [pytest.param(each, id=each.system) for each in (SALESFORCE, HUBSPOT)]
VERBS = [
    pytest.param(each, verb, id=f"{each.system}-{verb.name}")
    for each in (SALESFORCE, HUBSPOT)
    for verb in each.verbs
]
of_subjects = pytest.mark.parametrize("stands", SUBJECTS, indirect=True)
# Verbs that tell nothing of people: somebody who goes is looked for in them, too, in the slow half.
ELSEWHERE = (
    "whoami", "schema", "survey", "rights", "owners", "stages", "sentinel", "footprint", "remove key", "install key",
)  # fmt: skip
MEANWHILE = [
    pytest.param(
        *one.values, id=one.id, marks=[pytest.mark.slow] * (one.values[1].name in ELSEWHERE)
    )
    for one in VERBS
]
of_verbs = pytest.mark.parametrize(("stands", "verb"), VERBS, indirect=["stands"])


@pytest.fixture(scope="module")
def stands(request: pytest.FixtureRequest) -> Iterator[list[Bench]]:
    subject: Subject = request.param
    with benches(subject, AT_ONCE) as made:
        yield made


@pytest.mark.slow_but(
    "hubspot-count",
    "hubspot-find",
    "hubspot-gone",
    "hubspot-sentinel",
    "hubspot-survey",
    "hubspot-update",
    "salesforce-find",
    "salesforce-update",
)
@of_verbs
def test_a_fault_at_any_call_of_a_verb_ends_as_the_page_says(
    stands: list[Bench], verb: Verb
) -> None:
    ends_as_told(stands[0], verb)


@pytest.mark.parametrize(("stands", "verb"), MEANWHILE, indirect=["stands"])
def test_who_goes_after_any_call_of_a_verb_leaves_it_as_the_page_says(
    stands: list[Bench], verb: Verb
) -> None:
    ends_as_told_meanwhile(stands[0], verb)


@pytest.mark.slow
@of_verbs
def test_lasting_faults_and_lost_answers_end_as_the_page_says(
    stands: list[Bench], verb: Verb
) -> None:
    rest_ends_as_told(stands, verb)


@of_subjects
def test_the_page_has_every_fault_and_every_verb(stands: list[Bench]) -> None:
    page_has_every_cell(stands[0])


@of_subjects
def test_a_verb_that_swallows_an_error_is_caught(stands: list[Bench]) -> None:
    def careless(connector: Any) -> Any:
        try:
            return connector.owners().to_pylist()
        except CrmsyncError:
            return []

    with pytest.raises(AssertionError, match="nobody says so"):
        matrix(stands[0], Verb("owners", careless), ["403-access"], once)


@of_subjects
def test_a_read_that_keeps_who_went_is_caught(stands: list[Bench]) -> None:
    names = {"salesforce": ("Contact", "LastName"), "hubspot": ("contacts", "lastname")}
    object_, name = names[stands[0].subject.system]
    careless = Verb("read", lambda one: table(one.read(object_, [name])), lists=True)
    with pytest.raises(AssertionError, match="neither before nor after"):
        meanwhile_matrix(stands[0], careless)
