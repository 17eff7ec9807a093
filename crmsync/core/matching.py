"""Which records of several systems are one customer.

| candidates for a record, by the first rule that has any | then |
|---|---|
| none | it stands alone |
| one in each other system, and each of them has no other | they are linked |
| two or more in one system | nobody is linked, by this rule or a later one: an ambiguity asks |
| a customer that has a record in that system already | the same |
| one, but another rule that may object leads elsewhere | the same, for the records it leads to as well |
| some that people decided to be two | no link of the two; nobody is asked where nothing else is open |

A record that is linked already keeps its key; a new one joins it. Rules are tried in the mapping's
order, over all records at once, so the order of records does not matter.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crmsync.core.keeping_apart import Apart, Kept
from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record with what it can be recognised by: one text a rule, None where it has none."""

    ref: Ref
    marks: tuple[str | None, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Records that are one customer, by which rule; `refs` are those not linked before, sorted."""

    key: str
    refs: tuple[Ref, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Records that share a mark where one system has several of them; nobody is linked."""

    how: str
    mark: str
    refs: tuple[Ref, ...]


def key_of(lineage: str, entity: str, refs: Iterable[Ref]) -> str:
    """The key of one customer: the same whenever the smallest of its first refs is the same.

    `lineage` names the workspace, so that lost state leads to the same keys again.
    """
    first = min(refs)
    text = f"{lineage}\n{entity}\n{first.system}\n{first.object}\n{first.id}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def match(
    lineage: str,
    entity: str,
    rules: Sequence[str],
    candidates: Iterable[Candidate],
    gone: Iterable[tuple[str, str]] = (),
    objectors: Mapping[int, Sequence[int]] | None = None,
    apart: Apart | None = None,
) -> tuple[list[Match], list[Ambiguity]]:
    """New links and ambiguities, each sorted by its first ref.

    `gone` are (key, system) of linked records that were not read: their seat is not free. Another record
    that looks the same is not the one that was settled, and would pass its values off as edits.
    `objectors` names, for the place of a rule, the places of those that may speak against it; `apart` are pairs that
    people decided to be two.
    The rules are tried again until nobody is linked any more, so that the next matching has nothing to add: whom a
    later rule leads to a customer linked just now joins it, or is asked about.
    """
    everybody = {each.ref: each for each in candidates}
    seated = _seated(everybody.values())
    for key, system in gone:
        seated[key].add(system)
    against = objectors or {}
    meets = [_Meetings.of(everybody.values(), against.get(n, ())) for n in range(len(rules))]
    known = _Known(lineage, entity, rules, meets, seated, Kept.of(apart or Apart()))
    found, ambiguities = _once(known, everybody.values())
    matches = list(found)
    while found:
        everybody |= {
            ref: replace(everybody[ref], key=each.key) for each in found for ref in each.refs
        }
        found, ambiguities = _once(known, _left(everybody.values()))
        matches += found
    return sorted(matches, key=lambda each: each.refs), sorted(
        ambiguities, key=lambda each: each.refs
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What one matching knows beside the records; `seated` says in which systems each key has a record."""

    lineage: str
    entity: str
    rules: Sequence[str]
    meets: Sequence[_Meetings]
    seated: defaultdict[str, set[str]]
    kept: Kept


def _left(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The records not linked yet, and all that they could meet: whoever was just linked is somebody now."""
    everybody = list(candidates)
    marks = {mark for each in everybody if each.key is None for mark in enumerate(each.marks)}
    return [
        each
        for each in everybody
        if each.key is None
        or any(mark in marks for mark in enumerate(each.marks) if mark[1] is not None)
    ]


def _once(known: _Known, candidates: Iterable[Candidate]) -> tuple[list[Match], list[Ambiguity]]:
    """The links and ambiguities of every rule once, by who was linked beforehand; new seats are taken."""
    open_ = {each.ref: each for each in candidates}
    lineage, entity, seated = known.lineage, known.entity, known.seated
    matches: list[Match] = []
    ambiguities: list[Ambiguity] = []
    for place, how in enumerate(known.rules):
        meets = known.meets[place]
        asked: list[tuple[str, set[Ref]]] = []
        for mark, members in sorted(_buckets(open_.values(), place).items()):
            found = _link(lineage, entity, how, mark, members)
            systems = {ref.system for ref in found.refs}
            against = meets.against(members)
            if known.kept.settles(place, members):
                continue
            joins = _is_one_customer(members) and not systems & seated[found.key]
            if not against and joins and not known.kept.forbids(place, members):
                matches.append(found)
                seated[found.key] |= systems
                known.kept.join(found.key, found.refs)
            else:
                asked.append((mark, against | {member.ref for member in members}))
            for member in members:
                open_.pop(member.ref, None)
        linked = {ref for each in matches for ref in each.refs}
        for mark, refs in asked:
            ambiguities.append(Ambiguity(how, mark, tuple(sorted(refs - linked))))
            for ref in refs:
                open_.pop(ref, None)
    return matches, ambiguities


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Who meets whom by the rules that may object: (place, mark) -> records."""

    places: Sequence[int]
    by_mark: Mapping[tuple[int, str], Sequence[Ref]]

    @classmethod
    def of(cls, candidates: Iterable[Candidate], places: Sequence[int]) -> _Meetings:
        found: dict[tuple[int, str], list[Ref]] = defaultdict(list)
        for each in candidates if places else ():
            for place in places:
                mark = each.marks[place]
                if mark is not None:
                    found[place, mark].append(each.ref)
        return cls(places, found)

    def against(self, members: Sequence[Candidate]) -> set[Ref]:
        """Records that a member meets in the system of another member, none of them a member."""
        own = {member.ref for member in members}
        found: set[Ref] = set()
        for member in members:
            others = {ref.system for ref in own} - {member.ref.system}
            for place in self.places:
                met = self.by_mark.get((place, member.marks[place] or ""), ())
                for system in others:
                    there = {ref for ref in met if ref.system == system}
                    found |= set() if there & own else there
        return found


def _seated(candidates: Iterable[Candidate]) -> defaultdict[str, set[str]]:
    """The systems in which each key has a record already: there it takes no second one."""
    seated: defaultdict[str, set[str]] = defaultdict(set)
    for each in candidates:
        if each.key is not None:
            seated[each.key].add(each.ref.system)
    return seated


def _buckets(candidates: Iterable[Candidate], place: int) -> Mapping[str, list[Candidate]]:
    """Records by their mark, where a record not yet linked meets one of another system."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for each in candidates:
        mark = each.marks[place]
        if mark is not None:
            found[mark].append(each)
    return {mark: each for mark, each in found.items() if _is_contact(each)}


def _is_contact(members: Sequence[Candidate]) -> bool:
    systems = {member.ref.system for member in members}
    return len(systems) > 1 and any(member.key is None for member in members)


def _is_one_customer(members: Sequence[Candidate]) -> bool:
    systems = [member.ref.system for member in members]
    keys = {member.key for member in members if member.key is not None}
    return len(systems) == len(set(systems)) and len(keys) <= 1


def _link(lineage: str, entity: str, how: str, mark: str, members: Sequence[Candidate]) -> Match:
    """The key that is known, the one a record was stamped with, or a new one: in this order."""
    known = sorted(member.key for member in members if member.key is not None)
    stamped = [mark] if how == "key" else []
    key = next(iter(known + stamped), None) or key_of(lineage, entity, (m.ref for m in members))
    fresh = tuple(sorted(member.ref for member in members if member.key is None))
    return Match(key, fresh, how)
