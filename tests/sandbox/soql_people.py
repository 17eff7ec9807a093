"""Five contacts, two accounts and a deal, and how they are asked for."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


def ask(api: httpx.Client, soql: str, **headers: str) -> Any:
    answer = api.get(f"{DATA}/query/", params={"q": soql}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def error(api: httpx.Client, soql: str) -> tuple[str, str]:
    answer = api.get(f"{DATA}/query", params={"q": soql})
    assert answer.status_code == 400
    (found,) = answer.json()
    return found["errorCode"], found["message"]


@pytest.fixture
def people(org: SalesforceWorld) -> SalesforceWorld:
    """Five contacts, two accounts, a deal with a role."""
    uno = org.put("Account", {"Name": "Uno", "NumberOfEmployees": 10, "AnnualRevenue": 100})
    dos = org.put("Account", {"Name": "Dos", "NumberOfEmployees": 30, "ParentId": uno})
    org.put("Account", {"Name": "Tres"})
    rows: list[dict[str, Any]] = [
        {"LastName": "Álvarez", "Email": "a@uno.example", "AccountId": uno, "Title": "CEO"},
        {"LastName": "Brito", "Email": "B@uno.example", "AccountId": uno, "Title": "50%_off"},
        {"LastName": "Cruz", "AccountId": dos, "Birthdate": "1980-05-01", "DoNotCall": True},
        {"LastName": "d'Ors", "CreatedDate": "2026-11-19T23:59:59Z", "Title": "ceo"},
        {"LastName": "Eco", "CreatedDate": "2026-11-10T00:00:00Z"},
    ]
    ids = [org.put("Contact", row) for row in rows]
    deal = {"Name": "Trato", "AccountId": uno, "StageName": "Closed Won", "Amount": 50}
    deal_id = org.put("Opportunity", deal)
    role = {"OpportunityId": deal_id, "ContactId": ids[0], "Role": "Evaluator"}
    org.put("OpportunityContactRole", role)
    return org
