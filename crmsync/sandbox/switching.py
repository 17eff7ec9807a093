"""Named switches of a simulated CRM: behaviour that public evidence leaves open, both ways at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Value = bool | int | str

_TRUTHS: Mapping[str, bool] = {"true": True, "on": True, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question: its name, what holds unless told otherwise, and what is known of it.

    `choices` are all the values it takes; none stands for any whole number from 0 on.
    """

    name: str
    default: Value
    known: str
    choices: tuple[Value, ...] = (False, True)

    def read(self, value: object) -> Value:
        """A value as the switch keeps it, also out of text; ValueError for one it does not take."""
        found: Value = self._parsed(value)
        allowed = found in self.choices if self.choices else _is_count(found)
        if not allowed or (self.choices and type(found) is not type(self.default)):
            named = ", ".join(_spelled(each) for each in self.choices) or "0, 1, 2, ..."
            raise ValueError(f"the switch {self.name} takes {named}, not {value!r}")
        return found

    def _parsed(self, value: object) -> Any:
        if not isinstance(value, str) or isinstance(self.default, str):
            return value
        if isinstance(self.default, bool):
            return _TRUTHS.get(value.strip().lower())
        return int(value) if value.strip().isdecimal() else None


class Switches:
    """Where the switches of one world stand; `switches[name]` is the value."""

    def __init__(self, known: Iterable[Switch]) -> None:
        self._known = {switch.name: switch for switch in known}
        self._turned: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        return self._turned.get(name, self._known[name].default)

    def number(self, name: str) -> int:
        """The value of a switch that holds a number."""
        return int(self[name])

    def turn(self, values: Mapping[str, object]) -> None:
        """Sets several at once; ValueError for a name or value there is not, and nothing is set."""
        unknown = sorted(values.keys() - self._known.keys())
        if unknown:
            raise ValueError(f"no switch {', '.join(unknown)}; there are {', '.join(self._known)}")
        self._turned |= {name: self._known[name].read(value) for name, value in values.items()}

    def told(self) -> list[dict[str, Any]]:
        """Every switch with its value, its default, its choices and what is known, as JSON."""
        return [
            {
                "name": switch.name,
                "value": self[switch.name],
                "default": switch.default,
                "choices": list(switch.choices),
                "known": switch.known,
            }
            for switch in self._known.values()
        ]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _spelled(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
