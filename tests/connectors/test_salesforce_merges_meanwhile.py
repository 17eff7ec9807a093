"""Who is merged or deleted in Salesforce while it is read, after they came: nobody is live beside their survivor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.bulk_rig import BulkOrg, bulk_org
from crmsync.connectors.abilities import ListingConnector
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AnswerBroken
from crmsync.sandbox.salesforce.becoming import merge_records
from crmsync.testing.proxy import Reply, Seen, rewrites

REST, BULK = "never", "0"
# Before the second page of REST; when the results of a job are there.
WHEN = {REST: "/query/?", BULK: "/results?"}
BIN = "/queryAll/"


@pytest.fixture
def org() -> Iterator[BulkOrg]:
    with bulk_org() as made:
        made.turn(most_page_rows=3)
        yield made


def crowd(org: BulkOrg, size: int = 10, object_: str = "Contact") -> list[str]:
    """Records of long ago."""
    name = "Name" if object_ == "Account" else "LastName"
    more = {"Company": "Acme"} if object_ == "Lead" else {}
    ids = [org.world.put(object_, {name: f"N{at}", **more}) for at in range(size)]
    org.world.clock.advance(86_400)
    return ids


def after(org: BulkOrg, part: str, does: Callable[[], Any]) -> None:
    """This is done once, after the first answer to a path like that."""
    waiting = [does]

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        if waiting and "COUNT" not in seen.path:
            waiting.pop()()
        return reply

    org.proxy.only, org.proxy.always = part, fault


def read(connector: SalesforceConnector, object_: str = "Contact") -> set[str]:
    """Who is there when the read ends."""
    came = [row["_id"] for batch in connector.read(object_, []) for row in batch.to_pylist()]
    assert len(set(came)) == len(came)
    went = connector.went_meanwhile(object_)
    assert went <= set(came)
    return set(came) - went


def live(org: BulkOrg, object_: str = "Contact") -> set[str]:
    return {id_ for id_, row in org.world.tables.rows(object_) if not row.get("IsDeleted")}


def merged(org: BulkOrg, winner: str, loser: str, object_: str = "Contact") -> None:
    merge_records(org.world, {"object": object_, "winner": winner, "losers": [loser]})


@pytest.mark.parametrize("way", [REST, BULK])
@pytest.mark.parametrize("object_", ["Account", "Contact", "Lead"])
@pytest.mark.parametrize(("winner", "loser"), [(0, 9), (9, 0), (0, 1), (4, 5)])
def test_who_is_merged_while_records_are_read_is_not_live_beside_the_survivor(
    org: BulkOrg, winner: int, loser: int, object_: str, way: str
) -> None:
    ids = crowd(org, object_=object_)
    connector = org.open(way)
    after(org, WHEN[way], lambda: merged(org, ids[winner], ids[loser], object_))
    assert read(connector, object_) == live(org, object_)
    assert ids[loser] not in live(org, object_)
    assert isinstance(connector, ListingConnector)


@pytest.mark.parametrize("way", [REST, BULK])
def test_who_is_deleted_after_they_came_is_not_live(org: BulkOrg, way: str) -> None:
    ids = crowd(org)
    connector = org.open(way)
    after(org, WHEN[way], lambda: org.world.put("Contact", {"IsDeleted": True}, ids[0]))
    assert read(connector) == live(org)
    assert connector.went_meanwhile("Contact") == {ids[0]}


def test_who_was_deleted_and_is_back_when_the_read_ends_is_live(org: BulkOrg) -> None:
    ids = crowd(org)
    connector = org.open(REST)

    def there_and_back() -> None:
        for gone in (True, False):
            org.world.put("Contact", {"IsDeleted": gone}, ids[0])

    after(org, WHEN[REST], there_and_back)
    assert read(connector) == live(org) == set(ids)


def test_a_read_of_one_answer_is_of_one_moment_and_asks_nobody(org: BulkOrg) -> None:
    crowd(org, 3)
    connector = org.open(REST)
    read(connector)
    assert org.proxy.count(BIN) == 0
    crowd(org, 1)
    read(connector)
    assert org.proxy.count(BIN) == 1


def test_a_second_read_forgets_who_went_during_the_first(org: BulkOrg) -> None:
    ids = crowd(org)
    connector = org.open(REST)
    after(org, WHEN[REST], lambda: merged(org, ids[9], ids[0]))
    read(connector)
    assert connector.went_meanwhile("Contact") == {ids[0]}
    read(connector)
    assert connector.went_meanwhile("Contact") == frozenset()


def test_a_bin_that_is_not_told_to_its_end_is_an_incomplete_read(org: BulkOrg) -> None:
    crowd(org)
    connector = org.open(REST)
    org.proxy.only = BIN
    org.proxy.always = rewrites(lambda page: page | {"totalSize": page["totalSize"] + 1})
    with pytest.raises(AnswerBroken, match="0 records came of 1"):
        read(connector)
