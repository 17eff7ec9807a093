"""What changed in Salesforce since a cursor: nothing lost, nothing read for ever; or why it cannot be told.

Every look is one of a connector of its own, as every pull is; it is opened at the org's own time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import rigs
from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import Changes, IncrementalConnector, OnlyWhole
from crmsync.connectors.salesforce.bulk.choosing import Reader
from crmsync.connectors.salesforce.changes import PAGE_ROWS
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AnswerBroken
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.late_commits import commit_transaction, open_transaction
from crmsync.sandbox.salesforce.recycling import empty_bin, undelete
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, rewrites, says

FIELDS = ("LastName", "Title")
Told = tuple[dict[str, Any], dict[str, Any], str]
"""Live rows by id, rows of what went by id, and the next cursor."""


Opens = Callable[[], SalesforceConnector]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """An org of these tests alone: its clock moves, and only onwards."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    with running(salesforce, hubspot) as access:
        yield Sandbox(salesforce, hubspot, access)


@pytest.fixture
def org(sandbox: Sandbox) -> SalesforceWorld:
    """An hour later, so that what other tests did is outside the overlap."""
    sandbox.salesforce.clock.advance(3600)
    return sandbox.salesforce


@pytest.fixture
def opens(
    sandbox: Sandbox, org: SalesforceWorld, salesforce_proxy: Proxy, slept: list[float]
) -> Iterator[Opens]:
    opened: list[SalesforceConnector] = []

    def open_() -> SalesforceConnector:
        settings = rigs.salesforce_settings(sandbox, salesforce_proxy)
        opened.append(rigs.salesforce_connector(settings, slept, org.clock.now()))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def cursor_of(opens: Opens) -> str:
    return opens().gone("Contact", "").cursor


def told(opens: Opens, since: str, *more: str) -> Told:
    found = opens().changes("Contact", [*FIELDS, *more], since)
    assert isinstance(found, Changes), found
    live = {row["_id"]: row for batch in found.live for row in batch.to_pylist()}
    gone = {row["id"]: row for row in found.gone().to_pylist()}
    return live, gone, found.cursor


def why_not(opens: Opens, since: str) -> str:
    found = opens().changes("Contact", FIELDS, since)
    assert isinstance(found, OnlyWhole)
    return found.reason


def test_it_is_what_an_incremental_connector_is(opens: Opens) -> None:
    assert isinstance(opens(), IncrementalConnector)


def test_made_edited_deleted_and_nothing_else(opens: Opens, org: SalesforceWorld) -> None:
    old, edited, deleted = (org.put("Contact", {"LastName": n}) for n in ("A", "B", "C"))
    org.clock.advance(3600)
    since = cursor_of(opens)
    org.clock.advance(3600)
    made = org.put("Contact", {"LastName": "D"})
    org.put("Contact", {"Title": "Director"}, edited)
    org.put("Contact", {"IsDeleted": True}, deleted)
    live, gone, cursor = told(opens, since)
    assert set(live) == {made, edited}
    assert (live[edited]["LastName"], live[edited]["Title"]) == ("B", "Director")
    assert [gone[deleted]["why"], gone[deleted]["into"]] == ["deleted", None]
    assert old not in live
    assert cursor > since


def test_a_row_is_what_a_full_read_gives(opens: Opens, org: SalesforceWorld) -> None:
    since = cursor_of(opens)
    id_ = org.put("Contact", {"LastName": "Ñ", "Birthdate": "1980-02-29", "DoNotCall": True})
    fields = ["LastName", "Birthdate", "DoNotCall", "AccountId"]
    connector = opens()
    found = connector.changes("Contact", fields, since)
    assert isinstance(found, Changes)
    changed = [row for batch in found.live for row in batch.to_pylist() if row["_id"] == id_]
    whole = [r for b in connector.read("Contact", fields) for r in b.to_pylist() if r["_id"] == id_]
    assert changed == whole


def test_what_came_back_lives_and_is_not_gone(opens: Opens, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Back"})
    org.put("Contact", {"IsDeleted": True}, id_)
    org.clock.advance(3600)
    since = cursor_of(opens)
    undelete(org, id_)
    live, gone, _cursor = told(opens, since)
    assert id_ in live
    assert id_ not in gone


def test_a_deletion_that_is_told_and_was_undone_is_none(
    opens: Opens, org: SalesforceWorld, salesforce_proxy: Proxy
) -> None:
    since = cursor_of(opens)
    id_ = org.put("Contact", {"LastName": "Back"})

    def tells(body: Any) -> Any:
        undone = {"id": id_, "deletedDate": "2026-11-20T09:30:00.000+0000"}
        return {**body, "deletedRecords": [*body["deletedRecords"], undone]}

    salesforce_proxy.only, salesforce_proxy.faults = "/deleted/", [rewrites(tells)]
    live, gone, _cursor = told(opens, since)
    assert id_ in live
    assert id_ not in gone


def test_a_merged_record_names_its_winner(opens: Opens, org: SalesforceWorld) -> None:
    from crmsync.sandbox.salesforce.becoming import merge_records

    winner, loser = (org.put("Contact", {"LastName": name}) for name in ("W", "L"))
    since = cursor_of(opens)
    merge_records(org, {"object": "Contact", "winner": winner, "losers": [loser]})
    live, gone, _cursor = told(opens, since)
    assert (gone[loser]["why"], gone[loser]["into"]) == ("merged", winner)
    assert winner in live


def test_a_late_commit_with_an_older_stamp_is_not_lost(opens: Opens, org: SalesforceWorld) -> None:
    """It was open for two hours when the cursor was taken: far longer than the overlap."""
    body = {"object": "Contact", "records": [{"LastName": "Late"}]}
    opened = open_transaction(org, body)
    org.clock.advance(7200)
    since = cursor_of(opens)
    (late,) = commit_transaction(org, opened)["ids"]
    live, _gone, _cursor = told(opens, since)
    assert late in live


def test_a_stamp_inside_the_overlap_is_read_again(opens: Opens, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Early"})
    org.clock.advance(600)
    live, _gone, _cursor = told(opens, cursor_of(opens))
    assert id_ in live


@pytest.mark.parametrize("more", [-1, 0, 1, PAGE_ROWS])
def test_more_records_of_one_stamp_than_a_page_are_read_once(
    opens: Opens, org: SalesforceWorld, more: int
) -> None:
    org.clock.advance(3600)
    since = cursor_of(opens)
    org.clock.advance(3600)
    stamp = {"SystemModstamp": org.stamp(), "LastModifiedDate": org.stamp()}
    made = {org.put("Campaign", {"Name": "Same", **stamp}) for _ in range(PAGE_ROWS + more)}
    connector = opens()
    found = connector.changes("Campaign", ["Name"], since)
    assert isinstance(found, Changes)
    ids = [row["_id"] for batch in found.live for row in batch.to_pylist()]
    assert len(ids) == len(set(ids))
    assert set(ids) >= made
    calls = connector.meter.by_path["GET queryAll"]
    assert calls == (1 if more < 0 else 2 if more < PAGE_ROWS else 3)


def test_who_was_purged_from_the_bin_before_we_looked_makes_it_a_full_read(
    opens: Opens, org: SalesforceWorld
) -> None:
    id_ = org.put("Contact", {"LastName": "Purged"})
    since = cursor_of(opens)
    org.clock.advance(3600)
    org.put("Contact", {"IsDeleted": True}, id_)
    org.clock.advance(60)
    empty_bin(org, [id_])
    assert "deletions before" in why_not(opens, since)


@pytest.mark.parametrize(("days", "why"), [(16, "deletions before"), (31, "longer ago")])
def test_a_cursor_older_than_what_is_told_makes_it_a_full_read(
    opens: Opens, org: SalesforceWorld, days: int, why: str
) -> None:
    since = cursor_of(opens)
    org.clock.advance(timedelta(days=days).total_seconds())
    assert why in why_not(opens, since)
    assert opens().gone("Contact", since).lost


def test_more_deletions_than_are_told_at_once_make_it_a_full_read(
    opens: Opens, org: SalesforceWorld, salesforce_proxy: Proxy
) -> None:
    since = cursor_of(opens)
    body = [{"errorCode": "EXCEEDED_ID_LIMIT", "message": "more than 600000 ids"}]
    salesforce_proxy.only, salesforce_proxy.faults = "/deleted/", [says(400, body)]
    assert "more was deleted" in why_not(opens, since)


@pytest.mark.parametrize("field", ["IsEmailBounced", "associations.Contact.all"])
def test_what_changes_without_a_stamp_is_only_read_whole(
    opens: Opens, org: SalesforceWorld, field: str
) -> None:
    """Formulas and ties: the record they stand on is not stamped when they change."""
    connector = opens()
    object_ = "Opportunity" if field.startswith("assoc") else "Contact"
    found = connector.changes(object_, ["Name", field], "2026-11-20T09:30:00.000Z")
    assert isinstance(found, OnlyWhole)
    assert field in found.reason
    assert set(connector.meter.by_path) == {"GET sobjects/describe"}


def test_a_page_that_lacks_records_is_asked_for_again_and_then_broken(
    opens: Opens, org: SalesforceWorld, salesforce_proxy: Proxy
) -> None:
    def lacks(page: Any) -> Any:
        return {**page, "records": page["records"][:-1]}

    since = cursor_of(opens)
    id_ = org.put("Contact", {"LastName": "Last"})
    salesforce_proxy.only, salesforce_proxy.faults = "/queryAll/", [rewrites(lacks)]
    live, _gone, _cursor = told(opens, since)
    assert id_ in live
    salesforce_proxy.faults = [rewrites(lacks), rewrites(lacks)]
    with pytest.raises(AnswerBroken, match="changed records came"):
        told(opens, since)


def test_a_page_in_another_order_is_a_broken_answer(
    opens: Opens, org: SalesforceWorld, salesforce_proxy: Proxy
) -> None:
    """What goes on after the last row of it would leave records out."""

    def backwards(page: Any) -> Any:
        return {**page, "records": page["records"][::-1]}

    since = cursor_of(opens)
    for name in ("A", "B"):
        org.put("Contact", {"LastName": name})
        org.clock.advance(60)
    salesforce_proxy.only, salesforce_proxy.faults = "/queryAll/", [rewrites(backwards)] * 2
    with pytest.raises(AnswerBroken):
        told(opens, since)


def test_pages_that_are_cut_short_are_gone_on_from_without_a_locator(
    opens: Opens, org: SalesforceWorld, salesforce_proxy: Proxy
) -> None:
    """Wide records come in smaller pages; the next query begins after the last record that came."""

    def smaller(page: Any) -> Any:
        return {**page, "records": page["records"][:2], "done": False, "nextRecordsUrl": "/x"}

    since = cursor_of(opens)
    made = {org.put("Contact", {"LastName": str(n)}) for n in range(5)}
    salesforce_proxy.only, salesforce_proxy.faults = "/queryAll/", [rewrites(smaller)] * 2
    live, _gone, _cursor = told(opens, since)
    assert made <= set(live)


def test_a_query_longer_than_an_address_may_be_travels_in_a_body(
    opens: Opens, org: SalesforceWorld
) -> None:
    since = cursor_of(opens)
    org.requests.clear()
    id_ = org.put("Contact", {"LastName": "Wide"})
    names = [f"Wide_field_{n:03d}__c" for n in range(450)]
    for name in names:
        org.define_field("Contact", name, "string", length=10)
    try:
        live, _gone, _cursor = told(opens, since, *names)
        sent = [each["path"] for each in org.requests]
    finally:
        for name in names:
            org.drop_field("Contact", name)
    assert id_ in live
    assert any(path.endswith("/composite") for path in sent)


@given(st.integers(0, 10_000_000))
@settings(max_examples=50)
def test_a_full_read_costs_what_it_is_said_to(rows: int) -> None:
    rest = Reader(api=None, above=None, notes=[]).cost(rows)  # type: ignore[arg-type]  # nothing is asked
    pages = rest - 1 - (rest > 2)  # without the count, and who went where there is more than one
    assert (pages - 1) * PAGE_ROWS < max(rows, 1) <= pages * PAGE_ROWS
    bulk = Reader(api=None, above=20_000, notes=[]).cost(rows)  # type: ignore[arg-type]  # as above
    assert bulk == rest if rows <= 20_000 else bulk < rest + 10
    assert bulk < 14 + 2 + rows / 10_000
