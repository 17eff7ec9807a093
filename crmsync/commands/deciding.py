"""`crmsync fix decide`: what people decide of pairs of records is kept, and never asked twice. Writes to no CRM."""

from __future__ import annotations

import getpass
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from crmsync.commands.keeping_decisions import Given, Kept, keep, take_back
from crmsync.commands.unread_records import near_id, unread_in
from crmsync.commands.view_table import entity_named
from crmsync.commands.workspace import Workspace
from crmsync.core.mapping import Entity
from crmsync.core.pair_decisions import Pair, PairDecision, Same, counted
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError
from crmsync.warehouse.finding import ids_of, records_with


def decided_pairs(workspace: Workspace, entity: str | None = None) -> Mapping[Pair, PairDecision]:
    """What people decided of each pair, of one entity or of all: whoever lists pairs asks nobody about these.

    Pairs of whom contradictions are said are not among them.
    """
    known = counted(workspace.mapping.decisions)
    return {pair: each for (name, pair), each in known.items() if entity in (None, name)}


def decide(
    workspace: Workspace,
    entity: str,
    same: Same,
    named: Sequence[str],
    *,
    by: str,
    note: str = "",
    replacing: bool = False,
) -> Kept:
    """Keeps one word about every pair of the records named, `SYSTEM:ID` or `SYSTEM/OBJECT/ID`.

    `replacing` takes back what was said before and contradicts.
    """
    day = today(workspace)
    entity = entity_named(workspace, entity).entity
    pairs = combinations(_records_named(workspace, entity, named), 2)
    given = [Given(PairDecision.of(entity, pair, same, by, day, note)) for pair in pairs]
    kept = keep(workspace, given, replacing=replacing)
    kept.unread = unread_in(workspace, given)
    return kept


def forget(workspace: Workspace, entity: str, named: Sequence[str]) -> Kept:
    """Takes back what was decided of every pair of the records named."""
    entity = entity_named(workspace, entity).entity
    pairs = combinations(_records_named(workspace, entity, named), 2)
    return take_back(workspace, entity, [frozenset(pair) for pair in pairs])


def _records_named(workspace: Workspace, entity: str, named: Sequence[str]) -> list[Ref]:
    """The records of an entity that are named, sorted; CrmsyncError for one that is named twice."""
    found = entity_named(workspace, entity)
    refs = [record_named(workspace, found, name) for name in named]
    twice = [ref for ref, times in Counter(refs).items() if times > 1]
    if twice:
        raise CrmsyncError(
            f"a pair of one record with itself: {twice[0]}", remedy="Name every record once."
        )
    return sorted(refs)


def record_named(workspace: Workspace, entity: Entity, name: str) -> Ref:
    """The record that a person names; of `SYSTEM:ID` the last read says in which object it is."""
    if ":" not in name.partition("/")[0]:
        return _addressed(entity, name)
    system, _colon, id_ = name.partition(":")
    _demand_system(entity, system, name)
    seats = [(seat.system, seat.object) for seat in entity.seats_of(system)]
    found = records_with(workspace.snapshots(), seats, [id_.strip()])
    if len(found) == 1:
        return found[0]
    remedy = "Name the whole address, SYSTEM/OBJECT/ID; or read again: crmsync pull"
    if found:
        many = ", ".join(map(str, found))
        raise CrmsyncError(f"several records are called {name}: {many}", remedy=remedy)
    ids = [id_ for seat in seats for id_ in ids_of(workspace.snapshots(), seat)]
    if near := near_id(id_.strip(), ids):
        remedy = f"did you mean {system}:{near}? Else read again: crmsync pull"
    raise CrmsyncError(f"no record {name} was read", remedy=remedy)


def _addressed(entity: Entity, name: str) -> Ref:
    """The record of a whole address, whether it was read or not."""
    system, object_, id_ = (*(part.strip() for part in name.split("/", 2)), "", "")[:3]
    _demand_system(entity, system, name)
    objects = [seat.object for seat in entity.seats_of(system)]
    if object_ not in objects or not id_:
        remedy = f"Write SYSTEM:ID, or SYSTEM/OBJECT/ID with one of {', '.join(objects)}."
        raise CrmsyncError(f"'{name}' is no record of {entity.entity}", remedy=remedy)
    return Ref(system, object_, id_)


def _demand_system(entity: Entity, system: str, name: str) -> None:
    if system not in entity.systems:
        remedy = f"Begin with one of {', '.join(entity.systems)}, as in {entity.systems[0]}:ID."
        raise CrmsyncError(f"'{name}' is no record of {entity.entity}", remedy=remedy)


def today(workspace: Workspace) -> date:
    """The day it is where the workspace is."""
    return workspace.now().astimezone(ZoneInfo(workspace.project.timezone)).date()


def whoever_asks(root: Path) -> str:
    """The name that git knows a person by, else the name of the login."""
    words = ["git", "-C", str(root), "config", "user.name"]
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program)
            words, capture_output=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return getpass.getuser()
    return done.stdout.decode("utf-8", "replace").strip() or getpass.getuser()
