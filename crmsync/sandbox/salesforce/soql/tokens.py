"""The tokens of a SOQL text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crmsync.sandbox.salesforce.errors import Refusal, refuse

_PATTERN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::\d+)?)
    | (?P<mark><=|>=|!=|<>|[=<>(),])
    | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_ESCAPES = {"n": "\n", "N": "\n", "r": "\r", "R": "\r", "t": "\t", "T": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (string, instant, date, number, word, mark, end), text and place."""

    kind: str
    text: str
    at: int

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords or marks, in any case."""
        return self.kind in ("word", "mark") and self.text.upper() in words


def tokens(soql: str) -> Iterator[Token]:
    """All tokens of a text, the last of kind `end`; Refusal (MALFORMED_QUERY) at a stray character."""
    at = 0
    while True:
        match = _PATTERN.match(soql, at)
        if match is None or match.lastgroup is None:
            stray = soql[at:].lstrip()[:1]
            raise malformed(f"unexpected token: '{stray}'")
        yield Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        if match.lastgroup == "end":
            return
        at = match.end()


def unquoted(text: str) -> str:
    r"""The value of a string literal; `\%` and `\_` keep their backslash, for LIKE to see."""

    def plain(match: re.Match[str]) -> str:
        letter = match[1]
        return match[0] if letter in "%_" else _ESCAPES.get(letter, letter)

    return re.sub(r"\\(.)", plain, text[1:-1], flags=re.DOTALL)


def malformed(message: str) -> Refusal:
    """A refusal of a text that is no SOQL."""
    return refuse("MALFORMED_QUERY", message)


def pointing(soql: str, at: int, message: str) -> str:
    """A message with the place it speaks of, laid out as Salesforce does."""
    # "\nselect count() from XYZZY\n      ^\nERROR at Row:1:Column:21\n...": CumulusCI (read 2026-11).
    row = soql.count("\n", 0, at) + 1
    column = at - (soql.rfind("\n", 0, at) + 1) + 1
    excerpt = soql[max(0, at - 60) : at + 60].replace("\n", " ")
    mark = " " * (at - max(0, at - 60)) + "^"
    return f"\n{excerpt}\n{mark}\nERROR at Row:{row}:Column:{column}\n{message}"
