"""The pages of a dossier: every text in its language, cleaned and cut, for any renderer to lay out.

Must not know: HTML, or workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crmsync.core.mapping import reason_in
from crmsync.language import N_, translate
from crmsync.reports import dossier_words as say
from crmsync.reports.cleaning import clean
from crmsync.reports.dossier import (
    Dossier,
    EntityPage,
    FieldLine,
    OtherLine,
    Unknown,
    WriterLine,
)
from crmsync.reports.numbers import day, instant, number, quantity
from crmsync.reports.page import anchor
from crmsync.reports.words import ENTITIES, named, system_name

_LONG = 600


@dataclass(frozen=True, slots=True)
class Side:
    """One system's part of a field: its native fields, and what it says of them."""

    system: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field as a reader sees it; an empty text is a row that is left out."""

    anchor: str
    map_anchor: str
    title: str
    name: str
    type: str
    way: str
    arrow: str
    sides: tuple[Side, ...]
    wins_short: str
    wins: str
    blanks: str
    values: str
    losses: tuple[str, ...]
    others: tuple[str, ...]
    why: str
    is_written: bool


@dataclass(frozen=True, slots=True)
class SeatText:
    """One object: what takes part, and what is created."""

    system: str
    object: str
    where: str
    create: str


@dataclass(frozen=True, slots=True)
class EntityText:
    """One entity: its introduction and its fields."""

    anchor: str
    title: str
    name: str
    counts: str
    seats: tuple[SeatText, ...]
    recognised: str
    match: tuple[str, ...]
    systems: tuple[str, ...]
    fields: tuple[FieldText, ...]


@dataclass(frozen=True, slots=True)
class MapText:
    """The value map of one field: a row for each of our values, a cell for each system."""

    anchor: str
    title: str
    systems: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class WriterText:
    """Another writer, and the circles that people accept."""

    name: str
    kind: str
    copies: str
    agreed: str
    circles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The whole dossier in one language."""

    language: str
    title: str
    made_on: str
    facts: tuple[tuple[str, str], ...]
    entities: tuple[EntityText, ...]
    maps: tuple[MapText, ...]
    writers: tuple[WriterText, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]
    parties: tuple[str, ...]
    signed: tuple[str, ...]
    version: str
    digest: str


def pages(dossier: Dossier, language: str) -> Pages:
    """Everything a dossier shows, in `en` or `es`."""
    made_on = day(dossier.made_at, language)
    return Pages(
        language=language,
        title=clean(dossier.title, say.NAME),
        made_on=made_on,
        facts=tuple(_facts(dossier, language)),
        entities=tuple(_entity(page, language) for page in dossier.entities),
        maps=tuple(_maps(dossier, language)),
        writers=tuple(_writer(each, language) for each in dossier.writers),
        unknown=tuple(
            (say.unknown_text(each, language), _named(each))
            for each in dossier.unknown
            if not each.code.startswith(_ONE_LANGUAGE) or each.code.endswith(f"_{language}")
        ),
        parties=tuple(
            _party(translate(each, language), name, language)
            for each, name in zip(say.PARTIES, (dossier.client, dossier.agency), strict=True)
        ),
        signed=tuple(translate(each, language) for each in say.SIGNED),
        version=clean(dossier.version, 30),
        digest=clean(dossier.mapping_digest, 12),
    )


_ONE_LANGUAGE = ("no_doc_", "no_why_")
"""What is told of the language of the document alone."""


def _party(party: str, name: str, language: str) -> str:
    """Who signs: a side, with its name where the workspace says it."""
    text = translate("{party}: {name}", language)
    return text.format(party=party, name=clean(name, say.NAME)) if name else party


def _named(unknown: Unknown) -> tuple[str, ...]:
    return tuple(clean(each, 2 * say.NAME) for each in unknown.about)


def _facts(dossier: Dossier, language: str) -> Iterator[tuple[str, str]]:
    """What the cover says: who it is between, systems with their last read, counts, which mapping."""
    for what, name in ((N_("Client"), dossier.client), (N_("Agency"), dossier.agency)):
        if name:
            yield translate(what, language), clean(name, say.NAME)
    for system in dossier.systems:
        read = (
            translate("read on {when}", language).format(when=instant(system.read_at, language))
            if system.read_at
            else translate("not read yet", language)
        )
        yield system_name(system.name), read
    fields = [field for page in dossier.entities for field in page.fields]
    written = sum(not say.is_read_only(field) for field in fields)
    counts = (
        quantity("{n} kind of record", "{n} kinds of record", len(dossier.entities), language),
        quantity("{n} field", "{n} fields", len(fields), language),
        translate("{n} of them written", language).format(n=number(written, language)),
    )
    yield translate("Extent", language), ", ".join(counts)
    yield translate("Workspace", language), clean(dossier.workspace, say.NAME)
    yield translate("Mapping", language), clean(dossier.mapping_digest, 12)


def _entity(page: EntityPage, language: str) -> EntityText:
    name = clean(page.name, say.NAME)
    written = sum(not say.is_read_only(field) for field in page.fields)
    counts = (
        quantity("{n} field", "{n} fields", len(page.fields), language),
        translate("{n} of them written", language).format(n=number(written, language)),
    )
    titles = {field.name: _title(field, language) for field in page.fields}
    return EntityText(
        anchor=anchor("entity", page.name),
        title=_in(page.doc, language) or named(ENTITIES, page.name, language).capitalize(),
        name=name,
        counts=", ".join(counts),
        seats=tuple(
            SeatText(
                system_name(seat.system),
                clean(seat.object, say.NAME),
                say.conditions_text(seat.where, language),
                say.create_text(seat, titles, language),
            )
            for seat in page.seats
        ),
        recognised=say.recognised_text(page.name, language),
        match=tuple(_rule(rule, titles, language) for rule in page.match),
        systems=tuple(dict.fromkeys(system_name(seat.system) for seat in page.seats)),
        fields=tuple(
            _field(page, place, field, titles, language) for place, field in enumerate(page.fields)
        ),
    )


def _rule(rule: tuple[str, ...], titles: dict[str, str], language: str) -> str:
    """What has to be the same for two records to be one customer."""
    parts = [
        translate(say.MATCHES[each], language)
        if each in say.MATCHES
        else titles.get(each) or clean(each, say.NAME)
        for each in rule
    ]
    text = translate("{parts} together", language)
    return text.format(parts=" + ".join(parts)) if len(parts) > 1 else "".join(parts)


def _in(doc: object, language: str) -> str:
    """A description in the language, else in any."""
    texts = dict(doc) if isinstance(doc, dict) else {}
    return clean(texts.get(language) or texts.get("en") or texts.get("es") or "", say.NAME)


def _title(field: FieldLine, language: str) -> str:
    return _in(field.doc, language) or clean(field.name.replace("_", " "), say.NAME)


def _field(
    page: EntityPage, place: int, field: FieldLine, titles: dict[str, str], language: str
) -> FieldText:
    systems = dict.fromkeys(seat.system for seat in page.seats)
    return FieldText(
        anchor=_anchor("field", page, place),
        map_anchor=_anchor("map", page, place),
        title=_title(field, language),
        name=clean(field.name, say.NAME),
        type=say.type_text(field, language, titles),
        way=say.ways_text(field, language),
        arrow=_arrow(field, list(systems)),
        sides=tuple(
            Side(system_name(system), tuple(_lines(field, system, language))) for system in systems
        ),
        wins_short=say.policy_short(field, language),
        wins=say.policy_text(field, language),
        blanks=say.blank_text(field, language),
        values=_values(field, language),
        losses=tuple(say.losses_text(field, language)),
        others=tuple(dict.fromkeys(_other(each, language) for each in field.others)),
        why=clean(reason_in(field.why, language), _LONG),
        is_written=not say.is_read_only(field),
    )


def _arrow(field: FieldLine, systems: list[str]) -> str:
    """The sign between two systems as they stand side by side; "" where there are more, or no way."""
    if len(systems) != 2 or not field.ways:
        return ""
    left, right = systems
    there, back = (left, right) in field.ways, (right, left) in field.ways
    return "⇄" if there and back else "→" if there else "←"


def _anchor(kind: str, page: EntityPage, place: int) -> str:
    """An id that no other field has, however long its name."""
    return anchor(kind, f"{place + 1}-{page.name}")


def _lines(field: FieldLine, system: str, language: str) -> Iterator[tuple[str, str]]:
    """Native names of one system with what it says of them; objects that agree share a line."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in (each for each in field.places if each.system == system):
        key = (clean(place.name, say.NAME), say.native_text(place, language))
        found.setdefault(key, []).append(clean(place.object, say.NAME))
    for (name, text), objects in found.items():
        yield f"{', '.join(objects)}.{name}" if len(objects) == 1 else _shared(name, objects), text


def _shared(name: str, objects: list[str]) -> str:
    return f"{name} ({', '.join(objects)})"


def _values(field: FieldLine, language: str) -> str:
    if not field.values:
        return ""
    systems = ", ".join(system_name(each) for each in field.values)
    most = max(len(values) for values in field.values.values())
    text = quantity("Translated, {n} value", "Translated, up to {n} values", most, language)
    return f"{text} ({systems})"


def _other(line: OtherLine, language: str) -> str:
    spot = f"{clean(line.object, say.NAME)}.{clean(line.name, say.NAME)}"
    return translate(say.OTHERS[line.does], language).format(
        who=clean(line.writer, say.NAME), spot=f"{system_name(line.system)} {spot}"
    )


def _maps(dossier: Dossier, language: str) -> Iterator[MapText]:
    for page in dossier.entities:
        for place, field in enumerate(page.fields):
            if field.values:
                yield _map(page, place, field, language)


def _map(page: EntityPage, place: int, field: FieldLine, language: str) -> MapText:
    ours = dict.fromkeys(each for values in field.values.values() for each in values.values())
    ranked = [each for each in field.order if each in ours]
    order = dict.fromkeys([*ranked, *ours])
    entity = _in(page.doc, language) or named(ENTITIES, page.name, language).capitalize()
    return MapText(
        anchor=_anchor("map", page, place),
        title=f"{entity}: {_title(field, language)}",
        systems=tuple(system_name(each) for each in field.values),
        rows=tuple(
            (
                clean(value, say.NAME),
                tuple(
                    ", ".join(
                        clean(native, say.NAME) for native, own in values.items() if own == value
                    )
                    for values in field.values.values()
                ),
            )
            for value in order
        ),
    )


def _writer(line: WriterLine, language: str) -> WriterText:
    return WriterText(
        clean(line.name, say.NAME),
        named(say.KINDS, line.kind, language),
        quantity("{n} copy declared", "{n} copies declared", line.copies, language),
        clean(line.agreed, _LONG),
        tuple(clean(each, _LONG) for each in line.circles),
    )
