"""Named switches: what public evidence leaves open about a CRM, how it is answered, and what is known.

A switch belongs to a world and is kept with its rows. Each simulated CRM has one table of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.sandbox.tables import Tables

Value = bool | int | str
_TABLE = "~switches"


@dataclass(frozen=True, slots=True)
class Switch:
    """A question that public evidence leaves open: how it is answered here by default, and what is known."""

    name: str
    default: Value
    known: str
    choices: tuple[Value, ...] = ()


Switches = Mapping[str, Switch]


def value_of(known: Switches, tables: Tables, name: str) -> Value:
    """How a switch stands; KeyError for one there is not."""
    row = tables.get(_TABLE, name)
    return known[name].default if row is None else row["value"]


def turn(known: Switches, tables: Tables, name: str, value: object) -> None:
    """Sets a switch; text is read as the switch's own type. ValueError for an unknown one or a wrong value."""
    if name not in known:
        raise ValueError(f"no switch {name!r}; there are {', '.join(sorted(known))}")
    kind = type(known[name].default)
    read, choices = _read(name, kind, value), known[name].choices
    if choices and read not in choices:
        named = ", ".join(str(each) for each in choices)
        raise ValueError(f"{name} is one of {named}, not {value!r}")
    tables.put(_TABLE, name, {"value": read})


def turn_all(
    known: Switches, tables: Tables, wanted: Mapping[str, object] | None
) -> dict[str, Value]:
    """How every switch stands, after those that are wanted otherwise were set."""
    for name, value in (wanted or {}).items():
        turn(known, tables, name, value)
    return {name: value_of(known, tables, name) for name in known}


_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _read(name: str, kind: type, value: object) -> Value:
    if kind is bool:
        read = _WORDS.get(str(value).lower())
        if read is None:
            raise ValueError(f"{name} is true or false, not {value!r}")
        return read
    if kind is not int:
        return str(value)
    if not str(value).isdecimal():
        raise ValueError(f"{name} is a whole number from 0 on, not {value!r}")
    return int(str(value))
