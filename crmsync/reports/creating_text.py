"""What a plan does not create, and why; what creating costs; who takes no part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.numbers import number
from crmsync.reports.reasons import reason_text

HeldCounts = Mapping[tuple[str, str], int]
"""(system, reason code): how many creations are held back."""
_COSTS: Mapping[tuple[str, str], str] = {
    # knowledge.hubspot.com, "Manage marketing contacts settings for your integrations" (read 2026-11)
    ("hubspot", "contacts"): N_(
        "{count} new contacts in {system}: they count towards the contact tier if the portal makes contacts of this "
        "integration marketing contacts (Settings > Integrations > Marketing contacts; off unless somebody switched "
        "it on)."
    ),
    # help.salesforce.com, "Salesforce record size overview" (read 2026-11): 2 KB a record of the usual objects
    ("salesforce", "*"): N_("{count} new records in {system}: about {size} kB of data storage."),
}
_RECORD_KB = 2
_UNMADE = N_("{count} not created in {system}: {reason}")
_UNTIED = N_("{count} not tied in {system}: {reason}")


def held_text(held: HeldCounts, outside: Mapping[str, int], language: str) -> str:
    """One line a system and reason for records held back, and one a system for those outside the scope."""
    lines = []
    for (system, code), count in sorted(held.items(), key=lambda each: (-each[1], each[0])):
        tie = code.partition(":")[0] == "outside"
        text = translate(_UNTIED if tie else _UNMADE, language)
        lines.append(
            text.format(
                count=number(count, language),
                system=words.system_name(system),
                reason=reason_text(code, language),
            )
        )
    for system, count in sorted(outside.items()):
        text = translate(
            "{count} records outside the scope of {system}: not written, not missed.", language
        )
        lines.append(text.format(count=number(count, language), system=words.system_name(system)))
    return "\n".join(f"  {line}" for line in lines)


def costs_text(creates: Counter[tuple[str, str]], kinds: Mapping[str, str], language: str) -> str:
    """What the records to be created cost, a line for each system and object that has a price.

    `creates` counts by (system, object); `kinds` says which connector each system has.
    """
    lines = []
    for (system, object_), count in sorted(_priced(creates, kinds).items()):
        kind = kinds.get(system, "")
        text = translate(_COSTS[kind, object_], language)
        lines.append(
            text.format(
                count=number(count, language),
                system=words.system_name(system),
                size=number(count * _RECORD_KB, language),
            )
        )
    return "\n".join(f"  {line}" for line in lines)


def _priced(
    creates: Counter[tuple[str, str]], kinds: Mapping[str, str]
) -> Counter[tuple[str, str]]:
    """Creates by (system, object) as the table of costs names them."""
    found: Counter[tuple[str, str]] = Counter()
    for (system, object_), count in creates.items():
        for name in (object_, "*"):
            if count and (kinds.get(system, ""), name) in _COSTS:
                found[system, name] += count
    return found
