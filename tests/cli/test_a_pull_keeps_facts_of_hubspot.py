"""`crmsync pull` keeps what a portal tells beside its records, beside the native connector too, and says how much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from cli.places import Served, make_workspace, mend
from crmsync.commands.columns import open_columns
from crmsync.commands.workspace import open_workspace
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.native.ticking import attach
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.warehouse.audit_db import build_face

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ANA = "ana@uno.example"
A_QUARTER = 900
# From the activity to a contact: developers.hubspot.com, association type ids (read 2026-11)
TO_CONTACT = {"calls": 194, "emails": 198, "meetings": 200, "notes": 202, "tasks": 204}
LOGGED = {
    "calls": {"hs_call_title": "Hello", "hs_call_status": "COMPLETED"},
    "emails": {"hs_email_subject": "Offer", "hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
    "meetings": {"hs_meeting_title": "Demo", "hs_meeting_outcome": "COMPLETED"},
    "notes": {"hs_note_body": "she likes it"},
    "tasks": {"hs_task_subject": "Send the contract"},
}  # fmt: skip


@pytest.fixture
def both() -> Iterator[Served]:
    """Ana in both CRMs, and HubSpot's own connector between them, looking every 15 minutes."""
    clock = Clock(frozen_at=NOW)
    salesforce = SalesforceWorld(Tables("salesforce"), clock)
    hubspot = HubspotWorld(Tables("hubspot"), clock)
    attach(salesforce, hubspot)
    with running(salesforce, hubspot) as access:
        yield Served(salesforce, hubspot, access)


@pytest.fixture
def workspace(both: Served, tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "workspace", both.access)


@pytest.fixture
def ana(both: Served) -> str:
    """Ana's id in HubSpot, who was touched once since the connector was turned on."""
    both.salesforce.put("Contact", {"Email": ANA, "FirstName": "Ana", "LastName": "Ruiz"})
    names = {"email": ANA, "firstname": "Ana", "lastname": "Ruiz", "lifecyclestage": "lead"}
    made = both.hubspot.put("contacts", names)
    both.hubspot.rehearse("native", {"on": True})
    both.hubspot.put("contacts", {"city": "Lima"}, made)
    later(both)
    return made


def later(both: Served) -> None:
    """A quarter of an hour passes, and the connector looks."""
    both.hubspot.clock.advance(A_QUARTER)
    both.hubspot.before_call()


def log(both: Served, ana: str) -> dict[str, str]:
    """The id of one activity of each kind with Ana, logged a minute after another."""
    made = {}
    for name, values in LOGGED.items():
        both.hubspot.clock.advance(60)
        at = {"hs_timestamp": both.hubspot.clock.now().isoformat()}
        made[name] = both.hubspot.put(name, {**at, **values})
        both.hubspot.associate(name, made[name], "contacts", ana, [TO_CONTACT[name]])
    return made


def asked(folder: Path, *queries: str) -> list[list[tuple[Any, ...]]]:
    """What the face answers."""
    import duckdb

    workspace, file = open_workspace(folder), folder / "face.duckdb"
    with workspace.store() as store, open_columns(workspace, store) as columns:
        build_face(columns, file)
    with duckdb.connect(str(file), read_only=True) as db:
        return [db.execute(query).fetchall() for query in queries]


def test_no_activity_counts_twice_beside_the_native_connector(
    workspace: Path, crm: Crm, both: Served, ana: str
) -> None:
    made = log(both, ana)
    for _ in range(3):
        later(both)
    assert len(both.salesforce.rows.ids("Task")) == len(LOGGED), "all were copied"
    both.salesforce.put("Task", {"Subject": "Call", "TaskSubtype": "Call", "Status": "Completed",
                                 "WhoId": both.salesforce.rows.ids("Contact")[0]})  # fmt: skip
    assert crm("pull").code == 0
    activities, mirrors, people = asked(
        workspace,
        "SELECT system, object, id FROM activity ORDER BY 1, 2",
        "SELECT of_object, of_id FROM activity_mirror ORDER BY 1",
        "SELECT count(DISTINCT key) FROM activity_about WHERE entity = 'contact'",
    )
    assert [row[:2] for row in activities] == [
        *(("hubspot", name) for name in LOGGED),
        ("salesforce", "Task"),
    ]
    assert mirrors == sorted(made.items())
    assert people == [(1,)]


@pytest.mark.slow
def test_facts_of_a_portal_are_counted_kept_and_told_in_both_languages(
    workspace: Path, crm: Crm, both: Served, ana: str
) -> None:
    log(both, ana)
    told = {"kind": "list", "object": "contacts", "name": "News", "processing": "MANUAL"}
    both.hubspot.rehearse("declare", {**told, "members": [ana]})
    said = crm("pull")
    assert said.code == 0
    for line in ("activities: 5 since 20", "lists and members: 2\n", "stages of pipelines: 23\n"):
        assert f"hubspot {line}" in said.err
    assert "hubspot listas y miembros: 2\n" in crm("pull", "--lang", "es").err
    members, source, stages = asked(
        workspace,
        "SELECT l.name, c.email FROM list_member m JOIN list l ON l.id = m.list_id "
        "JOIN contact c ON c.key = m.key AND c.system = 'hubspot'",
        "SELECT made_by, activities FROM marketing WHERE entity = 'contact'",
        "SELECT stage FROM stage_time",
    )
    assert members == [("News", ANA)]
    assert source == [("IMPORT", 4)]
    assert stages == [("lead",)]


def test_companions_cost_no_call_and_follow_the_portal(
    workspace: Path, crm: Crm, both: Served, ana: str
) -> None:
    """They come along with the mapped properties."""
    off = "{kind: hubspot, activities_days: 0, history_days: 0, lists: false, consent: false,"
    mend(workspace, "crmsync.yml", "{kind: hubspot,", off)
    both.hubspot.requests.clear()
    assert crm("pull").code == 0
    asked_ = [one for one in both.hubspot.requests if "/objects/" in one["path"]]
    pages = [one for one in asked_ if one["path"].endswith("/contacts")]
    live = [one for one in pages if "archived=False" in one["query"]]
    assert len(live) == 1
    assert "hs_email_hard_bounce_reason_enum" in live[0]["query"]
    assert not [one for one in asked_ if one["path"].endswith("/contacts/batch/read")]
    both.hubspot.put("contacts", {"hs_email_hard_bounce_reason_enum": "UNKNOWN_USER"}, ana)
    assert crm("pull").code == 0
    assert asked(workspace, "SELECT hard_bounce FROM marketing") == [[("UNKNOWN_USER",)]]


def test_without_a_scope_the_pull_is_whole_and_names_it(
    workspace: Path, crm: Crm, both: Served, ana: str
) -> None:
    objects = ("contacts", "companies", "deals")
    scopes = [f"crm.{kind}.{name}.read" for kind in ("objects", "schemas") for name in objects]
    both.hubspot.rehearse("tokens", {"scopes": [*scopes, "crm.objects.owners.read"]})
    said = crm("pull")
    assert said.code == 0
    give = "not read: Give the service key the scope crm.lists.read."
    assert f"hubspot lists and members: {give}" in said.err
    assert said.err.count("crm.lists.read") == 1
    assert "hubspot activities: 0 since" in said.err
    assert "hubspot types of subscription: not read:" in said.err
    spanish = crm("pull", "--lang", "es").err
    assert "hubspot listas y miembros: no se leyó: " in spanish
    assert "hubspot tipos de suscripción: no se leyó: " in spanish
    assert "definitions" not in spanish
    assert " or " not in spanish
