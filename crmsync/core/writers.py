"""Whoever else writes the fields that a mapping writes: connectors, workflows, flows.

The dataclasses of this page are the form of `writers:` in crmsync.yml. A native field is spelled
`system/object.field` in them, in paths of cycles and in what people read.

Must not know: what another writer does beyond what was declared of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crmsync.core.planning import Change, Line

Spot: TypeAlias = tuple[str, str, str]
"""System, object and native field."""


def as_in_the_file(name: str) -> str:
    """`from` is no name in Python, so its field ends in an underscore."""
    return name.removesuffix("_")


_STRICT = {"extra": "forbid", "alias_generator": as_in_the_file}


@dataclass(frozen=True, slots=True)
class Copy:
    """One field that another writer copies to another; `two_way` copies back, too."""

    __pydantic_config__ = _STRICT
    from_: str
    to: str
    rule: Literal["one_way", "two_way"] = "one_way"

    def ways(self) -> list[tuple[str, str]]:
        """Each way a value goes: from where, to where."""
        there = (self.from_, self.to)
        return [there, there[::-1]] if self.rule == "two_way" else [there]


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody else who writes. `agreed` is the reason why people accept what goes round through it."""

    __pydantic_config__ = _STRICT
    name: str
    copies: list[Copy]
    kind: Literal["native_connector", "workflow", "flow", "other"] = "other"
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Planned cells that a declared writer has to do with, counted by our field.

    `writes` are cells that it writes as well, `copies` those that it carries on to other fields.
    """

    writer: str
    writes: Mapping[str, int]
    copies: Mapping[str, int]


def spelled(system: str, object_: str, native: str) -> str:
    """A native field in one word: `salesforce/Contact.Phone`."""
    return f"{system}/{object_}.{native}"


def spot_of(text: str) -> Spot | None:
    """System, object and native field of such a word; None if it is none."""
    system, slash, rest = text.partition("/")
    object_, dot, native = rest.partition(".")
    parts = (system, object_, native)
    whole = slash and dot and text.isprintable() and all(part.strip() == part for part in parts)
    return parts if whole and all(parts) else None


def written_by(writers: Iterable[Writer]) -> dict[str, list[str]]:
    """Names of those who write each native field, in the order they are declared."""
    return _by_end(writers, 1)


def copied_by(writers: Iterable[Writer]) -> dict[str, list[str]]:
    """Names of those who read each native field to copy it on, in the order they are declared."""
    return _by_end(writers, 0)


def _by_end(writers: Iterable[Writer], end: Literal[0, 1]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for writer in writers:
        spots = dict.fromkeys(way[end] for copy in writer.copies for way in copy.ways())
        for spot in spots:
            found.setdefault(spot, []).append(writer.name)
    return found


def overlaps(
    lines: Iterable[Line], names: Mapping[str, str], writers: Iterable[Writer]
) -> list[Overlap]:
    """What of a plan each declared writer writes as well or carries on; those it leaves alone are left out.

    `names` are those of the plan's header: `contact.phone hubspot/contacts` to `phone`.
    """
    declared = list(writers)
    ends = (written_by(declared), copied_by(declared))
    counted: dict[tuple[str, int], Counter[str]] = {}
    for name, spot in _planned(lines, names) if declared else ():
        for number, end in enumerate(ends):
            for writer in end.get(spot, ()):
                counted.setdefault((writer, number), Counter())[name] += 1
    found = [
        Overlap(each.name, *(dict(counted.get((each.name, end), {})) for end in (0, 1)))
        for each in declared
    ]
    return [each for each in found if each.writes or each.copies]


def _planned(lines: Iterable[Line], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Our name and the native field of every cell that a plan writes."""
    for change in (line for line in lines if isinstance(line, Change)):
        for cell in change.cells:
            name = f"{change.entity}.{cell.field}"
            native = names.get(f"{name} {change.system}/{change.object}")
            if native:
                yield name, spelled(change.system, change.object, native)
