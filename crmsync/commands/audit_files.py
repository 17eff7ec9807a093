"""All audits of a workspace: in SQL, as stock checks in YAML, and in Python from installed packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmsync.config.audits import understand_audits
from crmsync.config.installed_audits import read_installed
from crmsync.config.stock_files import read_checks
from crmsync.core.auditing import Audit
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import Problem


@dataclass(frozen=True, slots=True)
class AuditFiles:
    """The audits in which nothing is wrong, by id, everything that is wrong with the others, and those in SQL of them
    whose queries can be looked at.
    """

    audits: list[Audit]
    problems: list[Problem]
    faulty: list[Audit]


def read_all_audits(root: Path, mapping: WorkspaceMapping | None, systems: list[str]) -> AuditFiles:
    """Every audit of a workspace; without a mapping nobody knows what stock checks ask, so only their form is read."""
    in_sql = understand_audits(root)
    checks, wrong = read_checks(root, mapping, systems, _ids(in_sql.audits))
    audits, problems = [*in_sql.audits, *checks], [*in_sql.problems, *wrong]
    installed, wrong = read_installed(_ids(audits))
    audits = sorted([*audits, *installed], key=lambda audit: audit.id)
    return AuditFiles(audits, [*problems, *wrong], in_sql.faulty)


def _ids(audits: list[Audit]) -> dict[str, str]:
    return {audit.id: audit.file for audit in audits}


def unread_audits(problems: Sequence[Problem]) -> list[tuple[Audit, Problem]]:
    """What stands in a report for files of audits that cannot be read: one a file, and its first problem."""
    first = {problem.file: problem for problem in reversed(problems)}
    return [(_stand_in(file), first[file]) for file in sorted(first)]


def _stand_in(file: str) -> Audit:
    stem = Path(file).stem if "/" in file else file
    said = {
        "en": "An audit that could not be read",
        "es": "Una auditoría que no se pudo leer",
    }
    return Audit(
        id=stem.partition("_")[0] if file.endswith(".sql") else stem,
        name=stem,
        severity="error",
        entity="",
        category="",
        summary={"en": said["en"], "es": said["es"]},
        why={"en": said["en"], "es": said["es"]},
        remedy={"en": "See the problem that is told.", "es": "Vea el problema que se indica."},
        query="",
        profile="essential",
        written_in=file,
    )
