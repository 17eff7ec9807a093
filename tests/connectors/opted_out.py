"""What the tests of consent share: a contact with an address, and what is known of its opt-outs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest, WriteResult
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.contact_properties import SUBSCRIPTIONS
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld

Open = Callable[..., HubspotConnector]
OUT = "hs_email_optout"
TYPE = str(SUBSCRIPTIONS[0][0])
OUT_OF_ONE = f"{OUT}_{TYPE}"
ALL = "unsubscribe-all"


@pytest.fixture
def portal(sandbox: Sandbox) -> Iterator[HubspotWorld]:
    offset = sandbox.hubspot.clock.offset
    yield sandbox.hubspot
    sandbox.hubspot.clock.offset = offset
    for name, switch in SWITCHES.items():
        setattr(sandbox.hubspot.switches, name, switch.default)


@pytest.fixture
def unique(unique: str) -> str:
    return f"consent-{unique}-"


@pytest.fixture
def connector(open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


@pytest.fixture
def email(unique: str) -> str:
    return f"{unique}@consent.example"


@pytest.fixture
def ana(portal: HubspotWorld, email: str) -> str:
    return portal.put("contacts", {"email": email, "lastname": "Ruiz"})


def changed(connector: HubspotConnector, one: str, **cells: str | None) -> WriteResult:
    given: Cells = dict(cells)
    [end] = connector.write("contacts", [WriteRequest("u", "update", one, None, given)])
    return end


def out(portal: HubspotWorld, email: str) -> bool:
    return bool(consent.consent_of(portal.portal, email)["all"])


def held(connector: HubspotConnector, one: str, *names: str) -> Cells:
    return connector.get("contacts", [one], names)[one]
