"""The filters of a search: one predicate a filter, from a table of operators."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from crmsync.sandbox.hubspot.calls import listed, mapping
from crmsync.sandbox.hubspot.definitions import Definition
from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.tie_filters import PREFIX, Tied, tie_predicate
from crmsync.sandbox.hubspot.wire import NUMBER, epoch_ms, instant

Properties = dict[str, str]
Predicate = Callable[[Properties], bool]
# Two values of one property compare as whatever its type makes of them.
Comparable = Any

# 5 groups of 6 filters, 18 in all: developers.hubspot.com, "Search the CRM" (read 2026-11).
# The other: changelog of August 2024.
_MOST = {"guide": (5, 6, 18), "changelog": (5, 10, 25)}

_WORD = re.compile(r"[\w*]+")


@dataclass(frozen=True, slots=True)
class Searched:
    """What filters are about: properties, what records are tied to, and how many filters there may be."""

    definitions: Mapping[str, Definition]
    tied: Tied
    most: str = "guide"
    ids_as_text: bool = False


def matcher(body: dict[str, Any], searched: Searched) -> Predicate:
    """Whether a record is in the groups (or-ed) of filters (and-ed); Refusal 400 if malformed or too many."""
    groups = [
        listed(mapping(group, "filterGroups"), "filters")
        for group in body.get("filterGroups") or ()
    ]
    if body.get("filters"):
        groups.append(listed(body, "filters"))
    _check_size(groups, _MOST[searched.most])
    made = [[_predicate(mapping(one, "filters"), searched) for one in group] for group in groups]
    if not made:
        return lambda properties: True
    if [len(group) for group in made] == [1]:  # a count asks every record of a portal just this
        return made[0][0]
    return lambda properties: any(all(one(properties) for one in group) for group in made)


def _check_size(groups: list[list[Any]], most: tuple[int, int, int]) -> None:
    sizes = [len(group) for group in groups]
    if len(sizes) > most[0] or any(size > most[1] for size in sizes):
        raise invalid(f"At most {most[0]} filter groups of {most[1]} filters are supported")
    if sum(sizes) > most[2]:
        raise invalid(f"At most {most[2]} filters are supported")


def sort_key(known: Definition) -> Callable[[str], Comparable]:
    """How values of a property compare: numbers and instants by size, text without case."""
    return _KEYS.get(known["type"], str.lower)


def _number(value: str) -> Decimal | None:
    return Decimal(value) if NUMBER.fullmatch(value) else None


@lru_cache(maxsize=1 << 18)  # every page of a search looks at every instant of the portal again
def _instant_ms(value: str) -> int | None:
    moment = instant(value)
    if moment is None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        moment = datetime.combine(date.fromisoformat(value), time(), UTC)
    return epoch_ms(moment) if moment else None


# Case-insensitive except enumerations: developers.hubspot.com, "Search the CRM" (read 2026-11).
_KEYS: dict[str, Callable[[str], Comparable]] = {
    "number": _number,
    "datetime": _instant_ms,
    "date": _instant_ms,
    "enumeration": lambda value: value,
}


def _predicate(one: dict[str, Any], searched: Searched) -> Predicate:
    name, operator, definitions = one.get("propertyName"), one.get("operator"), searched.definitions
    if str(name).startswith(PREFIX):
        return tie_predicate(one, searched.tied)
    if name not in definitions:
        raise invalid(f"There was a problem with the request: unknown property {name}")
    make = _OPERATORS.get(str(operator))
    if make is None:
        raise invalid(f"There was a problem with the request: unknown operator {operator}")
    as_text = name == "hs_object_id" and searched.ids_as_text
    return make(str(name), str if as_text else sort_key(definitions[str(name)]), one)


def _value(one: dict[str, Any], name: str, key: Callable[[str], Comparable]) -> Comparable:
    told = one.get(name)
    value = None if told is None else key(str(told))
    if value is None:
        raise invalid(f"operator {one['operator']} requires a valid {name}")
    return value


def _compare(test: Callable[[Comparable, Comparable], bool]) -> Any:
    """A maker for operators that compare with one value; a blank never matches."""

    def make(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
        wanted = _value(one, "value", key)

        def matches(properties: Properties) -> bool:
            kept = properties.get(name)
            held = None if kept is None else key(kept)
            return held is not None and test(held, wanted)

        return matches

    return make


def _between(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
    low, high = _value(one, "value", key), _value(one, "highValue", key)

    def matches(properties: Properties) -> bool:
        kept = properties.get(name)
        held = None if kept is None else key(kept)
        return held is not None and bool(low <= held <= high)

    return matches


def _in(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
    # The values of a string property must come in lower case; others then match nothing.
    values = {
        str(value) if key is str.lower else key(str(value)) for value in listed(one, "values")
    }
    return lambda properties: name in properties and key(properties[name]) in values


def _has(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
    return lambda properties: name in properties


def _contains(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
    pattern = str(_value(one, "value", str)).lower()
    return lambda properties: name in properties and has_token(properties[name], pattern)


def has_token(value: str, pattern: str) -> bool:
    """Whether a text holds the words of a lower-case pattern, in which `*` stands for anything."""
    lowered = value.lower()
    if fnmatchcase(lowered, pattern.replace("[", "[[]")):
        return True
    words: Sequence[str] = _WORD.findall(lowered)
    wanted: Sequence[str] = _WORD.findall(pattern)
    return bool(wanted) and all(any(fnmatchcase(word, one) for word in words) for one in wanted)


def _not(make: Any) -> Any:
    def made(name: str, key: Callable[[str], Comparable], one: dict[str, Any]) -> Predicate:
        matches = make(name, key, one)
        return lambda properties: not matches(properties)

    return made


_EQ = _compare(operator.eq)

_OPERATORS: dict[str, Callable[[str, Callable[[str], Comparable], dict[str, Any]], Predicate]] = {
    "EQ": _EQ,
    "NEQ": _not(_EQ),
    "LT": _compare(operator.lt),
    "LTE": _compare(operator.le),
    "GT": _compare(operator.gt),
    "GTE": _compare(operator.ge),
    "BETWEEN": _between,
    "IN": _in,
    "NOT_IN": _not(_in),
    "HAS_PROPERTY": _has,
    "NOT_HAS_PROPERTY": _not(_has),
    "CONTAINS_TOKEN": _contains,
    "NOT_CONTAINS_TOKEN": _not(_contains),
}
