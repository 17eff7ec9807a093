"""The words and rows of a mapping change, shared by its Markdown and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import LEVELS, Impact, Risk, Totals
from crmsync.reports.numbers import instant, number, signed

_NAMED = 5
HEADLINES: Mapping[str, str] = {
    "none": N_("mapping change has no effect"),
    "safe": N_("mapping change is safe"),
    "review": N_("mapping change needs a review"),
    "breaking": N_("mapping change is BREAKING and needs approval"),
}
ICONS: Mapping[str, str] = {"none": "⚪", "safe": "🟢", "review": "🟠", "breaking": "🔴"}
LEVEL_ICONS: Mapping[str, str] = {"red": "🔴", "orange": "🟠", "green": "🟢"}
LEVEL_WORDS: Mapping[str, str] = {
    "red": N_("breaking"),
    "orange": N_("review"),
    "green": N_("safe"),
}
TOTAL_WORDS: Mapping[str, str] = {
    "updates": N_("writes to {system}"),
    "creates": N_("creations in {system}"),
    "blanks": N_("values emptied in {system}"),
    "conflicts": N_("conflicts"),
    "unreadable": N_("values of {system} that cannot be read"),
    "optouts_reopened": N_("opt-outs taken back in {system}"),
    "regressions": N_("lifecycle moved back in {system}"),
}
TOTAL_HEADS = ("", N_("before"), N_("after"), N_("difference"))
GRAVE = frozenset({"blanks", "unreadable", "optouts_reopened", "regressions"})
"""Totals where any growth is bad news, and shown so."""

ASPECTS: Mapping[str, str] = {
    "on_conflict": N_("conflict policy"),
    "direction": N_("direction"),
    "type": N_("type"),
    "blank": N_("blank rule"),
    "names": N_("native names"),
    "values": N_("value map"),
    "order": N_("order of values"),
    "renamed": N_("renamed"),
    "added": N_("added"),
    "removed": N_("removed"),
    "create": N_("creation rule"),
    "match": N_("match rule"),
    "where": N_("scope"),
    "made_of": N_("made of"),
    "region": N_("home region of phones"),
    "country": N_("country"),
    "country_from": N_("country taken from"),
    "currency": N_("currency"),
    "timezone": N_("time zone"),
    "to": N_("leads to"),
    "native_links": N_("native links"),
    "entity": N_("entity"),
}
"""What a change is about. `seat` and `scope` are followed by the place they are about."""
_PLACED: Mapping[str, str] = {"scope": N_("who takes part in {place}"), "seat": N_("seat {place}")}


def aspect(name: str, language: str) -> str:
    """What a change is about, in the language: `scope hubspot` is who takes part in HubSpot."""
    kind, _, place = name.partition(" ")
    if place and kind in _PLACED:
        system, _, object_ = place.partition(" ")
        shown = f"{words.system_name(system)} {object_}".strip()
        return translate(_PLACED[kind], language).format(place=clean(shown, 60))
    return words.named(ASPECTS, name, language)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One total of one system, before and after; `grave` if it grew and that is bad news."""

    what: str
    before: str
    after: str
    change: str
    grave: bool


def total_rows(impact: Impact, language: str) -> list[TotalRow]:
    """Every total that is not zero on both sides, by kind and system; writes always."""
    before, after = impact.before or Totals(), impact.after or Totals()
    rows: list[TotalRow] = []
    for (name, was), (_, will) in zip(before.items(), after.items(), strict=True):
        for system in sorted(set(was) | set(will)):
            old, new = was.get(system, 0), will.get(system, 0)
            if old or new or name == "updates":
                rows.append(_total(name, system, (old, new), language))
    return rows


def _total(name: str, system: str, numbers: tuple[int, int], language: str) -> TotalRow:
    old, new = numbers
    what = translate(TOTAL_WORDS[name], language).format(system=words.system_name(system))
    grave = name in GRAVE and new > old
    change = signed(new - old, language) if new != old else "="
    return TotalRow(what, number(old, language), number(new, language), change, grave)


def revision(name: str, language: str) -> str:
    """A git revision, or what stands for none: the files as they are."""
    return translate(WORKING_TREE, language) if name == WORKING_TREE else clean(name, 40)


WORKING_TREE = N_("working tree")


def evidence(impact: Impact, language: str) -> str:
    """On what the numbers rest, always said."""
    said = _EVIDENCE[impact.evidence](impact, language)
    if not impact.unread:
        return said
    names = words.joined([clean(each, 100) for each in impact.unread[:_NAMED]], language)
    text = N_("Not measured, since it was not read yet: {names}. Run `crmsync pull` first.")
    return f"{said} {translate(text, language).format(names=names)}"


def _measured(impact: Impact, language: str) -> str:
    return translate("Measured on the snapshot of {when} ({records}).", language).format(
        when=_when(impact, language), records=_records(impact, language)
    )


def _sampled(impact: Impact, language: str) -> str:
    n, of = impact.sampled or (0, 0)
    return translate(
        "Sampled: {n} of {of} records of the snapshot of {when} ({records}).", language
    ).format(
        n=number(n, language),
        of=number(of, language),
        when=_when(impact, language),
        records=_records(impact, language),
    )


def _structural(_impact: Impact, language: str) -> str:
    return translate(
        "Structural only: there is no snapshot, so the effect on records was not measured.",
        language,
    )


_EVIDENCE = {"measured": _measured, "sampled": _sampled, "structural": _structural}


def _when(impact: Impact, language: str) -> str:
    """The oldest instant where systems were read at different times: it bounds what is known."""
    if not impact.snapshots:
        return "-"
    return instant(min(impact.snapshots.values()), language)


def _records(impact: Impact, language: str) -> str:
    parts = [
        f"{words.named(words.ENTITIES, entity, language)}: {number(n, language)}"
        for entity, n in impact.records.items()
    ]
    if impact.anonymised:
        parts.append(translate("anonymised", language))
    return ", ".join(parts)


def risks_in_order(impact: Impact) -> list[Risk]:
    """Red before orange before green, then by number and rule."""
    return sorted(
        impact.risks, key=lambda risk: (LEVELS.index(risk.level), -(risk.count or 0), risk.rule)
    )


def risk_text(risk: Risk, language: str) -> str:
    """What the risk is, with its parameters put in."""
    return translate(risk.what, language).format(**risk.params)


def approval(impact: Impact, language: str) -> str:
    """What the verdict asks of a reviewer."""
    levels = [risk.level for risk in impact.risks]
    if impact.verdict == "review" and "orange" not in levels and impact.before:
        return translate(_WRITES, language)
    return translate(_APPROVALS[impact.verdict], language).format(
        n=number(levels.count("red"), language)
    )


_WRITES = N_("It would write to records: somebody who knows them should look at the plan.")


_APPROVALS: Mapping[str, str] = {
    "none": N_("Only comments, order or format changed."),
    "safe": N_("It only adds, and only in one direction."),
    "review": N_("Somebody who knows the records should look at the risks."),
    "breaking": N_(
        "Breaking risks: {n}. Approve with the label crmsync-approve-breaking, or mend them."
    ),
}
