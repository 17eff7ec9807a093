"""Whether the queries of a workspace's own audits can be asked: over tables without rows, so nothing is read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from crmsync.commands.example_rows import TAKEN
from crmsync.commands.example_runs import faced
from crmsync.commands.examples import Story
from crmsync.commands.files import Files
from crmsync.commands.reference import reference_texts
from crmsync.config.audits import FOLDER, placed_in_query
from crmsync.config.project_form import Project
from crmsync.core.auditing import Audit
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import Problem
from crmsync.warehouse.audit_run import unaskable
from crmsync.warehouse.handoffs import asks_handoffs
from crmsync.warehouse.refusals import OF_ROLES
from crmsync.warehouse.views import NEVER_SETTLED, Asked, asked_for

_OF_ROWS = frozenset({"owner", "settled"})
"""Needs that only rows can meet; their tables are there without any."""


def unaskable_audits(files: Files, project: Project) -> list[Problem]:
    """What is wrong with the SQL of audits that the workspace has of its own, or has changed, whatever else is wrong.

    The reference audits fit every mapping, so whoever has only these waits for nothing.
    """
    own = _own_in_sql(files)
    mapped = files.mappings.mapping.entities and project.systems and not files.mappings.problems
    if not own or not mapped:
        return []
    found = _unaskable(own, files.mappings.mapping, project)
    return [placed_in_query(files.root, each) for each in found]


def _own_in_sql(files: Files) -> list[Audit]:
    known = reference_texts(FOLDER)
    return [
        audit
        for audit in (*files.audits, *files.faulty)
        if audit.file.endswith(".sql")
        and known.get(Path(audit.file).name)
        != (files.root / audit.file).read_text(encoding="utf-8")
    ]


def _unaskable(
    audits: Sequence[Audit], mapping: WorkspaceMapping, project: Project
) -> list[Problem]:
    systems = tuple(project.systems)
    kinds = {name: str(each.get("kind", name)) for name, each in project.systems.items()}
    nobody = Story("", "", "", systems, {name: {} for name in systems})
    texts = [text for each in audits for text in (each.query, each.eligible, *each.needs)]
    views = Asked(asked_for(texts), NEVER_SETTLED)
    needs = {need for each in audits for need in each.needs}
    handed = asks_handoffs(needs, texts)
    roles = any(OF_ROLES in need.split(":") for each in audits for need in each.needs)
    with tempfile.TemporaryDirectory(prefix="crmsync-") as name:
        folder = Path(name)
        with faced(nobody, mapping, folder, kinds, views, handoffs=handed, roles=roles) as have:
            have |= {f"{entity}_view" for entity in views.entities} | _OF_ROWS
            return unaskable(folder / "face.duckdb", audits, have, TAKEN)
