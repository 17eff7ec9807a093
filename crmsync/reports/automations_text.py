"""Automations and rules in words: what runs on what is written, and what of it a plan sets off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmsync.core.surroundings import Automation, Rule, Survey
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity
from crmsync.reports.terminal import painted
from crmsync.reports.words import named

# (one, several) of each kind, in the order in which they are told
_KINDS: Mapping[str, tuple[str, str]] = {
    "flow": (N_("{n} flow"), N_("{n} flows")),
    "trigger": (N_("{n} Apex trigger"), N_("{n} Apex triggers")),
    "workflow": (N_("{n} workflow rule"), N_("{n} workflow rules")),
    "portal_workflow": (N_("{n} HubSpot workflow"), N_("{n} HubSpot workflows")),
    "validation": (N_("{n} validation rule"), N_("{n} validation rules")),
    "duplicate": (N_("{n} duplicate rule"), N_("{n} duplicate rules")),
    "matching": (N_("{n} matching rule"), N_("{n} matching rules")),
    "assignment": (N_("{n} assignment rule"), N_("{n} assignment rules")),
}
_NAMES: Mapping[str, str] = {
    "flow": N_("flow"),
    "trigger": N_("Apex trigger"),
    "workflow": N_("workflow rule"),
    "portal_workflow": N_("HubSpot workflow"),
    "validation": N_("validation rule"),
    "duplicate": N_("duplicate rule"),
    "matching": N_("matching rule"),
    "assignment": N_("assignment rule"),
}
_EVENTS: Mapping[str, str] = {
    "create": N_("when created"),
    "update": N_("when changed"),
    "delete": N_("when deleted"),
}
_LONGEST = 80
_MOST_FIELDS = 8


def kinds_text(found: Iterable[Automation | Rule], language: str) -> str:
    """How many of each kind: `3 flows, 1 validation rule`."""
    counts = Counter(each.kind for each in found)
    said = [
        quantity(*words, counts[kind], language) for kind, words in _KINDS.items() if counts[kind]
    ]
    return ", ".join(said)


def unread_kinds(kinds: Iterable[str], language: str) -> str:
    """Kinds that could not be listed, by name."""
    return ", ".join(named(_NAMES, each, language) for each in kinds)


def survey_text(
    surveys: Mapping[str, Survey], mapped: Mapping[str, set[str]], language: str
) -> str:
    """Everything that runs, system by system; `mapped` are the native fields of each system as Object.Field."""
    parts = [
        _survey(system, each, mapped.get(system, set()), language)
        for system, each in surveys.items()
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _survey(system: str, survey: Survey, mapped: set[str], language: str) -> str:
    running = [each for each in survey.automations if each.active]
    rules = [each for each in survey.rules if each.active]
    told = kinds_text([*running, *rules], language) or translate(
        "nothing that could be seen", language
    )
    title = translate("{system}: what runs on mapped objects: {kinds}", language)
    lines = [title.format(system=system, kinds=told)]
    for one in running:
        lines += _automation(one, mapped, language)
    for rule in rules:
        lines += _rule(rule, mapped, language)
    if survey.unchecked:
        names = unread_kinds(survey.unchecked, language)
        lines.append(
            "  "
            + translate("Not checked, for it could not be read: {kinds}", language).format(
                kinds=names
            )
        )
    return "\n".join(lines)


def _automation(one: Automation, mapped: set[str], language: str) -> list[str]:
    when = ", ".join(translate(_EVENTS[event], language) for event in one.events)
    head = (
        f"  {named(_NAMES, one.kind, language)} {clean(one.name, _LONGEST)}: {one.object}, {when}"
    )
    if not one.read:
        return [head, "    " + translate("what it does could not be read", language)]
    lines = [head]
    for title, names in (
        (
            N_("starts when these change: {fields}"),
            [f"{one.object}.{name}" for name in one.starts_on],
        ),
        (N_("reads {fields}"), [f"{one.object}.{name}" for name in one.reads]),
        (N_("writes {fields}"), list(one.writes)),
    ):
        if names:
            lines.append("    " + translate(title, language).format(fields=_fields(names, mapped)))
    return lines


def _rule(one: Rule, mapped: set[str], language: str) -> list[str]:
    lines = [f"  {named(_NAMES, one.kind, language)} {clean(one.name, _LONGEST)}: {one.object}"]
    if one.fields:
        fields = _fields([f"{one.object}.{name}" for name in one.fields], mapped)
        lines.append("    " + translate("looks at {fields}", language).format(fields=fields))
    if one.formula:
        lines.append(f"    {clean(one.formula, 2 * _LONGEST)}")
    return lines


def _fields(names: Sequence[str], mapped: set[str]) -> str:
    """Fields, those of the mapping with a star and first."""
    ranked = sorted(names, key=lambda name: (name not in mapped, name))
    said = [
        f"{clean(name, _LONGEST)}*" if name in mapped else clean(name, _LONGEST) for name in ranked
    ]
    return ", ".join(said[:_MOST_FIELDS]) + (", …" if len(said) > _MOST_FIELDS else "")


def set_off_text(
    found: Sequence[Mapping[str, Any]], language: str, *, colours: bool = False
) -> str:
    """What the writes of a plan may run, a line each; blank where nothing is known to."""
    if not found:
        return ""
    title = quantity(
        "{n} automation or rule may run on what this plan writes:",
        "{n} automations and rules may run on what this plan writes:",
        len(found),
        language,
    )
    return "\n".join(
        [painted(title, "warning", colours=colours), *(_set_off(each, language) for each in found)]
    )


def _set_off(one: Mapping[str, Any], language: str) -> str:
    records = quantity("{n} record", "{n} records", one["records"], language)
    cells = ", ".join(
        f"{clean(name, _LONGEST)} {number(n, language)}" for name, n in one["cells"].items()
    )
    name = f"{named(_NAMES, one['kind'], language)} {clean(str(one['name']), _LONGEST)}"
    return f"  {name}: {one['system']} {one['object']}, {records}" + (
        f" ({cells})" if cells else ""
    )
