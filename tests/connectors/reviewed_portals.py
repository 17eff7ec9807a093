"""What the tests of reviews of a portal share: a portal, a proxy in front of it, and a workspace that has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.portals import Portal, served_portal
from crmsync.commands.doctor import doctor
from crmsync.commands.workspace import open_workspace
from crmsync.testing.proxy import Proxy, proxied


@pytest.fixture
def portal() -> Iterator[Portal]:
    with served_portal() as portal:
        yield portal


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    with proxied(portal.url) as proxy:
        portal.url = proxy.url
        yield proxy


# What is told of it


@pytest.fixture
def workspace(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THAT_TOKEN", portal.world.token)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "contact.yml").write_text(
        "entity: contact\nseats: [{system: hub, object: contacts}, {system: crm, object: people}]\n"
        "match: [email]\nfields:\n"
        "  - {field: email, type: email, names: {hub: email, crm: Email}}\n"
        "  - {field: title, type: text, names: {hub: jobtitle, crm: Title}}\n"
    )
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "people.csv").write_text("Email,Title\na@b.example,\n")
    (tmp_path / "crmsync.yml").write_text(
        f"name: t\nregion: ES\nsystems:\n  hub:\n    kind: hubspot\n    url: {portal.url}\n"
        "    token: ${THAT_TOKEN}\n  crm:\n    kind: files\n    folder: exports\n"
        "    objects: {people: {file: people.csv, id: Email}}\n"
    )
    return tmp_path


def lines(workspace: Path, topic: str) -> list[str]:
    return [
        f"{each.level} {each.message} → {each.remedy}"
        for each in doctor(open_workspace(workspace))
        if each.topic == topic and each.subject == "hub"
    ]
