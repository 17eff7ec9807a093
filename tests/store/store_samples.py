"""Values that several tests of the store share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeAlias

import pyarrow as pa

from crmsync.core.planning import CellChange, Change
from crmsync.store.rows import Cells
from crmsync.store.store import Store

OpenStore: TypeAlias = Callable[[], Store]
NOW = datetime(2026, 11, 2, 3, 4, 5, 678901, tzinfo=UTC)


def change(key: str, after: str | None = "b") -> Change:
    cells = (CellChange("phone", "a", after, "changed:hubspot"),)
    native_id = f"003{key}"
    bare = Change("update", 1, "contact", key, "salesforce", "Contact", native_id, cells)
    return bare.with_id()


ONE, TWO, THREE = change("k1"), change("k2"), change("k3")


def digest_of(entity: str, system: str, cells: Cells) -> str:
    text = json.dumps([entity, system, cells], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def batch(rows: Iterable[tuple[str, str, str, str]]) -> pa.RecordBatch:
    """Bases to adopt: key, system, digest, values."""
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.record_batch(columns, names=["key", "system", "digest", "values"])


def digests(store: Store, entity: str = "contact") -> list[tuple[str, ...]]:
    parts = [part.to_pydict() for part in store.base_digests(entity)]
    return sorted(row for part in parts for row in zip(*part.values(), strict=True))
