"""Who asks for a record by an id that is not there any more hears what became of it, and who is in its place."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person, met
from crmsync.commands.former import Asked, asked_for
from crmsync.commands.rendering_links import former_json, former_text
from crmsync.errors import CrmsyncError
from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.rehearsing import portal_commands


def keys(asked: Asked) -> list[str]:
    return [each.view.key for each in asked.found]


@pytest.mark.slow_cases("en-hubspot/contacts/{}")
@pytest.mark.parametrize("address", ["{}", "hubspot/contacts/{}"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_of_an_archived_record_it_is_said_that_it_went_and_whose_it_was(
    person: Person, address: str, language: str
) -> None:
    records.archive(person.pair.servers.hubspot.portal, "contacts", person.hubspot)
    person.pair.pull()
    asked = asked_for(person.pair.workspace, address.format(person.hubspot))
    assert keys(asked) == [person.key]
    said = former_text(asked, language)
    gone = {"en": "deleted on", "es": "eliminado el"}[language]
    assert said.startswith(f"hubspot/contacts/{person.hubspot}: {gone} ")


def test_of_an_erased_record_that_nobody_told_of_it_is_known_that_it_is_not_there(
    person: Person,
) -> None:
    world = person.pair.servers.hubspot
    portal_commands(world)["erase"](world, {"who": person.hubspot})
    person.pair.pull()
    asked = asked_for(person.pair.workspace, person.hubspot)
    assert keys(asked) == [person.key]
    assert "not there when last read" in former_text(asked, "en")


@pytest.mark.slow
@pytest.mark.parametrize("applied", [False, True])
def test_of_a_merged_record_the_successor_is_shown(pair: Pair, applied: bool) -> None:
    ana, bea = met(pair, "Ana"), met(pair, "Bea")
    pair.night()
    body = {"object": "contacts", "winner": ana[1], "losers": [bea[1]]}
    world = pair.servers.hubspot
    new = portal_commands(world)["merge"](world, body)["id"]
    pair.pull()
    if applied:
        pair.night()
        pair.pull()
    asked = asked_for(pair.workspace, bea[1])
    assert f"hubspot/contacts/{new}" in {str(ref) for each in asked.found for ref in each.view.refs}
    assert f"merged into {new}" in former_text(asked, "en")


@pytest.mark.slow
def test_of_a_customer_without_a_record_left_it_is_said_so(person: Person) -> None:
    pair = person.pair
    records.archive(pair.servers.hubspot.portal, "contacts", person.hubspot)
    person.in_salesforce(IsDeleted=True)
    pair.pull()
    asked = asked_for(pair.workspace, person.hubspot)
    assert asked.found == []
    assert "No record of this customer is left" in former_text(asked, "en")
    [told] = former_json(asked)
    assert told["key"] == person.key
    assert told["gone"]["record"] == f"hubspot/contacts/{person.hubspot}"


@pytest.mark.slow
def test_an_id_that_never_was_is_nobody(person: Person) -> None:
    person.pair.pull()
    with pytest.raises(CrmsyncError, match="nobody found for '99887766'"):
        asked_for(person.pair.workspace, "99887766")
