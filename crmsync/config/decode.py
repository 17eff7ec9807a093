"""A YAML document becomes a dataclass of the core, or a list of problems with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from crmsync.config.lines import Document, Path
from crmsync.errors import Problem

T = TypeVar("T")


def decode(kind: type[T], document: Document) -> T | list[Problem]:
    """The value, or every problem of the document at once."""
    import orjson
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(orjson.dumps(document.value), strict=True)
    except ValidationError as error:
        return _problems(kind, document, error.errors(include_url=False))


def _problems(kind: type[Any], document: Document, errors: Iterable[Any]) -> list[Problem]:
    """One problem a place, in order of place, though pydantic tells every way in which a value fails."""
    found: dict[tuple[Path, Path], Problem] = {}
    shapes = _shapes(kind)
    errors = list(errors)
    within = {loc[:-1] for error in errors for loc in _steps_into_names(error["loc"])}
    for error in errors:
        loc = error["loc"]
        if _is_meant_otherwise(document.value, loc, shapes):
            continue
        if isinstance(error.get("input"), dict) and loc[-1:] == ("str",) and loc[:-1] in within:
            continue  # Where a text or names may stand, names were written: what is wrong is inside.
        path, beyond = _in_document(document.value, error["loc"])
        # A key that is missing is a problem of its own; more steps lead into the kinds of a union.
        place = (path, beyond if len(beyond) == 1 and error["type"] == "missing" else ())
        if place not in found:
            found[place] = _problem(kind, document, path, error)
    return sorted(found.values(), key=lambda each: (each.line, each.column))


def _steps_into_names(loc: Path) -> Iterator[Path]:
    """The part of pydantic's place up to each form `dict[...]` that has steps after it."""
    for at, step in enumerate(loc[:-1], start=1):
        if isinstance(step, str) and step.startswith("dict["):
            yield loc[:at]


def _in_document(value: Any, loc: tuple[str | int, ...]) -> tuple[Path, Path]:
    """The part of pydantic's place that exists in the file, and the rest: it names types among the keys."""
    path: list[str | int] = []
    beyond: list[str | int] = []
    for step in loc:
        found = _step(value, step)
        if found is _NOTHING:
            beyond.append(step)
        else:
            value = found
            path.append(step)
    return tuple(path), tuple(beyond)


def _is_meant_otherwise(
    value: Any, loc: tuple[str | int, ...], shapes: dict[str, set[str]]
) -> bool:
    """True if an error is about a form that the writer did not choose.

    Where one thing or one for each name may stand, its keys say which: `{transform: ...}` is one thing,
    `{Contact: {...}}` is not. pydantic tells the errors of both, and names the form in the place.
    """
    for step in loc:
        found = _step(value, step)
        if found is not _NOTHING:
            value = found
            continue
        many = isinstance(step, str) and step.startswith("dict[")
        name = step.rpartition(",")[2].rstrip("]") if isinstance(step, str) else ""
        if isinstance(value, dict) and value and name in shapes:
            return bool(shapes[name] & set(value)) == many
    return False


def _shapes(kind: type[Any]) -> dict[str, set[str]]:
    """The keys of every dataclass that is a part of this one, by its name."""
    return {
        each.__name__: {
            key.name.removesuffix("_") for key in fields(each)
        }  # `from_` is `from` there
        for each in _dataclasses(kind, set())
    }


def _dataclasses(kind: Any, seen: set[Any]) -> Iterator[type[Any]]:
    if kind in seen:
        return
    seen.add(kind)
    if is_dataclass(kind):
        from typing import get_type_hints

        yield kind if isinstance(kind, type) else type(kind)
        for hint in get_type_hints(kind).values():
            yield from _dataclasses(hint, seen)
    for part in getattr(kind, "__args__", ()):
        yield from _dataclasses(part, seen)


_NOTHING = object()


def _step(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step, _NOTHING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _NOTHING


def _problem(kind: type[Any], document: Document, path: Path, error: Any) -> Problem:
    line, column = document.place(path)
    code, message, remedy = _words(kind, path, error)
    return Problem(document.file, line, column, code, message, remedy)


def _words(kind: type[Any], path: Path, error: Any) -> tuple[str, str, str]:
    name = str(error["loc"][-1]) if error["loc"] else "the file"
    if error["type"] == "unexpected_keyword_argument":
        return "CRM002", f"unknown key '{name}'", _suggest(name, _all_names(kind))
    if error["type"] == "missing":
        where = f" in {_spell(path)}" if path else ""
        return "CRM003", f"'{name}' is missing{where}", f"add `{name}:`"
    return (
        "CRM004",
        f"{_spell(path)}: {_shown(error.get('input'))} does not fit",
        _expectation(error) + _ALSO.get(path[-1] if path else "", ""),
    )


_ALSO: dict[str | int, str] = {
    "direction": " or {to: SYSTEM}",
    "create": " or {when: {FIELD: present}}",
}
"""What may stand there besides the words that pydantic names."""


def _shown(given: Any) -> str:
    """A value as it stands in the file, in short."""
    if isinstance(given, dict | list):
        return "a mapping" if isinstance(given, dict) else "a list"
    words: dict[Any, str] = {True: "true", False: "false", None: "nothing"}
    return words[given] if given is None or isinstance(given, bool) else repr(given)[:60]


_EXPECTED = {
    "string_type": "write a text, in quotes if it looks like something else",
    "list_type": "write a list: [a, b]",
    "dict_type": "write names with values: {a: b}",
    "dataclass_type": "write names with values: {a: b}",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "bool_type": "write true or false",
}


def _expectation(error: Any) -> str:
    expected = error.get("ctx", {}).get("expected")
    said = f"use {expected}" if expected else str(error["msg"]).removeprefix("Input should be ")
    return _EXPECTED.get(error["type"], said)


def _spell(path: Path) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path) or "the file"


def _all_names(kind: type[Any]) -> list[str]:
    """Names of all keys that a dataclass and those inside it know."""
    return sorted({key for keys in _shapes(kind).values() for key in keys})


def _suggest(name: str, known: list[str]) -> str:
    close = nearest(name, known)
    return f"did you mean '{close}'?" if close else "remove it"


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name most like this one, None if none is near; 1 asks for the very name."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    names = list(known)
    found = process.extractOne(
        name, names, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=likeness
    )
    return found[0] if found else None
