"""docs/extending.md: its diffs are applied to a copy of crmsync, its package installed, and the laws run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from warehouse.shelf import ROOT

from docs.blocks import Block, blocks, workspace

PAGE = "extending.md"
PARTS = ("crmsync", "mappings", "audits", "tests", "schemas", "pyproject.toml")
DIFFS = blocks(PAGE, "diff")
FIELDS = [each for each in blocks(PAGE, "yaml") if each.about == "contact"]
LAWS = (
    "tests/core/test_merging_laws.py",
    "tests/core/test_type_laws.py",
    "tests/core/test_transforms.py",
    "tests/connectors/test_jsonlines_contract.py",
)


def touched(block: Block) -> list[str]:
    return re.findall(r"^\+\+\+ b/(\S+)$", block.text, re.MULTILINE)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of crmsync with every diff, beside a package that is installed in it."""
    home = tmp_path_factory.mktemp("extended")
    for name in PARTS:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, home / name)
    for block in DIFFS:
        words = ["git", "apply", "-C1", "--whitespace=nowarn", "-"]
        done = subprocess.run(words, cwd=home, input=block.text, text=True, capture_output=True)
        assert done.returncode == 0, f"line {block.line} of {PAGE} does not apply: {done.stderr}"
    install(home)
    return home


def install(home: Path) -> None:
    """Puts the files of the page where their first line says, and their entry points beside them."""
    (home / "acme_crm").mkdir()
    (home / "acme_crm" / "__init__.py").touch()
    for block in blocks(PAGE, "python"):
        name = block.text.partition("\n")[0].removeprefix("# ")
        (home / name).write_text(block.text, encoding="utf-8")
    (toml,) = blocks(PAGE, "toml")
    project = tomllib.loads(toml.text)["project"]
    info = home / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in points.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


def python(home: Path, *words: str) -> str:
    """What a Python says that sees the copy first."""
    environment = {**os.environ, "PYTHONPATH": str(home), "CRMSYNC_LANG": "en"}
    done = subprocess.run(
        [sys.executable, *words], cwd=home, env=environment, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_diff_edits_one_file_of_ours() -> None:
    places = [[name for name in touched(block) if not name.startswith("tests/")] for block in DIFFS]
    assert places == [
        ["mappings/contact.yml"],
        ["crmsync/core/policies.py"],
        ["crmsync/core/values.py"],
        ["crmsync/core/transforms.py"],
    ]


@pytest.mark.slow
def test_all_that_is_added_obeys_the_laws_of_its_kind(extended: Path) -> None:
    chosen = "longest or postcode or initials or in_the_table or JsonLines"
    said = python(extended, "-m", "pytest", "-n", "0", "-vv", "-m", "not slow", "-k", chosen, *LAWS)
    for kind in ("longest", "postcode", "initials", "TestJsonLines"):
        assert kind in said


@pytest.mark.parametrize("block", FIELDS, ids=lambda each: f"line {each.line}")
def test_a_mapping_that_uses_it_lints_clean_there_and_not_here(
    block: Block, extended: Path, tmp_path: Path
) -> None:
    from crmsync.commands.lint import lint

    folder = workspace(tmp_path / "workspace", block)
    told = [problem.code for problem in lint(folder)]
    assert set(told) <= {"CRM031", "CRM032", "CRM081"}
    assert told, "without the change it is not known"
    lines = python(extended, "-m", "crmsync", "lint", "--workspace", str(folder))
    assert lines == "No problems.\n"


@pytest.mark.slow
def test_the_field_lints_clean(extended: Path) -> None:
    shutil.copy(ROOT / "crmsync.yml", extended)
    assert "field: tier" in (extended / "mappings" / "contact.yml").read_text(encoding="utf-8")
    assert python(extended, "-m", "crmsync", "lint") == "No problems.\n"


def test_a_system_of_a_kind_from_elsewhere_is_known(extended: Path, tmp_path: Path) -> None:
    (block,) = [each for each in blocks(PAGE, "yaml") if each.about == "crmsync.yml"]
    folder = workspace(tmp_path / "workspace", block)
    exports = folder / "exports"
    exports.mkdir()
    (exports / "contacts.jsonl").write_text('{"id": 1, "email": "ana@acme.example"}\n')
    assert python(extended, "-m", "crmsync", "lint", "--workspace", str(folder)) == "No problems.\n"


def test_what_is_added_is_in_the_schema_for_editors(extended: Path) -> None:
    said = python(extended, "-m", "crmsync", "schema", "mapping")
    for word in ("longest", "postcode", "initials", "last_word"):
        assert f'"{word}"' in said
