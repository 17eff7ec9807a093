"""The words every report shares: severities, categories, entities, systems, verdicts.

A name that is not in a table is shown as it is, underscores as blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crmsync.core.auditing import Audit, AuditResult, Text
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number

SEVERITIES: Mapping[str, str] = {
    "error": N_("Error"),
    "warning": N_("Warning"),
    "info": N_("Note"),
}
MARKS: Mapping[str, str] = {"error": "✖", "warning": "▲", "info": "●"}

CATEGORIES: Mapping[str, str] = {
    "consent": N_("Consent"),
    "duplicates": N_("Duplicates"),
    "roles": N_("Contact roles"),
    "lifecycle": N_("Lifecycle"),
    "consistency": N_("Agreement between systems"),
    "completeness": N_("Completeness"),
    "validity": N_("Validity"),
    "ownership": N_("Ownership"),
    "orphans": N_("Orphans"),
    "freshness": N_("Freshness"),
    "fields": N_("Use of fields"),
    "native": N_("Native connector"),
}
"""Categories in the order of the report; others follow by name."""

INTRODUCTIONS: Mapping[str, str] = {
    "consent": N_("Who asked not to be written to, and whether every system knows it."),
    "duplicates": N_("The same person or company more than once, inside a system or across them."),
    "roles": N_("Which deals nobody is tied to, so that no campaign can be credited for them."),
    "lifecycle": N_("Whether the stage a record shows is one that its deals can explain."),
    "consistency": N_("Where two systems say different things about one customer."),
    "completeness": N_("What is missing that marketing or sales rely on."),
    "validity": N_("Values that cannot be what they claim to be."),
    "ownership": N_("Who is responsible for a record, and whether that person is still there."),
    "orphans": N_("Records that hang on nothing."),
    "freshness": N_("What nobody has touched for long."),
    "fields": N_("Fields that hold something other than their name says, or nothing at all."),
    "native": N_("What the native connector between the systems does to the same records."),
}

ENTITIES: Mapping[str, str] = {
    "contact": N_("contact"),
    "company": N_("company"),
    "deal": N_("deal"),
    "lead": N_("lead"),
    "owner": N_("owner"),
    "lifecycle": N_("lifecycle"),
    "association": N_("association"),
}
SYSTEMS: Mapping[str, str] = {"salesforce": "Salesforce", "hubspot": "HubSpot"}

STATES: Mapping[str, str] = {
    "PLANNED": N_("planned"),
    "INTENT": N_("begun"),
    "SENT": N_("sent"),
    "ACKED": N_("answered"),
    "VERIFIED": N_("verified"),
    "REWRITTEN": N_("rewritten"),
    "IGNORED": N_("ignored"),
    "FAILED": N_("failed"),
    "AMBIGUOUS": N_("ambiguous"),
    "DROPPED": N_("dropped"),
    "BLOCKED": N_("blocked"),
}
"""What became of an operation."""
STATUSES: Mapping[str, str] = {
    "running": N_("running"),
    "done": N_("done"),
    "partial": N_("partly done"),
    "failed": N_("failed"),
    "interrupted": N_("interrupted"),
}
"""How a run stands."""
ACTIONS: Mapping[str, str] = {"create": N_("create"), "update": N_("update")}

VERDICTS: Mapping[str, str] = {
    "ready": N_("Ready to sync"),
    "not_ready": N_("Not ready to sync"),
    "unknown": N_("Not known whether a sync is safe"),
}

DETAILS: Mapping[str, str] = {
    "no contact": N_("no contact"),
    "role without a name": N_("role without a name"),
    "opted out in hubspot only": N_("opted out in HubSpot only"),
    "opted out in salesforce only": N_("opted out in Salesforce only"),
}
"""What the reference audits say in words; other details are values and shown as they are."""

_MOST_NEEDS = 300
_MOST_FIELDS = 12
_NEED = re.compile(r"(?:[a-z_0-9]+:)?[a-z_0-9.]+(?:, (?:[a-z_0-9]+:)?[a-z_0-9.]+)*")


def why_unchecked(reason: str, language: str) -> str:
    """Why an audit was not run: what it needs and the data lacks, or a message of the catalogue."""
    if len(reason) > _MOST_NEEDS or not _NEED.fullmatch(reason):
        return clean(translate(reason, language), 300)
    needs = [_need(each, language) for each in reason.split(", ")]
    return translate("Not in the data that was read: {needs}.", language).format(
        needs=joined(needs, language)
    )


def _need(text: str, language: str) -> str:
    """`system:x` is a system, `x:contact.phone` what one system holds, anything else is as it is."""
    system, _, what = text.rpartition(":")
    if system in ("", "system"):
        return system_name(what)
    said = translate("{what} in {system}", language)
    return said.format(what=clean(what, 80), system=system_name(system))


def named(table: Mapping[str, str], name: str, language: str) -> str:
    """The word of a table in a language, or the name itself made readable."""
    if name in table:
        return translate(table[name], language)
    return clean(name.replace("_", " "), 60)


def translated(messages: Sequence[str], language: str) -> list[str]:
    """Each message in a language; "" stays as it is."""
    return [translate(message, language) if message else "" for message in messages]


def system_name(system: str) -> str:
    """How a system is written: its brand where it is named after one, else as it was configured."""
    return SYSTEMS.get(system, clean(system, 60))


def text_in(text: Text, language: str, most: int = 600) -> str:
    """An audit's own text in the language, English where it has no other, cut to a readable length."""
    spanish = text.get("es") if language == "es" else None
    return clean(spanish or text.get("en") or next(iter(text.values()), ""), most)


def categories_of(results: Sequence[AuditResult]) -> list[str]:
    """The categories present, in the order of CATEGORIES, unknown ones last by name."""
    order = {name: place for place, name in enumerate(CATEGORIES)}
    present = {result.audit.category for result in results}
    return sorted(present, key=lambda name: (order.get(name, len(order)), name))


def joined(parts: Sequence[str], language: str) -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return translate("{most} and {last}", language).format(
        most=", ".join(parts[:-1]), last=parts[-1]
    )


def title_of(audit: Audit, language: str) -> str:
    """One audit's sentence without its full stop."""
    return text_in(audit.summary, language, 300).rstrip(".")


def by_field(result: AuditResult, language: str) -> str:
    """`contact phone 12, deal amount 3`: the fields an audit is about, the worst first; "" if it is about one."""
    found = list(result.by_field.items())
    shown = [
        f"{named(ENTITIES, entity, language)} {clean(field.replace('_', ' '), 60)} {number(n, language)}"
        for (entity, field), n in found[:_MOST_FIELDS]
    ]
    return ", ".join([*shown, "…"] if len(found) > _MOST_FIELDS else shown)
