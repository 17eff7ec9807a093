"""What the HubSpot connector must not fall for when it reads: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.values import dates, instants, numbers
from crmsync.errors import AnswerBroken
from crmsync.testing.proxy import Proxy, rewrites, says

Open = Callable[..., HubspotConnector]


@pytest.fixture
def opens(open_hubspot: Open) -> Open:
    return open_hubspot


PRIMARY = "associations.companies.primary"


@pytest.fixture
def connector(opens: Open) -> HubspotConnector:
    return opens()


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, "email": f"{key}@keys.example", **cells}
    return WriteRequest(key, "create", None, key, given)


def merges_into(survivor: str, **more: str) -> Any:
    """A batch answer as after a merge: the first record answers under a third id."""

    def change(body: Any) -> Any:
        first, *others = body["results"]
        return body | {"results": [{**first, "id": survivor, **more}, *others]}

    return rewrites(change)


def test_many_properties_are_read_without_a_long_address(
    opens: Open, sandbox: Sandbox, hubspot_proxy: Proxy
) -> None:
    names = [f"quite_a_long_name_of_a_custom_property_{at:04d}" for at in range(400)]
    for name in names:
        sandbox.hubspot.define_property("deals", name, "string", "text")
    values = {"dealname": "Wide", "dealstage": "contractsent", "pipeline": "default"}
    one = sandbox.hubspot.put("deals", values | {names[0]: "a", names[-1]: "z"})
    connector = opens()
    [row] = [
        row
        for batch in connector.read("deals", names)
        for row in batch.to_pylist()
        if row["_id"] == one
    ]
    assert (row[names[0]], row[names[1]], row[names[-1]]) == ("a", None, "z")
    assert max(len(seen.path) for seen in hubspot_proxy.seen) < 8_000


@pytest.mark.parametrize("cursors", [["7"], ["7", "8"], [7, "8", "9"]])
def test_a_cursor_that_comes_again_ends_a_read_as_broken(
    connector: HubspotConnector, hubspot_proxy: Proxy, cursors: list[object]
) -> None:
    """One that stands still, and those that go round."""
    told = iter([*cursors, *cursors])

    def stuck(page: Any) -> Any:
        return page | {"paging": {"next": {"after": next(told), "link": ""}}}

    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/objects/contacts?", rewrites(stuck)
    with pytest.raises(AnswerBroken, match="comes again"):
        list(connector.read("contacts", ["email"]))
    assert hubspot_proxy.count("/objects/contacts?") == len(cursors) + 1


def test_an_empty_page_with_a_next_one_does_not_end_a_read(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    connector.schema("contacts")
    whole = sum(batch.num_rows for batch in connector.read("contacts", []))
    empty = {"results": [], "paging": {"next": {"after": "1", "link": ""}}}
    hubspot_proxy.only, hubspot_proxy.faults = "/objects/contacts?", [says(200, empty)]
    assert sum(batch.num_rows for batch in connector.read("contacts", [])) == whole


def test_a_read_that_breaks_off_does_not_lend_its_ids_to_associations(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    read = connector.read("contacts", ["email"])
    next(read)
    hubspot_proxy.only, hubspot_proxy.always = "/objects/contacts?", says(400, {})
    with pytest.raises(Exception, match="refused"):
        list(read)
    hubspot_proxy.always = None
    before = connector.meter.by_path["GET objects/contacts"]
    list(connector.associations("contacts", "companies"))
    assert connector.meter.by_path["GET objects/contacts"] > before + 1


def test_associations_use_the_ids_of_the_last_read(connector: HubspotConnector) -> None:
    list(connector.read("contacts", ["email"]))
    before = connector.meter.by_path["GET objects/contacts"]
    list(connector.associations("contacts", "companies"))
    assert connector.meter.by_path["GET objects/contacts"] == before
    assert connector.meter.by_path["POST associations/batch/read"] == 1


def test_a_merged_record_counts_as_gone(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    [made] = connector.write("contacts", [creating(unique)])
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/read", [merges_into("888")]
    assert connector.get("contacts", [made.native_id or ""], ["email"]) == {}


def test_a_batch_read_where_all_are_missing_may_be_404(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    connector.schema("contacts")
    hubspot_proxy.faults = [says(404, {"message": "resource not found"})]
    assert connector.get("contacts", ["1"], ["email"]) == {}


def test_an_error_that_is_no_absence_is_not_taken_for_one(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    body = {"results": [], "errors": [{"category": "INTERNAL", "message": "try again"}]}
    connector.schema("contacts")
    hubspot_proxy.faults = [says(207, body)]
    with pytest.raises(AnswerBroken):
        connector.get("contacts", ["1"], ["email"])


def test_an_unlabelled_tie_is_no_primary_and_labels_are_kept(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    person = sandbox.hubspot.put("contacts", {"email": f"{unique}@ties.example"})
    one, other = (sandbox.hubspot.put("companies", {"name": f"{unique}{at}"}) for at in "ab")
    sandbox.hubspot.associate("contacts", person, "companies", one, [279])
    sandbox.hubspot.associate("contacts", person, "companies", other, [279, 1])
    rows = {
        row["to_id"]: row
        for batch in connector.associations("contacts", "companies")
        for row in batch.to_pylist()
        if row["from_id"] == person
    }
    assert {to: row["is_primary"] for to, row in rows.items()} == {one: "false", other: "true"}
    assert {row["label"] for row in rows.values()} == {None}
    assert connector.get("contacts", [person], [PRIMARY]) == {person: {PRIMARY: other}}


def test_a_record_with_more_ties_than_a_page_gives_them_all(
    connector: HubspotConnector, hubspot_proxy: Proxy, sandbox: Sandbox, unique: str
) -> None:
    person = sandbox.hubspot.put("contacts", {"email": f"{unique}@many.example"})

    def page(company: int, paging: Any) -> Any:
        kinds = [{"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}]
        to = [{"toObjectId": company, "associationTypes": kinds}]
        result = {"from": {"id": person}, "to": to, "paging": paging}
        return says(207, {"results": [result], "errors": [{"category": "OBJECT_NOT_FOUND"}]})

    hubspot_proxy.only = "/batch/read"
    hubspot_proxy.faults = [page(11, {"next": {"after": "x"}}), page(12, None)] * 2
    rows = [
        row
        for batch in connector.associations("contacts", "companies")
        for row in batch.to_pylist()
    ]
    assert [row["to_id"] for row in rows if row["from_id"] == person] == ["11", "12"]
    assert hubspot_proxy.seen[-1].json == {"inputs": [{"id": person, "after": "x"}]}


def test_a_removed_owner_is_listed_as_inactive(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    hubspot_proxy.only = "owners"
    hubspot_proxy.faults = [
        says(200, {"results": [{"id": 2, "email": "b@owners.example", "lastName": "B"}]}),
        says(200, {"results": [{"id": "1", "email": "a@owners.example", "firstName": "A"}]}),
    ]
    rows = connector.owners().to_pylist()
    assert [(row["id"], row["name"], row["active"]) for row in rows] == [
        ("1", "A", "true"),
        ("2", "B", "false"),
    ]
    archived = ["archived=True" in one.path for one in hubspot_proxy.seen]
    assert archived == [True, False]


def test_won_is_what_closes_with_certainty(connector: HubspotConnector) -> None:
    rows = {row["stage"]: row for row in connector.stages().to_pylist()}
    marks = {name: (row["is_closed"], row["is_won"]) for name, row in rows.items()}
    assert marks["closedwon"] == ("true", "true")
    assert marks["closedlost"] == ("true", "false")
    assert marks["contractsent"] == ("false", "false")


def test_read_only_values_are_not_writable_though_not_calculated(
    connector: HubspotConnector,
) -> None:
    fields = connector.schema("contacts").fields
    assert not fields["lastmodifieddate"].writable
    assert fields["email"].writable
    assert fields["email"].unique
    assert fields[PRIMARY].writable
    assert fields["lifecyclestage"].options
    assert connector.schema("deals").fields["dealstage"].options is None
    assert connector.schema("deals").fields["hubspot_owner_id"].options is None


def test_instants_have_one_form_whatever_hubspot_sends() -> None:
    given = ["1970-01-01T00:00:00Z", "1773300826615", "2026-03-29T01:30:00.123Z", "", None, "x"]
    assert instants(given) == [
        "1970-01-01T00:00:00.000Z",
        "2026-03-12T07:33:46.615Z",
        "2026-03-29T01:30:00.123Z",
        None,
        None,
        "x",
    ]


_SHORT, _LONG = "2026-03-29T01:30:00Z", "2026-03-29T01:30:00.123Z"


@pytest.mark.parametrize(
    "column",
    [
        [_SHORT, "2026-03-29T01:31:59Z"],
        [_LONG, "2026-03-29T01:30:00.000Z"],
        [_SHORT, _LONG],
        [_SHORT, "2026-03-29T03:30+020"],
        [_LONG, "2026-03-29T03:30:00+0200"],
        [_SHORT, "26-03-29T01:30:0Z\nxZ", "0123456789abcdefghij"],
        [_SHORT, "0123456789Z\n3456789x"],
        ["", ""],
    ],
)
def test_an_instant_is_the_same_whatever_stands_beside_it(column: list[str]) -> None:
    assert instants(column) == [instants([each, None])[0] for each in column]


def test_dates_and_numbers_are_as_they_were_written() -> None:
    assert dates(["2026-03-29", "1774742400000", None]) == ["2026-03-29", "2026-03-29", None]
    assert numbers(["5000.00", "1.2E+3", "", None, 7]) == ["5000.00", "1200", None, None, "7"]
