"""What stages and statuses mean can be asked, and not changed."""

from __future__ import annotations

import httpx

DATA = "/services/data/v67.0"


def ask(api: httpx.Client, soql: str) -> list[list[object]]:
    records = api.get(f"{DATA}/query", params={"q": soql}).json()["records"]
    return [[value for name, value in row.items() if name != "attributes"] for row in records]


def test_stages_say_what_is_closed_and_won_in_their_order(api: httpx.Client) -> None:
    told = ask(api, "SELECT ApiName, IsClosed, IsWon FROM OpportunityStage ORDER BY SortOrder")
    assert [row for row in told if row[1]] == [
        ["Closed Won", True, True],
        ["Closed Lost", True, False],
    ]
    assert len(told) == 10
    assert told[0] == ["Prospecting", False, False]


def test_one_lead_status_is_the_default_and_one_means_converted(api: httpx.Client) -> None:
    told = ask(api, "SELECT ApiName FROM LeadStatus WHERE IsConverted = true")
    assert told == [["Closed - Converted"]]
    assert ask(api, "SELECT ApiName FROM LeadStatus WHERE IsDefault = true") == [
        ["Open - Not Contacted"]
    ]


def test_nobody_writes_stages_by_the_api(api: httpx.Client) -> None:
    answer = api.post(f"{DATA}/sobjects/OpportunityStage", json={"MasterLabel": "Won more"})
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
