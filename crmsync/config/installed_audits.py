"""Audits in Python that installed packages make known: their headers become audits, each problem names its package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from traceback import extract_tb

from crmsync.config.audits import languages, not_in_header
from crmsync.config.consequences import Known
from crmsync.config.decode import understand
from crmsync.config.lines import Document
from crmsync.core.auditing import MADE, Audit
from crmsync.core.python_audits import ENTRY_POINTS, PythonAudit
from crmsync.errors import Problem

_REMEDY = "correct its package, or uninstall it"


def read_installed(taken: Mapping[str, str]) -> tuple[list[Audit], list[Problem]]:
    """The audits of installed packages by id, and what is wrong with them. `taken` are ids of others by file."""
    audits: list[Audit] = []
    problems: list[Problem] = []
    ids = dict(taken)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda each: each.name):
        found = _loaded(point)
        if isinstance(found, Audit) and found.id in ids:
            message = f"audit id '{found.id}' is in {ids[found.id]}, too"
            found = [_problem(point, message, "give one another id")]
        if isinstance(found, Audit):
            ids[found.id] = found.file
            audits.append(found)
        else:
            problems += found
    return sorted(audits, key=lambda audit: audit.id), problems


def _loaded(point: EntryPoint) -> Audit | list[Problem]:
    """Whatever goes wrong while a package is imported is a problem of that package."""
    try:
        declared = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  (code of others; the other audits are to be read)
        steps = extract_tb(error.__traceback__)
        at = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}"
        return [_problem(point, f"it cannot be loaded: {type(error).__name__} at {at}")]
    if not isinstance(declared, PythonAudit):
        message = f"it leads to a {type(declared).__name__} and no audit"
        remedy = "declare the function with `crmsync.core.python_audits.audit`"
        return [_problem(point, message, remedy)]
    return _understood(point, declared)


def _understood(point: EntryPoint, declared: PythonAudit) -> Audit | list[Problem]:
    header = {key: each for key, each in declared.header.items() if key not in MADE}
    made = {"name": point.name, "query": "", "python": point.value}
    document = Document(point.value, {**header, **made}, {})
    found = understand(Audit, document)
    problems = list(found.problems)
    problems += not_in_header(replace(document, value=dict(declared.header)))
    if found.value is not None:
        problems += Known(document, found.lost).problems(languages(found.value))
        if not problems:
            return found.value
    return [_problem(point, each.message, each.remedy) for each in problems]


def _problem(point: EntryPoint, message: str, remedy: str = _REMEDY) -> Problem:
    package = point.dist.name if point.dist is not None else point.value.partition(".")[0]
    said = f"audit {point.name} of package {package}: {message}"
    return Problem(point.value, 0, 0, "CRM123", said, remedy)
