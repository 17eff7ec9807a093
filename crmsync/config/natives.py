"""Where a mapping names a native field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from crmsync.config.lifecycle_file import mapping_paths
from crmsync.config.lines import Document, Path, read_file
from crmsync.config.mapping_files import FOLDER
from crmsync.core.mapping import Seat


def native_place(root: FilePath, entity: str, seat: Seat, native: str) -> tuple[str, int, int]:
    """File, line and column at which an entity's file names a native field; line 0 if none does."""
    for path in mapping_paths(root / FOLDER):
        document = read_file(path, f"{FOLDER}/{path.name}")
        if not isinstance(document, Document) or document.value.get("entity") != entity:
            continue
        for place, value in _said_of(document.value, seat):
            if native in (value, place[-1]) or (isinstance(value, list) and native in value):
                return (document.file, *document.place(place))
        return document.file, 0, 0
    return FOLDER, 0, 0


def _said_of(value: Any, seat: Seat) -> Iterator[tuple[Path, Any]]:
    """Everything that a file says of one seat: fields, then conditions."""
    for at, field in enumerate(value["fields"]):
        for key in ("names", "made_of"):
            said = (field.get(key) or {}).get(seat.system)
            yield from _leaves(("fields", at, key, seat.system), said, seat.object)
    for at, one in enumerate(value["seats"]):
        if (one["system"], one["object"]) == (seat.system, seat.object):
            yield from _leaves(("seats", at, "where"), one.get("where"), "")
    scope = (value.get("scope") or {}).get(seat.system)
    yield from _leaves(("scope", seat.system), scope, seat.object)


def _leaves(path: Path, said: Any, object_: str) -> Iterator[tuple[Path, Any]]:
    if isinstance(said, dict):
        said = {object_: said[object_]} if object_ in said else said
        for key, each in said.items():
            yield from _leaves((*path, key), each, object_)
    elif said is not None:
        yield path, said
