"""Records that are posted to an org in which rules were set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


LEAD = {"LastName": "Ruiz", "Company": "Acme"}


DUPLICATES = {
    "kind": "duplicate",
    "object": "Contact",
    "name": "Contacts_DR",
    "match": ["Email"],
    "matching_rule": "Contact_MR",
}


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(api: httpx.Client) -> Post:
    def send(name: str, headers: dict[str, str] | None = None, **values: Any) -> httpx.Response:
        return api.post(f"{DATA}/sobjects/{name}", json=values, headers=headers)

    return send


def tooling(api: httpx.Client, soql: str, path: str = "tooling/query") -> list[dict[str, Any]]:
    answer = api.get(f"{DATA}/{path}", params={"q": soql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["records"]
    return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]


def needs_title(world: SalesforceWorld, **more: Any) -> None:
    rule = {
        "kind": "validation",
        "object": "Contact",
        "name": "Boss_needs_title",
        "when": [
            {"field": "Department", "is": "equal", "value": "Board"},
            {"field": "title", "is": "blank"},
        ],
        "message": "A board member has a title.",
    }
    declare(world, rule | more)
