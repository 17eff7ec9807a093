"""Running audits over a finished face. An audit is exactly one SELECT, and it cannot do anything else.

One that is wrong, or that runs for ever, or that returns far too much, costs the others nothing: it is not checked and
says why, or what it found beyond the bound is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from pathlib import Path
from threading import Timer
from typing import Any

from crmsync.core.auditing import AS_OF, Audit, AuditResult, Finding, asked_for, missing_needs
from crmsync.errors import Problem
from crmsync.language import N_
from crmsync.warehouse.engine import is_defect, open_read_only
from crmsync.warehouse.left_out import remaining
from crmsync.warehouse.python_run import ask_python
from crmsync.warehouse.refusals import explained, line_of, quoted_words
from crmsync.warehouse.selecting import FINDING_TEXTS, described, selected

FAILED = N_("Its file is wrong: see the problem that is told.")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long one audit may take, in seconds, and how many findings of one are kept; more are counted."""

    seconds: float = 120.0
    most: int = 100_000


def run_audits(
    file: Path,
    audits: list[Audit],
    have: set[str],
    as_of: datetime,
    bounds: Bounds | None = None,
    outside: Mapping[str, Any] | None = None,
) -> list[AuditResult]:
    """Every audit over a finished face, in the order given; one that cannot be run says so in its result.

    `outside` are the records that an audit leaves out, by its id, as left_out.py has them: they are not looked at.
    """
    return list(each_result(file, audits, have, as_of, bounds, outside))


def each_result(
    file: Path,
    audits: Iterable[Audit],
    have: set[str],
    as_of: datetime,
    bounds: Bounds | None = None,
    outside: Mapping[str, Any] | None = None,
) -> Iterator[AuditResult]:
    """As `run_audits`, one result after the other: an audit is run when its result is asked for."""
    with closing(
        _Over(file, open_read_only(file), as_of, bounds or Bounds(), outside or {})
    ) as over:
        for audit in audits:
            yield _result(over, audit, have)


def unaskable(
    file: Path, audits: Iterable[Audit], have: set[str], as_of: datetime
) -> list[Problem]:
    """What is wrong with the queries of audits in SQL, found by asking none of them: each is only understood.

    Of an audit that needs what the face does not have, only what is no SELECT at all.
    """
    with closing(open_read_only(file)) as db:
        return [
            problem
            for audit in audits
            for problem in _unaskable(db, audit, as_of, is_whole=not missing_needs(audit, have))
        ]


def _unaskable(db: Any, audit: Audit, as_of: datetime, *, is_whole: bool) -> Iterator[Problem]:
    import duckdb

    for asked, query in (("query", audit.query), ("eligible", audit.eligible)):
        try:
            names = described(db, query, _given(audit, query, as_of)) if query else {"id"}
            if asked == "query" and not names & {"id", "key"}:
                raise ValueError(_NAMELESS)
        except (duckdb.Error, ValueError) as error:
            if is_whole or isinstance(error, ValueError | duckdb.ParserException):
                yield _refusal(audit, asked, str(error), Bounds())


def _given(audit: Audit, query: str, as_of: datetime) -> dict[str, Any]:
    """What a query asks for; of what is no param, which is told elsewhere, nothing."""
    return {
        **dict.fromkeys(asked_for(query)),
        **audit.params,
        AS_OF: as_of.replace(tzinfo=None),
    }


_NAMELESS = "a row has neither (system, object, id) nor key"


@dataclass(slots=True)
class _Over:
    """What audits are run over: the face as a file and open, the instant, the bounds of each, what each leaves out."""

    file: Path
    db: Any
    as_of: datetime
    bounds: Bounds
    outside: Mapping[str, Any]

    def close(self) -> None:
        """Closes the face."""
        self.db.close()

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """The face, for one query, as a database without the optimizer that got it wrong."""
        self.db.close()
        self.db = open_read_only(self.file, plainly=True)
        try:
            yield
        finally:
            self.db.close()
            self.db = open_read_only(self.file)


def _result(over: _Over, audit: Audit, have: set[str]) -> AuditResult:
    lacking = missing_needs(audit, have)
    if lacking:
        return AuditResult(audit, (), None, ", ".join(lacking))
    found = _run(over, audit)
    if isinstance(found, Problem) and is_defect(found.message):
        with over.plainly():
            found = _run(over, audit)
    if isinstance(found, Problem):
        return AuditResult(audit, (), None, FAILED, failed=found)
    return found


def _run(over: _Over, audit: Audit) -> AuditResult | Problem:
    import duckdb

    asked = "query"
    given = {**audit.params, AS_OF: over.as_of.replace(tzinfo=None)}
    try:
        if audit.python:
            findings, beyond = _of_python(over, audit)
        with _within(over.db, over.bounds.seconds):
            if not audit.python:
                findings, beyond = _findings(over.db, audit, given, over.bounds.most)
            asked = "eligible"
            eligible = _looked_at(over, audit, given) if audit.eligible else None
    # What is read in batches says through Arrow that it was broken off, as an OSError.
    except (duckdb.Error, ValueError, OSError) as error:
        return _refusal(audit, asked, str(error), over.bounds)
    return AuditResult(audit, findings, eligible, beyond=beyond)


class _Failed(ValueError):
    """An audit in Python that went wrong: what its process says of it."""


def _of_python(over: _Over, audit: Audit) -> tuple[tuple[Finding, ...], int]:
    answer = ask_python(over.file, audit, over.as_of, over.bounds.seconds, over.bounds.most)
    if answer.endless:
        raise _Failed("INTERRUPT")
    if answer.failed:
        raise _Failed(answer.failed)
    return _sorted(_finding(audit, row) for row in answer.rows), answer.beyond


@contextmanager
def _within(db: Any, seconds: float) -> Iterator[None]:
    """Breaks a query off that takes longer."""
    timer = Timer(seconds, db.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _findings(
    db: Any, audit: Audit, given: Mapping[str, Any], most: int
) -> tuple[tuple[Finding, ...], int]:
    """(at most so many findings by address, how many more there are)"""
    kept: list[Finding] = []
    beyond = 0
    for batch in selected(db, audit.query, given):
        rows = batch.slice(0, most - len(kept))
        kept += _of_batch(audit, rows)
        beyond += batch.num_rows - rows.num_rows
    return _sorted(kept), beyond


def _of_batch(audit: Audit, rows: Any) -> Iterator[Finding]:
    """The findings of a batch, column by column: a dict for every row takes three times as long."""
    texts = {name: _texts(rows, name) for name in FINDING_TEXTS}
    if any(id_ is None and key is None for id_, key in zip(texts["id"], texts["key"], strict=True)):
        raise ValueError(_NAMELESS)
    entities = [entity or audit.entity for entity in texts.pop("entity")]
    amounts = [None if each is None else float(each) for each in _values(rows, "amount")]
    return map(
        Finding, repeat(audit.id), repeat(audit.severity), entities, texts["system"], texts["object"],
        texts["id"], texts["key"], texts["field"], texts["detail"], amounts,
    )  # fmt: skip


def _values(rows: Any, name: str) -> list[Any]:
    found: list[Any] = (
        rows.column(name).to_pylist() if name in rows.schema.names else [None] * rows.num_rows
    )
    return found


def _texts(rows: Any, name: str) -> list[str | None]:
    return [None if each is None else str(each) for each in _values(rows, name)]


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_address))


def _looked_at(over: _Over, audit: Audit, given: Mapping[str, Any]) -> int:
    def count() -> int:
        return _eligible(over.db, audit.eligible, given)

    eligible, out = count(), over.outside.get(audit.id)
    return remaining(over.db, audit, out, eligible, count) if out else eligible


def _eligible(db: Any, query: str, given: Mapping[str, Any]) -> int:
    for batch in selected(db, query, given):
        for row in batch.to_pylist():
            return int(next(iter(row.values())))
    raise ValueError("`eligible` must return one number")


_PYTHON = "correct the function in its package; docs/writing-audits.md says what it may do"


def _refusal(audit: Audit, asked: str, said: str, bounds: Bounds) -> Problem:
    """What the database says of one of the two queries, at the line of it that it names, else the first."""
    line = line_of(said, audit.eligible if asked == "eligible" else audit.query)
    message, remedy = (quoted_words(said), _PYTHON) if audit.python else explained(said)
    if "INTERRUPT" in said:
        message = f"the audit took longer than {bounds.seconds:g} seconds"
        remedy = "make the query cheaper, or raise audits.seconds in crmsync.yml"
    place = (asked, line)
    return Problem(audit.file, audit.line, 1, "CRM060", message, remedy, place)


def _finding(audit: Audit, row: Mapping[str, Any]) -> Finding:
    if row.get("id") is None and row.get("key") is None:
        raise ValueError(_NAMELESS)
    texts = {name: None if row.get(name) is None else str(row[name]) for name in FINDING_TEXTS}
    entity = texts.pop("entity") or audit.entity
    amount = row.get("amount")
    return Finding(
        **texts,
        entity=entity,
        audit=audit.id,
        severity=audit.severity,
        amount=None if amount is None else float(amount),
    )


def _address(finding: Finding) -> tuple[str, ...]:
    parts = (finding.system, finding.object, finding.id, finding.key, finding.field, finding.detail)
    return tuple(part or "" for part in parts)
