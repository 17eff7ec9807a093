"""The yardstick: one keep-alive connection, `json.loads`, count, drop. What no client can be much faster than.

It asks for the same pages as a pull does: objects with the same fields, then what ties them.
`python -m benchmarks.bare SYSTEM URL TOKEN STATE` learns the fields from the snapshots in STATE and prints one
JSON line: {"records": ..., "calls": ..., "seconds": ...}. The system `bulk` is Salesforce by a query job.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

_DATA = "/services/data/v67.0"
_PAGE = 25_000  # rows of a page of CSV, about as many as a pull asks for
_TIES = 1000  # records a batch read of associations: developers.hubspot.com (read 2026-11)


class Bare:
    """One connection that counts its calls."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.calls = 0

    def ask(self, path: str, body: Any = None) -> Any:
        """The parsed answer to a GET, or to a POST if there is a body."""
        return json.loads(self.send(path, body).read())

    def send(self, path: str, body: Any = None) -> HTTPResponse:
        """The answer, its bytes not read yet."""
        sent = None if body is None else json.dumps(body)
        self._connection.request("POST" if sent else "GET", path, sent, self._headers)
        self.calls += 1
        return self._connection.getresponse()


def objects(state: Path, system: str) -> dict[str, list[str]]:
    """What the last pull read of each object and of each tie: {name: native fields}."""
    manifests = sorted((state / "snapshots" / system).glob("*/*/manifest.json"))
    read = [json.loads(path.read_text(encoding="utf-8")) for path in manifests]
    return {m["object"]: [f for f in m["fields"] if not f.startswith("_")] for m in read}


def hubspot(bare: Bare, read: dict[str, list[str]]) -> int:
    """Records of all objects, page by page; then the ties of all of them."""
    ids = {
        name: [record["id"] for page in _hubspot_pages(bare, name, fields) for record in page]
        for name, fields in read.items()
        if not name.startswith("_")
    }
    for name in read:
        if name.startswith("_associations."):
            _, start, end = name.split(".")
            for at in range(0, len(ids[start]), _TIES):
                inputs = [{"id": one} for one in ids[start][at : at + _TIES]]
                bare.ask(f"/crm/v4/associations/{start}/{end}/batch/read", {"inputs": inputs})
    return sum(map(len, ids.values()))


def _hubspot_pages(bare: Bare, name: str, fields: list[str]) -> Iterator[list[dict[str, Any]]]:
    first = f"/crm/v3/objects/{name}?limit=100&archived=false&properties={','.join(fields)}"
    path = first
    while True:
        page = bare.ask(path)
        yield page["results"]
        if "paging" not in page:
            return
        path = f"{first}&after={page['paging']['next']['after']}"


def salesforce(bare: Bare, read: dict[str, list[str]]) -> int:
    """Records of all objects; then the contact roles, which count as ties."""
    named = {name: fields for name, fields in read.items() if not name.startswith("_")}
    roles = ["OpportunityId", "ContactId", "Role", "IsPrimary"]
    found = sum(_count(bare, name, fields) for name, fields in named.items())
    if any(name.startswith("_associations.") for name in read):
        _count(bare, "OpportunityContactRole", roles)
    return found


def _count(bare: Bare, name: str, fields: list[str]) -> int:
    page = bare.ask(f"{_DATA}/query/?q={quote(_soql(name, fields))}")
    found = len(page["records"])
    while not page["done"]:
        page = bare.ask(page["nextRecordsUrl"])
        found += len(page["records"])
    return found


def bulk(bare: Bare, read: dict[str, list[str]]) -> int:
    """Records of one object by a query job, as bytes that are dropped: what the simulated CRM can give."""
    [(name, fields)] = read.items()
    body = {"operation": "query", "query": _soql(name, fields), "contentType": "CSV"}
    job = f"{_DATA}/jobs/query/{bare.ask(f'{_DATA}/jobs/query', body)['id']}"
    while bare.ask(job)["state"] != "JobComplete":
        pass
    found, locator = 0, ""
    while locator != "null":
        answer = bare.send(f"{job}/results?maxRecords={_PAGE}{locator and '&locator=' + locator}")
        answer.read()
        found += int(answer.headers["Sforce-NumberOfRecords"])
        locator = answer.headers["Sforce-Locator"]
    return found


def _soql(name: str, fields: list[str]) -> str:
    chosen = ",".join(dict.fromkeys(("Id", "CreatedDate", "SystemModstamp", *fields)))
    return f"SELECT {chosen} FROM {name}"


LOOPS = {"hubspot": hubspot, "salesforce": salesforce, "bulk": bulk}


def main(system: str, url: str, token: str, state: str) -> None:
    """Reads one system as barely as it can be read."""
    bare = Bare(url, token)
    read = objects(Path(state), "salesforce" if system == "bulk" else system)
    start = time.perf_counter()
    records = LOOPS[system](bare, read)
    seconds = time.perf_counter() - start
    print(json.dumps({"records": records, "calls": bare.calls, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
