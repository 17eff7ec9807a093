"""What the headers of a call ask of its writes: duplicates to be saved all the same, assignment rules to run."""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.sandbox.salesforce.calls import Call
from crmsync.sandbox.salesforce.world import SalesforceWorld

# Sforce-Duplicate-Rule-Header came with v52: headers_duplicaterules (read 2026-11).
_FIRST_WITH_DUPLICATE_HEADER = 52


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How one write is to be treated; without headers nothing is overridden."""

    allow_save: bool = False
    record_details: bool = False
    auto_assign: bool = False
    root: str = "/services/data/v67.0/sobjects/"  # start of the URLs of records in an answer


def write_options(call: Call) -> WriteOptions:
    """The options of a REST call; assignment rules run unless `Sforce-Auto-Assign` is FALSE."""
    # headers_autoassign: the default is TRUE (read 2026-11).
    duplicate = _parts(call.headers.get("sforce-duplicate-rule-header", ""))
    if int(call.version.partition(".")[0]) < _FIRST_WITH_DUPLICATE_HEADER:
        duplicate = {}
    return WriteOptions(
        allow_save=duplicate.get("allowsave") == "true",
        record_details=duplicate.get("includerecorddetails") == "true",
        auto_assign=call.headers.get("sforce-auto-assign", "true").strip().lower() != "false",
        root=call.root,
    )


def bulk_options(world: SalesforceWorld, *, auto_assign: bool = False) -> WriteOptions:
    """The options of a bulk job, which has no such headers: a switch says whether alerts block there."""
    blocks = bool(world.switch("bulk_alert_rules_block"))
    return WriteOptions(allow_save=not blocks, auto_assign=auto_assign)


def _parts(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.replace(",", ";").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
