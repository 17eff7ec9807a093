"""What a finding says beside its title: for programs as the audit wrote it, for people in their words.

Both hide what is somebody's own; what the reference audits say in words, and the names of systems, is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from crmsync.core.auditing import Finding
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import told_of
from crmsync.reports.lifecycle_words import STAGES
from crmsync.reports.masking import mask_detail
from crmsync.reports.numbers import day_text, number
from crmsync.reports.words import DETAILS, system_name

_SYSTEM = r"(?P<system>[\w-]+)"
_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"opted out in {_SYSTEM} only"), N_("opted out in {system} only")),
    (
        re.compile(rf"opt-out in {_SYSTEM} is neither yes nor no"),
        N_("opt-out in {system} is neither yes nor no"),
    ),
    (re.compile(rf"erased in {_SYSTEM}"), N_("erased in {system}")),
    (re.compile(rf"opted out in {_SYSTEM}: (?P<id>[\w-]+)"), N_("opted out in {system}: {id}")),
)
"""What the reference audits say of a system."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+\.\d\d")
_LIFECYCLE: Mapping[str, str] = {
    **STAGES,
    "marketingqualifiedlead": STAGES["mql"],
    "salesqualifiedlead": STAGES["sql"],
}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "lifecycle_stage": _LIFECYCLE,
    "stage": {
        "prospecting": N_("prospecting"),
        "qualification": N_("qualification"),
        "proposal": N_("proposal"),
        "negotiation": N_("negotiation"),
        "won": N_("closed as won"),
        "lost": N_("closed as lost"),
    },
    "lead_status": {
        "open": N_("open"),
        "working": N_("being worked"),
        "converted": N_("converted"),
        "unqualified": N_("disqualified"),
    },
}
"""The words of ours in fields of the reference mapping, by field."""
_FLAGS: Mapping[str, str] = {"true": N_("yes"), "false": N_("no")}


def masked_detail(finding: Finding, names: str, *, unmask: bool = False) -> str:
    """The detail as the audit wrote it, without what is somebody's own; `names` are the record's labels."""
    text = clean(finding.detail or "")
    if unmask or text in DETAILS or _said(text):
        return text
    if pair := _pair(finding, text):
        here, value, there, other = pair
        return f"{here} {_masked(finding, value, names)} / {there} {_masked(finding, other, names)}"
    return mask_detail(finding.detail, told_of(finding), names)


def detail_text(finding: Finding, names: str, language: str, *, unmask: bool = False) -> str:
    """The detail in a language: words translated, days and amounts as people write them there."""
    text = clean(finding.detail or "")
    if text in DETAILS:
        return translate(DETAILS[text], language)
    if found := _said(text):
        match, message = found
        parts = match.groupdict() | {"system": system_name(match["system"])}
        return translate(message, language).format(**parts)
    shown = masked_detail(finding, names, unmask=unmask)
    if pair := _pair(finding, shown):
        here, value, there, other = pair
        sides = ((here, value), (there, other))
        return " / ".join(f"{system_name(s)} {_value(finding, v, language)}" for s, v in sides)
    return _value(finding, shown, language)


def _masked(finding: Finding, text: str, names: str) -> str:
    """One value of a field; yes and no are nobody's own."""
    return text if text in _FLAGS else mask_detail(text, finding.field, names)


def _said(text: str) -> tuple[re.Match[str], str] | None:
    found = ((pattern.fullmatch(text), message) for pattern, message in _SAID)
    return next(((match, message) for match, message in found if match), None)


def _pair(finding: Finding, text: str) -> tuple[str, str, str, str] | None:
    """`crm won / marketing lost` taken apart: two systems, the finding's own first, and what they hold."""
    if not finding.system or not finding.field or " / " not in text:
        return None
    found = re.fullmatch(rf"({re.escape(finding.system)}) (.+) / (\S+) (.+)", text)
    return (found[1], found[2], found[3], found[4]) if found else None


def _value(finding: Finding, text: str, language: str) -> str:
    known = OPTIONS.get(finding.field or "", {})
    if text in known or text in _FLAGS:
        return translate(known.get(text) or _FLAGS[text], language)
    if _DAY.fullmatch(text):
        return day_text(text, language)
    return number(Decimal(text), language) if _NUMBER.fullmatch(text) else text
