"""A YAML document becomes a dataclass of the core, or a list of problems with their places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from dataclasses import field as default
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crmsync.config.edits import called, put, taken_out, value_at
from crmsync.config.lines import Document, Path
from crmsync.config.shapes import keys_at, may_be_left_out, stand_in
from crmsync.errors import Problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decoded(Generic[T]):
    """A document as far as it can be understood.

    `value` is None if nothing of it can. `document` has every key under the name that was meant. `lost` are
    the parts nobody can tell, for which the value has a stand-in or its default.
    """

    value: T | None
    document: Document
    problems: list[Problem]
    lost: frozenset[Path] = frozenset()


def unread(file: str, problem: Problem) -> Decoded[Any]:
    """A file of which nothing is known but why."""
    return Decoded(None, Document(file, None, {}), [problem], frozenset({()}))


def decode(kind: type[T], document: Document) -> T | list[Problem]:
    """The value, or every problem of the document's form at once."""
    found = understand(kind, document)
    return found.problems if found.problems or found.value is None else found.value


def understand(kind: type[T], document: Document) -> Decoded[T]:
    """The value as far as it can be understood, and every problem of the document's form.

    A key that is like one which is not there is taken for it; what has the wrong form is left out. Then the
    rest is looked at again: a mistake may have hidden another one.
    """
    work = _Work(kind, document, list(document.slips), set(document.lost))
    for path in document.lost:
        work.document = put(work.document, path, stand_in(kind, path))
    while errors := _errors(kind, work.document):
        if not _mended(work, errors):
            return Decoded(None, document, in_order(work.problems), frozenset({()}))
    value = _validated(kind, work.document)
    assert not isinstance(value, list)
    return Decoded(value, work.document, in_order(work.problems), frozenset(work.lost))


def in_order(problems: list[Problem]) -> list[Problem]:
    """The problems of one file, in order of place."""
    return sorted(problems, key=lambda each: (each.line, each.column))


@dataclass(slots=True)
class _Work:
    """A document on its way to a value."""

    kind: type[Any]
    document: Document
    problems: list[Problem]
    lost: set[Path]
    guessed: set[Path] = default(default_factory=set)

    def is_told(self, path: Path) -> bool:
        """True for what is inside of something that was told already."""
        ways = {path[:size] for size in range(len(path) + 1)}
        return bool(ways & (self.lost | self.guessed))

    def lose(self, path: Path) -> None:
        """Leaves one value out; a list and a mapping of names keep its place, so that others keep theirs."""
        while path in self.lost and path:
            path = path[:-1]
        self.lost.add(path)
        if path and may_be_left_out(self.kind, path):
            self.document = taken_out(self.document, path)
        else:
            self.document = put(self.document, path, stand_in(self.kind, path))


@dataclass(frozen=True, slots=True)
class _Error:
    """One way in which the form is wrong. `path` is there in the document; `name` is a key that is not."""

    path: Path
    name: str
    said: Any

    @property
    def what(self) -> str:
        return str(self.said["type"])


def _mended(work: _Work, errors: list[_Error]) -> bool:
    """Tells errors and makes the document one in which they are not; False if nothing is left to mend.

    Keys nobody knows go first: what else is wrong is clear once they have their names.
    """
    if any(not each.path and each.what != "missing" for each in errors):
        work.problems += [_problem(work.kind, work.document, each) for each in errors]
        return False
    errors = [each for each in errors if each.what == _UNKNOWN] or errors
    for each in errors:
        gone = (*each.path, each.name) if each.name else each.path
        if not work.is_told(gone):
            work.problems.append(_problem(work.kind, work.document, each))
    meant = _meant(work, errors)
    before = work.document.value
    for each in errors:
        _mend(work, each, meant)
    return bool(work.document.value != before)


def _meant(work: _Work, errors: list[_Error]) -> dict[Path, str]:
    """The key that each unknown key is taken for: the nearest, if it is not there itself."""
    found: dict[Path, str] = {}
    for each in errors:
        if each.what != _UNKNOWN:
            continue
        holder = each.path[:-1]
        free = set(keys_at(work.kind, holder)) - set(value_at(work.document.value, holder))
        free -= {name for path, name in found.items() if path[:-1] == holder}
        close = nearest(str(each.path[-1]), sorted(free))
        if close:
            found[each.path] = close
    return found


def _mend(work: _Work, error: _Error, meant: dict[Path, str]) -> None:
    path = error.path
    if path in meant:
        work.document = called(work.document, path, meant[path])
        work.guessed.add((*path[:-1], meant[path]))
    elif error.what == _UNKNOWN or "[key]" in error.said["loc"]:
        work.document = taken_out(work.document, path)
    elif error.name:
        work.lose((*path, error.name))
    elif path in work.lost or not _is_below(path, work.lost):
        work.lose(path)


def _is_below(path: Path, others: set[Path]) -> bool:
    return any(path[:size] in others for size in range(1, len(path)))


@cache
def _form(kind: Any) -> TypeAdapter[Any]:
    """What checks values of a kind: 2 ms to make, and a workspace has a hundred files of the same."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _validated(kind: type[T], document: Document) -> T | list[Any]:
    import orjson
    from pydantic import ValidationError

    asked: Any = kind  # for mypy no type variable is hashable
    try:
        value: T = _form(asked).validate_json(orjson.dumps(document.value), strict=True)
        return value
    except ValidationError as error:
        return list(error.errors(include_url=False))


_UNKNOWN = "unexpected_keyword_argument"


def _errors(kind: type[Any], document: Document) -> list[_Error]:
    """One error a place, in order of place, though pydantic tells every way in which a value fails."""
    errors = _validated(kind, document)
    if not isinstance(errors, list):
        return []
    found: dict[tuple[Path, str], _Error] = {}
    shapes = _shapes(kind)
    within = {loc[:-1] for error in errors for loc in _steps_into_names(error["loc"])}
    for error in errors:
        loc = error["loc"]
        if _is_meant_otherwise(document.value, loc, shapes):
            continue
        if isinstance(error.get("input"), dict) and loc[-1:] == ("str",) and loc[:-1] in within:
            continue  # Where a text or names may stand, names were written: what is wrong is inside.
        path, beyond = _in_document(document.value, error["loc"])
        # A key that is missing is an error of its own; more steps lead into the kinds of a union.
        name = str(beyond[-1]) if error["type"] == "missing" and beyond else ""
        if (path, name) not in found:
            found[path, name] = _Error(path, name, error)
    kept = [each for each in found.values() if not _is_told_better(each, found)]
    return sorted(kept, key=lambda each: document.place(each.path))


def _is_told_better(error: _Error, found: Collection[tuple[Path, str]]) -> bool:
    """True if another error says it better.

    Of `direction: {}`, which could be `both` as well, it is told that it does not fit, and not what it lacks.
    Of `create: {when: {email: 1}}` it is told what is wrong inside, and not that a word may stand there, too.
    """
    if error.name:
        return (error.path, "") in found
    size = len(error.path)
    inside = any(path[:size] == error.path and len(path) > size for path, _ in found)
    return inside and error.what == "literal_error"


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


def _problem(kind: type[Any], document: Document, error: _Error) -> Problem:
    line, column = document.place(error.path)
    code, message, remedy = _words(kind, document, error)
    return Problem(document.file, line, column, code, message, remedy)


def _words(kind: type[Any], document: Document, error: _Error) -> tuple[str, str, str]:
    head, path = _owner(document, error.path)
    if error.what == _UNKNOWN:
        name = str(error.path[-1])
        return "CRM002", f"unknown key '{name}'", _suggest(name, keys_at(kind, error.path[:-1]))
    if error.name:
        where = f" in {_spell(path)}" if path else ""
        return "CRM003", f"{head}'{error.name}' is missing{where}", f"add `{error.name}:`"
    said = f"{_shown(error.said.get('input'))} does not fit"
    last = error.path[-1] if error.path else ""
    return (
        "CRM004",
        f"{head}{_spell(path)}: {said}" if path or not head else f"{head}{said}",
        _expectation(error.said) + _ALSO.get(last, ""),
    )


def _owner(document: Document, path: Path) -> tuple[str, Path]:
    """The field of a mapping that a path is in, by name, and the path within it."""
    name = value_at(document.value, (*path[:2], "field")) if path[:1] == ("fields",) else None
    if len(path) < 2 or not isinstance(name, str):
        return "", path
    return f"field '{name}': ", path[2:]


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


_MEANT = {
    "prefer": "write `on_conflict: {prefer: SYSTEM}`",
    "always": "write `on_conflict: {always: SYSTEM}`",
}
"""Words that people write as keys, though they belong into the value of one."""


def _suggest(name: str, known: list[str]) -> str:
    if name in _MEANT and "on_conflict" in known:
        return _MEANT[name]
    close = nearest(name, known)
    return f"did you mean '{close}'?" if close else "remove it"


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name most like this one, None if none is near; 1 asks for the very name.

    Large and small letters are as good as the same, if no other name is nearer.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    names = list(known)
    for fold in (None, str.casefold):
        found = process.extractOne(
            name,
            names,
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=likeness,
            processor=fold,
        )
        if found:
            return found[0]
    return None
