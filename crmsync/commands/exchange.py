"""Between canonical texts and the wire, one cell at a time, for the few cells that are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmsync.connectors.base import Cells
from crmsync.core.lenses import Lens, lens_of, look
from crmsync.core.mapping import (
    Conditions,
    Field,
    Seat,
    WorkspaceMapping,
    meets,
    tied_object,
)
from crmsync.core.matching import key_of
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Invalid, Ref, Schema
from crmsync.core.ties import Tie, delta_text, read_ties_text, ties_text
from crmsync.core.values import TYPES, parse, text_of, value_of

if TYPE_CHECKING:
    from crmsync.store.store import Store


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that does not parse, or that leads to nobody known."""

    raw: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """Knows the mapping, what the systems say about their fields, and where keys lead."""

    mapping: WorkspaceMapping
    schemas: Mapping[tuple[str, str], Schema]
    store: Store
    lineage: str

    def field(self, change: Change, name: str) -> Field:
        """The mapped field behind a cell."""
        found = self.mapping.entity(change.entity).field_named(name)
        assert found is not None, f"a plan names no field outside its mapping: {name}"
        return found

    def native(self, change: Change, name: str) -> str:
        """The native name of a cell's field."""
        found = self.field(change, name).name_in(change.system, change.object)
        assert found is not None, f"{change.system} {change.object} has no field for {name}"
        return found

    def inputs(self, change: Change, name: str) -> tuple[str, ...]:
        """The native fields that a cell is read from."""
        return self._lens(change, self.field(change, name)).inputs

    def synced(self, change: Change) -> dict[str, tuple[str, ...]]:
        """{field: native inputs} of every synced field that the record itself holds and this credential reads."""
        schema = self.schemas.get((change.system, change.object))
        readable = schema.fields if schema else {}
        entity = self.mapping.entity(change.entity)
        found = {
            each.field: self._lens(change, each).inputs
            for each in entity.synced()
            if each.inputs_in(change.system, change.object)
        }
        return {name: inputs for name, inputs in found.items() if set(inputs) <= set(readable)}

    def demands(self, change: Change) -> list[str]:
        """Native fields that say whether a record takes part: the scope's, and its seat's `where`."""
        return sorted(self._conditions(change))

    def takes_part(self, change: Change, cells: Cells) -> bool:
        """True if a record, as it is this moment, meets the scope and the `where` of its seat."""
        conditions = self._conditions(change)
        return all(meets(each, cells.get(native)) for native, each in conditions.items())

    def _conditions(self, change: Change) -> Conditions:
        entity = self.mapping.entity(change.entity)
        schema = self.schemas.get((change.system, change.object))
        readable = schema.fields if schema else {}
        seats = [s for s in entity.seats_of(change.system) if s.object == change.object]
        asked = {n: c for s in seats for n, c in {**s.where, **entity.scope_of(s)}.items()}
        return {native: each for native, each in asked.items() if native in readable}

    def _lens(self, change: Change, mapped: Field) -> Lens:
        seat = Seat(change.system, change.object)
        found = lens_of(self.schemas, self.mapping.entity(change.entity), mapped, seat)
        assert found is not None, f"{change.system} {change.object} has no field for {mapped.field}"
        return found

    def to_wire(self, change: Change, cell: CellChange) -> str | Unreadable | None:
        """The wire text of what is to be written; Unreadable if a reference leads nowhere yet."""
        mapped = self.field(change, cell.field)
        if mapped.type == "references":
            return self._delta(change, mapped, cell)
        if cell.after is None:
            return None
        if mapped.type == "reference":
            return self._native_id(mapped, change.system, cell.after)
        value = value_of(cell.after, mapped.type)
        return TYPES[mapped.type].render(value, self._lens(change, mapped).spec)

    def _native_id(self, mapped: Field, system: str, key: str) -> str | Unreadable:
        entity = mapped.to or ""
        refs = self.store.links_of(entity, [key]).get(key, [])
        return next((ref.id for ref in refs if ref.system == system), Unreadable(key))

    def to_text(self, change: Change, name: str, cells: Cells) -> str | Unreadable | None:
        """The canonical text of one field of a record, of which every input is among the cells."""
        mapped = self.field(change, name)
        lens = self._lens(change, mapped)
        if mapped.type == "references":
            return self._keys(change, mapped, cells.get(lens.inputs[0]))
        if mapped.type == "reference":
            return self._key(mapped, change.system, cells.get(lens.inputs[0]))
        value = look(lens, [cells.get(native) for native in lens.inputs]).cell
        return Unreadable(value.raw) if isinstance(value, Invalid) else text_of(value, mapped.type)

    def _key(self, mapped: Field, system: str, raw: str | None) -> str | None:
        """The key of the record a native id means: a known link's, else the one it has on its own."""
        if not raw:
            return None
        entity = self.mapping.entity(mapped.to or "")
        refs = [Ref(system, seat.object, raw) for seat in entity.seats_of(system)]
        for ref in refs:
            found = self.store.link_of(ref)
            if found is not None:
                return found[1]
        return key_of(self.lineage, entity.entity, refs[:1])

    def records(self, change: Change, mapped: Field, keys: Sequence[str]) -> list[Ref]:
        """The records in the system of a change that ties to these keys would lead to, where they are known."""
        to_object = tied_object(self.native(change, mapped.field))
        known = self.store.links_of(mapped.to or "", keys)
        found = []
        for refs in known.values():
            here = [ref for ref in refs if ref.system == change.system]
            found += [ref for ref in here if to_object in ("", ref.object)][:1]
        return found

    # Sets of ties

    def may_stand(self, change: Change, cell: CellChange, seen: str | Unreadable | None) -> bool:
        """True if a cell is as it was or as it shall be; of a set, anything a broken write leaves between."""
        if seen in (cell.before, cell.after):
            return True
        if self.field(change, cell.field).type != "references" or isinstance(seen, Unreadable):
            return False
        before, now, after = (read_ties_text(text) for text in (cell.before, seen, cell.after))
        return before & after <= now <= before | after

    def _delta(self, change: Change, mapped: Field, cell: CellChange) -> str | Unreadable:
        """What leads from the set before to the set after, by native ids and roles."""
        before, after = read_ties_text(cell.before), read_ties_text(cell.after)
        added = [self._tied(change, mapped, tie) for tie in sorted(after - before)]
        lost = next((each for each in added if isinstance(each, Unreadable)), None)
        if lost is not None:
            return lost
        removed = [self._tied(change, mapped, tie) for tie in sorted(before - after)]
        there = frozenset(each for each in removed if not isinstance(each, Unreadable))
        return delta_text(there, frozenset(e for e in added if not isinstance(e, Unreadable)))

    def _tied(self, change: Change, mapped: Field, tie: Tie) -> Tie | Unreadable:
        """A tie by native id and role; Unreadable if the record, or a word for the role, is not there."""
        key, role = tie
        to_object = tied_object(self.native(change, mapped.field))
        refs = self.store.links_of(mapped.to or "", [key]).get(key, [])
        place = (change.system, to_object)
        found = next((ref.id for ref in refs if (ref.system, ref.object) == place), None)
        word = self._lens(change, mapped).spec.to_native(role) if role else ""
        return Unreadable(key) if found is None or word is None else (found, word)

    def _keys(self, change: Change, mapped: Field, raw: str | None) -> str | Unreadable | None:
        """The canonical text of a set of ties; Unreadable where a role is not mapped."""
        spec = self._lens(change, mapped).spec
        to_object = tied_object(self.native(change, mapped.field))
        ties: list[Tie] = []
        for id_, native in read_ties_text(raw):
            role = parse(native, replace(spec, type="choice")) if native else ""
            if isinstance(role, Invalid):
                return Unreadable(raw or "")
            ref = Ref(change.system, to_object, id_)
            known = self.store.link_of(ref)
            key = known[1] if known else key_of(self.lineage, mapped.to or "", [ref])
            ties.append((key, str(role or "")))
        return ties_text(ties)
