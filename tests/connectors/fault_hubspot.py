"""The verbs of the HubSpot connector, and a portal of a few records, for the matrix of faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.fault_matrix import Subject, Verb, changed, first_fact, living, surveyed, table
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot import session
from crmsync.connectors.hubspot.connector import HubspotConnector, open_connector
from crmsync.core.rights import Demand, Right
from crmsync.errors import Refused
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables

KEY = "crmsync_key"
ALL, ROLES = "associations.contacts.all", "associations.contacts.roles"
PRIMARY = "associations.companies.primary"
LABEL = "Decision maker"
CONTACTS = [str(734_931_097_700 + at) for at in range(1, 8)]
DEAL, COMPANY = "33451", "33452"


def filled() -> HubspotWorld:
    """A portal of a few records made an hour and a half ago, whose pages hold three rows.

    What is made this very second, or so lately that search has not heard, is counted by nobody.
    """
    clock = Clock()
    clock.advance(-5400)
    world = HubspotWorld(Tables("hubspot"), clock)
    world.switches.most_page_rows = 3
    for at in range(4):
        world.put("owners", {"email": f"o{at}@owners.example", "lastName": f"Owner {at}"})
    for name in ("contacts", "companies"):
        world.define_property(name, KEY, "string", "text", hasUniqueValue=True)
    label = world.define_label("deals", "contacts", LABEL)
    world.put("companies", {"name": "Acme", KEY: "account", "description": "7"}, COMPANY)
    for at, id_ in enumerate(CONTACTS):
        values = {"lastname": f"Number {at}", "email": f"n{at}@people.example", KEY: f"k{at}"}
        world.put("contacts", values, id_)
    deal = {"dealname": "Deal", "dealstage": "contractsent", "pipeline": "default"}
    world.put("deals", deal, DEAL)
    gone = world.put("contacts", {"lastname": "Gone", "email": "gone@people.example"})
    archive(world.portal, "contacts", gone)
    for at in range(4):
        told = {"hs_timestamp": f"2026-11-0{at + 1}T09:00:00Z", "hs_call_title": f"Call {at}"}
        call = world.put("calls", told)
        world.associate("calls", call, "contacts", CONTACTS[at], [194])
    for at in range(3):
        world.put("deals", {**deal, "dealname": f"Deal {at}"}, f"3346{at}")
    world.associate("deals", DEAL, "companies", COMPANY, [341, 5])
    for id_ in CONTACTS[:4]:
        world.associate("deals", DEAL, "contacts", id_, [3, label])
    return world


def contacts_of(world: HubspotWorld) -> Any:
    """Names of every live contact, without ids of new ones."""
    rows = [row for _, row in world.tables.rows("contacts") if not row.get("archivedAt")]
    told = ("lastname", "firstname", KEY)
    return sorted(tuple(str(row["properties"].get(name)) for name in told) for row in rows)


def _ties_of(world: HubspotWorld) -> Any:
    world.portal.refresh()
    return {
        to: {
            other: sorted(types) for other, types in world.portal.ties.of("deals", DEAL, to).items()
        }
        for to in ("contacts", "companies")
    }


def _properties_of(world: HubspotWorld) -> Any:
    world.portal.refresh()
    return KEY in world.portal.definitions("contacts")


def _create(connector: HubspotConnector) -> Any:
    cells = {"n1": "n1@new.example", "n2": "n2@new.example"}
    return connector.write(
        "contacts",
        [
            WriteRequest(key, "create", None, key, {"lastname": "New", "email": mail})
            for key, mail in cells.items()
        ],
    )


def _update(connector: HubspotConnector) -> Any:
    return connector.write(
        "contacts",
        [WriteRequest(id_, "update", id_, None, {"firstname": "Ana"}) for id_ in CONTACTS[:2]],
    )


def _tie(connector: HubspotConnector) -> Any:
    """A label comes, one goes, a plain tie goes, and so does the company."""
    cells = {
        ROLES: f"+{CONTACTS[6]}|{LABEL};-{CONTACTS[0]}|{LABEL}",
        ALL: f"-{CONTACTS[1]};+{CONTACTS[6]}",
        PRIMARY: None,
    }
    return connector.write("deals", [WriteRequest("d", "update", DEAL, None, cells)])


def _rights(connector: HubspotConnector) -> Any:
    """The scopes of the token; what could not be looked at, as it can otherwise, counts as refused."""
    demand = Demand("contacts", {"lastname": ("last_name",)}, {"lastname": ("last_name",)})
    found = connector.reviewer().held([demand])
    # No read of one row shows whether a token may write, nor a scope in whose place another one serves.
    usual = {Right("crm.objects.contacts.write"), Right("crm.schemas.contacts.read")}
    if found.unseen - usual:
        raise Refused(", ".join(sorted(each.place for each in found.unseen)))
    return found.rights, found.unseen


# A 404 in HubSpot's own words; and labels this token may not see, for which any may be tried.
GONE = frozenset(("404",))
HIDDEN = frozenset(("403-access", "403-flat", "403-echo"))
VERBS = (
    Verb("whoami", lambda one: one.whoami()),
    Verb("schema", lambda one: one.schema("deals"), believes=HIDDEN, uncounted=True),
    Verb(
        "read",
        lambda one: living(one, "contacts", ["lastname", KEY]),
        uncounted=True,
        lists=True,
    ),
    Verb(
        "read ties",
        lambda one: table(one.read("deals", ["dealname", ALL, ROLES])),
        uncounted=True,
    ),
    Verb(
        "associations",
        lambda one: table(one.associations("deals", "contacts")),
        uncounted=True,
    ),
    Verb("changes", lambda one: changed(one, "contacts", "lastname"), uncounted=True),
    Verb(
        "gone",
        lambda one: one.gone("contacts", "").rows.column("id").to_pylist(),
        uncounted=True,
    ),
    Verb("count", lambda one: one.count("contacts")),
    Verb("facts", first_fact, uncounted=True),
    Verb("survey", lambda one: surveyed(one, "contacts"), uncounted=True),
    Verb("rights", _rights, believes=HIDDEN),
    Verb("owners", lambda one: one.owners().to_pylist(), uncounted=True),
    Verb("stages", lambda one: one.stages().to_pylist(), uncounted=True),
    Verb("get", lambda one: one.get("contacts", CONTACTS, ["lastname"]), believes=GONE),
    Verb(
        "get ties",
        lambda one: one.get("deals", [DEAL], ["dealname", ALL, ROLES]),
        believes=GONE,
        uncounted=True,
    ),
    Verb("find", lambda one: one.find("contacts", [f"k{at}" for at in range(7)]), believes=GONE),
    Verb("sentinel", lambda one: one.sentinel("account"), believes=GONE),
    Verb("footprint", lambda one: one.footprint(["contacts", "deals"]), uncounted=True),
    Verb("create", _create, contacts_of),
    # Its first call is the write: a fault that stays is told of that, and not of the look at the properties.
    Verb("update", _update, contacts_of, before=lambda one: one.schema("contacts")),
    Verb("ties", _tie, _ties_of, steps=True, uncounted=True),
    Verb(
        "remove record",
        lambda one: one.remove_record("contacts", CONTACTS[0]),
        contacts_of,
        believes=GONE,
    ),
    Verb(
        "remove key",
        lambda one: one.remove_key("contacts"),
        _properties_of,
        steps=True,
        uncounted=True,
    ),
    Verb(
        "install key",
        lambda one: one.install_key("contacts", []),
        _properties_of,
        steps=True,
        before=lambda one: one.remove_key("contacts"),
    ),
)


def _settings(world: HubspotWorld) -> Mapping[str, str]:
    return {"token": world.token}


_opens: Callable[..., HubspotConnector] = open_connector
HUBSPOT = Subject(
    system="hubspot",
    verbs=VERBS,
    filled=filled,
    world=lambda tables: HubspotWorld(tables, Clock()),
    app=hubspot_app,
    settings=_settings,
    opens=_opens,
    session=session,
    paths={"nothing-done": "*/batch/*"},  # seen for batches alone
)
