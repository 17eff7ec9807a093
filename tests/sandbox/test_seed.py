"""Demo data is the same everywhere, plausible, well-formed, and dirty where it says so."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import phonenumbers
import pytest

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.seed import Seed, fill, generate, truth_json
from crmsync.sandbox.seeding.phones import PLANS, number, spell
from crmsync.sandbox.tables import Tables

DIGEST = (
    "import hashlib; from crmsync.sandbox.seed import generate;"
    "print(hashlib.sha256(repr(generate(contacts=50, companies=20, deals=20)).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def seed() -> Seed:
    return generate()


def pairs(seed: Seed) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(Salesforce Contact, HubSpot contact) of the people whose e-mail each system holds once."""
    seen = Counter(str(c.values.get("Email")).lower() for c in seed.salesforce["Contact"])
    theirs = {str(c.values.get("Email")).lower(): c for c in seed.salesforce["Contact"]}
    for contact in seed.hubspot["contacts"]:
        email = contact.values.get("email", "")
        if seen[email] == 1:
            yield dict(theirs[email].values), dict(contact.values)


def test_the_same_arguments_give_the_same_bytes_in_any_process() -> None:
    environments = [{**os.environ, "PYTHONHASHSEED": chance} for chance in ("1", "2")]
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True, check=True
        ).stdout.strip()
        for env in environments
    }
    here = hashlib.sha256(repr(generate(contacts=50, companies=20, deals=20)).encode()).hexdigest()
    assert digests == {here}


def test_another_seed_gives_other_people(seed: Seed) -> None:
    assert generate(seed=8).hubspot["contacts"] != seed.hubspot["contacts"]


def test_ids_are_unique_and_of_the_right_shape(seed: Seed) -> None:
    theirs = [row.id for rows in seed.salesforce.values() for row in rows]
    ours = [row.id for rows in seed.hubspot.values() for row in rows]
    assert len(theirs) == len(set(theirs))
    assert len(ours) == len(set(ours))
    assert all(re.fullmatch(r"[0-9A-Za-z]{18}", id_) for id_ in theirs)
    records = [row.id for name, rows in seed.hubspot.items() if name != "owners" for row in rows]
    assert all(re.fullmatch(r"[0-9]{12}", id_) for id_ in records)


def test_no_two_hubspot_contacts_have_one_email() -> None:
    seed = generate(contacts=3000, companies=400)
    emails = [row.values["email"] for row in seed.hubspot["contacts"] if "email" in row.values]
    assert len(emails) == len(set(emails))
    assert all(email == email.strip().lower() for email in emails)


def test_every_reference_leads_to_a_row(seed: Seed) -> None:
    objects = {
        "OwnerId": "User",
        "AccountId": "Account",
        "ParentId": "Account",
        "ContactId": "Contact",
        "OpportunityId": "Opportunity",
        "ConvertedContactId": "Contact",
    }
    known = {name: {row.id for row in rows} for name, rows in seed.salesforce.items()}
    for rows in seed.salesforce.values():
        for row in rows:
            for field, name in objects.items():
                assert row.values.get(field) in {None, *known[name]}
    ours = {name: {row.id for row in rows} for name, rows in seed.hubspot.items()}
    for tie in seed.associations:
        assert tie.from_id in ours[tie.from_object]
        assert tie.to_id in ours[tie.to_object]
    for name in ("contacts", "companies", "deals"):
        owners = {row.values.get("hubspot_owner_id") for row in seed.hubspot[name]}
        assert owners - {None} <= ours["owners"]


def test_most_people_and_companies_and_deals_are_in_both_systems() -> None:
    seed = generate(contacts=4000, companies=1000, deals=800)
    sizes = {
        "people": (
            {str(r.values["Email"]).strip().lower() for name in ("Contact", "Lead")
             for r in seed.salesforce[name] if "Email" in r.values},
            {str(r.values["email"]) for r in seed.hubspot["contacts"] if "email" in r.values},
        ),
        "companies": (
            {r.values["Name"] for r in seed.salesforce["Account"]},
            {r.values["name"] for r in seed.hubspot["companies"]},
        ),
        "deals": (
            {(r.values["Name"], r.values["CloseDate"]) for r in seed.salesforce["Opportunity"]},
            {(r.values["dealname"], r.values["closedate"][:10]) for r in seed.hubspot["deals"]},
        ),
    }  # fmt: skip
    for theirs, ours in sizes.values():
        assert 0.84 < len(theirs & ours) / len(theirs | ours) < 0.92
        assert theirs - ours
        assert ours - theirs


def test_nothing_but_the_closing_of_open_deals_is_dated_as_of_or_later() -> None:
    as_of = date(2025, 3, 1)
    seed = generate(as_of=as_of)
    dated = ("CreatedDate", "LastModifiedDate", "SystemModstamp", "createdate")
    changed = ("lastmodifieddate", "hs_lastmodifieddate")
    for rows in (*seed.salesforce.values(), *seed.hubspot.values()):
        for row in rows:
            for field in (*dated, *changed):
                assert str(row.values.get(field, ""))[:10] < as_of.isoformat()
    for row in seed.salesforce["Opportunity"]:
        is_open = not row.values["StageName"].startswith("Closed")
        assert (row.values["CloseDate"] > as_of.isoformat()) == is_open
        assert row.values["CloseDate"] > row.values["CreatedDate"][:10]


@pytest.mark.parametrize("country", PLANS)
def test_numbers_are_valid_and_both_spellings_mean_the_same(country: str) -> None:
    seen = set()
    for serial in range(0, 30_000, 61):
        digits = number(country, serial)
        at_home, abroad = (
            phonenumbers.parse(spell(country, digits, international=way), country)
            for way in (False, True)
        )
        assert at_home == abroad
        assert phonenumbers.is_valid_number(abroad)
        seen.add(digits)
    assert len(seen) == len(range(0, 30_000, 61))


def test_some_values_are_spelled_differently_and_mean_the_same(seed: Seed) -> None:
    both = list(pairs(seed))
    phones = [(a["Phone"], b["phone"]) for a, b in both if "Phone" in a and "phone" in b]
    assert any(a != b and a[-2:] == b[-2:] for a, b in phones)
    assert any(a["Email"] != b["email"] for a, b in both)
    names = [(a["LastName"], b["lastname"]) for a, b in both]
    assert any(a != b and unicodedata.normalize("NFC", b) == a for a, b in names)
    assert any(a != b and b.strip() == a for a, b in names)
    sites = {row.values.get("Website", "-").split("/")[0] for row in seed.salesforce["Account"]}
    assert {"http:", "https:"} < sites


@pytest.mark.parametrize(
    ("theirs", "ours"), [("Phone", "phone"), ("Title", "jobtitle"), ("MailingCity", "city")]
)
def test_some_values_stand_in_one_system_only(seed: Seed, theirs: str, ours: str) -> None:
    both = list(pairs(seed))
    assert any(theirs in a and ours not in b for a, b in both)
    assert any(theirs not in a and ours in b for a, b in both)


def test_some_values_contradict_each_other() -> None:
    seed = generate(contacts=2000, companies=600, deals=400)
    titles = [(a.get("Title"), b.get("jobtitle")) for a, b in pairs(seed)]
    assert any(a and b and a != b.strip() for a, b in titles)
    ours = {row.values["name"]: row.values for row in seed.hubspot["companies"]}
    accounts = [(r.values, ours.get(r.values["Name"])) for r in seed.salesforce["Account"]]
    both = [(a, b) for a, b in accounts if b]
    assert any(str(a["NumberOfEmployees"]) != b["numberofemployees"] for a, b in both)
    assert any(re.sub(r"\D", "", a["Phone"])[-7:] != re.sub(r"\D", "", b["phone"])[-7:]
               for a, b in both)  # fmt: skip


def test_hostile_values_are_hidden_among_them(seed: Seed) -> None:
    values = {str(v) for row in seed.salesforce["Contact"] for v in row.values.values()}
    values |= {str(v) for row in seed.salesforce["Lead"] for v in row.values.values()}
    assert any("<script>" in value for value in values)
    assert any(value.startswith("=HYPERLINK(") for value in values)
    assert any(unicodedata.bidirectional(value[0]) == "AL" for value in values if value)
    assert "ask reception" in values


def test_addresses_are_of_reserved_domains_only(seed: Seed) -> None:
    text = repr(seed)
    domains = set(re.findall(r"@([\w.-]+)", text))
    assert domains
    assert all(domain.lower().endswith(".example") for domain in domains)


def test_the_truth_as_json_says_how_it_was_made(seed: Seed) -> None:
    document = json.loads(truth_json(seed))
    assert document["seed"] == 7
    assert document["as_of"] == "2026-11-20"
    assert sum(document["counts"].values()) == len(document["truth"]) == len(seed.truth)
    assert set(document["truth"][0]) == {"audit", "system", "object", "id", "note"}


def test_nobody_is_stamped_with_our_key(seed: Seed) -> None:
    assert "crmsync_key" not in repr(seed)


def test_every_value_fits_the_field_that_holds_it(seed: Seed) -> None:
    theirs = SalesforceWorld(Tables("salesforce"), Clock())
    ours = HubspotWorld(Tables("hubspot"), Clock())
    for name, rows in seed.salesforce.items():
        shape = theirs.shape(name)
        assert shape is not None
        for field, value in ((f, v) for row in rows for f, v in row.values.items()):
            known = shape.stored(field)
            assert not isinstance(value, str) or not known.length or len(value) <= known.length
            assert not known.picklist or value in known.picklist
    for name in ("contacts", "companies", "deals"):
        definitions = ours.portal.definitions(name)
        for field, value in ((f, v) for row in seed.hubspot[name] for f, v in row.values.items()):
            options = [option["value"] for option in definitions[field]["options"]]
            assert not options or value in options


def test_both_worlds_take_every_row_and_keep_its_values(seed: Seed) -> None:
    theirs = SalesforceWorld(Tables("salesforce"), Clock())
    ours = HubspotWorld(Tables("hubspot"), Clock())
    before = theirs.tables.count("User")
    fill(theirs, ours, seed)
    for name, rows in seed.salesforce.items():
        assert theirs.tables.count(name) == len(rows) + (before if name == "User" else 0)
        for row in rows:
            kept = theirs.tables.get(name, row.id) or {}
            assert {k: kept.get(k) for k in row.values} == dict(row.values)
    for name, rows in seed.hubspot.items():
        assert ours.tables.count(name) == len(rows)
