"""A footprint plan as a file: JSON that a person can read, whole or not there at all."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import orjson

from crmsync.commands.outputs import demand_folder
from crmsync.core.footprint import FORMAT, FootprintPlan, footprint_id, read_footprint
from crmsync.errors import PlanStale, StoreFailed


def write_footprint(plan: FootprintPlan, path: Path) -> None:
    """Writes the file, mode 0600. StoreFailed if it cannot be written."""
    demand_folder(path)
    scratch = path.with_name(path.name + ".tmp")
    body = orjson.dumps(asdict(plan), option=orjson.OPT_INDENT_2) + b"\n"
    try:
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise StoreFailed(
            f"cannot write the plan: {error.strerror}",
            where=path.name,
            remedy="Free disk space, or name another file with -o.",
        ) from error


def read_footprint_plan(path: Path) -> FootprintPlan:
    """The plan of a file. PlanStale if it was edited, cut short, or is no plan at all."""
    try:
        body = orjson.loads(path.read_bytes())
    except OSError as error:
        raise StoreFailed(
            f"cannot read the plan: {error.strerror}",
            where=str(path),
            remedy="Make one first: crmsync footprint install -o FILE",
        ) from error
    except orjson.JSONDecodeError as error:
        raise _no_plan(path, "is no plan file, or was cut short") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise _no_plan(path, f"is no plan of format {FORMAT}")
    if footprint_id(body) != body.get("id"):
        raise _no_plan(path, "was edited after it was made")
    try:
        return read_footprint(body)
    except (KeyError, TypeError, ValueError) as error:
        raise _no_plan(path, "holds a line that no plan has") from error


def _no_plan(path: Path, what: str) -> PlanStale:
    remedy = "Make a new one: crmsync footprint install -o FILE"
    return PlanStale(f"{path.name} {what}", remedy=remedy)
