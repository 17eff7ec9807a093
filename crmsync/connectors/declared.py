"""Settings of systems that declare their objects: exports and databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

from crmsync.connectors.settings import FILE, invalid, problem_of
from crmsync.errors import ConfigInvalid, Problem

T = TypeVar("T")
STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class TieSetting:
    """A column that names other records. `separator` splits several; `primary` says which leads.

    first  the first one named
    only   the one, where there is just one
    all    each of them: the column holds nothing else
    """

    __pydantic_config__ = STRICT
    column: str
    separator: str = ";"
    primary: Literal["", "first", "only", "all"] = "only"
    label: str = ""


def declared_objects(system: str, kind: type[T], value: Any) -> dict[str, T]:
    """`objects:` of one system, by name; ConfigInvalid with every problem at once."""
    from pydantic import TypeAdapter, ValidationError

    if not isinstance(value, Mapping) or not value:
        raise invalid(
            system, "no objects", "add `objects:` with one entry for each object", "objects"
        )
    adapter = TypeAdapter(kind)
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name, one in value.items():
        place = ("systems", system, "objects", name)
        try:
            found[name] = adapter.validate_json(orjson.dumps(one, default=str), strict=True)
        except ValidationError as error:
            problems += [_problem(place, kind, each) for each in error.errors(include_url=False)]
    if problems:
        raise ConfigInvalid(problems)
    return found


def demand_known(system: str, settings: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """ConfigInvalid if a setting is not known."""
    unknown = [name for name in settings if name not in known]
    if unknown:
        raise ConfigInvalid(
            [
                problem_of(system, f"setting '{name}' is not known", nearest(name, known), name)
                for name in unknown
            ]
        )


def zone_of(system: str, settings: Mapping[str, Any]) -> ZoneInfo | None:
    """The declared zone of times that name none; ConfigInvalid if there is no such zone."""
    name = str(settings.get("timezone", "") or "")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        remedy = "use an IANA name such as Europe/Madrid"
        raise invalid(system, f"timezone '{name}' is not known", remedy, "timezone") from error


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy for an unknown name: the one most like it, else those there are."""
    names = sorted(set(known))
    folded = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), folded, n=1)
    if close:
        return f"did you mean '{folded[close[0]]}'?"
    shown = ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")
    return f"there is {shown}" if names else "there is none"


def _problem(place: tuple[str, ...], kind: type[Any], error: Any) -> Problem:
    path = [str(step) for step in error["loc"]]
    shown = ".".join([*place, *path])
    if error["type"] == "unexpected_keyword_argument":
        message, remedy = f"{shown} is not known", nearest(path[-1], _names(kind, path))
    elif error["type"] == "missing":
        message, remedy = f"{shown} is missing", f"add `{path[-1]}:`"
    else:
        expected = str(error.get("ctx", {}).get("expected", "")).removeprefix("'', ")
        message = f"{shown} does not fit"
        remedy = (
            f"use {expected}" if expected else str(error["msg"]).removeprefix("Input should be ")
        )
    return Problem(FILE, 0, 0, "CRM100", message, remedy, (*place, *path))


def _names(kind: type[Any], path: list[str]) -> list[str]:
    """Names a mapping may hold: those of the object, or those of what stands within it."""
    holder: Any = kind
    if len(path) > 1:  # `ties: {companies: {...}}`: the type that a name of the object leads to
        held = get_args(get_type_hints(kind).get(path[0]))
        holder = held[-1] if held and is_dataclass(held[-1]) else kind
    return [each.name for each in fields(holder)]
