"""What a pull reads of Salesforce, everything or what changed: chosen by what it costs, told in one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apply.pairs import Pair, Servers
from crmsync.commands.pull import Pulled, pull
from crmsync.testing.proxy import cuts, proxied, says
from crmsync.warehouse.snapshots import newest

OBJECTS = ("Account", "Contact", "Lead", "Opportunity")
CHANGES = "ORDER+BY+SystemModstamp"
DEAR = 79
"""Calls a day of which a full read of four small objects takes more than a tenth."""


def read(pair: Pair, **more: Any) -> tuple[Pulled, str]:
    """A pull at the org's own time with a day of few calls, and its line about Salesforce."""
    world = pair.servers.salesforce
    world.allowance.forget()
    pair.watch.moment = max(pair.watch.moment, world.clock.now())
    said: list[str] = []
    pulled = pull(pair.workspace, only="salesforce", tell=said.append, **more)
    (line,) = [text for text in said if text.startswith("salesforce: read")]
    return pulled, line


def bases(pulled: Pulled) -> dict[str, str]:
    manifests = [each.manifest for each in pulled.snapshots if each.manifest.object in OBJECTS]
    return {manifest.object: manifest.base for manifest in manifests}


def test_it_reads_everything_while_that_is_cheap(pair: Pair) -> None:
    assert "read in full (it is the first time)" in read(pair)[1]
    pulled, line = read(pair)
    assert line == "salesforce: read in full (its records take about 8 of 115,000 calls a day)"
    assert not any(bases(pulled).values())
    assert {e.manifest.why for e in pulled.snapshots if e.manifest.object in OBJECTS} == {"cheap"}


@pytest.mark.slow
def test_it_reads_changes_where_all_is_dear_and_every_seventh_time_all(pair: Pair) -> None:
    world = pair.servers.salesforce
    before, world.allowance.daily = world.allowance.daily, DEAR
    try:
        lines = [read(pair)[1] for _night in range(9)]
    finally:
        world.allowance.daily = before
    whole = [line.startswith("salesforce: read in full") for line in lines]
    assert whole == [True, *[False] * 6, True, False]
    assert "8 of 79 calls a day" in lines[1]
    assert "only" in lines[7]


def test_what_is_asked_for_is_done(pair: Pair) -> None:
    read(pair)
    changed, line = read(pair, wish="changes")
    assert all(bases(changed).values())
    assert line == "salesforce: read what changed (as asked); nothing changed"
    whole, line = read(pair, wish="full")
    assert not any(bases(whole).values())
    assert line == "salesforce: read in full (as asked)"


@pytest.mark.slow
def test_what_changed_and_what_went_is_counted_by_object(pair: Pair) -> None:
    first, second = (pair.salesforce("Account", Name=name) for name in ("Acme", "Beta"))
    read(pair)
    pair.salesforce("Account", first, Name="Acme Iberia")
    pair.salesforce("Contact", LastName="Ruiz")
    pair.salesforce("Account", second, IsDeleted=True)
    _pulled, line = read(pair, wish="changes")
    assert line == (
        "salesforce: read what changed (as asked); Account: 1 new or changed, 1 gone; "
        "Contact: 1 new or changed, 0 gone"
    )
    assert read(pair, wish="changes")[1].endswith(
        "; nothing changed"
    )  # what is read twice counts once


def test_a_record_that_came_into_sight_without_a_stamp_is_found_by_its_number(pair: Pair) -> None:
    """As after a change of sharing rules: nothing on the record says that it is new to this user."""
    read(pair)
    old = {"SystemModstamp": "2026-01-01T00:00:00Z", "LastModifiedDate": "2026-01-01T00:00:00Z"}
    shared = pair.salesforce("Contact", LastName="Shared", **old)
    pulled, line = read(pair, wish="changes")
    assert {object_ for object_, base in bases(pulled).items() if not base} == {"Contact"}
    assert "Contact in full: the system counts another number of records" in line
    snapshot = newest(pair.workspace.state, "salesforce", "Contact")
    assert snapshot is not None
    assert snapshot.manifest.rows == 1
    assert pair.of_salesforce("Contact", shared)


def test_other_fields_than_last_time_are_read_of_all_records(pair: Pair) -> None:
    read(pair)
    world = pair.servers.salesforce
    world.hide_field("Contact", "Title")
    try:
        _pulled, line = read(pair, wish="changes")
    finally:
        world.show_field("Contact", "Title")
    assert "Contact in full: other fields are read than last time" in line


@pytest.mark.slow
def test_changes_that_break_off_leave_the_last_state_and_say_so(
    pair: Pair, servers: Servers, tmp_path: Path
) -> None:
    with proxied(servers.urls["salesforce"]) as proxy:
        urls = {**servers.urls, "salesforce": proxy.url}
        through = Pair(servers, tmp_path / "through", urls=urls)
        account = through.salesforce("Account", Name="Acme")
        read(through)
        good = newest(through.workspace.state, "salesforce", "Account")
        through.salesforce("Account", account, Name="Acme Iberia")
        with through.workspace.store() as store:
            cursor = store.cursors("salesforce")["Account"]
        proxy.only, proxy.faults = "/queryAll/", [cuts, cuts]
        pulled, _line = read(through, wish="changes")
        assert not pulled.complete
        (broken,) = [each.manifest for each in pulled.snapshots if not each.manifest.complete]
        assert broken.object == "Account"
        assert broken.problem
        assert newest(through.workspace.state, "salesforce", "Account") == good
        with through.workspace.store() as store:
            now = store.cursors("salesforce")["Account"]
            assert (now.cursor, now.run_id) == (cursor.cursor, cursor.run_id)
            assert now.since_full == cursor.since_full + 1
            assert store.runs(1)[0].status == "partial"
        assert read(through, wish="changes")[0].complete
        last = newest(through.workspace.state, "salesforce", "Account")
        assert last is not None
        assert (last != good, last.manifest.rows) == (True, 1)


@pytest.mark.slow
def test_changes_that_never_come_through_are_replaced_by_everything(
    pair: Pair, servers: Servers, tmp_path: Path
) -> None:
    with proxied(servers.urls["salesforce"]) as proxy:
        through = Pair(
            servers, tmp_path / "through", urls={**servers.urls, "salesforce": proxy.url}
        )
        through.salesforce("Account", Name="Acme")
        read(through)
        proxy.only, proxy.always = CHANGES, cuts
        told = [read(through, wish="changes") for _night in range(7)]
    assert [pulled.complete for pulled, _line in told] == [False] * 6 + [True]
    assert "read in full" in told[-1][1]


def test_a_refused_question_for_changes_is_followed_by_one_for_everything(
    pair: Pair, servers: Servers, tmp_path: Path
) -> None:
    no = says(
        400,
        [{"errorCode": "OPERATION_TOO_LARGE", "message": "exceeded 100000 distinct who/what's"}],
    )
    with proxied(servers.urls["salesforce"]) as proxy:
        through = Pair(
            servers, tmp_path / "through", urls={**servers.urls, "salesforce": proxy.url}
        )
        through.salesforce("Account", Name="Acme")
        read(through)
        proxy.only, proxy.always = CHANGES, no
        pulled, line = read(through, wish="changes")
    assert pulled.complete
    assert "Account in full:" in line
    assert "OPERATION_TOO_LARGE" in line


def test_an_object_that_is_not_read_any_more_decides_nothing(pair: Pair) -> None:
    read(pair)
    with pair.workspace.store() as store:
        known = store.cursors("salesforce")["Account"]
        store.keep_cursor(replace(known, object="Case", since_full=99), pair.workspace.now())
    assert (
        read(pair, wish="changes")[1] == "salesforce: read what changed (as asked); nothing changed"
    )
