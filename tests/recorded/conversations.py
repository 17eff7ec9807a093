"""The main conversations of the Salesforce connector with its CRM: what is asked, and what came of it as plain data.

Each is a function of a connector. `private` ones meet records of people; they are recorded from a
simulated CRM only. Those that are not may be recorded from a real one, and only read. All but the
first begin where the connector knows the schemas, so that these are recorded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crmsync.connectors.abilities import Changes
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import CrmsyncError

ROLES = "associations.Contact.roles"
CONTACT_FIELDS = ("FirstName", "LastName", "Email", "Birthdate", "HasOptedOutOfEmail")


@dataclass(frozen=True)
class Conversation:
    """What is said, under which settings, and whether records of people are in it."""

    talk: Callable[[Any], Any]
    private: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    way: tuple[str, ...] = ("token",)

    @property
    def signs_in(self) -> bool:
        """True if a token is fetched first."""
        return self.way != ("token",)

    def asked_with(self, access: Mapping[str, str]) -> dict[str, str]:
        """The settings it takes: a token, or what another one is fetched with."""
        return {**{name: access[name] for name in ("url", *self.way)}, **self.settings}


def identity(crm: Any) -> Any:
    told = asdict(crm.whoami())
    meter = crm.meter
    return {**told, "left": meter.left, "allowed": meter.allowed, "calls": dict(meter.by_path)}


def _schemas(crm: SalesforceConnector) -> Any:
    """Of each object: what a sync needs to know of every field."""
    return {
        name: {
            native: [one.type, one.writable, one.createable, sorted(one.options or ())]
            for native, one in sorted(crm.schema(name).fields.items())
        }
        for name in ("Contact", "Opportunity")
    }


def _stages(crm: SalesforceConnector) -> Any:
    return crm.stages().to_pylist()


def _read(crm: SalesforceConnector) -> Any:
    """Contacts over several pages, and one of them again by its id."""
    rows = [row for batch in crm.read("Contact", CONTACT_FIELDS) for row in batch.to_pylist()]
    return {"rows": rows, "one": crm.get("Contact", [rows[-1]["_id"]], CONTACT_FIELDS)}


def _changes(crm: SalesforceConnector) -> Any:
    """What went, and what changed since; and why only a full read tells what changed in a formula."""
    gone = crm.gone("Contact", "")
    found = crm.changes("Contact", CONTACT_FIELDS, "2026-11-01T09:00:00.000Z")
    assert isinstance(found, Changes)
    live = [row for batch in found.live for row in batch.to_pylist()]
    return {"gone": gone.rows.to_pylist(), "live": live, "went": found.gone().to_pylist()}


def _facts(crm: SalesforceConnector) -> Any:
    """Of each table of facts, what was read of it or why it was not."""
    wanted = {"Opportunity": frozenset(("StageName",))}
    return [
        {"table": fact.table, "unread": fact.unread, "rows": rows_of(fact)}
        for fact in crm.facts(wanted)
    ]


def rows_of(fact: Fact) -> list[Any]:
    return [row for batch in fact.batches for row in batch.to_pylist()]


def _review(crm: SalesforceConnector) -> Any:
    """What else runs there, and which version is spoken."""
    reviewer = crm.reviewer()
    version = reviewer.version()
    return {"survey": str(reviewer.survey(["Contact"])), "version": str(version)}


def _ties(crm: SalesforceConnector) -> Any:
    rows = [
        one for batch in crm.associations("Opportunity", "Contact") for one in batch.to_pylist()
    ]
    deals = sorted({one["from_id"] for one in rows})
    return {"rows": rows, "sets": crm.get("Opportunity", deals, [ROLES])}


def _people(crm: SalesforceConnector) -> Any:
    return crm.owners().to_pylist()


def _merges(crm: SalesforceConnector) -> Any:
    return [row for batch in crm.merged("Contact") for row in batch.to_pylist()]


def _writes(crm: SalesforceConnector) -> Any:
    """Created once although sent twice, changed, refused, gone: each its own end."""
    new = WriteRequest(
        "c1", "create", None, "ws/contact/1", {"LastName": "Ruiz", "Email": "r@x.example"}
    )
    made = crm.write("Contact", [new])
    again = crm.write("Contact", [new])
    one = made[0].native_id
    changes = [
        WriteRequest("u1", "update", one, None, {"FirstName": "Ana", "Email": None}),
        WriteRequest("u2", "update", one, None, {"Email": "no address"}),
        WriteRequest("u3", "update", "003000000000zzzAAA", None, {"FirstName": "Ana"}),
    ]
    ends = crm.write("Contact", changes)
    found = crm.find("Contact", ["ws/contact/1", "ws/contact/2"])
    return {
        "made": [asdict(each) for each in (*made, *again)],
        "ends": [asdict(each) for each in ends],
        "found": found,
        "now": crm.get("Contact", [str(one)], ["FirstName", "Email"]),
    }


def _roles(crm: SalesforceConnector) -> Any:
    """A contact role comes, changes its name, and goes."""
    deals = [row["_id"] for batch in crm.read("Opportunity", []) for row in batch.to_pylist()]
    people = [row["_id"] for batch in crm.read("Contact", []) for row in batch.to_pylist()]
    deal, person = deals[0], people[0]
    told = []
    for delta in (
        f"+{person}|Evaluator",
        f"+{person}|Decision Maker;-{person}|Evaluator",
        f"-{person}|Decision Maker",
    ):
        [end] = crm.write("Opportunity", [WriteRequest("t", "update", deal, None, {ROLES: delta})])
        told.append([end.outcome, crm.get("Opportunity", [deal], [ROLES])[deal][ROLES]])
    return told


def _refusals(crm: SalesforceConnector) -> Any:
    """What an unknown object and an unknown tie end in."""
    return [
        error_of(lambda: crm.schema("NoSuch__c")),
        error_of(lambda: list(crm.associations("Lead", "Lead"))),
    ]


def error_of(what: Callable[[], Any]) -> dict[str, str]:
    try:
        what()
    except CrmsyncError as error:
        return {"is": type(error).__name__, "says": error.message, "remedy": error.remedy}
    return {"is": "no error"}


SCHEMAS = "schemas"
SALESFORCE: Mapping[str, Conversation] = {
    SCHEMAS: Conversation(_schemas, private=False),
    "identity": Conversation(identity, private=False),
    "stages": Conversation(_stages, private=False),
    "refusals": Conversation(_refusals, private=False),
    "review": Conversation(_review, private=False),
    "sign in": Conversation(identity, private=False, way=("client_id", "client_secret")),
    "read": Conversation(_read),
    "read in bulk": Conversation(_read, settings={"bulk_above": "0"}),
    "changes": Conversation(_changes),
    "facts": Conversation(_facts),
    "ties": Conversation(_ties),
    "people": Conversation(_people),
    "merges": Conversation(_merges),
    "writes": Conversation(_writes),
    "roles": Conversation(_roles),
}
