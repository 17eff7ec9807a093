"""A mapping file as parts of text, so that it can be changed and keeps its comments.

A part is one key of the head, or one field, with the comments above it. A part whose value does not
change keeps its text to the letter; one that does is written anew under its own comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from crmsync.config.lines import Document, read_yaml
from crmsync.config.yaml_text import entry, item, items
from crmsync.errors import ConfigInvalid

_FIELDS = "fields"
# Lists that are written one line an item, whatever their length.
_LISTED = frozenset(("seats", "match"))


@dataclass(frozen=True, slots=True)
class Part:
    """One key of a mapping, or one field; `key` is blank for a field. Without a value it is a comment."""

    key: str
    text: str
    value: Any

    def with_value(self, value: Any) -> Part:
        """The part with another value; its comments stay above it."""
        if value == self.value:
            return self
        above = _above(self.text)
        inside = {} if self.key else _inside(self.text.splitlines()[len(above) :])
        lines = [*above, *_lines(self.key, value, inside), *inside.get("", ())]
        return replace(self, text=_join(lines), value=value)

    def as_comment(self, reason: str) -> Part:
        """The part where it is, as a comment with a reason: without the first two signs it counts again."""
        lines = self.text.splitlines()
        above = _above(self.text)
        told = [f"  # {reason}"] if reason else []
        quiet = [f"  # {line[2:]}" if line.strip() else line for line in lines[len(above) :]]
        return Part("", _join([*above, *told, *quiet]), None)


@dataclass(frozen=True, slots=True)
class MappingText:
    """The text of one mapping file in parts: what stands above `fields`, and the fields."""

    head: tuple[Part, ...]
    fields: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole file."""
        head = "".join(part.text for part in self.head)
        fields = "".join(part.text for part in self.fields)
        return f"{head}{_FIELDS}:\n{fields.lstrip(chr(10))}"

    @property
    def values(self) -> dict[str, Any]:
        """What the file says, fields that are commented out left out."""
        said = {part.key: part.value for part in self.head if part.key}
        return {**said, _FIELDS: [part.value for part in self.fields if part.value is not None]}

    def head_changed(self, key: str, change: Callable[[Any], Any]) -> MappingText:
        """The mapping with another value of one key, if it is there."""
        head = tuple(p.with_value(change(p.value)) if p.key == key else p for p in self.head)
        return replace(self, head=head)

    def head_without(self, key: str) -> MappingText:
        """The mapping without one key of the head, and the comments above it."""
        return replace(self, head=tuple(part for part in self.head if part.key != key))


def mapping_text(text: str, file: str) -> MappingText:
    """A mapping file in parts; ConfigInvalid if it is no YAML mapping with a list of fields."""
    document = read_yaml(text, file)
    if not isinstance(document, Document):
        raise ConfigInvalid([document])
    if document.slips:
        raise ConfigInvalid(document.slips)
    value = document.value if isinstance(document.value, dict) else {}
    return _parted(text.splitlines(), document, value) or _anew(value)


def _parted(lines: list[str], document: Document, value: dict[str, Any]) -> MappingText | None:
    """The parts of a file in the usual layout, `fields:` last and a dash for each; None for another."""
    fields = value.get(_FIELDS)
    if not isinstance(fields, list) or list(value)[-1] != _FIELDS:
        return None
    keys = list(value)[:-1]
    title = document.place((_FIELDS,))[0] - 1
    dashes = [document.place((_FIELDS, index))[0] - 1 for index in range(len(fields))]
    begun = [document.place((key,))[0] - 1 for key in keys]
    order = [*begun, title, *dashes]
    if sorted(set(order)) != order or not all(lines[at].startswith("  - ") for at in dashes):
        return None
    starts = [_start(lines, at) for at in (*begun, title)]
    head = _cut(lines, starts, keys, [value[key] for key in keys])
    lead = Part("", _join(lines[starts[-1] : title]), None)
    inner = [_start(lines, at) for at in dashes]
    return MappingText(
        (*head, lead), tuple(_cut(lines, [*inner, len(lines)], [""] * len(fields), fields))
    )


def field_part(value: dict[str, Any], remarks: Sequence[str] = ()) -> Part:
    """A field that was not there before, under remarks of one line each."""
    told = [f"  # {each}" for each in remarks]
    return Part("", _join(["", *told, *_lines("", value)]), value)


def remark_part(remarks: Sequence[str]) -> Part:
    """Remarks among the fields."""
    return Part("", _join(["", *(f"  # {each}".rstrip() for each in remarks)]), None)


def without_remarks(text: str, begun: Sequence[str]) -> str:
    """The text without paragraphs of comments that begin with one of some words."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        told = lines[0].lstrip(" #") if lines else ""
        quiet = all(line.lstrip().startswith("#") for line in lines)
        if not (lines and quiet and told.startswith(tuple(begun))):
            kept.append(paragraph)
    return "\n\n".join(kept).rstrip("\n") + "\n"


def _anew(value: dict[str, Any]) -> MappingText:
    """The parts of a mapping that is laid out in a way of its own: what it says stays, comments go."""
    fields = value.get(_FIELDS)
    head = [
        Part(key, _join(_lines(key, each)), each) for key, each in value.items() if key != _FIELDS
    ]
    written = (field_part(each) for each in (fields if isinstance(fields, list) else []))
    return MappingText((*head, Part("", "\n", None)), tuple(written))


def _cut(
    lines: Sequence[str], starts: Sequence[int], keys: Sequence[str], values: Sequence[Any]
) -> list[Part]:
    """One part a key, each from its start to the next one's."""
    bounds = pairwise(starts)
    return [
        Part(key, _join(lines[start:end]), value)
        for key, value, (start, end) in zip(keys, values, bounds, strict=True)
    ]


def _start(lines: Sequence[str], at: int) -> int:
    """The first line of what begins at a line: comments and blank lines above belong to it."""
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return at


def _above(text: str) -> list[str]:
    """Comments and blank lines a part begins with."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        found.append(line)
    return found


_KEY = re.compile(r" {4}(\S[^:]*):")


def _inside(lines: Sequence[str]) -> dict[str, list[str]]:
    """Comments within a field by the key they stand above; those at its end under a blank key."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    for line in lines:
        key = _KEY.match(line)
        if line.lstrip().startswith("#"):
            waiting.append(line)
        elif key:
            found[key[1]], waiting = waiting, []
    return found | {"": waiting}


def _lines(key: str, value: Any, inside: dict[str, list[str]] | None = None) -> list[str]:
    if not key:
        return item(value, 2, inside)
    if key in _LISTED and isinstance(value, list) and value:
        return [f"{key}:", *items(value, 2)]
    return entry(key, value)


def _join(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
