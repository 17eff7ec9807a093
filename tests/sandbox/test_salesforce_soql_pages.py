"""Queries come in pages, and are sorted, cut and walked through."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import soql_people
from soql_people import DATA, ask

from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld

people = soql_people.people


def test_many_children_come_in_pages(api: httpx.Client, org: SalesforceWorld) -> None:
    account = org.put("Account", {"Name": "Uno"})
    for number in range(201):
        org.put("Contact", {"LastName": str(number), "AccountId": account})
    headers = {"Sforce-Query-Options": "batchSize=200"}
    soql = "SELECT Id, (SELECT LastName FROM Contacts) FROM Account"
    children = ask(api, soql, **headers)["records"][0]["Contacts"]
    assert (children["totalSize"], children["done"], len(children["records"])) == (201, False, 200)
    last = api.get(children["nextRecordsUrl"]).json()
    assert (last["done"], [row["LastName"] for row in last["records"]]) == (True, ["200"])


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("ORDER BY LastName", "Brito Cruz d'Ors Eco Álvarez"),
        ("ORDER BY LastName DESC LIMIT 2", "Álvarez Eco"),
        ("ORDER BY Account.Name NULLS LAST, LastName DESC", "Cruz Álvarez Brito Eco d'Ors"),
        ("ORDER BY Account.Name DESC, LastName", "d'Ors Eco Brito Álvarez Cruz"),
        ("ORDER BY CreatedDate ASC NULLS FIRST, Id LIMIT 2 OFFSET 1", "d'Ors Álvarez"),
        ("WHERE Email != null LIMIT 1", "Álvarez"),
    ],
)
def test_rows_are_sorted_and_cut(
    api: httpx.Client, people: SalesforceWorld, clause: str, names: str
) -> None:
    found = ask(api, f"SELECT LastName FROM Contact {clause}")["records"]
    assert [row["LastName"] for row in found] == names.split()


def test_deleted_rows_are_seen_by_query_all_alone(api: httpx.Client, org: SalesforceWorld) -> None:
    gone = org.put("Contact", {"LastName": "Ruiz", "IsDeleted": True})
    soql = "SELECT Id FROM Contact WHERE IsDeleted = true"
    assert ask(api, soql)["totalSize"] == 0
    found = api.get(f"{DATA}/queryAll", params={"q": soql}).json()
    assert [row["Id"] for row in found["records"]] == [gone]


def test_pages_follow_each_other_through_relative_locators(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = [org.put("Contact", {"LastName": str(number)}) for number in range(4_001)]
    page = ask(api, "SELECT Id FROM Contact ORDER BY Id")
    sizes, seen = [], [row["Id"] for row in page["records"]]
    while not page["done"]:
        sizes.append(len(page["records"]))
        assert page["totalSize"] == 4_001
        assert page["nextRecordsUrl"].startswith(f"{DATA}/query/01g")
        page = api.get(page["nextRecordsUrl"]).json()
        seen += [row["Id"] for row in page["records"]]
    assert sizes == [2_000, 2_000]
    assert seen == ids


def test_a_later_page_shows_rows_as_they_are_then(api: httpx.Client, org: SalesforceWorld) -> None:
    ids = [org.put("Contact", {"LastName": str(number)}) for number in range(201)]
    page = ask(api, "SELECT LastName FROM Contact", **{"Sforce-Query-Options": "batchSize=200"})
    org.put("Contact", {"LastName": "Later"}, id=ids[200])
    org.put("Contact", {"LastName": "New"})
    last = api.get(page["nextRecordsUrl"]).json()
    assert [row["LastName"] for row in last["records"]] == ["Later"]


@pytest.mark.parametrize(("asked", "size"), [("5", 200), ("250", 250), ("9999", 300)])
def test_a_page_has_200_to_2000_rows(
    api: httpx.Client, org: SalesforceWorld, asked: str, size: int
) -> None:
    for number in range(300):
        org.put("Contact", {"LastName": str(number)})
    headers = {"Sforce-Query-Options": f"batchSize={asked}"}
    assert len(ask(api, "SELECT Id FROM Contact", **headers)["records"]) == size


def test_an_unknown_locator_is_refused(api: httpx.Client) -> None:
    answer = api.get(f"{DATA}/query/01gSb0000000009AAA-2000")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_simple_salesforce_reads_over_pages(sf: Any, org: SalesforceWorld) -> None:
    ids = [org.put("Lead", {"LastName": str(n), "Company": "Uno"}) for n in range(2_001)]
    found = sf.query_all_iter("SELECT Id, LastName FROM Lead ORDER BY Id")
    assert [row["Id"] for row in found] == ids
    org.put("Lead", {"LastName": "Ruiz", "IsDeleted": True})
    assert sf.query_all("SELECT Id FROM Lead", include_deleted=True)["totalSize"] == 2_002


def test_ids_greater_than_the_last_one_walk_through_all(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = [org.put("Contact", {"LastName": str(number)}) for number in range(150)]
    seen: list[str] = []
    while True:
        after = f"WHERE Id > '{seen[-1]}' " if seen else ""
        rows = ask(api, f"SELECT Id FROM Contact {after}ORDER BY Id LIMIT 40")["records"]
        if not rows:
            break
        seen += [row["Id"] for row in rows]
    assert seen == ids


@pytest.mark.parametrize(("most", "status"), [(2_000, 400), (5_000, 200)])
def test_an_offset_has_a_limit_as_the_switch_says(
    api: httpx.Client, org: SalesforceWorld, most: int, status: int
) -> None:
    set_switch(org.tables, "most_offset", most)
    params = {"q": "SELECT Id FROM Contact OFFSET 2001"}
    assert api.get(f"{DATA}/query", params=params).status_code == status
