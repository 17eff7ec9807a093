"""`sandbox add-field` and `edit` do what people do on a CRM's own pages, in a file or while it is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from cli.places import Served, mend
from cli.test_the_sandbox_serves_and_loads import contacts, serving
from crmsync.commands.workspace import open_workspace
from crmsync.errors import ExitCode
from crmsync.sandbox.server import open_worlds

ANA = "ana@acme.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sandbox with one contact in HubSpot, that was never served."""
    path = tmp_path / "sandbox.db"
    _salesforce, hubspot = open_worlds(path, None)
    hubspot.put("contacts", {"email": ANA}, None)
    hubspot.tables.commit()
    return path


def tier_of(file: Path) -> str | None:
    _salesforce, hubspot = open_worlds(file, None)
    ((_id, row),) = hubspot.tables.rows("contacts")
    tier: str | None = row["properties"].get("tier")
    return tier


def test_a_field_is_made_and_filled_in_a_file(file: Path, crm: Crm) -> None:
    said = crm(
        "sandbox", "add-field", "hubspot/contacts.tier", "--options", "gold,silver", "--file", file
    )
    assert (said.code, said.out) == (0, "hubspot/contacts.tier is there: gold, silver\n")
    said = crm("sandbox", "edit", "hubspot/contacts", ANA.upper(), "tier=gold", "--file", file)
    assert said.code == 0, said.err
    assert tier_of(file) == "gold"
    assert crm("sandbox", "edit", "hubspot/contacts", ANA, "tier=", "--file", file).code == 0
    assert not tier_of(file)


def test_a_file_that_is_being_served_is_edited_where_it_is_served(file: Path, crm: Crm) -> None:
    with serving("--file", file) as (_, access):
        crm("sandbox", "add-field", "hubspot/contacts.tier", "--options", "gold", "--file", file)
        said = crm("sandbox", "edit", "hubspot/contacts", ANA, "jobtitle=CEO", "--file", file)
        assert said.code == 0, said.err
        (one,) = contacts(access)
        assert one["properties"]["lastmodifieddate"]
        url = f"{access['hubspot']['url']}/crm/v3/objects/contacts/{one['id']}?properties=jobtitle"
        assert asked(url, access)["properties"]["jobtitle"] == "CEO"


def asked(url: str, access: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    import httpx

    headers = {"Authorization": f"Bearer {access['hubspot']['token']}"}
    with httpx.Client(trust_env=False, headers=headers) as client:
        found: dict[str, dict[str, str]] = client.get(url).json()
        return found


def test_a_file_is_served_again_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with serving("--seed", "empty", "--file", file) as (_, access):
        first = {name: each["url"] for name, each in access.items()}
    with serving("--seed", "empty", "--file", file) as (_, access):
        assert {name: each["url"] for name, each in access.items()} == first


@pytest.mark.parametrize(
    ("words", "problem", "remedy"),
    [
        (("edit", "hubspot/contacts", ANA, "emial=x"), "contacts has no field 'emial'", "did you mean 'email'?"),
        (("edit", "hubspot/contacts", "bo@acme.example", "email=x"), "no record of contacts is 'bo@", "e-mail"),
        (("edit", "hubspot/contact", ANA, "email=x"), "hubspot has no object 'contact'", "did you mean 'contacts'?"),
        (("edit", "hubspot/contacts", ANA, "lifecyclestage=custmer"), "is no option of", "customer"),
        (("add-field", "hubspot/contacts.email"), "contacts has a field 'email'", "choose another name"),
        (("add-field", "hubspot/contacts.My Tier"), "'My Tier' is no name of", "name it contacts.my_tier"),
        (("add-field", "salesforce/Contact.Tier"), "ends in __c, not 'Tier'", "name it Contact.Tier__c"),
    ],
)  # fmt: skip
def test_what_a_page_would_not_let_you_do_is_refused_with_what_helps(
    words: tuple[str, ...], problem: str, remedy: str, file: Path, crm: Crm
) -> None:
    said = crm("sandbox", *words, "--file", file)
    assert said.code == ExitCode.FAILED
    assert problem in said.err
    assert remedy in said.err
    spanish = crm("sandbox", *words, "--file", file, "--lang", "es").err
    assert problem not in spanish or "has" not in problem


BEA = "bea@acme.example"


@pytest.mark.parametrize(
    "value",
    ["email=bea@acme.example", "email=Bea@Acme.Example", "hs_additional_emails=bea@acme.example"],
)
@pytest.mark.parametrize("place", ["email", "hs_additional_emails"])
def test_an_address_that_another_contact_has_is_refused_as_hubspot_does(
    file: Path, crm: Crm, value: str, place: str
) -> None:
    _salesforce, hubspot = open_worlds(file, None)
    bea = hubspot.put("contacts", {"email": "b@acme.example", place: BEA}, None)
    hubspot.tables.commit()
    said = crm("sandbox", "edit", "hubspot/contacts", ANA, value, "--file", file)
    assert said.code == ExitCode.FAILED
    assert f"contacts {bea} has email '{BEA}' already" in said.err
    said = crm("sandbox", "edit", "hubspot/contacts", ANA, value, "--file", file, "--lang", "es")
    assert f"contacts {bea} ya tiene email '{BEA}'" in said.err
    own = crm("sandbox", "edit", "hubspot/contacts", bea, f"email={BEA.upper()}", "--file", file)
    assert own.code == 0, own.err


@pytest.mark.parametrize(
    "words",
    [
        ("add-field", "hubspot.contacts.tier"),
        ("add-field", "hubspot/contacts.tier", "--type", "list"),
        ("add-field", "hubspot/contacts.tier", "--type", "text", "--options", "a"),
        ("edit", "hubspot/contacts", ANA, "tier"),
    ],
)
def test_a_line_that_makes_no_sense_is_a_usage_error(
    words: tuple[str, ...], file: Path, crm: Crm
) -> None:
    assert crm("sandbox", *words, "--file", file).code == ExitCode.USAGE


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, crm: Crm) -> None:
    said = crm("sandbox", "add-field", "hubspot/contacts.a", "--file", tmp_path / "none.db")
    assert said.code == ExitCode.FAILED
    assert "no sandbox in" in said.err
    assert not (tmp_path / "none.db").exists()


FIELD = """
  - field: tier
    type: choice
    names: {salesforce: Tier__c, hubspot: tier}
"""


@pytest.fixture
def tiered(fresh: Served, workspace: Path) -> Path:
    """A workspace whose contacts have a tier that leads do not have, in words that nobody shares."""
    options = [
        {"label": each, "value": each, "displayOrder": 0, "hidden": False} for each in ("a", "b")
    ]
    fresh.salesforce.define_field(
        "Contact", "Tier__c", "picklist", picklist=["A", "B"], restricted=True
    )
    fresh.hubspot.define_property("contacts", "tier", "enumeration", "select", options=options)
    path = workspace / "mappings" / "contact.yml"
    path.write_text(path.read_text(encoding="utf-8") + FIELD, encoding="utf-8")
    return workspace


def test_a_field_that_only_one_object_has_is_told_how_to_be_named(tiered: Path, crm: Crm) -> None:
    example = "names: {salesforce: {OBJECT: Tier__c}}"
    said = crm("doctor", "--workspace", tiered)
    # Nobody can tell a field that is not there from one that is hidden, and 8 comes before 3.
    assert said.code == ExitCode.ACCESS
    assert f"Only another object has it? Name it by object: {example}" in said.out
    assert (
        f"if only another object has it, write {example}" in crm("plan", "--workspace", tiered).err
    )


def test_lists_without_a_word_in_common_are_told(tiered: Path, crm: Crm) -> None:
    mend(tiered, "mappings/contact.yml", "salesforce: Tier__c", "salesforce: {Contact: Tier__c}")
    told = "field tier: hubspot (a, b) and salesforce (A, B) have no value in common"
    assert told in crm("doctor", "--workspace", tiered).out
    values = "names: {salesforce: {Contact: Tier__c}, hubspot: tier}\n    values: {salesforce: {A: a, B: b}}"
    mend(
        tiered,
        "mappings/contact.yml",
        "names: {salesforce: {Contact: Tier__c}, hubspot: tier}",
        values,
    )
    assert "in common" not in crm("doctor", "--workspace", tiered).out


@pytest.mark.slow
def test_a_field_that_no_snapshot_has_is_not_called_safe(tiered: Path, crm: Crm) -> None:
    import subprocess

    mend(tiered, "mappings/contact.yml", FIELD, "")
    git = ["git", "-C", str(tiered), "-c", "user.name=a", "-c", "user.email=a@acme.example"]
    for words in (["init", "-q"], ["add", "mappings"], ["commit", "-qm", "before"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    path = tiered / "mappings" / "contact.yml"
    field = FIELD.replace("salesforce: Tier__c", "salesforce: {Contact: Tier__c}")
    path.write_text(path.read_text(encoding="utf-8") + field, encoding="utf-8")
    said = crm("diff", "--workspace", tiered).out
    assert "Mapping change needs a review" in said
    assert (
        "not read yet: hubspot contacts.tier and salesforce Contact.Tier__c. Run `crmsync pull`"
        in said
    )
    assert crm("pull", "--workspace", tiered).code == ExitCode.OK
    assert "not read yet" not in crm("diff", "--workspace", tiered).out


def test_a_list_that_is_taken_for_dates_is_told(tiered: Path, crm: Crm) -> None:
    mend(tiered, "mappings/contact.yml", "salesforce: Tier__c", "salesforce: {Contact: Tier__c}")
    mend(
        tiered,
        "mappings/contact.yml",
        "- field: tier\n    type: choice",
        "- field: tier\n    type: date",
    )
    said = crm("doctor", "--workspace", tiered).out
    assert "field tier: 2 of 2 options of Tier__c cannot be read as date: A, B" in said
    assert "write `type: choice`" in said


def test_roles_that_nobody_made_are_told_with_the_page_they_are_made_on(
    workspace: Path, crm: Crm
) -> None:
    names = "salesforce: associations.Contact.roles"
    both_names = f"{names}, hubspot: associations.contacts.roles"
    mend(workspace, "mappings/deal.yml", f"names: {{{names}}}", f"names: {{{both_names}}}")
    words = "    values:\n      hubspot: {Decides: decision_maker}\n      salesforce:\n        Decision Maker"
    mend(
        workspace,
        "mappings/deal.yml",
        "    values:\n      salesforce:\n        Decision Maker",
        words,
    )
    mend(workspace, "mappings/deal.yml", "Evaluator: evaluator", "Evaluatorr: evaluator")
    said = crm("doctor").out
    assert "associations.contacts.roles knows no role Decides" in said
    assert "HubSpot: Settings > Objects > Associations" in said
    assert "associations.Contact.roles knows no role Evaluatorr" in said
    assert "the picklist Role of OpportunityContactRole" in said


def test_addresses_that_nobody_has_are_told(workspace: Path, crm: Crm) -> None:
    owner = "names: {salesforce: OwnerId, hubspot: hubspot_owner_id}\n"
    with open_workspace(workspace).connectors(only="salesforce") as connectors:
        known = next(filter(None, connectors["salesforce"].owners().column("email").to_pylist()))
    wrong = f"values: {{hubspot: {{nobody@acme.example: {known}, also@acme.example: lost@acme.example}}}}"
    mend(workspace, "mappings/deal.yml", owner, f"{owner}    {wrong}\n")
    said = crm("doctor").out
    addresses = "nobody@acme.example, also@acme.example, lost@acme.example"
    assert f"field owner: nobody has the address {addresses}\n" in said


JOINED = """
  - field: state_and_unread
    type: choice
    names: {hubspot: gender}
    made_of: {salesforce: {Lead: {transform: join, inputs: [Status, IsUnreadByOwner]}}}
    values: {salesforce: {"Opened|true": NEW, "Open - Not Contacted|perhaps": OPEN, Working: OPEN}}
"""


def test_words_over_several_fields_are_looked_up_in_each(workspace: Path, crm: Crm) -> None:
    path = workspace / "mappings" / "contact.yml"
    path.write_text(path.read_text(encoding="utf-8") + JOINED, encoding="utf-8")
    said = crm("doctor").out
    assert "field state_and_unread: Status has no option Opened, Working\n" in said
    assert "field state_and_unread: IsUnreadByOwner has no option perhaps\n" in said
    assert "`values` over 2 fields, but not so in Working\n" in said
    assert "Write each as Status|IsUnreadByOwner." in said
