"""Records that people merge in Salesforce: the link goes along, and customers stay apart until both systems agree."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, everything_allowed, key_of, met
from apply.prospects import EMAIL, aliases, asked, created, in_hubspot
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.sandbox.salesforce.becoming import merge_records


@pytest.mark.slow
@pytest.mark.parametrize("object_", ["Contact", "Account", "Lead"])
def test_d26_a_merge_in_salesforce_is_followed_and_keeps_the_base(pair: Pair, object_: str) -> None:
    kept, lost, entity = _twins(pair, object_)
    pair.night()
    key = key_of(pair, entity, lost)
    base = pair.base(entity, key)
    merge_records(pair.servers.salesforce, {"object": object_, "winner": kept, "losers": [lost]})
    plan = pair.plan()
    assert aliases(plan) == [(lost, object_, kept, False)]
    assert created(plan) == []
    pair.apply(everything_allowed(plan))
    assert pair.base(entity, key).keys() == base.keys()
    with pair.workspace.store() as store:
        refs = store.links_of(entity, [key])[key]
    assert [ref.id for ref in refs if ref.system == "salesforce"] == [kept]
    assert is_quiet(pair.plan())


def _twins(pair: Pair, object_: str) -> tuple[str, str, str]:
    """(a record nobody is linked to, one that is linked, the entity)."""
    if object_ == "Account":
        pair.hubspot("companies", name="Acme", domain="acme.example")
        lost = pair.salesforce("Account", Name="Acme", Website="https://acme.example")
        pair.night()
        kept = pair.salesforce("Account", Name="Acme", Website="https://acme.example")
        return kept, lost, "company"
    in_hubspot(pair)
    more = {"Company": "Acme"} if object_ == "Lead" else {}
    values = {"FirstName": "Ana", "LastName": "Ruiz", "Email": EMAIL, "Title": "Analyst", **more}
    values["Phone"] = "+34911234567"
    lost = pair.salesforce(object_, **values)
    pair.night()
    return pair.salesforce(object_, **values), lost, "contact"


@pytest.mark.slow
def test_d26_two_customers_merged_in_salesforce_stay_apart_until_hubspot_is_merged_too(
    pair: Pair,
) -> None:
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    merge_records(
        pair.servers.salesforce, {"object": "Contact", "winner": ana[0], "losers": [eva[0]]}
    )
    plan = pair.plan()
    refs = tuple(sorted(f"hubspot/contacts/{id_}" for id_ in (ana[1], eva[1])))
    assert asked(plan) == [("needs_merge", (f"salesforce/Contact/{ana[0]}", *refs))]
    assert changes_of(plan) == []


@pytest.mark.slow
def test_d28_a_chain_of_merges_in_salesforce_leads_to_its_end(pair: Pair) -> None:
    ana = met(pair, "Ana")
    pair.night()
    key, world = key_of(pair, "contact", ana[0]), pair.servers.salesforce
    second = pair.salesforce("Contact", LastName="Ruiz")
    third = pair.salesforce("Contact", LastName="Ruiz")
    merge_records(world, {"object": "Contact", "winner": second, "losers": [ana[0]]})
    merge_records(world, {"object": "Contact", "winner": third, "losers": [second]})
    assert aliases(pair.plan()) == [(ana[0], "Contact", third, False)]
    pair.apply()
    with pair.workspace.store() as store:
        assert third in {ref.id for ref in store.links_of("contact", [key])[key]}


def test_d28_a_merge_that_the_recycle_bin_has_forgotten_creates_nobody(pair: Pair) -> None:
    ana = met(pair, "Ana")
    pair.mapping(
        "contact",
        ("object: Contact, create: never", "object: Contact, create: {when: {email: present}}"),
    )
    pair.night()
    world = pair.servers.salesforce
    winner = pair.salesforce("Contact", LastName="Gil", Email="gil@people.example")
    merge_records(world, {"object": "Contact", "winner": winner, "losers": [ana[0]]})
    world.rows.drop("Contact", ana[0])
    plan = pair.plan()
    assert aliases(plan) == []
    assert "salesforce" not in created(plan)
