"""Other writers against the mapping: fields nobody knows, and values that go in a circle.

What the declaration gets wrong by itself is told by `project_checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default

from crmsync.config.decode import nearest
from crmsync.config.lines import Document
from crmsync.config.mappings import Mappings
from crmsync.config.project_checks import guess
from crmsync.config.project_form import Project
from crmsync.core.cycles import (
    Cycle,
    Edge,
    Place,
    cycles,
    our_edges,
    shared_targets,
    their_edges,
)
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.writers import Writer, spot_of
from crmsync.errors import Problem

Natives = Mapping[str, Mapping[str, set[str]]]
"""Native fields by system and object."""
_ALIKE = 0.8
"""How much an unmapped name has to be like a mapped one to be worth a remark: MailingCty, MailingCity."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What has to be mended, and what is only worth knowing; both in order of place."""

    problems: list[Problem] = default(default_factory=list)
    remarks: list[Problem] = default(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Files:
    """Where things stand: crmsync.yml and the files of the mapping, as they were read."""

    project: Document
    mappings: Mappings

    def of(self, place: Place) -> tuple[str, int, int]:
        """File, line and column of an edge."""
        first, second = place
        if isinstance(first, int):
            path = ("writers", first, "copies", int(second))
            return (self.project.file, *self.project.place(path))
        file = self.mappings.files[first]
        return file.place(file.named(str(second)) or ())


def check_writers(project: Project, mappings: Mappings, document: Document) -> Checked:
    """Everything about other writers that needs the mapping to be seen, as far as that can be understood."""
    files = _Files(document, mappings)
    mapping = mappings.mapping
    found = Checked()
    natives = _natives(mapping)
    for number, writer in enumerate(project.writers):
        _known_fields(found, files, natives, number, writer, set(project.systems))
    ours = our_edges(mapping, project.read_only())
    shared = shared_targets(ours)
    found.problems.extend(_shared(files, *each) for each in shared)
    told = [{edge.place for edge in edges} for _, edges in shared]
    for cycle in cycles([*ours, *their_edges(project.writers)]):
        if not cycle.theirs and any(cycle.places <= each for each in told):
            continue  # two fields of ours on one native field: said above
        reasons = _agreed(cycle, project.writers)
        (found.remarks if reasons else found.problems).append(_told(cycle, files, reasons))
    for each in (found.problems, found.remarks):
        each.sort(key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
    return found


def _known_fields(
    found: Checked,
    files: _Files,
    natives: Natives,
    number: int,
    writer: Writer,
    systems: set[str],
) -> None:
    for copy_number, copy in enumerate(writer.copies):
        for key, text in (("from", copy.from_), ("to", copy.to)):
            spot = spot_of(text)
            if spot is None or spot[0] not in systems:
                continue  # told by project_checks
            path = ("writers", number, "copies", copy_number, key)
            line, column = files.project.place(path)
            for is_remark, code, message, remedy in _unknown(text, natives):
                if code == "CRM063" and not files.mappings.whole:
                    continue  # The seat may be in what could not be understood.
                kept = found.remarks if is_remark else found.problems
                kept.append(Problem(files.project.file, line, column, code, message, remedy))


def _natives(mapping: WorkspaceMapping) -> Natives:
    """The mapped native fields."""
    found: dict[str, dict[str, set[str]]] = {}
    for entity in mapping.entities:
        for system in entity.systems:
            for seat in entity.seats_of(system):
                names = {each.name_in(system, seat.object) for each in entity.fields} - {None}
                kept = found.setdefault(system, {}).setdefault(seat.object, set())
                kept |= {name for name in names if name}
    return found


def _unknown(text: str, natives: Natives) -> Iterator[tuple[bool, str, str, str]]:
    """Whether it is only a remark, code, message and remedy of a field that no mapping names."""
    system, object_, native = spot_of(text) or ("", "", "")
    objects = natives.get(system, {})
    if object_ not in objects:
        advice = guess(object_, objects, f"use one of {', '.join(sorted(objects)) or '-'}")
        yield False, "CRM063", f"'{text}': no seat in object '{object_}' of {system}", advice
        return
    known = sorted(objects[object_])
    folded = {name.casefold(): name for name in known}
    if native in known:
        return
    if native.casefold() in folded:
        meant = f"did you mean '{folded[native.casefold()]}'?"
        yield False, "CRM064", f"'{text}' is not mapped under this spelling", meant
    elif near := nearest(native, known, _ALIKE):
        advice = f"leave it if it is another field; did you mean '{near}'?"
        yield True, "CRM064", f"'{text}' is not mapped", advice


def _shared(files: _Files, target: str, edges: Sequence[Edge]) -> Problem:
    names = " and ".join(f"'{'.'.join(map(str, edge.place))}'" for edge in edges)
    remedy = "leave it to one of them: `direction: none` in the other, or a `where` that keeps them apart"
    place = files.of(edges[-1].place)
    return Problem(*place, "CRM068", f"{_plain(target)} is written by {names}", remedy)


def _agreed(cycle: Cycle, writers: Sequence[Writer]) -> list[str]:
    """Why people accept a circle; none unless every declared writer in it says so."""
    numbers = dict.fromkeys(int(edge.place[0]) for edge in cycle.theirs)
    reasons = [writers[number].agreed.strip() for number in numbers]
    return reasons if all(reasons) else []


def _told(cycle: Cycle, files: _Files, reasons: Sequence[str]) -> Problem:
    """A circle at the line of the other writer's copy, or of our field where there is none."""
    edge = (cycle.theirs or cycle.edges)[0]
    place = files.of(edge.place)
    drawn = _plain(cycle.drawn())
    if reasons:
        because = "; ".join(dict.fromkeys(map(_plain, reasons)))
        message = f"values go in a circle, as agreed: {drawn}"
        return Problem(*place, "CRM069", message, f"because: {because}")
    return Problem(*place, "CRM067", f"values go in a circle: {drawn}", _remedy(cycle))


def _plain(text: str) -> str:
    """The text on one line, without what a terminal would obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _remedy(cycle: Cycle) -> str:
    ours = _one_of(edge.writer.partition(" ")[2] for edge in cycle.edges if edge.is_ours)
    if not cycle.theirs:
        return f"write `direction: none` in {ours}"
    others = _one_of(edge.writer for edge in cycle.theirs)
    if not ours:
        return f"take the field out of {others}, or say under `agreed:` why it may stay"
    return (
        f"leave the field to one: `direction: none` in {ours}, or take it out of {others}; "
        "or say under `agreed:` why it may stay"
    )


def _one_of(names: Iterable[str]) -> str:
    """A name, or `one of` several."""
    each = list(dict.fromkeys(names))
    return f"one of {', '.join(each)}" if len(each) > 1 else "".join(each)
