"""Other writers against the mapping: fields nobody knows, and values that go in a circle.

What the declaration gets wrong by itself is told by `project_checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path as FilePath

from crmsync.config.decode import nearest
from crmsync.config.lines import Document, read_file
from crmsync.config.mappings import FOLDER
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

_ALIKE = 0.8
"""How much an unmapped name has to be like a mapped one to be worth a remark: MailingCty, MailingCity."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What has to be mended, and what is only worth knowing; both in order of place."""

    problems: list[Problem] = default(default_factory=list)
    remarks: list[Problem] = default(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Files:
    """Where things stand: crmsync.yml as it was read, and the folder of the mapping."""

    root: FilePath
    project: Document

    def of(self, place: Place) -> tuple[str, int, int]:
        """File, line and column of an edge."""
        first, second = place
        if isinstance(first, int):
            return (
                self.project.file,
                *self.project.place(("writers", first, "copies", int(second))),
            )
        return _field_place(self.root, first, str(second))


def check_writers(
    root: FilePath, project: Project, mapping: WorkspaceMapping, document: Document
) -> Checked:
    """Everything about other writers that needs the mapping to be seen. Reads its files only for places."""
    files = _Files(root, document)
    found = Checked()
    for number, writer in enumerate(project.writers):
        _known_fields(found, files, mapping, number, writer)
    ours = our_edges(mapping, project.read_only())
    found.problems.extend(_shared(files, ours))
    for cycle in cycles([*ours, *their_edges(project.writers)]):
        reasons = _agreed(cycle, project.writers)
        (found.remarks if reasons else found.problems).append(_told(cycle, files, reasons))
    for each in (found.problems, found.remarks):
        each.sort(key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
    return found


def _known_fields(
    found: Checked, files: _Files, mapping: WorkspaceMapping, number: int, writer: Writer
) -> None:
    natives = _natives(mapping)
    for copy_number, copy in enumerate(writer.copies):
        for key, text in (("from", copy.from_), ("to", copy.to)):
            path = ("writers", number, "copies", copy_number, key)
            line, column = files.project.place(path)
            for is_remark, code, message, remedy in _unknown(text, natives):
                kept = found.remarks if is_remark else found.problems
                kept.append(Problem(files.project.file, line, column, code, message, remedy))


def _natives(mapping: WorkspaceMapping) -> dict[str, dict[str, set[str]]]:
    """Mapped native fields by system and object."""
    found: dict[str, dict[str, set[str]]] = {}
    for entity in mapping.entities:
        for system in entity.systems:
            for seat in entity.seats_of(system):
                names = {each.name_in(system, seat.object) for each in entity.fields} - {None}
                kept = found.setdefault(system, {}).setdefault(seat.object, set())
                kept |= {name for name in names if name}
    return found


def _unknown(
    text: str, natives: Mapping[str, Mapping[str, set[str]]]
) -> Iterator[tuple[bool, str, str, str]]:
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


def _shared(files: _Files, ours: Sequence[Edge]) -> Iterator[Problem]:
    for target, edges in shared_targets(ours):
        names = " and ".join(f"'{'.'.join(map(str, edge.place))}'" for edge in edges)
        remedy = "leave it to one of them: `direction: none` in the other, or a `where` that keeps them apart"
        yield Problem(
            *files.of(edges[-1].place), "CRM068", f"{target} is written by {names}", remedy
        )


def _agreed(cycle: Cycle, writers: Sequence[Writer]) -> list[str]:
    """Why people accept a circle; none unless every declared writer in it says so."""
    numbers = dict.fromkeys(int(edge.place[0]) for edge in cycle.theirs)
    reasons = [writers[number].agreed.strip() for number in numbers]
    return reasons if all(reasons) else []


def _told(cycle: Cycle, files: _Files, reasons: Sequence[str]) -> Problem:
    """A circle at the line of the other writer's copy, or of our field where there is none."""
    edge = (cycle.theirs or cycle.edges)[0]
    place = files.of(edge.place)
    if reasons:
        because = "; ".join(dict.fromkeys(" ".join(each.split()) for each in reasons))
        message = f"values go in a circle, as agreed: {cycle.drawn()}"
        return Problem(*place, "CRM069", message, f"because: {because}")
    return Problem(*place, "CRM067", f"values go in a circle: {cycle.drawn()}", _remedy(cycle))


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


def _field_place(root: FilePath, entity: str, name: str) -> tuple[str, int, int]:
    """Where a field of ours is declared."""
    for path in sorted((root / FOLDER).glob("*.yml")):
        document = read_file(path, f"{FOLDER}/{path.name}")
        if isinstance(document, Document) and document.value.get("entity") == entity:
            fields = [each.get("field") for each in document.value["fields"]]
            return (document.file, *document.place(("fields", fields.index(name))))
    return (FOLDER, 0, 0)
