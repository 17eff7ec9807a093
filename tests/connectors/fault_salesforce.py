"""The verbs of the Salesforce connector, and an org of a few records, for the matrix of faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.fault_matrix import Subject, Verb, changed, first_fact, living, surveyed, table
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce import session
from crmsync.connectors.salesforce.connector import SalesforceConnector, open_connector
from crmsync.core.rights import Demand
from crmsync.errors import Refused
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables

KEY = "crmsync_key__c"
ROLE = "OpportunityContactRole"
ROLES = "associations.Contact.roles"
CONTACTS = [f"00300000000000{at}AAA" for at in range(1, 8)]
DEAL, ACCOUNT = "006000000000001AAA", "001000000000001AAA"
# Every object is read by a query job, its results in three pages.
BULK = {"bulk_above": "0"}


def filled() -> SalesforceWorld:
    """An org of a few records made half an hour ago, whose pages hold three rows."""
    clock = Clock()
    clock.advance(-1800)
    world = SalesforceWorld(Tables("salesforce"), clock)
    set_switch(world.tables, "most_page_rows", 3)
    set_switch(world.tables, "bulk_most_rows", 3)
    for at in range(4):
        mail = f"u{at}@sales.example"
        world.put("User", {"LastName": f"User {at}", "Email": mail, "IsActive": True})
    world.put("Account", {"Name": "Acme", KEY: "account", "Description": "7"}, ACCOUNT)
    for at, id_ in enumerate(CONTACTS):
        world.put("Contact", {"LastName": f"Number {at}", KEY: f"k{at}"}, id_)
    world.put("Contact", {"LastName": "Gone", "IsDeleted": True})
    for at in range(4):
        world.put("Task", {"WhoId": CONTACTS[at], "Subject": f"Call {at}"})
    deal = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    world.put("Opportunity", deal, DEAL)
    for id_ in CONTACTS[:4]:
        world.put(ROLE, {"OpportunityId": DEAL, "ContactId": id_, "Role": "Evaluator"})
    return world


def rows_of(*names: str) -> Callable[[SalesforceWorld], Any]:
    """What stands in some objects, without stamps and ids of new records."""

    def rows(world: SalesforceWorld) -> Any:
        found = [
            (name, *(str(row.get(each)) for each in _TOLD))
            for name in names
            for _, row in world.tables.rows(name)
            if not row.get("IsDeleted")
        ]
        return sorted(found)

    return rows


_TOLD = (
    "LastName", "FirstName", "Name", "Description", KEY, "ContactId", "OpportunityId", "Role",
    "Field", "PermissionSetId", "AssigneeId", "PermissionsEdit",
)  # fmt: skip


def _fields(world: SalesforceWorld) -> Any:
    return [world.tables.ids("~fields"), "crmsync_key__c" in world.shapes["lead"].fields]


def _create(connector: SalesforceConnector) -> Any:
    cells: dict[str, str | None] = {"LastName": "New"}
    return connector.write(
        "Contact", [WriteRequest(key, "create", None, key, cells) for key in ("n1", "n2")]
    )


def _update(connector: SalesforceConnector) -> Any:
    return connector.write(
        "Contact",
        [WriteRequest(id_, "update", id_, None, {"FirstName": "Ana"}) for id_ in CONTACTS[:2]],
    )


def _tie(connector: SalesforceConnector) -> Any:
    delta = f"+{CONTACTS[6]}|Evaluator;-{CONTACTS[0]}|Evaluator"
    return connector.write("Opportunity", [WriteRequest("d", "update", DEAL, None, {ROLES: delta})])


def _rights(connector: SalesforceConnector) -> Any:
    """The rights of the user over contacts; what could not be looked at, as it can otherwise, counts as refused."""
    demand = Demand("Contact", {"LastName": ("last_name",)}, {"LastName": ("last_name",)})
    found = connector.reviewer().held([demand])
    unchecked = set(found.unchecked) - {"sources_none"}  # this user holds no permission set
    if unchecked:
        raise Refused(", ".join(unchecked))
    return found.rights, found.unseen


# 404 NOT_FOUND, in the org's own words.
GONE = frozenset(("404",))
VERBS = (
    Verb("whoami", lambda one: one.whoami()),
    Verb("schema", lambda one: one.schema("Opportunity"), believes=GONE),
    Verb("read", lambda one: living(one, "Contact", ["LastName", KEY]), lists=True),
    Verb(
        "read in bulk",
        lambda one: living(one, "Contact", ["LastName", KEY]),
        lists=True,
        settings=BULK,
    ),
    Verb("changes", lambda one: changed(one, "Contact", "LastName")),
    Verb("gone", lambda one: one.gone("Contact", "").rows.column("id").to_pylist()),
    Verb("count", lambda one: one.count("Contact")),
    Verb("read ties", lambda one: table(one.read("Opportunity", ["Name", ROLES])), believes=GONE),
    Verb("associations", lambda one: table(one.associations("Opportunity", "Contact"))),
    Verb("merged", lambda one: table(one.merged("Contact"))),
    Verb("facts", first_fact),
    Verb("survey", lambda one: surveyed(one, "Contact")),
    Verb("rights", _rights, believes=GONE),
    Verb("owners", lambda one: one.owners().to_pylist()),
    Verb("stages", lambda one: one.stages().to_pylist()),
    Verb("get", lambda one: one.get("Contact", CONTACTS, ["LastName"])),
    Verb("get ties", lambda one: one.get("Opportunity", [DEAL], ["Name", ROLES]), believes=GONE),
    Verb("find", lambda one: one.find("Contact", [f"k{at}" for at in range(7)])),
    Verb("sentinel", lambda one: one.sentinel("account")),
    Verb("footprint", lambda one: one.footprint(["Contact", "Lead"])),
    Verb("create", _create, rows_of("Contact")),
    Verb("update", _update, rows_of("Contact")),
    Verb("ties", _tie, rows_of(ROLE), steps=True),
    Verb(
        "remove record",
        lambda one: one.remove_record("Contact", CONTACTS[0]),
        rows_of("Contact"),
        believes=GONE,
    ),
    Verb("remove key", lambda one: one.remove_key("Lead"), _fields, steps=True, believes=GONE),
    Verb(
        "install key",
        lambda one: one.install_key("Lead", []),
        _fields,
        steps=True,
        before=lambda one: one.remove_key("Lead"),
    ),
)


def _settings(world: SalesforceWorld) -> Mapping[str, str]:
    return {"client_id": world.client_id, "client_secret": world.client_secret}


SALESFORCE = Subject(
    system="salesforce",
    verbs=VERBS,
    filled=filled,
    world=lambda tables: SalesforceWorld(tables, Clock()),
    app=salesforce_app,
    settings=_settings,
    opens=open_connector,
    session=session,
    lag_s=120,
)
