"""Whatever a user can type, meet or be stopped by stands somewhere in the documentation."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import runpy
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from cli.places import commands
from warehouse.shelf import ROOT

import crmsync.core
from crmsync.cli.codes import MEANINGS
from crmsync.config.audits import read_audits
from crmsync.config.project_form import Project
from crmsync.core.auditing import MADE, Audit
from crmsync.core.guarding import LIMITS
from crmsync.core.mapping import LOOKUP, Entity, Field, MadeOf, Seat
from crmsync.core.policies import POLICIES
from crmsync.core.stock import KINDS as CHECKS
from crmsync.core.stock import PARAMETERS
from crmsync.core.transforms import TRANSFORMS
from crmsync.core.values import TYPES
from crmsync.errors import ExitCode

DOCS = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))
}
REFERENCE = "mapping-reference.md"
DOCS["README.md"] = (ROOT / "README.md").read_text(encoding="utf-8")
EVERYTHING = "\n".join(DOCS.values())
COMMANDS = [(" ".join(words), command) for words, command in commands()]


def is_said(word: str, text: str = EVERYTHING) -> bool:
    """True if a word stands in a text as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_a_command_is_documented(name: str) -> None:
    assert f"### {name}\n" in DOCS["commands.md"]


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_option_is_documented(name: str, command: click.Command) -> None:
    section = DOCS["commands.md"].split(f"### {name}\n")[1].split("\n### ")[0]
    options = [
        opt for param in command.params if isinstance(param, click.Option) for opt in param.opts
    ]
    assert not [opt for opt in options if f"`{opt}`" not in section]


def test_the_page_of_commands_is_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_commands.py"))
    assert DOCS["commands.md"] == generator["page"](), "run `make docs`"


def test_the_catalogue_of_audits_is_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_audits.py"))
    assert DOCS["audits.md"] == generator["page"](), "run `make docs`"


def test_the_tables_of_the_face_are_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_audits.py"))
    assert DOCS["writing-audits.md"] == generator["writing"](), "run `make docs`"


@pytest.mark.parametrize("word", sorted({*CHECKS, *PARAMETERS}))
def test_every_stock_check_and_its_keys_are_documented(word: str) -> None:
    assert is_said(word, DOCS["writing-audits.md"])


@pytest.mark.parametrize(
    "audit", [each.id for each in read_audits(ROOT) if isinstance(each, Audit)]
)
def test_an_audit_is_documented(audit: str) -> None:
    assert re.search(rf"^\| {audit} \|", DOCS["audits.md"], re.MULTILINE)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_is_documented(policy: str) -> None:
    assert is_said(policy, DOCS["mapping.md"])
    assert is_said(policy, DOCS[REFERENCE])


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_documented(kind: str) -> None:
    assert is_said(kind, DOCS[REFERENCE])


@pytest.mark.parametrize("transform", [LOOKUP, *TRANSFORMS])
def test_a_transform_is_documented(transform: str) -> None:
    assert f"| `{transform}` |" in DOCS[REFERENCE]


@pytest.mark.parametrize("code", [f"CRM{number:03}" for number in range(62, 70)])
def test_what_lint_finds_about_other_writers_is_documented(code: str) -> None:
    assert is_said(code, DOCS[REFERENCE])


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_documented(limit: str) -> None:
    assert is_said(limit, DOCS["safety.md"])


@pytest.mark.parametrize("code", MEANINGS)
def test_an_exit_code_is_documented(code: ExitCode) -> None:
    assert f"| {int(code)} | {MEANINGS[code]} |" in DOCS["commands.md"]


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (Entity, REFERENCE),
        (Seat, REFERENCE),
        (Field, REFERENCE),
        (MadeOf, REFERENCE),
        (Audit, "audits.md"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_every_key_of_a_file_is_documented(kind: Any, page: str) -> None:
    ours = set(MADE) if kind is Audit else set()
    missing = [
        name
        for name in [each.name for each in fields(kind)]
        if name not in ours and not is_said(name, DOCS[page])
    ]
    assert not missing


@pytest.mark.parametrize("key", [each.name for each in fields(Project)])
def test_every_key_of_the_project_is_documented(key: str) -> None:
    assert is_said(key)


def public_types() -> Iterator[str]:
    for module in pkgutil.iter_modules(crmsync.core.__path__):
        found = importlib.import_module(f"crmsync.core.{module.name}")
        for name, each in inspect.getmembers(found, inspect.isclass):
            if each.__module__ == found.__name__ and not name.startswith("_"):
                yield name


@pytest.mark.parametrize("name", sorted(set(public_types())))
def test_every_public_type_of_the_core_has_an_entry_in_the_glossary(name: str) -> None:
    assert f"`{name}`" in DOCS["glossary.md"]


LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("page", DOCS)
def test_every_link_leads_to_a_file(page: str) -> None:
    home = ROOT if page == "README.md" else ROOT / "docs"
    assert not [target for target in LINK.findall(DOCS[page]) if not (home / target).exists()]


ANCHORED = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")


def anchors(page: str) -> set[str]:
    """What the headings of a page are linked by, as GitHub makes it."""
    found = re.findall(r"^#+ (.*)$", DOCS[page], re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", DOCS)
def test_every_link_into_a_page_leads_to_a_heading(page: str) -> None:
    links = [link for link in ANCHORED.findall(DOCS[page]) if not link[0].startswith("http")]
    assert not [link for link in links if link[1] not in anchors(Path(link[0] or page).name)]


TYPED = re.compile(r"(?:^|`|\$ )crmsync ((?:[a-z-]+ ?)+)", re.MULTILINE)


@pytest.mark.parametrize("page", DOCS)
def test_every_command_that_is_shown_exists(page: str) -> None:
    known = {name for name, _ in COMMANDS} | {name.split(" ")[0] for name, _ in COMMANDS}
    shown = [found.strip().split(" ") for found in TYPED.findall(DOCS[page])]
    assert not [words for words in shown if words[0] not in known and not words[0].startswith("-")]


def test_what_the_documentation_shows_of_an_audit_can_be_loaded(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sql\n(.*?)```", DOCS["audits.md"], re.DOTALL)
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "X01_shown.sql").write_text(block)
    found = read_audits(tmp_path)
    assert [each for each in found if not isinstance(each, Audit)] == []
