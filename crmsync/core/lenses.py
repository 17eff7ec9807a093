"""From native fields to a cell: one lens for every field of every object, for columns and records alike.

    plain field              its native field, parsed by its type
    made of several          a transform makes one text of them, parsed the same way
    with `country_from`      its native field, parsed as at home in the record's own country
    with `currency_from`     its native field, an amount in the record's own currency

A lookup is not read here: it is a field of another record (warehouse/columns.py joins it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmsync.core.countries import country_of
from crmsync.core.mapping import Entity, Field, MadeOf, Seat
from crmsync.core.records import Invalid, Schema, Value
from crmsync.core.spec import Spec
from crmsync.core.transforms import transforms
from crmsync.core.values import parse

_CURRENCY = re.compile(r"[A-Z]{3}")
Schemas = Mapping[tuple[str, str], Schema]
"""What each (system, object) says about its own fields."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How one field is seen through one object.

    `inputs` are native names in the order `look` takes their texts. With `home` the last of them is the
    record's country or currency, and this is how it is read.
    """

    spec: Spec
    inputs: tuple[str, ...]
    made: MadeOf | None = None
    home: Spec | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell as it was seen, and the text that stands for what the system holds; None for a blank."""

    cell: Value | Invalid | None
    shown: str | None


def lens_of(schemas: Schemas, entity: Entity, field: Field, seat: Seat) -> Lens | None:
    """How a field is read from a seat; None where there is no such field, or it is a lookup."""
    inputs = field.inputs_in(seat.system, seat.object)
    if not inputs:
        return None
    made = field.made_in(seat.system, seat.object)
    spec = spec_of(schemas, field, seat)
    named = field.country_from or field.currency_from
    home = entity.field_named(named) if named else None
    where = home.name_in(seat.system, seat.object) if home else None
    if home is None or where is None or made is not None or not _is_shown(schemas, seat, where):
        return Lens(spec, inputs, made)
    return Lens(spec, (*inputs, where), None, spec_of(schemas, home, seat))


def _is_shown(schemas: Schemas, seat: Seat, native: str) -> bool:
    """False for a field that the system is known not to show; without a schema, nothing is known."""
    schema = schemas.get((seat.system, seat.object))
    return schema is None or native in schema.fields


def spec_of(schemas: Schemas, field: Field, seat: Seat) -> Spec:
    """What a type has to know about one field in one object, the native type included."""
    schema = schemas.get((seat.system, seat.object))
    name = field.name_in(seat.system, seat.object) or ""
    native = schema.fields.get(name) if schema else None
    is_instant = native is not None and native.type == "datetime"
    return field.spec(seat.system, native_is_instant=is_instant)


def look(lens: Lens, raws: Sequence[str | None]) -> Seen:
    """The cell behind the texts of a record's `inputs`, in their order."""
    if lens.made is not None:
        text = _made(lens.made, raws)
        return _parsed(text, lens.spec)
    if lens.home is None:
        return _parsed(raws[0], lens.spec)
    return _parsed(raws[0], home_of(lens, raws[-1]).spec)


def home_of(lens: Lens, raw: str | None) -> Lens:
    """The lens of all records whose country or currency is written so: the last input means nothing to it any more."""
    if lens.home is None:
        return lens
    home = parse(raw, lens.home)
    spec = _at_home(lens.spec, home if isinstance(home, str) else None)
    return replace(lens, spec=spec, home=None)


def _at_home(spec: Spec, home: str | None) -> Spec:
    """The spec for a record of this country or currency; a blank or a strange one says nothing."""
    if spec.type == "money":
        code = (home or "").strip().upper()
        return replace(spec, currency=code) if _CURRENCY.fullmatch(code) else spec
    return spec.within(country_of(home))


def _made(made: MadeOf, raws: Sequence[str | None]) -> str | None:
    return transforms()[made.transform].apply(raws, made.options)


def _parsed(text: str | None, spec: Spec) -> Seen:
    cell = parse(text, spec)
    return Seen(cell, None if cell is None else text)
