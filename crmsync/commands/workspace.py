"""Opens a workspace: its files, its store, its connectors and the clock. The one composition root."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crmsync.commands.files import read_files
from crmsync.config.places import placed
from crmsync.config.project import located, read_environment, resolved
from crmsync.config.project_form import Project
from crmsync.connectors.abilities import TellingConnector
from crmsync.connectors.base import Connector
from crmsync.connectors.registry import open_connector
from crmsync.core.accepting import Waiver
from crmsync.core.auditing import Audit
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.records import Schema
from crmsync.errors import ConfigInvalid, Problem
from crmsync.warehouse.snapshots import Snapshot, newest, read_schema

if TYPE_CHECKING:
    from crmsync.store.store import Store
    from crmsync.warehouse.columns import Columns

STATE = ".crmsync"


def real_now() -> datetime:
    """Now, aware, in UTC: the one place of crmsync that reads the clock."""
    return datetime.now(UTC)  # noqa: TID251  (see above)


def silent(_text: str) -> None:
    """Tells nobody."""


class KeepsColumns(Protocol):
    """Who keeps columns open for the steps of one night: `columns.kept_columns`."""

    def of(self, workspace: Workspace, store: Store) -> Columns:
        """The columns over the newest snapshots."""
        ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a crmsync.yml, read and checked. `tell` hears of waits and warnings.

    `unread` is what is wrong with files of audits, where a workspace may be opened without them.
    """

    root: Path
    project: Project
    mapping: WorkspaceMapping
    audits: tuple[Audit, ...]
    environment: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime] = real_now
    tell: Callable[[str], None] = silent
    waivers: tuple[Waiver, ...] = ()
    unread: tuple[Problem, ...] = ()
    keepers: list[KeepsColumns] = field(default_factory=list, repr=False, compare=False)
    _warned: set[str] = field(default_factory=set, repr=False, compare=False)

    @property
    def state(self) -> Path:
        """The folder of everything crmsync keeps, made with mode 0700."""
        path = self.root / STATE
        path.mkdir(mode=0o700, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
        return path

    @property
    def plans(self) -> Path:
        """The folder of the plans that were made and applied."""
        path = self.state / "plans"
        path.mkdir(exist_ok=True)
        return path

    @property
    def systems(self) -> list[str]:
        """Configured systems, sorted."""
        return sorted(self.project.systems)

    @property
    def kinds(self) -> dict[str, str]:
        """Which connector each system has, by system."""
        return {system: str(each["kind"]) for system, each in self.project.systems.items()}

    def new_run(self) -> str:
        """A run id that sorts by time: `20261121T193000123-9f3c`."""
        now = self.now()
        return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}-{secrets.token_hex(2)}"

    def store_url(self) -> str:
        """Where state is kept: the configured database, else SQLite inside the workspace."""
        if self.project.store:
            settings = {"store": self.project.store}
            with self._placing():
                return resolved(settings, self.environment, writes=False, within=())["store"]
        return f"sqlite:///{self.state / 'state.db'}"

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The open state database."""
        from crmsync.store.store import open_store

        with open_store(self.store_url()) as store:
            yield store

    def settings(self, system: str, *, writes: bool) -> dict[str, Any]:
        """A system's settings with every secret in place, its files found from this folder."""
        within = ("systems", system)
        settings = resolved(
            self.project.systems[system], self.environment, writes=writes, within=within
        )
        return located(settings, self.root, self.project.timezone)

    @contextmanager
    def connectors(
        self, *, writes: bool = False, only: str | None = None
    ) -> Iterator[dict[str, Connector]]:
        """An open connector for each system (or for `only` one), closed at the end."""
        opened: dict[str, Connector] = {}
        try:
            with self._placing():
                self._open(opened, [only] if only else self.systems, writes=writes)
                yield opened
        finally:
            for connector in opened.values():
                with suppress(OSError):
                    connector.close()

    @contextmanager
    def _placing(self) -> Iterator[None]:
        """Gives what is found wrong with crmsync.yml meanwhile its line."""
        try:
            yield
        except ConfigInvalid as error:
            raise ConfigInvalid(placed(self.root, error.problems)) from error

    def _open(self, opened: dict[str, Connector], systems: list[str], *, writes: bool) -> None:
        """Opens each system; ConfigInvalid with the problems of all of them."""
        problems: list[Problem] = []
        for system in systems:
            try:
                settings = self.settings(system, writes=writes)
                kind = settings.pop("kind")
                opened[system] = open_connector(
                    kind, system, settings, now=self.now(), writes=writes
                )
                self._listen(opened[system])
            except ConfigInvalid as error:
                problems += error.problems
        if problems:
            raise ConfigInvalid(problems)

    def _listen(self, connector: Connector) -> None:
        """Passes on what a connector tells; a warning only once, however often a run opens it."""
        if not isinstance(connector, TellingConnector):
            return
        connector.tell_to(self.tell)
        for warning in connector.warnings:
            text = f"{connector.system}: {warning}"
            if text not in self._warned:
                self._warned.add(text)
                self.tell(text)

    def snapshots(self) -> dict[tuple[str, str], Snapshot]:
        """The newest snapshot of every object of every configured system, side tables included."""
        found: dict[tuple[str, str], Snapshot] = {}
        for system in self.systems:
            home = self.state / "snapshots" / system
            for folder in sorted(home.iterdir()) if home.is_dir() else []:
                snapshot = newest(self.state, system, folder.name)
                if snapshot is not None:
                    found[system, folder.name] = snapshot
        return found


@contextmanager
def noted_run(workspace: Workspace, store: Store, run: str, verb: str) -> Iterator[None]:
    """Notes a run that only reads; one that ends in an error is noted as failed."""
    store.start_run(run, verb, workspace.now())
    try:
        yield
    except BaseException:
        store.finish_run(run, "failed", workspace.now(), counts={}, exit_code=1)
        raise


def schemas_of(snapshots: Mapping[tuple[str, str], Snapshot]) -> dict[tuple[str, str], Schema]:
    """What each system said about its own fields when it was read."""
    found = {place: read_schema(snapshot) for place, snapshot in snapshots.items()}
    return {place: schema for place, schema in found.items() if schema is not None}


def open_workspace(
    folder: Path, *, now: Callable[[], datetime] = real_now, audits_as_read: bool = False
) -> Workspace:
    """The workspace of a folder. ConfigInvalid names every problem of every file at once.

    With `audits_as_read` it opens without the audits in whose files something is wrong, if that is all.
    """
    root = folder.resolve()
    files = read_files(root, now().date())
    unread = files.unread if audits_as_read else []
    if len(files.problems) > len(unread) or files.project.value is None:
        raise ConfigInvalid(files.problems)
    environment = read_environment(root)
    return Workspace(
        root,
        files.project.value,
        files.mappings.mapping,
        files.audits,
        environment,
        now,
        waivers=files.waivers,
        unread=tuple(unread),
    )
