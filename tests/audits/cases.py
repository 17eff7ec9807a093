"""The reference audits and the stories beside them, put to the proof over the reference mapping."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.shelf import BOTH, ROOT, reference_mapping

from crmsync.commands import example_runs
from crmsync.commands.example_runs import found_in as found
from crmsync.commands.examples import Story, read_stories
from crmsync.config.audits import read_audits
from crmsync.config.mappings import Defaults, read_mappings
from crmsync.config.stock_files import EXAMPLES
from crmsync.core.auditing import Audit, AuditResult
from crmsync.core.mapping import WorkspaceMapping

__all__ = [
    "EXAMPLES",
    "FOLDER",
    "Story",
    "faced",
    "found",
    "mapping_with_tickets",
    "reference_audits",
    "result_of",
    "stories",
]
FOLDER = ROOT / "audits"


@cache
def reference_audits() -> dict[str, Audit]:
    """The audits at the root of the project, by id."""
    audits = read_audits(ROOT)
    return {audit.id: audit for audit in audits if isinstance(audit, Audit)}


def stories() -> list[Story]:
    """Every story of every file."""
    found, problems = read_stories(ROOT, [*reference_audits().values()], BOTH)
    assert [str(each) for each in problems] == []
    return found


def result_of(story: Story, folder: Path) -> AuditResult:
    """What the audit says about the rows of a story."""
    audit = reference_audits()[story.audit]
    with_tickets = any(need.startswith("ticket.") for need in audit.needs)
    mapping = (mapping_with_tickets if with_tickets else reference_mapping)(story.systems)
    return example_runs.result_of(story, audit, mapping, folder)


@cache
def mapping_with_tickets(systems: tuple[str, ...] = BOTH) -> WorkspaceMapping:
    """The mapping at the root of the project, and that of tickets, which a workspace adds if it has any."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "mappings", Path(folder) / "mappings")
        shutil.copy(ROOT / "examples" / "tickets" / "ticket.yml", Path(folder) / "mappings")
        mapping = read_mappings(Path(folder), list(systems), Defaults("ES", "EUR", "Europe/Madrid"))
    assert isinstance(mapping, WorkspaceMapping), mapping
    return mapping


@contextmanager
def faced(story: Story, folder: Path) -> Iterator[set[str]]:
    """What the face of a story has, in `face.duckdb`."""
    with example_runs.faced(story, mapping_with_tickets(story.systems), folder) as have:
        yield have
