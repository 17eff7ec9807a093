"""Between canonical texts and the wire, one cell at a time, for the few cells that are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.core.mapping import Field, WorkspaceMapping
from crmsync.core.matching import key_of
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Invalid, Ref, Schema
from crmsync.core.spec import Spec
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

    def synced(self, change: Change) -> dict[str, str]:
        """{field: native} of every synced field that the record's object has and this credential reads."""
        schema = self.schemas.get((change.system, change.object))
        names = {
            each.field: each.name_in(change.system, change.object)
            for each in self.mapping.entity(change.entity).synced()
        }
        readable = schema.fields if schema else {}
        return {ours: native for ours, native in names.items() if native and native in readable}

    def _spec(self, change: Change, mapped: Field) -> Spec:
        schema = self.schemas.get((change.system, change.object))
        native = schema.fields.get(self.native(change, mapped.field)) if schema else None
        return mapped.spec(
            change.system, native_is_instant=native is not None and native.type == "datetime"
        )

    def to_wire(self, change: Change, cell: CellChange) -> str | Unreadable | None:
        """The wire text of what is to be written; Unreadable if a reference leads nowhere yet."""
        mapped = self.field(change, cell.field)
        if cell.after is None:
            return None
        if mapped.type == "reference":
            return self._native_id(mapped, change.system, cell.after)
        value = value_of(cell.after, mapped.type)
        return TYPES[mapped.type].render(value, self._spec(change, mapped))

    def _native_id(self, mapped: Field, system: str, key: str) -> str | Unreadable:
        entity = mapped.to or ""
        refs = self.store.links_of(entity, [key]).get(key, [])
        return next((ref.id for ref in refs if ref.system == system), Unreadable(key))

    def to_text(self, change: Change, name: str, raw: str | None) -> str | Unreadable | None:
        """The canonical text of a wire text."""
        mapped = self.field(change, name)
        if mapped.type == "reference":
            return self._key(mapped, change.system, raw)
        value = parse(raw, self._spec(change, mapped))
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
