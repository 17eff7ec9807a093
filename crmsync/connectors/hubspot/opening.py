"""A portal's resources, put together: its session, its pace, its day, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crmsync.connectors.calls import Answer, Calls, Rules
from crmsync.connectors.hubspot.api import Api, note_day
from crmsync.connectors.hubspot.day import Day
from crmsync.connectors.hubspot.pacing import Pacer
from crmsync.connectors.hubspot.problems import DayUsedUp, translate
from crmsync.connectors.hubspot.session import Session
from crmsync.connectors.hubspot.settings import Login
from crmsync.errors import CrmsyncError


def open_api(
    system: str,
    login: Login,
    *,
    now: datetime,
    reserve: float,
    sleep: Callable[[float], None],
    tick: Callable[[], float],
) -> Api:
    """The resources of a portal, which are asked for nothing yet. `tick` is a clock that only goes on."""
    session = Session(system, login, tick)
    day = Day(lambda: calls.clock())

    def refused(answer: Answer, where: str) -> CrmsyncError:
        error = translate(answer, where, login.way)
        if isinstance(error, DayUsedUp):
            error.remedy = day.remedy()
        return error

    pacer = Pacer(tick)
    renew = session.renew if session.can_renew else None
    rules = Rules(refused, note_day, renew, pacer, day.spare, pacer.hold)
    calls = Calls(system, rules, now, session.secrets, reserve, sleep)
    session.tell = lambda text: calls.tell(text)
    return Api(session, calls, day)
