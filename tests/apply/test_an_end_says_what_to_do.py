"""A run that ends short of its plan says why, and which command to type next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apply.pairs import Pair, Person
from crmsync.commands.pull import demand_known
from crmsync.commands.rendering import applied_as
from crmsync.errors import AccessDenied, ConfigInvalid, ExitCode, LimitExceeded
from crmsync.language import choose, translate_said
from crmsync.sandbox.faults.book import clear_faults, set_fault


@pytest.fixture
def in_spanish() -> Iterator[None]:
    """The reader's language is Spanish while the test runs."""
    choose("es")
    yield
    choose("en")


def test_a_dropped_change_says_why_and_where_more_is_told(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    person.in_hubspot(jobtitle="Head of sales")
    applied = person.pair.apply()
    text = applied_as("text", applied, "en")
    assert "1 dropped: changed meanwhile\n" in text
    assert f"why: crmsync runs {applied.run}\n" in text
    assert "crmsync resume" not in text
    assert "cambió entretanto" in applied_as("text", applied, "es")
    assert f'"crmsync runs {applied.run}"' in applied_as("json", applied, "en")


@pytest.mark.slow
def test_a_lock_that_lasts_is_the_reason_that_is_told(person: Person) -> None:
    org = person.pair.servers.salesforce
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    set_fault(org, "row-lock", times=0)
    applied = person.pair.apply()
    clear_faults(org)
    assert applied.exit_code is ExitCode.PARTIAL
    text = applied_as("text", applied, "en")
    assert "1 failed: locked by somebody else all the while, and left to the next plan\n" in text
    assert f"crmsync runs {applied.run}" in text
    assert "bloqueado por otro" in applied_as("text", applied, "es")


def test_what_stayed_locked_is_in_the_next_plan_as_the_end_says(person: Person) -> None:
    """A run of which everything is known has nothing to be resumed."""
    portal = person.pair.servers.hubspot
    person.in_salesforce(Title="Director")
    person.pair.plan()
    set_fault(portal, "423", path="batch/update", times=0)
    applied = person.pair.apply()
    clear_faults(portal)
    assert (applied.states, applied.exit_code) == ({"FAILED": 1}, ExitCode.PARTIAL)
    text = applied_as("text", applied, "en")
    assert "A new plan holds what was not written: crmsync plan\n" in text
    assert "crmsync resume" not in text
    assert "Un plan nuevo contiene lo que no se escribió: crmsync plan" in applied_as(
        "text", applied, "es"
    )
    person.pair.plan()
    assert person.pair.apply().states == {"VERIFIED": 1}
    assert person.at_hubspot("jobtitle") == "Director"


@pytest.mark.slow
def test_an_unclear_end_names_resume_and_resume_ends_it(person: Person) -> None:
    org = person.pair.servers.salesforce
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    set_fault(org, "dropped-after", method="PATCH", path="composite/sobjects", times=0)
    applied = person.pair.apply()
    clear_faults(org)
    assert applied.states == {"AMBIGUOUS": 1}
    text = applied_as("text", applied, "en")
    assert f"Go on: crmsync resume {applied.run}\n" in text
    assert "crmsync plan" not in text
    assert "  ambiguas (1): sin respuesta\n" in applied_as("text", applied, "es")
    again = person.pair.resume()
    assert again.states == {"VERIFIED": 1}
    assert "crmsync" not in applied_as("text", again, "en")


@pytest.mark.slow
def test_access_that_is_lost_half_way_names_the_run_and_resume(person: Person) -> None:
    org = person.pair.servers.salesforce
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    set_fault(org, "401", method="PATCH", path="composite/sobjects", times=0)
    with pytest.raises(AccessDenied) as caught:
        person.pair.apply()
    clear_faults(org)
    (run,) = person.pair.unfinished()
    remedy = caught.value.remedy
    assert remedy.endswith(f"Then go on with the run: crmsync resume {run}")
    assert len(remedy) > 80  # what helps against the refusal stands before it
    assert translate_said(remedy, "es").endswith(
        f"Después, siga con la ejecución: crmsync resume {run}"
    )
    assert person.pair.resume().states == {"VERIFIED": 1}


def test_a_plan_without_changes_says_that_there_was_nothing_to_write(person: Person) -> None:
    person.pair.plan()
    applied = person.pair.apply()
    assert f"Run {applied.run}: nothing to write\n" in applied_as("text", applied, "en")
    assert ": nada que escribir\n" in applied_as("text", applied, "es")


@pytest.mark.usefixtures("in_spanish")
def test_limits_that_are_broken_are_told_in_the_language_of_the_reader(pair: Pair) -> None:
    pair.project("limits: {creates: {at_most: 0}}\n")
    pair.salesforce("Contact", Email="sf@acme.example", FirstName="Sal", LastName="Forza")
    pair.plan()
    with pytest.raises(LimitExceeded) as caught:
        pair.apply()
    said = translate_said(caught.value.message)
    assert said == (
        "se superan los límites, no se escribió nada: "
        "hubspot/contacts: 1 registros creados; el límite es 0 (creates)"
    )
    assert "crmsync apply ARCHIVO --allow creates=1" in translate_said(caught.value.remedy)


def test_a_conversion_that_drops_a_change_is_told_in_spanish() -> None:
    said = translate_said("it was converted since the plan", "es")
    assert said == "se convirtió después del plan"


def test_a_system_that_is_not_there_is_told_in_spanish_with_those_that_are(pair: Pair) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        demand_known(pair.workspace, "sap")
    (problem,) = caught.value.problems
    assert translate_said(problem.remedy, "es") == "use hubspot o salesforce"
