"""`crmsync lint --dossier`: the mapping as a document that a client reads and signs. Calls no system."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from crmsync import __version__
from crmsync.commands.workspace import STATE, Workspace, schemas_of
from crmsync.core.cycles import cycles, our_edges, their_edges
from crmsync.core.flagwords import without_usual_words
from crmsync.core.flows import Flow, ReadOnly, conditions, flows, inputs, output
from crmsync.core.losses import Loss, Passage, losses
from crmsync.core.mapping import Entity, Field, Seat, WorkspaceMapping, source_text
from crmsync.core.records import Schema
from crmsync.core.writers import Writer, copied_by, spelled, written_by
from crmsync.errors import CrmsyncError, StoreFailed
from crmsync.reports.dossier import (
    Dossier,
    EntityPage,
    FieldLine,
    LossLine,
    OtherLine,
    PlaceLine,
    SeatLine,
    SystemLine,
    Unknown,
    WriterLine,
)

Schemas = Mapping[tuple[str, str], Schema]
ENDINGS = (".html", ".xlsx")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the mapping: what systems say of their fields, and who else writes."""

    schemas: Schemas
    writers: Sequence[Writer] = ()
    read_only: ReadOnly = ()


def write_dossier(workspace: Workspace, path: Path, language: str) -> None:
    """Writes the dossier as its ending says, mode 0600. CrmsyncError for other endings."""
    made = _renderer(path)
    document = made(dossier_of(workspace), language)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(document)
    except OSError as error:
        raise StoreFailed(
            f"cannot write the dossier: {error.strerror}",
            where=str(path),
            remedy="Name another file, or free disk space.",
        ) from error


def _renderer(path: Path) -> Callable[[Dossier, str], bytes]:
    demand_ending(path)
    if path.suffix.lower() == ".xlsx":
        from crmsync.reports.dossier_xlsx import dossier_xlsx

        return dossier_xlsx
    from crmsync.reports.dossier_html import dossier_html

    return lambda dossier, language: dossier_html(dossier, language).encode("utf-8")


def demand_ending(path: Path) -> None:
    """CrmsyncError if no dossier can be written under this name."""
    if path.suffix.lower() not in ENDINGS:
        raise CrmsyncError(
            f"a dossier cannot be written as '{path.suffix or path.name}'",
            remedy="Use a name that ends in .html (to read and print) or .xlsx (to work on).",
        )


def dossier_of(workspace: Workspace) -> Dossier:
    """The dossier of a workspace, with what its last snapshots say of the fields; reads no record."""
    # `workspace.state` would make the folder, and a dossier needs none.
    snapshots = workspace.snapshots() if (workspace.root / STATE).is_dir() else {}
    project = workspace.project
    times: dict[str, datetime] = {}
    for (system, _), snapshot in snapshots.items():
        taken = datetime.fromisoformat(snapshot.manifest.taken_at)
        times[system] = max(taken, times.get(system, taken))
    systems = tuple(
        SystemLine(system, str(project.systems[system]["kind"]), times.get(system))
        for system in workspace.systems
    )
    return dossier_from(
        workspace.mapping,
        Known(schemas_of(snapshots), project.writers, project.read_only()),
        systems,
        title=project.title or project.name,
        client=project.title,
        agency=project.agency,
        workspace=project.name,
        made_at=workspace.now(),
    )


def dossier_from(
    mapping: WorkspaceMapping,
    known: Known,
    systems: tuple[SystemLine, ...],
    *,
    title: str,
    workspace: str,
    made_at: datetime,
    client: str = "",
    agency: str = "",
) -> Dossier:
    """The dossier of a mapping; `made_at` is the date it bears. Reads nothing."""
    pages = tuple(entity_page(each, known) for each in mapping.entities)
    return Dossier(
        title=title,
        client=client,
        agency=agency,
        workspace=workspace,
        made_at=made_at,
        version=__version__,
        mapping_digest=mapping.digest,
        systems=systems,
        entities=pages,
        writers=_writers(mapping, known),
        unknown=(*_unknown(mapping, known), *_unlisted(pages)),
    )


def _unlisted(pages: Sequence[EntityPage]) -> Iterator[Unknown]:
    """Fields on whose way a list of values was not read, so that missing ones cannot be named."""
    names = tuple(
        f"{page.name}.{line.name}"
        for page in pages
        for line in page.fields
        if any(each.loss.kind == "unlisted" for each in line.losses or ())
    )
    if names:
        yield Unknown("unlisted", names)


def entity_page(entity: Entity, known: Known) -> EntityPage:
    """One entity with everything that is known of its fields."""
    ways = list(flows(entity, known.read_only))
    return EntityPage(
        entity.entity,
        dict(entity.doc.items()),
        tuple(_seat(entity, seat, known) for seat in entity.seats),
        tuple((rule,) if isinstance(rule, str) else tuple(rule) for rule in entity.match),
        tuple(
            _field(entity, each, [way for way in ways if way.field is each], known)
            for each in entity.fields
        ),
    )


def _seat(entity: Entity, seat: Seat, known: Known) -> SeatLine:
    read_only = (seat.system, seat.object) in known.read_only
    return SeatLine(
        seat.system, seat.object, dict(conditions(entity, seat)), seat.create, read_only
    )


def _values(field: Field) -> dict[str, dict[str, str]]:
    """The value map by system; of a flag without the usual words for yes and no."""
    kept = without_usual_words if field.type == "flag" else dict
    return {system: told for system, said in field.values.items() if (told := kept(said))}


def _field(entity: Entity, field: Field, ways: Sequence[Flow], known: Known) -> FieldLine:
    places = tuple(_places(entity, field, known.schemas))
    return FieldLine(
        name=field.field,
        type=field.type,
        doc=dict(field.doc.items()),
        places=places,
        ways=tuple(dict.fromkeys((way.source.system, way.target.system) for way in ways)),
        policy=field.policy,
        policy_system=field.policy_system,
        blank=field.blank,
        values=_values(field),
        order=tuple(field.order),
        detail=_detail(entity, field),
        detail_from=field.country_from or field.currency_from or "",
        losses=_losses(ways, known.schemas),
        others=tuple(_others(places, known.writers)),
        why=field.why,
    )


def _detail(entity: Entity, field: Field) -> str:
    """What the type has to know, and what the value is made of where one native field does not keep it."""
    made = [
        f"{seat.system} {seat.object}: {source_text(field, seat)}"
        for seat in entity.seats
        if field.made_in(seat.system, seat.object)
    ]
    return "; ".join(part for part in (_of_type(field), *made) if part)


def _of_type(field: Field) -> str:
    """A currency, a country, a time zone, the entity a reference leads to."""
    details = {
        "money": field.currency,
        "phone": field.region or "",
        "date": field.timezone,
        "instant": field.timezone,
        "reference": field.to or "",
        "references": field.to or "",
        "tax_id": field.country or "",
    }
    return details.get(field.type, "")


def _places(entity: Entity, field: Field, schemas: Schemas) -> Iterator[PlaceLine]:
    for seat in entity.seats:
        schema = schemas.get((seat.system, seat.object))
        for name in inputs(field, seat):
            native = schema.fields.get(name) if schema else None
            yield PlaceLine(seat.system, seat.object, name, schema is not None, native)


def _losses(ways: Sequence[Flow], schemas: Schemas) -> tuple[LossLine, ...] | None:
    """What is lost on every way that could be measured, alike ones together; None if none could."""
    measured = False
    found: dict[tuple[str, str, Loss], tuple[dict[str, None], dict[str, None]]] = {}
    for way in ways:
        for passage in _passages(way, schemas):
            measured = True
            for loss in losses(passage):
                key = (way.source.system, way.target.system, loss)
                sources, targets = found.setdefault(key, ({}, {}))
                sources[way.source.object] = None
                targets[way.target.object] = None
    lines = [
        LossLine(source, target, tuple(sources), tuple(targets), loss)
        for (source, target, loss), (sources, targets) in found.items()
    ]
    return tuple(lines) if measured or not ways else None


def _passages(way: Flow, schemas: Schemas) -> Iterator[Passage]:
    """From each native field of a way to the one it is written to, where both systems were read."""
    source, target = (schemas.get((each.system, each.object)) for each in (way.source, way.target))
    written = target.fields.get(output(way.field, way.target) or "") if target else None
    for name in inputs(way.field, way.source) if source and written else ():
        native = source.fields.get(name) if source else None
        if native is not None and written is not None:
            leaves, enters = (way.field.spec(each.system) for each in (way.source, way.target))
            yield Passage(native, written, leaves, enters)


def _others(places: Sequence[PlaceLine], writers: Sequence[Writer]) -> Iterator[OtherLine]:
    for does, names in (("writes", written_by(writers)), ("copies", copied_by(writers))):
        for place in places:
            for writer in names.get(spelled(place.system, place.object, place.name), ()):
                yield OtherLine(writer, does, place.system, place.object, place.name)


def _writers(mapping: WorkspaceMapping, known: Known) -> tuple[WriterLine, ...]:
    found = cycles([*our_edges(mapping, known.read_only), *their_edges(known.writers)])
    return tuple(
        WriterLine(
            each.name,
            each.kind,
            len(each.copies),
            each.agreed,
            tuple(
                cycle.drawn()
                for cycle in found
                if any(edge.writer == each.name for edge in cycle.theirs)
            ),
        )
        for each in known.writers
    )


def _unknown(mapping: WorkspaceMapping, known: Known) -> Iterator[Unknown]:
    """What nobody can say from the files and the last snapshots, in a fixed order."""
    seats = dict.fromkeys(
        (seat.system, seat.object) for each in mapping.entities for seat in each.seats
    )
    unread = tuple(f"{s}/{o}" for s, o in seats if (s, o) not in known.schemas)
    if unread:
        yield Unknown("unread", unread)
    absent = tuple(dict.fromkeys(_absent(mapping, known.schemas)))
    if absent:
        yield Unknown("absent", absent)
    fields = [
        (f"{each.entity}.{one.field}", one) for each in mapping.entities for one in each.fields
    ]
    for code, is_open in _OPEN.items():
        names = tuple(name for name, one in fields if is_open(one))
        if names:
            yield Unknown(code, names)
    names = tuple(each.name for each in known.writers)
    yield Unknown("declared_only" if names else "no_writers", names)


def _only_in_another(field: Field, language: Literal["en", "es"]) -> bool:
    """True for a reason that is there, and not in this language; one without languages is in any."""
    if isinstance(field.why, str):
        return False
    return bool(field.why_in(language)) and not field.why.get(language, "").strip()


_OPEN: Mapping[str, Callable[[Field], bool]] = {
    "no_why": lambda field: not field.why_in("en").strip(),
    "no_why_en": lambda field: _only_in_another(field, "en"),
    "no_why_es": lambda field: _only_in_another(field, "es"),
    "no_doc_en": lambda field: not field.doc.get("en", "").strip(),
    "no_doc_es": lambda field: not field.doc.get("es", "").strip(),
}


def _absent(mapping: WorkspaceMapping, schemas: Schemas) -> Iterator[str]:
    """Mapped native fields that were not there when their object was last read."""
    for entity in mapping.entities:
        for field in entity.fields:
            for place in _places(entity, field, schemas):
                if place.measured and place.native is None:
                    yield spelled(place.system, place.object, place.name)
