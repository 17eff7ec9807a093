"""`crmsync diff`: what a change of the mapping would do to real records, measured on a snapshot."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crmsync import __version__
from crmsync.commands.aspects import field_changes
from crmsync.commands.columns import open_columns
from crmsync.commands.files import defaults_of
from crmsync.commands.plan import drafted
from crmsync.commands.verdicts import (
    Measured,
    risks_of,
    samples_of,
    totals_of,
    verdict_of,
)
from crmsync.commands.workspace import Workspace
from crmsync.config.mappings import FOLDER, read_mappings
from crmsync.core.mapping import Entity, Seat, WorkspaceMapping
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem
from crmsync.language import _
from crmsync.reports.facts import Impact

if TYPE_CHECKING:
    from crmsync.store.store import Store
    from crmsync.warehouse.columns import Columns


def diff(workspace: Workspace, base: str = "HEAD", head: str = "") -> Impact:
    """The impact of going from the mapping at git revision `base` to that at `head`.

    An empty `head` is the working tree. Nothing is written to any CRM and no state moves.
    """
    old, new = _mapping_at(workspace, base), _mapping_at(workspace, head)
    changes = field_changes(old, new)
    before = after = None
    if _has_snapshots(workspace):
        with workspace.store() as store:
            after = _measured(workspace, store, new)
            before = after if old.digest == new.digest else _measured(workspace, store, old)
    return _impact(workspace, (base, head or "working tree"), (old, new), changes, before, after)


def _has_snapshots(workspace: Workspace) -> bool:
    read = set(workspace.snapshots())
    wanted = {
        (seat.system, seat.object) for entity in workspace.mapping.entities for seat in entity.seats
    }
    return wanted <= read


def _measured(workspace: Workspace, store: Store, mapping: WorkspaceMapping) -> Measured:
    with open_columns(workspace, store, mapping) as columns:
        draft = drafted(workspace, store, columns)
        taken: dict[str, datetime] = {}
        for (system, _), snapshot in sorted(columns.snapshots.items()):
            taken[system] = datetime.fromisoformat(snapshot.manifest.taken_at)
        records = {e.entity: sum(columns.count(e).values()) for e in mapping.entities}
        matches = {
            name: frozenset((m.key, *m.refs) for m in found)
            for name, found in columns.matches.items()
        }
        outside = {e.entity: columns.outside(e) for e in mapping.entities}
        unread = {e.entity: columns.unread_scope(e) for e in mapping.entities}
        missing = _missing(mapping, columns)
        return Measured(
            draft.lines, records, taken, matches, outside, unread, missing, draft.unreadable
        )


def _missing(mapping: WorkspaceMapping, columns: Columns) -> frozenset[str]:
    """Mapped native fields that could decide something and that the snapshots do not have."""
    return frozenset(
        f"{seat.system} {seat.object}.{name}"
        for entity in mapping.entities
        for seat in entity.seats
        if (seat.system, seat.object) in columns.snapshots
        for name in _deciding(entity, seat)
        if not columns.has_read(seat, name)
    )


def _deciding(entity: Entity, seat: Seat) -> set[str]:
    """Native fields by which something could be written: those of fields that are only read do not count."""
    inputs = {name for each in entity.synced() for name in each.inputs_in(seat.system, seat.object)}
    return inputs | set(seat.where) | set(entity.scope_of(seat))


def _impact(
    workspace: Workspace,
    names: tuple[str, str],
    mappings: tuple[WorkspaceMapping, WorkspaceMapping],
    changes: Iterable[tuple[str, str, str, str | None, str | None]],
    before: Measured | None,
    after: Measured | None,
) -> Impact:
    from crmsync.reports.facts import FieldChange

    old, new = mappings
    measured = before is not None and after is not None
    risks = risks_of(old, new, before, after)
    verdict = verdict_of(old.digest == new.digest, risks, before, after)
    unread = tuple(sorted(after.missing - before.missing)) if after and before else ()
    described = tuple(FieldChange(*change) for change in changes)
    return Impact(
        workspace=workspace.project.name,
        base=names[0],
        head=names[1],
        verdict="review" if verdict == "safe" and unread else verdict,
        evidence="measured" if measured else "structural",
        files=tuple(
            f"{FOLDER}/{name}.yml" for name in sorted({change.entity for change in described})
        ),
        snapshots=after.snapshots if after else {},
        records=after.records if after else {},
        before=totals_of(old, before) if before else None,
        after=totals_of(old, after) if after else None,
        risks=tuple(risks),
        changes=described,
        samples=samples_of(new, before, after),
        version=__version__,
        unread=unread,
    )


def _mapping_at(workspace: Workspace, revision: str) -> WorkspaceMapping:
    """The mapping at a git revision, or of the working tree if it is empty; ConfigInvalid if it is broken."""
    if not revision:
        return workspace.mapping
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / FOLDER).mkdir()
        listed = _git(workspace, "ls-tree", "--name-only", revision, f"{FOLDER}/").splitlines()
        names = [name for name in listed if name.endswith(".yml")]
        if not names:
            raise CrmsyncError(
                f"git has no mapping at {revision}, so there is none to compare with",
                remedy="Commit the mapping as it is: git add ., git commit",
            )
        for name in names:
            text = _git(workspace, "show", f"{revision}:./{name}")
            (folder / FOLDER / Path(name).name).write_text(text, encoding="utf-8")
        mapping = read_mappings(folder, workspace.project.systems, defaults_of(workspace.project))
    if isinstance(mapping, list):
        raise ConfigInvalid([_at(problem, revision) for problem in mapping])
    return replace(mapping, decisions=workspace.mapping.decisions)


def _at(problem: Problem, revision: str) -> Problem:
    return Problem(
        f"{revision}:{problem.file}",
        problem.line,
        problem.column,
        problem.code,
        problem.message,
        problem.remedy,
    )


def _git(workspace: Workspace, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program; the revision is an argument, not a command)
            ["git", "-C", str(workspace.root), *words],  # noqa: S607
            capture_output=True,
            check=True,
            timeout=60,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise CrmsyncError(
            _("git is not installed"), remedy=_("Install git; diff reads mappings from it.")
        ) from error
    except subprocess.CalledProcessError as error:
        raise _no_mapping(error.stderr.decode("utf-8", "replace").strip(), words) from error
    return done.stdout.decode("utf-8", "replace")


def _no_mapping(said: str, words: Sequence[str]) -> CrmsyncError:
    """What git's refusal means for a diff, and what helps."""
    if "not a git repository" in said:
        return CrmsyncError(
            "this folder is not kept in git, so there is no earlier mapping to compare with",
            remedy="Keep it there, before the next change: git init, git add ., git commit",
        )
    if "HEAD" in words and "ot a valid object name" in said:
        return CrmsyncError(
            "nothing was committed to git yet, so there is no earlier mapping to compare with",
            remedy="Commit the mapping as it is: git add ., git commit",
        )
    last = said.splitlines()[-1] if said else "failed"
    return CrmsyncError(f"git: {last}", remedy=_("Name a revision: crmsync diff main..HEAD"))
