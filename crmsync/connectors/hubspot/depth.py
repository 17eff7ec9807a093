"""How far the facts of a portal are read, by its settings.

| setting | default | leaves out |
|---|---|---|
| `activities_days` | 400 | activities neither dated nor changed since; 0: all, and working hours, none is read |
| `history_days` | 730 | versions of properties older than that; 0: all, none is read |
| `lists` | true | false: lists and their members |
| `list_members` | 2000 | members of lists that have more: those are only counted; 0: members of all |
| `consent` | properties | statuses of every address, which `statuses` reads; false: types of subscription, too |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crmsync.connectors.depths import count_problems, day_problems, flag, flag_problems
from crmsync.connectors.settings import Checked, problem_of
from crmsync.errors import Problem

SETTINGS = ("activities_days", "history_days", "lists", "list_members", "consent")
CONSENTS = ("properties", "statuses", "false")
# As of Salesforce: a year of work with the quarter it began in, and two years of stages
_DEFAULT_DAYS = {"activities_days": 400, "history_days": 730}
# Eight calls a list, at 250 members a call: developers.hubspot.com, Lists (read 2026-11)
_DEFAULT_MEMBERS = 2000


@dataclass(frozen=True, slots=True)
class Depth:
    """Days back, 0 for not at all; whether lists are read, members of lists up to which size; how consent is."""

    activities_days: int = _DEFAULT_DAYS["activities_days"]
    history_days: int = _DEFAULT_DAYS["history_days"]
    lists: bool = True
    list_members: int = _DEFAULT_MEMBERS
    consent: str = CONSENTS[0]

    @property
    def facts(self) -> tuple[str, ...]:
        """The kinds of facts that take a scope of their own and are asked for, as `rights.FACTS` names them."""
        asked = {
            "hours": self.activities_days > 0,
            "lists": self.lists,
            "consent": self.consent != "false",
            "statuses": self.consent == "statuses",
        }
        return tuple(name for name, is_asked in asked.items() if is_asked)


def depth_problems(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is no number of days, no number, neither true nor false, or no way to read consent."""
    yield from flag_problems(system, given, ("lists",))
    yield from day_problems(system, given, _DEFAULT_DAYS)
    yield from count_problems(system, given, ("list_members",))
    consent = given.get("consent", CONSENTS[0])
    if consent.lower() not in CONSENTS:
        message = f"consent '{consent}' is no way to read it"
        yield problem_of(system, message, f"give one of {', '.join(CONSENTS)}", "consent")


def depth_of(chosen: Checked) -> Depth:
    """The settings, which were checked."""
    days = {name: int(chosen.get(name, str(usual))) for name, usual in _DEFAULT_DAYS.items()}
    return Depth(
        **days,
        lists=flag(chosen, "lists"),
        list_members=int(chosen.get("list_members", str(_DEFAULT_MEMBERS))),
        consent=chosen.get("consent", CONSENTS[0]).lower(),
    )
