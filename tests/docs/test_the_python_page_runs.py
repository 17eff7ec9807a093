"""docs/python.md is run as it stands, and its tables say what the command line says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.places import crm_in, make_workspace, served

import crmsync
from crmsync.api import Client, Table
from crmsync.errors import ConfigInvalid, CrmsyncError
from crmsync.sandbox.seed import generate
from docs.blocks import blocks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with served(generate(contacts=60, companies=18, deals=12)) as both:
        yield make_workspace(tmp_path_factory.mktemp("python") / "workspace", both.access)


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    """The names of the page after all of it was run."""
    names: dict[str, Any] = {}
    page = "".join(block.text for block in blocks("python.md", "python"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(page, names)
    return names


def test_the_page_runs_as_it_stands(told: dict[str, Any]) -> None:
    assert isinstance(told["client"], Client)
    assert {row["object"] for row in told["read"].rows} >= {"contacts", "Contact", "Account"}
    assert all(row["complete"] for row in told["read"].rows)
    assert len(told["findings"]) == len(told["findings"].rows) > 0
    assert told["by_hubspot"]


def test_the_page_names_every_column(told: dict[str, Any]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "python.md").read_text("utf-8")
    for verb in ("read", "findings", "planned"):
        assert ", ".join(told[verb].columns) in page.replace(
            " (`change`, `conflict`, `held`, `unfit`, `link`)", ""
        )
    assert told["people"].columns[:4] == ["key", "records", "email", "email_system"]


@pytest.mark.slow
def test_a_table_has_what_the_command_line_has(
    told: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crm = crm_in(capsys)
    stats = crm("view", "stats", "--entity", "contact", "--json", "--workspace", folder).json
    assert len(told["people"]) == stats[0]["customers"]
    said = crm("audit", "--no-pull", "--format", "csv", "--workspace", folder).out
    assert len(told["findings"]) == len(said.splitlines()) - 1
    header = crm("plan", "--no-pull", "--json", "--workspace", folder).json
    kinds = [row["kind"] for row in told["planned"].rows]
    assert kinds.count("change") == header["counts"]["cells"]
    conflicts = {(r["key"], r["field"]) for r in told["planned"].rows if r["kind"] == "conflict"}
    assert len(conflicts) == header["counts"]["conflicts"]


@pytest.mark.slow
def test_personal_data_is_masked_unless_asked(told: dict[str, Any]) -> None:
    client: Client = told["client"]
    emails = {row["email"] for row in told["people"].rows if row["email"]}
    assert len(emails) > 20
    for table in (client.view(), client.plan(pull=False), client.audit(pull=False)):
        assert not [email for email in emails if email in str(table.rows)]
    assert "•••" in str(client.plan(pull=False).rows)
    assert "•••" not in str(client.plan(pull=False, unmask=True).rows)
    assert "@" in str(client.audit(pull=False, unmask=True, select=["C05"]).rows)


@pytest.mark.slow
def test_what_was_not_checked_is_named(told: dict[str, Any]) -> None:
    client: Client = told["client"]
    table = client.audit(pull=False, profile="all")
    checked = {row["audit"] for row in table.rows}
    assert not checked & set(table.missing)
    assert all(table.missing.values())


def test_without_pandas_it_says_what_helps(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmsync.api.find_spec", lambda _name: None)
    with pytest.raises(CrmsyncError, match="pandas is not installed") as caught:
        told["people"].to_pandas()
    assert "pip install" in caught.value.remedy


def test_with_pandas_a_table_is_a_frame(told: dict[str, Any]) -> None:
    frame = told["findings"].to_pandas()
    assert list(frame.columns) == told["findings"].columns
    assert len(frame) == len(told["findings"])


@pytest.mark.slow
def test_a_table_without_rows_has_its_columns(told: dict[str, Any]) -> None:
    found = told["client"].audit(pull=False, select=["X05"])
    full = told["findings"]
    assert isinstance(found, Table)
    assert found.columns == full.columns
    assert found.arrow.schema == full.arrow.schema


def test_a_wrong_folder_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid):
        crmsync.open(tmp_path)


def test_importing_crmsync_loads_nothing() -> None:
    script = "import sys, crmsync; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "crmsync" in loaded
    assert not [name for name in loaded if name.startswith("crmsync.")]
    assert not loaded & {"click", "duckdb", "pyarrow", "pydantic", "pandas", "sqlalchemy"}
