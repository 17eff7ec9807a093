"""What is kept of records that a system refused because it holds them already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmsync.commands.exchange import Exchange
from crmsync.commands.items import Item
from crmsync.commands.withholding import WHOLE_RECORD
from crmsync.connectors.base import Connector, WriteResult
from crmsync.core.claims import Claim, claim_text
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError
from crmsync.store.rows import RefusedRow


def claims_of(
    exchange: Exchange,
    connector: Connector,
    items: Iterable[Item],
    results: Mapping[str, WriteResult],
) -> list[RefusedRow]:
    """A row for each record that the system says it holds already; a call for each object it names."""
    found = [
        (item, result.alike, result)
        for item in items
        if (result := results.get(item.change.id)) is not None and result.alike is not None
    ]
    seen = _seen(connector, {ref for _, alike, _ in found for ref in alike})
    return [
        _row(exchange, item, result, alike, [ref for ref in alike if ref in seen])
        for item, alike, result in found
    ]


def _row(
    exchange: Exchange, item: Item, result: WriteResult, alike: Sequence[Ref], seen: Sequence[Ref]
) -> RefusedRow:
    change = item.change
    natives = {cell.field: exchange.native(change, cell.field) for cell in change.cells}
    refused = set(result.fields or item.wire)
    cells = {
        cell.field: cell.after
        for cell in change.cells
        if change.action == "create" or natives[cell.field] in refused
    }
    claim = Claim(change.action, cells, tuple(alike), tuple(seen))
    return RefusedRow(change.entity, change.key, change.system, WHOLE_RECORD, claim_text(claim))


def _seen(connector: Connector, refs: Iterable[Ref]) -> set[Ref]:
    """Those of some records that this user sees; none of an object whose records cannot be asked for."""
    by_object: dict[str, list[str]] = {}
    for ref in sorted(refs):
        by_object.setdefault(ref.object, []).append(ref.id)
    return {ref for object_, ids in by_object.items() for ref in _found(connector, object_, ids)}


def _found(connector: Connector, object_: str, ids: Sequence[str]) -> Iterator[Ref]:
    try:
        rows = connector.get(object_, ids, [])
    except CrmsyncError:
        return
    yield from (Ref(connector.system, object_, id_) for id_ in rows)
