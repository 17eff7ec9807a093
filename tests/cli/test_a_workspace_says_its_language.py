"""The language that `crmsync.yml` asks for holds for every word, from a line that is not understood on."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cli.conftest import Crm
from crmsync.errors import ExitCode
from crmsync.language import choose, translate_said

LINES = (
    (("audit", "--nope"), "No existe la opción --nope."),
    (("state", "links", "--limit", "0"), "indique un número entero, 1 como mínimo"),
    (("state", "links", "--limit", "many"), "indique un número entero"),
    (("view", "export", "--format", "pdf"), "use uno de estos: csv, xlsx"),
    (("state", "links", "one", "two", "three"), "sobra en la línea: two three"),
    (("plan", "-o"), "-o necesita un valor"),
    (("sandbox", "fault"), "Indique un entorno simulado"),
)


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that asks for Spanish; nothing else says a language."""
    for name in ("CRMSYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    text = "name: tried\nlanguage: es\nsystems:\n  hubspot: {kind: hubspot, token: '${T}'}\n"
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "crmsync.yml").write_text(text, encoding="utf-8")
    return tmp_path / "client"


@pytest.mark.parametrize(("words", "says"), LINES, ids=lambda each: str(each)[:24])
def test_what_is_not_understood_is_said_in_the_language_of_the_workspace(
    spanish: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm, words: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(spanish)
    said = crm(*words)
    assert says in said.err
    assert "Error:" in said.err


def test_the_workspace_that_is_named_counts_and_so_does_its_help(spanish: Path, crm: Crm) -> None:
    assert "Uso: crmsync plan" in crm("plan", "--workspace", spanish, "--help").out
    assert "necesita un valor" in crm("audit", f"--workspace={spanish}", "--select").err


def test_who_asks_for_another_language_gets_it(
    spanish: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm
) -> None:
    monkeypatch.chdir(spanish)
    assert "-o needs a value" in crm("plan", "-o", "--lang", "en").err
    monkeypatch.setenv("CRMSYNC_LANG", "en")
    assert "-o needs a value" in crm("plan", "-o").err


def test_what_is_said_in_spanish_is_not_read_back_a_second_time() -> None:
    said = "no se puede servir: Address already in use"
    assert translate_said(said, "es") == said
    assert translate_said("no entity 'deel'", "es") != "no entity 'deel'"
    choose("en")


@pytest.mark.parametrize(("language", "says"), [("en", "is in use"), ("es", "está en uso")])
@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_a_port_in_use_is_named_with_the_option_for_another_one(
    crm: Crm, language: str, says: str, system: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        option = f"--{system}-port"
        said = crm("sandbox", "serve", "--seed", "empty", option, str(port), "--lang", language)
    assert said.code == ExitCode.FAILED
    assert f"{port}" in said.err
    assert says in said.err
    assert f"{option} 0" in said.err
    choose("en")
