"""Values that go in a circle, because two writers hand them to each other.

The graph: a node is a native field (`hubspot/contacts.phone`), an edge says who copies it where.

| a circle through | is | because |
|---|---|---|
| one field of ours, both ways | fine | merge compares each side with its own base |
| one other writer alone | fine | it is that writer's own business |
| two writers | a problem | each takes what the other wrote for an edit of a person |
| two fields of ours | a problem | neither knows of the other |

A circle through two writers has a place where they meet: a value comes in by one and leaves by the
other. For each such meeting the shortest way back is looked for; of circles over the same lines of the
files the shortest is kept, and one that holds a smaller one is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import TypeAlias

from crmsync.core.flows import ReadOnly, apart, conditions, flows, inputs, output
from crmsync.core.mapping import Condition, WorkspaceMapping
from crmsync.core.writers import Writer, spelled

MOST = 200
OURS = "crmsync"
Place: TypeAlias = tuple[str, str] | tuple[int, int]
"""Where an edge is declared: entity and field of ours, or number of a writer and of its copy."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One native field that somebody copies to another. The conditions are those of our seats."""

    source: str
    target: str
    writer: str
    place: Place
    leaves: Mapping[str, Condition] = default(default_factory=dict, compare=False, repr=False)
    enters: Mapping[str, Condition] = default(default_factory=dict, compare=False, repr=False)

    @property
    def is_ours(self) -> bool:
        """True for an edge of the mapping."""
        return isinstance(self.place[0], str)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A way that comes back to where it began: each edge starts where the one before it ends."""

    edges: tuple[Edge, ...]

    @property
    def places(self) -> frozenset[Place]:
        """The lines of the files that make it; to mend one of them is to break it."""
        return frozenset(edge.place for edge in self.edges)

    @property
    def theirs(self) -> tuple[Edge, ...]:
        """The edges that are not of the mapping, in the order of the way."""
        return tuple(edge for edge in self.edges if not edge.is_ours)

    def drawn(self) -> str:
        """The way in one line: `a → [who] → b → [who] → a`."""
        steps = [f"{edge.source} → [{edge.writer}] → " for edge in self.edges]
        return "".join(steps) + self.edges[0].source


def our_edges(mapping: WorkspaceMapping, read_only: ReadOnly = ()) -> list[Edge]:
    """What the mapping itself may copy, in the order of its files."""
    return [
        Edge(
            spelled(flow.source.system, flow.source.object, native),
            spelled(flow.target.system, flow.target.object, output(flow.field, flow.target) or ""),
            f"{OURS} {entity.entity}.{flow.field.field}",
            (entity.entity, flow.field.field),
            conditions(entity, flow.source),
            conditions(entity, flow.target),
        )
        for entity in mapping.entities
        for flow in flows(entity, read_only)
        for native in inputs(flow.field, flow.source)
    ]


def their_edges(writers: Iterable[Writer]) -> list[Edge]:
    """What other writers were declared to copy, in the order of the file."""
    return [
        Edge(source, target, writer.name, (number, copy_number))
        for number, writer in enumerate(writers)
        for copy_number, copy in enumerate(writer.copies)
        for source, target in copy.ways()
    ]


def shared_targets(edges: Iterable[Edge]) -> list[tuple[str, list[Edge]]]:
    """Native fields that several fields of ours write in the same records: one edge for each of those."""
    found: dict[str, dict[Place, Edge]] = {}
    for edge in edges:
        found.setdefault(edge.target, {}).setdefault(edge.place, edge)
    return [
        (target, kept) for target, each in found.items() if (kept := _meeting(list(each.values())))
    ]


def _meeting(edges: list[Edge]) -> list[Edge]:
    """The edges that enter the same records as an earlier one, and that one; none if all keep apart."""
    for number, edge in enumerate(edges):
        others = [each for each in edges[number + 1 :] if not apart(edge.enters, each.enters)]
        if others:
            return [edge, *others]
    return []


def cycles(edges: Sequence[Edge], most: int = MOST) -> list[Cycle]:
    """Circles in which two writers take turns, in the order of the edges; at most so many."""
    outgoing: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.source != edge.target:
            outgoing.setdefault(edge.source, []).append(edge)
    back: dict[tuple[str, str], dict[str, Edge]] = {}
    found: dict[frozenset[Place], Cycle] = {}
    for first in edges:
        for second in outgoing.get(first.target, ()):
            if len(found) >= most:
                return _smallest(list(found.values()))
            if first.source != first.target and _meet(first, second):
                _keep(found, _closed(first, second, outgoing, back))
    return _smallest(list(found.values()))


def _meet(first: Edge, second: Edge) -> bool:
    """True if what one writer brings another one takes along, in the same record."""
    return first.writer != second.writer and not apart(first.enters, second.leaves)


def _keep(found: dict[frozenset[Place], Cycle], cycle: Cycle | None) -> None:
    if cycle is not None:
        known = found.get(cycle.places)
        if known is None or len(cycle.edges) < len(known.edges):
            found[cycle.places] = cycle


def _closed(
    first: Edge,
    second: Edge,
    outgoing: Mapping[str, Sequence[Edge]],
    back: dict[tuple[str, str], dict[str, Edge]],
) -> Cycle | None:
    """The shortest circle that begins with two edges and comes through no field twice; None without one."""
    start = (first.target, second.target)
    if start not in back:
        back[start] = _reached(second.target, first.target, outgoing)
    way: list[Edge] = []
    place = first.source
    while place != second.target:
        if place not in back[start]:
            return None
        way.append(back[start][place])
        place = way[-1].source
    return _turned([first, second, *reversed(way)])


def _reached(start: str, without: str, outgoing: Mapping[str, Sequence[Edge]]) -> dict[str, Edge]:
    """The last edge of a shortest way to every node that can be reached without passing through one."""
    last: dict[str, Edge] = {}
    waiting = deque([start])
    while waiting:
        for edge in outgoing.get(waiting.popleft(), ()):
            if edge.target not in (start, without) and edge.target not in last:
                last[edge.target] = edge
                waiting.append(edge.target)
    return last


def _turned(edges: list[Edge]) -> Cycle:
    """The circle from an edge of ours on, where there is one."""
    begin = next((number for number, edge in enumerate(edges) if edge.is_ours), 0)
    return Cycle((*edges[begin:], *edges[:begin]))


def _smallest(found: Sequence[Cycle]) -> list[Cycle]:
    """Circles that hold no smaller one: whoever breaks that one breaks them, too."""
    return [
        cycle
        for cycle in found
        if not any(
            other.places < cycle.places and len(other.edges) <= len(cycle.edges) for other in found
        )
    ]
