"""What is written is the plan that was read: whole, fresh, within its limits, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from apply.pairs import Pair, Person, cells, is_write, key_of, met
from crmsync.commands.apply import Permission, way_on
from crmsync.commands.plan import changes_of, make_plan
from crmsync.commands.planfile import finished, read_plan, write_plan
from crmsync.core.planning import Change
from crmsync.errors import (
    CrmsyncError,
    ExitCode,
    LimitExceeded,
    PlanStale,
    RunUnfinished,
    TryLater,
    WrongSystem,
)
from crmsync.testing.proxy import proxied


class Died(BaseException):
    """Stands for the end of a process."""


def dies_at(point: str) -> object:
    def at(name: str) -> None:
        if name == point:
            raise Died

    return at


def refused(pair: Pair, file: Path | None = None) -> CrmsyncError:
    """The error of an apply that writes nothing and moves nothing."""
    before = pair.state()
    pair.forget_requests()
    with pytest.raises(CrmsyncError) as caught:
        pair.apply(file=file)
    assert not pair.writes()
    assert pair.state() == before
    assert not pair.unfinished()
    return caught.value


@pytest.mark.slow
def test_a_plan_writes_to_no_crm_and_moves_no_state(person: Person) -> None:
    person.in_salesforce(Title="Director")
    before = person.pair.state()
    assert changes_of(person.pair.plan())
    assert not person.pair.writes()
    assert person.pair.state() == before


@pytest.mark.slow
def test_an_edited_plan_is_refused(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    file = person.pair.plan_file
    file.write_text(file.read_text().replace("Director", "Emperor"))
    error = refused(person.pair)
    assert isinstance(error, PlanStale)
    assert error.exit_code == 9


@pytest.mark.slow
def test_a_plan_cut_short_is_refused(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    file = person.pair.plan_file
    whole = file.read_bytes()
    for kept in (0, 100, whole.index(b"\n") + 1, len(whole) - 2):
        file.write_bytes(whole[:kept])
        assert refused(person.pair).exit_code == 9, f"{kept} bytes"


@pytest.mark.slow
def test_a_plan_older_than_a_day_is_refused(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    person.pair.watch.turn(hours=24, seconds=1)
    assert refused(person.pair).exit_code == 9


@pytest.mark.slow
def test_a_plan_of_another_mapping_is_refused(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    person.pair.mapping("contact", ("on_conflict: fill", "on_conflict: ask"))
    assert refused(person.pair).exit_code == 9


def test_a_plan_made_before_another_run_wrote_is_refused(person: Person, tmp_path: Path) -> None:
    person.in_salesforce(Title="Director")
    pair, early = person.pair, tmp_path / "early.jsonl"
    pair.pull()
    make_plan(pair.workspace, to=early)
    person.in_salesforce(Title="Boss")
    pair.night()
    assert refused(pair, early).exit_code == 9


@pytest.mark.slow
def test_a_plan_for_another_org_is_refused(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    portal = pair.servers.hubspot.portal
    mine, portal.portal_id = portal.portal_id, 148_000_002
    try:
        error = refused(pair)
        with pytest.raises(WrongSystem):
            pair.pull()
    finally:
        portal.portal_id = mine
    assert isinstance(error, WrongSystem)
    assert error.exit_code == 3
    assert pair.apply().written == 1


def test_a_real_system_is_not_written_to_without_experimental(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    file = pair.folder / "crmsync.yml"
    file.write_text(
        file.read_text().replace(pair.servers.urls["hubspot"], "https://api.hub.example")
    )
    pair.reopen()
    assert "experimental" in refused(pair).remedy


@pytest.mark.slow
def test_a_plan_over_a_limit_writes_nothing_until_the_exact_number_is_allowed(
    person: Person,
) -> None:
    pair = person.pair
    pair.project("limits: {rewrites: {at_most: 0}}\n")
    person.in_salesforce(Title="Director", Phone="+34911999999")
    pair.plan()
    error = refused(pair)
    assert isinstance(error, LimitExceeded)
    assert error.exit_code == 7
    assert "--allow rewrites=2" in error.remedy
    for number in (1, 3):
        with pytest.raises(LimitExceeded):
            pair.apply(Permission({"rewrites": number}))
    assert not pair.writes()
    assert pair.apply(Permission({"rewrites": 2})).written == 1


@pytest.mark.slow
def test_the_way_on_from_a_plan_names_what_has_to_be_allowed(person: Person) -> None:
    pair = person.pair
    file = pair.plan_file
    assert way_on(pair.workspace, pair.plan(), file) == ""
    person.in_salesforce(Title="Director", Phone="+34911999999")
    command = f"crmsync apply {file}"
    assert way_on(pair.workspace, pair.plan(), file) == f"Carry it out with: {command}"
    pair.project("limits: {rewrites: {at_most: 0}}\n")
    plan = pair.plan()
    told = way_on(pair.workspace, plan, file)
    assert told.endswith(
        f"(rewrites): review the plan; if it is right: {command} --allow rewrites=2"
    )
    breach = {"limit": "reopened_consent", "where": "hubspot/contact", "amount": 1, "allowed": 0}
    hard = finished(replace(plan.header, breaches=[breach]), plan.lines)
    assert "nothing overrides" in way_on(pair.workspace, hard, file)


@pytest.mark.slow
def test_nothing_overrides_the_limit_on_consent(person: Person) -> None:
    """A plan that takes an opt-out back, however it came about, is not carried out."""
    pair = person.pair
    person.in_salesforce(Title="Director")
    plan = pair.plan()
    breach = {"limit": "reopened_consent", "where": "hubspot/contact", "amount": 1, "allowed": 0}
    header = replace(plan.header, breaches=[breach])
    write_plan(finished(header, plan.lines), pair.plan_file)
    with pytest.raises(LimitExceeded) as caught:
        pair.apply(Permission({"reopened_consent": 1}))
    assert caught.value.exit_code == 7
    assert not pair.writes()


@pytest.mark.slow
def test_only_the_cells_of_the_plan_are_sent(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(Title="Director", MobilePhone="+34600111222")
    with proxied(pair.servers.urls["hubspot"]) as hubspot:
        file = pair.folder / "crmsync.yml"
        file.write_text(file.read_text().replace(pair.servers.urls["hubspot"], hubspot.url))
        pair.reopen()
        pair.plan()
        pair.apply()
        sent = [s.json for s in hubspot.seen if is_write(s.method, s.path.partition("?")[0])]
    (request,) = sent
    (record,) = request["inputs"]
    assert record["id"] == person.hubspot
    assert record["properties"] == {"jobtitle": "Director", "mobilephone": "+34600111222"}


@pytest.mark.slow
def test_of_two_applies_at_once_one_is_told_to_try_later(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    second: list[TryLater] = []

    def at(name: str) -> None:
        if name == "after INTENT":
            with pytest.raises(TryLater) as caught:
                pair.apply()
            second.append(caught.value)

    assert pair.apply(at=at).written == 1
    assert [error.exit_code for error in second] == [ExitCode.TRY_LATER]


@pytest.mark.slow
def test_while_a_run_is_unfinished_a_plan_names_how_to_resume_it(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    with pytest.raises(Died):
        pair.apply(at=dies_at("after INTENT"))
    (run,) = pair.unfinished()
    for verb in (pair.plan, pair.apply):
        with pytest.raises(RunUnfinished) as caught:
            verb()
        assert caught.value.exit_code == 6
        assert f"crmsync resume {run}" in caught.value.remedy
    assert pair.resume().written == 1
    assert not pair.plan().lines


@pytest.mark.slow
def test_a_run_is_not_resumed_under_another_mapping(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    with pytest.raises(Died):
        pair.apply(at=dies_at("after INTENT"))
    pair.mapping("contact", ("field: job_title", "field: position"))
    with pytest.raises(PlanStale):
        pair.resume()
    pair.mapping("contact", ("field: position", "field: job_title"))
    assert pair.resume().written == 1


@pytest.mark.slow
def test_a_run_whose_credential_ends_can_be_resumed(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()

    def at(name: str) -> None:
        if name == "before looking at contacts":
            pair.servers.hubspot.token, kept[0] = "another", pair.servers.hubspot.token

    kept = [""]
    with pytest.raises(CrmsyncError) as caught:
        pair.apply(at=at)
    pair.servers.hubspot.token = kept[0]
    assert caught.value.exit_code == 8
    assert pair.resume().written == 1


def test_what_is_created_carries_our_key_and_is_created_once(pair: Pair) -> None:
    new = pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@gil.example")
    plan = pair.plan()
    (create,) = changes_of(plan)
    assert create.action == "create"
    point = "before reading back contacts"
    with pytest.raises(Died):
        pair.apply(at=dies_at(point))
    pair.resume()
    contacts = list(pair.servers.hubspot.tables.rows("contacts"))
    assert [row["properties"]["crmsync_key"] for _, row in contacts] == [create.key]
    assert key_of(pair, "contact", new) == key_of(pair, "contact", contacts[0][0]) == create.key
    assert not pair.plan().lines


@pytest.mark.slow
def test_a_plan_reads_the_same_from_its_file(pair: Pair) -> None:
    met(pair, "Eva", salesforce={"MobilePhone": "+34600111222"})
    plan = pair.plan()
    assert read_plan(pair.plan_file) == plan
    assert ("hubspot", "mobile", "+34600111222") in cells(plan)
    assert all(change == Change.with_id(change) for change in changes_of(plan))
