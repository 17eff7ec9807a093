"""`sandbox merge`, `undelete`, `erase`, `declare` and `edit` in HubSpot: a rehearsal without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from crmsync.errors import ExitCode
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.server import open_worlds

ANA, ANNA = "ana@acme.example", "anna@uno.example"


def portal(file: Path) -> HubspotWorld:
    return open_worlds(file, None)[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sandbox with two contacts and an owner, that was never served."""
    path = tmp_path / "sandbox.db"
    world = portal(path)
    world.put("owners", {"email": "ruiz@acme.example", "userId": 42})
    for mail in (ANA, ANNA):
        world.put("contacts", {"email": mail, "lastname": "Ruiz"})
    world.tables.commit()
    return path


def contacts(file: Path) -> dict[str, dict[str, Any]]:
    return dict(portal(file).tables.rows("contacts"))


def in_hubspot(crm: Crm, file: Path, *words: str) -> Any:
    return crm("sandbox", *words, "--in", "hubspot", "--file", file)


def test_two_contacts_become_a_third(file: Path, crm: Crm) -> None:
    said = in_hubspot(crm, file, "merge", "contacts", ANA, ANNA)
    ((id_, row),) = contacts(file).items()
    assert (said.code, said.out) == (0, f"hubspot/contacts/{id_} is what is left\n")
    assert row["properties"]["hs_additional_emails"] == ANNA


def test_an_archived_contact_comes_back(file: Path, crm: Crm) -> None:
    world, id_ = portal(file), next(iter(contacts(file)))
    archive(world.portal, "contacts", id_)
    world.tables.commit()
    assert "archivedAt" in contacts(file)[id_]
    said = in_hubspot(crm, file, "undelete", f"contacts/{id_}")
    assert (said.code, said.out) == (0, f"contacts/{id_} is back\n")
    assert "archivedAt" not in contacts(file)[id_]


def test_who_is_erased_is_gone(file: Path, crm: Crm) -> None:
    said = crm("sandbox", "erase", ANA, "--file", file)
    assert (said.code, said.out) == (0, f"{ANA} is erased\n")
    assert [row["properties"]["email"] for row in contacts(file).values()] == [ANNA]


def test_an_edit_is_told_as_that_of_a_person(file: Path, crm: Crm) -> None:
    said = crm("sandbox", "edit", "hubspot/contacts", ANA, "city=Lima", "--file", file)
    assert said.code == 0, said.err
    row = next(row for row in contacts(file).values() if row["properties"]["email"] == ANA)
    assert row["history"]["city"][-1][2] == "CRM_UI/userId:42"


def test_a_property_gets_another_name_overnight(file: Path, crm: Crm, tmp_path: Path) -> None:
    told = tmp_path / "night.json"
    body = {"kind": "property", "object": "contacts", "name": "lead_source", "rename": "origin"}
    told.write_text(json.dumps(body))
    said = in_hubspot(crm, file, "declare", str(told))
    assert (said.code, said.out) == (0, "contacts.origin is set up\n")
    names = portal(file).portal.definitions("contacts")
    assert ("origin" in names, "lead_source" in names) == (True, False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["merge", "contacts", ANA, ANA], "with itself"),
        (["merge", "contacts", ANA, "nobody@acme.example"], "no record of contacts is"),
        (["undelete", "contacts/5"], "no archived contact 5"),
        (["undelete", "people/5"], "HubSpot has no object 'people'"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    file: Path, crm: Crm, words: list[str], says: str
) -> None:
    before = contacts(file)
    said = in_hubspot(crm, file, *words)
    assert said.code == ExitCode.FAILED
    assert says in said.err
    assert contacts(file) == before


def test_it_says_so_in_spanish(file: Path, crm: Crm) -> None:
    said = in_hubspot(crm, file, "undelete", "contacts/5", "--lang", "es")
    assert "no hay ningún contact archivado con id 5" in said.err
