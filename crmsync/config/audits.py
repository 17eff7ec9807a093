"""`audits/*.sql`: a header of YAML in `--` comments, then one SELECT of the offending rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crmsync.config.audit_settings import unasked, unknown_params
from crmsync.config.consequences import Complaint, Known
from crmsync.config.decode import Decoded, in_order, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, read_yaml, text_of
from crmsync.core.auditing import MADE, Audit
from crmsync.core.stock import Check
from crmsync.errors import Problem

FOLDER = "audits"


@dataclass(frozen=True, slots=True)
class Understood:
    """Audits in which nothing is wrong, by id; everything that is wrong with the others; and those of them of which
    enough is known to look at their SQL, so that all that is wrong with a file is said at once.
    """

    audits: list[Audit]
    problems: list[Problem]
    faulty: list[Audit]


def read_audits(folder: Path) -> list[Audit] | list[Problem]:
    """The audits of a workspace by id, or everything that is wrong with their files."""
    found = understand_audits(folder)
    return found.problems or found.audits


def understand_audits(folder: Path) -> Understood:
    """The audits of a workspace as far as their files can be understood."""
    found = [_read_one(path) for path in sorted((folder / FOLDER).glob("*.sql"))]
    problems = [each for one in found for each in one.problems]
    problems += _twice(found)
    wrong = {each.file for each in problems}
    audits = [one.value for one in found if one.value and one.value.file not in wrong]
    faulty = [one.value for one in found if one.value and one.problems and _has_its_query(one)]
    return Understood(sorted(audits, key=lambda audit: audit.id), problems, faulty)


_BEHIND_A_QUERY = frozenset({"params", "needs", "eligible"})


def _has_its_query(found: Decoded[Audit]) -> bool:
    """True if all that a query rests on could be read."""
    return bool(found.value and found.value.query) and not any(
        not path or path[0] in _BEHIND_A_QUERY for path in found.lost
    )


def _read_one(path: Path) -> Decoded[Audit]:
    file = f"{FOLDER}/{path.name}"
    text = text_of(path, file)
    if isinstance(text, Problem):
        return unread(file, text)
    return or_defect(file, lambda: _understand(text, path.stem), lambda told: unread(file, told))


def read_audit(text: str, stem: str) -> Audit | list[Problem]:
    """One audit from the text of its file."""
    found = _understand(text, stem)
    return found.problems if found.problems or found.value is None else found.value


def _understand(text: str, stem: str) -> Decoded[Audit]:
    file = f"{FOLDER}/{stem}.sql"
    header, height, query = _parts(text)
    document = read_yaml(header, file)
    if isinstance(document, Problem):
        return unread(file, document)
    found = understand(Audit, _with_query(document, stem, query))
    problems = [*found.problems, *not_in_header(document)]
    if found.value is not None:
        complaints = (*languages(found.value), *unasked(found.value))
        problems += Known(found.document, found.lost).problems(complaints)
        if ("params",) not in found.lost:
            problems += unknown_params(found.value, document, text)
    if not query:
        problems.append(Problem(file, height + 1, 1, "CRM050", "no query", "add a SELECT"))
    return replace(found, problems=in_order(problems))


def _parts(text: str) -> tuple[str, int, str]:
    """The header as YAML, how many lines it has, and the query below."""
    lines = text.splitlines()
    height = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    # Spaces in place of `-- `, so that a problem has its column in the file.
    header = "\n".join("   " + line[2:].removeprefix(" ") for line in lines[:height])
    return header, height, "\n".join(lines[height:]).strip()


def placed_in_query(root: Path, problem: Problem) -> Problem:
    """The problem of a query with the line of its file; `path` says which query, and which line of it.

    What stands in another file than one of SQL has its place already.
    """
    if not problem.file.endswith(".sql"):
        return problem
    asked, number = problem.path
    text = text_of(root / problem.file, problem.file)
    if isinstance(text, Problem):
        return problem
    header, height, _ = _parts(text)
    document = read_yaml(header, problem.file)
    if asked != "query" and isinstance(document, Document):
        line, column = document.place((asked,))
        return replace(problem, line=line, column=column)
    below = text.splitlines()[height:]
    blank = next((at for at, line in enumerate(below) if line.strip()), 0)
    return replace(problem, line=height + blank + int(number), column=1)


def _with_query(document: Document, stem: str, query: str) -> Document:
    """The header with what the file itself says: its name, and the query below."""
    header = document.value if isinstance(document.value, dict) else {}
    return replace(document, value={**header, "name": stem, "query": query.rstrip(";")})


def not_in_header(document: Document) -> list[Problem]:
    """Keys that an audit has, but not from its header."""
    header = document.value if isinstance(document.value, dict) else {}
    remedy = "remove it: the file's name and the query below count"
    return [
        Problem(document.file, *document.place((key,)), "CRM002", f"unknown key '{key}'", remedy)
        for key in MADE
        if key in header
    ]


def languages(header: Audit | Check) -> Iterator[Complaint]:
    """Texts of a header that are not in both languages."""
    for name in ("summary", "why", "remedy"):
        for language in ("en", "es"):
            if language not in getattr(header, name):
                advice = f"add `{language}:` to {name}"
                yield (name,), "CRM051", f"{name} has no {language}", advice


def _twice(found: list[Decoded[Audit]]) -> list[Problem]:
    """Audits whose id another file has already."""
    first: dict[str, str] = {}
    problems = []
    for one in found:
        document = one.document
        if one.value is None or ("id",) in one.lost:
            continue
        if one.value.id in first:
            message = f"audit id '{one.value.id}' is in {first[one.value.id]}, too"
            place = document.place(("id",))
            problems.append(
                Problem(document.file, *place, "CRM052", message, "give one another id")
            )
        first.setdefault(one.value.id, document.file)
    return problems
