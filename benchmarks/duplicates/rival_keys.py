"""What the CRMs do themselves: records with the same key are one. For people the e-mail, for firms the domain."""

from __future__ import annotations

import pyarrow as pa

from benchmarks.duplicates.tidy import tidy_session


def people(records: pa.Table) -> dict[str, str]:
    """People by their address, as its provider delivers it: no capitals, no plus tag, no dots at Gmail."""
    return _by_key(records, "tidy_address(email)")


def firms(records: pa.Table) -> dict[str, str]:
    """Firms by their web domain."""
    return _by_key(records, "tidy_host(domain)")


def deals(records: pa.Table) -> dict[str, str]:
    """Deals by customer, name and amount."""
    return _by_key(records, "customer || '|' || tidy_text(name) || '|' || round(amount)::BIGINT")


def _by_key(records: pa.Table, key: str) -> dict[str, str]:
    with tidy_session(records) as db:
        rows = db.execute(f"SELECT id, {key} AS key FROM records WHERE key IS NOT NULL").fetchall()
    return dict(rows)
