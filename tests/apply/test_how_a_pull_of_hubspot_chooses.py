"""What a pull reads of HubSpot, everything or what changed, told in one line; a property that goes is no deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apply.pairs import Pair
from crmsync.commands.pull import Pulled, pull
from crmsync.connectors.hubspot.paths import USUAL
from crmsync.sandbox.hubspot.erasing import erase
from crmsync.testing.proxy import Reply, Seen, proxied
from crmsync.warehouse.snapshots import newest, rows_of

DAY = 86_400
LISTED = f"/objects/{USUAL}/contacts?limit=100&"
"""Lists of contacts without histories: a read of changes asks for the archived ones alone."""


def read(pair: Pair, wish: Any = "auto") -> tuple[Pulled, str]:
    """A pull at the portal's own time, and its line about HubSpot."""
    pair.watch.moment = max(pair.watch.moment, pair.servers.hubspot.clock.now())
    said: list[str] = []
    pulled = pull(pair.workspace, only="hubspot", wish=wish, tell=said.append)
    (line,) = [text for text in said if text.startswith("hubspot: read")]
    return pulled, line


@pytest.fixture
def morning_after(pair: Pair) -> tuple[Pair, str]:
    """A contact that was read a day ago, and its id."""
    id_ = pair.hubspot("contacts", lastname="Ruiz", email="ruiz@people.example", jobtitle="Clerk")
    read(pair)
    pair.servers.hubspot.clock.advance(DAY)
    return pair, id_


def titles(pair: Pair) -> list[Any]:
    """What the last snapshot says; a property without a column is left out."""
    snapshot = newest(pair.workspace.state, "hubspot", "contacts")
    assert snapshot is not None
    names = [each for each in ("lastname", "jobtitle") if each in snapshot.manifest.fields]
    return [row for batch in rows_of(snapshot, names) for row in batch.to_pylist()]


def test_it_reads_everything_while_that_is_cheap(morning_after: tuple[Pair, str]) -> None:
    pair, _id = morning_after
    _pulled, line = read(pair)
    assert line == "hubspot: read in full (its records take about 9 of 625,000 calls a day)"


def test_asked_for_changes_it_says_how_many(morning_after: tuple[Pair, str]) -> None:
    pair, id_ = morning_after
    pair.hubspot("contacts", id_, jobtitle="Director")
    pulled, line = read(pair, "changes")
    assert "contacts: 1 new or changed, 0 gone" in line
    assert "deals in full: worked out by the system: hs_deal_stage_probability" in line
    assert pulled.complete
    assert titles(pair) == [{"lastname": "Ruiz", "jobtitle": "Director"}]


def test_who_was_erased_makes_it_a_full_read(morning_after: tuple[Pair, str]) -> None:
    pair, id_ = morning_after
    erase(pair.servers.hubspot.portal, id_, "")
    _pulled, line = read(pair, "changes")
    assert "contacts in full: the system counts another number of records" in line
    assert titles(pair) == []


def test_who_was_erased_does_not_hide_behind_somebody_who_comes_during_the_read(
    morning_after: tuple[Pair, str],
) -> None:
    """Between the two counts, so that the number known lies between them."""
    pair, id_ = morning_after
    erase(pair.servers.hubspot.portal, id_, "")
    comes = iter(["Gil"])

    def joins(_seen: Seen, forward: Callable[[], Reply]) -> Reply:
        answer = forward()
        for name in comes:
            pair.hubspot("contacts", lastname=name, email="gil@people.example")
        return answer

    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = LISTED, joins
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        _pulled, line = read(pair, "changes")
        file.write_text(file.read_text().replace(hubspot.url, real))
    assert next(comes, None) is None
    assert "contacts in full: the system counts another number of records" in line
    assert [each["lastname"] for each in titles(pair)] == ["Gil"]


@pytest.mark.slow
def test_a_portal_in_which_somebody_comes_during_every_read_is_still_read_by_changes(
    morning_after: tuple[Pair, str],
) -> None:
    pair, _id = morning_after
    numbers = iter(range(9))

    def joins(_seen: Seen, forward: Callable[[], Reply]) -> Reply:
        answer = forward()
        pair.hubspot("contacts", lastname="New", email=f"n{next(numbers)}@people.example")
        return answer

    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = LISTED, joins
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        pulled, line = read(pair, "changes")
        file.write_text(file.read_text().replace(hubspot.url, real))
    assert next(numbers) == 2  # once for each attempt
    assert pulled.complete
    assert "contacts in full" not in line


def test_a_property_that_was_archived_overnight_is_told_and_the_rest_is_read(
    morning_after: tuple[Pair, str],
) -> None:
    pair, id_ = morning_after
    portal = pair.servers.hubspot.portal
    pair.hubspot("contacts", id_, lastname="Gil")
    portal.archive_definition("contacts", "jobtitle", "2026-11-22T09:00:00Z")
    try:
        pulled, line = read(pair, "changes")
    finally:
        portal.tables.drop("properties contacts", "jobtitle")
        portal.rebuild()
    assert pulled.vanished == ("hubspot contacts.jobtitle",)
    assert "contacts in full: other fields are read than last time" in line
    assert pulled.complete
    assert titles(pair) == [{"lastname": "Gil"}]


def test_ids_of_the_last_read_are_not_asked_for_again(morning_after: tuple[Pair, str]) -> None:
    pair, _id = morning_after
    pair.servers.hubspot.requests.clear()
    read(pair, "changes")
    listed = [r for r in pair.servers.hubspot.requests if LISTED in f"{r['path']}?{r['query']}"]
    assert len(listed) == 1  # what was archived
