"""What a workspace has and does not declare: systems without an object, and files that nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from crmsync.config.lines import Document, Path
from crmsync.config.project import FILE
from crmsync.config.project_form import Project
from crmsync.config.writer_checks import Checked
from crmsync.errors import Problem

_KINDS = {"files": "file", "sql": "table"}
_SHOWN = 5


def undeclared(root: FilePath, project: Project, document: Document) -> Checked:
    """Problems for systems of exports or tables that declare none; remarks for files beside the declared ones."""
    found = Checked()
    for system, settings in project.systems.items():
        if settings.get("kind") not in _KINDS:
            continue
        objects = settings.get("objects")
        folder = _folder(root, settings) if settings["kind"] == "files" else None
        patterns = _patterns(system, settings) if settings["kind"] == "files" else {}
        found.problems.extend(_no_patterns(system, patterns, folder or root, document))
        names = sorted(_loose(patterns.values(), folder)) if folder else []
        if not objects:
            found.problems.append(_nothing(system, settings, names, document))
        elif names:
            found.remarks.append(_beside(system, names, document))
    return found


def _nothing(
    system: str, settings: Mapping[str, Any], names: list[str], document: Document
) -> Problem:
    what = _KINDS[str(settings["kind"])]
    message = f"systems.{system}: no {what} is declared, so nothing is read"
    if names:
        message += f" ({_listed(names)})"
    remedy = f"say under `objects:` which {what} holds contacts, companies or deals"
    place = ("systems", system, *(["objects"] if "objects" in settings else []))
    return Problem(FILE, *document.place(place), "CRM100", message, remedy)


def _beside(system: str, names: list[str], document: Document) -> Problem:
    message = f"systems.{system}: files that no object declares, so that nobody reads them: {_listed(names)}"
    remedy = "declare them under `objects:`, or leave it"
    place = document.place(("systems", system, "objects"))
    return Problem(FILE, *place, "CRM104", message, remedy)


def _no_patterns(
    system: str, patterns: Mapping[Path, str], folder: FilePath, document: Document
) -> Iterator[Problem]:
    """Problems for a `file:` that no file can match, whatever there is in the folder."""
    from crmsync.connectors.files.patterns import NAME_IT, NO_PATTERN, matching

    for path, pattern in patterns.items():
        if pattern and matching(folder, pattern) is None:
            message = f"{'.'.join(map(str, path))}: {pattern[:60]!r} {NO_PATTERN}"
            yield Problem(FILE, *document.place(path), "CRM102", message, NAME_IT)


def _loose(patterns: Iterable[str], folder: FilePath) -> Iterator[str]:
    """Files of a kind that can be read and that no pattern of an object takes in."""
    from crmsync.connectors.files.patterns import matching
    from crmsync.connectors.files.tables import suffixes

    taken = {path for pattern in patterns if pattern for path in matching(folder, pattern) or ()}
    for path in matching(folder, "*") or ():
        readable = path.is_file() and path.suffix.lower() in suffixes()
        if readable and path not in taken and not path.name.startswith(("~$", ".")):
            yield path.name


def _patterns(system: str, settings: Mapping[str, Any]) -> dict[Path, str]:
    """The `file:` of each object, and of its ties, by the keys that lead to it."""
    place = ("systems", system, "objects")
    own = {(*place, name): each for name, each in _maps(settings.get("objects"))}
    tied = {
        (*path, "associations", to): each
        for path, one in own.items()
        for to, each in _maps(one.get("associations"))
    }
    return {
        (*path, "file"): str(each["file"]) for path, each in (own | tied).items() if "file" in each
    }


def _maps(value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """What a mapping holds, as far as each of it is a mapping."""
    pairs = value.items() if isinstance(value, Mapping) else ()
    return [(name, each) for name, each in pairs if isinstance(each, Mapping)]


def _folder(root: FilePath, settings: Mapping[str, Any]) -> FilePath | None:
    """The folder of a system of exports, None where none is named or nobody can tell which is meant."""
    try:
        name = str(settings.get("folder") or "")
        folder = root / FilePath(name).expanduser()
        return folder if name and folder.is_dir() else None
    except (OSError, RuntimeError):  # a name too long for any folder; `~somebody` who is not there
        return None


def _listed(names: list[str]) -> str:
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
