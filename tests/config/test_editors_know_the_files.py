"""The JSON Schema of each kind of file comes from the types, and knows what the tables know."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import ROOT

from config.shapes import objections
from config.wrong_files import MAPPINGS, PROJECTS
from crmsync.commands.init import init
from crmsync.commands.schema import KINDS, file_name, json_schema, schema_text
from crmsync.config.lines import read_yaml
from crmsync.core.auditing import MADE
from crmsync.core.policies import POLICIES
from crmsync.core.values import TYPES
from crmsync.errors import CrmsyncError

ENTITIES = ("company", "contact", "deal")


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_refuses_unknown_keys(kind: str) -> None:
    assert json_schema(kind)["additionalProperties"] is False


def test_the_schema_of_a_mapping_lists_types_and_policies() -> None:
    field = json_schema("mapping")["$defs"]["Field"]["properties"]
    assert field["type"]["enum"] == list(TYPES)
    plain, named = field["on_conflict"]["anyOf"]
    assert {*plain["enum"], *named["propertyNames"]["enum"]} == set(POLICIES)


def test_the_header_of_an_audit_says_neither_its_name_nor_its_query() -> None:
    schema = json_schema("audit")
    assert not set(MADE) & {*schema["properties"], *schema["required"]}
    assert {"id", "summary", "why", "remedy"} <= set(schema["required"])


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    with pytest.raises(CrmsyncError) as caught:
        json_schema("report")
    assert "mapping, lifecycle, workspace, audit, checks" in caught.value.remedy


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_in_the_repository_is_that_of_the_types(kind: str) -> None:
    there = (ROOT / "schemas" / file_name(kind)).read_text(encoding="utf-8")
    assert there == schema_text(kind), "run `make schemas`"


FORM = {"CRM002", "CRM003", "CRM004", "CRM031", "CRM032", "CRM033"}
"""What lint says of the form of a file: keys that are unknown or missing, and values of another shape."""
TABLES = {"mapping": MAPPINGS, "workspace": PROJECTS}
WRONG = [
    pytest.param(kind, text, id=f"{kind}: {name}")
    for kind, table in TABLES.items()
    for name, (text, lines) in table.items()
    if any(line.split(" ")[1] in FORM for line in lines)
]


def objected(kind: str, text: str) -> list[str]:
    return list(objections(json_schema(kind), read_yaml(text, "tried.yml").value))


@pytest.mark.parametrize(("kind", "text"), WRONG)
def test_an_editor_refuses_what_lint_refuses_for_its_form(kind: str, text: str) -> None:
    assert objected(kind, text)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("workspace", "crmsync.yml"),
        ("lifecycle", "mappings/lifecycle.yml"),
        *(("mapping", f"mappings/{each}.yml") for each in ENTITIES),
    ],
)
def test_an_editor_takes_what_we_ship(kind: str, path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert objected(kind, text) == []


def test_an_editor_finds_the_schema_of_every_file_that_init_writes(tmp_path: Path) -> None:
    init(tmp_path)
    files = [tmp_path / "crmsync.yml", *(tmp_path / "mappings").glob("*.yml")]
    assert len(files) == 2 + len(ENTITIES)
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        mark, _, target = first.partition("$schema=")
        assert mark == "# yaml-language-server: "
        kinds = {"crmsync.yml": "workspace", "lifecycle.yml": "lifecycle"}
        kind = kinds.get(file.name, "mapping")
        assert (file.parent / target).read_text(encoding="utf-8") == schema_text(kind)
