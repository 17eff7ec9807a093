"""Names for the keys of a plan, so that a person can read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import Change, ConflictLine, Held, Label, Line, Unfit
from crmsync.core.ties import read_ties_text
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.labels import labels_of


def labels_for(columns: Columns, lines: Sequence[Line]) -> Iterator[Label]:
    """A label for every customer whom lines are about, or refer to, in order of entity and key."""
    keys: dict[str, set[str]] = {}
    for line in lines:
        for entity, key in _keys(columns.mapping, line):
            keys.setdefault(entity, set()).add(key)
    for name in sorted(keys):
        found = labels_of(columns, columns.mapping.entity(name), keys[name])
        yield from (Label(name, key, text) for key, text in found.items())


def _keys(mapping: WorkspaceMapping, line: Line) -> Iterator[tuple[str, str]]:
    """(entity, key) of the customer a line is about, and of those its values refer to."""
    if not isinstance(line, Change | ConflictLine | Held | Unfit) or not line.key:
        return
    yield line.entity, line.key
    for field, texts in _texts(line):
        mapped = mapping.entity(line.entity).field_named(field)
        if mapped is not None and mapped.type in ("reference", "references") and mapped.to:
            for text in texts:
                yield from ((mapped.to, key) for key, _ in read_ties_text(text))


def _texts(line: Line) -> Iterator[tuple[str, Iterable[str | None]]]:
    """(field, canonical texts) of everything a line says about values."""
    if isinstance(line, Change):
        yield from ((cell.field, (cell.before, cell.after)) for cell in line.cells)
    if isinstance(line, ConflictLine):
        yield line.field, line.sides.values()
    if isinstance(line, Unfit):
        yield line.field, (line.value,)
