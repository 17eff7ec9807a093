"""Audits in Python: a function that reads the face and yields findings, declared with the header of any audit.

A package makes one known under the entry point `crmsync.audits`:

    @audit(id="ACME1", severity="warning", entity="contact", category="validity", summary={...}, ...)
    def odd_names(face: Face) -> Iterator[Row]:
        for row in face.rows("SELECT system, object, id, last_name FROM contact"):
            if is_odd(row["last_name"]):
                yield {**row, "field": "last_name"}

Must not know: how a face is read, or how a function is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from crmsync.core.auditing import Param

ENTRY_POINTS = "crmsync.audits"
Row: TypeAlias = Mapping[str, Any]
"""A row of the face by column, or a finding: (system, object, id) or key, and field, detail, amount, entity."""


class Face(Protocol):
    """What an audit in Python may look at: the tables that audits in SQL ask, read only."""

    @property
    def as_of(self) -> datetime:
        """The instant of the audit, in UTC without a zone, as the tables hold instants."""
        ...

    @property
    def params(self) -> Mapping[str, Param]:
        """The params of the header, as the workspace sets them."""
        ...

    def query(self, sql: str, **values: Any) -> Any:
        """The rows of one SELECT as a pyarrow.Table. It may ask for `$as_of`, the params, and the values given here."""
        ...

    def rows(self, sql: str, **values: Any) -> Iterator[dict[str, Any]]:
        """The rows of one SELECT as dicts, read as they are asked for."""
        ...


Find: TypeAlias = Callable[[Face], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class PythonAudit:
    """A function that finds rows, and the header of its audit as it would stand in a file."""

    header: Mapping[str, Any]
    find: Find


def audit(**header: Any) -> Callable[[Find], PythonAudit]:
    """Makes a function an audit; the keys are those of a header in SQL, checked when crmsync reads its audits."""

    def declared(find: Find) -> PythonAudit:
        return PythonAudit(header, find)

    return declared
