"""The first figures over a finished face: hand-offs are grouped in SQL, so a million of them are some thousand rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from crmsync.core.agreement import Agreement
from crmsync.core.figures import (
    LAGS,
    NEVER,
    Clock,
    Conversion,
    Figures,
    Lag,
    LagTime,
    Outcome,
    Speed,
    speed_of,
    waits_of,
)
from crmsync.language import N_
from crmsync.warehouse.engine import literal, open_read_only

Group: TypeAlias = tuple[str, str]
"""System and owner; blank for all."""
_CLOCKS: tuple[Clock, ...] = ("raw", "business")
_STAGES = ("lead", "mql", "sql", "opportunity", "customer")
_WITHOUT_ACTIVITIES = N_("Activities were not read, so nobody can say how soon anybody was called.")
_WITHOUT_HANDOFFS = N_("Nobody became an MQL in this period, and no lead came in.")
_LEADS = N_("Nobody ever became an MQL here, so every lead that came in counts as handed off.")
_SHORT = N_("Activities were read since {day} only: hand-offs before are not counted.")
_NO_HOURS = N_(
    "Business time is not measurable: no working hours are known. Agree on them under `agreement:` in crmsync.yml."
)
_ROUND = N_(
    "The working hours of {systems} are round the clock, as before anybody sets them: business time is all time there."
)
_UNREAD = N_(
    "Working hours of {systems} were not read: others count in their place, if there are any."
)
_ZONELESS = N_("These working hours have no time zone and are left out: {names}")
_UNREADABLE = N_("These working hours cannot be read and are left out: {names}")
_HOLIDAYS = N_("Holidays that come back otherwise than once a year are left out: {names}")
_PROBLEMS = {
    "zoneless": _ZONELESS,
    "unreadable": _UNREADABLE,
    "holidays": _HOLIDAYS,
    "round": _ROUND,
}


@dataclass(slots=True)
class _Pile:
    """What the hand-offs of one group add up to, by one clock."""

    waits: Counter[float] = field(default_factory=Counter)
    unmeasured: int = 0
    waiting: int = 0

    def add(self, other: _Pile) -> None:
        """Puts another pile on this one."""
        self.waits.update(other.waits)
        self.unmeasured += other.unmeasured
        self.waiting += other.waiting


def figures_of(file: Path, agreement: Agreement, have: set[str], as_of: datetime) -> Figures:
    """All figures of the period that ends with the audit; without activities, why there are none."""
    if "activity" not in have:
        return Figures(agreement.days, agreement.within_minutes, why_not=_WITHOUT_ACTIVITIES)
    db = open_read_only(file)
    try:
        return _Asked(db, agreement, as_of.replace(tzinfo=None)).figures()
    finally:
        db.close()


@dataclass(slots=True)
class _Asked:
    """The questions to one face. The period begins with the agreed days, or where activities were first read."""

    db: Any
    agreement: Agreement
    now: datetime
    notes: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def figures(self) -> Figures:
        """Every figure."""
        since = self._since()
        ((handoffs, no_owner, early, basis),) = self._rows(
            "SELECT count(*), count(*) FILTER (state = 'no_owner'), count(*) FILTER (state = 'early'), "
            f"any_value(raised_by) FROM handoff WHERE {_IN_PERIOD}",
            since,
        )
        plain = Figures(self.agreement.days, self.agreement.within_minutes, basis or "")
        if not handoffs:
            return _with(plain, why_not=_WITHOUT_HANDOFFS)
        if basis != "mql":
            self.notes.append((_LEADS, {}))
        speeds = tuple(self._speeds(since))
        attempts, contacts = self._depth(since)
        self._hours()
        return _with(
            plain,
            speeds=speeds,
            lags=tuple(self._lags(since)),
            outcome=self._outcome(since),
            conversions=tuple(self._conversions(since)),
            handoffs=handoffs,
            undated=self._undated(),
            owners=self._owners(speeds),
            without_owner=no_owner,
            early=early,
            attempts=attempts,
            contacts=contacts,
            notes=tuple(self.notes),
        )

    def _rows(self, query: str, since: datetime) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(query, {"since": since}).fetchall()
        return found

    def _since(self) -> datetime:
        """Nobody may conclude from what activities before their first day do not tell."""
        wanted = self.now - timedelta(days=self.agreement.days)
        ((read,),) = self.db.execute(
            "SELECT max(since) FROM fact WHERE fact = 'activity'"
        ).fetchall()
        if read is None or read <= wanted:
            return wanted
        self.notes.append((_SHORT, {"day": read.date().isoformat()}))
        since: datetime = read
        return since

    def _speeds(self, since: datetime) -> Iterator[Speed]:
        """Of all, of each system and of each owner, by each clock that could be read at all."""
        for clock in _CLOCKS:
            piles = self._piles(clock, since)
            groups: dict[Group, _Pile] = {("", ""): _Pile()}
            for (system, owner), pile in sorted(piles.items()):
                for group in {("", ""), (system, ""), (system, owner)}:
                    groups.setdefault(group, _Pile()).add(pile)
            if clock == "business" and not groups["", ""].waits and not groups["", ""].waiting:
                continue
            for group, pile in sorted(groups.items()):
                yield speed_of(
                    pile.waits.items(), self.agreement.within_minutes * 60.0, pile.unmeasured, pile.waiting,
                    (clock, *group),
                )  # fmt: skip

    def _piles(self, clock: Clock, since: datetime) -> dict[Group, _Pile]:
        within = self.agreement.within_minutes * 60
        rows = self._rows(
            "SELECT coalesce(owner_system, ''), coalesce(owner_id, ''), state, "
            f"{_tidy(f'{clock}_s', within)}, {clock}_age_s IS NULL, coalesce({clock}_age_s < {within}, false), "
            "count(*) "
            f"FROM handoff WHERE {_IN_PERIOD} AND state <> 'no_owner' GROUP BY ALL",
            since,
        )
        piles: dict[Group, _Pile] = {}
        for system, owner, state, waited, ageless, young, times in rows:
            pile = piles.setdefault((system, owner), _Pile())
            if state == "touched" and waited is not None:
                pile.waits[float(waited)] += times
            elif state == "never" and not ageless:
                if young:
                    pile.waiting += times
                else:
                    pile.waits[NEVER] += times
            else:
                pile.unmeasured += times
        return piles

    def _lags(self, since: datetime) -> Iterator[LagTime]:
        for lag in LAGS:
            begins, ends, measured = _ENDS[lag]
            lasted = f"greatest(epoch({ends}) - epoch({begins}), 0)"
            rows = self._rows(
                f"SELECT CASE WHEN {measured} THEN {_tidy(lasted)} END, count(*) "
                f"FROM handoff WHERE {_IN_PERIOD} AND {ends} IS NOT NULL GROUP BY 1",
                since,
            )
            waits = waits_of((float(waited), times) for waited, times in rows if waited is not None)
            yield LagTime(lag, waits, sum(times for waited, times in rows if waited is None))

    def _outcome(self, since: datetime) -> Outcome:
        rows = self._rows(
            f"SELECT disposition, count(*) FROM handoff WHERE {_IN_PERIOD} GROUP BY 1", since
        )
        found = dict(rows)
        return Outcome(
            sum(found.values()),
            accepted=found.get("accepted", 0),
            rejected=found.get("rejected", 0),
            recycled=found.get("recycled", 0),
        )

    def _depth(self, since: datetime) -> tuple[dict[str, int], int]:
        ((calls, voicemails, emails, meetings, contacts),) = self._rows(
            "SELECT sum(calls), sum(voicemails), sum(emails), sum(meetings), sum(contacts) "
            f"FROM handoff WHERE {_IN_PERIOD}",
            since,
        )
        both = self.agreement.voicemail == "call_and_voicemail"
        counted = {
            "call": calls + (voicemails if both else 0),
            "voicemail": voicemails,
            "email": emails,
            "meeting": meetings,
        }
        return {name: int(number) for name, number in counted.items()}, int(contacts)

    def _conversions(self, since: datetime) -> Iterator[Conversion]:
        """Between stages that anybody entered in the period."""
        for from_, to in pairwise(_STAGES):
            ((entered, converted, matured, in_time, unmeasured),) = self.db.execute(
                _CONVERSION.format(
                    from_=literal(from_), to=literal(to), days=self.agreement.convert_days
                ),
                {"since": self.now - timedelta(days=self.agreement.days), "now": self.now},
            ).fetchall()
            if entered or matured:
                yield Conversion(
                    from_, to, entered, converted, matured, in_time, self.agreement.convert_days, unmeasured
                )  # fmt: skip

    def _undated(self) -> int:
        ((found,),) = self.db.execute(
            "SELECT count(*) FROM handoff WHERE handoff_at IS NULL AND t_mql IS NULL"
        ).fetchall()
        return int(found)

    def _owners(self, speeds: Iterable[Speed]) -> dict[Group, str]:
        wanted = {(each.system, each.owner) for each in speeds if each.owner}
        rows = self.db.execute("SELECT system, id, coalesce(name, email, id) FROM owner").fetchall()
        return {(system, id_): name for system, id_, name in rows if (system, id_) in wanted}

    def _hours(self) -> None:
        """What is to be said of the working hours: none, not read, without a zone, never set."""
        if not self.db.execute("SELECT 1 FROM works LIMIT 1").fetchall():
            self.notes.append((_NO_HOURS, {}))
        ((unread,),) = self.db.execute(
            "SELECT string_agg(DISTINCT system, ', ' ORDER BY system) FROM fact "
            "WHERE fact = 'calendar' AND state <> 'read'"
        ).fetchall()
        if unread:
            self.notes.append((_UNREAD, {"systems": unread}))
        rows = self.db.execute(
            "SELECT what, string_agg(calendar, ', ' ORDER BY calendar) FROM calendar_problem GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for what, names in rows:
            key = "systems" if what == "round" else "names"
            self.notes.append((_PROBLEMS[what], {key: names}))


def _tidy(seconds: str, within: int = 0) -> str:
    """A wait to the second; above an hour to the minute, and above two days (or what was agreed) to the hour.

    Rounded up, so that nobody is in time who was not. So a million hand-offs are some thousand rows for each owner.
    """
    wait = f"round({seconds})"
    return (
        f"(CASE WHEN {wait} <= 3600 THEN {wait} WHEN {wait} <= {max(within, 172_800)} THEN ceil({wait} / 60) * 60 "
        f"ELSE ceil({wait} / 3600) * 3600 END)::BIGINT"
    )


def _with(figures: Figures, **more: Any) -> Figures:
    from dataclasses import replace

    return replace(figures, **more)


_IN_PERIOD = "coalesce(handoff_at, t_mql) >= $since"
_ENDS: Mapping[Lag, tuple[str, str, str]] = {
    "marketing": ("t_raise", "t_mql", "t_raise IS NOT NULL AND mql_precision = 'instant'"),
    "routing": ("t_mql", "t_assigned", "mql_precision = 'instant' AND owner_precision = 'instant'"),
    "rep": ("handoff_at", "first_attempt_at", "precision = 'instant'"),
    "reach": ("first_attempt_at", "connected_at", "first_attempt_at <= connected_at"),
}
# First entries only; who skipped the earlier stage has not gone on from it. The cohort is a period of the same length
# that ended so long ago that all of it had the time.
_CONVERSION = """
WITH first AS (
  SELECT key, stage, min(CASE precision WHEN 'instant' THEN "at" WHEN 'day' THEN coalesce(day, "at"::DATE) END) AS "at"
  FROM stage_event WHERE entity = 'contact' AND stage IN ({from_}, {to}) AND kind = 'entered' AND key IS NOT NULL
  GROUP BY 1, 2),
began AS (SELECT key, "at", "at" >= $since - INTERVAL {days} DAY AND "at" <= $now - INTERVAL {days} DAY AS is_old
  FROM first WHERE stage = {from_}),
ended AS (SELECT key, "at" FROM first WHERE stage = {to})
SELECT count(b.key) FILTER (b.at >= $since), count(e.key) FILTER (e.at >= $since AND b.key IS NOT NULL),
  count(b.key) FILTER (b.is_old),
  count(b.key) FILTER (b.is_old AND e.at >= b.at AND e.at <= b.at + INTERVAL {days} DAY),
  count(b.key) FILTER (b.at IS NULL)
FROM began b FULL JOIN ended e ON e.key = b.key
"""
