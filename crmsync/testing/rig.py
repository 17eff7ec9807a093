"""What the contract needs to know of one kind of connector, and the requests it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmsync.connectors.base import Cells, Connector, WriteRequest
from crmsync.testing.proxy import Proxy


@dataclass(kw_only=True)
class TieRig:
    """An object with sets of ties: their names, records to tie, and what the system really holds.

    `names` are two roles that are there, `cells` a field of the object, `required` what a create of
    it cannot do without. `rows` are (other record, role) of every tie, one a role; `is_write` are
    parts of paths of the first write of each set.
    """

    object: str
    to_object: str
    all: str
    roles: str
    names: tuple[str, str]
    cells: Cells
    required: Callable[[str], Cells]
    unknown_id: str
    plants_one: Callable[[], str]
    plants_other: Callable[[], str]
    rows: Callable[[str], list[tuple[str, str]]]
    is_write: Mapping[str, str]


@dataclass(kw_only=True)
class Rig:
    """One kind of connector and a system to try it on.

    `opens(settings, writes)` opens a connector whose sleeps go to `slept`. `cells` is one cell of
    each type in wire-normal text, `required` what a create cannot do without, `bad` a cell that
    the system refuses. `is_write` and `is_read` are parts of paths of a write and of whoami.
    `plants` makes a record, given key and cells, in a system that is only read.
    """

    kind: str
    opens: Callable[..., Connector]
    proxy: Proxy | None = None
    settings: dict[str, Any]
    object: str
    cells: Cells
    required: Callable[[str], Cells]
    bad: Cells = field(default_factory=dict)
    unknown_id: str
    is_write: str = ""
    is_read: str = ""
    key_field: str = ""
    live: Callable[[], int]
    slept: list[float] = field(default_factory=list)
    plants: Callable[[str, Cells], str] | None = None
    ties: TieRig | None = None

    @property
    def wire(self) -> Proxy:
        """The proxy of a system behind HTTP."""
        assert self.proxy is not None, "this part of the contract needs a proxy"
        return self.proxy


class Promises:
    """Where every part of the contract begins."""

    def made(self, connector: Connector, rig: Rig, key: str, cells: Cells | None = None) -> str:
        """The id of a record that is there for this test."""
        if rig.plants is not None:
            return rig.plants(key, {**rig.required(key), **(cells or {})})
        [result] = connector.write(rig.object, creates(rig, key, cells=cells))
        assert result.outcome == "written", result.message
        assert result.native_id
        return result.native_id


def creates(rig: Rig, *keys: str, cells: Mapping[str, str | None] | None = None) -> list[Any]:
    return [
        WriteRequest(f"c-{key}", "create", None, key, {**rig.required(key), **(cells or {})})
        for key in keys
    ]


def update(native_id: str | None, cells: Cells, change_id: str = "u") -> WriteRequest:
    return WriteRequest(change_id, "update", native_id, None, cells)
