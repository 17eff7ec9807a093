"""An update that is refused for another record's sake is told as one: which record, which value, whose, what to do."""

from __future__ import annotations

import orjson
import pytest

from apply.pairs import Person
from crmsync.commands.apply import Applied
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.rendering import applied_as, explanations
from crmsync.commands.rendering_runs import ops_json, told_text
from crmsync.commands.runs import told_of
from crmsync.commands.view import find_customers
from crmsync.connectors.loopback import is_loopback
from crmsync.language import choose
from crmsync.reports.plan_text import plan_text
from crmsync.sandbox.hubspot import records

EMAIL = "gil@people.example"
SAID = {
    "en": (
        "is already that of",
        "another record has this value already",
        "Merge the two, or correct",
    ),
    "es": ("ya es de", "otro registro ya tiene este valor", "Fusione los dos o corrija"),
}


@pytest.fixture
def holder(person: Person) -> str:
    """Whose second address the person is to get."""
    return person.pair.hubspot(
        "contacts", lastname="Paz", email="paz@people.example", hs_additional_emails=EMAIL
    )


@pytest.fixture
def refused(person: Person, holder: str) -> Applied:
    person.in_salesforce(Email=EMAIL, Title="Director")
    applied = person.pair.night()
    assert applied.states == {"FAILED": 1}
    return applied


def address(person: Person, holder: str) -> str:
    link = deep_links(person.pair.workspace, read_identities(person.pair.workspace))
    found = link("hubspot", "contacts", holder)
    assert found
    assert found.endswith(f"/record/0-1/{holder}")
    assert is_loopback(found), "a simulated CRM's links stay on this machine"
    return found


@pytest.mark.slow_but("en")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_end_of_a_run_says_whose_the_value_is(
    person: Person, holder: str, refused: Applied, language: str
) -> None:
    said = applied_as("text", refused, language)
    assert all(words in said for words in SAID[language])
    assert f"hubspot/contacts/{person.hubspot}" in said
    assert f"hubspot/contacts/{holder}" in said
    assert address(person, holder) in said
    assert "CONFLICT" not in said
    assert EMAIL not in said


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_run_says_it_again_later(
    person: Person, holder: str, refused: Applied, language: str
) -> None:
    choose(language)
    said = told_text(told_of(person.pair.workspace, refused.run), 20)
    choose("en")
    assert all(words in said for words in SAID[language])
    assert address(person, holder) in said
    assert EMAIL not in said


def test_programs_read_the_same(person: Person, holder: str, refused: Applied) -> None:
    told = orjson.loads(applied_as("json", refused, "en"))
    [double] = told["doubles"]
    assert double["record"] == f"hubspot/contacts/{person.hubspot}"
    assert double["held_by"] == [f"hubspot/contacts/{holder}"]
    assert double["links"] == [address(person, holder)]
    assert list(double["values"]) == ["email"]
    assert EMAIL not in double["values"].values()
    run = told_of(person.pair.workspace, refused.run)
    [op] = ops_json(run)
    assert op["double"] == double
    assert told["reasons"][0]["reason"] == SAID["en"][1]


@pytest.mark.slow
@pytest.mark.parametrize("field", [None, "email"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_explain_says_it_of_the_customer_and_of_the_field(
    person: Person, holder: str, refused: Applied, language: str, field: str | None
) -> None:
    workspace = person.pair.workspace
    person.pair.pull()
    found = find_customers(workspace, person.hubspot)
    links = deep_links(workspace, read_identities(workspace))
    said = explanations(found, field, language, unmask=True, links=links)
    assert f"email “{EMAIL}” " in said.replace("«", "“").replace("»", "”")
    assert SAID[language][0] in said
    assert address(person, holder) in said
    other = explanations(found, "phone", language, unmask=True, links=links)
    assert SAID[language][0] not in other


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_plan_does_not_call_it_a_creation(
    person: Person, holder: str, refused: Applied, language: str
) -> None:
    plan = person.pair.plan()
    assert (plan.header.counts["taken"], plan.header.counts["held"]) == (1, 0)
    said = plan_text(plan.header, plan.lines, language)
    assert SAID[language][0] in said
    assert f"hubspot/contacts/{holder}" in said
    assert not any(words in said for words in ("not created", "sin crear"))


@pytest.mark.slow
def test_it_is_over_once_the_other_record_is_gone(
    person: Person, holder: str, refused: Applied
) -> None:
    records.archive(person.pair.servers.hubspot.portal, "contacts", holder)
    person.pair.night()
    assert person.at_hubspot("email") == EMAIL
    assert "taken" not in person.pair.plan().header.counts
