"""Lists, pipelines and consent of a portal: what is told, what is left out and says so, what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import fact_portal
from connectors.fact_org import rows_of
from connectors.fact_portal import (
    CALLS,
    CONNECTED,
    EMAILS,
    MEETINGS,
    NOTES,
    TASKS,
    FactPortal,
    only,
)
from crmsync.core.companions import COMPANIONS, ENTERED, EXITED, OPTED_OUT
from crmsync.errors import AccessDenied, AnswerBroken, ConfigInvalid
from crmsync.testing.proxy import drops, rewrites, says

ana, portal = fact_portal.ana, fact_portal.portal
HOURS = "_calendars.users"
GONE = [f"_gone.{table.partition('.')[2]}" for table in (CALLS, EMAILS, MEETINGS, NOTES, TASKS)]
LISTS, MEMBERS = "_lists.lists", "_list_members.lists"


# -- what is not read ------------------------------------------------------------------------


def test_a_scope_that_is_missing_is_named_and_ends_nothing(portal: FactPortal) -> None:
    portal.scopes(
        "crm.objects.contacts.read", "crm.objects.companies.read", "crm.schemas.deals.read"
    )
    told = portal.facts()
    assert told[LISTS].fact.unread == "Give the service key the scope crm.lists.read."
    assert told[MEMBERS].fact.unread == told[LISTS].fact.unread
    assert "communication_preferences.read" in told["_subscriptions.definitions"].fact.unread
    assert len(told["_pipelines.deals"].rows) == 7


def test_activities_without_those_they_are_about_are_not_read(portal: FactPortal) -> None:
    """Without the scope of deals nobody could tell which call was about one."""
    portal.log("calls")
    refused = {"status": "error", "category": "MISSING_SCOPES", "message": "no",
               "context": {"requiredGranularScopes": ["crm.objects.deals.read"]}}  # fmt: skip
    portal.proxy.only, portal.proxy.always = "/calls/deals/batch/read", says(403, refused)
    told = portal.facts()
    assert told[CALLS].fact.unread == "Give the service key the scope crm.objects.deals.read."
    assert told[CALLS].rows == []
    assert not told[NOTES].fact.unread


def test_a_credential_that_is_not_accepted_is_no_gap_in_the_facts(portal: FactPortal) -> None:
    portal.proxy.only = "/crm/v3/lists"
    portal.proxy.always = says(401, {"category": "INVALID_AUTHENTICATION", "message": "no"})
    with pytest.raises(AccessDenied):
        portal.facts()


@pytest.mark.parametrize("fault", [drops, says(503, b""), says(200, b"{}")])
def test_a_portal_that_stops_answering_leaves_a_broken_read_and_no_gap(
    portal: FactPortal, fault: Any
) -> None:
    portal.proxy.only, portal.proxy.always = "/objects/calls?", fault
    calls = next(portal.opens().facts({}))
    assert (calls.table, calls.unread) == (CALLS, "")
    with pytest.raises(AnswerBroken):
        rows_of(calls)


def test_what_the_settings_leave_out_says_so_and_costs_nothing(portal: FactPortal) -> None:
    connector = portal.opens(activities_days="0", history_days="0", lists="false", consent="false")
    connector.schema("contacts")
    portal.proxy.seen.clear()
    told = {fact.table: fact.unread for fact in connector.facts({"contacts": frozenset()})}
    assert {table: why for table, why in told.items() if not table.startswith("_pipelines")} == {
        **dict.fromkeys(
            (CALLS, EMAILS, MEETINGS, NOTES, TASKS, HOURS, *GONE), "left out by activities_days: 0"
        ),
        "_history.contacts.contacts_history": "left out by history_days: 0",
        LISTS: "left out by lists: false",
        MEMBERS: "left out by lists: false",
        "_subscriptions.definitions": "left out by consent: false",
    }
    assert {one.path.split("?")[0] for one in portal.proxy.seen} == {
        f"/crm/v3/pipelines/{name}" for name in ("contacts", "companies", "deals")
    }


@pytest.mark.parametrize(
    ("settings", "says_"),
    [
        ({"activities_days": "a year"}, "activities_days 'a year' is no number of days"),
        ({"history_days": "99999999"}, "is no number of days"),
        ({"list_members": "many"}, "list_members 'many' is no whole number"),
        ({"lists": "perhaps"}, "neither true nor false"),
        ({"consent": "all"}, "consent 'all' is no way to read it"),
    ],
)
def test_settings_without_sense_are_refused(
    portal: FactPortal, settings: dict[str, str], says_: str
) -> None:
    with pytest.raises(ConfigInvalid, match=says_):
        portal.opens(**settings)


def test_an_empty_portal_costs_few_calls(portal: FactPortal) -> None:
    connector = portal.opens()
    for fact in connector.facts({}):
        rows_of(fact)
    # Of 5 kinds properties, a page, a count and the archive; outcomes; lists; 3 pipelines; users; subscriptions
    assert connector.meter.made == 27


# -- lists -----------------------------------------------------------------------------------


def make_list(portal: FactPortal, name: str, members: list[str], object_: str = "contacts") -> None:
    """A list that the simulated portal works out by itself."""
    portal.world.rehearse(
        "declare",
        {"kind": "list", "object": object_, "name": name, "processing": "DYNAMIC", "members": members},
    )  # fmt: skip


def test_a_list_says_how_many_and_who_is_in_it_since_when(portal: FactPortal, ana: str) -> None:
    make_list(portal, "Newsletter", [ana])
    told = portal.facts()
    row = only(told[LISTS].rows)
    assert (row["name"], row["object"], row["kind"]) == ("Newsletter", "contacts", "DYNAMIC")
    assert (row["size"], row["members_read"]) == ("1", "true")
    member = only(told[MEMBERS].rows)
    assert member == {
        "list_id": row["id"],
        "object": "contacts",
        "record_id": ana,
        "joined_at": "2026-11-20T09:30:00.000Z",
    }


def test_members_of_a_long_list_are_counted_and_not_read(portal: FactPortal) -> None:
    people = [portal.world.put("contacts", {"email": f"p{at}@acme.example"}) for at in range(252)]
    make_list(portal, "Short", people[:2])
    make_list(portal, "Long", people)
    told = portal.facts(list_members="251")
    lists = {row["name"]: (row["size"], row["members_read"]) for row in told[LISTS].rows}
    assert lists == {"Short": ("2", "true"), "Long": ("252", "false")}
    assert len(told[MEMBERS].rows) == 2
    assert len(portal.facts(list_members="252")[MEMBERS].rows) == 254
    assert len(portal.facts(list_members="0")[MEMBERS].rows) == 254


def test_lists_of_deals_are_nobodys_lists(portal: FactPortal) -> None:
    deal = portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent"})
    make_list(portal, "Deals", [deal], "deals")
    told = portal.facts()
    assert (told[LISTS].rows, told[MEMBERS].rows) == ([], [])


def test_more_lists_than_a_page_holds_come_all(portal: FactPortal) -> None:
    for at in range(251):
        make_list(portal, f"List {at}", [])
    assert len(portal.rows(LISTS)) == 251


def test_lists_whose_pages_stand_still_are_a_broken_read(portal: FactPortal) -> None:
    def stuck(page: Any) -> Any:
        return {**page, "hasMore": True, "offset": 0}

    portal.proxy.only, portal.proxy.always = "/lists/search", rewrites(stuck)
    with pytest.raises(AnswerBroken, match="stands still"):
        portal.facts()


# -- pipelines and consent -------------------------------------------------------------------


def test_lifecycles_are_pipelines_and_a_stage_has_its_probability(portal: FactPortal) -> None:
    told = portal.facts()
    won = [row for row in told["_pipelines.deals"].rows if row["stage"] == "closedwon"]
    assert (only(won)["probability"], only(won)["is_won"], only(won)["is_closed"]) == (
        "1.0",
        "true",
        "true",
    )
    stages = {row["stage"]: row["is_closed"] for row in told["_pipelines.contacts"].rows}
    assert stages["customer"] == "false"
    assert stages["other"] == "true"
    assert {row["archived"] for row in told["_pipelines.companies"].rows} == {"false"}


def test_a_stage_that_was_archived_says_so(portal: FactPortal) -> None:
    def archived(page: Any) -> Any:
        page["results"][0]["stages"][0]["archived"] = True
        return page

    portal.proxy.only, portal.proxy.faults = "/pipelines/deals", [rewrites(archived)]
    rows = portal.rows("_pipelines.deals")
    assert [row["stage"] for row in rows if row["archived"] == "true"] == ["appointmentscheduled"]


def test_the_status_of_every_address_is_read_only_if_asked_for(
    portal: FactPortal, ana: str
) -> None:
    portal.world.put("contacts", {"lastname": "without an address"})
    path = "/communication-preferences/v4/statuses/ana%40acme.example"
    body = {"channel": "EMAIL", "subscriptionId": 39644612, "statusState": "UNSUBSCRIBED",
            "legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "form"}  # fmt: skip
    portal.opens()._api.post("consent", path, body)
    told = portal.facts()
    assert "_consents.contacts" not in told
    assert [row["name"] for row in told["_subscriptions.definitions"].rows][:1] == [
        "Marketing Information"
    ]
    rows = {
        row["subscription_id"]: row for row in portal.rows("_consents.contacts", consent="statuses")
    }
    assert rows["39644612"] == {
        "record_id": ana,
        "subscription_id": "39644612",
        "status": "unsubscribed",
        "basis": "CONSENT_WITH_NOTICE",
        "stated_at": "2026-11-20T09:30:00.000Z",
        "origin": "SUBSCRIPTION_STATUS",
    }
    assert (rows["39644613"]["status"], rows["39644613"]["stated_at"]) == ("not_specified", None)


def test_without_the_tier_of_batches_statuses_are_not_read(portal: FactPortal, ana: str) -> None:
    portal.world.rehearse("switches", {"batch_consent": False})
    told = portal.facts(consent="statuses")["_consents.contacts"]
    assert "communication_preferences.statuses.batch.read" in told.fact.unread
    assert told.rows == []


# -- companions ------------------------------------------------------------------------------


def test_what_audits_ask_for_is_named_of_the_properties_there_are(portal: FactPortal) -> None:
    connector = portal.opens()
    found = connector.companions("contacts")
    prefixes = (ENTERED, EXITED, OPTED_OUT)
    assert {name for name in found if not name.startswith(prefixes)} <= set(COMPANIONS)
    assert found["marketable"] == "hs_marketable_status"
    assert found[f"{ENTERED}customer"] == "hs_v2_date_entered_customer"
    assert found[f"{OPTED_OUT}39644612"] == "hs_email_optout_39644612"
    assert f"{ENTERED}current_stage" not in found, "when it entered the stage it is in is no stage"
    assert set(found.values()) <= set(connector.schema("contacts").fields)
    assert "marketable" not in connector.companions("companies")
    assert not [name for name in connector.companions("deals") if name.startswith(prefixes)]


def test_what_a_portal_calls_worked_out_is_not_asked_for(portal: FactPortal) -> None:
    """Nobody tells when it changes, so with it everything would be read every night."""

    def worked_out(page: Any) -> Any:
        for one in page["results"]:
            one["calculated"] = one["name"] in ("num_notes", "hs_v2_date_entered_customer")
        return page

    portal.proxy.only, portal.proxy.faults = "/properties/contacts", [rewrites(worked_out)]
    found = portal.opens().companions("contacts")
    assert "activities" not in found
    assert found[f"{ENTERED}customer"] == "hs_lifecyclestage_customer_date", "the older one"
    assert {"marketable", f"{ENTERED}lead", f"{EXITED}customer"} <= found.keys()


def test_the_dated_version_tells_the_same(portal: FactPortal, ana: str) -> None:
    portal.log("calls", {"contacts": ana}, hs_call_disposition=CONNECTED)
    make_list(portal, "Newsletter", [ana])
    wanted = {"contacts": frozenset({"email"})}
    classic, dated = (
        portal.facts(wanted, consent="statuses", api_version=version)
        for version in ("v3", "2026-03")
    )
    assert {name: told.rows for name, told in classic.items()} == {
        name: told.rows for name, told in dated.items()
    }
    assert not [name for name, told in dated.items() if told.fact.unread]


def test_an_address_whose_status_could_not_be_told_breaks_the_read(
    portal: FactPortal, ana: str
) -> None:
    """Who has no status may not be taken for somebody of whom nothing was said."""

    def partly(body: Any) -> Any:
        return {**body, "results": [], "errors": [{"message": "not now"}], "numErrors": 1}

    portal.proxy.only, portal.proxy.always = "/statuses/batch/read", rewrites(partly)
    with pytest.raises(AnswerBroken, match="not now"):
        portal.facts(consent="statuses")
