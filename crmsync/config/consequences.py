"""Complaints that are only due to what could not be read: they would go with the mistake that was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from crmsync.config.edits import value_at
from crmsync.config.lines import Document, Path
from crmsync.errors import Problem

Complaint = tuple[Path, str, str, str]
"""Where, code, message, remedy."""
Needs = Mapping[str, tuple[str, ...]]
"""By code, what a complaint rests on besides its own place.

key     a key beside it: of the same field
./key   a key below its place
/key    a key of the whole file
/key*   that key and everything in it
#       the names of all fields
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document, and what complaints about it rest on."""

    document: Document
    lost: Collection[Path] = ()
    needs: Needs = default(default_factory=dict)

    def problems(self, complaints: Iterable[Complaint]) -> list[Problem]:
        """The complaints with their places, in order; without those that are only consequences."""
        found = [
            Problem(self.document.file, *self.document.place(path), code, message, remedy)
            for path, code, message, remedy in complaints
            if not self.follows(path, code)
        ]
        return sorted(found, key=lambda each: (each.line, each.column, each.code))

    def follows(self, path: Path, code: str) -> bool:
        """True if a complaint may only be there because something could not be read."""
        return bool(self.lost) and (
            any(path[: len(lost)] == lost for lost in self.lost)
            or any(self._lacks(path, need) for need in self.needs.get(code, ()))
            or any(self.is_broken(at) for at in self._named(path))
        )

    def is_broken(self, field: Path) -> bool:
        """True for a field of which something could not be read."""
        return any(lost[: len(field)] == field for lost in self.lost)

    def _lacks(self, path: Path, need: str) -> bool:
        if need == "#":
            return any(_is_a_name(lost) for lost in self.lost)
        key = need.lstrip("./").rstrip("*")
        wanted: Path = (*self._base(path, need), key)
        size = len(wanted) if need.endswith("*") else None
        return any(lost[:size] == wanted for lost in self.lost)

    def _base(self, path: Path, need: str) -> Path:
        if need.startswith("/"):
            return ()
        return path if need.startswith("./") else path[:2]

    def _named(self, path: Path) -> Iterator[Path]:
        """Other fields that are named where a complaint stands."""
        words = set(_texts(value_at(self.document.value, path)))
        for at, field in enumerate(value_at(self.document.value, ("fields",)) or ()):
            place: Path = ("fields", at)
            if path[:2] != place and isinstance(field, dict) and field.get("field") in words:
                yield place


def _is_a_name(lost: Path) -> bool:
    return lost[:1] == ("fields",) and (len(lost) < 3 or lost[2:] == ("field",))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
        if isinstance(value, dict):
            yield from value
