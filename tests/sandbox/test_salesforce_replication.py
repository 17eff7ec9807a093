"""getUpdated, getDeleted, the recycle bin, and transactions that commit late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.recycling import empty_bin, undelete
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
START, END = "2026-11-20T09:00:00Z", "2026-11-20T10:00:00+00:00"
DAY = 86_400


@pytest.fixture
def control(org_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{org_url}/__control__/", trust_env=False) as client:
        yield client


def told(api: httpx.Client, kind: str, name: str = "Contact", **stretch: str) -> dict[str, Any]:
    params = {"start": START, "end": END} | stretch
    answer = api.get(f"{DATA}/sobjects/{name}/{kind}/", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def gone(api: httpx.Client, name: str = "Contact", **stretch: str) -> list[str]:
    return [each["id"] for each in told(api, "deleted", name, **stretch)["deletedRecords"]]


def all_rows(api: httpx.Client, soql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"{DATA}/queryAll", params={"q": soql}).json()["records"]
    return rows


def test_updated_are_the_ids_stamped_in_the_stretch(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    before = {"SystemModstamp": "2026-11-20T08:59:59Z", "LastModifiedDate": "2026-11-20T08:00:00Z"}
    org.put("Contact", {"LastName": "Early", **before})
    ids = [org.put("Contact", {"LastName": name}) for name in ("Ruiz", "Gil")]
    org.clock.advance(3600)
    org.put("Contact", {"LastName": "Late"})
    body = told(api, "updated")
    assert body == {"ids": ids, "latestDateCovered": "2026-11-20T10:00:00.000+0000"}


def test_deleted_are_told_with_their_dates_and_no_longer_updated(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    api.delete(f"{DATA}/sobjects/Contact/{id_}")
    org.clock.advance(120)
    body = told(api, "deleted")
    assert body["deletedRecords"] == [{"id": id_, "deletedDate": "2026-11-20T09:30:00.000+0000"}]
    assert body["earliestDateAvailable"] == "2026-11-05T09:32:00.000+0000"
    # Not the end that was asked for: what commits between now and then is still to come.
    assert body["latestDateCovered"] == "2026-11-20T09:32:00.000+0000"
    assert told(api, "updated")["ids"] == []


def test_seconds_of_the_stretch_are_ignored(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    org.clock.advance(3600)
    asked = {"start": "2026-11-20T09:30:59Z", "end": "2026-11-20T09:31:59Z"}
    assert told(api, "updated", **asked)["ids"] == [id_]


@pytest.mark.parametrize(
    ("stretch", "code"),
    [
        ({"start": "2026-10-20T09:29:00Z"}, "INVALID_REPLICATION_DATE"),
        ({"start": "2026-11-20T09:59:30Z"}, None),
        ({"start": "2026-11-20T10:00:30Z"}, "INVALID_REPLICATION_DATE"),
        ({"start": "2026-11-20T09:00:00:"}, "INVALID_REPLICATION_DATE"),
        ({"start": ""}, "MISSING_ARGUMENT"),
    ],
)
def test_a_stretch_that_makes_no_sense_is_refused(
    api: httpx.Client, stretch: dict[str, str], code: str | None
) -> None:
    for kind in ("updated", "deleted"):
        params = {"start": START, "end": END} | stretch
        answer = api.get(f"{DATA}/sobjects/Contact/{kind}", params=params)
        assert answer.status_code == (400 if code else 200)
        assert code is None or answer.json()[0]["errorCode"] == code


def test_simple_salesforce_asks_for_both(sf: Any, org: SalesforceWorld) -> None:
    kept, lost = (org.put("Lead", {"LastName": name, "Company": "X"}) for name in "ab")
    sf.Lead.delete(lost)
    start = datetime(2026, 11, 20, 9, tzinfo=UTC)
    end = start + timedelta(hours=1)
    assert sf.Lead.updated(start, end)["ids"] == [kept]
    assert [each["id"] for each in sf.Lead.deleted(start, end)["deletedRecords"]] == [lost]


def test_a_role_deleted_by_itself_is_in_getdeleted_alone(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    """The blind spot: queryAll knows only the roles that went with their opportunity."""
    contact = org.put("Contact", {"LastName": "Ruiz"})
    deals = [
        org.put("Opportunity", {"Name": n, "StageName": "Prospecting", "CloseDate": "2026-12-01"})
        for n in "ab"
    ]
    roles = [
        org.put("OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact})
        for deal in deals
    ]
    api.delete(f"{DATA}/sobjects/OpportunityContactRole/{roles[0]}")
    api.delete(f"{DATA}/sobjects/Opportunity/{deals[1]}")
    soql = "SELECT Id FROM OpportunityContactRole WHERE IsDeleted = true"
    assert [row["Id"] for row in all_rows(api, soql)] == [roles[1]]
    assert sorted(gone(api, "OpportunityContactRole")) == sorted(roles)


def test_what_went_with_a_parent_comes_back_with_it(
    api: httpx.Client, org: SalesforceWorld, control: httpx.Client
) -> None:
    account = org.put("Account", {"Name": "Acme"})
    first, second = (
        org.put("Contact", {"LastName": name, "AccountId": account}) for name in ("Ruiz", "Gil")
    )
    api.delete(f"{DATA}/sobjects/Contact/{first}")
    org.clock.advance(60)
    api.delete(f"{DATA}/sobjects/Account/{account}")
    assert api.get(f"{DATA}/sobjects/Contact/{second}").status_code == 404
    org.clock.advance(60)
    assert control.post("undelete", json={"ids": [account[:15]]}).status_code == 204
    assert api.get(f"{DATA}/sobjects/Contact/{second}").status_code == 200
    # Deleted by itself, a minute before.
    assert api.get(f"{DATA}/sobjects/Contact/{first}").status_code == 404
    assert gone(api) == [first]
    assert told(api, "updated")["ids"] == [second]


def test_what_is_not_in_the_bin_cannot_come_back(
    org: SalesforceWorld, control: httpx.Client
) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    for each in (id_, "003000000000009"):
        answer = control.post("undelete", json={"ids": [each]})
        assert "not in the recycle bin" in answer.json()["error"]


def test_the_bin_keeps_15_days(api: httpx.Client, org: SalesforceWorld) -> None:
    winner, loser = (org.put("Contact", {"LastName": name}) for name in ("Ruiz", "RUIZ"))
    httpx.post(
        f"{api.base_url}/__control__/merge",
        json={"object": "Contact", "winner": winner, "losers": [loser]},
        trust_env=False,
    ).raise_for_status()
    soql = "SELECT Id FROM Contact WHERE MasterRecordId != null"
    org.clock.advance(15 * DAY)
    assert [row["Id"] for row in all_rows(api, soql)] == [loser]
    org.clock.advance(3600)
    # The link from the loser to the winner is gone for good.
    assert all_rows(api, soql) == []
    assert gone(api, start="2026-11-10T00:00:00Z", end="2026-12-10T00:00:00Z") == []
    with pytest.raises(ValueError, match="not in the recycle bin"):
        undelete(org, loser)


def test_an_emptied_bin_moves_the_date_since_which_deletions_are_known(
    api: httpx.Client, org: SalesforceWorld, control: httpx.Client
) -> None:
    ids = [org.put("Contact", {"LastName": name}) for name in ("Ruiz", "Gil")]
    for id_ in ids:
        api.delete(f"{DATA}/sobjects/Contact/{id_}")
        org.clock.advance(60)
    assert control.post("empty_bin", json={"ids": ids[:1]}).json() == {"gone": 1}
    assert told(api, "deleted")["earliestDateAvailable"] == "2026-11-20T09:30:00.000+0000"
    assert gone(api) == ids[1:]
    assert empty_bin(org) == 1
    assert org.tables.count("Contact") == 0


def test_a_rolled_back_deletion_is_not_told(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    ids = f"{id_},003000000000009"
    api.delete(f"{DATA}/composite/sobjects", params={"ids": ids, "allOrNone": "true"})
    assert gone(api) == []


def test_a_late_commit_is_seen_behind_the_watermark(
    api: httpx.Client, org: SalesforceWorld, control: httpx.Client
) -> None:
    body = {"object": "Contact", "records": [{"LastName": "Late"}]}
    opened = control.post("open_transaction", json=body).json()
    org.clock.advance(600)
    seen = org.put("Contact", {"LastName": "Ruiz"})
    org.clock.advance(60)
    # As long as it is open, the stretch ends where it began: whoever goes on from there misses nothing.
    body = told(api, "updated")
    assert body == {"ids": [seen], "latestDateCovered": "2026-11-20T09:30:00.000+0000"}
    done = control.post("commit_transaction", json={"transaction": opened["transaction"]}).json()
    (late,) = done["ids"]
    row = org.rows.get("Contact", late) or {}
    assert (row["SystemModstamp"], row["CreatedDate"]) == (opened["at"], opened["at"])
    assert row["SystemModstamp"] < (org.rows.get("Contact", seen) or {})["SystemModstamp"]
    assert sorted(told(api, "updated")["ids"]) == sorted([seen, late])
    assert told(api, "updated")["latestDateCovered"] == "2026-11-20T09:41:00.000+0000"
    assert control.post("commit_transaction", json={"transaction": "x"}).status_code == 400


def test_a_system_process_moves_the_modstamp_alone(
    api: httpx.Client, org: SalesforceWorld, control: httpx.Client
) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    org.clock.advance(60)
    control.post("touch", json={"object": "Contact", "ids": [id_]})
    row = org.rows.get("Contact", id_) or {}
    assert row["LastModifiedDate"] == "2026-11-20T09:30:00.000+0000"
    assert row["SystemModstamp"] == "2026-11-20T09:31:00.000+0000"
    assert control.post("touch", json={"object": "Lead", "ids": [id_]}).status_code == 400
