"""One file of `mappings/`: the entity in it as far as it can be understood, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from crmsync.config.consequences import Known
from crmsync.config.decode import Decoded, in_order, understand
from crmsync.config.defects import or_defect
from crmsync.config.edits import put, taken_out, value_at
from crmsync.config.lines import Document, Path, read_yaml, text_of
from crmsync.config.mapping_checks import check_entity, policies_in_no_form
from crmsync.config.project_checks import NAME
from crmsync.core.mapping import Entity
from crmsync.errors import Problem

FOLDER = "mappings"
_NAMED = re.compile(r"^entity:\s*[\"'“]?(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a field takes from the workspace where it says nothing itself.

    `objects` are those of systems that declare theirs: seats in others are left out. `exports` are the systems that
    are files, whose flags are read in the words that people write.
    """

    region: str | None = None
    currency: str = ""
    timezone: str = "UTC"
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exports: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A file of the mapping. `name` is the entity it is about, also where that has to be guessed.

    `entity` is None if nothing of the file can be understood. `lost` are the parts nobody can tell.
    """

    file: str
    name: str
    document: Document
    entity: Entity | None
    lost: frozenset[Path]
    problems: list[Problem]

    @property
    def known(self) -> Known:
        """What is known of the file."""
        return Known(self.document, self.lost)

    def place(self, path: Path) -> tuple[str, int, int]:
        """File, line and column of a path."""
        return (self.file, *self.document.place(path))

    def named(self, name: str) -> Path | None:
        """Where the field of a name stands, the first one if there are several."""
        fields = self.entity.fields if self.entity else []
        return next((("fields", at) for at, each in enumerate(fields) if each.field == name), None)


def read_mapping_file(path: FilePath, defaults: Defaults) -> MappingFile:
    """The entity of a file, checked by itself. Reads only that file."""
    file = f"{FOLDER}/{path.name}"
    return or_defect(
        file,
        lambda: _understood(path, file, defaults),
        lambda problem: _unread(file, path.stem, problem),
    )


def _unread(file: str, name: str, problem: Problem) -> MappingFile:
    """A file of which nothing is known but why."""
    bare, nothing = Document(file, None, {}), frozenset[Path]({()})
    return MappingFile(file, name, bare, None, nothing, [problem])


def _understood(path: FilePath, file: str, defaults: Defaults) -> MappingFile:
    text = text_of(path, file)
    document = text if isinstance(text, Problem) else read_yaml(text, file)
    if isinstance(document, Problem):
        return _unread(file, _guessed(path, text), document)
    found = _in_one_policy(understand(Entity, with_flag_words(document)))
    if found.value is None:
        return MappingFile(file, path.stem, document, None, found.lost, found.problems)
    lost, entity = found.lost, found.value
    # What crmsync.yml says of zones and regions is checked there.
    by_itself = _with_defaults(entity, Defaults(currency=defaults.currency))
    problems = [*found.problems, *check_entity(by_itself, found.document, lost)]
    if ("entity",) in lost or not NAME.fullmatch(entity.entity):
        lost, entity = lost | {("entity",)}, replace(entity, entity=path.stem)
    entity = _with_defaults(entity, defaults)
    return MappingFile(file, entity.entity, found.document, entity, lost, in_order(problems))


def with_flag_words(document: Document) -> Document:
    """The document with `true` and `false` as words where a flag's `values` have them without quotes."""
    fields = value_at(document.value, ("fields",))
    for at, said_of in enumerate(fields if isinstance(fields, list) else ()):
        values = said_of.get("values") if isinstance(said_of, dict) else None
        if not isinstance(values, dict) or said_of.get("type") != "flag":
            continue
        for system, said in values.items():
            for native, ours in said.items() if isinstance(said, dict) else ():
                if isinstance(ours, bool):
                    path = ("fields", at, "values", system, native)
                    document = put(document, path, "true" if ours else "false")
    return document


def _guessed(path: FilePath, text: str | Problem) -> str:
    """The entity of a file that is no YAML: what it seems to say, else the file's own name."""
    said = _NAMED.search(text) if isinstance(text, str) else None
    return said[1] if said else path.stem


def _in_one_policy(found: Decoded[Entity]) -> Decoded[Entity]:
    """The entity without policies that say nothing, or several things at once."""
    if found.value is None:
        return found
    complaints = list(policies_in_no_form(found.value))
    if not complaints:
        return found
    document = found.document
    for path, *_ in complaints:
        document = taken_out(document, path)
    again = understand(Entity, document)
    problems = [*found.problems, *Known(found.document).problems(complaints)]
    lost = found.lost | {path for path, *_ in complaints}
    return Decoded(again.value, document, problems, lost)


def _with_defaults(entity: Entity, defaults: Defaults) -> Entity:
    fields = [
        replace(
            each,
            region=each.region or defaults.region,
            currency=each.currency or defaults.currency,
            timezone=each.timezone or defaults.timezone,
        )
        for each in entity.fields
    ]
    return replace(entity, fields=fields)
