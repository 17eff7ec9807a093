"""What the HubSpot connector must not fall for with labelled ties: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from connectors.rigs import hubspot_ties
from connectors.sandboxes import Sandbox
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.tie_pages import MOST_READS
from crmsync.core.ties import delta_text, ties_text
from crmsync.errors import AnswerBroken, Restless
from crmsync.testing.proxy import Proxy, says
from crmsync.testing.rig import TieRig, update

Open = Callable[..., HubspotConnector]
ALL, ROLES = "associations.contacts.all", "associations.contacts.roles"
COMPANIES, COMPANY_ROLES = "associations.companies.all", "associations.companies.roles"
PRIMARY = "associations.companies.primary"
BATCH = "/crm/v4/associations/deals/contacts/batch"


@pytest.fixture
def connector(open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


@pytest.fixture
def ties(sandbox: Sandbox) -> TieRig:
    return hubspot_ties(sandbox)


def write(connector: HubspotConnector, object_: str, one: str, **cells: str | None) -> Any:
    [result] = connector.write(object_, [update(one, cells)])
    return result


def test_an_unknown_label_says_which_exist_and_what_helps(
    connector: HubspotConnector, one: str, others: list[str], ties: TieRig
) -> None:
    neighbour = ties.plants_one()
    requests = [
        update(one, {ROLES: f"+{others[0]}|Sponsor;+{others[0]}|Coach", ALL: f"+{others[1]}"}, "a"),
        update(neighbour, {ROLES: f"+{others[0]}|Coach"}, "b"),
    ]
    bad, good = connector.write("deals", requests)
    assert (bad.outcome, good.outcome) == ("refused", "written")
    for words in ("'Sponsor'", "'Coach'", "'Decision maker'", "Settings", "`values`"):
        assert words in bad.message
    assert bad.fields == (ALL, ROLES)
    assert ties.rows(one) == []
    assert ties.rows(neighbour) == [(others[0], "Coach")]


def test_a_label_with_every_special_sign_survives_the_way_there_and_back(
    connector: HubspotConnector, one: str, others: list[str], ties: TieRig
) -> None:
    delta = delta_text(frozenset(), frozenset({(others[0], "Budget; 50% | all")}))
    assert write(connector, "deals", one, **{ROLES: delta}).outcome == "written"
    assert connector.get("deals", [one], [ROLES])[one] == {ROLES: delta[1:]}
    assert ties.rows(one) == [(others[0], "Budget; 50% | all")]
    write(connector, "deals", one, **{ROLES: "-" + delta[1:]})
    assert ties.rows(one) == [(others[0], "")]


def test_labels_of_hubspot_are_no_roles_and_stay_when_one_is_added(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    sandbox.hubspot.define_label("contacts", "companies", unique)
    person = sandbox.hubspot.put("contacts", {"email": f"{unique}@labels.example"})
    company = sandbox.hubspot.put("companies", {"name": unique})
    sandbox.hubspot.associate("contacts", person, "companies", company, [1, 931])
    fields = [PRIMARY, COMPANIES, COMPANY_ROLES]
    before = {PRIMARY: company, COMPANIES: company, COMPANY_ROLES: None}
    assert connector.get("contacts", [person], fields)[person] == before
    for sign, role in (("+", f"{company}|{unique}"), ("-", None)):
        told = {COMPANY_ROLES: f"{sign}{company}|{unique}"}
        assert write(connector, "contacts", person, **told).outcome == "written"
        after = before | {COMPANY_ROLES: role}
        assert connector.get("contacts", [person], fields)[person] == after
    held = sandbox.hubspot.portal.ties.of("contacts", person, "companies")[company]
    assert set(held) == {1, 279, 931}
    options = connector.schema("contacts").fields[COMPANY_ROLES].options or frozenset()
    assert unique in options
    assert not options & {"Primary", "Billing Company"}


def test_deals_have_the_set_of_their_companies(
    connector: HubspotConnector, sandbox: Sandbox, one: str, unique: str
) -> None:
    first, second = sorted(sandbox.hubspot.put("companies", {"name": unique}) for _ in "ab")
    cells = {PRIMARY: second, COMPANIES: f"+{first};+{second}"}
    assert write(connector, "deals", one, **cells).outcome == "written"
    got = connector.get("deals", [one], [PRIMARY, COMPANIES])[one]
    assert got == {PRIMARY: second, COMPANIES: f"{first};{second}"}


def test_more_ties_than_a_page_come_whole(
    connector: HubspotConnector, sandbox: Sandbox, one: str
) -> None:
    companies = [sandbox.hubspot.put("companies", {"name": f"Many {at}"}) for at in range(1101)]
    delta = delta_text(frozenset(), frozenset((each, "") for each in companies))
    assert write(connector, "deals", one, **{COMPANIES: delta}).outcome == "written"
    assert connector.meter.by_path["POST associations/batch/create_default"] == 2
    wanted = ties_text((each, "") for each in companies)
    assert connector.get("deals", [one], [COMPANIES])[one] == {COMPANIES: wanted}
    assert connector.meter.by_path["POST associations/batch/read"] == 1 + 2 * 3


def test_ties_of_many_pages_that_change_with_every_read_end_as_broken(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str
) -> None:
    """Pages of two moments name who was merged away beside who took their place."""
    at = count()

    def page(seen: Any, forward: Any) -> Any:
        number = next(at)
        paging = {"next": {"after": "7", "link": ""}} if number % 2 == 0 else None
        to = [{"toObjectId": str(number), "associationTypes": []}]
        return says(200, {"results": [{"from": {"id": one}, "to": to, "paging": paging}]})(
            seen, forward
        )

    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "/associations/", page
    with pytest.raises(Restless, match=f"ties of deals {one} change while") as broken:
        connector.get("deals", [one], [COMPANIES])
    assert broken.value.ids == {one}
    assert next(at) == 2 * MOST_READS


def test_pages_that_name_a_tie_twice_are_of_two_moments_however_often_they_say_so(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str
) -> None:
    at = count()

    def page(seen: Any, forward: Any) -> Any:
        is_first = next(at) % 2 == 0
        paging = {"next": {"after": "7", "link": ""}} if is_first else None
        to = [{"toObjectId": each, "associationTypes": []} for each in ("12" if is_first else "23")]
        return says(200, {"results": [{"from": {"id": one}, "to": to, "paging": paging}]})(
            seen, forward
        )

    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "/associations/", page
    with pytest.raises(AnswerBroken, match="change while"):
        connector.get("deals", [one], [COMPANIES])


@pytest.mark.parametrize("cells", [{COMPANIES: "+{other}"}, {PRIMARY: "{other}"}])
def test_a_record_whose_ties_change_with_every_read_costs_no_other_its_tie(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    sandbox: Sandbox,
    one: str,
    ties: TieRig,
    cells: dict[str, str],
) -> None:
    calm, other = ties.plants_one(), sandbox.hubspot.put("companies", {"name": "Calm"})
    at = count()

    def page(seen: Any, forward: Any) -> Any:
        """Of the one there are more ties, and others with every read; of the other record none."""
        number, inputs = next(at), [each["id"] for each in seen.json["inputs"]]
        paging = {"next": {"after": str(number), "link": ""}} if number % 2 == 0 else None
        to = [{"toObjectId": str(number), "associationTypes": []}]
        busy = {"from": {"id": one}, "to": to, "paging": paging}
        rest = [{"from": {"id": each}, "to": []} for each in inputs if each != one]
        return says(200, {"results": [busy, *rest]})(seen, forward)

    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "deals/companies/batch/read", page
    wanted = {name: told.format(other=other) for name, told in cells.items()}
    busy, written = connector.write("deals", [update(one, wanted, "a"), update(calm, wanted, "b")])
    hubspot_proxy.always = None
    assert (busy.outcome, written.outcome) == ("refused", "written"), busy.message
    assert busy.fields == tuple(cells)
    assert "nothing was sent" in busy.message
    told = connector.get("deals", [one, calm], list(cells))
    assert told == {one: dict.fromkeys(cells), calm: dict.fromkeys(cells, other)}


def test_of_records_of_many_pages_only_those_that_changed_are_read_again(
    connector: HubspotConnector, hubspot_proxy: Proxy, sandbox: Sandbox, one: str, ties: TieRig
) -> None:
    """And who was read again is told as it stands at the end."""
    calm = ties.plants_one()
    asked: list[list[str]] = []

    def page(seen: Any, forward: Any) -> Any:
        inputs = seen.json["inputs"]
        asked.append([each["id"] for each in inputs])
        return says(200, {"results": [_page(each, len(asked)) for each in inputs]})(seen, forward)

    def _page(each: Any, number: int) -> Any:
        paging = None if "after" in each else {"next": {"after": "7", "link": ""}}
        is_new = each["id"] == one and number > 2
        told = [] if paging is None else [{"toObjectId": "5", "associationTypes": []}] * is_new
        return {"from": {"id": each["id"]}, "to": told, "paging": paging}

    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "deals/companies/batch/read", page
    told = connector.get("deals", [one, calm], [COMPANIES])
    assert told == {one: {COMPANIES: "5"}, calm: {COMPANIES: None}}
    assert [sorted(each) for each in asked[-2:]] == [[one], [one]]


@pytest.mark.parametrize("cursors", [["7"], ["7", "8"]])
def test_a_cursor_that_comes_again_ends_the_ties_as_broken(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str, cursors: list[str]
) -> None:
    told = iter([*cursors, *cursors])

    def page(seen: Any, forward: Any) -> Any:
        paging = {"next": {"after": next(told), "link": ""}}
        body = {"results": [{"from": {"id": one}, "to": [], "paging": paging}]}
        return says(200, body)(seen, forward)

    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "/associations/", page
    with pytest.raises(AnswerBroken, match="comes again"):
        connector.get("deals", [one], [COMPANIES])


@pytest.mark.parametrize("answer", [{"results": [{}]}, {"results": [None]}, {"results": 1}])
def test_a_look_of_another_shape_leaves_a_refused_tie_refused(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str, answer: Any
) -> None:
    """Whether its record is gone cannot be told then."""
    connector.schema("deals")
    hubspot_proxy.only, hubspot_proxy.always = "/objects/deals/batch/read", says(200, answer)
    end = write(connector, "deals", one, **{PRIMARY: "999999"})
    assert end.outcome == "refused"
    assert hubspot_proxy.count("/objects/deals/batch/read") == 1


def test_what_one_batch_wants_takes_one_call_a_kind_and_labels_are_asked_once(
    connector: HubspotConnector, hubspot_proxy: Proxy, ties: TieRig, others: list[str]
) -> None:
    connector.schema("deals")
    deals = [ties.plants_one() for _ in range(3)]
    first = {ALL: f"+{others[0]};+{others[1]}", ROLES: f"+{others[0]}|Coach"}
    then = {
        ALL: f"-{others[1]};+{others[2]}",
        ROLES: f"-{others[0]}|Coach;+{others[0]}|Decision maker",
    }
    for cells, paths in (
        (first, ["read", "associate/default", "create"]),
        (then, ["read", "archive", "labels/archive", "associate/default", "create"]),
    ):
        hubspot_proxy.seen.clear()
        results = connector.write("deals", [update(one, cells, one) for one in deals])
        assert {one.outcome for one in results} == {"written"}
        assert [seen.path for seen in hubspot_proxy.seen] == [f"{BATCH}/{path}" for path in paths]
    assert ties.rows(deals[2]) == [(others[0], "Decision maker"), (others[2], "")]


def test_both_sets_are_one_read(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str
) -> None:
    connector.schema("deals")
    hubspot_proxy.seen.clear()
    connector.get("deals", [one], [ALL, ROLES])
    assert hubspot_proxy.count("associations") == 1


def test_a_batch_of_ties_refused_as_a_whole_is_halved_until_the_culprit_stands_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, ties: TieRig, others: list[str]
) -> None:
    deals = [ties.plants_one() for _ in range(5)]

    def refuses_culprit(seen: Any, forward: Any) -> Any:
        if deals[3].encode() not in seen.body:
            return forward()
        return says(400, {"category": "VALIDATION_ERROR", "message": "limit exceeded"})(
            seen, forward
        )

    hubspot_proxy.only, hubspot_proxy.always = "associate/default", refuses_culprit
    results = connector.write("deals", [update(one, {ALL: f"+{others[0]}"}, one) for one in deals])
    assert [one.outcome for one in results] == ["written"] * 3 + ["refused", "written"]
    assert "limit exceeded" in results[3].message


def test_a_tie_the_answer_does_not_name_is_unknown(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str, others: list[str]
) -> None:
    for body in ({}, {"results": []}, {"results": [7]}, [7]):
        hubspot_proxy.only, hubspot_proxy.faults = "associate/default", [says(200, body)]
        assert write(connector, "deals", one, **{ALL: f"+{others[0]}"}).outcome == "unknown"


def test_labels_that_may_not_be_seen_leave_any_to_be_tried(
    connector: HubspotConnector, hubspot_proxy: Proxy, one: str, others: list[str]
) -> None:
    hubspot_proxy.only, hubspot_proxy.always = "/labels", says(403, {"category": "MISSING_SCOPES"})
    assert connector.schema("deals").fields[ROLES].options is None
    result = write(connector, "deals", one, **{ROLES: f"+{others[0]}|Coach"})
    assert (result.outcome, "403" in result.message) == ("refused", True)


def test_a_role_that_is_no_label_any_more_is_gone_as_wanted(
    connector: HubspotConnector, one: str, others: list[str]
) -> None:
    write(connector, "deals", one, **{ALL: f"+{others[0]}"})
    sent = connector.meter.written
    result = write(connector, "deals", one, **{ROLES: f"-{others[0]}|Retired label"})
    assert (result.outcome, connector.meter.written) == ("written", sent)
