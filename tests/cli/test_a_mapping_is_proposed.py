"""A mapping proposed from live schemas is counted, lints clean, and can be pulled at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from connectors.test_files_audit import hubspot, salesforce

from cli.answering import typed
from cli.conftest import Crm
from cli.places import Served, make_workspace, restore
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import ExitCode

TIERS = ("Gold", "Silver")


def options(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": label, "hidden": False, "displayOrder": place}
        for place, (value, label) in enumerate(pairs)
    ]


@pytest.fixture
def custom(both: Served, nothing_written: dict[str, Any]) -> Iterator[Served]:
    """Both CRMs with fields of administrators: alike, nearly alike, alone, and out of sight."""
    sf, hs = both.salesforce, both.hubspot
    for object_ in ("Contact", "Lead"):
        sf.define_field(object_, "Customer_Tier__c", "picklist", picklistValues=list(TIERS))
        sf.define_field(object_, "Sector__c", "picklist", picklistValues=["Retail", "Salud"])
        sf.define_field(object_, "Heat__c", "picklist", picklistValues=["Hot", "Cold"])
        sf.define_field(object_, "Size__c", "picklist", picklistValues=["S", "M", "XL"])
        sf.define_field(object_, "Renewal_Date__c", "date")
        sf.define_field(object_, "Zodiac__c", "string", label="Signo: #1\n- x")
        sf.hide_field(object_, "MobilePhone")
    sf.hide_field("Lead", "Title")
    sf.define_field("Account", "Yearly_Budget__c", "currency")
    hs.define_property("companies", "yearly_budget", "number", "number")
    tiers = options(*((tier, tier) for tier in TIERS))
    hs.define_property("contacts", "customer_tier", "enumeration", "select", options=tiers)
    sector = options(("Retail", "Comercio"), ("Salud", "Salud"))
    hs.define_property("contacts", "industry_sector", "enumeration", "select", options=sector)
    hs.define_property(
        "contacts", "heat", "enumeration", "select", options=options(("h", "hot"), ("c", "cold"))
    )
    hs.define_property(
        "contacts", "size", "enumeration", "select", options=options(("S", "S"), ("L", "L"))
    )
    hs.define_property("contacts", "renewal_date", "datetime", "date")
    for world in (sf, hs):
        world.tables.commit()
    yield both
    restore(both, nothing_written)


@pytest.fixture
def folder(custom: Served, tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "w", custom.access)


def carried_over(folder: Path) -> None:
    """Takes every proposal over, as a person who read it would."""
    for path in (folder / "mappings").glob("*.proposed.txt"):
        shutil.move(path, path.with_name(path.name.replace(".proposed.txt", ".yml")))


def mapping_of(folder: Path) -> WorkspaceMapping:
    return open_workspace(folder).mapping


def test_a_proposal_lies_beside_a_mapping_and_changes_nothing(folder: Path, crm: Crm) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yml")}
    said = crm("init", folder, "--propose")
    assert said.code == ExitCode.OK, said.err
    assert {path.name for path in (folder / "mappings").glob("*.txt")} == {
        "company.proposed.txt", "contact.proposed.txt", "deal.proposed.txt",
    }  # fmt: skip
    assert {path: path.read_bytes() for path in folder.rglob("*.yml")} == before
    assert crm("lint", "--workspace", folder).out.endswith("No problems.\n")
    # The same words are not written twice, and other ones not over them.
    assert crm("init", folder, "--propose").out == ""
    (folder / "mappings" / "contact.proposed.txt").write_text("notes")
    assert "contact.proposed-2.txt" in crm("init", folder, "--propose").out
    assert (folder / "mappings" / "contact.proposed.txt").read_text() == "notes"


def test_what_is_certain_is_mapped_and_the_rest_is_told(folder: Path, crm: Crm) -> None:
    reference = len(mapping_of(folder).entity("contact").fields)
    said = crm("init", folder, "--propose")
    text = (folder / "mappings" / "contact.proposed.txt").read_text(encoding="utf-8")
    carried_over(folder)
    assert crm("lint", "--workspace", folder).out.endswith("No problems.\n")
    contact = mapping_of(folder).entity("contact")
    tier = contact.field_named("customer_tier")
    assert tier is not None
    assert tier.names == {"salesforce": "Customer_Tier__c", "hubspot": "customer_tier"}
    assert (tier.type, tier.on_conflict, bool(tier.why)) == ("choice", "ask", True)
    assert contact.field_named("renewal_date") is None
    for words in (
        "  # To decide: the types differ: date and datetime.\n",
        "  # To decide: the options differ; only in salesforce: M, XL; only in hubspot: L.\n",
        "  # To decide: the options have the same labels and other values; `values` is ready to use.\n",
        "  #   values: {salesforce: {Hot: hot, Cold: cold}, hubspot: {h: hot, c: cold}}\n",
        "  # salesforce Zodiac__c “Signo: #1 - x” (string)\n",
        "  # mobile: not there, or not readable: salesforce MobilePhone\n",
        "    names: {salesforce: {Contact: Title}, hubspot: jobtitle}\n",
    ):
        assert words in text, words
    assert contact.field_named("mobile") is None
    counted = re.search(
        r"contact: (\d+) certain \((\d+) of them mapped already\), (\d+) to decide, (\d+) in",
        said.err,
    )
    assert counted is not None
    certain, mapped, decide, alone = map(int, counted.groups())
    assert 0 < mapped < reference  # without `mobile`, and without what is read in one system only
    added = text.split("# Proposed from the live systems: certain.")[1]
    assert added.count("\n  - field: ") == certain - mapped
    assert text.count("# To decide:") == decide
    listed = text.split(f"# In one system only ({alone})")[1].splitlines()[1:]
    assert len([line for line in listed if line]) == alone


def test_a_commented_suggestion_works_once_its_signs_are_taken_off(folder: Path, crm: Crm) -> None:
    crm("init", folder, "--propose")
    carried_over(folder)
    path = folder / "mappings" / "contact.yml"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    start = lines.index("  # - field: heat")
    end = next(at for at in range(start, len(lines)) if not lines[at].strip())
    lines[start:end] = [f"  {line[4:]}" for line in lines[start:end]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert crm("lint", "--workspace", folder).out.endswith("No problems.\n")
    heat = mapping_of(folder).entity("contact").field_named("heat")
    assert heat is not None
    assert heat.values["hubspot"] == {"h": "hot", "c": "cold"}


def test_a_proposal_can_be_pulled_at_once(folder: Path, crm: Crm) -> None:
    refused = crm("pull", "--workspace", folder)
    assert refused.code == ExitCode.CONFIG_INVALID
    assert "MobilePhone" in refused.err
    crm("init", folder, "--propose")
    carried_over(folder)
    assert pull(open_workspace(folder)).complete


def test_a_second_proposal_says_the_same_and_no_more(folder: Path, crm: Crm) -> None:
    crm("init", folder, "--propose")
    carried_over(folder)
    first = {
        path.name: path.read_text(encoding="utf-8") for path in (folder / "mappings").glob("*.yml")
    }
    crm("init", folder, "--propose")
    for path in (folder / "mappings").glob("*.proposed.txt"):
        again = path.read_text(encoding="utf-8")
        before = first[path.name.replace(".proposed.txt", ".yml")]
        for told in ("# To decide:", "# In one system only", "  - field: "):
            assert again.count(told) == before.count(told), (path.name, told)


@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_one_system_alone_gets_its_own_fields_listed(
    custom: Served, tmp_path: Path, crm: Crm, system: str
) -> None:
    folder = make_workspace(tmp_path / "one", custom.access, systems=[system])
    said = crm("init", folder, "--propose")
    assert said.code == ExitCode.OK, said.err
    text = (folder / "mappings" / "contact.proposed.txt").read_text(encoding="utf-8")
    assert f"# {system} " + ("Zodiac__c" if system == "salesforce" else "industry_sector") in text
    assert " 0 to decide" in said.err
    carried_over(folder)
    assert crm("lint", "--workspace", folder).code == ExitCode.OK
    assert pull(open_workspace(folder)).complete


@pytest.mark.slow
def test_two_exports_are_proposed_for_like_two_systems(tmp_path: Path, crm: Crm) -> None:
    salesforce(tmp_path / "sf")
    hubspot(tmp_path / "hs")
    for name, header in (
        ("sf/accounts.csv", "Account ID,Account Name,Website,Nivel"),
        ("hs/companies.csv", "Record ID - Company,Company name,Company Domain Name,Nivel"),
    ):
        (tmp_path / name).write_text(f"{header}\n001A,Alfa,alfa.example,A\n", encoding="utf-8")
    for old in (*(tmp_path / "sf").glob("accounts 2*"), *(tmp_path / "hs").glob("*companies.xlsx")):
        old.unlink()
    said = crm("init", "w", "--files", "crm=sf", "--files", "shop=hs", "--yes", "--propose")
    assert said.code == ExitCode.OK, said.err
    text = (tmp_path / "w" / "mappings" / "company.yml").read_text(encoding="utf-8")
    assert "  - field: tier\n    type: text\n    names: {crm: Nivel, shop: Nivel}\n" in text
    # Each column once: under its native name, where it has one.
    assert "crm Website" not in text
    assert "crm Account Name" not in text
    # A column that is missing today may be there in the next export: nothing is commented out.
    assert "names: {crm: BillingCity, shop: city}" in text
    assert crm("audit", "--workspace", "w").code == ExitCode.OK


def access(both: Served) -> dict[str, str]:
    given = both.access["salesforce"]
    return {
        "SALESFORCE_URL": given["url"],
        "SALESFORCE_CLIENT_ID": given["client_id"],
        "SALESFORCE_CLIENT_SECRET": given["client_secret"],
    }


def test_a_new_workspace_is_fitted_to_what_is_there(
    custom: Served, tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in access(custom).items():
        monkeypatch.setenv(name, value)
    said = crm("init", "w", "--yes", "--systems", "salesforce", "--propose")
    assert said.code == ExitCode.OK, said.err
    text = (tmp_path / "w" / "mappings" / "contact.yml").read_text(encoding="utf-8")
    assert "  # - field: mobile\n" in text
    assert not list((tmp_path / "w").rglob("*.txt"))
    assert pull(open_workspace(tmp_path / "w")).complete


def test_questions_end_in_a_proposal_where_the_credentials_work(
    custom: Served, tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in access(custom).items():
        monkeypatch.setenv(name, value)
    typed(monkeypatch, "salesforce", "", "", "", "", "")
    said = crm("init", "w")
    assert said.code == ExitCode.OK, said.err
    assert "contact: " in said.err
    assert "# - field: mobile" in (tmp_path / "w" / "mappings" / "contact.yml").read_text()


def test_an_amount_is_money_only_where_there_is_a_currency(folder: Path, crm: Crm) -> None:
    crm("init", folder, "--propose")
    with_euros = (folder / "mappings" / "company.proposed.txt").read_text(encoding="utf-8")
    assert "  - field: yearly_budget\n    type: money\n" in with_euros
    text = (folder / "crmsync.yml").read_text().replace("currency: EUR\n", "")
    (folder / "crmsync.yml").write_text(text)
    crm("init", folder, "--propose")
    without = (folder / "mappings" / "company.proposed-2.txt").read_text(encoding="utf-8")
    assert "  - field: yearly_budget\n    type: decimal\n" in without


def test_without_a_credential_the_workspace_is_written_and_the_error_is_the_connectors(
    tmp_path: Path, crm: Crm
) -> None:
    said = crm("init", "w", "--yes", "--propose")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "${HUBSPOT_TOKEN} is not set" in said.err
    assert (tmp_path / "w" / "mappings" / "contact.yml").is_file()


def test_a_proposal_speaks_spanish(folder: Path, crm: Crm) -> None:
    said = crm("init", folder, "--propose", "--lang", "es")
    assert "seguros" in said.err
    assert "por decidir" in said.err
    text = (folder / "mappings" / "contact.proposed.txt").read_text(encoding="utf-8")
    assert "# Por decidir: los tipos son distintos: date y datetime." in text
    assert "# mobile: no está o no puede leerse: salesforce MobilePhone" in text
