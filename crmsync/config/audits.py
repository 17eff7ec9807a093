"""`audits/*.sql`: a header of YAML in `--` comments, then one SELECT of the offending rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crmsync.config.decode import decode
from crmsync.config.lines import Document, read_yaml, text_of
from crmsync.core.auditing import Audit
from crmsync.errors import Problem

FOLDER = "audits"


def read_audits(folder: Path) -> list[Audit] | list[Problem]:
    """The audits of a workspace by id, or everything that is wrong with their files."""
    problems: list[Problem] = []
    audits: list[Audit] = []
    for path in sorted((folder / FOLDER).glob("*.sql")):
        text = text_of(path, f"{FOLDER}/{path.name}")
        found = [text] if isinstance(text, Problem) else read_audit(text, path.stem)
        if isinstance(found, Audit):
            audits.append(found)
        else:
            problems += found
    problems += _twice(audits)
    return problems or sorted(audits, key=lambda audit: audit.id)


def read_audit(text: str, stem: str) -> Audit | list[Problem]:
    """One audit from the text of its file."""
    file = f"{FOLDER}/{stem}.sql"
    lines = text.splitlines()
    height = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    # Spaces in place of `-- `, so that a problem has its column in the file.
    header = "\n".join("   " + line[2:].removeprefix(" ") for line in lines[:height])
    query = "\n".join(lines[height:]).strip()
    document = read_yaml(header, file)
    if isinstance(document, Problem):
        return [document]
    audit = decode(Audit, _with_query(document, stem, query))
    if isinstance(audit, list):
        return audit
    problems = [*_not_in_header(document), *_languages(audit, file)]
    if not query:
        problems.append(Problem(file, height + 1, 1, "CRM050", "no query", "add a SELECT"))
    return problems or audit


def _with_query(document: Document, stem: str, query: str) -> Document:
    """The header with what the file itself says: its name, and the query below."""
    header = document.value if isinstance(document.value, dict) else {}
    return replace(document, value={**header, "name": stem, "query": query.rstrip(";")})


def _not_in_header(document: Document) -> list[Problem]:
    """Keys that an audit has, but not from its header."""
    wrong = [key for key in ("name", "query") if key in document.value]
    remedy = "remove it: the file's name and the query below count"
    return [
        Problem(document.file, *document.place((key,)), "CRM002", f"unknown key '{key}'", remedy)
        for key in wrong
    ]


def _languages(header: Audit, file: str) -> list[Problem]:
    return [
        Problem(file, 1, 1, "CRM051", f"{name} has no {language}", f"add `{language}:` to {name}")
        for name in ("summary", "why", "remedy")
        for language in ("en", "es")
        if language not in getattr(header, name)
    ]


def _twice(audits: list[Audit]) -> list[Problem]:
    ids = [audit.id for audit in audits]
    return [
        Problem(FOLDER, 0, 0, "CRM052", f"audit id '{name}' is in two files", "give one another id")
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]
