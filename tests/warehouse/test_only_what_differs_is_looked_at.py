"""`compare` against a plain reading of the same rows: who needs a decision, and who merely agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson
import pyarrow as pa
from hypothesis import event, given, settings
from hypothesis import strategies as st

from crmsync.core.digests import digest_of
from crmsync.core.mapping import Entity
from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.values import parse, text_of
from crmsync.warehouse.changed import adopted_bases, changed_groups, compare, count_adopted
from crmsync.warehouse.columns import Columns
from warehouse.people import SYSTEMS, a_field, columns_of, one_key_each, person

FIELDS = [a_field("text", "name"), a_field("integer", "size"), a_field("text", "nick", ("east",))]
TYPES = {"name": "text", "size": "integer"}
RAWS = {
    "name": st.sampled_from([None, "Ana", " Ana ", "Leo"]),
    "size": st.sampled_from([None, "7", "7.0", "8", "many"]),
    "nick": st.sampled_from([None, "Anita"]),
}
KEYS = [f"k{number}" for number in range(4)]

Texts = Mapping[str, str | None]


@dataclass
class World:
    """What each side of each customer holds, and what it held when it was last settled."""

    held: dict[str, dict[str, list[dict[str, str | None]]]] = field(default_factory=dict)
    bases: dict[str, dict[str, Texts]] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)
    """(key, system) of linked records that are not there."""

    def records(self) -> Iterator[tuple[str, str, str, dict[str, str | None]]]:
        for key, sides in self.held.items():
            for system, rows in sides.items():
                for number, row in enumerate(rows):
                    yield key, system, f"{key}-{number}", row


def cell(name: str, raw: str | None) -> str | None | Invalid:
    value = parse(raw, Spec(TYPES[name]))
    return value if isinstance(value, Invalid) else text_of(value, TYPES[name])


def cells(row: Mapping[str, str | None]) -> dict[str, str | None | Invalid]:
    """The synced fields of a row, as merge sees them: `nick` is mapped once, so nothing settles it."""
    return {name: cell(name, row[name]) for name in TYPES}


def texts(row: Mapping[str, str | None]) -> dict[str, str | None] | None:
    """What a base of this row would hold, None if something in it does not parse."""
    found = cells(row)
    good = {n: each for n, each in found.items() if not isinstance(each, Invalid)}
    return good if len(good) == len(found) else None


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    rows = st.fixed_dictionaries(RAWS)
    for key in KEYS:
        for system in SYSTEMS:
            count = draw(st.sampled_from([0, 1, 1, 1, 2] if key == "k0" else [0, 1, 1, 1]))
            held = [draw(rows) for _ in range(count)]
            world.held.setdefault(key, {})[system] = [_for(system, row) for row in held]
            if draw(st.sampled_from([False, False, True])):
                world.gone.add((key, system))
            base = _base(draw, held)
            if base is not None:
                world.bases.setdefault(key, {})[system] = base
    if draw(st.booleans()):
        _let_agree(world, draw(st.sampled_from(KEYS)))
    return world


def _for(system: str, row: dict[str, str | None]) -> dict[str, str | None]:
    return row if system == "east" else {n: raw for n, raw in row.items() if n != "nick"}


def _base(draw: st.DrawFn, held: list[dict[str, str | None]]) -> Texts | None:
    """Never settled, settled as it is, or settled as something else."""
    kind = draw(st.sampled_from(["none", "same", "same", "other"]))
    same = texts(held[0]) if held else None
    if kind == "same" and same is not None:
        return same
    return None if kind == "none" else {"name": "Before", "size": "1"}


def _let_agree(world: World, key: str) -> None:
    """Both sides hold the same, differently written, and nobody has ever settled them."""
    world.held[key] = {
        "east": [{"name": "Ana", "size": "7", "nick": "A"}],
        "west": [{"name": " Ana ", "size": "7.0"}],
    }
    world.bases.pop(key, None)
    world.gone -= {(key, system) for system in SYSTEMS}


def expected(world: World, creates: bool) -> tuple[set[str], set[str]]:
    """(keys that need a decision, keys that are adopted), from the table in the module's docstring."""
    changed, adopted = set(), set()
    for key, sides in world.held.items():
        present = {system: rows for system, rows in sides.items() if rows}
        bases = world.bases.get(key, {})
        if not present or any(len(rows) > 1 for rows in present.values()):
            continue
        differs = any(
            texts(rows[0]) is None or texts(rows[0]) != bases.get(system)
            for system, rows in present.items()
        )
        missed = any(key_ == key and system not in present for key_, system in world.gone)
        if not (differs or (creates and missed)) or not (creates or len(present) > 1):
            continue
        settled = any(system in bases for system in present)
        if not settled and len(present) == len(SYSTEMS) and _agree(present):
            adopted.add(key)
        else:
            changed.add(key)
    return changed, adopted


def _agree(present: Mapping[str, list[dict[str, str | None]]]) -> bool:
    one, other = (cells(rows[0]) for rows in present.values())
    valid = not any(isinstance(each, Invalid) for each in (*one.values(), *other.values()))
    return valid and one == other


def digests(world: World) -> Iterator[pa.RecordBatch]:
    rows = [
        (key, system, digest_of(base))
        for key, sides in world.bases.items()
        for system, base in sides.items()
    ]
    names = ("key", "system", "digest")
    yield pa.RecordBatch.from_pydict({n: [row[i] for row in rows] for i, n in enumerate(names)},
                                     schema=pa.schema([(n, pa.string()) for n in names]))  # fmt: skip


def compared(
    world: World, entity: Entity
) -> tuple[set[str], set[str], int, list[dict[str, object]]]:
    held = {(system, id_): row for _, system, id_, row in world.records()}
    links: dict[str, list[tuple[str, str]]] = {}
    for key, system, id_, _ in world.records():
        links.setdefault(key, []).append((system, id_))
    for key, system in world.gone:
        links.setdefault(key, []).append((system, f"{key}-gone"))
    with columns_of(entity, held, one_key_each(links)) as columns:
        compare(columns, entity, digests(world))
        found = [group.key for group in changed_groups(columns, entity, lambda _e, _k: {})]
        assert found == sorted(found)
        assert len(found) == len(set(found))
        rows = _adopted(columns, entity)
        return set(found), {str(row["key"]) for row in rows}, count_adopted(columns, entity), rows


def _adopted(columns: Columns, entity: Entity) -> list[dict[str, object]]:
    return [row for batch in adopted_bases(columns, entity) for row in batch.to_pylist()]


@settings(max_examples=40, deadline=None)
@given(worlds(), st.booleans())
def test_changed_and_adopted_are_what_a_plain_reading_says(world: World, creates: bool) -> None:
    entity = person(FIELDS, create="ask" if creates else "never")
    changed, adopted, counted, _ = compared(world, entity)
    wanted = expected(world, creates)
    event(f"changed {len(wanted[0])}, adopted {len(wanted[1])}")
    assert (changed, adopted) == wanted
    assert counted == len(adopted)


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_a_side_that_was_adopted_has_a_base_and_differs_no_more(world: World) -> None:
    entity = person(FIELDS)
    _, adopted, _, rows = compared(world, entity)
    assert Counter(str(row["key"]) for row in rows) == dict.fromkeys(adopted, len(SYSTEMS))
    for row in rows:
        values = orjson.loads(str(row["values"]))
        assert row["digest"] == digest_of(values)
        world.bases.setdefault(str(row["key"]), {})[str(row["system"])] = values
    again, nobody, _, _ = compared(world, entity)
    assert not again & adopted
    assert not nobody


def test_a_night_in_which_nothing_happened_looks_at_nobody() -> None:
    row: dict[str, str | None] = {"name": "Ana", "size": "7", "nick": None}
    west: dict[str, str | None] = {"name": "Ana", "size": "7"}
    world = World(
        {"k": {"east": [row], "west": [west]}},
        {"k": {s: {"name": "Ana", "size": "7"} for s in SYSTEMS}},
    )
    assert compared(world, person(FIELDS, create="ask"))[:3] == (set(), set(), 0)


def test_who_lost_a_record_that_could_be_created_is_looked_at_and_nobody_else() -> None:
    row: dict[str, str | None] = {"name": "Ana", "size": "7"}
    settled: dict[str, Texts] = {s: {"name": "Ana", "size": "7"} for s in SYSTEMS}
    world = World(
        {
            "lost": {"east": [row], "west": []},
            "has another": {"east": [row], "west": [row]},
            "lost both": {"east": [], "west": []},
            "never had one": {"east": [row], "west": []},
        },
        dict.fromkeys(("lost", "has another", "never had one"), settled),
        {("lost", "west"), ("has another", "west"), ("lost both", "east"), ("lost both", "west")},
    )
    assert compared(world, person(FIELDS, create="ask"))[0] == {"lost"}
    assert compared(world, person(FIELDS, create="never"))[0] == set()
