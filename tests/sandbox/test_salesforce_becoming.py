"""What a click on Convert or Merge does in the simulated Salesforce, as the documentation says."""

from __future__ import annotations

import httpx
import pytest

from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


@pytest.fixture
def lead(org: SalesforceWorld) -> str:
    values = {"LastName": "Ruiz", "Company": "Acme", "City": "Sevilla", "Phone": "+34911234567"}
    return org.put("Lead", values)


def test_a_lead_becomes_a_contact_of_an_account_and_stays_read_only(
    org: SalesforceWorld, api: httpx.Client, lead: str
) -> None:
    became = convert_lead(org, {"lead": lead, "opportunity": "Big"})
    row = org.rows.get("Lead", lead) or {}
    assert (row["IsConverted"], row["ConvertedContactId"]) == (True, became["contact"])
    contact = org.rows.get("Contact", str(became["contact"])) or {}
    account = org.rows.get("Account", str(became["account"])) or {}
    assert (contact["AccountId"], contact["MailingCity"]) == (account["Id"], "Sevilla")
    assert (account["Name"], account["BillingCity"]) == ("Acme", "Sevilla")
    (role,) = (row for _, row in org.tables.rows("OpportunityContactRole"))
    assert (role["OpportunityId"], role["ContactId"]) == (became["opportunity"], contact["Id"])
    answer = api.patch(f"{DATA}/sobjects/Lead/{lead}", json={"Title": "Buyer"})
    assert answer.json()[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
    with pytest.raises(ValueError, match="converted before"):
        convert_lead(org, {"lead": lead})


def test_of_a_contact_that_was_there_only_blanks_are_filled(
    org: SalesforceWorld, lead: str
) -> None:
    there = org.put("Contact", {"LastName": "Gil"})
    became = convert_lead(org, {"lead": lead, "contact": there})
    contact = org.rows.get("Contact", there) or {}
    assert became["contact"] == there
    assert (contact["LastName"], contact["Phone"]) == ("Gil", "+34911234567")


def test_the_loser_of_a_merge_is_deleted_and_names_the_winner(
    org: SalesforceWorld, api: httpx.Client
) -> None:
    winner, loser = (org.put("Account", {"Name": each}) for each in ("Acme", "ACME"))
    contact = org.put("Contact", {"LastName": "Ruiz", "AccountId": loser})
    merge_records(org, {"object": "Account", "winner": winner, "losers": [loser]})
    assert (org.rows.get("Contact", contact) or {})["AccountId"] == winner
    soql = (
        "SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true AND MasterRecordId != null"
    )
    seen = api.get(f"{DATA}/queryAll/", params={"q": soql}).json()["records"]
    assert [(row["Id"], row["MasterRecordId"]) for row in seen] == [(loser, winner)]
    assert api.get(f"{DATA}/query/", params={"q": soql}).json()["records"] == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"object": "Opportunity", "winner": "x", "losers": ["y"]}, "cannot be merged"),
        ({"object": "Account", "winner": "001x", "losers": ["y"]}, "no record of Account"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(
    org_url: str, body: dict[str, object], says: str
) -> None:
    answer = httpx.post(f"{org_url}/__control__/merge", json=body, trust_env=False)
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_no_more_than_three_records_are_merged_at_once(org: SalesforceWorld) -> None:
    first, *rest = (org.put("Contact", {"LastName": "Ruiz"}) for _ in range(4))
    for losers in (rest, [], [first]):
        with pytest.raises(ValueError, match="one or two other records"):
            merge_records(org, {"object": "Contact", "winner": first, "losers": losers})
