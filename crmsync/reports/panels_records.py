"""Deals without anybody, duplicates, age and owners in a report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from crmsync.core.profile import AGES, DuplicateCounts, OwnerCounts, StageGap
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import ReportFacts
from crmsync.reports.numbers import number, quantity
from crmsync.reports.panels import NOTHING, Cell, Grid, Panel, counted, shaded
from crmsync.reports.roles_words import amounts_text


def gaps(facts: ReportFacts, language: str) -> list[Panel]:
    """Open deals by stage, those without anybody, and what these are worth; a line where there are none."""
    rows = facts.profile.gaps
    if not rows:
        return []
    title = translate("Open deals without anybody, by stage", language)
    without, deals = sum(each.without for each in rows), sum(each.deals for each in rows)
    said = quantity(
        "{n} of {deals} open deals names nobody{worth}. A deal that both systems have counts in each.",
        "{n} of {deals} open deals name nobody{worth}. A deal that both systems have counts in each.",
        without,
        language,
    )
    if not without:
        said = translate("All {deals} open deals name somebody.", language)
    worth = amounts_text(_added(rows), language)
    said = said.replace("{deals}", number(deals, language))
    said = said.replace("{worth}", f" ({worth})" if worth else "")
    heads = (N_("Stage"), N_("Open deals"), N_("Without anybody"), N_("Amount at risk"))
    grid = Grid(title, _heads(heads, language), tuple(_gap(each, language) for each in rows))
    return [Panel(title, said, (grid,) if without else ())]


def _added(rows: Sequence[StageGap]) -> dict[str, Decimal]:
    """Amounts by currency, never added up across them."""
    found: dict[str, Decimal] = {}
    for each in rows:
        for code, amount in each.amounts.items():
            found[code] = found.get(code, Decimal(0)) + amount
    return dict(sorted(found.items()))


def _gap(each: StageGap, language: str) -> tuple[str, tuple[Cell, ...]]:
    stage = clean(each.stage, 60) or translate("no stage", language)
    name = " · ".join(
        part for part in (words.system_name(each.system), clean(each.pipeline, 40), stage) if part
    )
    worth = amounts_text(dict(sorted(each.amounts.items())), language)
    unpriced = (
        quantity("{n} without an amount", "{n} without an amount", each.unpriced, language)
        if each.unpriced
        else ""
    )
    at_risk = Cell(worth or NOTHING, unpriced)
    return name, (
        Cell(number(each.deals, language)),
        counted(each.without, each.deals, language, marked=True),
        at_risk,
    )


def duplicates(facts: ReportFacts, language: str) -> list[Panel]:
    """What the last search found by confidence; a line where nobody searched this reading."""
    rows = facts.profile.duplicates
    if not rows:
        return []
    title = translate("Probable duplicates, by confidence", language)
    searched = [each for each in rows if each.searched]
    missing = [
        words.named(words.ENTITIES, each.entity, language) for each in rows if not each.searched
    ]
    unsearched = translate(
        "Not searched since the systems were last read: {entities}. crmsync fix duplicates searches, and the next "
        "audit shows what it found.",
        language,
    ).format(entities=words.joined(missing, language))
    if not searched:
        return [Panel(title, unsearched)]
    said = translate(
        "Groups of records that are probably one. What is sure can be merged at once; a person decides of the rest.",
        language,
    )
    heads = (N_("Entity"), N_("Records"), N_("Sure"), N_("To review"), N_("Decided already"))
    body = tuple(_doubles(each, language) for each in searched)
    grid = Grid(title, _heads(heads, language), body)
    return [Panel(title, said, (grid,), (unsearched,) if missing else ())]


def _doubles(each: DuplicateCounts, language: str) -> tuple[str, tuple[Cell, ...]]:
    return words.named(words.ENTITIES, each.entity, language).capitalize(), (
        Cell(number(each.records, language)),
        _groups(each.sure_groups, each.sure_records, language),
        _groups(each.review_groups, each.review_records, language),
        Cell(number(each.decided, language)),
    )


def _groups(groups: int, records: int, language: str) -> Cell:
    if not groups:
        return Cell(number(0, language))
    said = quantity("{n} group", "{n} groups", groups, language)
    return Cell(said, quantity("{n} record", "{n} records", records, language))


def ages(facts: ReportFacts, language: str) -> list[Panel]:
    """The share of records by the age of the last change or activity; darker is more."""
    rows = [each for each in facts.profile.ages if each.records]
    if not rows:
        return []
    title = translate("When records were last touched", language)
    said = translate(
        "The later of the last change of the record and the last activity with its customer in the same system. A sync "
        "or an import changes records, too.",
        language,
    )
    body = tuple(
        (
            _place(each.entity, each.system, language),
            (
                Cell(number(each.records, language)),
                *(shaded(n, each.records, language) for n in (*each.ages, each.unknown)),
            ),
        )
        for each in rows
    )
    return [Panel(title, said, (Grid(title, _age_heads(language), body),))]


def _age_heads(language: str) -> tuple[str, ...]:
    return (
        translate("Records of", language),
        translate("Records", language),
        translate("{n} days or less", language).format(n=number(AGES[0], language)),
        *(
            translate("{low} to {high} days", language).format(
                low=number(low + 1, language), high=number(high, language)
            )
            for low, high in pairwise(AGES)
        ),
        translate("More than {n} days", language).format(n=number(AGES[-1], language)),
        translate("Not known", language),
    )


def _heads(messages: Sequence[str], language: str) -> tuple[str, ...]:
    return tuple(words.translated(messages, language))


def _place(entity: str, system: str, language: str) -> str:
    return f"{words.named(words.ENTITIES, entity, language).capitalize()} · {words.system_name(system)}"


def owners(facts: ReportFacts, language: str) -> list[Panel]:
    """Records without an owner, in a queue, or of somebody who has left."""
    rows = [each for each in facts.profile.owners if each.records]
    if not rows:
        return []
    title = translate("Whose the records are", language)
    said = translate(
        "Closed deals are left out. Contacts whom only marketing writes to need no owner yet.",
        language,
    )
    heads = (
        N_("Records of"),
        N_("Records"),
        N_("Without an owner"),
        N_("In a queue"),
        N_("Of somebody who left"),
    )
    body = tuple((_owned(each, rows, language), _owner_cells(each, language)) for each in rows)
    notes: tuple[str, ...] = ()
    if any(each.left is None for each in rows):
        notes = (
            translate("{mark} The users of this system were not read.", language).format(
                mark=NOTHING
            ),
        )
    return [Panel(title, said, (Grid(title, _heads(heads, language), body),), notes)]


def _owned(each: OwnerCounts, rows: Sequence[OwnerCounts], language: str) -> str:
    """The entity and the system, and the field where an entity has several owners."""
    fields = {row.field for row in rows if row.entity == each.entity}
    place = _place(each.entity, each.system, language)
    return f"{place} · {clean(each.field.replace('_', ' '), 40)}" if len(fields) > 1 else place


def _owner_cells(each: OwnerCounts, language: str) -> tuple[Cell, ...]:
    left = Cell(NOTHING)
    if each.left is not None:
        left = counted(each.left, each.records, language, marked=True)
    return (
        Cell(number(each.records, language)),
        counted(each.without, each.records, language),
        counted(each.queued, each.records, language),
        left,
    )
