"""Hand-offs of the face: when a customer was handed to sales, what was done then, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmsync.core.agreement import Agreement
from crmsync.core.worktime import elapsed
from crmsync.warehouse.figures import figures_of
from warehouse.handed import MADRID, World
from warehouse.shelf import TAKEN

MQL = "2026-11-16T09:00:00.000Z"
BEFORE = "2026-11-10T09:00:00.000Z"
RAW = Agreement()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def handed(world: World, **more: str) -> str:
    return world.contact(MQL, owned=BEFORE, **more)


def test_a_call_three_minutes_later_is_three_minutes(world: World) -> None:
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z")
    assert world.row("state", "raw_s", "business_s", "hours") == ("touched", 180, 180, "agreement")


def test_a_lead_of_saturday_night_is_answered_in_time_on_monday(world: World) -> None:
    saturday = "2026-11-14T21:00:00.000Z"
    id_ = world.contact(saturday, owned=BEFORE)
    world.log("calls", id_, "2026-11-16T08:05:00.000Z")
    assert world.row("raw_s", "business_s") == (35 * 3600 + 300, 300)


def test_nobody_assumes_hours_that_nobody_gave(world: World) -> None:
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z")
    assert world.row("raw_s", "business_s", "hours", agreement=RAW) == (180, None, None)


@pytest.mark.slow
def test_an_owners_own_hours_go_before_those_of_the_org_and_those_before_the_agreed(
    world: World,
) -> None:
    """Monday 09:00Z is 10:00 in Madrid; Ana begins at eleven, the organisation works in Mexico, where it is three."""
    world.business_hours = [
        {"id": "01m1", "name": "MX", "timezone": "America/Mexico_City", "active": "true", "is_default": "true",
         "weekday": str(day), "starts": "09:00", "ends": "18:00"} for day in range(1, 6)
    ]  # fmt: skip
    world.works("7", "Europe/Madrid", hours="11:00-15:00")
    world.log("calls", handed(world), "2026-11-16T15:30:00.000Z")
    assert world.row("business_s", "hours") == (4 * 3600, "owner")
    world.calendars.clear()
    assert world.row("business_s", "hours") == (1800, "organisation")


def test_holidays_of_the_organisation_are_no_time_to_wait(world: World) -> None:
    world.business_hours = [
        {"id": "01m1", "name": "ES", "timezone": "Europe/Madrid", "active": "true", "is_default": "true",
         "weekday": str(day), "starts": "09:00", "ends": "18:00"} for day in range(1, 6)
    ]  # fmt: skip
    world.holidays = [
        {"id": "0C0", "name": "Fiesta", "day": "2026-11-17", "starts": "00:00", "ends": "24:00"}
    ]
    world.log("calls", handed(world), "2026-11-18T08:01:00.000Z")
    assert world.row("business_s") == (8 * 3600 + 60,)


@pytest.mark.slow
def test_hours_without_a_zone_are_told_and_not_used(world: World) -> None:
    world.works("7", None)
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z")
    assert world.row("business_s", agreement=RAW) == (None,)
    notes = dict(world.figures(RAW).notes)
    assert {"names": "user 7"} in notes.values()


@pytest.mark.slow
def test_an_untouched_default_round_the_clock_gives_way_to_what_was_agreed(world: World) -> None:
    world.business_hours = [
        {"id": "01m1", "name": "Default", "timezone": "Europe/Madrid", "active": "true", "is_default": "true",
         "weekday": str(day), "starts": "00:00", "ends": "24:00"} for day in range(1, 8)
    ]  # fmt: skip
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z")
    assert world.row("hours") == ("agreement",)
    assert world.row("hours", agreement=RAW) == ("organisation",)


NO_ATTEMPTS: tuple[tuple[str, dict[str, str | None]], ...] = (
    ("calls", {"state": "open", "happened_at": None}),
    ("calls", {"state": "cancelled", "happened_at": None}),
    ("emails", {"subtype": "FORWARDED_EMAIL"}),
    ("emails", {"outcome": "BOUNCED"}),
    ("emails", {"origin": "AUTOMATION_PLATFORM"}),
    ("emails", {"origin": "SEQUENCES"}),
    ("emails", {"owner_id": "9", "created_by": "9"}),
    ("emails", {"subtype": "INCOMING_EMAIL", "subject": "Respuesta automática: Hola"}),
    ("calls", {"direction": "inbound", "outcome": "No answer"}),
    ("notes", {}),
    ("tasks", {}),
)

COUNTED: tuple[tuple[str, dict[str, str | None], tuple[int, int]], ...] = (
    ("calls", {"outcome": "Connected"}, (1, 1)),
    (
        "calls",
        {"outcome": "Se habló", "outcome_id": "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
        (1, 1),
    ),
    ("calls", {"outcome": "CONTESTÓ"}, (1, 1)),
    ("calls", {"outcome": "COMPLETED"}, (1, 0)),
    ("calls", {"outcome": "Volverá a llamar"}, (1, 0)),
    ("calls", {"outcome": "No contesta"}, (1, 0)),
    ("calls", {"outcome": "Left voicemail"}, (1, 0)),
    ("calls", {"direction": None}, (1, 0)),
    ("calls", {"state": None}, (1, 0)),
    ("emails", {"outcome": "SENT"}, (1, 0)),
    ("emails", {"created_by": None}, (1, 0)),
    ("meetings", {"outcome": "COMPLETED"}, (1, 1)),
    ("meetings", {"outcome": "NO_SHOW"}, (1, 0)),
    ("meetings", {"outcome": "SCHEDULED", "state": None}, (1, 0)),
)


def all_handed(
    world: World, cases: Sequence[tuple[str, dict[str, str | None]]]
) -> list[tuple[Any, ...]]:
    """State, attempts and contacts of one hand-off for each case, in one face."""
    for number, (kind, more) in enumerate(cases):
        world.log(kind, handed(world), f"2026-11-16T09:03:{number:02d}.000Z", **more)
    with world.face() as db:
        rows: list[tuple[Any, ...]] = db.execute(
            "SELECT h.state, h.attempts, h.contacts FROM handoff h JOIN contact c USING (key) "
            "WHERE c.system = 'hubspot' ORDER BY c.id::INTEGER"
        ).fetchall()
    return rows


def test_what_is_no_attempt_leaves_a_lead_untouched(world: World) -> None:
    found = all_handed(world, NO_ATTEMPTS)
    assert dict(zip(map(str, NO_ATTEMPTS), found, strict=True)) == {
        str(each): ("never", 0, 0) for each in NO_ATTEMPTS
    }


def test_an_attempt_is_one_and_a_contact_is_another_thing(world: World) -> None:
    found = all_handed(world, [(kind, more) for kind, more, _ in COUNTED])
    assert dict(zip(map(str, COUNTED), found, strict=True)) == {
        str(each): ("touched", *each[2]) for each in COUNTED
    }


def test_who_calls_us_is_a_contact_and_no_attempt_of_ours(world: World) -> None:
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z", direction="inbound")
    assert world.row("state", "attempts", "contacts", "raw_s") == ("unmeasured", 0, 1, None)


def test_an_outcome_means_what_the_agreement_says(world: World) -> None:
    world.log("calls", handed(world), "2026-11-16T09:03:00.000Z", outcome="Volverá a llamar")
    agreed = Agreement(outcomes={"volverá a llamar": "connected"})
    assert world.row("contacts", agreement=agreed) == (1,)


def test_sequences_count_where_the_agreement_says_so(world: World) -> None:
    world.log("emails", handed(world), "2026-11-16T09:03:00.000Z", origin="SEQUENCES")
    assert world.row("state", agreement=Agreement(sequences=True)) == ("touched",)


DOUBTS: Mapping[str, dict[str, str | None]] = {
    "late": {"created_at": "2026-11-16T10:00:00.000Z"},
    "no_time": {"happened_at": None, "precision": "unknown"},
    "imported": {"origin": "IMPORT"},
    "machine": {"created_by": "9"},
}


@pytest.mark.slow
def test_a_time_in_doubt_is_no_time_but_the_touch_counts(world: World) -> None:
    found = all_handed(world, [("calls", more) for more in DOUBTS.values()])
    assert found == [("unmeasured", 1, 0)] * len(DOUBTS)
    with world.face() as db:
        told = db.execute("SELECT doubt FROM touch ORDER BY id").fetchall()
    assert told == [(doubt,) for doubt in DOUBTS]


def test_a_call_put_down_a_quarter_of_an_hour_later_still_has_its_time(world: World) -> None:
    world.log(
        "calls", handed(world), "2026-11-16T09:03:00.000Z", created_at="2026-11-16T09:18:00.000Z"
    )
    assert world.row("raw_s") == (180,)


def test_many_in_one_second_were_put_down_and_not_made_then(world: World) -> None:
    id_ = handed(world)
    for number in range(11):
        world.log("calls", id_, "2026-11-16T09:03:00.000Z", id=f"c{number}")
    assert world.row("state", "attempts") == ("unmeasured", 11)


@pytest.mark.slow
def test_a_handoff_waits_for_its_owner(world: World) -> None:
    id_ = world.contact(MQL, owned="2026-11-16T11:00:00.000Z")
    world.log("calls", id_, "2026-11-16T11:04:00.000Z")
    assert world.row("raw_s", "owner_id", "state") == (240, "7", "touched")
    assert world.row("raw_s", agreement=Agreement(handoff="mql")) == (2 * 3600 + 240,)


def test_who_has_no_owner_is_handed_to_nobody(world: World) -> None:
    world.contact(MQL, owner=None)
    found = world.figures()
    assert (found.handoffs, found.without_owner) == (1, 1)
    assert [each.eligible for each in found.speeds if not each.system] == [0]


def test_a_machine_is_no_owner(world: World) -> None:
    world.contact(MQL, owner="9", owned=BEFORE)
    assert world.row("state") == ("no_owner",)


def test_an_owner_nobody_knows_since_when_is_not_measurable(world: World) -> None:
    """Another contact's owner is told, so owners are tracked; of this one nothing is known before last October."""
    world.contact(None, owned=BEFORE)
    world.contact("2025-09-01T00:00:00.000Z", _created_at="2025-01-01T00:00:00.000Z")
    assert world.row("state") == ("unknown",)


@pytest.mark.slow
def test_who_was_called_before_the_handoff_is_not_said_to_be_never_called(world: World) -> None:
    id_ = world.contact(MQL, owned="2026-11-16T11:00:00.000Z")
    world.log("calls", id_, "2026-11-16T10:00:00.000Z")
    assert world.row("state", "attempts") == ("early", 0)
    assert world.figures().early == 1


@pytest.mark.slow
def test_who_came_a_minute_ago_is_not_late(world: World) -> None:
    world.contact("2026-11-20T07:28:00.000Z", owned=BEFORE)
    found = world.figures(RAW).speeds[0]
    assert (found.eligible, found.never, found.waiting) == (0, 0, 1)


def test_what_was_done_before_the_mql_is_no_answer_to_it(world: World) -> None:
    world.log("calls", handed(world), "2026-11-12T09:03:00.000Z")
    assert world.row("state", "attempts") == ("never", 0)


def test_forty_twenty_forty_by_way_of_records(world: World) -> None:
    for number in range(10):
        id_ = handed(world)
        if number < 6:
            minute = 3 if number < 4 else 20
            world.log("calls", id_, f"2026-11-16T09:{minute:02d}:0{number}.000Z")
    found = {(each.clock, each.system, each.owner): each for each in world.figures().speeds}
    for clock in ("raw", "business"):
        speed = found[clock, "hubspot", "7"]
        assert (speed.eligible, speed.touched.n, speed.never) == (10, 6, 4)
        assert (speed.share_within, speed.share_never) == (0.4, 0.4)
        assert found[clock, "", ""].share_within == 0.4


def test_the_four_lags_have_their_own_ends(world: World) -> None:
    id_ = world.contact(
        MQL, owned="2026-11-16T09:10:00.000Z", _created_at="2026-11-16T08:58:00.000Z"
    )
    world.log("calls", id_, "2026-11-16T09:13:00.000Z", outcome="No answer")
    world.log("calls", id_, "2026-11-16T10:13:00.000Z", outcome="Connected")
    lags = {each.lag: each.waits.median for each in world.figures().lags}
    assert lags == {"marketing": 120, "routing": 600, "rep": 180, "reach": 3600}


@pytest.mark.slow
def test_attempts_by_channel_count_a_voicemail_as_agreed(world: World) -> None:
    id_ = handed(world)
    for minute, outcome in enumerate(("No answer", "Left voicemail", "Connected"), 1):
        world.log("calls", id_, f"2026-11-16T09:0{minute}:00.000Z", outcome=outcome)
    both = world.figures().attempts
    apart = world.figures(Agreement(voicemail="voicemail_only")).attempts
    assert (both["call"], both["voicemail"]) == (3, 1)
    assert (apart["call"], apart["voicemail"]) == (2, 1)


def test_without_activities_there_are_no_figures_and_a_reason(world: World) -> None:
    handed(world)
    with world.face():
        pass
    found = figures_of(world.file, MADRID, set(), TAKEN)
    assert "not read" in found.why_not
    assert not found.speeds


def test_a_lead_of_salesforce_counts_where_nobody_is_an_mql(world: World) -> None:
    world.leads = [{"_id": "00QA", "LastName": "Gil", "IsConverted": "false", "OwnerId": "005A",
                    "_created_at": "2026-11-18T07:00:00.000Z"}]  # fmt: skip
    found = world.figures(Agreement(handoff="mql"))
    assert (found.raised_by, found.handoffs) == ("lead", 1)


def test_columns_and_the_core_count_the_same_working_hours(world: World) -> None:
    """Hand-offs and answers all over three weeks with a holiday, through evenings, nights and a weekend."""
    agreed = Agreement(
        hours={"mon-fri": ["09:00-14:00", "15:00-18:30"], "sat": ["10:00-24:00"]},
        holidays=["2026-11-09"],
    )
    first = datetime(2026, 10, 30, 5, 0, tzinfo=UTC)
    for number in range(24):
        start = first + timedelta(hours=19 * number)
        end = start + timedelta(minutes=7 + 171 * number)
        if end.isoformat() < TAKEN.isoformat():
            id_ = world.contact(_text(start), owned="2026-10-01T09:00:00.000Z")
            world.log("calls", id_, _text(end))
    calendar = agreed.calendar("Europe/Madrid")
    assert calendar is not None
    with world.face(agreed) as db:
        rows = db.execute("SELECT handoff_at, first_attempt_at, business_s FROM handoff").fetchall()
    assert len(rows) > 15
    for start, end, seconds in rows:
        spent = elapsed(calendar, start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))
        assert spent == timedelta(seconds=seconds), start


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.slow
def test_two_rates_of_conversion_have_members_of_their_own(world: World) -> None:
    """Two MQLs of this month, one of them an SQL by now; of four of the last one, three were so within thirty days."""
    sql = "hs_v2_date_entered_salesqualifiedlead"
    world.contact("2026-11-01T09:00:00.000Z", **{sql: "2026-11-10T09:00:00.000Z"})
    world.contact("2026-11-02T09:00:00.000Z")
    for day in ("02", "09", "20"):
        world.contact("2026-10-01T09:00:00.000Z", **{sql: f"2026-10-{day}T09:00:00.000Z"})
    world.contact("2026-10-01T09:00:00.000Z", **{sql: "2026-11-15T09:00:00.000Z"})
    world.contact(None, **{sql: "2026-11-15T09:00:00.000Z"})
    found = {
        (e.from_stage, e.to_stage): e
        for e in world.figures(Agreement(days=30, convert_days=30)).conversions
    }
    rate = found["mql", "sql"]
    assert (rate.entered, rate.converted) == (2, 2)
    assert (rate.matured, rate.matured_converted) == (4, 3)
    assert (rate.snapshot, rate.cohort) == (1.0, 0.75)


@pytest.mark.slow
def test_what_became_of_a_handoff_is_counted_once(world: World) -> None:
    sql = "hs_v2_date_entered_salesqualifiedlead"
    world.contact(MQL, owned=BEFORE, **{sql: "2026-11-17T09:00:00.000Z"})
    world.contact(MQL, owned=BEFORE)
    told = world.figures().outcome
    assert (told.handoffs, told.accepted, told.undecided) == (2, 1, 1)
