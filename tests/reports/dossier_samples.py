"""An invented mapping with everything a dossier can say, and what its systems said of their fields."""

from __future__ import annotations

from datetime import UTC, datetime

from crmsync.commands.dossier import Known, dossier_from
from crmsync.core.mapping import CreateWhen, Entity, Field, OneWay, Seat, WorkspaceMapping
from crmsync.core.records import Native, Schema
from crmsync.core.writers import Copy, Writer
from crmsync.reports.dossier import Dossier, SystemLine

MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def doc(en: str, es: str) -> dict[str, str]:
    return {"en": en, "es": es}


CONTACT = Entity(
    "contact",
    [
        Seat("salesforce", "Contact"),
        Seat("salesforce", "Lead", {"IsConverted": False, "Status": ["New", "Open"]}, "ask"),
        Seat("hubspot", "contacts", {}, CreateWhen({"email": "present", "country": ["ES", "PT"]})),
    ],
    ["key", "email", ["phone", "last_name"]],
    [
        Field("email", "email", {"salesforce": "Email", "hubspot": "email"},
              why="It is the address.", doc=doc("E-mail", "Correo electrónico")),  # type: ignore[arg-type]
        Field("phone", "phone", {"salesforce": "Phone", "hubspot": "phone"}, {"prefer": "salesforce"},
              region="ES", doc=doc("Direct line", "Teléfono directo")),  # type: ignore[arg-type]
        Field("note", "text", {"salesforce": {"Contact": "Description"}, "hubspot": "message"}, "newest", "ask"),
        Field("stage", "choice", {"salesforce": {"Lead": "Status"}, "hubspot": "hs_lead_status"}, "highest",
              order=["new", "open", "won"],
              values={"salesforce": {"New": "new", "Open": "open", "Working": "open", "Won": "won"},
                      "hubspot": {"NEW": "new", "OPEN": "open"}}),
        Field("country", "text", {"salesforce": "Country__c", "hubspot": "country"}, direction=OneWay("hubspot")),
        Field("opted_out", "flag", {"salesforce": "HasOptedOutOfEmail", "hubspot": "hs_email_optout"}, "sticky"),
        Field("score", "integer", {"hubspot": "hubspotscore"}, direction="none", why={"en": "Read for audits."}),
    ],
    doc=doc("People", "Personas"),  # type: ignore[arg-type]
)  # fmt: skip
DEAL = Entity(
    "deal",
    [Seat("salesforce", "Opportunity"), Seat("hubspot", "deals"), Seat("exports", "orders")],
    ["key"],
    [
        Field("amount", "money", {"salesforce": "Amount", "hubspot": "amount", "exports": "total"},
              {"always": "salesforce"}, currency="EUR"),
        Field("close", "date", {"salesforce": "CloseDate", "hubspot": "closedate"}, "fill", timezone="Europe/Madrid"),
    ],
)  # fmt: skip
MAPPING = WorkspaceMapping((CONTACT, DEAL), "0123456789abcdef")
SCHEMAS = {
    ("salesforce", "Contact"): [
        Native("Email", "string", 80), Native("Phone", "string", 40), Native("Description", "text", 32000),
        Native("HasOptedOutOfEmail", "boolean", writable=False),
    ],
    ("salesforce", "Lead"): [
        Native("Email", "string", 80), Native("Phone", "string", 40),
        Native("Status", "picklist", options=frozenset({"New", "Open", "Working", "Won", "Junk"})),
        Native("HasOptedOutOfEmail", "boolean"), Native("Country__c", "string", 60),
    ],
    ("hubspot", "contacts"): [
        Native("email", "string", 65536), Native("phone", "string", 65536), Native("message", "text", 255),
        Native("hs_lead_status", "picklist", options=frozenset({"NEW", "OPEN"})),
        Native("country", "string", 65536), Native("hs_email_optout", "boolean"), Native("hubspotscore", "number"),
    ],
    ("salesforce", "Opportunity"): [Native("Amount", "number", 18, 2), Native("CloseDate", "date")],
    ("hubspot", "deals"): [Native("amount", "number"), Native("closedate", "datetime")],
}  # fmt: skip
WRITERS = (
    Writer(
        "HubSpot-Salesforce connector",
        [
            Copy("salesforce/Contact.Phone", "hubspot/contacts.phone", "two_way"),
            Copy("hubspot/contacts.country", "hubspot/companies.country"),
        ],
        "native_connector",
        "It carries the activities until March.",
    ),
)


def known(*, read: bool = True) -> Known:
    """What is known of the systems: all of it, or nothing, as before the first read."""
    schemas = {
        (system, object_): Schema(system, object_, {each.name: each for each in natives})
        for (system, object_), natives in (SCHEMAS if read else {}).items()
    }
    return Known(schemas, WRITERS if read else (), {("exports", "orders")})


def make_dossier(*, read: bool = True, mapping: WorkspaceMapping = MAPPING) -> Dossier:
    """The dossier of the invented mapping."""
    systems = tuple(
        SystemLine(name, kind, MADE if read and name != "exports" else None)
        for name, kind in (
            ("exports", "files"),
            ("hubspot", "hubspot"),
            ("salesforce", "salesforce"),
        )
    )
    return dossier_from(
        mapping, known(read=read), systems, title="Acme", workspace="acme", made_at=MADE
    )
