"""A judge of JSON Schemas for tests: the keywords that ours use, and a KeyError for any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_SILENT = {"title", "description", "default", "$schema", "$defs", "then"}
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def objections(schema: Any, value: Any, root: Any = None, place: str = "") -> Iterator[str]:
    """Where a value is not what its schema says, one line each; none means it fits."""
    root = schema if root is None else root
    for keyword, wanted in schema.items():
        if keyword not in _SILENT:
            yield from _JUDGES[keyword](schema, wanted, value, root, place)


def _ref(_schema: Any, wanted: str, value: Any, root: Any, place: str) -> Iterator[str]:
    yield from objections(root["$defs"][wanted.rpartition("/")[2]], value, root, place)


def _type(_schema: Any, wanted: str, value: Any, _root: Any, place: str) -> Iterator[str]:
    if not _TYPES[wanted](value):
        yield f"{place}: {value!r} is no {wanted}"


def _enum(_schema: Any, wanted: list[Any], value: Any, _root: Any, place: str) -> Iterator[str]:
    if value not in wanted:
        yield f"{place}: {value!r} is none of {wanted}"


def _any_of(_schema: Any, wanted: list[Any], value: Any, root: Any, place: str) -> Iterator[str]:
    if all(any(True for _ in objections(each, value, root, place)) for each in wanted):
        yield f"{place}: {value!r} fits nothing"


def _all_of(_schema: Any, wanted: list[Any], value: Any, root: Any, place: str) -> Iterator[str]:
    for each in wanted:
        yield from objections(each, value, root, place)


def _if(schema: Any, wanted: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    if not list(objections(wanted, value, root, place)):
        yield from objections(schema["then"], value, root, place)


def _const(_schema: Any, wanted: Any, value: Any, _root: Any, place: str) -> Iterator[str]:
    if value != wanted:
        yield f"{place}: {value!r} is not {wanted!r}"


def _properties(_schema: Any, wanted: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for name in wanted.keys() & (value if isinstance(value, dict) else {}):
        yield from objections(wanted[name], value[name], root, f"{place}.{name}")


def _additional(schema: Any, wanted: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name, each in (value if isinstance(value, dict) else {}).items():
        if name not in known and wanted is False:
            yield f"{place}: unknown {name}"
        elif name not in known and isinstance(wanted, dict):
            yield from objections(wanted, each, root, f"{place}.{name}")


def _required(_schema: Any, wanted: list[str], value: Any, _root: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{place}: no {name}" for name in wanted if name not in value)


def _names(_schema: Any, wanted: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from objections(wanted, name, root, f"{place}.{name}")


def _items(_schema: Any, wanted: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for number, each in enumerate(value if isinstance(value, list) else ()):
        yield from objections(wanted, each, root, f"{place}.{number}")


def _count(too_many: Callable[[int, int], bool]) -> Callable[..., Iterator[str]]:
    def judge(_schema: Any, wanted: int, value: Any, _root: Any, place: str) -> Iterator[str]:
        if isinstance(value, dict | list) and too_many(len(value), wanted):
            yield f"{place}: {len(value)} of them"

    return judge


def _pattern(_schema: Any, wanted: str, value: Any, _root: Any, place: str) -> Iterator[str]:
    if isinstance(value, str) and re.search(wanted, value) is None:
        yield f"{place}: {value!r} is not like {wanted}"


_JUDGES: Mapping[str, Callable[..., Iterator[str]]] = {
    "$ref": _ref,
    "type": _type,
    "enum": _enum,
    "anyOf": _any_of,
    "allOf": _all_of,
    "if": _if,
    "const": _const,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "propertyNames": _names,
    "items": _items,
    "pattern": _pattern,
    "minProperties": _count(lambda there, wanted: there < wanted),
    "maxProperties": _count(lambda there, wanted: there > wanted),
    "minItems": _count(lambda there, wanted: there < wanted),
    "maxItems": _count(lambda there, wanted: there > wanted),
}
