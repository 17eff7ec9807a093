"""Every way in which a mapping, an audit or crmsync.yml can be wrong, and the very line a person reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.wrong_files import AUDIT, AUDITS, MAPPING, MAPPINGS, PLACE, PROJECT, PROJECTS, typed
from crmsync.commands.init import init
from crmsync.commands.lint import lint

CASES = [
    pytest.param(kind, text, lines, id=f"{kind}: {name}")
    for kind, table in (("mapping", MAPPINGS), ("project", PROJECTS), ("audit", AUDITS))
    for name, (text, lines) in table.items()
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace in which nothing is wrong."""
    init(tmp_path)
    (tmp_path / "crmsync.yml").write_text(PROJECT)
    return tmp_path


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in lint(folder)]


@pytest.mark.parametrize(("kind", "text", "lines"), CASES)
def test_the_place_the_code_the_problem_and_the_remedy_are_told(
    folder: Path, kind: str, text: str, lines: list[str]
) -> None:
    (folder / PLACE[kind]).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert told(folder) == [f"{PLACE[kind]}:{line}" for line in lines]


def test_a_good_workspace_has_no_problem(folder: Path) -> None:
    (folder / PLACE["mapping"]).write_text(MAPPING)
    (folder / PLACE["audit"]).write_text(AUDIT)
    assert told(folder) == []


def test_problems_of_all_files_are_told_at_once_in_order(folder: Path) -> None:
    (folder / "crmsync.yml").write_text(PROJECT + "langauge: en\n")
    (folder / PLACE["mapping"]).write_text(MAPPING + "    blnk: ask\n")
    (folder / PLACE["audit"]).write_text(AUDIT + "")
    (folder / "audits" / "X02_x.sql").write_text(AUDIT.replace("severity", "severty"))
    assert [line.split(" ")[0] for line in told(folder)] == [
        "audits/X02_x.sql:1:4",
        "audits/X02_x.sql:2:4",
        "crmsync.yml:5:1",
        "mappings/contact.yml:10:5",
    ]


def test_an_entity_or_an_audit_in_two_files_is_told(folder: Path) -> None:
    (folder / "mappings" / "people.yml").write_text(MAPPING)
    (folder / "audits" / "X01_tried.sql").write_text(AUDIT.replace("Z01", "C05"))
    (first,) = [f"audits/{each.name}" for each in (folder / "audits").glob("C05*.sql")]
    assert told(folder) == [
        f"audits/X01_tried.sql:1:4 CRM052 audit id 'C05' is in {first}, too (give one another id)",
        "mappings/people.yml:1:1 CRM030 entity 'contact' is in mappings/contact.yml, too "
        "(merge them into one)",
    ]


def test_a_reference_to_an_entity_that_is_not_there_is_told(folder: Path) -> None:
    (folder / PLACE["mapping"]).write_text(typed("reference") + "    to: compnay\n")
    assert told(folder) == [
        "mappings/contact.yml:10:5 CRM049 entity 'contact' names no entity 'compnay' (did you mean 'company'?)"
    ]


def test_entities_that_name_each_other_in_a_ring_are_told(folder: Path) -> None:
    path = folder / "mappings" / "company.yml"
    text = path.read_text() + "\nafter: [contact]\n"
    path.write_text(text)
    after = f"{len(text.splitlines())}:9"
    assert told(folder) == [
        f"mappings/company.yml:{after} CRM049 entities name each other in a ring: company, contact "
        "(remove one of the references)"
    ]


def test_a_kind_nobody_can_open_is_told(folder: Path) -> None:
    (folder / "crmsync.yml").write_text(PROJECT.replace("kind: hubspot", "kind: hubspt"))
    (line,) = told(folder)
    assert line.startswith("crmsync.yml:4:13 CRM101 systems.hubspot: kind 'hubspt' is not known")
    assert "did you mean 'hubspot'?" in line


def test_a_secret_others_can_read_is_told(folder: Path) -> None:
    (folder / ".env").write_text("HUBSPOT_TOKEN=x\n")
    (folder / ".env").chmod(0o644)
    assert told(folder) == [".env CRM024 others can read the secrets (chmod 600 .env)"]


@pytest.mark.parametrize("value", ["keys/sync.key", "${KEY_FILE}"])
def test_a_private_key_others_can_read_is_told(folder: Path, value: str) -> None:
    (folder / ".env").write_text("KEY_FILE=keys/sync.key\n")
    (folder / ".env").chmod(0o600)
    (folder / "keys").mkdir()
    key = folder / "keys" / "sync.key"
    key.write_text("x")
    with_key = f"kind: hubspot, private_key_file: '{value}'"
    (folder / "crmsync.yml").write_text(PROJECT.replace("kind: hubspot", with_key))
    key.chmod(0o640)
    expected = "keys/sync.key CRM024 others can read the secrets (chmod 600 keys/sync.key)"
    assert expected in told(folder)  # beside the word that HubSpot has no such setting
    key.chmod(0o600)
    assert not any("CRM024" in each for each in told(folder))


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / PLACE["mapping"]).unlink()
    (folder / PLACE["mapping"]).mkdir()
    (folder / "audits" / "X01_tried.sql").mkdir()
    assert told(folder) == [
        "audits/X01_tried.sql CRM006 cannot be read: Is a directory (make it a file that you may read)",
        "mappings/contact.yml CRM006 cannot be read: Is a directory (make it a file that you may read)",
    ]


def test_bytes_that_are_no_text_are_a_problem_and_no_traceback(folder: Path) -> None:
    (folder / PLACE["mapping"]).write_bytes(b"entity: \xff\xfe\x00\n")
    (line,) = told(folder)
    assert line.startswith("mappings/contact.yml:1:9 CRM001")


def test_a_folder_that_is_no_workspace_is_told(tmp_path: Path) -> None:
    assert told(tmp_path) == [
        f"crmsync.yml CRM000 no crmsync.yml in {tmp_path.name} (run `crmsync init`, or cd into a workspace)",
        "mappings CRM000 no mapping files (run `crmsync init`, or add mappings/contact.yml)",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nmae", "company has no field 'nmae' (did you mean 'name'?)"),
        ("phone", "text cannot be looked up from phone 'phone' (make its type phone, or name another field)"),
    ],
)  # fmt: skip
def test_a_lookup_has_to_arrive(folder: Path, name: str, said: str) -> None:
    (folder / PLACE["mapping"]).write_text(
        f"{MAPPING}  - field: extra\n    type: text\n    names: {{hubspot: a}}\n"
        f"    made_of: {{salesforce: {{transform: lookup, inputs: [company, {name}]}}}}\n"
        "  - field: company\n    type: reference\n    to: company\n    names: {salesforce: AccountId}\n"
    )
    assert told(folder) == [f"mappings/contact.yml:13:47 CRM084 field 'extra': {said}"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("name", None),
        ("nmae", "company has no field 'nmae' (did you mean 'name'?)"),
        ("zzzz", "company has no field 'zzzz' (name a field of company)"),
    ],
)
def test_a_fact_behind_a_reference_has_to_be_there(
    folder: Path, name: str, said: str | None
) -> None:
    model = f"duplicates: {{parts: {{employer: company.{name}}}}}\nfields:\n"
    (folder / PLACE["mapping"]).write_text(
        MAPPING.replace("fields:\n", model)
        + "  - field: company\n    type: reference\n    to: company\n    names: {salesforce: AccountId}\n"
    )
    wanted = [f"mappings/contact.yml:6:22 CRM108 duplicates: {said}"] if said else []
    assert told(folder) == wanted


def test_a_pipe_is_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "mappings" / "extra.yml")
    assert told(folder) == [
        "mappings/extra.yml CRM006 cannot be read: it is no ordinary file (make it a file that you may read)"
    ]
