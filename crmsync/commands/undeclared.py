"""What a workspace has and does not declare: systems without an object, and files that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crmsync.config.lines import Document
from crmsync.config.project import FILE
from crmsync.config.project_form import Project
from crmsync.config.writer_checks import Checked
from crmsync.errors import Problem

_KINDS = {"files": "file", "sql": "table"}
_SHOWN = 5


def undeclared(root: Path, project: Project, document: Document) -> Checked:
    """Problems for systems of exports or tables that declare none; remarks for files beside the declared ones."""
    found = Checked()
    for system, settings in project.systems.items():
        if settings.get("kind") not in _KINDS:
            continue
        objects = settings.get("objects")
        names = list(_loose(root, settings)) if settings["kind"] == "files" else []
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


def _loose(root: Path, settings: Mapping[str, Any]) -> Iterator[str]:
    """Files of a kind that can be read and that no pattern of an object takes in."""
    from crmsync.connectors.files.tables import suffixes

    folder = root / Path(str(settings.get("folder", ""))).expanduser()
    objects = settings.get("objects")
    declared = objects.values() if isinstance(objects, Mapping) else ()
    patterns = [str(each.get("file")) for each in declared if isinstance(each, Mapping)]
    taken = {path for pattern in patterns if pattern for path in folder.glob(pattern)}
    files = sorted(folder.iterdir()) if settings.get("folder") and folder.is_dir() else []
    for path in files:
        readable = path.is_file() and path.suffix.lower() in suffixes()
        if readable and path not in taken and not path.name.startswith(("~$", ".")):
            yield path.name


def _listed(names: list[str]) -> str:
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
