"""An org that can be entered in every way, and settings that are refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.entering import problems_of
from connectors.orgs import NOW, Org, served_org
from crmsync.connectors.salesforce.connector import open_connector
from crmsync.connectors.salesforce.ways import WAYS
from crmsync.sandbox.salesforce.switches import set_switch

URL = "https://acme.my.salesforce.com"


APP = {"client_id": "key-of-the-app", "client_secret": "secret-of-the-app"}


RENEWING = [name for name in WAYS if name != "session token"]


@pytest.fixture(scope="module")
def served() -> Iterator[Org]:
    with served_org() as org:
        yield org


@pytest.fixture
def org(served: Org) -> Org:
    served.world.requests.clear()
    for name in ("soap_login", "oauth_password", "jwt_general_audience"):
        set_switch(served.world.tables, name, True)
    return served


def refused(**settings: str) -> list[str]:
    """Every problem of settings, with its remedy."""
    return problems_of(open_connector, settings, NOW)
