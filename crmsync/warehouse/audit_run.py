"""Running audits over a finished face. An audit is exactly one SELECT, and it cannot do anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crmsync.core.auditing import Audit, AuditResult, Finding, missing_needs
from crmsync.errors import ConfigInvalid, Problem
from crmsync.warehouse.engine import open_read_only

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)


def run_audits(
    file: Path, audits: list[Audit], have: set[str], as_of: datetime
) -> list[AuditResult]:
    """Every audit over a finished face, in order of id; ConfigInvalid names all that cannot be run."""
    problems: list[Problem] = []
    results: list[AuditResult] = []
    db = open_read_only(file)
    try:
        for audit in audits:
            lacking = missing_needs(audit, have)
            if lacking:
                results.append(AuditResult(audit, (), None, ", ".join(lacking)))
                continue
            found = _run(db, audit, as_of)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                results.append(found)
    finally:
        db.close()
    if problems:
        raise ConfigInvalid(problems)
    return results


def _run(db: Any, audit: Audit, as_of: datetime) -> AuditResult | Problem:
    import duckdb

    asked = "query"
    try:
        rows = _select(db, audit.query, as_of)
        asked = "eligible"
        eligible = _select(db, audit.eligible, as_of) if audit.eligible else None
        asked = "query"
        findings = tuple(sorted((_finding(audit, row) for row in rows), key=_address))
        looked_at = int(next(iter(eligible[0].values()))) if eligible else None
    except (duckdb.Error, ValueError) as error:
        return _refusal(audit, asked, str(error))
    return AuditResult(audit, findings, looked_at)


def _select(db: Any, query: str, as_of: datetime) -> list[dict[str, Any]]:
    import duckdb

    statements = db.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ValueError("an audit is exactly one SELECT")
    named = {"as_of": as_of.replace(tzinfo=None)} if "$as_of" in query else None
    table = db.sql(query, params=named).to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _refusal(audit: Audit, asked: str, said: str) -> Problem:
    """What the database says of one of the two queries, at the line of it that it names, else the first."""
    named = _LINE.search(said)
    first = " ".join(said.split("\n\n")[0].split())
    return Problem(
        f"audits/{audit.name}.sql",
        0,
        0,
        "CRM060",
        first[:300],
        "correct the query; docs/audits.md has the tables",
        (asked, int(named[1]) if named else 1),
    )


def _finding(audit: Audit, row: Mapping[str, Any]) -> Finding:
    if row.get("id") is None and row.get("key") is None:
        raise ValueError("a row has neither (system, object, id) nor key")
    amount = row.get("amount")
    return Finding(
        audit=audit.id,
        severity=audit.severity,
        entity=row.get("entity") or audit.entity,
        system=row.get("system"),
        object=row.get("object"),
        id=row.get("id"),
        key=row.get("key"),
        field=row.get("field"),
        detail=None if row.get("detail") is None else str(row["detail"]),
        amount=None if amount is None else float(amount),
    )


def _address(finding: Finding) -> tuple[str, ...]:
    parts = (finding.system, finding.object, finding.id, finding.key, finding.field, finding.detail)
    return tuple(part or "" for part in parts)
