"""`init` gives a workspace that lints clean and works, for both systems or for one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.conftest import Crm
from cli.places import Served
from crmsync.errors import ExitCode

SYSTEMS = ["salesforce,hubspot", "salesforce", "hubspot"]


@pytest.mark.parametrize("systems", SYSTEMS)
def test_a_new_workspace_has_no_problem(tmp_path: Path, crm: Crm, systems: str) -> None:
    folder = tmp_path / "My Client, S.L."
    said = crm("init", folder, "--yes", "--systems", systems)
    assert said.code == ExitCode.OK
    files = {Path(line).name for line in said.out.splitlines()}
    assert files >= {"crmsync.yml", ".env.example", ".gitignore", "contact.yml"}
    # Of a hundred audits the folder is named, and how many they are.
    audits = list((folder / "audits").glob("*.sql"))
    assert folder / "audits" / "C05_same_email.sql" in audits
    assert any(line.startswith(f"{len(audits)} ") for line in said.out.splitlines())
    assert "crmsync doctor" in said.err
    assert crm("lint", "--workspace", folder).out == "No problems.\n"
    yml = folder / "crmsync.yml"
    yml.write_text(yml.read_text().replace("language: en", "language: es"))
    assert crm("lint", "--workspace", folder).out == "Sin problemas.\n"
    text = (folder / "crmsync.yml").read_text()
    assert "name: my-client-s-l " in text
    assert [name for name in ("salesforce", "hubspot") if f"  {name}:\n" in text] == [
        name for name in ("salesforce", "hubspot") if name in systems
    ]


def test_what_is_there_already_stays(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "crmsync.yml").write_text("mine\n")
    crm("init", tmp_path, "--yes")
    assert (tmp_path / "crmsync.yml").read_text() == "mine\n"
    assert crm("init", tmp_path, "--yes").out.strip() == ""


def test_choices_are_written_and_checked(tmp_path: Path, crm: Crm) -> None:
    crm(
        "init",
        tmp_path / "w",
        "--yes",
        "--currency",
        "CLP",
        "--region",
        "CL",
        "--timezone",
        "America/Santiago",
    )
    text = (tmp_path / "w" / "crmsync.yml").read_text()
    assert "currency: CLP" in text
    assert "region: CL" in text
    assert crm("lint", "--workspace", tmp_path / "w").code == ExitCode.OK


def test_a_new_workspace_holds_no_secret_and_hides_its_state_from_git(
    tmp_path: Path, crm: Crm
) -> None:
    crm("init", tmp_path, "--yes")
    assert all(line.endswith("=") for line in (tmp_path / ".env.example").read_text().splitlines())
    assert {".env", ".crmsync/", "*.xlsx", "*.key", "*.pem", "footprint.json"} <= set(
        (tmp_path / ".gitignore").read_text().split()
    )


def test_a_place_that_cannot_be_written_is_1(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "taken").write_text("")
    said = crm("init", tmp_path / "taken" / "w", "--yes")
    assert said.code == ExitCode.FAILED
    assert "cannot write here" in said.err
    assert "What helps:" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("systems", ["salesforce", "hubspot"])
def test_a_workspace_with_one_system_goes_the_whole_way(
    both: Served, tmp_path: Path, crm: Crm, systems: str
) -> None:
    folder = tmp_path / "one"
    crm("init", folder, "--yes", "--systems", systems)
    text = (folder / "crmsync.yml").read_text()
    url = both.access[systems]["url"]
    if systems == "hubspot":
        text = text.replace("    kind: hubspot\n", f"    kind: hubspot\n    url: {url}\n")
    (folder / "crmsync.yml").write_text(text)
    secrets = {
        "SALESFORCE_URL": url,
        "SALESFORCE_CLIENT_ID": both.access["salesforce"]["client_id"],
        "SALESFORCE_CLIENT_SECRET": both.access["salesforce"]["client_secret"],
        "HUBSPOT_TOKEN": both.access["hubspot"]["token"],
    }
    with os.fdopen(os.open(folder / ".env", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in secrets.items())
    for words in (["lint"], ["doctor"], ["pull"], ["plan"], ["sync"]):
        said = crm(*words, "--workspace", folder)
        assert said.code == ExitCode.OK, (words, said.err, said.out)
    audits = {
        each["id"]: each
        for each in crm("audit", "--no-pull", "--json", "--workspace", folder).json["audits"]
    }
    assert audits["C05"]["not_checked"] is None
    assert "G02" in [name for name, each in audits.items() if each["not_checked"]]
    assert ("L09" in [name for name, each in audits.items() if each["not_checked"]]) is (
        systems == "hubspot"
    )
    assert crm("report", "-o", tmp_path / "r.html", "--workspace", folder).code == ExitCode.OK
    plan = crm("plan", "--no-pull", "--json", "--workspace", folder).json
    assert plan["quiet"] is True
    assert plan["counts"]["links"] == 0
