"""A sentinel's record, made and taken away: the two steps of a footprint plan that are about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import SentinelConnector
from crmsync.connectors.base import Connector, WriteRequest
from crmsync.core.sentinel import (
    NAME,
    SentinelMark,
    SentinelRecord,
    mark_text,
    read_mark,
    sentinel_key,
)
from crmsync.errors import Refused
from crmsync.store.rows import SentinelRow

if TYPE_CHECKING:
    from crmsync.store.store import Store


def put_in(workspace: Workspace, store: Store, connector: Connector, run: str) -> None:
    """Makes the record and notes it; one that was lost goes on from the count that our state knows.

    Refused if the system does not take it. A second one cannot come to be: it is made under a unique key.
    """
    able = _able(connector)
    known = store.sentinels().get(connector.system)
    mark = known.mark if known else SentinelMark(0, run)
    record = _made(able, connector, sentinel_key(workspace.project.name), mark_text(mark))
    if read_mark(record.text) != mark:
        raise Refused(
            f"{connector.system} does not keep the count that was written into the sentinel",
            remedy="Find the workflow, flow or rule that rewrites its description.",
        )
    row = SentinelRow(connector.system, record.native_id, mark)
    with store.transaction() as tx:
        tx.keep_sentinel(row, workspace.now())


def _made(able: SentinelConnector, connector: Connector, key: str, text: str) -> SentinelRecord:
    """The record as it is once it was written; a lost answer is looked up."""
    place = able.sentinel_place
    request = WriteRequest("sentinel", "create", None, key, {place.name: NAME, place.text: text})
    (result,) = connector.write(place.object, [request])
    record = None if result.outcome == "refused" else able.sentinel(key)
    if record is None:
        raise Refused(
            f"{connector.system} did not make the sentinel: {result.message}",
            remedy="Allow crmsync to make that record, or remove `sentinel: true`.",
        )
    return record


def take_away(workspace: Workspace, store: Store, connector: Connector) -> None:
    """Removes the record and what is noted of it. Refused if it holds no count: it is none of ours."""
    able = _able(connector)
    record = able.sentinel(sentinel_key(workspace.project.name))
    if record is not None and read_mark(record.text) is None:
        raise Refused(
            f"the record under the sentinel's key in {connector.system} holds no count",
            remedy="Look at it, and delete it by hand if nobody needs it.",
        )
    if record is not None:
        able.remove_record(record.object, record.native_id)
    with store.transaction() as tx:
        tx.forget_sentinel(connector.system)


def _able(connector: Connector) -> SentinelConnector:
    if isinstance(connector, SentinelConnector):
        return connector
    raise Refused(f"{connector.system} holds no sentinel", remedy="See: crmsync footprint show")
