"""Between canonical texts and the wire, one cell at a time, for the few cells that are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.connectors.base import Cells
from crmsync.core.lenses import Lens, lens_of, look
from crmsync.core.mapping import Field, Seat, WorkspaceMapping
from crmsync.core.matching import key_of
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Invalid, Ref, Schema
from crmsync.core.values import TYPES, text_of, value_of

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

    def _lens(self, change: Change, mapped: Field) -> Lens:
        seat = Seat(change.system, change.object)
        found = lens_of(self.schemas, self.mapping.entity(change.entity), mapped, seat)
        assert found is not None, f"{change.system} {change.object} has no field for {mapped.field}"
        return found

    def to_wire(self, change: Change, cell: CellChange) -> str | Unreadable | None:
        """The wire text of what is to be written; Unreadable if a reference leads nowhere yet."""
        mapped = self.field(change, cell.field)
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
