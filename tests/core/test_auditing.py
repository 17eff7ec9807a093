"""Findings as values: what comes first, what fails a gate, what keeps a record out of a sync."""

from __future__ import annotations

from typing import Any

from crmsync.core.auditing import (
    Audit,
    AuditResult,
    Finding,
    blocked_keys,
    counts,
    fix_first,
    gate,
    missing_needs,
)
from crmsync.core.digests import digest_of


def audit(id_: str, severity: Any = "warning", **other: Any) -> Audit:
    """An audit of contacts."""
    text: Any = {"en": id_}
    return Audit(id_, id_, severity, "contact", "hygiene", text, text, text, "SELECT 1", **other)


def result(of: Audit, keys: int, amount: float | None = None) -> AuditResult:
    """As many findings as keys; the first has the money."""
    findings = [
        Finding(
            of.id, of.severity, "contact", None, None, None, f"k{n}", amount=None if n else amount
        )
        for n in range(keys)
    ]
    return AuditResult(of, tuple(findings))


def test_blocking_comes_first_then_severity_then_money_then_number() -> None:
    results = [
        result(audit("many"), 9),
        result(audit("rich"), 1, 1000.0),
        result(audit("info", "info"), 99),
        result(audit("error", "error"), 1),
        result(audit("blocking", "info", blocking=True), 1),
        result(audit("nothing", "error"), 0),
    ]
    order = [each.audit.id for each in fix_first(results)]
    assert order == ["blocking", "error", "rich", "many", "info"]
    assert fix_first(results, most=2) == fix_first(results)[:2]


def test_equals_come_in_order_of_their_ids() -> None:
    results = [result(audit("b"), 1), result(audit("a"), 1)]
    assert [each.audit.id for each in fix_first(results)] == ["a", "b"]


def test_a_gate_fails_on_its_severity_and_worse() -> None:
    results = [result(audit(name, name), 1) for name in ("error", "warning", "info")]
    failed = {name: len(gate(results, name)) for name in ("error", "warning", "info")}
    assert failed == {"error": 1, "warning": 2, "info": 3}
    assert gate(results, None) == []
    assert gate([result(audit("error", "error"), 0)], "error") == []


def test_only_blocking_audits_keep_customers_out() -> None:
    results = [result(audit("mild"), 2), result(audit("hard", blocking=True), 1)]
    assert blocked_keys(results) == {"k0": frozenset({"hard"})}


def test_a_finding_without_a_key_blocks_nobody() -> None:
    of = audit("hard", blocking=True)
    finding = Finding("hard", "error", "contact", "sf", "Contact", "1", None)
    assert blocked_keys([AuditResult(of, (finding,))]) == {}


def test_what_an_audit_needs_and_does_not_find_is_named_in_order() -> None:
    of = audit("a", needs=["system:hubspot", "contact.email", "association"])
    assert missing_needs(of, ["contact.email"]) == ["association", "system:hubspot"]
    assert missing_needs(of, of.needs) == []


def test_every_severity_is_counted_also_with_none() -> None:
    assert counts([result(audit("a", "error"), 2), result(audit("b", "error"), 1)]) == {
        "error": 3,
        "warning": 0,
        "info": 0,
    }


def test_money_adds_up_and_is_nothing_where_there_is_none() -> None:
    assert result(audit("a"), 3, 12.5).amount == 12.5
    assert result(audit("a"), 3).amount == 0


def test_a_digest_tells_a_blank_from_an_empty_text_and_does_not_depend_on_order() -> None:
    assert digest_of({"a": None}) != digest_of({"a": ""})
    assert digest_of({"a": "1", "b": None}) == digest_of({"b": None, "a": "1"})
    assert digest_of({"a": "1", "b": "2"}) != digest_of({"a": "2", "b": "1"})
    assert digest_of({}) != digest_of({"a": None})
