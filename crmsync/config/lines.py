"""YAML with the line and column of every key and value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from functools import lru_cache
from io import StringIO
from math import isfinite
from pathlib import Path as FilePath
from typing import Any

from crmsync.config.loading import TooLong, has_tag, loader
from crmsync.config.quotes import bare, is_ambiguous
from crmsync.config.weighing import least_values, too_deep
from crmsync.errors import Problem

Path = tuple[str | int, ...]
Place = tuple[int, int]
# A mapping of a thousand fields has some 20,000 values; anchors of anchors reach a million in ten lines.
_MOST = 50_000
# Some 3,000 fields with their remarks; a reader that keeps places takes a minute for five times as much.
_LARGEST = 1_000_000
_WIDEST = 2**63
_NO_VALUE = ("a tag or a list where a plain value belongs", "write a plain value")


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: plain values, and where each path begins (line and column from 1).

    `slips` are what is wrong with single values of a document that can be read otherwise; `lost` are those
    values that nobody can tell for it, which are None here. `unquoted` and `unquoted_keys` are words such as
    `no` and `10:30` without quotes, which older YAML takes for something else than a text.
    """

    file: str
    value: Any
    places: Mapping[Path, Place]
    first_line: int = 1
    slips: tuple[Problem, ...] = ()
    lost: frozenset[Path] = frozenset()
    unquoted: frozenset[Path] = frozenset()
    unquoted_keys: frozenset[Path] = frozenset()

    def place(self, path: Path) -> Place:
        """Where a path, or the nearest part of it that exists, begins."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (self.first_line, 1))


class _Unfit(Exception):
    """A part of a document that is no plain value: where, what, and what helps."""

    def __init__(self, path: Path, message: str, remedy: str, code: str = "CRM005") -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.remedy = remedy
        self.code = code


def read_file(path: FilePath, file: str) -> Document | Problem:
    """The document in a file, or the one problem that keeps it from being read."""
    text = text_of(path, file)
    return text if isinstance(text, Problem) else read_yaml(text, file)


def text_of(path: FilePath, file: str) -> str | Problem:
    """The text of a file, or the one problem that keeps it from being read: what is no UTF-8 has a place."""
    try:
        if path.is_fifo() or path.is_char_device() or path.is_socket():
            said = "cannot be read: it is no ordinary file"
            return Problem(file, 0, 0, "CRM006", said, "make it a file that you may read")
        size = path.stat().st_size
        if size > _LARGEST:
            said = f"the file has {size / 1e6:.1f} MB, which no file of this kind needs"
            return Problem(
                file, 0, 0, "CRM007", said, "keep it below 1 MB; records belong in a CSV"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return _no_utf8(error, file)
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}"
        return Problem(file, 0, 0, "CRM006", said, "make it a file that you may read")


def _no_utf8(error: UnicodeDecodeError, file: str) -> Problem:
    """The first sign that is no UTF-8: a file from an editor that writes another encoding."""
    before = error.object[: error.start].decode("utf-8")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    said = "this sign is not in UTF-8: the file was saved in another encoding"
    return Problem(file, line, column, "CRM001", said, "save the file as UTF-8")


@lru_cache(maxsize=512)  # more than a workspace has files, else none is found again
def read_yaml(text: str, file: str, first_line: int = 1) -> Document | Problem:
    """A document, or the one problem that keeps it from being read. YAML 1.2: `no` is text.

    A text that was read before is not read again: the reader takes 0.1 s for the reference set's contacts, and
    lint, plan and every run of a longer process ask for the same files several times. Nobody changes a document.
    """
    from ruamel.yaml.error import YAMLError

    places: dict[Path, Place] = {}
    document = Document(file, None, places, first_line)
    reader = _Reader(places, first_line - 1, text.count("\n") + 1)
    if too_heavy := _too_heavy(text, file, first_line, reader):
        return too_heavy
    try:
        value = reader.plain(loader().load(StringIO(text)), ())
    except YAMLError as error:
        return _syntax(error, file, first_line - 1, text)
    except RecursionError:
        return _nested(file, first_line)
    except _Unfit as error:
        return _told(document, error)
    slips = tuple(_told(document, each) for each in reader.slips)
    return replace(
        document,
        value=value,
        slips=slips,
        lost=frozenset(reader.lost),
        unquoted=frozenset(reader.unquoted),
        unquoted_keys=frozenset(reader.unquoted_keys),
    )


def _too_heavy(text: str, file: str, first_line: int, reader: _Reader) -> Problem | None:
    """The problem of a text that the reader would spend seconds on, only to say the same."""
    line = too_deep(text)
    if line is not None:
        return _nested(file, first_line + line)
    if len(text) > _MOST and least_values(text) > _MOST:
        return _told(Document(file, None, {}, first_line), reader.too_much())
    return None


def _nested(file: str, line: int) -> Problem:
    said = "the file contains itself, or is nested too deep"
    return _problem(file, line, 1, "CRM001", said, "write it without anchors")


def _told(document: Document, unfit: _Unfit) -> Problem:
    place = document.place(unfit.path)
    return _problem(document.file, *place, unfit.code, unfit.message, unfit.remedy)


@dataclass(slots=True)
class _Reader:
    """Turns ruamel's tree into plain values and notes where each begins, and which are no plain values."""

    places: dict[Path, Place]
    shift: int
    lines: int = 0
    seen: int = 0
    repeated: bool = False
    met: set[int] = default(default_factory=set)
    slips: list[_Unfit] = default(default_factory=list)
    lost: set[Path] = default(default_factory=set)
    unquoted: set[Path] = default(default_factory=set)
    unquoted_keys: set[Path] = default(default_factory=set)

    def too_much(self) -> _Unfit:
        """What makes it so much: anchors, by which one node stands in many places, or the file itself."""
        if self.repeated:
            return _Unfit((), "anchors make the file far too big", "write it without anchors")
        said = (
            f"the file has {self.lines} lines and more than {_MOST} values, too many for one file"
        )
        return _Unfit((), said, "split it, one file an entity; records belong in a CSV")

    def plain(self, node: Any, path: Path, above: frozenset[int] = frozenset()) -> Any:
        """The plain value of a node. `above` are the nodes it is inside of."""
        self.seen += 1
        if self.seen > _MOST:
            raise self.too_much()
        if id(node) in above:
            raise RecursionError
        self._meet(node)
        try:
            return self._value(node, path, above | {id(node)})
        except _Unfit as error:
            if not error.path or not path:
                raise
            self.slips.append(error)
            self.lost.add(path)
            return None

    def _meet(self, node: Any) -> None:
        """Notes a node that stands in several places: an anchor."""
        if isinstance(node, Mapping | list):
            self.repeated = self.repeated or id(node) in self.met
            self.met.add(id(node))

    def _value(self, node: Any, path: Path, above: frozenset[int]) -> Any:
        if isinstance(node, Mapping | list) and has_tag(node):
            raise _Unfit(path, *_NO_VALUE)
        if isinstance(node, Mapping):
            return self._mapping(node, path, above)
        if isinstance(node, list):
            return self._list(node, path, above)
        return self._scalar(node, path)

    def _mapping(self, node: Any, path: Path, above: frozenset[int]) -> dict[str, Any]:
        if getattr(node, "merge", None):
            self._note((*path, "<<"), node.lc.key("<<"))
            raise _Unfit((*path, "<<"), "'<<' is not used here", "write the keys out")
        found: dict[str, Any] = {}
        for key, value in node.items():
            name = _key(bare(key), path)
            self._note((*path, name), node.lc.key(key))
            if bare(key) is not key:
                self.slips.append(_curly((*path, name), name))
            if is_ambiguous(key):
                self.unquoted_keys.add((*path, name))
            found[name] = self.plain(value, (*path, name), above)
        return found

    def _list(self, node: Any, path: Path, above: frozenset[int]) -> list[Any]:
        for index in range(len(node)):
            self._note((*path, index), node.lc.item(index))
        return [self.plain(value, (*path, index), above) for index, value in enumerate(node)]

    def _note(self, path: Path, place: Place | None) -> None:
        """Where a path begins; what the reader gives no place for has that of what it is in."""
        if place is not None:
            self.places[path] = (place[0] + 1 + self.shift, place[1] + 1)

    def _scalar(self, node: Any, path: Path) -> Any:
        """A plain value; one in curly quotes is told, and taken as it was meant."""
        text = bare(node)
        if text is not node:
            self.slips.append(_curly(path, text))
        if is_ambiguous(node):
            self.unquoted.add(path)
        return _scalar(text, path)


def _curly(path: Path, text: str) -> _Unfit:
    message = "a curly quote: it would be a part of the text"
    return _Unfit(
        path, message, f"write straight quotes: {json.dumps(text, ensure_ascii=False)}", "CRM001"
    )


def _key(key: Any, path: Path) -> str:
    """A key as the text it is in the file: `true` is 'true', not 'True'."""
    text = _scalar(key, path)
    if isinstance(text, bool):
        return "true" if text else "false"
    return str(text)


def _scalar(node: Any, path: Path) -> Any:
    """Numbers and texts without ruamel's own subclasses; those JSON has no word for are text."""
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, int):
        return int(node) if abs(int(node)) < _WIDEST else str(int(node))
    if isinstance(node, float):
        return float(node) if isfinite(node) else str(float(node))
    if isinstance(node, TooLong):
        raise _Unfit(path, f"a number of {len(node)} digits", "write it in quotes if it is a text")
    if isinstance(node, str):
        return _text(str(node), path)
    raise _Unfit(path, *_NO_VALUE)


def _text(text: str, path: Path) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit(path, "half a character", "write the character itself") from None
    return text


def _syntax(error: Exception, file: str, shift: int, text: str) -> Problem:
    said = " ".join(str(getattr(error, "problem", None) or "this is no YAML").split())
    known = next((each for start, each in _USUAL.items() if said.startswith(start)), None)
    known = known or _twice(said)
    message, remedy, place = known or (said, "correct the YAML at this place", "problem_mark")
    mark = getattr(error, place, None) or getattr(error, "problem_mark", None)
    mark = mark or getattr(error, "context_mark", None)
    line, column = (mark.line + 1 + shift, mark.column + 1) if mark else (shift + 1, 1)
    if known is _USUAL[_COLON] and mark and _is_a_key(_before(text, mark.line, mark.column)):
        message, remedy, _place = _USUAL[_BLOCK]
    return _problem(file, line, column, "CRM001", message, remedy)


def _twice(said: str) -> tuple[str, str, str] | None:
    """A key that stands twice in one mapping, in our words."""
    found = re.match(r'found duplicate key "(.*?)"(?: with value|$)', said)
    if found is None:
        return None
    return f"'{found[1]}' is there twice", "write one of them, with what both say", "problem_mark"


def _before(text: str, line: int, column: int) -> str:
    """What stands before a place; lines and columns count from 0."""
    lines = text.splitlines()
    return lines[line][:column] if line < len(lines) else ""


def _is_a_key(before: str) -> bool:
    """True if what stands before a colon looks like a key: then its line is indented too deep, and the colon right."""
    return re.fullmatch(r"\s*(- +)?[A-Za-z_]+", before) is not None


_BLOCK, _COLON = "expected <block end>", "mapping values are not allowed"
# What people get wrong most, in their words: how the YAML reader begins to say it, message, remedy, and which of
# its two places is the one to look at.
_USUAL = {
    "found character '\\t'": (
        "a tab stands here",
        "use blanks: YAML knows no tabs",
        "problem_mark",
    ),
    _BLOCK: (
        "this line does not stand below the lines it belongs to",
        "indent it with as many blanks as its neighbours",
        "problem_mark",
    ),
    _COLON: (
        "a colon inside a text",
        'put the text in quotes: "..."',
        "problem_mark",
    ),
    "could not find expected ':'": (
        "a key without a colon and a blank behind it",
        "write `key: value`",
        "context_mark",
    ),
}


def _problem(file: str, line: int, column: int, code: str, message: str, remedy: str) -> Problem:
    return Problem(file, line, column, code, message, remedy)
