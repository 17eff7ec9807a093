"""Settings of one system, checked: every problem at once, in the words of `crmsync.yml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from crmsync.connectors.budget import RESERVE
from crmsync.errors import ConfigInvalid, Problem

FILE = "crmsync.yml"
WRITE_SUFFIX = "_write"
_ANY = "0"  # stands where a value is not known: no check of a secret or a share objects to it
# What comes along when a secret is copied: blanks, line ends, a byte order mark, a zero-width space.
_AROUND = " \t\r\n\v\f\u00a0\u200b\u2060\ufeff"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_QUOTES = "\"'\u2018\u2019\u201c\u201d"

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings that can be used: blanks left out, `_write` ones in place if writing was asked for."""

    system: str
    values: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Checked(system={self.system!r}, names={sorted(self.values)})"

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        """The setting, or a default."""
        return self.values.get(name, default)

    def reserve(self) -> float:
        """Share of the day's calls to leave to others."""
        return float(self.get("reserve", str(RESERVE)))


def invalid(system: str, message: str, remedy: str, *keys: str) -> ConfigInvalid:
    """The error for one system; `keys` lead to the setting of it that is wrong."""
    return ConfigInvalid([problem_of(system, message, remedy, *keys)])


def checked(
    system: str,
    settings: Given,
    *,
    known: tuple[str, ...],
    secret: tuple[str, ...],
    needs: tuple[tuple[str, ...], ...],
    writes: bool,
    free: tuple[str, ...] = (),
    more: Callable[[Given], Iterable[Problem]] = lambda _given: (),
    settle: Callable[[Given, frozenset[str]], dict[str, str]] = lambda given, _writing: dict(given),
) -> Checked:
    """Settings to work with, ConfigInvalid if a name is unknown or no set of `needs` is complete.

    For each name of `secret` there may be another one ending in `_write`: the credential that may
    write, taken if `writes` and given. What is copied along with a secret is trimmed; damage within
    it is told, but in those of `free` only what no text should hold. `more` are checks of one
    connector, `settle` what it leaves out where some credentials (named) are for writing.
    """
    names = tuple(dict.fromkeys((*known, *(name + WRITE_SUFFIX for name in secret), "reserve")))
    trimmed = {name: value.strip(_AROUND) for name, value in settings.items() if value}
    given = {name: value for name, value in trimmed.items() if value}
    chosen = {name: given.get(name + WRITE_SUFFIX * writes, given.get(name)) for name in secret}
    usable = {name: value for name, value in (given | chosen).items() if value is not None}
    writing = frozenset(name for name in secret if writes and name + WRITE_SUFFIX in given)
    usable = settle(usable, writing)
    problems = [_unknown(system, name, names) for name in settings if name not in names]
    if needs and not any(all(name in usable for name in group) for group in needs):
        ways = ", or ".join(" and ".join(f"`{name}`" for name in group) for group in needs)
        problems.append(problem_of(system, "no complete credential", f"give {ways}"))
    problems += more(usable)
    problems += _damaged(system, usable, secret, free)
    problems += _no_share(system, usable.get("reserve", str(RESERVE)))
    if problems:
        raise ConfigInvalid(problems)
    return Checked(system, usable)


def as_written(
    system: str,
    settings: Given,
    unset: Collection[str],
    check: Callable[[Given, bool, frozenset[str]], object],
) -> list[Problem]:
    """What is wrong with settings as they are written; those of `unset` have a value that nobody knows yet.

    `check` is asked for reading and for writing, told which are not known, and raises ConfigInvalid. What is
    wrong with the whole of them is left out: where no credential is given, it may come from elsewhere.
    """
    unknown = frozenset(name.removesuffix(WRITE_SUFFIX) for name in unset)
    filled = {**settings, **dict.fromkeys(unset, _ANY)}
    found: list[Problem] = []
    for writes in (False, True):
        try:
            check(filled, writes, unknown)
        except ConfigInvalid as error:
            found += error.problems
    return [each for each in dict.fromkeys(found) if len(each.path) > len(("systems", system))]


def _damaged(
    system: str, given: Given, secret: tuple[str, ...], free: tuple[str, ...]
) -> Iterator[Problem]:
    """Secrets that cannot be right as they stand; none of them is quoted."""
    for name in secret:
        damage = _damage(given.get(name, ""), is_free=name in free, lines=name == "private_key")
        if damage:
            remedy = f"copy `{name}` again: it is one line, without blanks or quotation marks"
            if name in free:
                remedy = f"copy `{name}` again"
            yield problem_of(system, f"`{name}` {damage}", remedy, name)


def _damage(text: str, *, is_free: bool, lines: bool) -> str:
    """What is wrong with a secret, blank if nothing is."""
    if _CONTROL.search(text) and not lines:
        return "holds a line break or another character that cannot be seen"
    if is_free or not text:
        return ""
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        return "is in quotation marks"
    if any(letter.isspace() for letter in text):
        return "holds a blank"
    return "" if text.isascii() else "holds a letter that no credential has"


def _no_share(system: str, text: str) -> Iterator[Problem]:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 0.9:
        message = f"reserve '{text}' is no share of a day"
        yield problem_of(system, message, "give 0.0 to 0.9", "reserve")


def _unknown(system: str, name: str, names: tuple[str, ...]) -> Problem:
    nearest = get_close_matches(name, names, n=1)
    remedy = f"did you mean '{nearest[0]}'?" if nearest else f"known: {', '.join(sorted(names))}"
    return problem_of(system, f"setting '{name}' is not known", remedy, name)


def problem_of(system: str, message: str, remedy: str, *keys: str) -> Problem:
    """One thing wrong with a system; whoever has read crmsync.yml knows the line of its `keys`."""
    path = ("systems", system, *keys)
    return Problem(FILE, 0, 0, "CRM100", f"systems.{system}: {message}", remedy, path)
