"""A sandbox that runs is filled as one in the same process, and from outside only by what is listed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import load_scripts
import pytest
import uvicorn
from load_scripts import HUBSPOT_FILES, Loaded, hubspot, properties, salesforce, tie_types, written
from starlette.applications import Starlette

from crmsync.sandbox.load import (
    HttpTarget,
    LoadError,
    load,
)
from crmsync.sandbox.load_routes import load_routes

script = load_scripts.script
loaded = load_scripts.loaded


@contextmanager
def served(world: Any) -> Iterator[str]:
    """The URL of a server for the load route only; calls queue until it accepts."""
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=load_routes(world)), log_level="warning", lifespan="off")
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(5)


def test_a_running_sandbox_is_filled_as_one_in_process(
    script: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    world = salesforce()
    with served(world) as url:
        report = load(script, HttpTarget(url, world.token, "salesforce"), "salesforce")
    assert report == loaded[1]
    for name in ("Account", "Contact", "Opportunity", "OpportunityContactRole"):
        assert world.tables.ids(name) == loaded[0].tables.ids(name)


def test_a_running_portal_takes_associations_and_properties(tmp_path: Path) -> None:
    world = hubspot()
    written(tmp_path, **HUBSPOT_FILES)
    with served(world) as url:
        report = load(tmp_path, HttpTarget(url, world.token, "hubspot"), "hubspot")
    assert report.rows_loaded == 7
    ana = properties(world, "contacts", "lastname")["Díaz"]
    assert ana["favourite_colour"] == "azul"
    assert len(tie_types(world, "contacts", ana["hs_object_id"], "deals")) == 1


def test_only_listed_methods_can_be_called_from_outside() -> None:
    world = salesforce()
    with served(world) as url:
        target = HttpTarget(url, world.token, "salesforce")
        (result,) = target.call_all("reload", [[]])
        assert "no method 'reload'" in result["error"]
        (result,) = target.call_all("put", [["Nothing", {}]])
        assert "Nothing" in result["error"]
        (result,) = target.call_all("put", [[]])
        assert "error" in result


def test_a_sandbox_that_does_not_answer_is_a_clear_error(script: Path) -> None:
    with pytest.raises(LoadError, match="no sandbox answers"):
        load(script, HttpTarget("http://127.0.0.1:9", "", "salesforce"), "salesforce")
    with pytest.raises(LoadError, match="http://"):
        load(script, HttpTarget("file:///etc/hosts", "", "salesforce"), "salesforce")
