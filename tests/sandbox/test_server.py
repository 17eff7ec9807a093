from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import open_worlds, running
from crmsync.sandbox.tables import Tables

DATA = "/services/data/v67.0"

SERVE = """
import json, sys
from pathlib import Path
from crmsync.sandbox.server import serve
file = Path(sys.argv[1]) if sys.argv[1] else None
def seed(salesforce, hubspot):
    salesforce.put("Account", {"Name": "Seeded"})
    hubspot.put("companies", {"name": "Seeded"})
    salesforce.put("Account", {"Name": "Seeded too"})
serve(0, 0, seed, file, lambda access: print(json.dumps(access), flush=True))
print("stopped", flush=True)
"""


@pytest.fixture
def worlds() -> tuple[SalesforceWorld, HubspotWorld]:
    clock = Clock()
    return SalesforceWorld(Tables("salesforce"), clock), HubspotWorld(Tables("hubspot"), clock)


def salesforce_client(access: dict[str, Any]) -> httpx.Client:
    headers = {"Authorization": f"Bearer {access['salesforce']['token']}"}
    return httpx.Client(base_url=access["salesforce"]["url"], headers=headers, trust_env=False)


def hubspot_client(access: dict[str, Any]) -> httpx.Client:
    headers = {"Authorization": f"Bearer {access['hubspot']['token']}"}
    return httpx.Client(base_url=access["hubspot"]["url"], headers=headers, trust_env=False)


@contextmanager
def served(file: Path | None) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A process that serves both worlds, and what it announced."""
    command = [sys.executable, "-c", SERVE, str(file or "")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    os.kill(process.pid, number)
    assert process.stdout is not None
    return process.wait(timeout=10), process.stdout.read()


def test_both_worlds_answer_from_a_thread_and_stop_with_the_block(
    worlds: tuple[SalesforceWorld, HubspotWorld],
) -> None:
    before = threading.active_count()
    with running(*worlds) as access:
        assert access["salesforce"]["client_id"] == worlds[0].client_id
        with salesforce_client(access) as client:
            assert client.get(f"{DATA}/limits").status_code == 200
        with hubspot_client(access) as client:
            assert client.get("/crm/v3/objects/contacts").status_code == 200
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError), salesforce_client(access) as client:
        client.get(f"{DATA}/limits")


def test_a_connection_is_kept_alive(worlds: tuple[SalesforceWorld, HubspotWorld]) -> None:
    with running(*worlds) as access, salesforce_client(access) as client:
        streams = set()
        for _ in range(3):
            answer = client.get(f"{DATA}/limits")
            streams.add(id(answer.extensions["network_stream"].get_extra_info("socket")))
        assert len(streams) == 1


def test_concurrent_creates_are_all_kept_apart(
    worlds: tuple[SalesforceWorld, HubspotWorld],
) -> None:
    with running(*worlds) as access, salesforce_client(access) as client:

        def create(number: int) -> str:
            body = {"LastName": str(number), "crmsync_key__c": f"k-{number % 50}"}
            return client.post(f"{DATA}/sobjects/Contact", json=body).text

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(create, range(100)))
    assert sum('"success":true' in answer for answer in answers) == 50
    assert sum("DUPLICATE_VALUE" in answer for answer in answers) == 50
    assert worlds[0].tables.count("Contact") == 50


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_cleanly(number: signal.Signals) -> None:
    with served(None) as (process, access):
        with salesforce_client(access) as client:
            query = {"q": "SELECT COUNT() FROM Account"}
            assert client.get(f"{DATA}/query", params=query).json()["totalSize"] == 2
        assert stop(process, number) == (0, "stopped\n")


def test_a_restart_keeps_tokens_and_answered_writes_and_seeds_once(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with served(file) as (process, access), salesforce_client(access) as client:
        path = f"{DATA}/sobjects/Contact"
        created = client.post(path, json={"LastName": "Ruiz"}).json()["id"]
        with hubspot_client(access) as other:
            body = {"properties": {"email": "ruiz@uno.example"}}
            assert other.post("/crm/v3/objects/contacts", json=body).status_code == 201
        process.kill()  # no chance to save anything at the end
    with served(file) as (process, again):
        secrets = ("token", "client_id", "client_secret")
        assert [again["salesforce"][n] for n in secrets] == [
            access["salesforce"][n] for n in secrets
        ]
        assert again["hubspot"]["token"] == access["hubspot"]["token"]
        with salesforce_client(again) as client, hubspot_client(again) as other:
            assert client.get(f"{path}/{created}").json()["LastName"] == "Ruiz"
            query = {"q": "SELECT COUNT() FROM Account"}
            assert client.get(f"{DATA}/query", params=query).json()["totalSize"] == 2
            found = other.get("/crm/v3/objects/contacts").json()["results"]
            assert [row["properties"]["email"] for row in found] == ["ruiz@uno.example"]
        assert stop(process, signal.SIGTERM)[0] == 0


def test_worlds_over_one_file_share_it(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    salesforce, hubspot = open_worlds(file, None)
    id_ = salesforce.put("Account", {"Name": "Uno"})
    salesforce.tables.commit()
    company = hubspot.put("companies", {"name": "Uno"})
    hubspot.tables.commit()
    again, other = open_worlds(file, None)
    assert (again.tables.get("Account", id_) or {})["Name"] == "Uno"
    assert other.tables.get("companies", company) is not None


def test_a_read_of_one_crm_never_locks_the_other_out_of_their_file(tmp_path: Path) -> None:
    salesforce, hubspot = open_worlds(tmp_path / "box.db", None)
    with (
        running(salesforce, hubspot) as access,
        salesforce_client(access) as client,
        hubspot_client(access) as other,
    ):
        client.post("/__control__/faults", json={"kind": "503", "when": {"nth": 2}})
        for status in (200, 503, 200):
            assert client.get(f"{DATA}/limits").status_code == status
            body = {"properties": {"lastname": "Ruiz"}}
            assert other.post("/crm/v3/objects/contacts", json=body).status_code == 201
        contact = client.post(f"{DATA}/sobjects/Contact", json={"LastName": "Gil"}).json()
        client.delete(f"{DATA}/sobjects/Contact/{contact['id']}")
        client.post("/__control__/clock", json={"advance": 20 * 86_400})
        assert client.get(f"{DATA}/limits").status_code == 200  # the bin is emptied
        assert other.post("/crm/v3/objects/contacts", json=body).status_code == 201
    for world in (salesforce, hubspot):
        world.tables.close()
