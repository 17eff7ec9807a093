"""One number for the whole state, to prove that something left it alone.

The sum of the digests of all rows: it needs no order, which two databases would not agree on.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, Table, select

from crmsync.store.tables import ALIAS, BASE, IDENTITY, JOURNAL, LINK, REFUSED, SENTINEL

_STATE = (LINK, ALIAS, BASE, JOURNAL, REFUSED, IDENTITY, SENTINEL)
_PART = 10_000
_SPACE = 2**256


def of_state(connection: Connection) -> str:
    """64 hexadecimal digits that change with any row of the state."""
    total = sum(_of_table(connection, table) for table in _STATE)
    return f"{total % _SPACE:064x}"


def _of_table(connection: Connection, table: Table) -> int:
    rows = connection.execute(select(table), execution_options={"yield_per": _PART})
    return sum(_of_row(table.name, tuple(row)) for row in rows)


def _of_row(name: str, row: tuple[object, ...]) -> int:
    return int.from_bytes(hashlib.sha256(repr((name, row)).encode()).digest(), "big")
