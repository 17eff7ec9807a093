"""What the tests of traps share: a connector through a proxy, and refusals in Salesforce's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.testing.proxy import Fault, says

DEAL = {"StageName": "Prospecting", "CloseDate": "2027-01-31"}


def refusal(status: int, code: str, message: str = "told by a test", **more: Any) -> Fault:
    """An answer that refuses a single call."""
    return says(status, [{"errorCode": code, "message": message, **more}])


def creating(key: str, **cells: str | None) -> WriteRequest:
    """A new contact."""
    return WriteRequest(key, "create", None, key, {"LastName": key, **cells})


def updating(native_id: str, **cells: str | None) -> WriteRequest:
    """A record to change."""
    return WriteRequest("u", "update", native_id, None, cells)


def rows_of(
    connector: SalesforceConnector, object_: str, fields: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Every record of a whole read, by id."""
    found = (row for batch in connector.read(object_, fields) for row in batch.to_pylist())
    return {row["_id"]: row for row in found}
