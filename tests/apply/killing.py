"""Applies a plan in another process that dies where it is told to, and goes on in a third one.

A lane is a pair of servers and a workspace whose beginning can be had again. Its processes are forked
from a nursery: a process with one thread that has everything imported and the workspace read, or every
point would cost a second. The servers live elsewhere, in threads of the test.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from apply.pairs import Pair, Watch, held_by, put_back
from crmsync.commands.apply import apply_plan, resume_run
from crmsync.commands.planfile import read_plan
from crmsync.commands.workspace import Workspace, open_workspace
from crmsync.core.spec import Spec
from crmsync.core.values import parse
from crmsync.store.store import Store

PLAN = "plan.jsonl"
ENTITIES = ("company", "contact", "deal")
Work = Callable[..., None]
_CLEAN = multiprocessing.get_context("spawn")
_PATIENCE_S = 60
# As many as there are processors to expect; each has servers of its own.
LANES = 2


@dataclass
class Lane:
    """A pair at its beginning, and the nursery of its processes, if it has any."""

    pair: Pair
    nursery: Connection | None = None
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.pair.folder / ".crmsync"

    @property
    def kept(self) -> Path:
        return self.pair.folder / "beginning"

    def keep(self) -> None:
        """From now on this is the beginning."""
        self.held = held_by(self.pair.servers)
        shutil.copytree(self.state, self.kept, dirs_exist_ok=True)

    def begin(self) -> None:
        """The beginning again, at the servers and on the disk."""
        put_back(self.pair.servers, self.held)
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(self.kept, self.state)

    def points(self) -> list[str]:
        """Where the process could have died that lived."""
        return (self.pair.folder / "points").read_text().splitlines()

    def run(self, work: Work, *arguments: Any) -> int:
        """The exit code of a process of its own that does the work; minus the signal that ended it."""
        assert self.nursery is not None, "this lane has no processes"
        self.nursery.send((work, (self.pair.watch(), *arguments)))
        assert self.nursery.poll(_PATIENCE_S), "the process hangs"
        return int(self.nursery.recv())


@contextmanager
def nursery(folder: Path) -> Iterator[Connection]:
    """A process that forks others to work on a workspace, as long as the block runs."""
    ours, theirs = _CLEAN.Pipe()
    process = _CLEAN.Process(target=_fork_on_request, args=(theirs, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join(_PATIENCE_S)


def _fork_on_request(orders: Connection, folder: Path) -> None:
    workspace = open_workspace(folder)
    _warm(workspace)
    while True:
        try:
            work, arguments = orders.recv()
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            _live(work, workspace, *arguments)
        orders.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _live(work: Work, workspace: Workspace, now: datetime, *arguments: Any) -> None:
    """Works and ends the process, whatever happens."""
    code = 1
    try:
        work(replace(workspace, now=Watch(now)), *arguments)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _warm(workspace: Workspace) -> None:
    """Imports and reads what every process would import and read; starts no thread."""
    import duckdb  # noqa: F401  (the point is to have it)
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401  (as above)

    parse("acme.example", Spec("domain"))
    parse("+34911234567", Spec("phone", region="ES"))
    with workspace.connectors(writes=True) as connectors:
        for connector in connectors.values():
            connector.whoami()


def apply_until(workspace: Workspace, point: int) -> None:
    """Applies the plan of a workspace and dies at a point by SIGKILL; at 0 it lives."""
    reached: list[str] = []

    def at(name: str) -> None:
        reached.append(name)
        if len(reached) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    apply_plan(workspace, workspace.root / PLAN, at=at)
    (workspace.root / "points").write_text("\n".join(reached))


def go_on(workspace: Workspace) -> None:
    """What a person does after a crash: resume the run, or apply again if none was noted."""
    plan = workspace.root / PLAN
    with workspace.store() as store:
        unfinished = [run.id for run in store.unfinished_runs()]
        noted = [run.id for run in store.runs() if run.plan_id == read_plan(plan).header.id]
        ops = [op for run in noted for op in store.ops(run)]
    if unfinished:
        resume_run(workspace, *unfinished)
    elif not ops:
        apply_plan(workspace, plan)


def facts(lane: Lane) -> dict[str, Any]:
    """What counts in the end: records without their times, links, bases, memory and open writes."""
    servers = held_by(lane.pair.servers)
    with lane.pair.workspace.store() as store:
        return {
            "records": {system: _timeless(held) for system, held in servers.items()},
            "links": {e: sorted(map(str, store.links(e).to_pylist())) for e in ENTITIES},
            "bases": {e: _bases(store, e) for e in ENTITIES},
            "refused": {e: store.refused(e) for e in ENTITIES},
            "open": [(op.action, op.object, op.state) for op in store.open_ops()],
            "unfinished": [run.id for run in store.unfinished_runs()],
        }


def _bases(store: Store, entity: str) -> dict[str, Any]:
    keys = {key for part in store.base_digests(entity) for key in part.column("key").to_pylist()}
    return store.bases_of(entity, sorted(keys))


def _timeless(held: dict[str, Any]) -> dict[str, Any]:
    """Rows without secrets, times and history."""
    return {
        object_: {id_: _cells(row) for id_, row in rows.items()}
        for object_, rows in held.items()
        if not object_.startswith("~")
    }


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    cells = row.get("properties", row)
    if not isinstance(cells, dict):
        return row
    return {name: value for name, value in cells.items() if not _is_time(name, value)}


def _is_time(name: str, value: Any) -> bool:
    """A stamp of the system; dates that people set stay."""
    return isinstance(value, str) and "T" in value and value[:2] == "20" and name != "closedate"


def killed_everywhere(lanes: list[Lane], at: Iterable[int]) -> dict[int, Any]:
    """The facts after dying at each of these points and going on, by point."""
    points: SimpleQueue[int] = SimpleQueue()
    for point in at:
        points.put(point)
    with ThreadPoolExecutor(len(lanes)) as threads:
        return dict(
            end
            for ends in threads.map(lambda lane: list(_killed(lane, points)), lanes)
            for end in ends
        )


def _killed(lane: Lane, points: SimpleQueue[int]) -> Iterator[tuple[int, Any]]:
    while True:
        try:
            point = points.get_nowait()
        except Empty:
            return
        lane.begin()
        assert lane.run(apply_until, point) == -signal.SIGKILL
        assert lane.run(go_on) == 0
        yield point, facts(lane)


def difference(expected: Any, found: Any) -> Any:
    """What two values differ in, as {path: (expected, found)}; {} if in nothing."""
    if not (isinstance(expected, dict) and isinstance(found, dict)):
        return {} if expected == found else (expected, found)
    inner = {key: difference(expected.get(key), found.get(key)) for key in {*expected, *found}}
    return {key: what for key, what in inner.items() if what}
