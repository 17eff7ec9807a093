"""YAML with the line and column of every key and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from crmsync.errors import Problem

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: plain values, and where each path begins (line and column from 1)."""

    file: str
    value: Any
    places: Mapping[Path, Place]
    first_line: int = 1

    def place(self, path: Path) -> Place:
        """Where a path, or the nearest part of it that exists, begins."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (self.first_line, 1))


def read_yaml(text: str, file: str, first_line: int = 1) -> Document | Problem:
    """A document, or the one problem that keeps it from being read. YAML 1.2: `no` is text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt", pure=True)
    try:
        tree = yaml.load(StringIO(text))
        places: dict[Path, Place] = {}
        value = _plain(tree, (), places, first_line - 1, set())
    except YAMLError as error:
        return _syntax(error, file, first_line - 1)
    except RecursionError:
        return _problem(
            file, first_line, 1, "CRM001", "the file contains itself", "remove the anchor"
        )
    return Document(file, value, places, first_line)


def _plain(node: Any, path: Path, places: dict[Path, Place], shift: int, above: set[int]) -> Any:
    if id(node) in above:
        raise RecursionError
    inner = above | {id(node)}
    if isinstance(node, Mapping):
        for key in node:
            line, column = node.lc.key(key)  # type: ignore[attr-defined]  # ruamel's own mapping
            places[(*path, str(key))] = (line + 1 + shift, column + 1)
        return {str(k): _plain(v, (*path, str(k)), places, shift, inner) for k, v in node.items()}
    if isinstance(node, list):
        for index in range(len(node)):
            line, column = node.lc.item(index)  # type: ignore[attr-defined]  # ruamel's own list
            places[(*path, index)] = (line + 1 + shift, column + 1)
        return [_plain(v, (*path, i), places, shift, inner) for i, v in enumerate(node)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    """Numbers and texts without ruamel's own subclasses."""
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _syntax(error: Exception, file: str, shift: int) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1 + shift, mark.column + 1) if mark else (shift + 1, 1)
    said = getattr(error, "problem", None) or "this is no YAML"
    first = " ".join(str(said).split())
    return _problem(file, line, column, "CRM001", first, "correct the YAML at this place")


def _problem(file: str, line: int, column: int, code: str, message: str, remedy: str) -> Problem:
    return Problem(file, line, column, code, message, remedy)
