"""The SOAP calls that have no REST resource, as a client of the partner WSDL sends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld

USER = "integration@sandbox.example"
Send = Callable[..., httpx.Response]


@pytest.fixture
def send(org: SalesforceWorld, org_url: str) -> Send:
    """Sends the body of an envelope with the session of the day."""

    def post(body: str, session: str | None = None, version: str = "67.0") -> httpx.Response:
        envelope = (
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
            'xmlns:urn="urn:partner.soap.sforce.com" xmlns:o="urn:sobject.partner.soap.sforce.com">'
            f"<soapenv:Header><urn:SessionHeader><urn:sessionId>{session or org.token}"
            "</urn:sessionId></urn:SessionHeader></soapenv:Header>"
            f"<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
        )
        url = f"{org_url}/services/Soap/u/{version}"
        headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
        return httpx.post(url, content=envelope, headers=headers, trust_env=False)

    return post


def said(answer: httpx.Response, name: str) -> list[str | None]:
    """The texts of all elements of that name."""
    root = ElementTree.fromstring(answer.content)
    return [each.text for each in root.iter() if each.tag.rpartition("}")[2] == name]


def merging(name: str, winner: str, *losers: str, more: str = "") -> str:
    ids = "".join(f"<urn:recordToMergeIds>{each}</urn:recordToMergeIds>" for each in losers)
    return (
        f"<urn:merge><urn:request><urn:masterRecord><o:type>{name}</o:type><o:Id>{winner}</o:Id>"
        f"{more}</urn:masterRecord>{ids}</urn:request></urn:merge>"
    )


def test_a_merge_moves_children_and_may_change_the_master(org: SalesforceWorld, send: Send) -> None:
    winner, loser = (org.put("Account", {"Name": name}) for name in ("Acme", "ACME"))
    contact = org.put("Contact", {"LastName": "Ruiz", "AccountId": loser})
    answer = send(merging("Account", winner, loser, more="<o:Phone>+34 911</o:Phone>"))
    assert (answer.status_code, said(answer, "success")) == (200, ["true"])
    assert said(answer, "mergedRecordIds") == [loser]
    assert (org.rows.get("Account", loser) or {})["MasterRecordId"] == winner
    assert (org.rows.get("Account", winner) or {})["Phone"] == "+34 911"
    assert (org.rows.get("Contact", contact) or {})["AccountId"] == winner


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [("Account", "<o:Nope>x</o:Nope>", "INVALID_FIELD"), ("Lead", "", "INVALID_ID_FIELD")],
)
def test_a_refused_merge_changes_nothing(
    org: SalesforceWorld, send: Send, name: str, more: str, code: str
) -> None:
    winner, loser = (org.put("Account", {"Name": each}) for each in ("Acme", "ACME"))
    answer = send(merging(name, winner, loser, more=more))
    assert (said(answer, "success"), said(answer, "statusCode")) == (["false"], [code])
    assert (org.rows.get("Account", loser) or {}).get("IsDeleted") in (None, False)


def convert(lead: str, status: str = "Closed - Converted", more: str = "") -> str:
    return (
        f"<urn:convertLead><urn:leadConverts><urn:convertedStatus>{status}</urn:convertedStatus>"
        f"<urn:leadId>{lead}</urn:leadId>{more}</urn:leadConverts></urn:convertLead>"
    )


def test_a_lead_is_converted_into_new_records(org: SalesforceWorld, send: Send) -> None:
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "Acme & Co"})
    answer = send(convert(lead))
    (opportunity,) = said(answer, "opportunityId")
    assert (org.rows.get("Opportunity", str(opportunity)) or {})["Name"] == "Acme & Co"
    row = org.rows.get("Lead", lead) or {}
    assert [row["ConvertedContactId"]] == said(answer, "contactId")
    answer = send(convert(lead))
    assert said(answer, "statusCode") == ["CANNOT_UPDATE_CONVERTED_LEAD"]


def test_a_lead_is_converted_into_records_that_are_there(org: SalesforceWorld, send: Send) -> None:
    account = org.put("Account", {"Name": "Acme"})
    contact = org.put("Contact", {"LastName": "R", "AccountId": account, "LeadSource": "Web"})
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "X", "LeadSource": "Other"})
    more = (
        f"<urn:accountId>{account}</urn:accountId><urn:contactId>{contact}</urn:contactId>"
        "<urn:doNotCreateOpportunity>true</urn:doNotCreateOpportunity>"
        "<urn:overwriteLeadSource>true</urn:overwriteLeadSource>"
    )
    answer = send(convert(lead, more=more))
    assert (said(answer, "contactId"), said(answer, "opportunityId")) == ([contact], [None])
    row = org.rows.get("Contact", contact) or {}
    assert (row["LastName"], row["LeadSource"]) == ("R", "Other")
    assert org.tables.count("Opportunity") == 0


def test_a_status_that_converts_nothing_is_refused(org: SalesforceWorld, send: Send) -> None:
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "X"})
    answer = send(convert(lead, "Working - Contacted"))
    assert said(answer, "statusCode") == ["INVALID_STATUS"]
    assert org.tables.count("Contact") == 0


def test_records_come_out_of_the_bin_or_go_for_good(
    org: SalesforceWorld, send: Send, api: httpx.Client
) -> None:
    ids = [org.put("Contact", {"LastName": name}) for name in "ab"]
    for id_ in ids:
        api.delete(f"/services/data/v67.0/sobjects/Contact/{id_}")
    body = f"<urn:ids>{ids[0]}</urn:ids><urn:ids>003000000000009</urn:ids>"
    answer = send(f"<urn:undelete>{body}</urn:undelete>")
    assert (said(answer, "success"), said(answer, "statusCode")) == (
        ["true", "false"],
        ["UNDELETE_FAILED"],
    )
    answer = send(f"<urn:emptyRecycleBin><urn:ids>{ids[1]}</urn:ids></urn:emptyRecycleBin>")
    assert said(answer, "success") == ["true"]
    assert org.tables.ids("Contact") == ids[:1]


@pytest.mark.parametrize(
    ("body", "session", "version", "code"),
    [
        ("<urn:undelete/>", "wrong", "67.0", "INVALID_SESSION_ID"),
        ("<urn:query/>", None, "67.0", "Client"),
        ("", None, "67.0", "Client"),
        ("<urn:undelete>", None, "67.0", "Client"),
        ("<urn:undelete/>", None, "20.0", "UNSUPPORTED_API_VERSION"),
        ("<urn:login/>", None, "65.0", "UNSUPPORTED_API_VERSION"),
        ("<urn:login/>", None, "64.0", "INVALID_LOGIN"),
    ],
)
def test_what_cannot_be_answered_is_a_fault(
    send: Send, body: str, session: str | None, version: str, code: str
) -> None:
    answer = send(body, session, version)
    assert answer.status_code == 500
    assert said(answer, "exceptionCode") == [code]


def test_a_document_type_is_not_read(org_url: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'
    answer = httpx.post(f"{org_url}/services/Soap/u/64.0", content=bomb, trust_env=False)
    assert said(answer, "exceptionMessage") == ["DOCTYPE is not allowed"]


def login(org: SalesforceWorld, session: requests.Session, password: str) -> Any:
    return Salesforce(
        username=USER, password=password, security_token="", session=session, version="64.0"
    )


def test_simple_salesforce_logs_in_with_a_password(
    org: SalesforceWorld, loopback: requests.Session
) -> None:
    client = login(org, loopback, org.client_secret)
    assert client.session_id == org.token
    assert client.query("SELECT Id FROM User")["totalSize"] == 1
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        login(org, loopback, "wrong")


def test_logins_can_be_off_as_in_a_new_org(
    org: SalesforceWorld, loopback: requests.Session
) -> None:
    set_switch(org.tables, "soap_login", False)
    with pytest.raises(SalesforceAuthenticationFailed, match="disabled"):
        login(org, loopback, org.client_secret)
