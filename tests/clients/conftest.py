"""Clients from npm in a folder of their own, and an empty sandbox for them in a process of its own."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.npm_scripts import SCRATCH

HERE = Path(__file__).parent
# What npm says when there is no way to its registry.
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")


def found_tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: no round trip was made")
    return path


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the clients installed."""
    node, npm = found_tool("node"), found_tool("npm")
    SCRATCH.mkdir(exist_ok=True)
    for path in (HERE / "package.json", HERE / ".npmrc", *HERE.glob("*.js")):
        shutil.copy(path, SCRATCH / path.name)
    install = [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=SCRATCH, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    if any(word in said for word in OFFLINE):
        pytest.skip("npm reaches no registry: no round trip was made")
    assert done.returncode == 0, said
    return node


@pytest.fixture(scope="session")
def sandbox() -> Iterator[dict[str, dict[str, str]]]:
    """Where both empty CRMs answer, by system."""
    line = [sys.executable, "-m", "crmsync", "sandbox", "serve", "--seed", "empty"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told: dict[str, dict[str, str]] = json.loads(process.stdout.readline())
            yield told
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
