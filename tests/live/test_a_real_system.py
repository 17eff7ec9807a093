"""A real org and a real portal, only read: `make test-live`. Each is skipped without its credentials.

Nothing of what is read is printed or kept. Opened without the right to write, and counted at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from crmsync.connectors.abilities import GONE_COLUMNS, IncrementalConnector, OnlyWhole
from crmsync.connectors.base import OWNER_COLUMNS, STAGE_COLUMNS, SYSTEM_COLUMNS, Connector
from crmsync.connectors.registry import open_connector

pytestmark = pytest.mark.live

# One of the ways in of each kind, by the names that crmsync.yml of `init` uses
WAYS_IN = {
    "salesforce": (
        {"url": "SALESFORCE_URL", "token": "SALESFORCE_TOKEN"},
        {
            "url": "SALESFORCE_URL",
            "client_id": "SALESFORCE_CLIENT_ID",
            "client_secret": "SALESFORCE_CLIENT_SECRET",
        },
    ),
    "hubspot": (
        {"token": "HUBSPOT_TOKEN", "url": "HUBSPOT_URL"},
        {
            "client_id": "HUBSPOT_CLIENT_ID",
            "client_secret": "HUBSPOT_CLIENT_SECRET",
            "refresh_token": "HUBSPOT_REFRESH_TOKEN",
        },
        {"token": "HUBSPOT_TOKEN"},
    ),
}
FIELDS = {
    "Contact": ["LastName", "Email"],
    "Lead": ["LastName", "Status"],
    "Account": ["Name"],
    "Opportunity": ["Name", "StageName", "Amount", "CloseDate"],
    "contacts": ["lastname", "email", "lifecyclestage"],
    "companies": ["name", "domain"],
    "deals": ["dealname", "dealstage", "amount"],
}


# What a read would otherwise make: a query job, however short it lives, is something in a real org.
KEPT_OFF = {"salesforce": {"bulk_above": "never"}, "hubspot": {}}


def _settings(kind: str) -> dict[str, str] | None:
    for way in WAYS_IN[kind]:
        if all(os.environ.get(name) for name in way.values()):
            return {**KEPT_OFF[kind], **{key: os.environ[name] for key, name in way.items()}}
    return None


@pytest.fixture(scope="module", params=WAYS_IN)
def connector(request: pytest.FixtureRequest) -> Iterator[Connector]:
    settings = _settings(request.param)
    if settings is None:
        names = " and ".join(WAYS_IN[request.param][-1].values())
        pytest.skip(f"no credentials of {request.param}: set {names}")
    now = datetime.now(UTC)  # noqa: TID251  # a real system has the real time
    opened = open_connector(request.param, request.param, settings, now=now, writes=False)
    yield opened
    opened.close()
    assert opened.meter.written == 0
    assert not [label for label in opened.meter.by_path if "jobs/" in label]


def test_it_says_who_it_is_and_what_is_left_of_the_day(connector: Connector) -> None:
    identity = connector.whoami()
    assert identity.id
    assert abs(connector.clock_skew_s()) < 300
    assert connector.meter.made >= 1


def test_every_object_has_a_schema_with_the_fields_everybody_has(connector: Connector) -> None:
    for name in connector.capabilities.objects:
        fields = connector.schema(name).fields
        assert set(FIELDS.get(name, [])) <= set(fields), name


def test_a_page_of_each_object_is_text_in_normal_form(connector: Connector) -> None:
    for name in connector.capabilities.objects:
        for batch in islice(connector.read(name, FIELDS.get(name, [])), 1):
            assert batch.schema.names == [*SYSTEM_COLUMNS, *FIELDS.get(name, [])]
            assert {str(kind) for kind in batch.schema.types} == {"string"}
            for stamp in batch.column("_modified_at").to_pylist():
                assert len(stamp) == 24
                assert stamp.endswith("Z")


def test_owners_and_stages_are_there(connector: Connector) -> None:
    assert connector.owners().schema.names == list(OWNER_COLUMNS)
    stages = connector.stages()
    assert stages.schema.names == list(STAGE_COLUMNS)
    assert "true" in stages.column("is_won").to_pylist()


def test_a_record_that_is_not_there_is_left_out(connector: Connector) -> None:
    name = connector.capabilities.objects[1]
    unknown = {"salesforce": "003000000000zzzAAA", "hubspot": "999999999998"}[connector.system]
    assert connector.get(name, [unknown], FIELDS[name]) == {}


def test_what_changed_and_went_is_told_or_why_only_all_can_be_read(connector: Connector) -> None:
    assert isinstance(connector, IncrementalConnector)
    name = connector.capabilities.objects[1]
    hour_ago = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251  # a real system has the real time
    since = hour_ago.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert connector.count(name) >= 0
    assert connector.gone(name, since).rows.schema.names == list(GONE_COLUMNS)
    found = connector.changes(name, FIELDS[name], since)
    if isinstance(found, OnlyWhole):
        assert found.reason
        return
    rows = sum(batch.num_rows for batch in found.live)
    assert rows <= connector.count(name) + len(found.gone())
