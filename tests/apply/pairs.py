"""Two simulated CRMs, a workspace over them, and short ways to live through its nights."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from crmsync.commands.apply import Applied, Permission, apply_plan, nowhere, resume_run
from crmsync.commands.carrying import At
from crmsync.commands.init import init
from crmsync.commands.plan import changes_of, make_plan
from crmsync.commands.planfile import Plan
from crmsync.commands.pull import Pulled, pull
from crmsync.commands.sync import Synced, sync
from crmsync.commands.workspace import STATE, Workspace, open_workspace
from crmsync.core.planning import Change, ConflictLine
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import Access, running
from crmsync.sandbox.tables import Tables

MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
# Longer than the window in which HubSpot counts calls: no run is slowed down by the one before it.
_PAUSE_S = 11
_READING = ("/batch/read", "/search")

PROJECT = """\
name: proof
currency: EUR
region: ES
timezone: Europe/Madrid
systems:
  salesforce: {{kind: salesforce, url: "{salesforce}", token: "${{SALESFORCE_TOKEN}}"}}
  hubspot: {{kind: hubspot, url: "{hubspot}", token: "${{HUBSPOT_TOKEN}}"}}
"""
CREATES = {
    "contact": "{when: {email: present, last_name: present}}",
    "company": "{when: {name: present, domain: present}}",
}


@dataclass
class Watch:
    """A clock for crmsync that never stands still and never sleeps."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True)
class Servers:
    """Both worlds and where they are served."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld
    access: Access

    @property
    def worlds(self) -> dict[str, Any]:
        return {"salesforce": self.salesforce, "hubspot": self.hubspot}

    @property
    def urls(self) -> dict[str, str]:
        return {system: each["url"] for system, each in self.access.items()}


OWNER = "71000001"


@contextmanager
def served() -> Iterator[Servers]:
    """Two empty worlds, served while the block runs. Salesforce's user works in HubSpot, too."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    hubspot.put("owners", {"email": "integration@sandbox.example"}, OWNER)
    with running(salesforce, hubspot) as access:
        yield Servers(salesforce, hubspot, access)


def held_by(servers: Servers) -> dict[str, Any]:
    """Everything both servers hold."""
    return {system: world.tables.dump() for system, world in servers.worlds.items()}


def put_back(servers: Servers, held: Mapping[str, Any]) -> None:
    """Both servers as they were, with an empty log and all the calls of a new window."""
    for system, world in servers.worlds.items():
        world.tables.restore(orjson.loads(orjson.dumps(held[system])))
        world.requests.clear()
    servers.salesforce.reload()
    servers.hubspot.portal.refresh()
    rest(servers)


def rest(servers: Servers) -> None:
    """Time passes at the servers."""
    for world in servers.worlds.values():
        world.clock.advance(_PAUSE_S)


def workspace_at(
    folder: Path, servers: Servers, watch: Watch, *, urls: Mapping[str, str] | None = None
) -> Workspace:
    """A workspace with the reference mappings, which may create; `urls` in place of the servers' own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "crmsync.yml").write_text(PROJECT.format(**(urls or servers.urls)))
    tokens = {f"{system.upper()}_TOKEN": each["token"] for system, each in servers.access.items()}
    path = os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(path, "w") as file:
        file.writelines(f"{name}={token}\n" for name, token in tokens.items())
    if not (folder / "mappings").is_dir():
        init(folder)
        for name, condition in CREATES.items():
            amend(folder, name, ("create: ask", f"create: {condition}"))
    return replace(open_workspace(folder, now=watch), environment=tokens)


def amend(folder: Path, mapping: str, *changes: tuple[str, str]) -> None:
    """Edits a mapping file as a person would; each text has to be there."""
    path = folder / "mappings" / f"{mapping}.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{path.name} holds no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@dataclass
class Pair:
    """A workspace over two CRMs, and what people and crmsync do in it."""

    servers: Servers
    folder: Path
    watch: Watch = field(default_factory=Watch)
    urls: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self.workspace = workspace_at(self.folder, self.servers, self.watch, urls=self.urls)

    # What people do

    def salesforce(self, object_: str, id_: str | None = None, **values: Any) -> str:
        return self.servers.salesforce.put(object_, values, id_)

    def hubspot(self, object_: str, id_: str | None = None, **values: Any) -> str:
        """A new record belongs to the one user there is, as in Salesforce."""
        owned = {} if id_ else {"hubspot_owner_id": OWNER}
        return self.servers.hubspot.put(object_, {**owned, **values}, id_)

    def mapping(self, entity: str, *changes: tuple[str, str]) -> None:
        amend(self.folder, entity, *changes)
        self.reopen()

    def project(self, text: str) -> None:
        path = self.folder / "crmsync.yml"
        path.write_text(path.read_text() + text)
        self.reopen()

    def reopen(self) -> None:
        environment = self.workspace.environment
        again = open_workspace(self.folder, now=self.watch)
        self.workspace = replace(again, environment=environment)

    # What crmsync does

    def pull(self) -> Pulled:
        rest(self.servers)
        self.watch.turn(seconds=_PAUSE_S)
        return pull(self.workspace)

    @property
    def plan_file(self) -> Path:
        return self.folder / "plan.jsonl"

    def plan(self) -> Plan:
        """A plan over a fresh read."""
        self.pull()
        return make_plan(self.workspace, to=self.plan_file)

    def apply(
        self, permission: Permission | None = None, *, at: At = nowhere, file: Path | None = None
    ) -> Applied:
        return apply_plan(self.workspace, file or self.plan_file, permission, at=at)

    def night(self, permission: Permission | None = None) -> Applied:
        """Pull, plan and apply; the limits are of no interest here."""
        plan = self.plan()
        return self.apply(permission or everything_allowed(plan))

    def sync(
        self, permission: Permission | None = None, *, leave_conflicts: bool = False
    ) -> Synced:
        rest(self.servers)
        self.watch.turn(hours=1)
        return sync(self.workspace, permission, leave_conflicts=leave_conflicts)

    def resume(self) -> Applied:
        """Goes on with the one run that stopped."""
        (run,) = self.unfinished()
        return resume_run(self.workspace, run)

    # What can be seen

    def unfinished(self) -> list[str]:
        with self.workspace.store() as store:
            return [run.id for run in store.unfinished_runs()]

    def state(self) -> str:
        with self.workspace.store() as store:
            return store.digest()

    def states(self, run: str) -> dict[str, int]:
        with self.workspace.store() as store:
            return {str(state): number for state, number in store.counts(run).items()}

    def refused(self, entity: str) -> set[tuple[str, str, str, str | None]]:
        with self.workspace.store() as store:
            return store.refused(entity)

    def base(self, entity: str, key: str) -> dict[str, dict[str, str | None]]:
        with self.workspace.store() as store:
            return store.bases_of(entity, [key]).get(key, {})

    def of_salesforce(self, object_: str, id_: str) -> dict[str, Any]:
        return dict(self.servers.salesforce.tables.get(object_, id_) or {})

    def of_hubspot(self, object_: str, id_: str) -> dict[str, Any]:
        row = self.servers.hubspot.tables.get(object_, id_) or {}
        return dict(row.get("properties", {}))

    def forget_requests(self) -> None:
        for world in self.servers.worlds.values():
            world.requests.clear()

    def requests(self) -> list[dict[str, Any]]:
        return [each for world in self.servers.worlds.values() for each in world.requests]

    def writes(self) -> list[str]:
        """Paths of every call that could have changed something, in the order of the systems."""
        return [each["path"] for each in self.requests() if is_write(each["method"], each["path"])]


def become(pair: Pair, other: Pair) -> None:
    """Makes a pair everything another one is: servers, mappings, state and plan."""
    put_back(pair.servers, held_by(other.servers))
    for name in ("mappings", STATE):
        shutil.copytree(other.folder / name, pair.folder / name, dirs_exist_ok=True)
    if other.plan_file.exists():
        shutil.copyfile(other.plan_file, pair.plan_file)
    pair.watch.moment = other.watch.moment
    pair.reopen()


def is_write(method: str, path: str) -> bool:
    """True for a call that changes records. Salesforce reads many records by POST, HubSpot too."""
    if method in ("PATCH", "PUT", "DELETE"):
        return True
    reads = path.endswith(_READING) or "/composite/sobjects/" in path
    return method == "POST" and not reads


def everything_allowed(plan: Plan) -> Permission:
    """What a person who read the plan allows: every limit it breaks, by its exact number."""
    totals: dict[str, int] = {}
    for breach in plan.header.breaches:
        totals[breach["limit"]] = totals.get(breach["limit"], 0) + breach["amount"]
    return Permission(totals, approver="proof")


def cells(plan: Plan) -> set[tuple[str, str, str | None]]:
    """(system, field, value) of everything a plan would write."""
    return {(c.system, cell.field, cell.after) for c in changes_of(plan) for cell in c.cells}


def conflicts(plan: Plan) -> set[str]:
    """Fields that a plan leaves to a person."""
    return {line.field for line in plan.lines if isinstance(line, ConflictLine)}


def change_to(plan: Plan, system: str) -> Change:
    """The one change a plan makes in a system."""
    (found,) = (change for change in changes_of(plan) if change.system == system)
    return found


@dataclass(frozen=True)
class Person:
    """One contact both systems know, by native id and key."""

    pair: Pair
    salesforce: str
    hubspot: str
    key: str

    def in_salesforce(self, **values: Any) -> None:
        self.pair.salesforce("Contact", self.salesforce, **values)

    def in_hubspot(self, **values: Any) -> None:
        self.pair.hubspot("contacts", self.hubspot, **values)

    def at_salesforce(self, name: str) -> Any:
        return self.pair.of_salesforce("Contact", self.salesforce).get(name)

    def at_hubspot(self, name: str) -> Any:
        return self.pair.of_hubspot("contacts", self.hubspot).get(name) or None

    @property
    def base(self) -> dict[str, dict[str, str | None]]:
        return self.pair.base("contact", self.key)


def met(pair: Pair, name: str, **more: dict[str, Any]) -> tuple[str, str]:
    """Ids of a contact that both systems hold; `salesforce` and `hubspot` add fields."""
    email = f"{name.lower()}@people.example"
    in_salesforce = pair.salesforce(
        "Contact",
        FirstName=name,
        LastName="Ruiz",
        Email=email,
        Phone="+34911234567",
        Title="Analyst",
        **more.get("salesforce", {}),
    )
    in_hubspot = pair.hubspot(
        "contacts",
        firstname=name,
        lastname="Ruiz",
        email=email,
        phone="+34911234567",
        jobtitle="Analyst",
        **more.get("hubspot", {}),
    )
    return in_salesforce, in_hubspot


def settled_person(pair: Pair, name: str = "Ana") -> Person:
    """A contact both systems hold alike, after a night that settled it."""
    ids = met(pair, name)
    pair.night()
    pair.forget_requests()
    return Person(pair, *ids, key_of(pair, "contact", ids[0]))


def key_of(pair: Pair, entity: str, native_id: str) -> str:
    """The key a record is linked to."""
    with pair.workspace.store() as store:
        rows = store.links(entity).to_pylist()
    (key,) = {row["key"] for row in rows if row["native_id"] == native_id}
    return str(key)
