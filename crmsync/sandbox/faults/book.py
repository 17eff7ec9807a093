"""Which faults wait in a simulated CRM, and whose turn it is. They are kept with its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Protocol

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.hubspot_kinds import HUBSPOT_KINDS
from crmsync.sandbox.faults.kinds import Kind
from crmsync.sandbox.faults.salesforce_kinds import SALESFORCE_KINDS
from crmsync.sandbox.tables import Tables

_TABLE = "~faults"
_WHEN = frozenset(("method", "path", "nth", "every", "times"))
_BODY = frozenset(("kind", "when", "parameters"))
_KINDS: Mapping[str, Mapping[str, Kind]] = {
    "salesforce": SALESFORCE_KINDS,
    "hubspot": HUBSPOT_KINDS,
}


class Faulty(Protocol):
    """What a fault needs of a simulated CRM."""

    system: str
    tables: Tables
    clock: Clock

    def rehearse(self, name: str, body: Any) -> Any:
        """What a command of the side door answers."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and when it happens: at the `nth` call that fits, then at each `every`th, `times` times in all.

    `times` 0 is without end; `seen` and `fired` are how far it is. A `path` without `*` may stand anywhere in a path.
    A path of HubSpot's that is written with v3 or v4 fits its dated form as well (`/crm/v3/objects`,
    `/crm/objects/2026-03`), and the other way round; one without a version fits every form (`objects/contacts`).
    """

    kind: str
    method: str = "*"
    path: str = "*"
    nth: int = 1
    every: int = 1
    times: int = 1
    parameters: Mapping[str, int] | None = None
    seen: int = 0
    fired: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Whether a call is one it waits for."""
        if self.method not in ("*", method):
            return False
        return _reads(path, self.path) or (
            _era(path) not in (None, _era(self.path))
            and _reads(_unversioned(path), _unversioned(self.path))
        )

    def counted(self) -> Fault:
        """Itself after one more call that fits; it fired if that raised `fired`."""
        seen = self.seen + 1
        due = seen >= self.nth and (seen - self.nth) % self.every == 0
        left = self.times == 0 or self.fired < self.times
        return replace(self, seen=seen, fired=self.fired + (due and left))

    def parameter(self, name: str) -> int:
        """One of its parameters."""
        return dict(self.parameters or {})[name]


_ERAS: Mapping[str, re.Pattern[str]] = {
    "classic": re.compile(r"v\d"),
    "dated": re.compile(r"\d{4}-\d{2}"),
}
"""What a version looks like as a segment of a path of HubSpot; those of Salesforce look otherwise."""


def _reads(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern if "*" in pattern else f"*{pattern}*")


def _era(path: str) -> str | None:
    """How the version of a path is written; None where there is none."""
    parts = path.split("/")
    return next((era for era, one in _ERAS.items() if any(map(one.fullmatch, parts))), None)


def _unversioned(path: str) -> str:
    """A path without its version; one that is nothing else fits no other."""
    kept = [
        part for part in path.split("/") if not any(one.fullmatch(part) for one in _ERAS.values())
    ]
    return "/".join(kept) or "/no path/"


def kinds_of(system: str) -> Mapping[str, Kind]:
    """Every kind of fault of one simulated CRM, by name."""
    return _KINDS[system]


def set_fault(world: Faulty, kind: str, **told: Any) -> str:
    """The id of a new fault; `told` is what `when` and `parameters` of the side door hold, in one.

    ValueError for a kind, a word or a value there is not.
    """
    when = {name: value for name, value in told.items() if name in _WHEN}
    rest = {name: value for name, value in told.items() if name not in _WHEN}
    fault = _read(world.system, {"kind": kind, "when": when, "parameters": rest})
    numbers = (int(each.rpartition("-")[2]) for each in world.tables.ids(_TABLE))
    id_ = f"fault-{max(numbers, default=0) + 1}"
    world.tables.put(_TABLE, id_, asdict(fault))
    return id_


def clear_faults(world: Faulty) -> None:
    """Forgets all of them: from now on all is well."""
    for id_ in world.tables.ids(_TABLE):
        world.tables.drop(_TABLE, id_)


def faults_of(world: Faulty) -> dict[str, dict[str, Any]]:
    """Every fault with its id and how far it is, in the order in which they were set."""
    return {id_: dict(row) for id_, row in world.tables.rows(_TABLE)}


def control_faults(world: Faulty, body: Any) -> Any:
    """What the side door answers: `{}` lists, `{"clear": true}` clears, anything else is a new fault."""
    if not body:
        return faults_of(world)
    if body.get("clear"):
        clear_faults(world)
        return {}
    odd = sorted(body.keys() - _BODY) or sorted(body.get("when", {}).keys() - _WHEN)
    if odd:
        raise ValueError(f"a fault has no {odd[0]!r}")
    return {
        "id": set_fault(
            world, str(body["kind"]), **body.get("when", {}), **body.get("parameters", {})
        )
    }


def claimed(world: Faulty, method: str, path: str, *, rows: bool = False) -> list[Fault]:
    """The faults that happen at a call, in the order in which they were set; each call is claimed once.

    Of those that take the answer away, change it or put another in its place one happens, and the later ones wait.
    `rows` asks for those that concern single rows of a call, which are claimed where rows are written.
    """
    if not world.tables.count(_TABLE):
        return []
    happening: list[Fault] = []
    taken = False
    for id_, row in world.tables.rows(_TABLE):
        fault = Fault(**row)
        waits = taken and not is_within(world, fault)
        if (fault.kind == ROWS) != rows or waits or not fault.fits(method, path):
            continue
        counted = fault.counted()
        world.tables.put(_TABLE, id_, asdict(counted))
        if counted.fired > fault.fired:
            happening.append(counted)
            taken = taken or not is_within(world, fault)
    return happening


def is_within(world: Faulty, fault: Fault) -> bool:
    """Whether a fault is the CRM's own business, and leaves the way of the answer alone."""
    return kinds_of(world.system)[fault.kind].within


ROWS = "row-lock"


def _read(system: str, body: Mapping[str, Any]) -> Fault:
    kinds = kinds_of(system)
    if body["kind"] not in kinds:
        raise ValueError(f"no fault {body['kind']!r}; there are {', '.join(kinds)}")
    kind = kinds[body["kind"]]
    odd = sorted(body["parameters"].keys() - kind.parameters.keys())
    if odd:
        there = ", ".join(kind.parameters) or "none"
        raise ValueError(f"{kind.name} has no parameter {odd[0]!r}; there are {there}")
    given = {name: _whole(name, value) for name, value in body["parameters"].items()}
    when = body["when"]
    counts = {
        name: _from(name, when.get(name, 1), least)
        for name, least in (("nth", 1), ("every", 1), ("times", 0))
    }
    method, path = str(when.get("method", "*")).upper(), str(when.get("path", kind.path))
    return Fault(kind.name, method, path, **counts, parameters={**kind.parameters, **given})


def _from(name: str, value: Any, least: int) -> int:
    number = _whole(name, value)
    if number < least:
        raise ValueError(f"{name} is {least} or more, not {number}")
    return number


def _whole(name: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError(f"{name} is a whole number, not {value!r}") from None
