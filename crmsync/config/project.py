"""`crmsync.yml`: systems, store, limits, locale. Secrets only as ${NAME}, from the environment or .env."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path
from typing import Literal

from crmsync.config.decode import decode, nearest
from crmsync.config.lines import Document, read_yaml
from crmsync.core.guarding import LIMITS, Limit
from crmsync.errors import ConfigInvalid, Problem

FILE = "crmsync.yml"
_STRICT = {"extra": "forbid"}
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_SECRET_KEYS = ("token", "client_secret", "password", "private_key")


@dataclass(frozen=True, slots=True)
class LimitSetting:
    """A limit as the workspace sets it: the larger of a number and a share of the records."""

    __pydantic_config__ = _STRICT
    at_most: int
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Project:
    """One workspace. `systems` gives, per system, `kind` and what its connector asks for."""

    __pydantic_config__ = _STRICT
    name: str
    systems: dict[str, dict[str, str]]
    title: str = ""
    store: str = ""
    language: Literal["en", "es"] | None = None
    timezone: str = "UTC"
    region: str | None = None
    currency: str = ""
    limits: dict[str, LimitSetting] = default(default_factory=dict)
    clock_margin_s: int = 120

    def all_limits(self) -> dict[str, Limit]:
        """Every limit, the workspace's own numbers in place of the defaults."""
        return {name: _limit(base, self.limits.get(name)) for name, base in LIMITS.items()}


def _limit(base: Limit, own: LimitSetting | None) -> Limit:
    return Limit(own.at_most, own.share) if own and not base.hard else base


def read_project(folder: Path) -> Project | list[Problem]:
    """The project of a folder, or everything that is wrong with its file."""
    path = folder / FILE
    if not path.is_file():
        message = f"no {FILE} in {folder.name or folder}"
        return [
            Problem(FILE, 0, 0, "CRM000", message, "run `crmsync init`, or cd into a workspace")
        ]
    document = read_yaml(path.read_text(encoding="utf-8", errors="replace"), FILE)
    if isinstance(document, Problem):
        return [document]
    project = decode(Project, document)
    return project if isinstance(project, list) else _checked(project, document)


def _checked(project: Project, document: Document) -> Project | list[Problem]:
    problems = [*_limit_problems(project, document), *_system_problems(project, document)]
    return problems or project


def _limit_problems(project: Project, document: Document) -> list[Problem]:
    problems = []
    for name in project.limits:
        line, column = document.place(("limits", name))
        if name not in LIMITS:
            close = nearest(name, LIMITS) or ", ".join(LIMITS)
            problems.append(
                Problem(
                    FILE,
                    line,
                    column,
                    "CRM020",
                    f"unknown limit '{name}'",
                    f"did you mean {close}?",
                )
            )
        elif LIMITS[name].hard:
            problems.append(
                Problem(
                    FILE, line, column, "CRM021", f"'{name}' cannot be loosened", "remove this line"
                )
            )
    return problems


def _system_problems(project: Project, document: Document) -> list[Problem]:
    problems = []
    for system, settings in project.systems.items():
        if "kind" not in settings:
            line, column = document.place(("systems", system))
            problems.append(
                Problem(
                    FILE, line, column, "CRM003", f"system '{system}' has no kind", "add `kind:`"
                )
            )
        for key, value in settings.items():
            if key in _SECRET_KEYS and not _REFERENCE.fullmatch(value):
                line, column = document.place(("systems", system, key))
                remedy = f"write ${{{system.upper()}_{key.upper()}}} and set it in the environment or .env"
                message = f"{system}.{key} holds a secret in plain text"
                problems.append(Problem(FILE, line, column, "CRM022", message, remedy))
    return problems


def read_environment(folder: Path) -> dict[str, str]:
    """Names and values of `.env`, overridden by the environment of the process."""
    values: dict[str, str] = {}
    path = folder / ".env"
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().removeprefix("export ").partition("=")
            if equals and not name.startswith("#"):
                values[name.strip()] = value.strip().strip("\"'")
    return {**values, **os.environ}


def resolved(
    settings: Mapping[str, str], environment: Mapping[str, str], *, writes: bool
) -> dict[str, str]:
    """Settings with every ${NAME} in place; NAME_WRITE goes before NAME where something is written.

    Raises ConfigInvalid with every name that is not set.
    """
    missing: list[str] = []

    def value_of(found: re.Match[str]) -> str:
        name = found.group(1)
        value = (environment.get(f"{name}_WRITE") if writes else None) or environment.get(name)
        if value is None:
            missing.append(name)
        return value or ""

    values = {key: _REFERENCE.sub(value_of, text) for key, text in settings.items()}
    if missing:
        raise ConfigInvalid(
            [
                Problem(
                    FILE,
                    0,
                    0,
                    "CRM023",
                    f"${{{name}}} is not set",
                    f"set {name} or write it to .env",
                )
                for name in dict.fromkeys(missing)
            ]
        )
    return values
