"""Calls to a system: counted, paced, retried and translated in this one place.

| what happened | a read | a write |
|---|---|---|
| no connection, 429, 423: nothing was done | again, ATTEMPTS times, then Unavailable | the same |
| sent and no answer, 408, 5xx | again, then Unavailable | AnswerLost at once: perhaps done |
| the answer broke off, or is no JSON | again once, then AnswerBroken | AnswerLost at once |
| 401 | again once with a new token if there is a way to get one, then AccessDenied | the same |
| the reserve of the day is reached | TryLater | TryLater |
| any other no | the translated error | the translated error |

Must not know: which system it speaks to. Sleeping goes through `sleep`, so that tests do not wait, and
who waits for a second or more, or ten for an answer, is told through `tell`. Any number of threads may ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
from tenacity import RetryCallState, Retrying, stop_after_attempt

from crmsync.connectors.base import CallMeter
from crmsync.connectors.budget import AFTER_A_DAY, RESERVE, keep_reserve
from crmsync.connectors.jsons import parsed
from crmsync.connectors.redaction import redacted
from crmsync.errors import AnswerBroken, CrmsyncError, SystemFailed, TryLater, Unavailable
from crmsync.language import _, translate_said

ATTEMPTS = 5
BROKEN_ATTEMPTS = 2
LONGEST_WAIT_S = 60.0
CONNECT_S, READ_S = 10.0, 120.0
TIMEOUT_S = (CONNECT_S, READ_S)
SILENT_S = 10.0  # most answers come within a second or two: who waits longer wonders why
_BODY_KEPT = 2000
SHORTEST_TOLD_S = 1.0
_TOO_MANY = 429
_HALF_SECOND = 0.5  # a Date header leaves the fraction out


class AnswerLost(Unavailable):
    """A request left and no usable answer came back: it may have been done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over the wire; names of headers are lower case. The body may hold a token."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON, None if it is empty or none."""
        try:
            return parsed(self.body) if self.body.strip() else None
        except orjson.JSONDecodeError:
            return None

    def text(self) -> str:
        """The beginning of the body as text, whatever it is."""
        return self.body[:_BODY_KEPT].decode("utf-8", "replace").strip()


@dataclass(frozen=True, slots=True)
class Call:
    """One request that can be sent again. `label` names it without ids; `send` raises Unavailable if
    nothing was sent, AnswerLost if no answer came, AnswerBroken if the answer broke off. `take` takes
    the answer apart where it is no JSON; it raises AnswerBroken, too."""

    label: str
    send: Callable[[], Answer]
    writes: bool = False
    take: Callable[[Answer], Any] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A place for one call among those of a moment: seconds to wait, the call, then `end` with its answer's headers.

    After a wait `again` gives the seconds that are to be waited still, until it gives 0.
    """

    wait_s: float
    end: Callable[[Mapping[str, str]], None]
    again: Callable[[], float] = lambda: 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between systems.

    `translate` gives the error behind an answer that is no success. `note` reads the headers of an
    answer into the meter and gives back the seconds to wait before the next call. `renew` gets a new
    token, None if there is no way to. `pace` takes a turn for a call, by its label, where a system counts calls in a
    moment; a turn ends with the headers of its answer, none if none came. `hold` keeps back all calls that are counted
    with one that was turned away (429), for seconds. `later` says when there will be calls again.
    """

    translate: Callable[[Answer, str], CrmsyncError]
    note: Callable[[CallMeter, Mapping[str, str]], float]
    renew: Callable[[], None] | None = None
    pace: Callable[[str], Turn] | None = None
    later: Callable[[], str] = lambda: AFTER_A_DAY
    hold: Callable[[str, float], None] = lambda _label, _seconds: None


def nobody_listens(_text: str) -> None:
    """What is told goes nowhere."""


@dataclass(slots=True)
class Calls:
    """The one way to a system. `now` is the instant of opening, `reserve` a share of the day's calls.

    Whoever listens is told of an answer that has not come after `silent_s`, and how long it is waited for.
    """

    system: str
    rules: Rules
    now: datetime
    secrets: Iterable[str] = field(default=(), repr=False)
    reserve: float = RESERVE
    sleep: Callable[[float], None] = time.sleep
    meter: CallMeter = field(default_factory=CallMeter)
    tell: Callable[[str], None] = nobody_listens
    silent_s: float = SILENT_S
    skew_s: float = 0.0
    _opened: float = field(default_factory=time.monotonic)
    _pause_s: float = 0.0
    _clock_seen: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, call: Call) -> Any:
        """The JSON a system answers, None for an empty body; or what the call takes from the answer.

        Errors as in the table above.
        """
        retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait_s,
            retry=lambda state: _may_repeat(call, state),
            sleep=self.sleep,
            before_sleep=self._tell_retry,
            reraise=True,
        )
        return retrying(self._once, call)

    def wait(self, seconds: float, reason: str) -> None:
        """Sleeps; whoever listens is told of a second or more, and why. `reason` is in their language."""
        self._tell_wait(seconds, reason)
        self.sleep(seconds)

    def clock(self) -> datetime:
        """What the system's own clock shows, to about a second; ours before its first answer."""
        return self.now + timedelta(seconds=time.monotonic() - self._opened + self.skew_s)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        return redacted(text, self.secrets)

    def _once(self, call: Call) -> Any:
        try:
            return self._attempt(call)
        except CrmsyncError as error:
            self._tidy(call, error)
            if not (call.writes and isinstance(error, AnswerBroken)):
                raise
            raise AnswerLost(error.message, where=error.where, status=error.status) from None

    def _attempt(self, call: Call) -> Any:
        answer = self._send(call)
        if answer.status == 401 and self.rules.renew is not None:
            self.rules.renew()
            answer = self._send(call)
        if not 200 <= answer.status < 300:
            raise self._problem(call, answer)
        return self._parsed(call, answer)

    def _tidy(self, call: Call, error: CrmsyncError) -> None:
        """Takes secrets out of an error, also where only `repr` would show them, and places it."""
        error.message = self.clean(error.message)
        error.remedy = self.clean(error.remedy)
        error.args = (error.message,)
        error.where = self._placed(error.where or call.label)

    def _send(self, call: Call) -> Answer:
        self._rest()
        end = self._wait_for_turn(call)
        headers: Mapping[str, str] = {}
        try:
            self._count(call)
            with self._watched(call):
                answer = call.send()
            headers = answer.headers
        finally:
            end(headers)
        with self._lock:
            self._pause_s = max(self._pause_s, self.rules.note(self.meter, answer.headers))
            self._see_clock(answer.headers)
        return answer

    @contextmanager
    def _watched(self, call: Call) -> Iterator[None]:
        """While it runs, an answer that is late is told once, from another thread."""
        if self.tell is nobody_listens:
            yield
            return
        timer = threading.Timer(self.silent_s, self._tell_late, [call.label])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _tell_late(self, label: str) -> None:
        said = _(
            "{system} has not answered {call} for {seconds} s; the answer is waited for up to {most} s"
        )
        times = {"seconds": round(self.silent_s), "most": round(READ_S)}
        self.tell(said.format(system=self.system, call=label, **times))

    def _count(self, call: Call) -> None:
        with self._lock:
            keep_reserve(self.system, self.meter, self.reserve, self.rules.later())
            self.meter.made += 1
            self.meter.written += call.writes
            self.meter.by_path[call.label] = self.meter.by_path.get(call.label, 0) + 1

    def _wait_for_turn(self, call: Call) -> Callable[[Mapping[str, str]], None]:
        """Waits until it may be sent, and gives what ends its turn."""
        if self.rules.pace is None:
            return lambda _headers: None
        turn = self.rules.pace(call.label)
        wait_s = turn.wait_s
        while wait_s > 0:
            self._keep_limit(wait_s)
            wait_s = turn.again()
        return turn.end

    def _rest(self) -> None:
        """Waits as long as the answer before asked for: whoever comes first, for all."""
        with self._lock:
            pause_s, self._pause_s = self._pause_s, 0.0
        if pause_s > 0:
            self._keep_limit(pause_s)

    def _keep_limit(self, seconds: float) -> None:
        with self._lock:
            self.meter.waited_s += seconds
        self.wait(seconds, _("its limit of calls in a moment"))

    def _tell_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        waits_s = state.next_action.sleep if state.next_action else 0.0
        if isinstance(error, CrmsyncError):
            self._tell_wait(waits_s, translate_said(error.message))

    def _tell_wait(self, seconds: float, reason: str) -> None:
        if seconds >= SHORTEST_TOLD_S:
            told = _("waiting {seconds} s for {system}: {reason}")
            self.tell(told.format(seconds=round(seconds), system=self.system, reason=reason))

    def _see_clock(self, headers: Mapping[str, str]) -> None:
        if self._clock_seen or "date" not in headers:
            return
        try:
            theirs = parsedate_to_datetime(headers["date"])
            ahead = (theirs - self.now).total_seconds()
        except (TypeError, ValueError):
            return
        self.skew_s = ahead + _HALF_SECOND - (time.monotonic() - self._opened)
        self._clock_seen = True

    def _problem(self, call: Call, answer: Answer) -> CrmsyncError:
        error = self.rules.translate(answer, self._where(call))
        if isinstance(error, SystemFailed):
            error.body = self.clean(answer.text())
        error = _or_later(_or_lost(call, error))
        if isinstance(error, Unavailable) and answer.status == _TOO_MANY:
            self.rules.hold(call.label, error.waits_s)
        return error

    def _parsed(self, call: Call, answer: Answer) -> Any:
        if call.take is not None:
            return call.take(answer)
        if not answer.body.strip():
            return None
        try:
            return parsed(answer.body)
        except orjson.JSONDecodeError:
            raise AnswerBroken(
                "the answer is no JSON",
                where=self._where(call),
                status=answer.status,
                body=self.clean(answer.text()),
            ) from None

    def _where(self, call: Call) -> str:
        return self._placed(call.label)

    def _placed(self, place: str) -> str:
        """The place with its system before it; a token is asked for by those who do not know its name."""
        name = f"{self.system}: "
        return place if place.startswith(name) else name + place


def _or_lost(call: Call, error: CrmsyncError) -> CrmsyncError:
    """AnswerLost in place of an error after which a write may have been done."""
    sent = isinstance(error, Unavailable) and (error.status >= 500 or error.status == 408)
    if not (call.writes and sent and isinstance(error, Unavailable)):
        return error
    lost = AnswerLost(error.message, where=error.where, status=error.status)
    lost.body = error.body
    return lost


def _or_later(error: CrmsyncError) -> CrmsyncError:
    """TryLater in place of a wait that is too long to sit through."""
    if isinstance(error, Unavailable) and error.waits_s > LONGEST_WAIT_S:
        return TryLater(
            f"{error.message}; it asks for a wait of {error.waits_s:.0f} s",
            where=error.where,
            remedy="Run again after that time.",
        )
    return error


def _may_repeat(call: Call, state: RetryCallState) -> bool:
    """True if the same request may be sent again after this end of it."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, AnswerLost):
        return not call.writes
    if isinstance(error, AnswerBroken):
        return state.attempt_number < BROKEN_ATTEMPTS
    return isinstance(error, Unavailable)


def _wait_s(state: RetryCallState) -> float:
    """Seconds before the next attempt: what the server asked for, else 0.5, 1, 2, 4."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.waits_s if isinstance(error, Unavailable) else 0.0
    return asked or 0.5 * 2.0 ** (state.attempt_number - 1)
