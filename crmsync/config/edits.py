"""A document with one value put, taken out or called otherwise; the one it was made of stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crmsync.config.lines import Document, Path


def value_at(value: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def put(document: Document, path: Path, value: Any) -> Document:
    """The document with another value at a path, also where there was none."""
    return replace(document, value=_changed(document.value, path, lambda _: value))


def taken_out(document: Document, path: Path) -> Document:
    """The document without one key."""

    def without(holder: Any) -> Any:
        return {key: each for key, each in holder.items() if key != path[-1]}

    return replace(document, value=_changed(document.value, path[:-1], without))


def called(document: Document, path: Path, name: str) -> Document:
    """The document with another name for one key; what is below it keeps its places."""
    old, new = path[-1], (*path[:-1], name)

    def renamed(holder: Any) -> Any:
        return {name if key == old else key: each for key, each in holder.items()}

    size = len(path)
    moved = {
        (*new, *place[size:]): at for place, at in document.places.items() if place[:size] == path
    }
    value = _changed(document.value, path[:-1], renamed)
    return replace(document, value=value, places={**document.places, **moved})


def _changed(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_changed(e, rest, change) if at == step else e for at, e in enumerate(value)]
    held = value if isinstance(value, dict) else {}
    return {**held, step: _changed(held.get(step), rest, change)}
