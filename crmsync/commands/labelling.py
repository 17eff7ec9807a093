"""Names for the keys of a plan, so that a person can read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crmsync.core.drafting import link_line
from crmsync.core.mapping import DECIDED, Entity, WorkspaceMapping
from crmsync.core.matching import Match
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.planning import Change, ConflictLine, Held, Label, Line, LinkLine, Unfit
from crmsync.core.records import Group, Ref, is_observed
from crmsync.core.ties import read_ties_text
from crmsync.core.values import text_of
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.labels import labels_of, names_of

_TIES = ("reference", "references")


def labels_for(columns: Columns, lines: Sequence[Line]) -> Iterator[Label]:
    """A label for every customer whom lines are about, or refer to, in order of entity and key."""
    keys: dict[str, set[str]] = {}
    for line in lines:
        for entity, key in _keys(columns.mapping, line):
            keys.setdefault(entity, set()).add(key)
    for name in sorted(keys):
        found = labels_of(columns, columns.mapping.entity(name), keys[name])
        yield from (Label(name, key, text) for key, text in found.items())


def labels_in(columns: Columns, entity: Entity, group: Group) -> dict[str, str]:
    """What those are called whom the references of a customer lead to, by key."""
    found: dict[str, str] = {}
    for each in entity.fields:
        if each.type in _TIES and each.to:
            texts = (
                text_of(cell, each.type)
                for system in group.records
                if is_observed(cell := group.cell(system, each.field))
            )
            keys = {key for text in texts for key, _ in read_ties_text(text)}
            found |= labels_of(columns, columns.mapping.entity(each.to), keys)
    return found


def links_named(columns: Columns, entity: Entity) -> list[LinkLine]:
    """The links that matching came to; those that people decided name their records and who decided."""
    matches = columns.matches[entity.entity]
    said = _said_of(
        [each for each in matches if each.how == DECIDED], columns.said_one[entity.entity]
    )
    refs = {ref for each in said.values() for decision in each for ref in decision.pair}
    names = {str(ref): name for ref, name in names_of(columns, entity, refs).items()}
    return [
        _named(link_line(entity.entity, each, said.get(each.refs, ())), names) for each in matches
    ]


def _said_of(
    matches: Iterable[Match], decisions: Iterable[PairDecision]
) -> dict[tuple[Ref, ...], list[PairDecision]]:
    """The decisions that each match rests on, by its records: those about one of them."""
    found: dict[tuple[Ref, ...], list[PairDecision]] = {each.refs: [] for each in matches}
    by_ref = {ref: refs for refs in found for ref in refs}
    for each in decisions:
        for refs in {by_ref[ref] for ref in each.pair if ref in by_ref}:
            found[refs].append(each)
    return found


def _named(line: LinkLine, names: Mapping[str, str]) -> LinkLine:
    said = {address for each in line.decided for address in (each.one, each.other)}
    return replace(line, names={each: names[each] for each in sorted(said) if each in names})


def _keys(mapping: WorkspaceMapping, line: Line) -> Iterator[tuple[str, str]]:
    """(entity, key) of the customer a line is about, and of those its values refer to."""
    if not isinstance(line, Change | ConflictLine | Held | Unfit) or not line.key:
        return
    yield line.entity, line.key
    for field, texts in _texts(line):
        mapped = mapping.entity(line.entity).field_named(field)
        if mapped is not None and mapped.type in _TIES and mapped.to:
            for text in texts:
                yield from ((mapped.to, key) for key, _ in read_ties_text(text))


def _texts(line: Line) -> Iterator[tuple[str, Iterable[str | None]]]:
    """(field, canonical texts) of everything a line says about values."""
    if isinstance(line, Change):
        yield from ((cell.field, (cell.before, cell.after)) for cell in line.cells)
    if isinstance(line, ConflictLine):
        yield line.field, line.sides.values()
    if isinstance(line, Unfit):
        yield line.field, (line.value,)
