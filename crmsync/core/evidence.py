"""Why a value is what it is: from the native text of every side to the one that counts.

| step | about | gives |
|---|---|---|
| read | a native field | its text, as the system wrote it |
| transform | the transform and its options | the text made of what was read |
| lookup | our reference and the field behind it | the value that the other record has |
| home | the country or currency of the record | how numbers without one are read |
| values | the mapping's list of values | our word |
| user | the users of the system | the owner's e-mail |
| leads | the entity a tie leads to | the keys of the customers tied |
| parse | the type | the canonical text; None where it cannot be read |

| a side | means |
|---|---|
| chosen | its value counts, and it is named as its source |
| same | it holds the same value |
| part | its members are in a value put together of several |
| lost | it holds another value, which does not count |
| waits | its value waits for a person to decide |
| stale | a run wrote the field after this side was read |
| blank, absent, unread, outside | it holds nothing, or nothing that is evidence |

Must not know: where the texts come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crmsync.core.lenses import Lens, Schemas, home_of, lens_of, look
from crmsync.core.mapping import LOOKUP, Entity, Field, Seat
from crmsync.core.planning import CellChange
from crmsync.core.records import UNSET, Cell, Group, Invalid, Mark, Ref, Value, is_observed
from crmsync.core.values import TYPES, text_of
from crmsync.core.views import CustomerView, FieldView

How = Literal["read", "transform", "lookup", "home", "values", "user", "leads", "parse"]
Role = Literal[
    "chosen", "same", "part", "lost", "waits", "stale", "blank", "absent", "unread", "outside"
]
Raws = Mapping[str, str | None]
"""Native texts of one record, by native name; a name that is missing was not read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way of a value; `gives` None is a blank, or for `parse` what cannot be read."""

    how: How
    about: str
    gives: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """When a field was last written, as far as can be told.

    `precision` is instant, day, or upper_bound: then or before. `told_by` says whether the history of the field
    tells it, or only the record's last change.
    """

    at: datetime
    precision: str
    told_by: Literal["history", "record"]


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """One side of one field: what it holds, what became of it, since when, and how it was read.

    `base` is what it held when last settled. `written` None: nobody tells when.
    """

    ref: Ref
    cell: Cell
    role: Role
    base: Value | None | Mark = UNSET
    written: Written | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """One field of a customer with all its sides, in order of the systems."""

    field: str
    sides: tuple[SideEvidence, ...]

    @property
    def measurable(self) -> bool:
        """False where no system shows anything that can be read: then the view says nothing, not `blank`."""
        return any(is_observed(side.cell) for side in self.sides)


@dataclass(frozen=True, slots=True)
class WrittenSince:
    """A system whose last read is older than a run that wrote there: when it was read, and what the run wrote."""

    system: str
    read_at: datetime
    run: str
    cells: tuple[CellChange, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what was written, each once."""
        return tuple(dict.fromkeys(cell.field for cell in self.cells))


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of some records: their native texts, and when those were written (under "": the record)."""

    texts: Mapping[Ref, Raws]
    times: Mapping[Ref, Mapping[str, Written]]


def evidence_of(
    schemas: Schemas, entity: Entity, group: Group, view: CustomerView, told: Told
) -> Iterator[FieldEvidence]:
    """Every field of a customer with what each side holds and how it came about, in the mapping's order."""
    for each, shown in zip(entity.fields, view.fields, strict=True):
        sides = (_side(schemas, entity, each, group, shown, told, system) for system in shown.cells)
        yield FieldEvidence(each.field, tuple(sides))


def _side(
    schemas: Schemas,
    entity: Entity,
    field: Field,
    group: Group,
    shown: FieldView,
    told: Told,
    system: str,
) -> SideEvidence:
    ref, cell = group.records[system].ref, shown.cells[system]
    role = role_of(shown, system, group)
    base = group.base(system, field.field)
    seat = next((s for s in entity.seats_of(system) if s.object == ref.object), None)
    if seat is None or role in ("absent", "outside"):
        return SideEvidence(ref, cell, role, base)
    written = last_written(field, seat, told.times.get(ref, {}))
    steps = steps_of(schemas, entity, field, seat, told.texts.get(ref, {}), cell)
    return SideEvidence(ref, cell, role, base, written, steps)


def role_of(field: FieldView, system: str, group: Group) -> Role:
    """What became of what one side holds."""
    cell = field.cells[system]
    if system in group.outside:
        return "outside"
    if isinstance(cell, Invalid):
        return "unread"
    if not is_observed(cell):
        return "absent"
    if cell is None:
        return "blank"
    if field.stale or field.choice.waits:
        return "stale" if field.stale else "waits"
    return _verdict(field, system, cell)


def _verdict(field: FieldView, system: str, cell: Cell) -> Role:
    """What became of a value of a field that somebody decides."""
    if field.choice.system == system:
        return "chosen"
    if cell == field.choice.value:
        return "same"
    return "part" if _is_part(cell, field.choice.value) else "lost"


def _is_part(cell: Cell, value: Value | None) -> bool:
    return isinstance(cell, frozenset) and isinstance(value, frozenset) and cell <= value


def steps_of(
    schemas: Schemas, entity: Entity, field: Field, seat: Seat, raws: Raws, cell: Cell
) -> tuple[Step, ...]:
    """How the cell of one field came of the native texts of its record; nothing where it is not mapped."""
    made = field.made_in(seat.system, seat.object)
    if made is not None and made.transform == LOOKUP:
        return (Step("lookup", ".".join(made.inputs), _text(field, cell)),)
    lens = lens_of(schemas, entity, field, seat)
    if lens is None:
        return ()
    inputs = field.inputs_in(seat.system, seat.object)
    read = tuple(Step("read", native, raws.get(native)) for native in inputs)
    if all(step.gives is None for step in read):
        return read
    if field.type in ("reference", "references"):
        return (*read, Step("leads", field.to or "", _text(field, cell)))
    return (*read, *_after(lens, raws))


def _after(lens: Lens, raws: Raws) -> Iterator[Step]:
    """What happens to a text once it was read."""
    texts = [raws.get(native) for native in lens.inputs]
    seen = look(lens, texts)
    text = seen.shown if lens.made else texts[0]
    if lens.made is not None:
        options = ", ".join(f"{name}: {each}" for name, each in sorted(lens.made.options.items()))
        yield Step("transform", lens.made.transform + (f" ({options})" if options else ""), text)
    ours = None if isinstance(seen.cell, Invalid) else text_of(seen.cell, lens.spec.type)
    if seen.cell is None or ours == text:
        return
    if lens.home is not None:
        spec = home_of(lens, texts[-1]).spec
        yield Step("home", lens.inputs[-1], spec.currency if spec.type == "money" else spec.region)
    yield Step(_last(lens), lens.spec.type, ours)


def _last(lens: Lens) -> How:
    """How the text becomes the value: by a list, by the users, or by what its type says alone."""
    if not lens.spec.values:
        return "parse"
    if lens.spec.type == "owner":
        return "user"
    return "values" if TYPES[lens.spec.type].takes_values else "parse"


def _text(field: Field, cell: Cell) -> str | None:
    return text_of(cell, field.type) if is_observed(cell) else None


def natives_needed(schemas: Schemas, entity: Entity, seat: Seat) -> tuple[str, ...]:
    """Every native field of a seat that some step is about, in order of name."""
    lenses = (lens_of(schemas, entity, each, seat) for each in entity.fields)
    return tuple(sorted({native for lens in lenses if lens for native in lens.inputs}))


def last_written(field: Field, seat: Seat, written: Mapping[str, Written]) -> Written | None:
    """When the value of a side was last written: by the latest of its native fields, else by its record.

    `written` are the times of native fields, and under "" that of the record. A value of another record has none.
    """
    inputs = field.inputs_in(seat.system, seat.object)
    told = [written[native] for native in inputs if native in written]
    if told:
        return max(told, key=lambda each: each.at)
    return written.get("") if inputs else None
