"""`explain` and `view show`: who is meant, and why a value is what it is."""

from __future__ import annotations

import pytest

from apply.pairs import Person
from crmsync.commands.rendering import explanations, views_json
from crmsync.commands.view import find_customers
from crmsync.errors import CrmsyncError


def test_a_customer_is_found_by_the_key_that_a_plan_shows(person: Person) -> None:
    pair = person.pair
    pair.pull()
    (found,) = find_customers(pair.workspace, "ana@people.example")
    for who in (found.view.key, found.view.key[:8], person.hubspot):
        (again,) = find_customers(pair.workspace, who)
        assert again.view.key == found.view.key


def test_an_unknown_field_is_named_with_the_nearest(person: Person) -> None:
    person.pair.pull()
    found = find_customers(person.pair.workspace, "ana@people.example")
    with pytest.raises(CrmsyncError, match="no field 'fone'"):
        explanations(found, "fone", "en", unmask=False)


def test_a_value_comes_with_what_every_system_holds(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.pull()
    found = find_customers(person.pair.workspace, "ana@people.example")
    said = explanations(found, "job_title", "en", unmask=True)
    assert "Head of sales" in said
    assert "Analyst" in said
    (view,) = views_json(found, unmask=True)
    assert view["fields"]["job_title"]["value"] == "Head of sales"
    assert view["fields"]["job_title"]["disagrees"] is True
