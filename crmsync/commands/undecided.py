"""Columns of exports that a person has to decide about before they can be read. No network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crmsync.config.places import placed
from crmsync.config.project import located
from crmsync.config.project_form import Project
from crmsync.config.writer_checks import Checked
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import CrmsyncError, Problem

LARGEST = 20_000_000
"""Of a file of more bytes nothing is said before it is read."""


def undecided(root: Path, project: Project, mapping: WorkspaceMapping) -> Checked:
    """Problems for mapped columns that can be read in two ways, or that could be one of two."""
    found = [
        problem
        for system, settings in project.systems.items()
        if settings.get("kind") == "files" and settings.get("objects")
        for problem in _of_system(system, located(settings, root, project.timezone), mapping)
    ]
    return Checked(placed(root, found))


def _of_system(
    system: str, settings: Mapping[str, Any], mapping: WorkspaceMapping
) -> Iterator[Problem]:
    """Nothing for files that are not there, or that cannot be read at all: a pull says that."""
    from crmsync.connectors.files.connector import FilesConnector
    from crmsync.connectors.files.settings import file_settings

    own = {name: value for name, value in settings.items() if name != "kind"}
    try:
        connector = FilesConnector(file_settings(system, own))
    except CrmsyncError:
        return
    for object_ in settings["objects"]:
        try:
            unclear = connector.unclear(object_, _natives(mapping, system, object_), LARGEST)
        except CrmsyncError:
            continue
        yield from unclear


def _natives(mapping: WorkspaceMapping, system: str, object_: str) -> list[str]:
    """The native fields of an object that the mapping reads, each once."""
    inputs = (
        name
        for entity in mapping.entities
        for seat in entity.seats
        if (seat.system, seat.object) == (system, object_)
        for name in (*seat.where, *(n for f in entity.fields for n in f.inputs_in(system, object_)))
    )
    return list(dict.fromkeys(inputs))
