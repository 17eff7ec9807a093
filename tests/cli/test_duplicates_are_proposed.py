"""`crmsync fix duplicates` over the simulated CRMs: who is there twice is told, lists are written, no CRM is."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import crmsync
from cli.places import Said, Served, put
from crmsync.errors import ExitCode

Crm = Callable[..., Said]


def told(said: Said) -> dict[str, Any]:
    assert said.code == ExitCode.OK, said.err
    body: dict[str, Any] = json.loads(said.out)
    return body


@pytest.fixture
def twins(workspace: Path, fresh: Served, crm: Crm) -> list[str]:
    """A person who is in Salesforce a second time, with a slip in the name and the same private numbers."""
    del workspace
    contacts = fresh.salesforce.tables.dump()["Contact"]
    (first, row), *_ = [
        (id_, row) for id_, row in sorted(contacts.items())
        if row.get("Email") and row.get("MobilePhone") and len(row["LastName"]) > 5
    ]  # fmt: skip
    copied = ("FirstName", "LastName", "Email", "MobilePhone", "AccountId")
    copy = {name: row.get(name) for name in copied} | {"LastName": row["LastName"] + "a"}
    (second,) = put(fresh.salesforce, "Contact", copy)
    assert crm("pull").code == ExitCode.OK
    return [first, second]


@pytest.fixture
def lookalikes(workspace: Path, fresh: Served, crm: Crm) -> list[str]:
    """Two of one name and phone in Salesforce that share no e-mail: no check of addresses tells them."""
    del workspace
    row = {"FirstName": "Leocadia", "LastName": "Zubizarreta", "MobilePhone": "+34600112233"}
    found = [
        id_
        for name in ("uno", "dos")
        for id_ in put(fresh.salesforce, "Contact", row | {"Email": f"{name}@people.example"})
    ]
    assert crm("pull").code == ExitCode.OK
    return found


def test_who_is_there_twice_is_found_and_the_fuller_record_stays(
    twins: list[str], crm: Crm
) -> None:
    body = told(crm("fix", "duplicates", "contact", "--json"))
    (group,) = [each for each in body["groups"] if twins[1] in {r["id"] for r in each["records"]}]
    assert set(twins) <= {each["id"] for each in group["records"]}
    (merge,) = [each for each in group["merges"] if each["object"] == "Contact"]
    assert (merge["id"], merge["into_it"]) == (twins[0], [twins[1]])
    (pair,) = [p for p in body["pairs"] if {p["one_id"], p["other_id"]} == set(twins)]
    assert "same e-mail" in pair["reason"]
    assert "almost the same name" in pair["reason"]
    assert pair["one_email"] == pair["other_email"] != ""
    assert pair["one_company"] == pair["other_company"] != "", "both have it by AccountId alone"
    assert {pair["one_what"], pair["other_what"]} == {"keep", "merge"}


def test_records_of_one_customer_are_no_duplicates_of_each_other(workspace: Path, crm: Crm) -> None:
    body = told(crm("fix", "duplicates", "--json"))
    for group in body["groups"]:
        assert len({each["key"] for each in group["records"]}) > 1
    keys = {(r["system"], r["id"]): r["key"] for g in body["groups"] for r in g["records"]}
    for pair in body["pairs"]:
        one, other = ((pair[f"{side}_system"], pair[f"{side}_id"]) for side in ("one", "other"))
        assert keys[one] != keys[other]


@pytest.mark.slow
def test_the_list_is_written_for_its_owner_and_nothing_to_a_crm(
    twins: list[str], workspace: Path, fresh: Served, crm: Crm
) -> None:
    before = fresh.salesforce.tables.dump(), fresh.hubspot.tables.dump()
    words = (
        "--accept",
        "sure",
        "--format",
        "demandtools",
        "--object",
        "Contact",
        "--out",
        "merges.csv",
    )
    said = crm("fix", "duplicates", "contact", *words)
    assert (said.code, said.out) == (ExitCode.OK, "")
    file = workspace / "merges.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert {"Winner ID": twins[0], "Duplicate ID": twins[1]} in rows
    assert (fresh.salesforce.tables.dump(), fresh.hubspot.tables.dump()) == before


def test_a_list_needs_to_be_told_what_is_accepted(workspace: Path, crm: Crm) -> None:
    said = crm("fix", "duplicates", "--format", "hubspot")
    assert said.code == ExitCode.USAGE
    assert "--accept decided, sure or review" in said.err


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("person",), "no entity 'person'"),
        (("contact", "--system", "sap"), "no system 'sap'"),
        (("contact", "--object", "Nada"), "no object 'Nada'"),
        (("contact", "--system", "hubspot", "--object", "Lead"), "no object 'Lead'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(
    workspace: Path, crm: Crm, words: tuple[str, ...], error: str
) -> None:
    said = crm("fix", "duplicates", *words)
    assert said.code == ExitCode.FAILED
    assert error in said.err
    assert "What helps: use one of" in said.err


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--format", "xlsx"), ExitCode.FAILED, "-o duplicates.xlsx"),
        (("--out", "pairs.doc"), ExitCode.FAILED, "no format of a file that ends in .doc"),
        (("--accept", "sure", "--format", "insycle", "--out", "m.xlsx"), ExitCode.USAGE, ".csv"),
        (("--format", "demandtools", "--out", "merges.csv"), ExitCode.USAGE, "--accept"),
    ],
)
def test_a_file_that_could_not_be_what_it_is_called_is_refused_before_the_search(
    workspace: Path, crm: Crm, words: tuple[str, ...], code: int, error: str
) -> None:
    said = crm("fix", "duplicates", *words)
    assert (said.code, said.out) == (code, "")
    assert error in said.err
    assert not [file for file in workspace.iterdir() if file.suffix in (".doc", ".xlsx", ".csv")]


def test_a_mapping_that_does_not_say_how_to_compare_is_told_what_to_add(
    workspace: Path, crm: Crm
) -> None:
    file = workspace / "mappings" / "contact.yml"
    head, _, rest = file.read_text().partition("duplicates:\n")
    file.write_text(head + "fields:\n" + rest.partition("\nfields:\n")[2])
    said = crm("fix", "duplicates", "contact")
    assert said.code == ExitCode.FAILED
    assert "add `duplicates:` to mappings/contact.yml" in said.err


@pytest.mark.slow
def test_the_next_search_compares_only_what_changed(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    (first,) = told(crm("fix", "duplicates", "contact", "--json"))["looked_at"]
    assert first["changed"] is None
    (_, row), *_ = sorted(fresh.salesforce.tables.dump()["Contact"].items())
    copied = ("FirstName", "LastName", "Email", "MobilePhone", "AccountId")
    (second,) = put(fresh.salesforce, "Contact", {name: row.get(name) for name in copied})
    assert crm("pull").code == ExitCode.OK
    body = told(crm("fix", "duplicates", "contact", "--json"))
    (looked,) = body["looked_at"]
    assert (looked["changed"], looked["searched_on"]) == (1, first["searched_on"])
    assert looked["records"] == first["records"] + 1
    assert looked["compared"] < first["compared"] / 10
    assert second in {r["id"] for g in body["groups"] for r in g["records"]}
    whole = told(crm("fix", "duplicates", "contact", "--json", "--anew"))
    assert whole["looked_at"][0]["changed"] is None
    assert [g["records"] for g in whole["groups"]] == [g["records"] for g in body["groups"]]
    said = crm("fix", "duplicates", "contact").out
    assert "contact: nothing has changed since the last search (all were compared on" in said
    assert "no ha cambiado nada" in crm("fix", "duplicates", "contact", "--lang", "es").out


def test_python_gets_a_row_a_pair(twins: list[str], workspace: Path, crm: Crm) -> None:
    table = crmsync.open(workspace).duplicates(["contact"], pull=False)
    rows = table.arrow.to_pylist()
    assert {(row["one_id"], row["other_id"]) for row in rows} >= {tuple(twins)}
    assert [row["probability"] for row in rows] == [
        pair["probability"] for pair in told(crm("fix", "duplicates", "contact", "--json"))["pairs"]
    ]


def pairs_of(crm: Crm, ids: list[str], *words: str) -> list[dict[str, Any]]:
    body = told(crm("fix", "duplicates", "contact", "--json", *words))
    return [p for p in body["pairs"] if {p["one_id"], p["other_id"]} == set(ids)]


@pytest.mark.slow
@pytest.mark.parametrize("word", ["no", "unsure"])
def test_who_was_decided_about_is_never_asked_about_again(
    twins: list[str], crm: Crm, word: str
) -> None:
    assert pairs_of(crm, twins)
    said = crm(
        "fix", "decide", "contact", word, *(f"salesforce:{each}" for each in twins), "--by", "Eva"
    )
    assert said.code == ExitCode.OK, said.err
    assert not pairs_of(crm, twins, "--accept", "sure")
    assert word == "unsure" or not pairs_of(crm, twins, "--accept", "review")


@pytest.mark.slow
def test_what_people_say_yes_to_goes_into_the_list_of_what_is_decided(
    twins: list[str], crm: Crm
) -> None:
    words = ("fix", "duplicates", "contact", "--accept", "decided", "--object", "Contact")
    assert crm(*words, "--format", "demandtools").code == ExitCode.FAILED
    body = told(crm("fix", "duplicates", "contact", "--json"))
    (group,) = [each for each in body["groups"] if twins[1] in {r["id"] for r in each["records"]}]
    addresses = [f"{r['system']}/{r['object']}/{r['id']}" for r in group["records"]]
    assert crm("fix", "decide", "contact", "yes", *addresses, "--by", "Eva").code == ExitCode.OK
    said = crm(*words, "--format", "demandtools")
    assert said.out.splitlines() == ["Winner ID,Duplicate ID", ",".join(twins)]
    assert not pairs_of(crm, twins)


def asked(crm: Crm, *words: str) -> dict[str, dict[str, Any]]:
    """C06 and X13 over what was read last."""
    body = told(crm("audit", "--no-pull", "--select", "C06", "--select", "X13", "--json", *words))
    return {each["id"]: each for each in body["audits"]}


def test_audits_tell_what_the_search_found_in_the_same_reading_alone(
    lookalikes: list[str], crm: Crm
) -> None:
    assert {each["not_checked"] for each in asked(crm).values()} == {"probable_duplicate"}
    told(crm("fix", "duplicates", "contact", "--json"))
    assert asked(crm)["C06"]["not_checked"], (
        "companies were not searched, so nobody can say of them"
    )
    told(crm("fix", "duplicates", "--json"))
    found = asked(crm)["C06"]
    assert set(lookalikes) <= {each["id"] for each in found["findings"]}
    assert asked(crm)["X13"]["not_checked"] is None
    assert crm("pull").code == ExitCode.OK
    assert asked(crm)["C06"]["not_checked"] == "probable_duplicate", "the search is older"
    for language, words in (
        ("en", "crmsync fix duplicates, then"),
        ("es", "Búsquelos ahí: crmsync fix"),
    ):
        said = crm("--lang", language, "audit", "--no-pull", "--select", "C06")
        assert words in " ".join(said.out.split())


def test_who_was_decided_to_be_two_is_not_accused_any_more(lookalikes: list[str], crm: Crm) -> None:
    told(crm("fix", "duplicates", "--json"))
    assert set(lookalikes) <= {each["id"] for each in asked(crm)["C06"]["findings"]}
    records = [f"salesforce:{each}" for each in lookalikes]
    assert crm("fix", "decide", "contact", "no", *records, "--by", "Eva").code == ExitCode.OK
    for each in asked(crm).values():
        assert each["not_checked"] == "probable_duplicate", "groups are others since that"
    told(crm("fix", "duplicates", "--json"))
    found = asked(crm)["C06"]
    assert found["not_checked"] is None
    assert not set(lookalikes) & {each["id"] for each in found["findings"]}


def test_what_was_found_is_kept_for_its_owner_and_a_broken_file_is_no_search(
    workspace: Path, crm: Crm
) -> None:
    told(crm("fix", "duplicates", "--json"))
    file = workspace / ".crmsync" / "duplicates" / "contact.found.parquet"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(b"PAR1 no more")
    assert asked(crm)["C06"]["not_checked"] == "probable_duplicate"
