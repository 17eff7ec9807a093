"""Who takes part this moment: the record that is to be written, and those that it is to be tied to.

A plan may be a day old. Nobody is written, and nobody is tied to, who was converted or left the scope since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crmsync.commands.exchange import Exchange
from crmsync.connectors.base import Cells, Connector
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Ref
from crmsync.core.ties import read_ties_text

TIES = ("reference", "references")
Beyond = Mapping[str, frozenset[str]]
"""{change id: fields whose new ties would lead to somebody who takes no part}."""


def demands(exchange: Exchange, connector: Connector, change: Change) -> list[str]:
    """Native fields that say whether a record takes part."""
    flags = connector.capabilities.flags_of(change.object)
    return sorted({*exchange.demands(change), *flags})


def why_not(exchange: Exchange, connector: Connector, change: Change, cells: Cells) -> str:
    """Why a record takes no part any more; empty if it does."""
    if connector.capabilities.is_converted(change.object, cells):
        return "it was converted since the plan"
    return "" if exchange.takes_part(change, cells) else "it left the scope since the plan"


def beyond(exchange: Exchange, connector: Connector, batch: Sequence[Change]) -> Beyond:
    """What of a batch would tie records to others that take no part; one more read for each object tied to.

    Where the mapping has no scope, and no `where`, for that object, nothing is read.
    """
    wanted: dict[tuple[str, str], list[tuple[Change, CellChange, Ref]]] = {}
    for change in batch:
        for cell, entity, ref in _new_ties(exchange, change):
            wanted.setdefault((entity, ref.object), []).append((change, cell, ref))
    found: dict[str, frozenset[str]] = {}
    for (entity, object_), ties in wanted.items():
        place = replace(batch[0], entity=entity, object=object_)
        asked = demands(exchange, connector, place)
        if not asked:
            continue
        rows = connector.get(object_, sorted({ref.id for _, _, ref in ties}), asked)
        for change, cell, ref in ties:
            if ref.id in rows and why_not(exchange, connector, place, rows[ref.id]):
                found[change.id] = found.get(change.id, frozenset()) | {cell.field}
    return found


def _new_ties(exchange: Exchange, change: Change) -> Iterator[tuple[CellChange, str, Ref]]:
    """(cell, entity, record) of every tie that a change adds, where the record is known."""
    for cell in change.cells:
        mapped = exchange.field(change, cell.field)
        if mapped.type in TIES and mapped.to:
            before = {key for key, _ in read_ties_text(cell.before)}
            after = {key for key, _ in read_ties_text(cell.after)}
            for ref in exchange.records(change, mapped, sorted(after - before)):
                yield cell, mapped.to, ref
