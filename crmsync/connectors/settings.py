"""Settings of one system, checked: every problem at once, in the words of `crmsync.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from crmsync.connectors.budget import RESERVE
from crmsync.errors import ConfigInvalid, Problem

FILE = "crmsync.yml"
WRITE_SUFFIX = "_write"


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
        """Share of the day's calls to leave to others; ConfigInvalid unless it is from 0 to 0.9."""
        text = self.get("reserve", str(RESERVE))
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if 0 <= share <= 0.9:
            return share
        raise invalid(
            self.system, f"reserve '{text}' is no share of a day", "give 0.0 to 0.9", "reserve"
        )


def invalid(system: str, message: str, remedy: str, *keys: str) -> ConfigInvalid:
    """The error for one system; `keys` lead to the setting of it that is wrong."""
    return ConfigInvalid([problem_of(system, message, remedy, *keys)])


def checked(
    system: str,
    settings: Mapping[str, str],
    *,
    known: tuple[str, ...],
    secret: tuple[str, ...],
    needs: tuple[tuple[str, ...], ...],
    writes: bool,
) -> Checked:
    """Settings to work with, ConfigInvalid if a name is unknown or no set of `needs` is complete.

    For each name of `secret` there may be another one ending in `_write`: the credential that may
    write, taken if `writes` and given.
    """
    names = (*known, *(name + WRITE_SUFFIX for name in secret), "reserve")
    given = {name: value.strip() for name, value in settings.items() if value and value.strip()}
    chosen = {name: given.get(name + WRITE_SUFFIX * writes, given.get(name)) for name in secret}
    usable = {name: value for name, value in (given | chosen).items() if value is not None}
    problems = [_unknown(system, name, names) for name in settings if name not in names]
    problems += [_broken(system, name) for name in secret if not _is_whole(usable.get(name, ""))]
    if not any(all(name in usable for name in group) for group in needs):
        ways = ", or ".join(" and ".join(f"`{name}`" for name in group) for group in needs)
        problems.append(problem_of(system, "no complete credential", f"give {ways}"))
    if problems:
        raise ConfigInvalid(problems)
    return Checked(system, usable)


def _is_whole(secret: str) -> bool:
    """False for a credential that no header can hold: with a line end in it, or not plain ASCII."""
    return secret.isascii() and secret.isprintable()


def _broken(system: str, name: str) -> Problem:
    message = f"`{name}` holds a line end or a sign that no credential has"
    return problem_of(system, message, "copy it again, in one line and without quotes", name)


def _unknown(system: str, name: str, names: tuple[str, ...]) -> Problem:
    nearest = get_close_matches(name, names, n=1)
    remedy = f"did you mean '{nearest[0]}'?" if nearest else f"known: {', '.join(sorted(names))}"
    return problem_of(system, f"setting '{name}' is not known", remedy, name)


def problem_of(system: str, message: str, remedy: str, *keys: str) -> Problem:
    """One thing wrong with a system; whoever has read crmsync.yml knows the line of its `keys`."""
    path = ("systems", system, *keys)
    return Problem(FILE, 0, 0, "CRM100", f"systems.{system}: {message}", remedy, path)
