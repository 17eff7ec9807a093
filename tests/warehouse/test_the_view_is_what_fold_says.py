"""`<entity>_view` against folding every group one by one: the same value, from the same system, for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest

from crmsync.connectors.base import SYSTEM_COLUMNS
from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.values import text_of
from crmsync.core.views import CustomerView, fold
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import open_read_only, quoted
from crmsync.warehouse.typed import typed
from crmsync.warehouse.views import (
    NEVER_SETTLED,
    STATES,
    Asked,
    Settled,
    asked_for,
    build_view,
    state_of,
)
from warehouse.people import VALUES
from warehouse.shelf import columns_over, keep, mapping_with

Texts = Mapping[str, str | None]
KEYS = [f"k{number:02d}" for number in range(20)]
SYSTEMS = ("east", "north", "west")


def a_field(type_: str, name: str) -> Field:
    values = dict.fromkeys(SYSTEMS, VALUES) if type_ in ("choice", "choices") else {}
    names = dict.fromkeys(SYSTEMS, name)
    return Field(name, type_, names, currency="EUR", values=values)  # type: ignore[arg-type]


FIELDS: list[Field] = [
    a_field("text", "name"),
    replace(a_field("text", "city"), on_conflict={"prefer": "west"}),
    replace(a_field("text", "notes"), on_conflict="fill"),
    replace(a_field("choice", "stage"), on_conflict="highest", order=["open", "won", "lost"]),
    replace(a_field("choices", "topics"), on_conflict="union"),
    replace(a_field("flag", "opted_out"), on_conflict="sticky"),
    replace(a_field("money", "worth"), on_conflict={"always": "east"}),
    replace(a_field("instant", "seen"), on_conflict="newest"),
    a_field("date", "born"),
    a_field("integer", "size"),
    replace(a_field("text", "nick"), names={"east": {"leads": "nick"}}),
    replace(a_field("flag", "silent"), names={"west": "silent"}, on_conflict="sticky"),
]
RAWS = {
    "name": [None, "Ana", " Ana ", "Leo"],
    "city": [None, "Lugo", "Vigo"],
    "notes": [None, "a", "b"],
    "stage": [None, "Open", "Won", "Lost", "?"],
    "topics": [None, "Open", "Open;Won", "Won;Open"],
    "opted_out": [None, "true", "false", "perhaps"],
    "worth": [None, "10", "10.00", "11", "much"],
    "seen": [None, "2026-03-01T10:00:00Z", "2026-03-01T11:00:00+01:00"],
    "born": [None, "1990-01-02", "1990-02-01"],
    "size": [None, "7", "7.0", "8", "many"],
    "nick": [None, "Anita"],
    "silent": [None, "true", "false"],
}
SEATS = (("east", "leads"), ("east", "people"), ("north", "people"), ("west", "people"))
"""Two objects of one system: a customer can have a record in each, and the first in order counts."""
ENTITY = Entity("person", [Seat(system, name) for system, name in SEATS], ["key"], FIELDS)
SCOPED = replace(ENTITY, scope={"west": {"name": "present"}})


@dataclass
class World:
    """What each record of each customer holds, and what its sides held when last settled."""

    held: dict[tuple[str, str], dict[str, Texts]] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)
    bases: dict[str, dict[str, dict[str, str | None]]] = field(default_factory=dict)

    def add(self, key: str, place: tuple[str, str], row: Texts) -> None:
        """One more record of a customer, with the fields that its object has."""
        own = {each.field for each in FIELDS if each.name_in(*place)}
        id_ = f"{key}-{len(self.links):03d}"
        self.held.setdefault(place, {})[id_] = {n: raw for n, raw in row.items() if n in own}
        self.links.append((key, *place, id_))

    @contextmanager
    def columns(self, entity: Entity) -> Iterator[Columns]:
        """The columns over these records."""
        with TemporaryDirectory() as folder:
            snapshots = {
                place: keep(
                    Path(folder),
                    place,
                    [*SYSTEM_COLUMNS, *(n for e in FIELDS if (n := e.name_in(*place)))],
                    [{"_id": id_, **row} for id_, row in self.held.get(place, {}).items()],
                )
                for place in SEATS
            }
            links = {"person": self.links}
            with columns_over(snapshots, mapping_with(entity), links) as columns:
                yield columns

    def settled(self) -> Settled:
        """The bases, as a store gives them."""
        return Settled(self._bases_of, self._holding)

    def _bases_of(self, _entity: str, keys: Sequence[str]) -> dict[str, Any]:
        return {key: self.bases[key] for key in keys if key in self.bases}

    def _holding(self, _entity: str, texts: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        found = [
            {"key": key, "values": json.dumps(cells)}
            for key, sides in self.bases.items()
            for cells in sides.values()
            if any(cells.get(name) == text for name, text in texts.items())
        ]
        yield pa.RecordBatch.from_pylist(
            found, schema=pa.schema([("key", pa.string()), ("values", pa.string())])
        )


BASES: dict[str, list[str | None]] = {
    "name": [None, "Ana", "Leo"],
    "city": [None, "Lugo"],
    "stage": [None, "open", "won"],
    "topics": [None, "open", "open;won"],
    "opted_out": [None, "true", "false"],
    "silent": ["true", "false"],
    "size": ["7", "8"],
}


def a_world(seed: int) -> World:
    """Customers of every kind: drawn from a seed, for drawing cell by cell finds too little that is odd."""
    draw = Random(seed)
    world = World()
    for key in KEYS:
        usual = {name: draw.choice(raws) for name, raws in RAWS.items()}
        for place in draw.choices(SEATS, k=draw.randint(1, 4)):
            odd = draw.sample(sorted(RAWS), draw.choice([0, 1, 4, len(RAWS)]))  # mostly agreement
            world.add(key, place, {**usual, **{name: draw.choice(RAWS[name]) for name in odd}})
        for system in draw.sample(SYSTEMS, draw.randint(0, 3)):
            known = draw.sample(sorted(BASES), draw.randint(0, len(BASES)))
            base = {name: draw.choice(BASES[name]) for name in known}
            world.bases.setdefault(key, {})[system] = base
    return world


def folded(columns: Columns, entity: Entity, settled: Settled) -> list[CustomerView]:
    """Everybody, folded one by one."""
    rows = columns.db.execute(f"SELECT DISTINCT key FROM {quoted('row_person')} ORDER BY key")
    keys = [row[0] for row in rows.fetchall()]
    return [fold(entity, group) for group in groups(columns, entity, keys, settled.bases_of)]


def as_row(columns: Columns, entity: Entity, view: CustomerView) -> tuple[Any, ...]:
    """A folded customer as a row of the table."""
    cells: list[Any] = [view.key]
    for each, shown in zip(entity.fields, view.fields, strict=True):
        text = text_of(shown.choice.value, each.type)
        (value,) = columns.db.execute(f"SELECT {typed('?::VARCHAR', each.type)}", [text]).fetchall()
        cells += [value[0], shown.choice.system, state_of(shown)]
    return tuple(cells)


def built(columns: Columns, entity: Entity, settled: Settled) -> list[tuple[Any, ...]]:
    build_view(columns, entity, settled, quoted("view_person"), states=True)
    return columns.db.execute("SELECT * FROM view_person ORDER BY key").fetchall()


@pytest.mark.parametrize("entity", [ENTITY, SCOPED], ids=["everybody", "scoped"])
@pytest.mark.parametrize("seed", range(15))
def test_the_view_is_what_fold_says_of_everybody(seed: int, entity: Entity) -> None:
    world = a_world(seed)
    settled = world.settled()
    with world.columns(entity) as columns:
        everybody = folded(columns, entity, settled)
        wanted = [as_row(columns, entity, view) for view in everybody]
        assert any(each.disagrees for view in everybody for each in view.fields)
        assert built(columns, entity, settled) == wanted


def settle(world: World, **texts: str) -> Settled:
    world.bases["k0"] = {"east": dict(texts)}
    return world.settled()


def one(columns: Columns, settled: Settled, name: str) -> tuple[Any, ...]:
    build_view(columns, ENTITY, settled, "view_person", states=True)
    query = f"SELECT {name}, {name}_system, {name}_state FROM view_person"
    (row,) = columns.db.execute(query).fetchall()
    value, system, state = row
    return value, system, STATES[state]


@pytest.mark.parametrize(
    ("east", "west", "wanted"),
    [
        ("Ana", "Ana", ("Ana", "east", "agree")),
        (None, "Ana", ("Ana", "west", "alone")),
        (None, None, (None, None, "none")),
        ("Ana", "Leo", ("Ana", "east", "disagree")),
    ],
)
def test_every_field_says_how_many_hold_it(east: str, west: str, wanted: tuple[str, ...]) -> None:
    world = World()
    world.add("k0", ("east", "people"), {"name": east})
    world.add("k0", ("west", "people"), {"name": west})
    with world.columns(ENTITY) as columns:
        assert one(columns, NEVER_SETTLED, "name") == wanted


def test_an_opt_out_that_was_taken_back_is_shown_though_nobody_disagrees() -> None:
    world = World()
    for system in ("east", "west"):
        world.add("k0", (system, "people"), {"opted_out": "false"})
    with world.columns(ENTITY) as columns:
        assert one(columns, NEVER_SETTLED, "opted_out") == (False, "east", "agree")
        out = settle(world, opted_out="true")
        assert one(columns, out, "opted_out") == (True, None, "agree")


def test_only_who_differs_becomes_records() -> None:
    world = World()
    for number in range(30):
        for system in ("east", "west"):
            name = f"{system} {number}" if number < 2 else "Ana"
            row = {"name": name, "opted_out": "true" if number == 9 else "false"}
            world.add(f"k{number:02d}", (system, "people"), row)
    asked: list[str] = []

    def bases_of(_entity: str, keys: Sequence[str]) -> dict[str, Any]:
        asked.extend(keys)
        return {}

    with world.columns(ENTITY) as columns:
        build_view(columns, ENTITY, Settled(bases_of, NEVER_SETTLED.bases_holding), "view_person")
        assert columns.db.execute("SELECT count(*) FROM view_person").fetchall() == [(30,)]
    assert asked == ["k00", "k01"]


def test_the_face_has_a_view_only_where_one_is_asked_for(tmp_path: Path) -> None:
    world = World()
    for system in ("east", "west"):
        world.add("k0", (system, "people"), {"name": "Ana", "worth": "10", "born": "1990-01-02"})
    assert asked_for(["SELECT 1 FROM deal JOIN Contact_View", "SELECT 2 FROM person_view"]) == {
        "contact",
        "person",
    }
    with world.columns(ENTITY) as columns:
        build_face(columns, tmp_path / "without")
        asked = Asked(frozenset({"person", "contact", "nothing"}), NEVER_SETTLED)
        build_face(columns, tmp_path / "with", asked)
    assert "person_view" not in tables(tmp_path / "without")
    assert {"person_view", "contact_view"} <= tables(tmp_path / "with")
    db = open_read_only(tmp_path / "with")
    cells = "key, name, name_system, worth * 2, worth_system, born + 1"
    rows = db.execute(f"SELECT {cells} FROM person_view").fetchall()
    assert [str(each) for each in rows[0]] == [
        "k0",
        "Ana",
        "east",
        "20.0000000000",
        "east",
        "1990-01-03",
    ]
    names = [row[0] for row in db.execute("DESCRIBE person_view").fetchall()]
    assert names == ["key", *(n for e in FIELDS for n in (e.field, e.field + "_system"))]
    db.close()


def tables(file: Path) -> set[str]:
    db = open_read_only(file)
    found = {row[0] for row in db.execute("SHOW TABLES").fetchall()}
    db.close()
    return found
