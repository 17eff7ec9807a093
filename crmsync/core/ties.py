"""Sets of ties with roles as text: what crosses the border of a connector, read and written.

| text | says |
|---|---|
| `id` | a tie; its role, if it has one, is not asked for |
| `id|role` | a tie with this role |
| `a;b|role` | a set: elements in order, none twice; None is the empty set |
| `+a;-b|role` | a delta: what to add, then what to take away; empty for nothing |

`%`, `;` and `|` inside an id or a role are `%25`, `%3B` and `%7C`; nothing else is escaped. Elements
are in the order of their text, code point by code point, which is also the order of UTF-8 bytes.

Laws: `read_ties_text(ties_text(s)) == s`; `read_delta(delta_text(a, b)) == (b - a, a - b)`;
`apply_delta(a, delta_text(a, b)) == b`, and applying it again changes nothing.

Must not know: which system an id belongs to, or what a role means there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

Tie: TypeAlias = tuple[str, str]
"""The other record's id, and its role, empty for none."""
TieSet: TypeAlias = frozenset[Tie]

NO_TIES: TieSet = frozenset()
_ESCAPES = {"%": "%25", ";": "%3B", "|": "%7C"}
_PLAIN = {code: sign for sign, code in _ESCAPES.items()}
_SPECIAL = re.compile(r"[%;|]")
_CODE = re.compile("|".join(_PLAIN))


def ties_text(elements: Iterable[Tie]) -> str | None:
    """The text of a set of ties, None for the empty one. ValueError for a tie without an id."""
    return ";".join(sorted({_element(tie) for tie in elements})) or None


def read_ties_text(text: str | None) -> TieSet:
    """The set of ties a text says. ValueError if it is none."""
    return frozenset(_tie(part) for part in text.split(";")) if text else NO_TIES


def delta_text(before: TieSet, after: TieSet) -> str:
    """What leads from one set to the other; empty if they are the same."""
    added = sorted("+" + _element(tie) for tie in after - before)
    removed = sorted("-" + _element(tie) for tie in before - after)
    return ";".join((*added, *removed))


def read_delta(text: str) -> tuple[TieSet, TieSet]:
    """Ties to add and ties to take away. ValueError if it is no delta, or one says both of a tie."""
    signed = [(part[:1], _tie(part[1:])) for part in text.split(";")] if text else []
    odd = [sign for sign, _tie_ in signed if sign not in ("+", "-")]
    if odd:
        raise ValueError(f"an element of a delta begins with + or -, not {odd[0]!r}")
    add, remove = (frozenset(tie for one, tie in signed if one == sign) for sign in "+-")
    if add & remove:
        raise ValueError(f"{_element(min(add & remove))} is both added and taken away")
    return add, remove


def apply_delta(before: TieSet, text: str) -> TieSet:
    """The set after a delta; what is there already, or is not there, makes no difference."""
    add, remove = read_delta(text)
    return (before | add) - remove


def _element(tie: Tie) -> str:
    other, role = tie
    if not other:
        raise ValueError("a tie has no id")
    return f"{_escaped(other)}|{_escaped(role)}" if role else _escaped(other)


def _tie(text: str) -> Tie:
    other, bar, role = text.partition("|")
    if not other or "|" in role or (bar and not role):
        raise ValueError(f"{text!r} is no tie")
    return _unescaped(other), _unescaped(role)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)


def _unescaped(text: str) -> str:
    if "%" in _CODE.sub("", text):
        raise ValueError(f"{text!r} has a % that begins no escape")
    return _CODE.sub(lambda found: _PLAIN[found[0]], text)
