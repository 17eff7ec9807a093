"""One row about a pair of records: its entity, its two records and the word that decides, as people fill them in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from crmsync.config.project_checks import guess
from crmsync.core.mapping import Entity, WorkspaceMapping
from crmsync.core.marks import id_mark
from crmsync.core.pair_decisions import Same
from crmsync.core.records import Ref

SIDES = ("one", "other")
_WORDS: Mapping[str, Same] = {
    **dict.fromkeys(("yes", "y", "si", "s"), "yes"),
    **dict.fromkeys(("no", "n"), "no"),
    **dict.fromkeys(("unsure", "?", "duda", "dudoso", "no se", "no lo se"), "unsure"),
}
"""Words without accents and capitals, English and Spanish."""
_TAKES_BACK = frozenset(("forget", "olvidar"))
_ROUNDED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
_DISARMED = re.compile(r"'[\s\"']*[=+\-@\t\r＝＋－＠]")
_MASKED = "•••"
CELL, ITSELF = "CRM131", "CRM132"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row, and what helps."""

    code: str
    message: str
    remedy: str


def same_of(text: str) -> Same | None:
    """The decision that a word stands for, whatever its case; None for a word that nobody knows."""
    return _WORDS.get(_bare(text))


def takes_back(text: str) -> bool:
    """True for the word that takes back what was decided."""
    return _bare(text) in _TAKES_BACK


def _bare(text: str) -> str:
    """A word without accents, capitals and blanks around it."""
    plain = unicodedata.normalize("NFD", text.strip().lower())
    bare = "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M"))
    return " ".join(bare.split())


def plain_cell(text: str | None) -> str:
    """A cell without blanks around it, and without the apostrophe that keeps a spreadsheet from running it."""
    cell = (text or "").strip()
    return cell[1:] if _DISARMED.match(cell) else cell


@dataclass(frozen=True, slots=True)
class PairRow:
    """The entity and the two records of a row, as far as they can be understood, and what is wrong with it."""

    entity: str
    refs: tuple[Ref, Ref] | None
    faults: tuple[Fault, ...]


def pair_of(cells: Mapping[str, str], mapping: WorkspaceMapping | None) -> PairRow:
    """The pair of a row of cells by column; without a mapping only what needs none is checked."""
    name = cells["entity"]
    known = {each.entity: each for each in mapping.entities} if mapping else {}
    faults = [*_entity_faults(name, known)] if mapping else []
    for side in SIDES:
        faults += _side_faults(side, cells, known.get(name))
    refs = _ref(cells, "one"), _ref(cells, "other")
    if _spelt_out(refs[0]) == _spelt_out(refs[1]) and not faults:
        remedy = "name two records, or remove the line"
        faults.append(Fault(ITSELF, f"a pair of one record with itself: {refs[0]}", remedy))
    return PairRow(name, None if faults else refs, tuple(faults))


def _spelt_out(ref: Ref) -> Ref:
    """The record with an id of 18 characters, where it has one of 15."""
    return replace(ref, id=id_mark(ref.id))


def _ref(cells: Mapping[str, str], side: str) -> Ref:
    return Ref(cells[f"{side}_system"], cells[f"{side}_object"], cells[f"{side}_id"])


def _entity_faults(name: str, known: Mapping[str, Entity]) -> Iterator[Fault]:
    if name not in known:
        advice = guess(name, known, f"use one of {', '.join(known)}")
        yield Fault(CELL, f"no entity '{name}'", advice)


def _side_faults(side: str, cells: Mapping[str, str], entity: Entity | None) -> Iterator[Fault]:
    system, object_, id_ = (cells[f"{side}_{part}"] for part in ("system", "object", "id"))
    if entity is not None:
        yield from _seat_faults(side, system, object_, entity)
    if not id_:
        yield Fault(CELL, f"{side}_id is blank", "name the record's id in its system")
    elif _MASKED in id_:
        remedy = "write the list anew with --unmask, or give the whole id"
        yield Fault(CELL, f"{side}_id '{id_}' is masked", remedy)
    elif _ROUNDED.fullmatch(id_):
        remedy = "Excel has rounded it: format the column as text and give the whole id"
        yield Fault(CELL, f"{side}_id '{id_}' is no whole id", remedy)


def _seat_faults(side: str, system: str, object_: str, entity: Entity) -> Iterator[Fault]:
    if system not in entity.systems:
        advice = guess(system, entity.systems, f"use one of {', '.join(entity.systems)}")
        yield Fault(CELL, f"{side}_system '{system}' holds no {entity.entity}", advice)
        return
    objects = [seat.object for seat in entity.seats_of(system)]
    if object_ not in objects:
        advice = guess(object_, objects, f"use one of {', '.join(objects)}")
        yield Fault(
            CELL, f"{side}_object '{object_}' is no seat of {entity.entity} in {system}", advice
        )
