"""`crmsync pull --inventory`: how many records fill the fields nobody maps, and what the CRMs' own connector writes.

Kept as side tables of the pull, with its date; a pull without the option leaves those of the last one where they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.commands.facts import wanted
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import CountingConnector, ReviewedConnector
from crmsync.connectors.base import Connector
from crmsync.connectors.columns import rows_batch
from crmsync.warehouse.inventory import (
    INVENTORY,
    INVENTORY_COLUMNS,
    NATIVE_COLUMNS,
    NATIVE_CONNECTOR,
)
from crmsync.warehouse.tracked import TRACKED, TRACKED_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa


def inventory_tables(
    workspace: Workspace, connector: Connector
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Name and rows of each side table, as far as a system can tell; mapped fields are counted from what is read."""
    mapped = wanted(workspace, connector.system)
    if isinstance(connector, CountingConnector):
        rows = [
            (object_, each.name, str(each.records), str(each.total))
            for object_, names in sorted(mapped.items())
            for each in connector.filled(object_, names)
        ]
        yield INVENTORY, rows_batch(INVENTORY_COLUMNS, rows)
    if isinstance(connector, ReviewedConnector):
        yield TRACKED, rows_batch(TRACKED_COLUMNS, _tracked(connector, sorted(mapped)))
        found = connector.reviewer().native_connector(sorted(mapped))
        kinds = (("trace", found.traces), ("usual", found.usually)) if found else ()
        told = [(found.name, kind, place) for kind, places in kinds for place in places if found]
        yield NATIVE_CONNECTOR, rows_batch(NATIVE_COLUMNS, told)


def _tracked(connector: ReviewedConnector, objects: list[str]) -> list[tuple[str, str]]:
    """Object and field of which the history is kept; a blank field for each object of which the system can tell."""
    reviewer = connector.reviewer()
    told = {name: kept for name in objects if (kept := reviewer.tracking(name)) is not None}
    return [
        (name, field)
        for name, kept in told.items()
        for field in ("", *sorted(kept.fields | kept.always))
    ]
