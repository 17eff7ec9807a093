"""Search by association: the pseudo-property `associations.company` holds the ids a record is tied to.

developers.hubspot.com, "Search the CRM" (read 2026-11); not for custom objects. Which operators it takes beside EQ and
IN is not documented: here those that ask whether there is such a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from crmsync.sandbox.hubspot.calls import listed
from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.objects import object_type

PREFIX = "associations."

# The ids that a record (by id) is tied to, of an object (by name).
Tied: TypeAlias = Callable[[str, str], Mapping[str, Any]]
_Test = Callable[[set[str]], bool]


def tie_predicate(one: Mapping[str, Any], tied: Tied) -> Callable[[Mapping[str, str]], bool]:
    """Whether a record is tied as one filter asks; Refusal 400 for an object or operator there is not."""
    name, operator = str(one["propertyName"]), str(one.get("operator"))
    far, make = object_type(name.removeprefix(PREFIX)), _OPERATORS.get(operator)
    if far is None:
        raise invalid(f"There was a problem with the request: unknown property {name}")
    if make is None:
        raise invalid(f"There was a problem with the request: {operator} is no operator of {name}")
    test, far_name = make(one), far.name
    return lambda properties: test(set(tied(properties.get("hs_object_id", ""), far_name)))


def _one_of(wanted: set[str]) -> _Test:
    return lambda ids: bool(wanted & ids)


def _none_of(wanted: set[str]) -> _Test:
    return lambda ids: not wanted & ids


def _value(one: Mapping[str, Any]) -> set[str]:
    if one.get("value") in (None, ""):
        raise invalid(f"operator {one['operator']} requires a valid value")
    return {str(one["value"])}


def _values(one: Mapping[str, Any]) -> set[str]:
    return set(map(str, listed(dict(one), "values")))


_OPERATORS: Mapping[str, Callable[[Mapping[str, Any]], _Test]] = {
    "EQ": lambda one: _one_of(_value(one)),
    "NEQ": lambda one: _none_of(_value(one)),
    "IN": lambda one: _one_of(_values(one)),
    "NOT_IN": lambda one: _none_of(_values(one)),
    "HAS_PROPERTY": lambda one: bool,
    "NOT_HAS_PROPERTY": lambda one: lambda ids: not ids,
}
