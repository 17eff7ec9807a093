"""A problem of a file has file, line and column; those that have none are listed in the docs, with the reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import crmsync
from config.wrong_files import AUDIT, AUDITS, MAPPINGS, PLACE, PROJECT, PROJECTS
from crmsync.commands.lint import lint
from crmsync.commands.workspace import Workspace, open_workspace
from crmsync.config.audits import placed_in_query
from crmsync.errors import ConfigInvalid, Problem

HOME = Path(crmsync.__file__).parent
DOCS = HOME.parent / "docs" / "mapping-reference.md"
_POSITIONAL = 7


def excused() -> set[str]:
    """Codes that the docs say have no line."""
    section = (
        DOCS.read_text(encoding="utf-8").split("which have no line\n")[1].split("|---|---|\n")[1]
    )
    return {
        code for row in section.splitlines() for code in re.findall(r"CRM\d+", row.split("|")[1])
    }


def without_place() -> Iterator[str]:
    """Codes of all problems in the source that are made without line and without the keys that lead there."""
    for path in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                values = [each.value for each in node.args if isinstance(each, ast.Constant)]
                code = next((str(v) for v in values if str(v).startswith("CRM")), "")
                if 0 in values and len(node.args) < _POSITIONAL:
                    yield code


def test_only_those_listed_have_no_line() -> None:
    # CRM070 gets its place where the mapping's files are at hand (tests/connectors/test_files_audit.py).
    assert set(without_place()) - {"CRM070"} == excused()


@pytest.mark.parametrize(
    ("kind", "table"), [("mapping", MAPPINGS), ("project", PROJECTS), ("audit", AUDITS)]
)
def test_every_wrong_file_of_the_tables_is_told_with_its_line(
    tmp_path: Path, kind: str, table: dict[str, tuple[str, list[str]]]
) -> None:
    for folder in ("mappings", "audits"):
        (tmp_path / folder).mkdir()
    for text, lines in table.values():
        (tmp_path / "crmsync.yml").write_text(PROJECT)
        (tmp_path / PLACE[kind]).write_text(text, encoding="utf-8", errors="surrogateescape")
        told = [each for each in lint(tmp_path) if each.code not in excused()]
        assert all(each.line and each.column for each in told)
        assert told or not lines


CONTACTS = """\
entity: contact
seats:
  - {system: crm, object: people}
match: [key]
fields:
  - field: email
    type: email
    names: {crm: Email}
"""
SYSTEMS = """\
name: tried
systems:
  crm:
    kind: files
    folder: exports
    objects:
      people:
        file: people.csv
        id: Nr
        columns:
          Email: E-Mail
          Phone: Telefon
"""


def problems(folder: Path, project: str) -> list[Problem]:
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "contact.yml").write_text(CONTACTS)
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "exports" / "people.csv").write_text("Nr,Email,Telephone\n1,a@b.example,\n")
    (folder / "crmsync.yml").write_text(project)
    with pytest.raises(ConfigInvalid) as caught:
        look(open_workspace(folder))
    return list(caught.value.problems)


def look(workspace: Workspace) -> None:
    with workspace.connectors() as connectors:
        for each in connectors.values():
            each.whoami()
            each.schema("people")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Nr", "Nr", [
            "crmsync.yml:11:11 CRM102 people.csv, row 1: no column 'E-Mail', which "
            "systems.crm.objects.people.columns.Email names (did you mean 'Email'?)",
            "crmsync.yml:12:11 CRM102 people.csv, row 1: no column 'Telefon', which "
            "systems.crm.objects.people.columns.Phone names (did you mean 'Telephone'?)",
        ]),
        ("people.csv", "poeple.csv", [
            "crmsync.yml:8:9 CRM102 systems.crm.objects.people.file: no file 'poeple.csv' "
            "(did you mean 'people.csv'?)",
        ]),
        ("folder: exports", "folder: exprots", [
            "crmsync.yml:5:5 CRM102 systems.crm.folder: there is no folder exprots "
            "(make it and put the exports into it, or correct `folder:`)",
        ]),
        ("folder: exports", "foldr: exports", [
            "crmsync.yml:5:5 CRM100 systems.crm: setting 'foldr' is not known (did you mean 'folder'?)",
        ]),
        ("id: Nr", "idd: Nr", [
            "crmsync.yml:9:9 CRM100 systems.crm.objects.people.idd is not known (did you mean 'id'?)",
        ]),
        ("folder: exports", "folder: ${EXPORTS_OF_NOBODY}", [
            "crmsync.yml:5:5 CRM023 ${EXPORTS_OF_NOBODY} is not set (set EXPORTS_OF_NOBODY or write it to .env)",
        ]),
        ("kind: files", "kind: flies", ["crmsync.yml:4:5 CRM101"]),
        ("          Phone: Telefon\n",
         "          Phone: Telephone\n  db: {kind: sql}\n  hub: {kind: hubspot}\n",
         ["crmsync.yml:13:3 CRM100", "crmsync.yml:14:3 CRM100"]),
    ],
)  # fmt: skip
def test_what_a_connector_objects_to_has_its_line_in_crmsync_yml(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    told = [str(each) for each in problems(tmp_path, SYSTEMS.replace(old, new))]
    assert len(told) == len(said)
    assert all(line.startswith(begun) for line, begun in zip(told, said, strict=True)), told


@pytest.mark.parametrize(
    ("path", "line"), [(("query", 1), 9), (("query", 2), 10), (("eligible", 1), 8)]
)
def test_a_query_that_is_refused_has_its_line_in_the_file(
    tmp_path: Path, path: tuple[str, int], line: int
) -> None:
    (tmp_path / "audits").mkdir()
    header = AUDIT[: AUDIT.index("SELECT")] + "-- eligible: SELECT nothing\n"
    (tmp_path / PLACE["audit"]).write_text(header + "SELECT x\n  FROM nowhere\n")
    problem = Problem(PLACE["audit"], 0, 0, "CRM060", "refused", "correct it", path)
    assert placed_in_query(tmp_path, problem).line == line
