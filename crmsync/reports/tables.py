"""The two tables of the HTML report beside the findings: completeness by field, and the plan."""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import Completeness, PlanCounts
from crmsync.reports.numbers import number, share

_UPDATES = N_("At least one value changes; every one is in the plan with its reason.")
_CREATES = N_("The mapping allows it, and nobody like them was found there.")
_LINKS = N_("They become one customer; nothing is written to a CRM for it.")
_CONFLICTS = N_("A person decides; until then nothing moves.")
_BLANKS = N_("Only where the mapping says that a blank counts.")
_HELD = N_("The mapping asks for a person's word first.")


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell of the completeness table; `ratio` is None where the system has no such field."""

    ratio: float | None
    share: str
    count: str


@dataclass(frozen=True, slots=True)
class CompletenessTable:
    """Fields by system: one row a field with one cell a system."""

    entity: str
    systems: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Filled, ...]], ...]


def completeness_tables(cells: tuple[Completeness, ...], language: str) -> list[CompletenessTable]:
    """One table an entity, entities and fields in the order given, systems by name."""
    entities = dict.fromkeys(cell.entity for cell in cells)
    return [_table(name, [c for c in cells if c.entity == name], language) for name in entities]


def _table(entity: str, cells: list[Completeness], language: str) -> CompletenessTable:
    systems = sorted({cell.system for cell in cells})
    known = {(cell.field, cell.system): cell for cell in cells}
    return CompletenessTable(
        words.named(words.ENTITIES, entity, language).capitalize(),
        tuple(words.system_name(system) for system in systems),
        tuple(
            (
                _called(next(cell for cell in cells if cell.field == name), language),
                tuple(_filled(known.get((name, system)), language) for system in systems),
            )
            for name in dict.fromkeys(cell.field for cell in cells)
        ),
    )


def _called(cell: Completeness, language: str) -> str:
    """A field in the reader's language, if the mapping has a word for it; our own names are English."""
    title = cell.title.get("es") if language == "es" else None
    return clean(title.lower() if title else cell.field.replace("_", " "), 60)


def _filled(cell: Completeness | None, language: str) -> Filled:
    if cell is None or cell.total <= 0:
        return Filled(None, "", "")
    count = translate("{filled} of {total}", language).format(
        filled=number(cell.filled, language), total=number(cell.total, language)
    )
    return Filled(cell.filled / cell.total, share(cell.filled, cell.total, language), count)


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
