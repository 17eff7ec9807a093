"""Short ways to drive the bulk jobs of the simulated Salesforce over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import httpx

from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
QUERY = f"{DATA}/jobs/query"
INGEST = f"{DATA}/jobs/ingest"


def turn(org: SalesforceWorld, values: Mapping[str, object]) -> None:
    """Sets switches of an org."""
    for name, value in values.items():
        set_switch(org.tables, name, value)


def ask_until_done(api: httpx.Client, url: str) -> dict[str, Any]:
    """The job at its end; fails when it never gets there."""
    for _ in range(50):
        job: dict[str, Any] = api.get(url).raise_for_status().json()
        if job["state"] in ("JobComplete", "Failed", "Aborted"):
            return job
    raise AssertionError("the job never ends")


def query_job(api: httpx.Client, soql: str, **settings: Any) -> str:
    """The URL of a finished query job."""
    body = {"operation": "query", "query": soql, **settings}
    url = f"{QUERY}/{api.post(QUERY, json=body).raise_for_status().json()['id']}"
    assert ask_until_done(api, url)["state"] == "JobComplete"
    return url


def open_job(api: httpx.Client, operation: str, text: str, **settings: Any) -> str:
    """The URL of an ingest job with its upload, still open."""
    body = {"object": "Contact", "operation": operation, "contentType": "CSV", **settings}
    url = f"{INGEST}/{api.post(INGEST, json=body).raise_for_status().json()['id']}"
    uploaded = api.put(
        f"{url}/batches", content=text.encode(), headers={"Content-Type": "text/csv"}
    )
    assert (uploaded.status_code, uploaded.content) == (201, b"")
    return url


def close_job(api: httpx.Client, url: str) -> None:
    """Ends the upload, so that the work begins."""
    api.patch(url, json={"state": "UploadComplete"}).raise_for_status()


def ingest_job(
    api: httpx.Client, operation: str, text: str, **settings: Any
) -> tuple[str, dict[str, Any]]:
    """URL and last state of an ingest job that was carried out."""
    url = open_job(api, operation, text, **settings)
    close_job(api, url)
    return url, ask_until_done(api, url)


def rows(answer: httpx.Response, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV answer, which must be one."""
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), delimiter=delimiter))


def results(api: httpx.Client, url: str, kind: str) -> list[dict[str, str]]:
    """One of the three results of an ingest job."""
    return rows(api.get(f"{url}/{kind}"))
