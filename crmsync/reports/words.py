"""The words every report shares: severities, categories, entities, systems, verdicts.

A name that is not in a table is shown as it is, underscores as blanks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from crmsync.core.auditing import NO_RECORDS, Audit, AuditResult, Text
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.need_words import NEEDS, advice_for
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
    "ticket": N_("ticket"),
    "lead": N_("lead"),
    "owner": N_("owner"),
    "lifecycle": N_("lifecycle"),
    "association": N_("association"),
    "field": N_("field"),
    "automation": N_("automation"),
}
_COUNTED: Mapping[str, tuple[str, str]] = {
    "contact": (N_("{n} person"), N_("{n} people")),
    "company": (N_("{n} company"), N_("{n} companies")),
    "deal": (N_("{n} deal"), N_("{n} deals")),
}


def counted(entity: str) -> tuple[str, str]:
    """One and many of what an entity is about, as messages with {n}."""
    return _COUNTED.get(entity, (N_("{n} customer"), N_("{n} customers")))


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

VERDICTS: Mapping[str, str] = {
    "ready": N_("Ready to sync"),
    "not_ready": N_("Not ready to sync"),
    "unknown": N_("Not known whether a sync is safe"),
}

DETAILS: Mapping[str, str] = {
    "no contact": N_("no contact"),
    "role without a name": N_("role without a name"),
    "no owner": N_("no owner"),
    "in a queue": N_("in a queue"),
    "a program": N_("a program, no person"),
    "the owner has left": N_("the owner has left"),
    "opted out, and a marketing contact": N_("opted out, and a marketing contact"),
    "parent and child change places": N_("parent and child change places"),
}
"""What the reference audits say in words; other details are values and shown as they are."""

# Spanish `y` is `e` before the sound of i: historial, ingresos; not before hi and a vowel (hielo), nor before Y.
_AS_I = re.compile(r"(?:i|í|h[ií](?![aeouáéóú]))", re.IGNORECASE)
_MOST_NEEDS = 300
_MOST_FIELDS = 12
_NEED = re.compile(r"(?:[a-z_0-9]+:)?[a-z_0-9.]+(?:, (?:[a-z_0-9]+:)?[a-z_0-9.]+)*")


Titles: TypeAlias = Mapping[tuple[str, str], Text]
"""What the mapping calls fields, by entity and field."""


def why_unchecked(
    reason: str,
    language: str,
    titles: Titles | None = None,
    exports: Collection[str] = frozenset(),
) -> str:
    """Why an audit was not run: what it needs and the data lacks, with what helps; or a message of the catalogue.

    `exports` are the systems that are files, "" among them where all are.
    """
    if len(reason) > _MOST_NEEDS or not _NEED.fullmatch(reason):
        return clean(translate(reason, language), 300)
    named_ = [_need(each, language, titles or {}) for each in reason.split(", ")]
    needs = list(dict.fromkeys(named_))
    lacking = translate("Not in the data that was read: {needs}.", language).format(
        needs=joined(needs, language)
    )
    advice = dict.fromkeys(advice_for(each, exports) for each in reason.split(", "))
    return " ".join([lacking, *(translate(each, language) for each in advice)])


def _need(text: str, language: str, titles: Titles) -> str:
    """`system:x` is a system, `x:contact.phone` what one system holds, anything else a table or a field."""
    system, _, what = text.rpartition(":")
    if system == "system":
        return system_name(what)
    shown = _needed(what, language, titles)
    if not system:
        return shown
    said = translate("{what} in {system}", language)
    return said.format(what=shown, system=system_name(system))


def _needed(what: str, language: str, titles: Titles) -> str:
    """`contact.do_not_call` as `do not call (contact)`; a name that nobody knows is as it is."""
    if what in NEEDS:
        return translate(NEEDS[what], language)
    entity, dot, field = what.partition(".")
    if not dot or entity not in ENTITIES:
        return clean(what, 80)
    said = titles.get((entity, field), {}).get("es") if language == "es" else None
    called = said[:1].lower() + said[1:] if said else field_name(entity, field, 60)
    return f"{clean(called, 60)} ({named(ENTITIES, entity, language)})"


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


def in_order(categories: Iterable[str]) -> list[str]:
    """Categories in the order of CATEGORIES, unknown ones last by name."""
    order = {name: place for place, name in enumerate(CATEGORIES)}
    return sorted(categories, key=lambda name: (order.get(name, len(order)), name))


def joined(parts: Sequence[str], language: str) -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    said = translate("{most} and {last}", language)
    if language == "es" and _AS_I.match(parts[-1]):
        said = translate("{most} and {last}, which begins with the sound of i", language)
    return said.format(most=", ".join(parts[:-1]), last=parts[-1])


def title_of(audit: Audit, language: str) -> str:
    """One audit's sentence without its full stop."""
    return text_in(audit.summary, language, 300).rstrip(".")


def field_called(result: AuditResult, place: tuple[str, str], language: str) -> str:
    """A field in the reader's language, if the mapping has a word for it; our own names are English."""
    title = result.titles[place].get("es") if language == "es" and place in result.titles else None
    return clean(title.lower(), 60) if title else field_name(*place, 60)


def field_name(entity: str, field: str, most: int) -> str:
    """How a field of ours is written; a native one is written as its system does."""
    return clean(field if entity in NO_RECORDS else field.replace("_", " "), most)


def by_field(result: AuditResult, language: str) -> str:
    """`contact phone 12, deal amount 3`: the fields an audit is about, the worst first; "" if it is about one."""
    found = list(result.by_field.items())
    shown = [
        f"{named(ENTITIES, place[0], language)} {field_called(result, place, language)} {number(n, language)}"
        for place, n in found[:_MOST_FIELDS]
    ]
    return ", ".join([*shown, "…"] if len(found) > _MOST_FIELDS else shown)
