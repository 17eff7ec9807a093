"""A plan as a value: its bytes, its order, what it settles, and when it is stale."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig.profiles import FEW

from core.examples import change, entity, field, group, schemas, when
from crmsync.core.deciding import decide
from crmsync.core.drafting import lines_of, link_line
from crmsync.core.mapping import OneWay
from crmsync.core.matching import Match
from crmsync.core.planning import (
    KINDS,
    AliasLine,
    CellChange,
    Change,
    ConflictLine,
    Header,
    Held,
    Label,
    Line,
    LinkDecision,
    LinkLine,
    Settle,
    Unfit,
    check_fresh,
    in_order,
    line_bytes,
    plan_id,
    read_line,
)
from crmsync.core.records import Group, Native, Ref
from crmsync.errors import PlanStale

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = Header(
    "w", NOW.isoformat(), "mapping", "serial", {"sf": "run"}, {"sf": "org"}, {"change": 1}
)
_TEXT = st.text(max_size=12)
_MAYBE = st.none() | _TEXT
_TEXTS = st.dictionaries(_TEXT, _MAYBE, max_size=3)
LINES: dict[str, st.SearchStrategy[Any]] = {
    "alias": st.builds(AliasLine, *[_TEXT] * 8, st.booleans()),
    "link": st.builds(
        LinkLine,
        _TEXT,
        _TEXT,
        st.tuples(st.tuples(_TEXT, _TEXT, _TEXT)),
        _TEXT,
        st.lists(st.builds(LinkDecision, *[_TEXT] * 5), max_size=2).map(tuple),
        st.dictionaries(_TEXT, _TEXT, max_size=2),
    ),
    "change": st.builds(
        change, st.builds(CellChange, _TEXT, _MAYBE, _MAYBE, _TEXT), native_id=_MAYBE, key=_TEXT
    ),
    "settle": st.builds(
        Settle,
        _TEXT,
        _TEXT,
        st.dictionaries(_TEXT, _TEXTS, max_size=2),
        st.dictionaries(_TEXT, st.lists(_TEXT, max_size=2), max_size=2),
    ),
    "conflict": st.builds(
        ConflictLine, _TEXT, _TEXT, _TEXT, _TEXTS, st.dictionaries(_TEXT, _TEXT, max_size=2), _TEXT
    ),
    "held": st.builds(Held, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT),
    "unfit": st.builds(Unfit, _TEXT, _TEXT, _TEXT, _TEXT, _MAYBE, _TEXT),
    "label": st.builds(Label, _TEXT, _TEXT, _TEXT),
}


def planned(of: Any, what: Group, **natives: Native) -> list[Line]:
    """All lines of one group."""
    return list(lines_of(of, 2, decide(of, what, schemas(of, **natives), timedelta(minutes=2))))


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_reads_back_from_its_bytes(kind: str) -> None:
    @settings(FEW, max_examples=40)
    @given(LINES[kind])
    def run(line: Line) -> None:
        assert read_line(json.loads(line_bytes(line))) == line
        assert line_bytes(read_line(json.loads(line_bytes(line)))) == line_bytes(line)

    run()


def test_a_line_of_no_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        read_line({"kind": "drop table"})
    with pytest.raises(TypeError):
        read_line({"kind": "held", "entity": "contact"})


def test_a_lone_surrogate_does_not_stop_a_plan() -> None:
    line = Unfit("contact", "k", "sf", "name", "\ud800")
    assert read_line(json.loads(line_bytes(line))) == line


def test_a_plan_from_before_reasons_keeps_its_digest() -> None:
    body = {"kind": "unfit", "entity": "e", "key": "k", "system": "s", "field": "f", "value": "v"}
    assert json.loads(line_bytes(read_line(body))) == body


def test_a_link_that_nobody_decided_keeps_the_digest_it_always_had() -> None:
    refs = [["hs", "contacts", "1"]]
    body = {"kind": "link", "entity": "e", "key": "k", "refs": refs, "how": "email"}
    assert json.loads(line_bytes(read_line(body))) == body


def test_a_change_that_was_edited_has_another_id() -> None:
    ours = change(CellChange("name", "a", "b", "changed:hs"))
    assert ours.id == change(CellChange("name", "a", "b", "changed:hs")).id
    others = [
        change(CellChange("name", "a", "c", "changed:hs")),
        change(CellChange("name", None, "b", "changed:hs")),
        change(CellChange("name", "a", "b", "changed:hs"), native_id="2"),
        change(CellChange("name", "a", "b", "changed:hs"), lane=3),
    ]
    assert len({ours.id, *(other.id for other in others)}) == 5


def test_a_plan_that_was_edited_has_another_id() -> None:
    ours = plan_id(HEADER, "body")
    assert plan_id(replace(HEADER, id="anything"), "body") == ours
    assert plan_id(HEADER, "other") != ours
    assert plan_id(replace(HEADER, target="prod"), "body") != ours
    assert plan_id(replace(HEADER, breaches=[{"limit": "blanks"}]), "body") != ours


def test_an_update_names_changed_fields_only() -> None:
    of = entity(field("name"), field("city"))
    same: dict[str, dict[str, Any]] = {s: {"name": "a", "city": "x"} for s in ("sf", "hs")}
    what = group({"sf": {"name": "b", "city": "x"}, "hs": {"name": "a", "city": "x"}}, same)
    (update,) = [line for line in planned(of, what) if isinstance(line, Change)]
    assert (update.action, update.system, update.native_id) == ("update", "hs", "hs-1")
    assert update.cells == (CellChange("name", "a", "b", "changed:sf"),)


def test_consent_goes_first_and_apart() -> None:
    of = entity(field("name"), field("optout", "flag", on_conflict="sticky"))
    same: dict[str, dict[str, Any]] = {s: {"name": "a", "optout": False} for s in ("sf", "hs")}
    what = group({"sf": {"name": "b", "optout": True}, "hs": {"name": "a", "optout": False}}, same)
    changes = [line for line in planned(of, what) if isinstance(line, Change)]
    assert [(each.lane, each.cells[0].field) for each in changes] == [(0, "optout"), (2, "name")]


def test_sources_wait_for_every_write_of_their_field() -> None:
    of = entity(field("name"))
    same: dict[str, dict[str, Any]] = {s: {"name": "a"} for s in ("sf", "hs", "csv")}
    what = group({"sf": {"name": "b"}, "hs": {"name": "a"}, "csv": {"name": "a"}}, same)
    lines = planned(of, what)
    (settle,) = [line for line in lines if isinstance(line, Settle)]
    ids = [line.id for line in lines if isinstance(line, Change)]
    assert settle.bases == {"sf": {"name": "b"}}
    assert sorted(settle.waits["name"]) == sorted(ids)
    assert len(ids) == 2


def test_agreement_settles_at_once() -> None:
    of = entity(field("name"))
    what = group({"sf": {"name": "a"}, "hs": {"name": "a"}})
    assert planned(of, what) == [Settle("contact", "k", {"hs": {"name": "a"}, "sf": {"name": "a"}})]


def test_a_created_record_settles_what_it_was_given_once_it_stands() -> None:
    of = entity(field("name"), field("stage", "choice"), create=when())
    what = group({"sf": {"name": "Ana", "stage": "mql"}})
    native = Native("stage", "picklist", options=frozenset({"lead"}))
    create, settle = planned(of, what, csv_stage=native)
    assert isinstance(create, Change)
    assert isinstance(settle, Settle)
    assert (create.action, create.native_id) == ("create", None)
    assert settle.bases == {"sf": {"name": "Ana"}}, "the stage was not given, so it stays open"
    assert settle.waits["name"] == [create.id]


def test_a_created_record_settles_what_it_may_never_be_given() -> None:
    """Else the next plan would only remember that nothing has to be done."""
    of = entity(field("name"), field("note", direction=OneWay("sf")), create=when())
    create, settle = planned(of, group({"sf": {"name": "Ana", "note": "a note"}}))
    assert isinstance(create, Change)
    assert isinstance(settle, Settle)
    assert [cell.field for cell in create.cells] == ["name"]
    assert settle.bases == {"sf": {"name": "Ana", "note": "a note"}}
    assert settle.waits["note"] == [create.id]


def test_a_conflict_names_both_values_and_both_records() -> None:
    of = entity(field("name"))
    (line,) = planned(of, group({"sf": {"name": "a"}, "hs": {"name": "b"}}))
    sides, refs = {"hs": "b", "sf": "a"}, {"hs": "contact/hs-1", "sf": "contact/sf-1"}
    assert line == ConflictLine("contact", "k", "name", sides, refs, "disagree:hs,sf")


def test_what_a_system_cannot_keep_is_a_line_of_its_own() -> None:
    of = entity(field("stage", "choice"))
    native = Native("stage", "picklist", options=frozenset({"lead"}))
    (line,) = planned(of, group({"sf": {"stage": "mql"}, "hs": {"stage": None}}), hs_stage=native)
    assert line == Unfit("contact", "k", "hs", "stage", "mql", "unfit_option")


def test_lines_are_carried_out_by_lane_creates_first() -> None:
    cell = CellChange("name", "a", "b", "r")
    late, early = change(cell, lane=2), change(cell, lane=1)
    born = change(cell, lane=2, action="create", native_id=None)
    link = LinkLine("contact", "k", (("sf", "contact", "1"),), "email")
    conflict = ConflictLine("contact", "k", "name", {}, {}, "r")
    mixed: list[Line] = [conflict, late, link, born, early]
    assert in_order(mixed) == [link, early, born, late, conflict]
    assert in_order(reversed(mixed)) == in_order(mixed)


def test_a_match_becomes_a_line() -> None:
    found = Match("k", (Ref("hs", "contact", "1"), Ref("sf", "contact", "2")), "email")
    refs = (("hs", "contact", "1"), ("sf", "contact", "2"))
    assert link_line("contact", found) == LinkLine("contact", "k", refs, "email")


def fresh(header: Header = HEADER, **other: Any) -> None:
    """Checks a header, by default one that fits."""
    fitting: dict[str, Any] = {
        "now": NOW,
        "mapping_digest": "mapping",
        "base_serial": "serial",
        "decisions_digest": "",
    }
    check_fresh(header, **{**fitting, **other})


def test_a_plan_is_fresh_for_a_day() -> None:
    fresh()
    fresh(now=NOW + timedelta(hours=24))
    with pytest.raises(PlanStale, match="24"):
        fresh(now=NOW + timedelta(hours=24, seconds=1))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("mapping_digest", "mapping has changed"),
        ("decisions_digest", "decided of duplicates has changed"),
        ("base_serial", "another run"),
    ],
)
def test_a_plan_for_another_mapping_or_state_is_stale(what: str, said: str) -> None:
    other: dict[str, Any] = {what: "other"}
    with pytest.raises(PlanStale, match=said) as caught:
        fresh(**other)
    assert "crmsync plan" in caught.value.remedy


def test_a_plan_of_another_format_is_stale() -> None:
    with pytest.raises(PlanStale, match="format"):
        fresh(replace(HEADER, format="crmsync.plan/0"))
