"""One invented customer base, as an audit, a plan and a mapping change see it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from report_audits import audit, findings, person

from crmsync.core.auditing import AuditResult
from crmsync.core.evidence import FieldEvidence, SideEvidence, Step, Written
from crmsync.core.planning import (
    CellChange,
    Change,
    ConflictLine,
    Header,
    Held,
    Line,
    LinkLine,
    Settle,
    Unfit,
)
from crmsync.core.records import ABSENT, UNKNOWN, Invalid, Money, Ref
from crmsync.core.views import Choice, CustomerView, FieldStats, FieldView, ViewStats
from crmsync.reports.explain_text import Telling
from crmsync.reports.facts import (
    Completeness,
    FieldChange,
    Impact,
    PlanCounts,
    ReportFacts,
    Risk,
    Sample,
    SystemFacts,
    Totals,
)

MADE = datetime(2026, 11, 21, 2, 4, tzinfo=UTC)


def deep_link(system: str, object_: str, id_: str) -> str:
    return f"https://{system}.example.com/{object_}/{id_}"


def make_facts(counts: dict[str, int], eligible: int = 480) -> ReportFacts:
    results = tuple(
        AuditResult(audit(name), findings(name, n), eligible) for name, n in counts.items()
    )
    unchecked = AuditResult(audit("L09"), (), None, "contact.status, system:hubspot")
    records = [each for result in results for each in result.findings]
    addresses = {(f.system, f.object, f.id) for f in records if f.system and f.object and f.id}
    members = {
        f.key: (
            Ref("salesforce", "Contact", f"003{n:03d}"),
            Ref("hubspot", "contacts", f"{7000 + n}"),
        )
        for n, f in enumerate(records)
        if f.key
    }
    addresses |= {(r.system, r.object, r.id) for refs in members.values() for r in refs}
    labels = {address: person(place) for place, address in enumerate(sorted(addresses))}
    return ReportFacts(
        title="Talleres Aurora",
        run="20261121-0204-7f3a",
        made_at=MADE,
        as_of=date(2026, 11, 21),
        systems=(
            SystemFacts(
                "salesforce",
                "salesforce",
                "00D000000000001EAA",
                "https://salesforce.example.com",
                {"Contact": 12412, "Account": 1118, "Opportunity": 883},
            ),
            SystemFacts(
                "hubspot",
                "hubspot",
                "1234567",
                "https://hubspot.example.com",
                {"contacts": 14437, "companies": 1121, "deals": 879},
            ),
        ),
        results=(*results, unchecked),
        mapping_digest="9f8e7d6c5b4a39281706",
        version="0.1.0",
        labels=labels,
        links=deep_link,
        members=members,
        currency="EUR",
        completeness=(
            Completeness("contact", "email", "salesforce", 11900, 12412),
            Completeness("contact", "email", "hubspot", 14437, 14437),
            Completeness("contact", "phone", "salesforce", 6210, 12412),
            Completeness("contact", "phone", "hubspot", 3004, 14437),
            Completeness("contact", "job_title", "salesforce", 2207, 12412),
            Completeness("deal", "amount", "salesforce", 801, 883),
        ),
        plan=PlanCounts({"salesforce": 41, "hubspot": 1064}, {"hubspot": 6}, 37, 4, 0, 2),
    )


def make_impact() -> Impact:
    """A mapping change that is dangerous in three ways."""
    return Impact(
        workspace="aurora",
        base="a1b2c3d",
        head="9f8e7d6",
        verdict="breaking",
        evidence="measured",
        files=("mappings/contact.yml", "mappings/lifecycle.yml"),
        snapshots={"salesforce": MADE, "hubspot": MADE},
        records={"contact": 48112, "company": 6930},
        anonymised=True,
        before=Totals({"salesforce": 118, "hubspot": 240}),
        after=Totals(
            {"salesforce": 1962, "hubspot": 1105},
            blanks={"hubspot": 312},
            regressions={"hubspot": 57},
        ),
        risks=(
            Risk(
                "red",
                "R101",
                "{field} will empty values of {system} where the other side is blank.",
                {"field": "phone", "system": "HubSpot"},
                312,
            ),
            Risk("green", "R001", "New field {field}.", {"field": "linkedin_url"}, 6412),
        ),
        changes=(
            FieldChange("contact", "phone", "on_conflict", "prefer: salesforce", "always: hubspot"),
            FieldChange("contact", "linkedin_url", "added", None, "LinkedIn__c"),
        ),
        samples=(
            Sample("contact", "7f3a99", "hubspot", "phone", "phone", "+34 600 123 467", None),
            Sample("contact", "c21911", "hubspot", "stage", "plain", "lead", "customer"),
        ),
        version="0.1.0",
    )


def header() -> Header:
    return Header(
        workspace="aurora",
        made_at="2026-11-21T02:04:00Z",
        mapping_digest="9f8e",
        base_serial="7",
        snapshots={},
        identities={},
        counts={},
        breaches=({"limit": "blanks", "where": "hubspot/contact", "amount": 312, "allowed": 72},),
        id="c0ffee00c0ffee00",
    )


def lines() -> list[Line]:
    phone = CellChange("phone", "+34 600 123 456", "+34 600 123 467", "changed:salesforce")
    stage = CellChange("lifecycle_stage", None, "customer", "highest")
    blank = CellChange("job_title", "Director", None, "cleared:hubspot")
    return [
        LinkLine("contact", "k1", (("hubspot", "contacts", "1"),), "email"),
        Change("update", 1, "contact", "k1", "hubspot", "contacts", "7001", (phone, stage, blank)),
        Change(
            "create",
            1,
            "contact",
            "k2aaaaaaaaaa",
            "hubspot",
            "contacts",
            None,
            (CellChange("email", None, "ana@example.com", "create:salesforce"),),
        ),
        Settle("contact", "k1", {}),
        ConflictLine(
            "deal",
            "k3bbbbbbbbbb",
            "amount",
            {"salesforce": "100", "hubspot": "120"},
            {},
            "disagree:hubspot,salesforce",
        ),
        Held("contact", "k4", "salesforce", "Lead", "ask"),
        Unfit("contact", "k5", "hubspot", "country", "Atlantis"),
    ]


def view() -> CustomerView:
    return CustomerView(
        "contact",
        "k1",
        (Ref("hubspot", "contacts", "7001"), Ref("salesforce", "Contact", "003A")),
        (
            FieldView(
                "email",
                Choice("ana.soto@example.com", "hubspot", "agree"),
                {"hubspot": "ana.soto@example.com", "salesforce": "ana.soto@example.com"},
            ),
            FieldView(
                "phone",
                Choice("+34600123456", "salesforce", "prefer:salesforce"),
                {"hubspot": "+34600999999", "salesforce": "+34600123456"},
            ),
            FieldView(
                "lifetime_revenue",
                Choice(Money(Decimal("12500"), "EUR"), "salesforce", "alone"),
                {"hubspot": ABSENT, "salesforce": Money(Decimal("12500"), "EUR")},
            ),
            FieldView(
                "notes", Choice(None, None, "unknown"), {"hubspot": None, "salesforce": UNKNOWN}
            ),
            FieldView(
                "closed_date",
                Choice(None, None, "unknown"),
                {"hubspot": Invalid("31/02/2026"), "salesforce": None},
            ),
        ),
    )


def telling(language: str) -> Telling:
    """What is known of the phone beside its values."""
    hubspot, salesforce = view().refs
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    sides = (
        SideEvidence(
            hubspot,
            "+34600999999",
            "lost",
            "+34600888888",
            Written(at, "upper_bound", "record"),
            (Step("read", "phone", "+34600999999"),),
        ),
        SideEvidence(
            salesforce,
            "+34600123456",
            "chosen",
            written=Written(at, "instant", "history"),
            steps=(
                Step("read", "Phone", "600 123 456"),
                Step("home", "MailingCountry", "ES"),
                Step("parse", "phone", "+34600123456"),
            ),
        ),
    )
    return Telling(
        language,
        policies={"phone": "prefer: salesforce"},
        types={"phone": "phone"},
        evidence=(FieldEvidence("phone", sides),),
        times={salesforce: at},
    )


def view_stats() -> list[ViewStats]:
    """Contacts of two systems, and companies of one of which a read broke off."""
    both = ("hubspot", "salesforce")
    email = FieldStats(
        "email",
        950,
        700,
        50,
        {"hubspot": 150, "salesforce": 50},
        {"hubspot": 880, "salesforce": 70},
    )
    notes = FieldStats("notes", 0, 0, 0, dict.fromkeys(both, 0), dict.fromkeys(both, 0))
    held = {("hubspot",): 180, ("salesforce",): 60, both: 1000}
    name = FieldStats("name", 12345, 0, 0, {"hubspot": 12345}, {"hubspot": 12345})
    return [
        ViewStats("contact", 1240, held, 1, (email, notes)),
        ViewStats("company", 12400, {("hubspot",): 12400}, 0, (name,), complete=False),
    ]
