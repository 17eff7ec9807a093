"""`sandbox serve --tls`, and a workspace that gets in by JWT with nothing but files of its own folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from connectors.orgs import USER, key_pair

from cli.conftest import Crm
from cli.places import make_workspace, mend
from cli.test_the_sandbox_serves_and_loads import serving
from crmsync.errors import ExitCode


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("https") / "box.db"


@pytest.fixture(scope="module")
def access(box: Path) -> Iterator[dict[str, Any]]:
    certificate = box.with_name("server.crt")
    certificate.write_text(key_pair()[1])
    words = ("--tls", "--contacts", "30", "--file", box, "--certificate", certificate)
    with serving(*words) as (_process, access):
        yield access


def test_a_workspace_gets_in_by_jwt_with_paths_from_its_own_folder(
    access: dict[str, Any], tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(tmp_path / "workspace", access)
    (folder / "server.key").write_text(key_pair()[0])
    shutil.copy(access["salesforce"]["ca_bundle"], folder / "ca.pem")
    jwt = f"client_id: '${{APP}}', username: {USER}, private_key_file: server.key"
    mend(folder, "crmsync.yml", "token: '${SALESFORCE_TOKEN}'", f"{jwt}, ca_bundle: ca.pem")
    token = "token: '${HUBSPOT_TOKEN}'"
    mend(folder, "crmsync.yml", token, f"{token}, ca_bundle: ca.pem")
    monkeypatch.setenv("APP", access["salesforce"]["client_id"] + "\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/company/ca.pem")
    said = crm("pull", "--json", "--workspace", folder)
    assert (said.code, said.json["complete"]) == (ExitCode.OK, True), said.err
    (folder / "server.key").unlink()
    gone = crm("pull", "--workspace", folder)
    assert gone.code == ExitCode.CONFIG_INVALID
    assert "crmsync.yml:" in gone.err
    assert "private_key_file: cannot be read" in gone.err


def test_what_is_done_to_the_file_is_done_to_the_sandbox_that_serves_it(
    access: dict[str, Any], box: Path, crm: Crm
) -> None:
    listed = crm("sandbox", "fault", "--list", "--file", box)
    assert (listed.code, "nothing is set" in listed.out) == (ExitCode.OK, True)
    made = crm("sandbox", "fault", "503", "--path", "/nowhere", "--file", box)
    assert made.code == ExitCode.OK
    assert "503" in crm("sandbox", "fault", "--list", "--file", box).out
    assert crm("sandbox", "fault", "--clear", "--file", box).code == ExitCode.OK


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_certificate_that_is_none_is_told(tmp_path: Path, crm: Crm, text: str | None) -> None:
    file = tmp_path / "server.crt"
    if text:
        file.write_text(text)
    said = crm("sandbox", "serve", "--seed", "empty", "--certificate", file)
    assert said.code == ExitCode.FAILED
    assert "server.crt" in said.err
