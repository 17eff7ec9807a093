"""`crmsync.yml`: systems, store, limits, locale. Secrets only as ${NAME}, from the environment or .env."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from crmsync.config.decode import Decoded, in_order, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, read_file
from crmsync.config.project_checks import REFERENCE, check_project
from crmsync.config.project_form import Project
from crmsync.errors import ConfigInvalid, Problem

T = TypeVar("T")
FILE = "crmsync.yml"
_SQLITE_FILE = re.compile(r"(sqlite(?:\+\w+)?:///)([^/?][^?]*(?:\?.*)?)")


def read_project(folder: Path) -> Project | list[Problem]:
    """The project of a folder, or everything that is wrong with its file."""
    found = understand_project(folder)
    return found.problems if found.problems or found.value is None else found.value


def understand_project(folder: Path) -> Decoded[Project]:
    """The project of a folder as far as it can be understood, and everything that is wrong with its file."""
    return or_defect(FILE, lambda: _understood(folder), lambda problem: unread(FILE, problem))


def _understood(folder: Path) -> Decoded[Project]:
    path = folder / FILE
    document = read_file(path, FILE) if path.is_file() else _missing(folder)
    if isinstance(document, Problem):
        return unread(FILE, document)
    found = understand(Project, _with_texts(document))
    if found.value is None:
        return found
    problems = check_project(found.value, found.document, found.lost)
    return replace(
        found, value=_usable(found.value), problems=in_order([*found.problems, *problems])
    )


def _usable(project: Project) -> Project:
    """The project without settings of the wrong kind, which were told."""
    systems = {
        system: {
            key: each
            for key, each in settings.items()
            if isinstance(each, dict if key == "objects" else str)
        }
        for system, settings in project.systems.items()
    }
    return replace(project, systems=systems)


def _missing(folder: Path) -> Problem:
    message = f"no {FILE} in {folder.name or folder}"
    return Problem(FILE, 0, 0, "CRM000", message, "run `crmsync init`, or cd into a workspace")


def _with_texts(document: Document) -> Document:
    """Settings of systems are texts: `reserve: 0.2` and `active: true` need no quotes."""
    value = document.value
    systems = value.get("systems") if isinstance(value, dict) else None
    if not isinstance(systems, dict):
        return document
    texts = {
        name: _texts(each) if isinstance(each, dict) else each for name, each in systems.items()
    }
    return replace(document, value={**value, "systems": texts})


def _texts(settings: dict[str, Any]) -> dict[str, Any]:
    return {key: _text(value) for key, value in settings.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def read_environment(folder: Path) -> dict[str, str]:
    """Names and values of `.env`, overridden by the environment of the process."""
    path = folder / ".env"
    text = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    return {**assignments(text), **os.environ}


def assignments(text: str) -> dict[str, str]:
    """Names and values of the text of a `.env`.

    A value in quotation marks may go on over lines: all of it reaches whoever can say that it is damaged. One
    whose quotation mark is never closed keeps it, and so is told as well.
    """
    values: dict[str, str] = {}
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        name, equals, value = lines[at].strip().removeprefix("export ").partition("=")
        at += 1
        if equals and not name.startswith("#"):
            more = _lines_more(value.strip(), lines[at:])
            value = "\n".join([value, *lines[at : at + more]]).strip()
            values[name.strip()] = value if _is_open(value) else value.strip("\"'")
            at += more
    return values


_QUOTED = re.compile(r"\s*(export\s+)?\w+\s*=\s*[\"']")


def _is_open(value: str) -> bool:
    """True if a quotation mark at the beginning is the only one of its kind."""
    return value[:1] in ("'", '"') and value.count(value[0]) == 1


def _lines_more(value: str, following: Sequence[str]) -> int:
    """Over how many further lines a value goes on: to the one that closes its quotation mark; 0 if none does."""
    if not _is_open(value):
        return 0
    for at, line in enumerate(following, 1):
        if _QUOTED.match(line):
            return 0
        if value[0] in line:
            return at if line.strip().endswith(value[0]) else 0
    return 0


def resolved(
    settings: Mapping[str, T],
    environment: Mapping[str, str],
    *,
    writes: bool,
    within: tuple[str, ...] | None = None,
) -> dict[str, T]:
    """Settings with every ${NAME} in place, those of `objects` too.

    NAME_WRITE goes before NAME where something is written. Raises ConfigInvalid with every name that is not set, or
    empty; `within` are the keys of crmsync.yml that lead to the settings.
    """
    missing: dict[str, tuple[str, bool]] = {}

    def filled(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: filled(each, key) for name, each in value.items()}

        def value_of(found: re.Match[str]) -> str:
            name = found.group(1)
            names = (f"{name}_WRITE", name) if writes else (name,)
            found_in = [environment[each] for each in names if each in environment]
            text = next((each for each in found_in if each.strip()), None)
            if text is None:
                missing.setdefault(name, (key, name in environment))
            return text or ""

        return REFERENCE.sub(value_of, value) if isinstance(value, str) else value

    values = {key: filled(value, key) for key, value in settings.items()}
    if missing:
        raise ConfigInvalid(
            [
                _unset(name, () if within is None else (*within, key), is_empty=is_empty)
                for name, (key, is_empty) in missing.items()
            ]
        )
    return values


def _unset(name: str, path: tuple[str, ...], *, is_empty: bool) -> Problem:
    said = f"${{{name}}} is empty" if is_empty else f"${{{name}}} is not set"
    return Problem(FILE, 0, 0, "CRM023", said, f"set {name} or write it to .env", path)


# Settings that are paths; a connector that has none of them leaves them to be refused as unknown.
_PATHS = ("folder", "ca_bundle", "private_key_file")


def _at_home(path: Path) -> Path:
    """`~` as the folder it means; that of nobody known stays as it is written, and is not there."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def located(settings: Mapping[str, Any], root: Path, timezone: str) -> dict[str, Any]:
    """Settings whose files are looked for from the workspace, wherever the command was started.

    A system that declares its objects reads times without a zone in the workspace's zone.
    """
    found = dict(settings)
    for name in _PATHS:
        if isinstance(found.get(name), str) and found[name].strip():
            found[name] = str(root / _at_home(Path(found[name].strip())))
    file = _SQLITE_FILE.fullmatch(str(found.get("url", "")))
    if file and file[2] != ":memory:":
        found["url"] = f"{file[1]}{root / file[2]}"
    if "objects" in found:
        found.setdefault("timezone", timezone)
    return found
