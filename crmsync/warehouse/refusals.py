"""What a database says of a query that is wrong, in our words and with what helps.

The first pattern that fits counts; its own words are quoted where nothing better is known. Of the names that DuckDB
holds beside an unknown one, only one that looks like it is proposed: it lists some even where none does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from crmsync.warehouse.handoffs import OF_HANDOFFS

OF_ROLES = "role_proposal"
"""What audits need, of any system, that is made only if asked for."""
TABLES = "correct the query; docs/audits.md has the tables"
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_WORD = re.compile(r"(?:column|Table|Function)(?: with name)? \"?(\w+)\"?")
_QUOTED = re.compile(r'"([^"]+)"')
_ENGINE = re.compile(r"^(?:[A-Z]\w+ )+Error: ")
_MOST = 300

Told = tuple[str, str]
"""(what is wrong, what helps)."""


def explained(said: str) -> Told:
    """What is wrong with a query, and what helps, from all that the database says of it."""
    for pattern, tell in _KINDS:
        if found := pattern.search(said):
            return tell(found, said)
    first = quoted_words(said)
    if _ENGINE.match(first):
        return f"the query cannot be asked: “{_ENGINE.sub('', first)}”", TABLES
    return first, TABLES


def line_of(said: str, query: str) -> int:
    """The line that the database names, else the first one with the word that it names, else the first."""
    if named := _LINE.search(said):
        return int(named[1])
    word = _WORD.search(said)
    lines = enumerate(query.splitlines(), 1)
    return next((at for at, line in lines if word and word[1] in line), 1)


def quoted_words(said: str) -> str:
    """The first paragraph of what a database or a function says, in one line and not too long."""
    return _short(" ".join(said.split("\n\n")[0].split()))


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _nearest(name: str, rest: str) -> str:
    """What to use in place of a name, if one of those that are quoted is like it."""
    names = [each.rpartition(".")[2] for each in _QUOTED.findall(rest)]
    close = get_close_matches(name.lower(), names, n=1)
    return f"use {close[0]}; docs/audits.md has the tables" if close else TABLES


def _column(found: re.Match[str], said: str) -> Told:
    name = found[1] or found[2]
    after = said[found.end() :].partition("LINE ")[0]
    return f"no table of the query has a column '{name}'", _nearest(name, after)


def _table(found: re.Match[str], said: str) -> Told:
    name = found[1] or found[2]
    if name.lower() in OF_HANDOFFS | {OF_ROLES}:
        advice = f"add {name} to needs: in the header; it is made only if an audit needs it"
        return f"there is no table '{name}'", advice
    after = said[found.end() :].partition("LINE ")[0]
    return f"there is no table '{name}'", _nearest(name, after)


def _function(found: re.Match[str], said: str) -> Told:
    after = said[found.end() :].partition("LINE ")[0]
    return f"there is no function '{found[1]}'", _nearest(found[1], after)


def _file(_found: re.Match[str], _said: str) -> Told:
    return "a query may not read files, nor change settings", TABLES


def _syntax(found: re.Match[str], _said: str) -> Told:
    return f"this is no SQL: “{_short(found[1])}”", TABLES


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Told]], ...] = (
    (
        re.compile(r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"'),
        _column,
    ),
    (
        re.compile(r'Table with name (\S+) does not exist|Referenced table "([^"]+)" not found'),
        _table,
    ),
    (re.compile(r"Function with name (\S+) does not exist"), _function),
    (re.compile(r"disabled by configuration|configuration has been locked"), _file),
    (re.compile(r"^Parser Error: (.+)"), _syntax),
)
