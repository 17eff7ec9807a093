"""jsforce from npm against `crmsync sandbox serve`: a client that nobody here wrote, and its own judgement.

Run by `make test-clients`; needs Node and npm, and a registry to install from.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.clients

HERE = Path(__file__).parent
SCRATCH = HERE.parents[1] / ".clients"
PROMISES = (
    "logs in",
    "describe",
    "create",
    "collections create",
    "query with queryMore",
    "relationship and child queries",
    "collections retrieve, update and delete",
    "upsert three ways",
    "getDeleted",
    "bulk ingest",
    "bulk query",
    "an error of each family",
    "composite, tree, batch and limits",
    "token refresh",
)
# What npm says when there is no way to its registry.
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")


def found_tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: the round trip of jsforce was not made")
    return path


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with jsforce installed in a folder of its own."""
    node, npm = found_tool("node"), found_tool("npm")
    SCRATCH.mkdir(exist_ok=True)
    for name in ("package.json", ".npmrc", "round_trip.js"):
        shutil.copy(HERE / name, SCRATCH / name)
    install = [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=SCRATCH, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    if any(word in said for word in OFFLINE):
        pytest.skip("npm reaches no registry: the round trip of jsforce was not made")
    assert done.returncode == 0, said
    return node


@pytest.fixture(scope="session")
def salesforce() -> Iterator[dict[str, str]]:
    """Where an empty simulated Salesforce answers, in a process of its own."""
    line = [sys.executable, "-m", "crmsync", "sandbox", "serve", "--seed", "empty"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["salesforce"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def told(node: str, salesforce: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the script says of each promise, once it has gone all the way."""
    names = ("url", "client_id", "client_secret")
    where = {f"SALESFORCE_{name.upper()}": salesforce[name] for name in names}
    done = subprocess.run(
        [node, "round_trip.js"],
        cwd=SCRATCH,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["promise"]: line for line in lines}


@pytest.mark.parametrize("promise", PROMISES)
def test_jsforce_takes_it_for_salesforce(told: dict[str, dict[str, Any]], promise: str) -> None:
    assert told[promise]["kept"], told[promise].get("why")


def test_the_script_keeps_no_promise_that_is_not_asked_for(told: dict[str, dict[str, Any]]) -> None:
    assert tuple(told) == PROMISES
