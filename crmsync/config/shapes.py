"""What the dataclasses of the core say of a file's form: which keys belong where, and what may be left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from crmsync.config.lines import Path

_EMPTY: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False, list: [], dict: {}}


def keys_at(kind: Any, path: Path) -> list[str]:
    """Names of the keys that may stand in the mapping at a path."""
    return sorted({_spelled(each.name) for one in _forms(kind, path) for each in fields(one)})


def may_be_left_out(kind: Any, path: Path) -> bool:
    """True for a key that has a default, and for a place that nothing is known of."""
    found = [
        each
        for one in _forms(kind, path[:-1])
        for each in fields(one)
        if _spelled(each.name) == path[-1]
    ]
    if not found:
        return not hints_at(kind, path)
    return any(each.default is not MISSING or each.default_factory is not MISSING for each in found)


def stand_in(kind: Any, path: Path) -> Any:
    """The least value that has the form of what belongs at a path."""
    found = hints_at(kind, path)
    return _least(found[0]) if found else ""


def hints_at(kind: Any, path: Path) -> list[Any]:
    """The kinds that may stand at a path, each kind of a union by itself."""
    found = [kind]
    for step in path:
        found = [inner for hint in found for each in _members(hint) for inner in _in(each, step)]
    return [each for hint in found for each in _members(hint)]


def _forms(kind: Any, path: Path) -> list[Any]:
    return [each for each in hints_at(kind, path) if is_dataclass(each)]


def _members(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _in(hint: Any, step: str | int) -> Iterator[Any]:
    """What stands one step further in."""
    if is_dataclass(hint):
        known = {_spelled(name): each for name, each in get_type_hints(hint).items()}
        if step in known:
            yield known[str(step)]
    elif get_origin(hint) is list and isinstance(step, int):
        yield get_args(hint)[0]
    elif get_origin(hint) is dict and isinstance(step, str):
        yield get_args(hint)[1]


def _spelled(name: str) -> str:
    """`from` is no name in Python, so a dataclass has `from_` for it."""
    return name.removesuffix("_")


def _least(hint: Any) -> Any:
    first = _members(hint)[0]
    if get_origin(first) is Literal:
        return get_args(first)[0]
    if first is NoneType or first is None:
        return None
    if is_dataclass(first):
        hints = get_type_hints(first)
        return {
            _spelled(each.name): _least(hints[each.name])
            for each in fields(first)
            if each.default is MISSING and each.default_factory is MISSING
        }
    return _EMPTY.get(get_origin(first) or first, "")
