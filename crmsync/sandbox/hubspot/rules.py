"""What an administrator demands of a write: values by rule, and properties that must be there.

Value rules bind every version since July 2023. Required properties, and who may tie records, bind from 2026-09 on:
changelog, CRM API write validation enforcement (read 2026-11); the body of that refusal was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import Body, invalid, invalid_properties, problem
from crmsync.sandbox.hubspot.objects import ObjectType, object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.tables import Row

_VALUES, _REQUIRED = "~value rules", "~required"
Told = Mapping[str, Any]


def _at_most(value: str, arguments: list[str]) -> bool:
    return len(value) <= int(arguments[0])


def _at_least(value: str, arguments: list[str]) -> bool:
    return len(value) >= int(arguments[0])


def _letters_only(value: str, arguments: list[str]) -> bool:
    return all(one.isalpha() or one.isspace() for one in value)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _domain(value: str) -> str:
    return value.rpartition("@")[2].lower()


# Rule types of the property validations guide (read 2026-11), with the code of the refusal; of the codes only
# INVALID_ALPHA was seen. True: the value may be written.
_TESTS: Mapping[str, tuple[str, Callable[[str, list[str]], bool]]] = {
    "MAX_LENGTH": ("INVALID_LENGTH", _at_most),
    "MIN_LENGTH": ("INVALID_LENGTH", _at_least),
    "FORMAT": ("INVALID_ALPHA", _letters_only),
    "ALPHANUMERIC": ("INVALID_ALPHANUMERIC", lambda value, _: value.replace(" ", "").isalnum()),
    "SPECIAL_CHARACTERS": ("INVALID_CHARACTERS", lambda value, _: not re.search(r"[^\w\s]", value)),
    "REGEX": ("INVALID_FORMAT", lambda value, told: bool(re.fullmatch(told[0], value))),
    "MIN_NUMBER": ("INVALID_NUMBER", lambda value, told: _number(value) >= float(told[0])),
    "MAX_NUMBER": ("INVALID_NUMBER", lambda value, told: _number(value) <= float(told[0])),
    "EMAIL_BLOCKED_DOMAINS": ("INVALID_DOMAIN", lambda value, told: _domain(value) not in told),
    "EMAIL_ALLOWED_DOMAINS": ("INVALID_DOMAIN", lambda value, told: _domain(value) in told),
}


def declare_rule(portal: Portal, told: Told) -> str:
    """The name of a rule that now holds; ValueError for an object, a property or a type there is not.

    `{"kind": "validation", "object", "property", "rule", "arguments"}` or `{"kind": "required", "object", "names",
    "when"?, "on"?}`; with `"active": false` it holds no more.
    """
    kind = object_type(str(told["object"]))
    if kind is None:
        raise ValueError(f"HubSpot has no object {told['object']!r}")
    table, key, row = _MAKE[told["kind"]](portal, kind, told)
    if told.get("active", True):
        portal.tables.put(table, key, row)
    else:
        portal.tables.drop(table, key)
    return key


def _value_rule(portal: Portal, kind: ObjectType, told: Told) -> tuple[str, str, Row]:
    name, rule = _property(portal, kind, str(told["property"])), str(told["rule"])
    if rule not in _TESTS:
        raise ValueError(f"no rule {rule!r}; there are {', '.join(_TESTS)}")
    arguments = [str(one) for one in told.get("arguments") or ()]
    row = {"object": kind.name, "name": name, "ruleType": rule, "ruleArguments": arguments}
    return _VALUES, f"{kind.name}.{name}.{rule}", row


def _required(portal: Portal, kind: ObjectType, told: Told) -> tuple[str, str, Row]:
    names = [_property(portal, kind, str(one)) for one in told["names"]]
    when = {
        _property(portal, kind, name): str(value) for name, value in told.get("when", {}).items()
    }
    on = str(told.get("on", "create" if not when else "write"))
    if on not in ("create", "write"):
        raise ValueError(f"a rule holds on create or on write, not on {on!r}")
    row = {"object": kind.name, "names": names, "when": when, "on": on}
    return _REQUIRED, f"{kind.name}.{'+'.join(names)}", row


_MAKE: Mapping[str, Callable[[Portal, ObjectType, Told], tuple[str, str, Row]]] = {
    "validation": _value_rule,
    "required": _required,
}
KINDS = tuple(_MAKE)


def _property(portal: Portal, kind: ObjectType, name: str) -> str:
    if name not in portal.definitions(kind.name):
        raise ValueError(f"{kind.name} has no property {name!r}")
    return name


def check_rules(portal: Portal, kind: ObjectType, before: Changes, changes: Changes) -> None:
    """Refusal 400 if a write breaks a rule; `before` is empty for a create."""
    broken = [
        problem(
            name, changes[name], f"{changes[name]} breaks the rule {rule}", code, portal.portal_id
        )
        for name, rule, code in _broken(portal, kind, changes)
    ]
    if broken:
        raise invalid_properties(broken)
    missing = _missing(portal, kind, before, changes) if _binds(portal) else []
    if missing:
        raise _not_set(missing)


def _broken(portal: Portal, kind: ObjectType, changes: Changes) -> list[tuple[str, str, str]]:
    found = []
    for _, row in portal.tables.rows(_VALUES):
        value = changes.get(row["name"]) if row["object"] == kind.name else None
        code, test = _TESTS[row["ruleType"]]
        if value and not test(value, row["ruleArguments"]):
            found.append((row["name"], row["ruleType"], code))
    return found


def _missing(portal: Portal, kind: ObjectType, before: Changes, changes: Changes) -> list[str]:
    after = {**before, **changes}
    return [
        name
        for _, row in portal.tables.rows(_REQUIRED)
        if row["object"] == kind.name
        and (row["on"] == "write" or not before)
        and all(after.get(key) == value for key, value in row["when"].items())
        for name in row["names"]
        if not after.get(name)
    ]


def _not_set(names: list[str]) -> Exception:
    errors = [
        {
            "message": f"{name} is required",
            "code": "REQUIRED_FIELD",
            "context": {"propertyName": [name]},
        }
        for name in names
    ]
    message = "Some required properties were not set."
    return invalid(message, errors=errors, context={"properties": names})


def _binds(portal: Portal) -> bool:
    """Whether this call is of a version whose writes the administrator's rules bind."""
    since = str(portal.switches.write_rules)
    if since in ("every", "never"):
        return since == "every"
    return portal.caller.dated and portal.caller.version >= since


def check_may_tie(portal: Portal) -> None:
    """Refusal 400 if the caller is a user who may not edit associations, in a version that asks."""
    if _binds(portal) and not portal.caller.edits_associations:
        raise invalid("The user does not have the permission Edit Associations")


def list_validations(portal: Portal, call: Call) -> Answer:
    """The value rules of an object, property by property."""
    kind = call.kind()
    names = dict.fromkeys(row["name"] for row in _rules(portal, kind))
    return Answer(200, {"results": [_told(portal, kind, name) for name in names]})


def get_validations(portal: Portal, call: Call) -> Answer:
    """The value rules of one property; none is an empty list."""
    return Answer(200, _told(portal, call.kind(), call.path["name"]))


def _told(portal: Portal, kind: ObjectType, name: str) -> Body:
    listed = [
        {"ruleType": row["ruleType"], "ruleArguments": row["ruleArguments"]}
        for row in _rules(portal, kind)
        if row["name"] == name
    ]
    return {"propertyName": name, "propertyValidationRules": listed}


def _rules(portal: Portal, kind: ObjectType) -> list[Row]:
    return [row for _, row in portal.tables.rows(_VALUES) if row["object"] == kind.name]
