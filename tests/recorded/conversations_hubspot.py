"""The main conversations of the HubSpot connector with its CRM, as `conversations.py` has those of Salesforce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crmsync.connectors.abilities import Changes
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from recorded.conversations import SCHEMAS, Conversation, error_of, identity, rows_of

ALL, ROLES = "associations.contacts.all", "associations.contacts.roles"
PRIMARY = "associations.companies.primary"
FIELDS = ("firstname", "lastname", "email", "date_of_birth", "hs_email_optout", PRIMARY)
OBJECTS = ("contacts", "deals")
OAUTH = ("client_id", "client_secret", "refresh_token")


def _schemas(crm: HubspotConnector) -> Any:
    """Of each object: what a sync needs to know of every field."""
    return {
        name: {
            native: [one.type, one.writable, one.createable, sorted(one.options or ())]
            for native, one in sorted(crm.schema(name).fields.items())
        }
        for name in OBJECTS
    }


def _stages(crm: HubspotConnector) -> Any:
    return crm.stages().to_pylist()


def _people(crm: HubspotConnector) -> Any:
    return crm.owners().to_pylist()


def _read(crm: HubspotConnector) -> Any:
    """Contacts over several pages, with their companies, and one of them again by its id."""
    rows = [row for batch in crm.read("contacts", FIELDS) for row in batch.to_pylist()]
    return {"rows": rows, "one": crm.get("contacts", [rows[-1]["_id"]], FIELDS)}


def _changes(crm: HubspotConnector) -> Any:
    """What was archived and merged, what changed since, and how many there are."""
    gone = crm.gone("contacts", "")
    found = crm.changes("contacts", FIELDS[:4], "2026-11-01T09:15:00.000Z")
    assert isinstance(found, Changes)
    live = [row for batch in found.live for row in batch.to_pylist()]
    went = sorted(found.gone().to_pylist(), key=lambda row: str(row["id"]))
    return {"gone": gone.rows.to_pylist(), "live": live, "went": went}


def _facts(crm: HubspotConnector) -> Any:
    """Of each table of facts, what was read of it or why it was not."""
    wanted = {"deals": frozenset(("dealstage",))}
    return [
        {"table": fact.table, "unread": fact.unread, "rows": rows_of(fact)}
        for fact in crm.facts(wanted)
    ]


def _review(crm: HubspotConnector) -> Any:
    """What else runs there, and which version is spoken."""
    reviewer = crm.reviewer()
    return {"survey": str(reviewer.survey(["contacts"])), "version": str(reviewer.version())}


def _ties(crm: HubspotConnector) -> Any:
    rows = [one for batch in crm.associations("deals", "contacts") for one in batch.to_pylist()]
    deals = sorted({one["from_id"] for one in rows})
    return {"rows": rows, "sets": crm.get("deals", deals, [ALL, ROLES, PRIMARY])}


def _merges(crm: HubspotConnector) -> Any:
    """The survivor says who went into it; both old ids are nobody's."""
    rows = [
        row for batch in crm.read("contacts", ["hs_merged_object_ids"]) for row in batch.to_pylist()
    ]
    merged = [row for row in rows if row["hs_merged_object_ids"]]
    olds = [one for row in merged for one in row["hs_merged_object_ids"].split(";")]
    return {"rows": merged, "olds": crm.get("contacts", olds, ["lastname"])}


def _writes(crm: HubspotConnector) -> Any:
    """Created once although sent twice, changed, refused, gone: each its own end."""
    cells: dict[str, str | None] = {"lastname": "Ruiz", "email": "r@x.example"}
    new = WriteRequest("c1", "create", None, "ws/contact/1", cells)
    made = crm.write("contacts", [new])
    again = crm.write("contacts", [new])
    one = made[0].native_id
    changes = [
        WriteRequest("u1", "update", one, None, {"firstname": "Ana", "lastname": None}),
        WriteRequest("u3", "update", "999999999998", None, {"firstname": "Ana"}),
    ]
    ends = [*crm.write("contacts", changes)]
    ends += crm.write("contacts", [WriteRequest("u2", "update", one, None, {"email": "none"})])
    found = crm.find("contacts", ["ws/contact/1", "ws/contact/2"])
    return {
        "made": [asdict(each) for each in (*made, *again)],
        "ends": [asdict(each) for each in ends],
        "found": found,
        "now": crm.get("contacts", [str(one)], ["firstname", "lastname", "email"]),
    }


def _roles(crm: HubspotConnector) -> Any:
    """A label comes, changes its name, and goes with its tie; the primary company moves."""
    deals = [row["_id"] for batch in crm.read("deals", []) for row in batch.to_pylist()]
    people = [row["_id"] for batch in crm.read("contacts", []) for row in batch.to_pylist()]
    deal, person = deals[0], people[0]
    told = []
    for cells in (
        {ROLES: f"+{person}|Coach"},
        {ROLES: f"+{person}|Decision maker;-{person}|Coach"},
        {ALL: f"-{person}"},
    ):
        [end] = crm.write("deals", [WriteRequest("t", "update", deal, None, dict(cells))])
        told.append([end.outcome, crm.get("deals", [deal], [ALL, ROLES])[deal]])
    return told


def _refusals(crm: HubspotConnector) -> Any:
    """What an unknown object ends in, and an unknown tie."""
    return [
        error_of(lambda: crm.schema("nosuch")),
        error_of(lambda: list(crm.associations("nosuch", "contacts"))),
    ]


HUBSPOT: Mapping[str, Conversation] = {
    SCHEMAS: Conversation(_schemas, private=False),
    "identity": Conversation(identity, private=False),
    "stages": Conversation(_stages, private=False),
    "refusals": Conversation(_refusals, private=False),
    "review": Conversation(_review, private=False),
    "sign in": Conversation(identity, private=False, way=OAUTH),
    "read": Conversation(_read),
    "changes": Conversation(_changes),
    "facts": Conversation(_facts),
    "ties": Conversation(_ties),
    "people": Conversation(_people),
    "merges": Conversation(_merges),
    "writes": Conversation(_writes),
    "roles": Conversation(_roles),
}
