"""`crmsync worklist`: a folder with a list for each person, or one file for all."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.places import Said
from crmsync.commands.worklists import find_worklists
from crmsync.commands.workspace import open_workspace
from crmsync.errors import ExitCode

Crm = Callable[..., Said]


def test_a_folder_has_excel_and_markdown_for_each_person(workspace: Path, crm: Crm) -> None:
    said = crm("worklist", "-o", "lists")
    assert said.code == ExitCode.OK
    made = sorted((workspace / "lists").iterdir())
    people = len(said.out.strip().split("\n"))
    assert people > 1
    assert [each.suffix for each in made] == [".md", ".xlsx"] * people
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in made)


@pytest.mark.slow
def test_a_steward_takes_what_owners_would_have(workspace: Path) -> None:
    path = workspace / "crmsync.yml"
    path.write_text(
        path.read_text() + "audits:\n  stewards: {all: ops@acme.example, D05: eva@acme.example}\n"
    )
    opened = open_workspace(workspace)
    by_steward = {each.person for each in find_worklists(opened)[1]}
    by_owner = {each.person for each in find_worklists(opened, by="owner")[1]}
    assert {"eva@acme.example", "ops@acme.example"} <= by_steward
    assert not {"eva@acme.example", "ops@acme.example"} & by_owner
    assert "Nobody" in by_owner


@pytest.mark.slow
def test_one_person_can_be_asked_for(workspace: Path, crm: Crm) -> None:
    said = crm("worklist", "-o", "one.md", "--person", "ANABELEN")
    assert said.code == ExitCode.OK
    assert (workspace / "one.md").read_text().count("\n## ") == 1
    assert "nobody called 'zoe'" in crm("worklist", "-o", "one.md", "--person", "zoe").err
