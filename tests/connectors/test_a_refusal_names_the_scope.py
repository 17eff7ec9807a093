"""A 403 of HubSpot that names no scope: what helps is the scope that the call takes, and where to see all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors import paced_portals
from connectors.portals import Portal
from crmsync.connectors.hubspot.scopes import scope_of
from crmsync.errors import AccessDenied
from crmsync.language import translate_said
from crmsync.testing.proxy import Proxy, proxied, says

served = paced_portals.served
portal = paced_portals.portal


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    with proxied(portal.url) as proxy:
        yield proxy


def test_what_helps_names_the_scope_of_the_call_and_the_command(
    portal: Portal, proxy: Proxy
) -> None:
    connector = portal.connect(url=proxy.url)
    proxy.only = "limit=100"
    proxy.faults = [says(403, {"category": "MISSING_SCOPES", "message": "no", "context": {}})]
    with pytest.raises(AccessDenied) as raised:
        list(connector.read("deals", ["dealname"]))
    remedy = raised.value.remedy
    assert remedy == "See whether the token has the scope crm.objects.deals.read: crmsync scopes"
    assert translate_said(remedy, "es").endswith("crm.objects.deals.read: crmsync scopes")
    assert translate_said(remedy, "es") != remedy


def test_where_no_scope_is_known_the_command_still_is(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect(url=proxy.url)
    proxy.faults = [says(403, b"<html>no</html>")]
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert raised.value.remedy.endswith("missing: crmsync scopes")


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        ("hubspot: GET objects/contacts", "crm.objects.contacts.read"),
        ("my portal: POST objects/companies/search", "crm.objects.companies.read"),
        ("hubspot: POST objects/deals/batch/read", "crm.objects.deals.read"),
        ("hubspot: POST objects/deals/batch/upsert", "crm.objects.deals.write"),
        ("hubspot: DELETE objects/contacts", "crm.objects.contacts.write"),
        ("hubspot: GET objects/meetings", "crm.objects.contacts.read"),
        ("hubspot: GET owners", "crm.objects.owners.read"),
        ("hubspot: POST lists/search", "crm.lists.read"),
        ("hubspot: POST automation/flows/batch/read", "automation"),
        ("hubspot: GET communication-preferences/statuses", "communication_preferences.read"),
        (
            "hubspot: POST communication-preferences/batch/read",
            "communication_preferences.statuses.batch.read",
        ),
        (
            "hubspot: POST communication-preferences/unsubscribe-all",
            "communication_preferences.read_write",
        ),
        ("hubspot: GET objects/p148_machines", ""),
        ("hubspot: GET properties", ""),
        ("hubspot: POST associations/batch/read", ""),
    ],
)
def test_a_call_takes_one_scope_or_none_is_named(call: str, scope: str) -> None:
    assert scope_of(call) == scope
