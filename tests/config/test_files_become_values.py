"""What stands in a file is what crmsync works with: texts stay texts, secrets come from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import ROOT

from crmsync.config.lines import Document, read_yaml
from crmsync.config.mappings import Defaults, read_mappings
from crmsync.config.project import read_environment, read_project, resolved
from crmsync.config.project_form import Project
from crmsync.core.guarding import LIMITS
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import ConfigInvalid


def read(text: str) -> Document:
    document = read_yaml(text, "x.yml")
    assert isinstance(document, Document), document
    return document


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "10:30", "2026-01-01", "2026-01-01 10:30:00", "2001-12-14t21:59:43.10-05:00",
     "ES", "NO", "0x", "1_000x", "+34 911", "null-ish"],
)  # fmt: skip
def test_what_a_person_wrote_without_quotes_stays_text(word: str) -> None:
    assert read(f"a: {word}").value == {"a": word}


def test_numbers_and_flags_are_what_they_look_like() -> None:
    text = "{a: 1, b: 0.25, c: true, d: ~, e: 99999999999999999999999, f: .inf}"
    assert read(text).value == {
        "a": 1,
        "b": 0.25,
        "c": True,
        "d": None,
        "e": "99999999999999999999999",
        "f": "inf",
    }


def test_a_key_is_the_text_it_is_in_the_file() -> None:
    assert read("{true: a, 2: b, no: c, 10:30: d}").value == {
        "true": "a",
        "2": "b",
        "no": "c",
        "10:30": "d",
    }


def test_every_key_and_item_knows_its_place() -> None:
    document = read("a:\n  - b: 1\n    ñ: 2\n")
    assert document.place(("a",)) == (1, 1)
    assert document.place(("a", 0)) == (2, 5)
    assert document.place(("a", 0, "ñ")) == (3, 5)
    assert document.place(("a", 0, "ñ", "not there")) == (3, 5)
    assert document.place(("nowhere",)) == (1, 1)


def project(tmp_path: Path, text: str) -> Project:
    (tmp_path / "crmsync.yml").write_text(text)
    found = read_project(tmp_path)
    assert isinstance(found, Project), found
    return found


def test_settings_of_a_system_are_texts_without_quotes(tmp_path: Path) -> None:
    settings = project(
        tmp_path, "name: x\nsystems:\n  crm: {kind: sql, reserve: 0.2, echo: true, port: 5432}\n"
    )
    assert settings.systems["crm"] == {
        "kind": "sql",
        "reserve": "0.2",
        "echo": "true",
        "port": "5432",
    }


def test_a_limit_of_the_workspace_takes_the_place_of_the_default(tmp_path: Path) -> None:
    text = "name: x\nsystems: {crm: {kind: sql}}\nlimits: {blanks: {at_most: 3}}\n"
    limits = project(tmp_path, text).all_limits()
    assert (limits["blanks"].at_most, limits["blanks"].share) == (3, 0.0)
    assert {name: limit for name, limit in limits.items() if name != "blanks"} == {
        name: limit for name, limit in LIMITS.items() if name != "blanks"
    }


def test_every_name_that_is_not_set_is_told_at_once() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        resolved({"token": "${A_TOKEN}", "url": "https://${A_HOST}/${A_TOKEN}"}, {}, writes=False)
    assert [str(problem) for problem in caught.value.problems] == [
        "crmsync.yml CRM023 ${A_TOKEN} is not set (set A_TOKEN or write it to .env)",
        "crmsync.yml CRM023 ${A_HOST} is not set (set A_HOST or write it to .env)",
    ]


@pytest.mark.parametrize("empty", ["", "   "])
def test_a_name_that_is_set_to_nothing_is_told_like_one_that_is_not_set(empty: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        resolved({"token": "${A_TOKEN}"}, {"A_TOKEN": empty}, writes=False)
    assert [str(problem) for problem in caught.value.problems] == [
        "crmsync.yml CRM023 ${A_TOKEN} is empty (set A_TOKEN or write it to .env)"
    ]
    environment = {"A_TOKEN": "reads", "A_TOKEN_WRITE": empty}
    assert resolved({"token": "${A_TOKEN}"}, environment, writes=True) == {"token": "reads"}


def test_the_credential_for_writing_is_used_only_for_writing() -> None:
    settings, environment = {"token": "${A}"}, {"A": "reads", "A_WRITE": "writes"}
    assert resolved(settings, environment, writes=False) == {"token": "reads"}
    assert resolved(settings, environment, writes=True) == {"token": "writes"}
    assert resolved(settings, {"A": "reads"}, writes=True) == {"token": "reads"}


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(
        b"# A remark\nexport ONE=1\nTWO='two words'\nTHREE = 3\n\xff\nFOUR\n"
    )
    monkeypatch.setenv("ONE", "first")
    found = read_environment(tmp_path)
    assert (found["ONE"], found["TWO"], found["THREE"]) == ("first", "two words", "3")
    assert "FOUR" not in found


def mapping(systems: list[str]) -> WorkspaceMapping:
    found = read_mappings(ROOT, systems, Defaults("ES", "EUR", "Europe/Madrid"))
    assert isinstance(found, WorkspaceMapping), found
    return found


@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_a_workspace_with_one_system_uses_the_same_files(system: str) -> None:
    entities = mapping([system]).entities
    assert [each.entity for each in entities] == ["company", "contact", "deal"]
    assert {s for each in entities for s in each.systems} == {system}
    assert {name for each in entities for field in each.fields for name in field.names} == {system}
    assert not [field for each in entities for field in each.synced()]


def test_a_reference_to_an_entity_the_workspace_has_not_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "company.yml").write_text(
        "entity: company\nseats: [{system: a, object: Company}]\nmatch: [key]\n"
        "fields: [{field: name, type: text, names: {a: Name}}]\n"
    )
    (tmp_path / "mappings" / "contact.yml").write_text(
        "entity: contact\nseats: [{system: a, object: P}, {system: b, object: P}]\nmatch: [key]\nfields:\n"
        "  - {field: email, type: email, names: {a: E, b: E}}\n"
        "  - {field: company, type: reference, to: company, names: {a: C, b: C}}\n"
    )
    found = read_mappings(tmp_path, ["b"])
    assert isinstance(found, WorkspaceMapping)
    (contact,) = found.entities
    assert [field.field for field in contact.fields] == ["email"]


def test_entities_come_after_those_their_references_lead_to(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    for name, field in (("alpha", "{field: z, type: reference, to: zeta, names: {a: Z}}"),
                        ("zeta", "{field: n, type: text, names: {a: N}}")):  # fmt: skip
        (tmp_path / "mappings" / f"{name}.yml").write_text(
            f"entity: {name}\nseats: [{{system: a, object: X{name}}}]\nmatch: [key]\nfields: [{field}]\n"
        )
    found = read_mappings(tmp_path, ["a"])
    assert isinstance(found, WorkspaceMapping)
    assert [each.entity for each in found.entities] == ["zeta", "alpha"]


def test_remarks_do_not_change_the_digest_and_policies_do(tmp_path: Path) -> None:
    from crmsync.commands.init import init

    init(tmp_path)

    def digest() -> str:
        found = read_mappings(tmp_path, ["salesforce", "hubspot"], Defaults("ES", "EUR"))
        assert isinstance(found, WorkspaceMapping)
        return found.digest

    before, path = digest(), tmp_path / "mappings" / "contact.yml"
    path.write_text(
        "# a remark\n" + path.read_text().replace("en: As for the first name.", "en: Else.")
    )
    assert digest() == before
    path.write_text(path.read_text().replace("on_conflict: sticky", "on_conflict: ask"))
    assert digest() != before


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ('TOKEN="abc\ndef"\nOTHER=x\n', "abc\ndef"),
        ("export TOKEN='abc\r\n\r\ndef'\r\nOTHER=x\r\n", "abc\n\ndef"),
        ("TOKEN=abc\u2028def\nOTHER=x\n", "abc\u2028def"),
        ('TOKEN="abc\nOTHER=x\n', '"abc'),
        ("TOKEN=\"abc\nOTHER='x'\n", '"abc'),
        ('TOKEN="abc"\nOTHER="x"\n', "abc"),
        ("TOKEN=ab'c\nOTHER=x\n", "ab'c"),
    ],
)
def test_a_value_that_is_cut_by_a_line_break_is_not_taken_for_a_whole_one(
    tmp_path: Path, text: str, token: str
) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    found = read_environment(tmp_path)
    assert (found["TOKEN"], found["OTHER"]) == (token, "x")
