"""The reference audits and the stories beside them, put to the proof over the reference mapping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from warehouse.shelf import BOTH, ROOT, reference_mapping

from crmsync.commands import example_runs
from crmsync.commands.example_runs import found_in as found
from crmsync.commands.examples import Story, read_stories
from crmsync.config.audits import read_audits
from crmsync.config.stock_files import EXAMPLES
from crmsync.core.auditing import Audit, AuditResult

__all__ = [
    "EXAMPLES",
    "FOLDER",
    "Story",
    "faced",
    "found",
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
    mapping = reference_mapping(story.systems)
    return example_runs.result_of(story, reference_audits()[story.audit], mapping, folder)


@contextmanager
def faced(story: Story, folder: Path) -> Iterator[set[str]]:
    """What the face of a story has, in `face.duckdb`."""
    with example_runs.faced(story, reference_mapping(story.systems), folder) as have:
        yield have
