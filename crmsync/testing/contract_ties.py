"""What a connector promises of sets of ties: read as text, written as deltas, again without harm."""

from __future__ import annotations

import random
from typing import Any

import pytest

from crmsync.connectors.base import Connector, WriteRequest, WriteResult
from crmsync.core.ties import TieSet, apply_delta, delta_text, read_ties_text, ties_text
from crmsync.testing.proxy import cuts, loses
from crmsync.testing.rig import Promises, Rig, TieRig, update

NONE: TieSet = frozenset()


@pytest.fixture
def ties(rig: Rig) -> TieRig:
    assert rig.ties is not None
    return rig.ties


@pytest.fixture
def one(ties: TieRig) -> str:
    """A record without ties."""
    return ties.plants_one()


@pytest.fixture
def others(ties: TieRig) -> list[str]:
    """Three records to be tied to, in the order of their ids."""
    return sorted(ties.plants_other() for _ in range(3))


def sets(connector: Connector, ties: TieRig, one: str) -> tuple[str | None, str | None]:
    """What is read of both sets."""
    cells = connector.get(ties.object, [one], [ties.all, ties.roles])[one]
    return cells[ties.all], cells[ties.roles]


def write(connector: Connector, ties: TieRig, one: str, **deltas: str | None) -> WriteResult:
    """The result of one update with deltas for `all` and `roles`."""
    cells = {getattr(ties, kind): text for kind, text in deltas.items()}
    [result] = connector.write(ties.object, [update(one, cells)])
    return result


class TiesContract(Promises):
    """What is promised of every system whose ties can be written."""

    def test_sets_of_ties_are_fields_with_the_roles_there_are(
        self, connector: Connector, ties: TieRig
    ) -> None:
        fields = connector.schema(ties.object).fields
        assert fields[ties.all].type == fields[ties.roles].type == "references"
        assert fields[ties.all].writable
        assert fields[ties.all].options is None
        assert set(ties.names) <= (fields[ties.roles].options or set())

    def test_a_record_without_ties_has_blank_sets(
        self, connector: Connector, ties: TieRig, one: str
    ) -> None:
        assert sets(connector, ties, one) == (None, None)

    def test_a_tie_added_has_no_role(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        result = write(connector, ties, one, all=f"+{others[1]};+{others[0]}")
        assert (result.outcome, result.native_id) == ("written", one)
        assert sets(connector, ties, one) == (f"{others[0]};{others[1]}", None)

    def test_a_role_added_makes_the_tie(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        first, second = ties.names
        delta = delta_text(NONE, frozenset({(others[0], first), (others[0], second)}))
        assert write(connector, ties, one, roles=delta).outcome == "written"
        wanted = ties_text([(others[0], first), (others[0], second)])
        assert sets(connector, ties, one) == (others[0], wanted)

    def test_a_tie_and_its_role_added_together_are_one_tie(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        name = ties.names[0]
        write(connector, ties, one, all=f"+{others[0]}", roles=f"+{others[0]}|{name}")
        assert sets(connector, ties, one) == (others[0], f"{others[0]}|{name}")
        assert ties.rows(one) == [(others[0], name)]

    def test_a_role_is_given_to_the_tie_that_has_none(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        name = ties.names[0]
        write(connector, ties, one, all=f"+{others[0]}")
        write(connector, ties, one, roles=f"+{others[0]}|{name}")
        assert ties.rows(one) == [(others[0], name)]

    def test_a_role_added_twice_is_one_and_the_second_time_nothing_is_sent(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        name = ties.names[0]
        for at in range(2):
            sent = connector.meter.written
            result = write(connector, ties, one, roles=f"+{others[0]}|{name}")
            assert result.outcome == "written"
            assert (connector.meter.written == sent) is (at == 1)
        assert ties.rows(one) == [(others[0], name)]

    def test_taking_away_what_is_not_there_is_no_problem_and_sends_nothing(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        delta = f"-{others[0]}|{ties.names[0]}"
        result = write(connector, ties, one, all=f"-{others[0]}", roles=delta)
        assert (result.outcome, connector.meter.written) == ("written", 0)

    def test_removing_a_role_keeps_the_contact(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        name = ties.names[0]
        write(connector, ties, one, roles=f"+{others[0]}|{name}")
        write(connector, ties, one, roles=f"-{others[0]}|{name}")
        assert sets(connector, ties, one) == (others[0], None)

    def test_removing_one_of_two_roles_keeps_the_other(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        first, second = ties.names
        write(connector, ties, one, roles=f"+{others[0]}|{first};+{others[0]}|{second}")
        write(connector, ties, one, roles=f"-{others[0]}|{first}")
        assert sets(connector, ties, one) == (others[0], f"{others[0]}|{second}")
        assert ties.rows(one) == [(others[0], second)]

    def test_a_tie_taken_away_takes_its_roles_along(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        first, second = ties.names
        write(connector, ties, one, roles=f"+{others[0]}|{first};+{others[0]}|{second}")
        delta = f"-{others[0]}|{first};-{others[0]}|{second}"
        write(connector, ties, one, all=f"-{others[0]}", roles=delta)
        assert sets(connector, ties, one) == (None, None)
        assert ties.rows(one) == []

    def test_ties_a_delta_does_not_name_stay_as_they_are(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        name = ties.names[0]
        write(connector, ties, one, all=f"+{others[2]}", roles=f"+{others[0]}|{name}")
        write(connector, ties, one, roles=f"+{others[1]}|{name}")
        write(connector, ties, one, all=f"-{others[1]}")
        assert sets(connector, ties, one) == (f"{others[0]};{others[2]}", f"{others[0]}|{name}")

    def test_any_story_of_deltas_leads_where_the_sets_lead(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        chance = random.Random(20)  # a story that is the same every time
        all_, roles = NONE, NONE
        for _ in range(12):
            wished = frozenset((each, "") for each in others if chance.random() < 0.5)
            named = frozenset(
                (each, name) for each in others for name in ties.names if chance.random() < 0.4
            )
            told = {"all": delta_text(all_, wished), "roles": delta_text(roles, named)}
            told = {kind: text for kind, text in told.items() if chance.random() < 0.7}
            assert write(connector, ties, one, **told).outcome == "written"
            all_ = apply_delta(all_, told.get("all", ""))
            roles = frozenset(tie for tie in roles if (tie[0], "") in all_)
            roles = apply_delta(roles, told.get("roles", ""))
            all_ |= {(other, "") for other, _ in roles}
            assert sets(connector, ties, one) == (ties_text(all_), ties_text(roles))

    def test_get_read_and_associations_tell_the_same_ties(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        first, second = ties.names
        delta = f"+{others[0]}|{first};+{others[0]}|{second}"
        write(connector, ties, one, all=f"+{others[1]}", roles=delta)
        got = sets(connector, ties, one)
        names = [ties.all, ties.roles]
        rows = [row for part in connector.read(ties.object, names) for row in part.to_pylist()]
        [read] = [(row[ties.all], row[ties.roles]) for row in rows if row["_id"] == one]
        assert (ties.object, ties.to_object) in connector.capabilities.associations
        told = [
            (row["to_id"], row["role"])
            for part in connector.associations(ties.object, ties.to_object)
            for row in part.to_pylist()
            if row["from_id"] == one
        ]
        bulk = (
            ties_text((other, "") for other, _ in told),
            ties_text((other, role) for other, role in told if role),
        )
        assert got == read == bulk == (f"{others[0]};{others[1]}", delta.replace("+", ""))

    @pytest.mark.parametrize("fault", [loses, cuts], ids=["lost", "cut"])
    @pytest.mark.parametrize("kind", ["all", "roles"])
    def test_a_lost_answer_creates_no_second_role(
        self, connector: Connector, rig: Rig, ties: TieRig, one: str, others: list[str],
        kind: str, fault: Any,
    ) -> None:  # fmt: skip
        path, role = ties.is_write[kind], "" if kind == "all" else f"|{ties.names[0]}"
        delta = {kind: f"+{others[0]}{role}"}
        rig.wire.only, rig.wire.faults = path, [fault]
        assert write(connector, ties, one, **delta).outcome == "unknown"
        assert rig.wire.count(path) == 1
        resumed = rig.opens(rig.settings)
        assert write(resumed, ties, one, **delta).outcome == "written"
        resumed.close()
        assert rig.wire.count(path) == 1
        assert ties.rows(one) == [(others[0], role.removeprefix("|"))]

    def test_a_create_brings_its_ties(
        self, connector: Connector, ties: TieRig, others: list[str], unique: str
    ) -> None:
        delta = f"+{others[0]}|{ties.names[0]}"
        cells = {**ties.required(unique), ties.all: f"+{others[1]}", ties.roles: delta}
        request = WriteRequest("c", "create", None, unique, cells)
        for created in (True, False):
            [result] = connector.write(ties.object, [request])
            assert (result.outcome, result.created) == ("written", created)
        wanted = (f"{others[0]};{others[1]}", delta.removeprefix("+"))
        assert sets(connector, ties, result.native_id or "") == wanted
        assert len(ties.rows(result.native_id or "")) == 2

    def test_one_tie_refused_leaves_its_neighbours_written(
        self, connector: Connector, rig: Rig, ties: TieRig, one: str, others: list[str]
    ) -> None:
        neighbour = ties.plants_one()
        requests = [
            update(one, {ties.all: f"+{rig.unknown_id};+{others[0]}"}, "bad"),
            update(neighbour, {ties.all: f"+{others[0]}"}, "good"),
        ]
        bad, good = connector.write(ties.object, requests)
        assert [bad.outcome, good.outcome] == ["refused", "written"]
        assert (bad.change_id, bad.fields) == ("bad", (ties.all,))
        assert bad.message
        assert sets(connector, ties, neighbour)[0] == sets(connector, ties, one)[0] == others[0]

    def test_a_tie_of_a_record_that_is_gone_is_missing(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        requests = [
            update(ties.unknown_id, {ties.all: f"+{others[0]}"}, "gone"),
            update(one, {ties.all: f"+{others[0]}"}, "here"),
        ]
        results = connector.write(ties.object, requests)
        assert [each.outcome for each in results] == ["missing", "written"]

    @pytest.mark.parametrize(
        ("kind", "delta"),
        [("all", None), ("all", "+1|Buyer"), ("all", "1;2"), ("roles", "+1"), ("roles", "+1|a;-1|a"),
         ("nothing", "+1")],
    )  # fmt: skip
    def test_a_delta_that_is_none_is_refused_before_anything_is_written(
        self, connector: Connector, ties: TieRig, one: str, kind: str, delta: str | None
    ) -> None:
        names = {"all": ties.all, "roles": ties.roles, "nothing": ties.all + "x"}
        [result] = connector.write(ties.object, [update(one, {**ties.cells, names[kind]: delta})])
        assert (result.outcome, result.fields) == ("refused", (names[kind],))
        assert names[kind] in result.message
        assert connector.meter.written == 0

    def test_fields_and_ties_of_one_request_are_both_written(
        self, connector: Connector, ties: TieRig, one: str, others: list[str]
    ) -> None:
        cells = {**ties.cells, ties.all: f"+{others[0]}"}
        [result] = connector.write(ties.object, [update(one, cells)])
        assert result.outcome == "written", result.message
        got = connector.get(ties.object, [one], [*ties.cells, ties.all])[one]
        assert got == {**ties.cells, ties.all: others[0]}
        assert read_ties_text(got[ties.all]) == {(others[0], "")}
