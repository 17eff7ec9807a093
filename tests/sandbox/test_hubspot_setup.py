"""What an account has set up: pipelines, owners, labels and their limits, workflows, histories told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import CONTACTS, DEALS, Served, serving

PIPELINES = "/crm/v3/pipelines/deals"
LABELS = "/crm/v4/associations/deals/contacts/labels"
STAGES = [
    {"label": "First", "displayOrder": 0, "metadata": {"probability": 0.3}},
    {"label": "Signed", "displayOrder": 1, "metadata": {"probability": "1.0"}},
]


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def renewals(portal: Served) -> Any:
    body = {"label": "Renewals", "displayOrder": 1, "stages": STAGES}
    return portal.post(PIPELINES, body, 201)


def test_a_pipeline_of_people_has_numbers_for_ids_and_text_for_facts(
    portal: Served, renewals: Any
) -> None:
    assert all(one["id"].isdigit() for one in (renewals, *renewals["stages"]))
    assert [one["metadata"] for one in renewals["stages"]] == [
        {"isClosed": "false", "probability": "0.3"},
        {"isClosed": "true", "probability": "1.0"},
    ]
    assert [one["id"] for one in portal.get(PIPELINES)["results"]] == ["default", renewals["id"]]
    portal.post(PIPELINES, {"label": "Renewals", "stages": []}, 409)


def test_a_deal_in_it_is_won_by_its_own_stage(portal: Served, renewals: Any) -> None:
    signed = renewals["stages"][1]["id"]
    values = {"dealname": "D", "pipeline": renewals["id"], "dealstage": signed}
    made = portal.post(DEALS, {"properties": values}, 201)
    assert made["properties"]["hs_is_closed_won"] == "true"
    entered = f"hs_v2_date_entered_{signed}"
    told = portal.get(f"{DEALS}/{made['id']}", properties=entered)["properties"]
    assert told[entered] == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize(("checks", "status"), [(True, 400), (False, 201)])
def test_a_stage_outside_the_pipeline_is_refused_or_not(
    portal: Served, renewals: Any, checks: bool, status: int
) -> None:
    portal.world.switches.stage_in_pipeline = checks
    values = {"dealname": "D", "pipeline": renewals["id"], "dealstage": "closedwon"}
    told = portal.post(DEALS, {"properties": values}, status)
    assert ("closedwon" in str(told), len(portal.get(DEALS)["results"])) == (True, int(not checks))


def test_stages_come_change_and_go(portal: Served, renewals: Any) -> None:
    stages = f"{PIPELINES}/{renewals['id']}/stages"
    made = portal.post(stages, {"label": "Lost", "metadata": {"probability": "0.0"}}, 201)
    assert made["metadata"]["isClosed"] == "true"
    portal.call("PATCH", f"{stages}/{made['id']}", 200, json={"label": "Gone"})
    assert portal.get(f"{stages}/{made['id']}")["label"] == "Gone"
    values = {"dealname": "D", "pipeline": renewals["id"], "dealstage": made["id"]}
    portal.post(DEALS, {"properties": values}, 201)
    asked = f"{stages}/{made['id']}?validateDealStageUsagesBeforeDelete=true"
    portal.call("DELETE", asked, 400)
    portal.call("DELETE", f"{stages}/{made['id']}", 204)
    portal.call("GET", f"{stages}/{made['id']}", 404)


def test_a_pipeline_changes_and_goes_when_nothing_is_in_it(portal: Served, renewals: Any) -> None:
    path = f"{PIPELINES}/{renewals['id']}"
    assert portal.call("PATCH", path, 200, json={"label": "Upsell"})["label"] == "Upsell"
    told = portal.call("PUT", path, 200, json={"label": "R", "displayOrder": 1, "stages": STAGES})
    first = told["stages"][0]["id"]
    values = {"dealname": "D", "pipeline": renewals["id"], "dealstage": first}
    portal.post(DEALS, {"properties": values}, 201)
    portal.call("DELETE", f"{path}?validateReferencesBeforeDelete=true", 400)
    portal.call("DELETE", path, 204)
    portal.call("GET", path, 404)


def test_an_audit_tells_what_happened_to_a_pipeline_newest_first(
    portal: Served, renewals: Any
) -> None:
    path = f"{PIPELINES}/{renewals['id']}"
    portal.world.clock.advance(60)
    portal.call("PATCH", path, 200, json={"label": "Upsell"})
    portal.call("DELETE", path, 204)
    told = portal.get(f"{path}/audit")["results"]
    assert [one["action"] for one in told] == ["DELETE", "UPDATE", "CREATE"]
    assert [one["rawObject"]["label"] for one in told] == ["Upsell", "Upsell", "Renewals"]
    assert [one["timestamp"][11:16] for one in told] == ["12:01", "12:01", "12:00"]
    assert len({one["identifier"] for one in told}) == 3
    assert {one["portalId"] for one in told} == {portal.world.portal.portal_id}
    assert portal.get(f"/crm/pipelines/2026-03/deals/{renewals['id']}/audit")["results"] == told


def test_a_stage_has_an_audit_of_its_own(portal: Served, renewals: Any) -> None:
    stages = f"{PIPELINES}/{renewals['id']}/stages"
    first, second = (one["id"] for one in renewals["stages"])
    portal.call("PATCH", f"{stages}/{first}", 200, json={"label": "One"})
    portal.call("DELETE", f"{stages}/{first}", 204)
    told = portal.get(f"{stages}/{first}/audit")["results"]
    assert [one["action"] for one in told] == ["DELETE", "UPDATE", "CREATE"]
    assert [one["rawObject"]["label"] for one in told] == ["One", "One", "First"]
    assert [one["action"] for one in portal.get(f"{stages}/{second}/audit")["results"]] == [
        "CREATE"
    ]
    whole = portal.get(f"{PIPELINES}/{renewals['id']}/audit")["results"]
    assert [one["action"] for one in whole] == ["UPDATE", "UPDATE", "CREATE"]


def test_what_nobody_touched_has_an_empty_audit_and_what_never_was_has_none(portal: Served) -> None:
    for path in ("default/audit", "default/stages/closedwon/audit"):
        assert portal.get(f"{PIPELINES}/{path}")["results"] == []
    for path in ("never/audit", "default/stages/never/audit"):
        portal.call("GET", f"{PIPELINES}/{path}", 404)


def test_activities_have_no_pipelines_here(portal: Served) -> None:
    assert portal.get("/crm/v3/pipelines/calls")["results"] == []


def test_how_long_a_deal_was_in_a_stage_is_told_once_it_left(portal: Served) -> None:
    id_ = portal.world.put("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"})
    for hours, stage in ((1, "contractsent"), (2, "qualifiedtobuy"), (3, "closedlost")):
        portal.world.clock.advance(hours * 3600)
        portal.patch(f"{DEALS}/{id_}", {"dealstage": stage})
    names = [f"hs_v2_{part}_qualifiedtobuy" for part in ("latest_time_in", "cumulative_time_in")]
    exited = "hs_v2_date_exited_qualifiedtobuy"
    told = portal.get(f"{DEALS}/{id_}", properties=",".join([*names, exited]))["properties"]
    assert [told[name] for name in names] == ["10800000", "14400000"]
    assert told[exited] == "2026-03-02T18:00:00Z"


@pytest.mark.parametrize("keeps", [False, True])
def test_an_archived_owner_has_a_user_or_not(portal: Served, keeps: bool) -> None:
    portal.world.switches.archived_owners_keep_user = keeps
    portal.world.put("owners", {"email": "gone@acme.example", "archived": True})
    (told,) = portal.get("/crm/v3/owners", archived="true")["results"]
    assert ("userId" in told, "userIdIncludingInactive" in told) == (keeps, True)


def test_an_owner_may_have_teams(portal: Served) -> None:
    teams = [{"id": "7", "name": "North", "primary": True}]
    portal.world.put("owners", {"email": "a@acme.example", "teams": teams})
    portal.world.put("owners", {"email": "b@acme.example"})
    first, second = portal.get("/crm/v3/owners")["results"]
    assert (first["teams"], "teams" in second) == (teams, False)


def test_a_label_reads_otherwise_and_goes_without_its_ties(portal: Served) -> None:
    deal = portal.world.put("deals", {"dealname": "D"})
    ana = portal.world.put("contacts", {"lastname": "Ruiz"})
    body = {"label": "Coach", "name": "coach", "inverseLabel": "Coached"}
    there = portal.post(LABELS, body)["results"][0]["typeId"]
    portal.world.associate("deals", deal, "contacts", ana, [there])
    news = {"associationTypeId": there, "label": "Champion"}
    portal.call("PUT", LABELS, 204, json=news)
    listed = f"/crm/v4/objects/deals/{deal}/associations/contacts"

    def labels() -> set[str | None]:
        (tie,) = portal.get(listed)["results"]
        return {one["label"] for one in tie["associationTypes"]}

    assert labels() == {None, "Champion"}
    portal.call("DELETE", f"{LABELS}/{there}", 204)
    assert labels() == {None}
    assert "Champion" not in {one["label"] for one in portal.get(LABELS)["results"]}
    portal.call("DELETE", f"{LABELS}/3", 400)
    portal.call("PUT", LABELS, 400, json={"associationTypeId": 3, "label": "x"})


def test_a_limit_of_ties_is_kept_from_both_sides(portal: Served) -> None:
    deal = portal.world.put("deals", {"dealname": "D"})
    one, other = (portal.world.put("contacts", {"lastname": name}) for name in "ab")
    limits = "/crm/v4/associations/definitions/configurations"
    inputs = {"inputs": [{"typeId": 3, "maxToObjectIds": 1}]}
    (told,) = portal.post(f"{limits}/deals/contacts/batch/create", inputs)["results"]
    assert told == {
        "category": "HUBSPOT_DEFINED",
        "typeId": 3,
        "label": None,
        "userEnforcedMaxToObjectIds": 1,
    }
    assert portal.get(f"{limits}/all") == portal.get(f"{limits}/deals/contacts")
    path = "/crm/v4/objects/{}/{}/associations/default/{}/{}"
    portal.call("PUT", path.format("deals", deal, "contacts", one), 200)
    portal.call("PUT", path.format("deals", deal, "contacts", one), 200)
    portal.call("PUT", path.format("deals", deal, "contacts", other), 400)
    portal.call("PUT", path.format("contacts", other, "deals", deal), 400)
    portal.post(f"{limits}/deals/contacts/batch/create", {"inputs": [{"typeId": 4}]}, 207)
    portal.post(f"{limits}/deals/contacts/batch/purge", {"inputs": [{"typeId": 3}]}, 204)
    portal.call("PUT", path.format("deals", deal, "contacts", other), 200)


def test_workflows_are_listed_counted_and_told_what_they_set(portal: Served) -> None:
    for name, does in (
        ("Shout", {"field": "lastname", "action": "upper"}),
        ("Later", {"field": "city", "action": "fill", "value": "Lima", "delay": 60}),
    ):
        told = {"kind": "workflow", "name": name, "object": "contacts", "does": does}
        portal.post("/__control__/declare", told)
    flows = "/automation/v4/flows"
    first = portal.get(flows, limit="1")
    rest = portal.get(flows, limit="1", after=first["paging"]["next"]["after"])
    assert [one["name"] for one in first["results"] + rest["results"]] == ["Shout", "Later"]
    assert "actions" not in first["results"][0]
    whole = portal.get(f"{flows}/{rest['results'][0]['id']}")
    assert (whole["type"], whole["objectTypeId"]) == ("CONTACT_FLOW", "0-1")
    assert [one["actionTypeId"] for one in whole["actions"]] == ["0-1", "0-5"]
    assert whole["actions"][1]["fields"] == {
        "property_name": "city",
        "value": {"type": "STATIC_VALUE", "staticValue": "Lima"},
    }
    inputs = {"inputs": [{"flowId": whole["id"], "type": "FLOW_ID"}]}
    assert portal.post(f"{flows}/batch/read", inputs)["results"] == [whole]
    portal.call("GET", f"{flows}/5", 404)


def test_a_workflow_that_sets_a_property_of_another_record_names_the_tie(portal: Served) -> None:
    does = {"field": "city", "action": "copy", "to": "companies.city"}
    told = {"kind": "workflow", "name": "Copy", "object": "contacts", "does": does}
    id_ = portal.post("/__control__/declare", told)["id"]
    [action] = portal.get(f"/automation/v4/flows/{id_}")["actions"]
    assert action["fields"] == {
        "property_name": "city",
        "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1},
        "value": {"type": "OBJECT_PROPERTY", "propertyName": "city"},
    }


def versions(portal: Served, id_: str, name: str) -> list[dict[str, Any]]:
    body = portal.get(f"{CONTACTS}/{id_}", propertiesWithHistory=name)
    told: list[dict[str, Any]] = body["propertiesWithHistory"][name]
    return told


def test_a_version_says_who_wrote_it(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "Ruiz"}, source="CRM_UI/userId:42")
    portal.patch(f"{CONTACTS}/{id_}", {"lastname": "Rúiz"})
    newest, oldest = versions(portal, id_, "lastname")
    assert (newest["sourceType"], newest["sourceId"]) == ("INTEGRATION", "2068001")
    assert "updatedByUserId" not in newest
    assert oldest == {
        "value": "Ruiz",
        "timestamp": "2026-03-02T12:00:00Z",
        "sourceType": "CRM_UI",
        "sourceId": "userId:42",
        "updatedByUserId": 42,
    }
    told = portal.contact(id_, "hs_object_source", "hs_object_source_id")
    assert (told["hs_object_source"], told["hs_object_source_id"]) == ("CRM_UI", "userId:42")


@pytest.mark.parametrize(("most", "told"), [(45, 45), (0, 51), (3, 3)])
def test_only_the_newest_versions_of_a_contact_are_told(
    portal: Served, most: int, told: int
) -> None:
    portal.world.switches.history_contacts = most
    id_ = portal.world.put("contacts", {"lastname": "0"})
    for at in range(50):
        portal.world.put("contacts", {"lastname": f"{at + 1}"}, id_)
    found = versions(portal, id_, "lastname")
    assert (len(found), found[0]["value"]) == (told, "50")


def test_of_a_company_twenty_versions_are_told(portal: Served) -> None:
    id_ = portal.world.put("companies", {"name": "0"})
    for at in range(25):
        portal.world.put("companies", {"name": f"{at + 1}"}, id_)
    body = portal.get(f"/crm/v3/objects/companies/{id_}", propertiesWithHistory="name")
    assert len(body["propertiesWithHistory"]["name"]) == 20


def test_v3_calls_ties_by_name_and_tells_both_directions(portal: Served) -> None:
    ana = portal.world.put("contacts", {"lastname": "Ruiz"})
    acme, uno = (portal.world.put("companies", {"name": name}) for name in ("Acme", "Uno"))
    batch = "/crm/v3/associations/contacts/companies/batch"
    told = {"from": {"id": ana}, "to": {"id": acme}, "type": "contact_to_company"}
    wrong = {**told, "type": "contact_to_deal"}
    body = portal.post(f"{batch}/create", {"inputs": [told, wrong]}, 207)
    back = {"from": {"id": acme}, "to": {"id": ana}, "type": "company_to_contact"}
    assert (body["results"], body["numErrors"]) == ([back, told], 1)
    assert portal.contact(ana, "associatedcompanyid")["associatedcompanyid"] == acme
    one = f"{CONTACTS}/{ana}/associations/companies"
    portal.call("PUT", f"{one}/{uno}/contact_to_company_unlabeled", 200)
    listed = portal.get(one)["results"]
    assert {(each["id"], each["type"]) for each in listed} == {
        (acme, "contact_to_company"),
        (acme, "contact_to_company_unlabeled"),
        (uno, "contact_to_company_unlabeled"),
    }
    first = portal.get(one, limit="1")
    assert first["paging"]["next"]["after"] == uno
    portal.call("DELETE", f"{one}/{uno}/contact_to_company_unlabeled", 204)
    portal.post(f"{batch}/archive", {"inputs": [told]}, 204)
    assert portal.get(one)["results"] == [{"id": acme, "type": "contact_to_company_unlabeled"}]
    names = portal.get("/crm/v3/associations/contacts/companies/types")["results"]
    assert {"id": "1", "name": "contact_to_company"} in names
    dated = portal.http.get(f"/crm/objects/2026-03/contacts/{ana}/associations/companies")
    assert "toObjectId" in dated.json()["results"][0]
