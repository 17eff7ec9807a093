"""Files of ties between two objects, a row each: an export of contact roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from crmsync.connectors.base import ASSOCIATION_COLUMNS, ASSOCIATION_PREFIX
from crmsync.connectors.batches import batched
from crmsync.connectors.columns import rows_batch
from crmsync.connectors.declared import nearest
from crmsync.connectors.files.headers import find_header
from crmsync.connectors.files.labels import SALESFORCE_OBJECTS, plain
from crmsync.connectors.files.reading import BATCH_ROWS
from crmsync.connectors.files.records import Account, body
from crmsync.connectors.files.settings import FileObject, TieFile
from crmsync.connectors.files.sources import file_problem
from crmsync.connectors.files.tables import open_source
from crmsync.connectors.salesforce.ids import id18
from crmsync.core.flagwords import flag_values

_TRUE = frozenset(("true", "1"))
Tie: TypeAlias = dict[str, str]
"""The cells of a row by what they are for: id, to, role, primary."""


def link_fields(to_object: str, settings: TieFile) -> dict[str, str]:
    """The native types by the names that a file of ties gives its object."""
    name = f"{ASSOCIATION_PREFIX}{to_object}."
    roles = {f"{name}roles": "references"} if settings.role else {}
    return {f"{name}all": "references", f"{name}primary": "reference", **roles}


def link_batches(
    objects: tuple[str, str], settings: TieFile, path: Path, place: str, account: Account
) -> Iterator[pa.RecordBatch]:
    """Every tie between two objects, ASSOCIATION_COLUMNS; ConfigInvalid names a header that is not there."""
    from_object, to_object = objects
    counts: Counter[str] = Counter()
    if not settings.primary:
        counts.update(tie["id"] for tie in _ties(objects, settings, path, place, Account()))
    ties = _ties(objects, settings, path, place, account)
    for part in batched(ties, BATCH_ROWS):
        rows = [
            (from_object, tie["id"], to_object, tie["to"], "", tie.get("role") or None,
             str(_leads(tie, counts)).lower(), None)
            for tie in part
        ]  # fmt: skip
        yield rows_batch(ASSOCIATION_COLUMNS, rows)


def _ties(
    objects: tuple[str, str], settings: TieFile, path: Path, place: str, account: Account
) -> Iterator[Tie]:
    """The rows that name both sides; a row that names one of them is no tie."""
    source = open_source(path, FileObject(path.name, sheet=settings.sheet), place)
    header = find_header(source, settings.headers.values(), ())
    there = {plain(each.header): each for each in header.columns} if header else {}
    for what, title in settings.headers.items():
        if plain(title) not in there:
            message = f"{source.shown}: no column '{title}', which {place}.{what} names"
            shown = [each.header for each in there.values()]
            raise file_problem(message, nearest(title, shown), place, what)
    assert header is not None, "a header that is declared was found in it"
    at = {what: there[plain(title)].index for what, title in settings.headers.items()}
    for number, cells in body(source, header, account):
        tie = {what: (cells[index] or "").strip() for what, index in at.items()}
        if tie["id"] and tie["to"]:
            yield tie | {
                side: id18(tie[side])
                for side, object_ in zip(("id", "to"), objects, strict=True)
                if object_ in SALESFORCE_OBJECTS
            }
        else:
            account.add("nameless", number)


def _leads(tie: Tie, counts: Counter[str]) -> bool:
    said = tie.get("primary")
    if said is None:
        return counts[tie["id"]] == 1
    return said.casefold() in _TRUE or flag_values([said]).get(said, False)
