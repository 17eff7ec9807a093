"""What the parts of an org that follow a write may ask of the org they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.rows import Rows
from crmsync.sandbox.tables import Row, Tables


class Host(Protocol):
    """An org, as history, the bin, activities and campaigns see it."""

    tables: Tables
    rows: Rows
    shapes: dict[str, Shape]

    @property
    def org_id(self) -> str:
        """Id of the Organization row."""

    def shape(self, name: str) -> Shape | None:
        """The shape of an object, whatever the case of its name."""

    def now(self) -> datetime:
        """The world's own time, aware, UTC."""

    def stamp(self) -> str:
        """Now, in the form in which instants are stored."""

    def put(self, name: str, values: dict[str, Any], id: str | None = None) -> str:
        """Loads a row past every validation; gives back its id."""

    def write(self, shape: Shape, id_: str, changes: Row, *, stamp: str) -> Row:
        """Saves a record with its stamps and worked-out fields; the new row."""
