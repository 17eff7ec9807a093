"""The fields in a report: how full they are by system and object, and how far two systems agree on them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from crmsync.core.profile import FieldAgreement
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import Completeness, ReportFacts
from crmsync.reports.numbers import number, quantity, share
from crmsync.reports.panels import NOTHING, Cell, Grid, Panel, counted, shaded

_FULL = N_("Full in every record: {fields}.")
_EMPTY = N_("Empty in every record: {fields}.")
_SAME = N_("The same wherever both systems say something: {fields}.")


def completeness(facts: ReportFacts, language: str) -> list[Panel]:
    """One table an entity, entities and fields in the order of the mapping; [] where nothing is mapped."""
    cells = facts.completeness
    entities = list(dict.fromkeys(each.entity for each in cells))
    if not entities:
        return []
    said = translate(
        "The share of records that hold any value at all, right or wrong; a stronger shade is fuller.",
        language,
    )
    tables = [_filled([c for c in cells if c.entity == name], language) for name in entities]
    grids = tuple(grid for grid, _ in tables if grid.rows)
    notes = tuple(note for _, told in tables for note in told)
    return [Panel(translate("How full the fields are", language), said, grids, notes)]


def _filled(cells: list[Completeness], language: str) -> tuple[Grid, list[str]]:
    """The table of one entity, and a line for what is full or empty throughout: it needs no row."""
    entity = words.named(words.ENTITIES, cells[0].entity, language).capitalize()
    places = {(each.system, each.object): each.total for each in cells}
    known = {(each.field, each.system, each.object): each for each in cells}
    fields = {each.field: called(each, language) for each in cells}
    full = [f for f in fields if all(c.filled == c.total for c in cells if c.field == f)]
    empty = [f for f in fields if all(not c.filled for c in cells if c.field == f)]
    rows = tuple(
        (title, tuple(_share(known.get((field, *place)), language) for place in sorted(places)))
        for field, title in fields.items()
        if field not in full and field not in empty
    )
    heads = (
        translate("Field", language),
        *(_place(place, places, language) for place in sorted(places)),
    )
    caption = translate("Fields of: {entity}", language).format(entity=entity)
    told = [
        f"{entity}. {translate(message, language).format(fields=', '.join(fields[f] for f in found))}"
        for message, found in ((_FULL, full), (_EMPTY, empty))
        if found
    ]
    return Grid(caption, heads, rows), told


def _share(cell: Completeness | None, language: str) -> Cell:
    return Cell(NOTHING) if cell is None else shaded(cell.filled, cell.total, language)


def _place(place: tuple[str, str], places: Mapping[tuple[str, str], int], language: str) -> str:
    """`Salesforce Lead, 56`: the object is named where a system has several."""
    system, object_ = place
    alone = sum(1 for each, _ in places if each == system) == 1 or not object_
    name = words.system_name(system) + ("" if alone else f" {clean(object_, 40)}")
    return f"{name}, {quantity('{n} record', '{n} records', places[place], language)}"


def called(cell: Completeness, language: str) -> str:
    """A field in the reader's language, if the mapping has a word for it; our own names are English."""
    title = cell.title.get("es") if language == "es" else None
    return clean(title.lower() if title else cell.field.replace("_", " "), 60)


def agreement(facts: ReportFacts, language: str) -> list[Panel]:
    """One table an entity and pair of systems, what differs most first; [] of one system alone."""
    rows = facts.profile.agreement
    if not rows:
        return []
    titles = {(c.entity, c.field): called(c, language) for c in facts.completeness}
    tables = [
        _agreed(list(each), titles, language)
        for _, each in groupby(rows, key=lambda row: (row.entity, row.system, row.other_system))
    ]
    said = translate(
        "Customers with one record in each system, field by field. A value that cannot be read counts as none, and a "
        "box that nobody ever ticked as a no.",
        language,
    )
    return [
        Panel(
            translate("What the systems agree on", language),
            said,
            tuple(grid for grid, _ in tables if grid.rows),
            tuple(note for _, note in tables if note),
        )
    ]


def _agreed(
    rows: list[FieldAgreement], titles: Mapping[tuple[str, str], str], language: str
) -> tuple[Grid, str]:
    """The table of fields of which somebody says something else or nothing, and a line for the others."""
    first = rows[0]
    entity = words.named(words.ENTITIES, first.entity, language).capitalize()
    systems = (words.system_name(first.system), words.system_name(first.other_system))
    open_ = sorted(
        (each for each in rows if each.differ or each.only or each.only_other),
        key=lambda each: (-each.differ, -each.only - each.only_other),
    )
    only = translate("Only {system}", language)
    heads = (
        *(translate(each, language) for each in (N_("Field"), N_("Equal"), N_("Differ"))),
        *(only.format(system=system) for system in systems),
        translate("Agree", language),
    )
    caption = translate("{entity}: {one} and {other}", language).format(
        entity=entity, one=systems[0], other=systems[1]
    )
    same = [_title(each, titles) for each in rows if each.both and each not in open_]
    note = translate(_SAME, language).format(fields=", ".join(same)) if same else ""
    body = tuple((_title(each, titles), _row(each, language)) for each in open_)
    return Grid(caption, heads, body), f"{entity}. {note}" if note else ""


def _title(each: FieldAgreement, titles: Mapping[tuple[str, str], str]) -> str:
    return titles.get((each.entity, each.field), clean(each.field.replace("_", " "), 60))


def _row(each: FieldAgreement, language: str) -> tuple[Cell, ...]:
    return (
        Cell(number(each.equal, language)),
        counted(each.differ, 0, language, marked=True),
        Cell(number(each.only, language)),
        Cell(number(each.only_other, language)),
        Cell(share(each.equal, each.both, language) or NOTHING),
    )
