"""What is wrong with the settings of systems as they stand in crmsync.yml, without network and secrets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from crmsync.config.places import placed
from crmsync.config.project import located, read_environment, resolved
from crmsync.config.project_form import Project
from crmsync.config.writer_checks import Checked
from crmsync.errors import ConfigInvalid, Problem

Check = Callable[[str, Mapping[str, str], Collection[str]], list[Problem]]


def wrong_settings(root: Path, project: Project) -> Checked:
    """Problems of each org's and portal's settings, with their lines. Of a variable that is not set nothing is said."""
    environment = read_environment(root)
    found: list[Problem] = []
    for system, settings in project.systems.items():
        load = _CHECKED.get(str(settings.get("kind")))
        if load is not None:
            found += _of_system(load(), system, settings, environment, root)
    return Checked(placed(root, found))


def _of_system(
    check: Check,
    system: str,
    settings: Mapping[str, Any],
    environment: Mapping[str, str],
    root: Path,
) -> list[Problem]:
    texts = {n: t for n, t in settings.items() if isinstance(t, str) and n != "kind"}
    unset = [name for name, text in texts.items() if not _is_set(text, environment)]
    known = {name: text for name, text in texts.items() if name not in unset}
    values = located(resolved(known, environment, writes=False), root, "")
    return check(system, values, unset)


def _salesforce() -> Check:
    from crmsync.connectors.salesforce.settings import written_problems

    return written_problems


def _hubspot() -> Check:
    from crmsync.connectors.hubspot.settings import written_problems

    return written_problems


_CHECKED: Mapping[str, Callable[[], Check]] = {"salesforce": _salesforce, "hubspot": _hubspot}


def _is_set(text: str, environment: Mapping[str, str]) -> bool:
    try:
        resolved({"": text}, environment, writes=False)
    except ConfigInvalid:
        return False
    return True
