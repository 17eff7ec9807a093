"""What a plan does not create, and why; what creating costs; who takes no part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity
from crmsync.reports.reasons import reason_text

_COSTS: Mapping[tuple[str, str], tuple[str, str]] = {
    # knowledge.hubspot.com, "Manage marketing contacts settings for your integrations" (read 2026-11)
    ("hubspot", "contacts"): (
        N_(
            "{n} new contact in {system}: it counts towards the contact tier if the portal makes contacts of this "
            "integration marketing contacts (Settings > Integrations > Marketing contacts; off unless somebody "
            "switched it on)."
        ),
        N_(
            "{n} new contacts in {system}: they count towards the contact tier if the portal makes contacts of this "
            "integration marketing contacts (Settings > Integrations > Marketing contacts; off unless somebody "
            "switched it on)."
        ),
    ),
    # help.salesforce.com, "Salesforce record size overview" (read 2026-11): 2 KB a record of the usual objects
    ("salesforce", "*"): (
        N_("{n} new record in {system}: about {size} kB of data storage."),
        N_("{n} new records in {system}: about {size} kB of data storage."),
    ),
}
_RECORD_KB = 2
_MOST = 8
_UNMADE = (
    N_("{n} record not created in {system}: {reason}"),
    N_("{n} records not created in {system}: {reason}"),
)
_UNTIED = (
    N_("{n} tie not made in {system}: {reason}"),
    N_("{n} ties not made in {system}: {reason}"),
)
_UNTAKEN = (
    N_("{n} record without the new value in {system}: {reason}"),
    N_("{n} records without the new value in {system}: {reason}"),
)
_NOT_DONE: Mapping[str, tuple[str, str]] = {"outside": _UNTIED, "taken": _UNTAKEN}
"""What is not done for a reason, by its code; of every other nothing is created."""


def unmade_text(reason: str, systems: Mapping[str, int], language: str) -> str:
    """How much is not done for one reason, in which systems, and the reason; `systems` counts by system."""
    texts = _NOT_DONE.get(reason.partition(":")[0], _UNMADE)
    return quantity(*texts, sum(systems.values()), language).format(
        system=_places(systems, language), reason=reason_text(reason, language)
    )


def _places(systems: Mapping[str, int], language: str) -> str:
    """The systems, the one with the most first; each with its number where there are several."""
    ranked = sorted(systems.items(), key=lambda each: (-each[1], each[0]))
    if len(ranked) == 1:
        return words.system_name(ranked[0][0])
    named = [f"{words.system_name(system)} ({number(n, language)})" for system, n in ranked]
    return words.joined(named, language)


def outside_text(outside: Mapping[str, int], language: str) -> str:
    """One line a system for records outside its scope."""
    lines = []
    for system, count in sorted(outside.items()):
        text = quantity(
            "{n} record outside the scope of {system}: not written, not missed.",
            "{n} records outside the scope of {system}: not written, not missed.",
            count,
            language,
        )
        lines.append(text.format(system=words.system_name(system)))
    return "\n".join(f"  {line}" for line in lines)


def unheard_text(unheard: Mapping[str, int], language: str) -> str:
    """One line an entity for decisions about pairs of which a record is not there."""
    lines = []
    for entity, count in sorted(unheard.items()):
        text = quantity(
            "{n} decision about {entity} changes nothing: a record of it was not read, or is outside the scope.",
            "{n} decisions about {entity} change nothing: a record of each was not read, or is outside the scope.",
            count,
            language,
        )
        lines.append(text.format(entity=entity))
    return "\n".join(f"  {line}" for line in lines)


def emptied_text(emptied: Mapping[str, int], language: str) -> str:
    """One line a seat of which a condition leaves nobody, though records of it are linked."""
    lines = []
    for place, count in sorted(emptied.items()):
        condition, seat, entity = place.split(" ", 2)
        text = quantity(
            "{n} linked record of {seat} takes no part any more: `{condition}` of {entity} leaves nobody there.",
            "{n} linked records of {seat} take no part any more: `{condition}` of {entity} leaves nobody there.",
            count,
            language,
        )
        lines.append(text.format(seat=seat, condition=condition, entity=entity))
    return "\n".join(f"  {line}" for line in lines)


def only_read_text(systems: Iterable[str], language: str) -> str:
    """One line a system in which nothing can be written."""
    said = translate("{system} is only read: nothing is written or created there.", language)
    return "\n".join(f"  {said.format(system=words.system_name(each))}" for each in sorted(systems))


def frozen_text(frozen: Iterable[str], language: str) -> str:
    """One line a mapped field that was there and is not any more, and where to hear why."""
    said = translate(
        "{field} is not readable any more (archived, renamed or hidden): nothing is written to it or taken from it.",
        language,
    )
    lines = [said.format(field=clean(each, 120)) for each in sorted(frozen)]
    more = translate("crmsync doctor says what helps.", language)
    return "\n".join(f"  {line}" for line in [*_first(lines, language), more]) if lines else ""


def unreadable_text(unreadable: Mapping[str, int], language: str) -> str:
    """One line a field for values that cannot be read, the most first; by `system entity field`."""
    lines = []
    for place, count in sorted(unreadable.items(), key=lambda each: (-each[1], each[0])):
        system, entity, field = place.split(" ", 2)
        text = quantity(
            "{n} value of {entity} {field} in {system} cannot be read, so it is left alone.",
            "{n} values of {entity} {field} in {system} cannot be read, so they are left alone.",
            count,
            language,
        )
        where = words.named(words.ENTITIES, entity, language)
        named = {"entity": where, "field": clean(field, 60), "system": words.system_name(system)}
        lines.append(text.format(**named))
    if not lines:
        return ""
    more = translate(
        "crmsync audit --select C20,C02,C12,F09 lists them: options that several records have are in F09, "
        "e-mail addresses in C02 and C12, all else but names of owners in C20.",
        language,
    )
    return "\n".join(f"  {line}" for line in [*_first(lines, language), more])


def unknown_owners_text(owners: Mapping[str, int], language: str) -> str:
    """Owners of whom no id or e-mail is known, those of most records first; by `system name`."""
    if not owners:
        return ""
    head = translate(
        "Owners of whom no e-mail is known, so they are not compared:",
        language,
    )
    lines = []
    for place, count in sorted(owners.items(), key=lambda each: (-each[1], each[0])):
        system, name = place.split(" ", 1)
        text = quantity(
            "{name} in {system}: {n} record", "{name} in {system}: {n} records", count, language
        )
        lines.append(text.format(name=clean(name, 60), system=words.system_name(system)))
    return "\n".join(f"  {line}" for line in [head, *_first(lines, language)])


def _first(lines: list[str], language: str) -> list[str]:
    """As many lines as can be read at once, and how many there are beyond them."""
    left = len(lines) - _MOST
    return lines if left <= 0 else [*lines[:_MOST], rest_text(left, language)]


def rest_text(n: int, language: str) -> str:
    """How many lines were left out."""
    return quantity("… {n} more line", "… {n} more lines", n, language)


def costs_text(creates: Counter[tuple[str, str]], kinds: Mapping[str, str], language: str) -> str:
    """What the records to be created cost, a line for each system and object that has a price.

    `creates` counts by (system, object); `kinds` says which connector each system has.
    """
    lines = []
    for (system, object_), count in sorted(_priced(creates, kinds).items()):
        kind = kinds.get(system, "")
        size = number(count * _RECORD_KB, language)
        text = quantity(*_COSTS[kind, object_], count, language)
        lines.append(text.format(system=words.system_name(system), size=size))
    return "\n".join(f"  {line}" for line in lines)


def _priced(
    creates: Counter[tuple[str, str]], kinds: Mapping[str, str]
) -> Counter[tuple[str, str]]:
    """Creates by (system, object) as the table of costs names them."""
    found: Counter[tuple[str, str]] = Counter()
    for (system, object_), count in creates.items():
        for name in (object_, "*") if count else ():
            if (kinds.get(system, ""), name) in _COSTS:
                found[system, name] += count
    return found
