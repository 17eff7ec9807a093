"""A plan as a file: JSON Lines, the header first, then one line a change, in the order of carrying out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from crmsync.commands.outputs import demand_folder
from crmsync.core.planning import (
    FORMAT,
    Header,
    Line,
    canonical_json,
    line_bytes,
    plan_id,
    read_line,
)
from crmsync.errors import PlanStale, StoreFailed


@dataclass(frozen=True, slots=True)
class Plan:
    """A header with its id, and all lines in order."""

    header: Header
    lines: tuple[Line, ...]


def finished(header: Header, lines: Iterable[Line]) -> Plan:
    """A plan under the id that its content gives it."""
    body = tuple(lines)
    return Plan(replace(header, id=plan_id(header, _digest(body))), body)


def _digest(lines: Iterable[Line]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line_bytes(line) + b"\n")
    return digest.hexdigest()


def write_plan(plan: Plan, path: Path) -> None:
    """Writes the file whole or not at all, mode 0600: it holds personal data."""
    demand_folder(path)
    scratch = path.with_name(path.name + ".tmp")
    try:
        with os.fdopen(
            os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(canonical_json(asdict(plan.header)) + b"\n")
            for line in plan.lines:
                file.write(line_bytes(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        remedy = "Free disk space, or name another file with -o."
        raise StoreFailed(
            f"cannot write the plan: {error.strerror}", where=path.name, remedy=remedy
        ) from error


def read_plan(path: Path) -> Plan:
    """The plan of a file. PlanStale if it was edited, cut short, or is no plan at all."""
    try:
        rows = list(_rows(path))
    except OSError as error:
        remedy = "Make one first: crmsync plan -o FILE"
        raise StoreFailed(
            f"cannot read the plan: {error.strerror}", where=str(path), remedy=remedy
        ) from error
    except orjson.JSONDecodeError as error:
        raise _no_plan(path, "is no plan file, or was cut short") from error
    if (
        not rows
        or not all(isinstance(row, dict) for row in rows)
        or rows[0].get("format") != FORMAT
    ):
        raise _no_plan(path, f"is no plan of format {FORMAT}")
    try:
        header = Header(**rows[0])
        lines = tuple(read_line(row) for row in rows[1:])
    except (KeyError, TypeError) as error:
        raise _no_plan(path, "holds a line that no plan has") from error
    if plan_id(header, _digest(lines)) != header.id:
        raise _no_plan(path, "was edited after it was made")
    return Plan(header, lines)


def read_header(path: Path) -> Header | None:
    """The header of a kept plan, None if the file is gone or is none."""
    try:
        with path.open("rb") as file:
            return Header(**orjson.loads(file.readline()))
    except (OSError, orjson.JSONDecodeError, TypeError):
        return None


def read_labels(path: Path) -> dict[str, str]:
    """What a kept plan calls its customers, by key; nothing if the file is gone or is none."""
    try:
        return {row["key"]: row["text"] for row in _rows(path) if row.get("kind") == "label"}
    except (OSError, orjson.JSONDecodeError, AttributeError, KeyError):
        return {}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def _no_plan(path: Path, what: str) -> PlanStale:
    return PlanStale(f"{path.name} {what}", remedy="Make a new one: crmsync plan -o FILE")
