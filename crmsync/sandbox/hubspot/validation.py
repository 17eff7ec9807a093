"""Whether the portal accepts the values of a write, and the form it keeps them in.

Every problem of a write is told at once, and a write with one problem writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from crmsync.sandbox.hubspot.activity_properties import DISPOSITIONS
from crmsync.sandbox.hubspot.definitions import Definition
from crmsync.sandbox.hubspot.errors import Body, invalid_properties, malformed, problem
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.pipelines import deal_stages, pipelines
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.wire import NUMBER, instant, iso, text

_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s.,;<>()\[\]\"]+(\.[^@\s.,;<>()\[\]\"]+)+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


# Characters of a text: developers.hubspot.com, "Properties" and "Using object APIs" of a note's body (read 2026-11).
MOST_CHARACTERS = 65_536


class _Invalid(Exception):
    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def checked(
    portal: Portal, kind: ObjectType, properties: dict[str, Any], before: Changes
) -> Changes:
    """The values as the portal keeps them, `""` to clear; Refusal 400 naming every invalid one.

    What a JSON null does is not documented: see the switch `null_clears`.
    """
    changes: Changes = {}
    problems: list[Body] = []
    for name, value in properties.items():
        if value is None and not portal.switches.null_clears:
            continue
        if isinstance(value, (dict, list)):
            raise malformed("Cannot deserialize value of type `java.lang.String`")
        try:
            changes[name] = _accepted(portal, kind, name, text(value), before)
        except _Invalid as wrong:
            told = problem(name, text(value), wrong.message, wrong.code, portal.portal_id)
            problems.append(told)
    if problems:
        raise invalid_properties(problems)
    return changes


def _accepted(portal: Portal, kind: ObjectType, name: str, value: str, before: Changes) -> str:
    known = portal.definitions(kind.name).get(name)
    if known is None:
        raise _Invalid(f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST")
    if portal.read_only(kind.name, name):
        message = f"{name} is a read only property; its value cannot be set."
        raise _Invalid(message, "READ_ONLY_VALUE")
    if not value:
        return value
    by_name = _BY_NAME.get((kind.name, name))
    if by_name:
        return by_name(portal, value)
    return _BY_TYPE.get(known["type"], _as_it_is)(portal, known, value, before.get(name, ""))


def _as_it_is(portal: Portal, known: Definition, value: str, before: str) -> str:
    return value


def _string(portal: Portal, known: Definition, value: str, before: str) -> str:
    if len(value) > MOST_CHARACTERS:
        # The code and the words of the real one were not seen.
        message = f"{known['name']} has {len(value)} characters; the limit is {MOST_CHARACTERS}"
        raise _Invalid(message, "PROPERTY_VALUE_TOO_LONG")
    return value


def _number(portal: Portal, known: Definition, value: str, before: str) -> str:
    # A number in scientific notation is refused with this code: recorded 2025-10.
    if not NUMBER.fullmatch(value):
        raise _Invalid(f"{value} was not a valid number.", "INVALID_INTEGER")
    return value


def _bool(portal: Portal, known: Definition, value: str, before: str) -> str:
    return _one_of(value, ("true", "false"))


def _date(portal: Portal, known: Definition, value: str, before: str) -> str:
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise _not_long(value) from None
    moment = instant(value) if value.lstrip("-").isdigit() else None
    if moment is None:
        raise _not_long(value)
    if moment.time() != time(0):
        shown = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
        raise _Invalid(f"{value} is at {shown} UTC, not midnight!", "INVALID_DATE")
    return moment.date().isoformat()


def _datetime(portal: Portal, known: Definition, value: str, before: str) -> str:
    moment: datetime | None = instant(value)
    if moment is None:
        raise _not_long(value)
    return iso(moment.astimezone(UTC))


def _not_long(value: str) -> _Invalid:
    return _Invalid(f"{value} was not a valid long.", "INVALID_LONG")


def _enumeration(portal: Portal, known: Definition, value: str, before: str) -> str:
    if known["externalOptions"]:
        allowed = _EXTERNAL[known["name"]](portal)
    else:
        allowed = tuple(option["value"] for option in known["options"])
    if known["fieldType"] != "checkbox":
        return _one_of(value, allowed)
    # A leading semicolon appends: developers.hubspot.com, "Properties" (read 2026-11).
    kept = before.split(";") if value.startswith(";") else []
    chosen = [_one_of(one, allowed) for one in value.split(";") if one]
    return ";".join(dict.fromkeys([*filter(None, kept), *chosen]))


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        message = f"{value} was not one of the allowed options: [{', '.join(allowed)}]"
        raise _Invalid(message, "INVALID_OPTION")
    return value


def is_email(value: str) -> bool:
    """Whether text has the form of an e-mail address."""
    return bool(_EMAIL.fullmatch(value.strip()))


def case_of(portal: Portal, email: str) -> str:
    """An address as the portal keeps it: see the switch `email_case`."""
    return email.lower() if portal.switches.email_case == "folded" else email


def _email(portal: Portal, value: str) -> str:
    if not is_email(value):
        raise _Invalid(f"Email address {value} is invalid", "INVALID_EMAIL")
    return case_of(portal, value.strip())


def _company_id(portal: Portal, value: str) -> str:
    # What the real one says of a company that does not exist was not seen.
    if not NUMBER.fullmatch(value) or portal.row("companies", value) is None:
        raise _Invalid(f"{value} was not a valid company id.", "INVALID_INTEGER")
    return value


def _owner_ids(portal: Portal) -> tuple[str, ...]:
    return tuple(portal.tables.ids("owners"))


_Check = Callable[[Portal, Definition, str, str], str]

_BY_TYPE: dict[str, _Check] = {
    "string": _string,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "enumeration": _enumeration,
}
_BY_NAME: dict[tuple[str, str], Callable[[Portal, str], str]] = {
    ("contacts", "email"): _email,
    ("contacts", "associatedcompanyid"): _company_id,
}

# Where the options of a property live that lists none itself.
_EXTERNAL: dict[str, Callable[[Portal], tuple[str, ...]]] = {
    "hubspot_owner_id": _owner_ids,
    "pipeline": lambda portal: tuple(one["id"] for one in pipelines(portal, "deals")),
    "dealstage": lambda portal: tuple(deal_stages(portal)),
    "hs_call_disposition": lambda _: tuple(DISPOSITIONS),
}
