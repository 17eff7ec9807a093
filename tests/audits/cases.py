"""`<id>.yml` beside this file: stories in native rows, some that an audit objects to and some it must not.

    fail | pass:
      - story: what is the matter, in one sentence
        finds: [Contact/003A]         object/id of every finding, or the key's records; only under fail
        systems: [salesforce]         default: both
        salesforce: {Contact: [{_id: 003A, Email: ana@acme.example}], Opportunity.Contact: [...],
                     _activities.Task: [...]}     facts by their side table
        hubspot: {contacts: [...], deals.contacts: [{from_id: ..., to_id: ..., is_primary: "true"}]}

Each story is read through the real mapping, columns, face and loader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from warehouse.shelf import BOTH, ROOT, TAKEN, Rows, columns_over, reference_mapping, stored

from crmsync.config.audits import read_audits
from crmsync.core.auditing import Audit, AuditResult
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Story:
    """Rows of a few records, and what one audit must find among them."""

    audit: str
    kind: str
    story: str
    systems: tuple[str, ...]
    rows: Rows
    finds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.audit}-{self.kind}-{self.story}".replace(" ", "_")


@cache
def reference_audits() -> dict[str, Audit]:
    """The audits at the root of the project, by id."""
    audits = read_audits(ROOT)
    return {audit.id: audit for audit in audits if isinstance(audit, Audit)}


def stories() -> Iterator[Story]:
    """Every story of every file."""
    for path in sorted(FOLDER.glob("*.yml")):
        document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        assert set(document) == {"fail", "pass"}, path.name
        for kind in ("fail", "pass"):
            for each in document[kind]:
                yield _story(path.stem, kind, each)


def _story(audit: str, kind: str, given: dict[str, Any]) -> Story:
    systems = tuple(given.get("systems", BOTH))
    rows = {name: given.get(name, {}) for name in systems}
    assert set(given) <= {"story", "systems", "finds", *systems}, given["story"]
    return Story(audit, kind, given["story"], systems, rows, tuple(given.get("finds", ())))


def result_of(story: Story, folder: Path) -> AuditResult:
    """What the audit says about the rows of a story."""
    mapping = reference_mapping(story.systems)
    snapshots = stored(folder, story.rows, mapping, story.systems)
    with columns_over(snapshots, mapping) as columns:
        have = build_face(columns, folder / "face.duckdb")
    audit = reference_audits()[story.audit]
    return run_audits(folder / "face.duckdb", [audit], have, TAKEN)[0]


def found(result: AuditResult) -> list[str]:
    """Findings as object/id, sorted."""
    return sorted(f"{each.object}/{each.id}" for each in result.findings)
