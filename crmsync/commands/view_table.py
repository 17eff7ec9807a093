"""`crmsync view export` and `crmsync view stats`: all customers at once, from the table of the view."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from crmsync.commands.columns import looked_up_columns
from crmsync.commands.entity_names import entity_said
from crmsync.commands.outputs import demand_folder, form_by_ending
from crmsync.commands.view import settled_in
from crmsync.commands.workspace import Workspace
from crmsync.config.decode import nearest
from crmsync.core.mapping import Entity
from crmsync.core.values import TYPES
from crmsync.core.views import ViewStats
from crmsync.errors import CrmsyncError, StoreFailed
from crmsync.language import _
from crmsync.reports.view_rows import BINARY, FORMS, Column, write_rows
from crmsync.warehouse.view_reads import count_view, view_rows

if TYPE_CHECKING:
    import pyarrow as pa

_LEADS = ("reference", "references")


@dataclass(frozen=True, slots=True)
class ViewTable:
    """Every customer of one entity: the columns of the table, and its rows in order of key, a part at a time.

    `complete` False: a read broke off, so customers and values may be missing.
    """

    entity: str
    columns: tuple[Column, ...]
    batches: pa.RecordBatchReader
    complete: bool


@contextmanager
def open_view(workspace: Workspace, name: str | None = None) -> Iterator[ViewTable]:
    """The view of an entity (contacts, unless another is named) over the newest snapshots."""
    entity = entity_named(workspace, name)
    with workspace.store() as store, looked_up_columns(workspace, store) as columns:
        entity = columns.mapping.entity(entity.entity)
        complete = columns.is_complete(entity)
        with view_rows(columns, entity, settled_in(store)) as batches:
            yield ViewTable(entity.entity, tuple(_shape(entity)), batches, complete)


def entity_named(workspace: Workspace, name: str | None) -> Entity:
    """The entity of this name, without one contacts, else the first; CrmsyncError for a name nobody has."""
    entities = {each.entity: each for each in workspace.mapping.entities}
    if name is None:
        return entities.get("contact", next(iter(entities.values())))
    name = entity_said(name, entities)
    if name not in entities:
        close = nearest(name, entities)
        remedy = f"did you mean '{close}'?" if close else f"use one of {', '.join(entities)}"
        raise CrmsyncError(f"no entity '{name}'", remedy=remedy)
    return entities[name]


def _shape(entity: Entity) -> Iterator[Column]:
    """The columns of the export: what is a person's own is masked by its field."""
    yield Column("key")
    yield Column("records")
    for each in entity.fields:
        is_text = TYPES[each.type].sql == "VARCHAR" and each.type not in _LEADS
        called = {str(language): title for language, title in each.doc.items()}
        yield Column(each.field, masked_as=each.field if is_text else None, called=called)
        yield Column(each.field + "_system", called=called, is_source=True)


def form_of(form: str | None, path: Path | None) -> str:
    """The format that was asked for, else that of the file's ending, else csv; some need a file.

    CrmsyncError for an ending that is none of them.
    """
    found = form_by_ending(form, path, FORMS, "csv")
    if found in BINARY and path is None:
        name = BINARY[found]
        raise CrmsyncError(f"{name} needs a file", remedy=f"Name one with -o customers.{found}.")
    return found


def write_view(
    workspace: Workspace,
    name: str | None,
    form: str,
    path: Path | None,
    language: str,
    *,
    unmask: bool = False,
) -> int:
    """Writes all customers of an entity to a file, or to standard output; how many there are.

    `tell` of the workspace hears of a read that broke off.
    """
    with open_view(workspace, name) as view:
        if not view.complete:
            workspace.tell(_("A read broke off: customers and values may be missing."))
        with output_file(path) if path else _standard_output() as file:
            return write_rows(form, file, view.columns, view.batches, language, unmask=unmask)


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextmanager
def output_file(path: Path, what: str = "view") -> Iterator[IO[bytes]]:
    """A file of mode 0600 that is there once the block has ended well: never half of one."""
    demand_folder(path)
    is_new = not path.exists() or path.is_file()
    part = path.with_name(path.name + ".part") if is_new else path
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            yield file
        if is_new:
            part.replace(path)
    except OSError as error:
        remedy = "Name another file with -o, or free disk space."
        said = f"cannot write the {what}: {error.strerror}"
        raise StoreFailed(said, where=str(path), remedy=remedy) from error
    finally:
        if is_new:
            part.unlink(missing_ok=True)


def view_stats(workspace: Workspace, name: str | None = None) -> list[ViewStats]:
    """How many customers there are, where they are held, and how far their fields are filled and agree."""
    wanted = entity_named(workspace, name).entity if name else None
    with workspace.store() as store, looked_up_columns(workspace, store) as columns:
        return [
            count_view(columns, entity, settled_in(store))
            for entity in columns.mapping.entities
            if wanted in (None, entity.entity)
        ]
