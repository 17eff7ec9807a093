"""The plan as a table of the HTML report."""

from __future__ import annotations

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.facts import PlanCounts
from crmsync.reports.numbers import number

_UPDATES = N_("At least one value changes; every one is in the plan with its reason.")
_CREATES = N_("The mapping allows it, and nobody like them was found there.")
_LINKS = N_("They become one customer; nothing is written to a CRM for it.")
_CONFLICTS = N_("A person decides; until then nothing moves.")
_BLANKS = N_("Only where the mapping says that a blank counts.")
_HELD = N_("The mapping asks for a person's word first.")


def plan_rows(plan: PlanCounts, language: str) -> list[tuple[str, str, str]]:
    """What the plan would do: what, how many, and what that means."""
    written = [
        (translate(title, language).format(system=words.system_name(system)), n, meaning)
        for title, numbers, meaning in (
            (N_("Records to update in {system}"), plan.updates, _UPDATES),
            (N_("Records to create in {system}"), plan.creates, _CREATES),
        )
        for system, n in sorted(numbers.items())
    ]
    rest = [
        (translate("Records to link", language), plan.links, _LINKS),
        (translate("Conflicts", language), plan.conflicts, _CONFLICTS),
        (translate("Values replaced by nothing", language), plan.blanks, _BLANKS),
        (translate("Creations held back", language), plan.held, _HELD),
    ]
    return [
        (title, number(n, language), translate(why, language)) for title, n, why in written + rest
    ]
