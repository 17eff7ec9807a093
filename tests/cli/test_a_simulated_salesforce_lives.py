"""`sandbox merge`, `convert`, `undelete`, `declare` and `serve --switch`: a rehearsal without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.conftest import Crm
from cli.test_the_sandbox_serves_and_loads import serving
from crmsync.errors import ExitCode
from crmsync.sandbox.server import open_worlds

ANA = "ana@acme.example"
REMAINING = "x-hubspot-ratelimit-remaining"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sandbox with two contacts and a lead, that was never served."""
    path = tmp_path / "sandbox.db"
    salesforce, _hubspot = open_worlds(path, None)
    for last, mail in (("Ruiz", ANA), ("RUIZ", "a@acme.example")):
        salesforce.put("Contact", {"LastName": last, "Email": mail})
    salesforce.put("Lead", {"LastName": "Gil", "Company": "Uno", "Email": "gil@uno.example"})
    salesforce.tables.commit()
    return path


def rows(file: Path, name: str) -> list[dict[str, Any]]:
    salesforce, _hubspot = open_worlds(file, None)
    return [row for _, row in salesforce.tables.rows(name)]


def test_two_contacts_are_merged_and_one_comes_back(file: Path, crm: Crm) -> None:
    said = crm("sandbox", "merge", "Contact", ANA, "a@acme.example", "--file", file)
    winner, loser = rows(file, "Contact")
    assert (said.code, said.out) == (0, f"salesforce/Contact/{winner['Id']} is what is left\n")
    assert (loser["IsDeleted"], loser["MasterRecordId"]) == (True, winner["Id"])
    said = crm("sandbox", "undelete", loser["Id"], "--file", file)
    assert (said.code, said.out) == (0, f"{loser['Id']} is back\n")
    back = rows(file, "Contact")[1]
    assert (back["IsDeleted"], back["MasterRecordId"]) == (False, None)


def test_a_lead_is_converted_into_a_contact_that_is_there(file: Path, crm: Crm) -> None:
    where = ("--file", file)
    said = crm("sandbox", "convert", "GIL@uno.example", "--contact", ANA, *where)
    assert said.code == 0, said.err
    (lead,), (account,) = rows(file, "Lead"), rows(file, "Account")
    assert lead["ConvertedContactId"] == rows(file, "Contact")[0]["Id"]
    assert said.out.split()[0] == f"salesforce/Account/{account['Id']}"
    again = crm("sandbox", "convert", lead["Id"], "--lang", "es", *where)
    assert again.code == ExitCode.FAILED
    assert "ya se convirtió" in again.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["merge", "Contact", ANA, "nobody@acme.example"], "no record of Contact is 'nobody@"),
        (["merge", "Contacto", ANA, ANA], "did you mean 'Contact'?"),
        (["merge", "Contact", ANA, ANA], "one or two other records"),
        (["undelete", "003000000000009"], "not in the recycle bin"),
        (["convert", "nobody"], "no record of Lead is 'nobody'"),
        (["declare", "nothing.json"], "cannot read"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    file: Path, crm: Crm, words: list[str], says: str
) -> None:
    before = rows(file, "Contact")
    said = crm("sandbox", *words, "--file", file)
    assert said.code == ExitCode.FAILED
    assert says in said.err
    assert rows(file, "Contact") == before


def test_rules_are_declared_in_a_sandbox_that_is_served_with_switches(
    file: Path, crm: Crm, tmp_path: Path
) -> None:
    rule = {
        "kind": "duplicate",
        "object": "Contact",
        "name": "Contacts_DR",
        "match": ["Email"],
    }
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([rule]))
    key = "duplicate_result_key=duplicateResult"
    with serving("--file", file, "--switch", key) as (_, access):
        said = crm("sandbox", "declare", rules, "--file", file)
        assert said.code == 0, said.err
        url = access["salesforce"]["url"] + "/services/data/v67.0/sobjects/Contact"
        token = {"Authorization": f"Bearer {access['salesforce']['token']}"}
        body = {"LastName": "R", "Email": ANA}
        (error,) = httpx.post(url, json=body, headers=token, trust_env=False).json()
        assert error["duplicateResult"]["duplicateRule"] == "Contacts_DR"
    rules.write_text(json.dumps({**rule, "kind": "wish"}))
    said = crm("sandbox", "declare", rules, "--file", file)
    assert "no kind 'wish'" in said.err


def test_one_word_serves_a_hubspot_with_all_its_limits(tmp_path: Path) -> None:
    file = tmp_path / "limited.db"
    with serving("--file", file, "--seed", "empty", "--switch", "real=true") as (_, access):
        token = {"Authorization": f"Bearer {access['hubspot']['token']}"}
        url = access["hubspot"]["url"] + "/account-info/v3/details"
        left = [
            int(httpx.get(url, headers=token, trust_env=False).headers[REMAINING]) for _ in "ab"
        ]
        assert left[1] == left[0] - 1


def test_a_switch_there_is_not_is_refused(crm: Crm) -> None:
    said = crm("sandbox", "serve", "--seed", "empty", "--switch", "gravity=off")
    assert said.code == ExitCode.FAILED
    assert "no switch 'gravity'" in said.err
    assert crm("sandbox", "serve", "--switch", "gravity").code == ExitCode.USAGE
