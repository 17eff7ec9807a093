"""Demo data goes deep: addresses, tax ids, sources, consent and owners, alike in both systems but for a few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import stdnum.ar.cuit
import stdnum.cl.rut
import stdnum.co.nit
import stdnum.es.cif
import stdnum.gb.vat
import stdnum.mx.rfc
import stdnum.pe.ruc
import stdnum.us.ein

from crmsync.sandbox.seed import Seed, generate
from crmsync.sandbox.seeding.places import ADDRESSES, other_spelling, postal_code, tax_id
from crmsync.sandbox.seeding.pools import COUNTRIES

RULES: dict[str, Callable[[str], bool]] = {
    "AR": stdnum.ar.cuit.is_valid,
    "CL": stdnum.cl.rut.is_valid,
    "CO": stdnum.co.nit.is_valid,
    "ES": stdnum.es.cif.is_valid,
    "GB": stdnum.gb.vat.is_valid,
    "MX": partial(stdnum.mx.rfc.is_valid, validate_check_digits=True),
    "PE": stdnum.pe.ruc.is_valid,
    "US": stdnum.us.ein.is_valid,
}
NAMES = {name: each.code for each in COUNTRIES for name in (each.english, each.spanish)}


@pytest.fixture(scope="module", params=[7, 1, 20261120])
def seed(request: pytest.FixtureRequest) -> Seed:
    return generate(contacts=900, companies=300, deals=250, seed=request.param)


def bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


@pytest.mark.parametrize("country", RULES)
def test_a_tax_id_keeps_the_rules_of_its_country(country: str) -> None:
    ids = {number: tax_id(country, number) for number in range(1, 1500)}
    assert all(RULES[country](each) for each in ids.values())
    assert len(set(ids.values())) == len(ids)
    assert all(bare(other_spelling(each)) == bare(each) for each in ids.values())


@pytest.mark.parametrize("country", sorted(set(RULES) - {"US"}))
def test_another_last_sign_breaks_a_tax_id(country: str) -> None:
    """Else a mistyped one would be somebody else's, and nothing would be wrong with it."""
    written = tax_id(country, 17)
    others = [written[:-1] + sign for sign in "0123456789" if sign != written[-1]]
    assert not [each for each in others if RULES[country](each)]


def test_every_city_has_an_address() -> None:
    cities = {city for country in COUNTRIES for city in country.cities}
    assert cities == set(ADDRESSES)
    assert all(len(postal_code(city, 5)) <= 20 for city in cities)
    assert postal_code("Madrid", 12_345)[:3] == "280"


def pairs(seed: Seed) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(account, company) of the same name, where each system has one of it."""
    theirs = Counter(row.values["Name"] for row in seed.salesforce["Account"])
    ours = Counter(row.values["name"] for row in seed.hubspot["companies"])
    accounts = {row.values["Name"]: dict(row.values) for row in seed.salesforce["Account"]}
    for row in seed.hubspot["companies"]:
        name = row.values["name"]
        if theirs[name] == ours[name] == 1:
            yield accounts[name], dict(row.values)


def test_tax_ids_agree_but_for_a_few(seed: Seed) -> None:
    both = [(a.get("Tax_ID__c", ""), c.get("tax_id", "")) for a, c in pairs(seed)]
    same = [(left, right) for left, right in both if left and bare(left) == bare(right)]
    assert len(same) > 0.75 * len(both)
    assert any(left != right for left, right in same), "some are spelled otherwise"
    assert any(left and not right for left, right in both), "some are missing in HubSpot"
    differ = [(left, right) for left, right in both if left and right and bare(left) != bare(right)]
    assert 0 < len(differ) < 0.1 * len(both)


def test_some_tax_ids_were_mistyped_and_most_were_not(seed: Seed) -> None:
    valid: Counter[bool] = Counter()
    for row in seed.salesforce["Account"]:
        if "Tax_ID__c" in row.values:
            rule = RULES[NAMES[row.values["BillingCountry"]]]
            valid[rule(row.values["Tax_ID__c"])] += 1
    assert 0 < valid[False] < 0.05 * valid[True]


def test_a_branch_has_the_tax_id_of_its_parent(seed: Seed) -> None:
    accounts = {row.id: row.values for row in seed.salesforce["Account"]}
    ids = [(row, accounts[row["ParentId"]]) for row in accounts.values() if "ParentId" in row]
    known = [
        (a["Tax_ID__c"], b["Tax_ID__c"]) for a, b in ids if "Tax_ID__c" in a and "Tax_ID__c" in b
    ]
    assert known
    assert sum(a == b for a, b in known) >= 0.7 * len(known)


def test_sources_consent_and_addresses_agree_for_most_people(seed: Seed) -> None:
    seen = Counter(str(row.values.get("Email")).lower() for row in seed.salesforce["Contact"])
    theirs = {
        str(row.values.get("Email")).lower(): row.values for row in seed.salesforce["Contact"]
    }
    both = [
        (theirs[row.values["email"]], row.values)
        for row in seed.hubspot["contacts"]
        if seen[row.values.get("email", "")] == 1
    ]
    assert len(both) > 500
    for native, name in (
        ("LeadSource", "lead_source"),
        ("MailingState", "state"),
        ("MailingPostalCode", "zip"),
        ("MailingStreet", "address"),
        ("Birthdate", "date_of_birth"),
    ):
        same = [a.get(native) == b.get(name) for a, b in both]
        assert 0.9 < sum(same) / len(same) < 1, native
    calls = [(a["DoNotCall"], b.get("do_not_call") == "true") for a, b in both]
    assert 0 < sum(a != b for a, b in calls) < 0.03 * len(calls)


def test_one_owner_has_another_address_in_hubspot_and_one_has_left_salesforce(seed: Seed) -> None:
    users = {row.values["LastName"]: row for row in seed.salesforce["User"]}
    owners = {row.values["lastName"]: row for row in seed.hubspot["owners"]}
    assert users["Salcedo"].values["Email"] != owners["Salcedo"].values["email"]
    assert users["Ibarra Solís"].values["IsActive"] is False
    assert owners["Ibarra Solís"].values["archived"] is False
    for row, rows, name in (
        (users["Salcedo"], seed.salesforce, "OwnerId"),
        (owners["Salcedo"], seed.hubspot, "hubspot_owner_id"),
        (owners["Ibarra Solís"], seed.hubspot, "hubspot_owner_id"),
    ):
        owned = [
            each for group in rows.values() for each in group if each.values.get(name) == row.id
        ]
        assert 0 < len(owned) < 60
    emails = Counter(
        row.values["Email"] for row in seed.salesforce["User"] if row.values["IsActive"]
    )
    shared = [row for row in seed.hubspot["owners"] if emails[row.values["email"]] == 1]
    assert len(shared) >= 6


def test_a_company_that_was_added_twice_has_no_tax_id_the_second_time(seed: Seed) -> None:
    planted = {p.id for p in seed.truth if p.audit == "M01" and p.system == "salesforce"}
    accused = [row for row in seed.salesforce["Account"] if row.id in planted]
    assert any("Tax_ID__c" not in row.values for row in accused)
    assert any("Tax_ID__c" in row.values for row in accused)


def test_salutations_are_spelled_in_the_language_of_the_country(seed: Seed) -> None:
    words = {str(row.values.get("salutation")) for row in seed.hubspot["contacts"]}
    assert {"Sr.", "Sra.", "Mr.", "Ms."} <= words
    assert {str(r.values.get("Salutation")) for r in seed.salesforce["Contact"]} <= {
        "None", "Mr.", "Ms.", "Dr.", "Prof.",
    }  # fmt: skip
