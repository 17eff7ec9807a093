"""What a mapping needs of a credential, and what a credential may do beyond it.

    demand   what the mapping asks of one object: native fields to read and to write, and whether records are created
    right    one thing an administrator grants: an object or a field with a verb, or a permission by its name
    need     a right, and why; one that is not `needed` only lets more be checked
    held     the rights of a credential, as far as its system tells

A right that nobody can look at is neither held nor missing: it is not checked, and said so. Deleting is needed by
no mapping. Must not know: how a system calls its rights, or how they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from crmsync.core.mapping import CreateWhen, Entity, Field, Seat, WorkspaceMapping

Why = Literal[
    "api", "read", "all", "write", "create", "owner", "key", "ties", "parent", "look",
    "consent", "facts", "install", "workflows",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One thing an administrator grants: `Contact` or `Contact.Phone` with a verb, or a permission without one."""

    place: str
    verb: str = ""

    @property
    def kind(self) -> str:
        """object, field or permission."""
        if not self.verb:
            return "permission"
        return "field" if "." in self.place else "object"

    @property
    def object(self) -> str:
        """The object it is about; empty for a permission."""
        return self.place.partition(".")[0] if self.verb else ""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a mapping asks of one object: native fields, each with the fields of ours that it is for.

    `maybe` are native fields that are read where they are there. `key` is the field of our key, blank where no
    record is created.
    """

    object: str
    reads: Mapping[str, tuple[str, ...]]
    writes: Mapping[str, tuple[str, ...]]
    creates: bool = False
    maybe: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A right, why it is needed, and for which fields of ours."""

    right: Right
    why: Why
    fields: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What a credential may do.

    `unseen` are rights of which nobody can tell, `unchecked` codes that say what could not be looked at. `sources`
    names who grants a right, where that could be read.
    """

    rights: frozenset[Right] = frozenset()
    unseen: frozenset[Right] = frozenset()
    unchecked: tuple[str, ...] = ()
    sources: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)


def together(one: Held, other: Held) -> Held:
    """What two credentials of one system may do between them: one that reads, and one that writes."""
    rights = one.rights | other.rights
    sources = {
        right: tuple(dict.fromkeys((*one.sources.get(right, ()), *other.sources.get(right, ()))))
        for right in (*one.sources, *other.sources)
    }
    unchecked = tuple(dict.fromkeys((*one.unchecked, *other.unchecked)))
    return Held(rights, (one.unseen | other.unseen) - rights, unchecked, sources)


@dataclass(frozen=True, slots=True)
class Review:
    """Needs of one system beside what its credential holds; `held` is None where nothing could be asked."""

    system: str
    kind: str
    needs: tuple[Need, ...]
    held: Held | None = None

    def state(self, need: Need) -> str:
        """held, missing or unchecked."""
        if self.held is None or (need.right in self.held.unseen and not self._has(need)):
            return "unchecked"
        return "held" if self._has(need) else "missing"

    def _has(self, need: Need) -> bool:
        return self.held is not None and need.right in self.held.rights

    @property
    def missing(self) -> list[Need]:
        """Needs that the credential does not meet, those without which nothing goes first."""
        found = [need for need in self.needs if self.state(need) == "missing"]
        return sorted(found, key=lambda need: not need.needed)

    @property
    def excess(self) -> list[Right]:
        """Rights that it holds and the mapping has no use for: whatever changes, and permissions over everything.

        Reading more than is mapped is no excess; permissions come first, then objects, then fields.
        """
        if self.held is None:
            return []
        needed = {need.right for need in self.needs}
        found = (right for right in self.held.rights - needed if right.verb not in _HARMLESS)
        return sorted(found, key=lambda right: (_RANKS[right.kind], right))


_HARMLESS = frozenset({"read", "view_all"})
_RANKS = {"permission": 0, "object": 1, "field": 2}


def demands_of(mapping: WorkspaceMapping, system: str, keys: Mapping[str, str]) -> list[Demand]:
    """What a mapping asks of the objects of one system, in the order of the mapping; `keys` are fields of our key."""
    found: dict[str, Demand] = {}
    for entity, seat in mapping.seats_of(system):
        demand = _demand(entity, seat, keys.get(seat.object, ""))
        before = found.get(seat.object)
        found[seat.object] = demand if before is None else _both(before, demand)
    return list(found.values())


def _demand(entity: Entity, seat: Seat, key: str) -> Demand:
    reads: dict[str, tuple[str, ...]] = dict.fromkeys(entity.natives_of(seat), ())
    writes: dict[str, tuple[str, ...]] = {}
    for each in entity.fields:
        ours = f"{entity.entity}.{each.field}"
        for name in each.inputs_in(seat.system, seat.object):
            reads[name] = (*reads.get(name, ()), ours)
        written = written_in(each, seat)
        if written:
            writes[written] = (*writes.get(written, ()), ours)
    creates = isinstance(seat.create, CreateWhen)
    maybe = tuple(entity.native_links_in(seat.system))
    return Demand(seat.object, reads, writes, creates, maybe, key if creates else "")


def written_in(field_: Field, seat: Seat) -> str:
    """The native field of a seat that a field of ours is written to; blank if it never is."""
    name = field_.name_in(seat.system, seat.object)
    synced = field_.direction != "none" and len(field_.systems) > 1
    made = field_.made_in(seat.system, seat.object)
    return name if name and synced and made is None and field_.writes_to(seat.system) else ""


def _both(one: Demand, other: Demand) -> Demand:
    """Two entities over one object ask for what either asks for."""
    return Demand(
        one.object,
        _joined(one.reads, other.reads),
        _joined(one.writes, other.writes),
        one.creates or other.creates,
        tuple(dict.fromkeys((*one.maybe, *other.maybe))),
        one.key or other.key,
    )


def _joined(
    one: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys((*one, *other))
    return {name: (*one.get(name, ()), *other.get(name, ())) for name in names}


def without_doubles(needs: Iterable[Need]) -> list[Need]:
    """One need for each right, in order of first mention: needed if any of them is, for the fields of all."""
    found: dict[Right, Need] = {}
    for need in needs:
        before = found.get(need.right)
        if before is not None:
            fields = tuple(dict.fromkeys((*before.fields, *need.fields)))
            first = before if before.needed or not need.needed else need
            need = Need(need.right, first.why, fields, first.needed)
        found[need.right] = need
    return list(found.values())
