"""docs/mapping*.md: every example lints clean, and the first field is made by typing what the page says."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli.places import crm_in
from warehouse.shelf import ROOT

from crmsync.commands.lint import lint
from docs.blocks import Block, blocks, workspace

PAGES = sorted(path.name for path in (ROOT / "docs").glob("mapping*.md"))
EXAMPLES = [
    pytest.param(block, id=f"{page} line {block.line}")
    for page in PAGES
    for block in blocks(page, "yaml")
]


def test_there_is_something_to_try() -> None:
    assert len(EXAMPLES) > 8
    assert {"contact", "deal", "company", "crmsync.yml"} <= {
        block.about for page in PAGES for block in blocks(page, "yaml")
    }


@pytest.mark.parametrize("block", EXAMPLES)
def test_an_example_lints_clean(block: Block, tmp_path: Path) -> None:
    assert [str(problem) for problem in lint(workspace(tmp_path / "tried", block))] == []


STEPS = [block for block in blocks("mapping.md") if block.about in ("run", "serve")]


def after(step: Block) -> Block | None:
    """What the page says that a block of commands prints: the block of text right behind it."""
    whole = blocks("mapping.md")
    following = whole[whole.index(step) + 1 :]
    return following[0] if following and following[0].language == "text" else None


def is_as_told(said: str, told: str) -> bool:
    """True if the output is that of the page; `…` stands for anything, on a line of its own for lines."""
    parts = (re.escape(line).replace("…", ".*") for line in told.rstrip("\n").split("\n"))
    pattern = "".join("(?:.*\n)*?" if part == ".*" else f"{part}[ ]*\n" for part in parts)
    return re.fullmatch(pattern, said.rstrip("\n") + "\n") is not None


def test_the_page_is_compared_line_by_line() -> None:
    assert is_as_told("a\nb\nc 12\n", "a\n…\nc …")
    assert is_as_told("a\n", "a")
    assert not is_as_told("a\nb\n", "a")
    assert not is_as_told("a\nb\nc\n", "…\nb\n")
    assert not is_as_told("a 1\n", "a 2")


@contextmanager
def served(line: str, home: Path) -> Iterator[None]:
    """The other terminal."""
    words = [sys.executable, "-m", "crmsync", *shlex.split(line)[1:]]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=home, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


class Reader:
    """Somebody who types what the page says, in order, and edits what it says to edit."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, crm: object) -> None:
        self.home = home
        self.monkeypatch = monkeypatch
        self.crm = crm
        self.mapping = ""

    def types(self, line: str) -> str:
        """What a command line prints to stdout; it has to end well."""
        words = shlex.split(line)
        if words[0] == "cd":
            self.monkeypatch.chdir(words[1])
            return ""
        if words[0] == "crmsync":
            said = self.crm(*words[1:])  # type: ignore[operator]  # a fixture's function
            assert said.code == 0, f"{line}: {said.out}{said.err}"
            return str(said.out)
        assert words[0] == "git", f"the page has a command that nobody tries: {line}"
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return done.stdout

    def edits(self, block: Block) -> None:
        """Puts the lines of a block at the end of the mapping, the first time and in their place."""
        path = Path("mappings/contact.yml")
        self.mapping = self.mapping or path.read_text(encoding="utf-8")
        path.write_text(f"{self.mapping}\n{block.text}", encoding="utf-8")


@pytest.mark.slow
def test_the_first_field_is_made_by_typing_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CRMSYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ana@acme.example")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, monkeypatch, crm_in(capsys))
    first, server, *others = [
        block
        for block in blocks("mapping.md")
        if block.about in ("run", "serve") or "/" in block.about
    ]
    assert server.about == "serve"
    follows(reader, first)
    with served(server.text, tmp_path):
        for block in others:
            follows(reader, block)


def follows(reader: Reader, block: Block) -> None:
    if "/" in block.about:
        reader.edits(block)
        return
    said = "".join(reader.types(line) for line in block.text.splitlines())
    told = after(block)
    assert told is None or is_as_told(said, told.text), f"line {block.line} of the page:\n{said}"


def test_every_step_of_the_page_is_one_that_is_followed() -> None:
    assert len(STEPS) > 8
    shown = {line for block in blocks("mapping.md", "sh") for line in block.text.splitlines()}
    assert shown == {line for block in STEPS for line in block.text.splitlines()}
