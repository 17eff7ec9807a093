"""Findings and plans as flat rows, for programs and notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from crmsync.core.planning import Change, ConflictLine, Held, Line, LinkLine, Unfit
from crmsync.reports.decided_links import decided_json
from crmsync.reports.details import masked_detail
from crmsync.reports.facts import ReportFacts, addresses_of
from crmsync.reports.values import shown_text

_TEXT = ("audit", "category", "severity", "entity", "system", "object", "id", "key", "field", "detail")  # fmt: skip
FINDING: Mapping[str, str] = {**dict.fromkeys(_TEXT, "text"), "amount": "amount"}
"""The columns of a finding, and of what kind they are."""
PLANNED: Mapping[str, str] = dict.fromkeys(
    ("kind", "action", "entity", "key", "system", "object", "id", "field", "before", "after", "reason"),
    "text",
)  # fmt: skip
"""The columns of what a plan holds."""


def finding_rows(facts: ReportFacts, *, unmask: bool = False) -> Iterator[dict[str, Any]]:
    """Every finding, in the order of the audits; details are masked unless asked."""
    for result in facts.results:
        for finding in result.findings:
            row = {name: getattr(finding, name, None) for name in FINDING}
            if not unmask:
                names = " ".join(
                    facts.labels.get(each, "") for each in addresses_of(facts, finding)
                )
                row["detail"] = masked_detail(finding, names) if finding.detail else None
            yield {**row, "category": result.audit.category}


def plan_rows(lines: Iterable[Line], *, unmask: bool = False) -> Iterator[dict[str, Any]]:
    """What a plan writes (`change`, one row a value) and what it does not: `conflict`, `held` and `unfit`;
    and `link`, of links that people decided."""
    for line in lines:
        if type(line) in _ROWS:
            yield from _ROWS[type(line)](line, unmask)


def _shown(text: str | None, field: str, unmask: bool) -> str | None:
    return text if unmask or text is None else shown_text(text, field)


def _change(line: Change, unmask: bool) -> Iterator[dict[str, Any]]:
    for cell in line.cells:
        yield {
            "kind": "change",
            "action": line.action,
            "entity": line.entity,
            "key": line.key,
            "system": line.system,
            "object": line.object,
            "id": line.native_id,
            "field": cell.field,
            "before": _shown(cell.before, cell.field, unmask),
            "after": _shown(cell.after, cell.field, unmask),
            "reason": cell.reason,
        }


def _conflict(line: ConflictLine, unmask: bool) -> Iterator[dict[str, Any]]:
    """One row a side: what it holds stays."""
    for system, text in line.sides.items():
        object_, _, id_ = line.refs.get(system, "").partition("/")
        yield {
            "kind": "conflict",
            "entity": line.entity,
            "key": line.key,
            "system": system,
            "object": object_ or None,
            "id": id_ or None,
            "field": line.field,
            "before": _shown(text, line.field, unmask),
            "reason": line.reason,
        }


def _held(line: Held, _unmask: bool) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "held",
        "entity": line.entity,
        "key": line.key or None,
        "system": line.system or None,
        "object": line.object or None,
        "id": " ".join(line.refs) or None,
        "reason": line.reason,
    }


def _unfit(line: Unfit, unmask: bool) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "unfit",
        "entity": line.entity,
        "key": line.key,
        "system": line.system,
        "field": line.field,
        "after": _shown(line.value, line.field, unmask),
        "reason": line.reason or None,
    }


def _link(line: LinkLine, unmask: bool) -> Iterator[dict[str, Any]]:
    """One row a record of a link that people decided, its name in `after`, who decided in `reason`."""
    for told in decided_json([line], unmask=unmask):
        said = [f"{each['by']} {each['on']} {each['note']}".strip() for each in told["decided"]]
        for record in told["records"]:
            yield {
                "kind": "link",
                "action": line.how,
                "entity": line.entity,
                "key": line.key,
                **{name: record[name] for name in ("system", "object", "id")},
                "after": record["name"],
                "reason": "; ".join(said),
            }


_ROWS: Mapping[type[Line], Callable[[Any, bool], Iterator[dict[str, Any]]]] = {
    Change: _change,
    ConflictLine: _conflict,
    Held: _held,
    Unfit: _unfit,
    LinkLine: _link,
}
