"""The view as a table: one row a customer, with the value of every field and the system it comes from.

    <entity>_view    key, and for every field <field> (typed as in the face) and <field>_system

every customer whose sides agree about a field, or of whom one side alone holds it    SQL
customers whose sides differ about it                                               records -> core.views.fold

No policy is written in SQL but that an opt-out counts for good. Where values agree there is nothing to decide; whoever
was out when last settled, and is not any more, goes to the core, too. Every row is what `fold` makes of the group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity, Field
from crmsync.core.values import text_of
from crmsync.core.views import CustomerView, FieldView, fold
from crmsync.warehouse.changed import BasesOf, groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.typed import typed

if TYPE_CHECKING:
    import pyarrow as pa

BasesHolding = Callable[[str, Mapping[str, str]], Iterable["pa.RecordBatch"]]
"""(entity, {field: canonical text}) -> `key` and `values` (JSON) of every base that holds one of these."""

_CHUNK = 20_000
_VIEW = re.compile(r"\b(\w+)_view\b", re.IGNORECASE)
NAMED = ("contact", "company", "deal", "ticket")
"""Entities of which the face has tables, mapped or not."""
STATES = ("none", "alone", "agree", "disagree")
"""How many sides hold a value of a field, and whether they hold the same."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of bases: by key, and who had a certain value."""

    bases_of: BasesOf
    bases_holding: BasesHolding


@dataclass(frozen=True, slots=True)
class Asked:
    """Views that somebody asks for, by entity, and the bases they are folded with."""

    entities: frozenset[str]
    settled: Settled


NEVER_SETTLED = Settled(lambda _entity, _keys: {}, lambda _entity, _texts: ())


def asked_for(queries: Iterable[str]) -> frozenset[str]:
    """Entities whose view is named in some queries."""
    return frozenset(name.lower() for query in queries for name in _VIEW.findall(query))


def build_views(columns: Columns, asked: Asked) -> None:
    """Builds face.<entity>_view for those asked for; of an entity that is not mapped, without rows."""
    mapped = {each.entity: each for each in columns.mapping.entities}
    for name in sorted(asked.entities):
        into = f"face.{quoted(name + '_view')}"
        if name in mapped:
            build_view(columns, mapped[name], asked.settled, into)
        elif name in NAMED:
            columns.db.execute(f"CREATE TABLE {into} (key VARCHAR)")


def build_view(
    columns: Columns, entity: Entity, settled: Settled, into: str, *, states: bool = False
) -> None:
    """Builds the view of an entity as the table `into` (an SQL name), in no order.

    With `states` every field has <field>_state, too: a place in STATES.
    """
    _first_records(columns, entity)
    sides = " ".join(
        f"LEFT JOIN ({_side(columns, entity, system)}) {_alias(system)} USING (key)"
        for system in entity.systems
    )
    everybody = f"(SELECT DISTINCT key FROM {quoted('row_' + entity.entity)}) {sides}"
    decided = _decide(columns, entity, settled, everybody)
    joins = " ".join(f"LEFT JOIN {_decided(place)} USING (key)" for place in decided)
    cells = ", ".join(
        part
        for place, each in enumerate(entity.fields)
        for part in _cells(
            _Sides(columns, entity, each), place if place in decided else None, states
        )
    )
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT key, {cells} FROM {everybody} {joins}"
    )
    for place in decided:
        columns.db.execute(f"DROP TABLE {_decided(place)}")


def _first_records(columns: Columns, entity: Entity) -> None:
    """Builds surplus: records beside the one that counts, where a customer has two in one system."""
    rows = quoted("row_" + entity.entity)
    columns.db.execute(
        "CREATE OR REPLACE TEMP TABLE surplus AS SELECT r.system, r.object, r.id FROM "
        f"{rows} r JOIN (SELECT key, system FROM {rows} GROUP BY ALL HAVING count(*) > 1) "
        "USING (key, system) "
        "QUALIFY row_number() OVER (PARTITION BY r.key, r.system ORDER BY r.object, r.id) > 1"
    )


def _side(columns: Columns, entity: Entity, system: str) -> str:
    """The records of one system that take part, as far as their cells were observed."""
    cells = [_observed(columns, entity, each, system) for each in entity.fields]
    held = ", ".join(["key", *(cell for cell in cells if cell)])
    return (
        f"SELECT {held} FROM {quoted('row_' + entity.entity)} ANTI JOIN surplus "
        f"USING (system, object, id) WHERE system = {literal(system)} AND NOT outside"
    )


def _observed(columns: Columns, entity: Entity, each: Field, system: str) -> str:
    """The text of a field in the seats that showed it; "" where none did."""
    seats = entity.seats_of(system)
    seen = [seat for seat in seats if each in columns.visible(entity, seat)]
    name = quoted(each.field)
    if len(seen) == len(seats):
        return name
    return f"CASE WHEN {sits(seen)} THEN {name} END AS {name}" if seen else ""


def _alias(system: str) -> str:
    return quoted(f"of {system}")


@dataclass(frozen=True, slots=True)
class _Sides:
    """One field as the sides of a customer hold it, in SQL."""

    columns: Columns
    entity: Entity
    field: Field

    @property
    def held(self) -> list[tuple[str, str]]:
        """(system, the text it holds) of the systems that showed the field, in order."""
        return [
            (system, f"{_alias(system)}.{quoted(self.field.field)}")
            for system in self.entity.systems
            if _observed(self.columns, self.entity, self.field, system)
        ]

    @property
    def texts(self) -> str:
        """What they hold, as a list of arguments."""
        return ", ".join(text for _, text in self.held)

    @property
    def is_sticky(self) -> bool:
        """True for an opt-out that counts for good."""
        return self.field.policy == "sticky"

    @property
    def differ(self) -> str:
        """True if two sides hold values that are not the same."""
        several = f"least({self.texts}) <> greatest({self.texts})"
        return f"coalesce({several}, false)" if len(self.held) > 1 else "false"

    @property
    def is_out(self) -> list[tuple[str, str]]:
        """(system, true if it holds an opt-out): whoever holds one, the others have nothing to say."""
        return [(name, f"{text} = 'true'") for name, text in self.held if self.is_sticky]

    @property
    def first(self) -> str:
        """The value of a field that needs no decision."""
        if not self.held:
            return "NULL::VARCHAR"
        tests = " OR ".join(test for _, test in self.is_out)
        value = f"coalesce({self.texts})"
        return f"CASE WHEN {tests} THEN 'true' ELSE {value} END" if tests else value

    @property
    def system(self) -> str:
        """The first system that holds that value."""
        tests = [*self.is_out, *((name, f"{text} IS NOT NULL") for name, text in self.held)]
        cases = " ".join(f"WHEN {test} THEN {literal(name)}" for name, test in tests)
        return f"CASE {cases} END" if cases else "NULL::VARCHAR"

    @property
    def state(self) -> str:
        """The place in STATES."""
        count = " + ".join(f"({text} IS NOT NULL)::UTINYINT" for _, text in self.held) or "0"
        return f"CASE WHEN {self.differ} THEN 3 ELSE least({count}, 2) END"


def _cells(sides: _Sides, decided: int | None, states: bool) -> Iterator[str]:
    """The columns of one field: as nobody differs about it, or as the core decided."""
    name, first, system = sides.field.field, sides.first, sides.system
    if decided is not None:
        said = _decided(decided)
        first = f"CASE WHEN {said}.is_there THEN {said}.text ELSE {first} END"
        system = f"CASE WHEN {said}.is_there THEN {said}.origin ELSE {system} END"
    yield f"{typed(first, sides.field.type)} AS {quoted(name)}"
    yield f"{system} AS {quoted(name + '_system')}"
    if states:
        yield f"({sides.state})::UTINYINT AS {quoted(name + '_state')}"


def _decided(place: int) -> str:
    return f"decided_{place}"


def _decide(columns: Columns, entity: Entity, settled: Settled, everybody: str) -> list[int]:
    """Builds decided_<place> of every field on which some customers need the core; their places."""
    asks = _asks(columns, entity, settled)
    if not asks:
        return []
    flags = ", ".join(f"{test} AS ask_{place}" for place, test in asks.items())
    anything = " OR ".join(f"ask_{place}" for place in asks)
    columns.db.execute(
        f"CREATE OR REPLACE TEMP TABLE asking AS SELECT * FROM (SELECT key, {flags} FROM {everybody}) "
        f"WHERE {anything}"
    )
    found = []
    for place in asks:
        query = f"SELECT key FROM asking WHERE ask_{place} ORDER BY key"
        keys = [row[0] for row in columns.db.execute(query).fetchall()]
        if keys:
            _fold(columns, entity, place, keys, settled)
            found.append(place)
    columns.db.execute("DROP TABLE asking")
    return found


def _asks(columns: Columns, entity: Entity, settled: Settled) -> dict[int, str]:
    """By place of a field, true in SQL for customers of whom the core has to say what counts."""
    once = _once_out(columns, entity, settled)
    found = {}
    for place, each in enumerate(entity.fields):
        sides = _Sides(columns, entity, each)
        if not sides.is_sticky:
            found[place] = sides.differ
        elif sides.held and place in once:
            # Whoever is out now is out. Of all others it counts what they were when last settled.
            test = f"greatest({sides.texts}) = 'false' AND key IN (SELECT key FROM once_{place})"
            found[place] = f"coalesce({test}, false)"
    return {place: test for place, test in found.items() if test != "false"}


def _once_out(columns: Columns, entity: Entity, settled: Settled) -> list[int]:
    """Builds once_<place> of every opt-out: keys of who had it when last settled. The places of those."""
    import pyarrow as pa

    outs = {
        each.field: place for place, each in enumerate(entity.fields) if each.policy == "sticky"
    }
    for place in outs.values():
        columns.db.execute(f"CREATE OR REPLACE TEMP TABLE once_{place} (key VARCHAR)")
    told = settled.bases_holding(entity.entity, dict.fromkeys(outs, "true")) if outs else ()
    for batch in told:
        columns.db.register("told", pa.Table.from_batches([batch]))
        for name, place in outs.items():
            path = literal(f'$."{name}"')
            columns.db.execute(
                f"INSERT INTO once_{place} SELECT key FROM told "
                f"WHERE json_extract_string(\"values\", {path}) = 'true'"
            )
        columns.db.unregister("told")
    return list(outs.values())


def _fold(
    columns: Columns, entity: Entity, place: int, keys: Sequence[str], settled: Settled
) -> None:
    """Builds decided_<place>: what the core says of one field of these customers."""

    each = entity.fields[place]
    alone = replace(entity, fields=[each])
    columns.db.execute(
        f"CREATE OR REPLACE TEMP TABLE {_decided(place)} "
        "(key VARCHAR, text VARCHAR, origin VARCHAR, is_there BOOLEAN)"
    )
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        asked = groups(columns, entity, chunk, settled.bases_of, each)
        views = [fold(alone, group) for group in asked]
        columns.db.register("folded", _table(views, each.type))
        columns.db.execute(f"INSERT INTO {_decided(place)} SELECT *, true FROM folded")
        columns.db.unregister("folded")


def _table(views: Sequence[CustomerView], type_name: str) -> pa.Table:
    """(key, text, origin) of customers folded for one field."""
    import pyarrow as pa

    choices = [view.fields[0].choice for view in views]
    found = {
        "key": [view.key for view in views],
        "text": [text_of(each.value, type_name) for each in choices],
        "origin": [each.system for each in choices],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in found.items()})


def state_of(field: FieldView) -> int:
    """The place in STATES of what the sides of a field hold."""
    return 3 if field.disagrees else min(len(field.holders), 2)
