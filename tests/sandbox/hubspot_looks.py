"""Short looks at the simulated portal, each of which sees how one switch stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served

from crmsync.sandbox.hubspot import consent, erasing
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS

ANA = "ana@acme.example"
DETAILS = "/account-info/v3/details"


def status(portal: Served, method: str, path: str, body: Any = None, **more: Any) -> int:
    return portal.http.request(method, path, json=body, **more).status_code


def person(portal: Served, email: str = ANA, **values: Any) -> str:
    return portal.world.put("contacts", {"email": email, **values})


def until_429(portal: Served, method: str, path: str, body: Any = None, most: int = 12) -> int:
    """How many calls of that kind are answered otherwise."""
    for count in range(most):
        if status(portal, method, path, body) == 429:
            return count
    return most


def refused_burst(portal: Served) -> Any:
    while True:
        answer = portal.http.get(DETAILS)
        if answer.status_code == 429:
            return answer


def merged(portal: Served, **more: Any) -> tuple[str, str, str]:
    """The survivor, the primary and the other."""
    one, other = person(portal, lastname="One", city="Vigo"), person(portal, "bea@acme.example")
    portal.world.clock.advance(60)
    portal.world.put("contacts", {"lastname": "Two", **more}, other)
    return merge(portal.world.portal, OBJECTS["contacts"], one, other), one, other


def merge_lists(portal: Served) -> int:
    one, other = person(portal), person(portal, "bea@acme.example")
    told = {"kind": "list", "object": "contacts", "name": "L", "processing": "MANUAL"}
    made = portal.world.rehearse("declare", {**told, "members": [other]})["id"]
    merge(portal.world.portal, OBJECTS["contacts"], one, other)
    return len(portal.get(f"/crm/v3/lists/{made}/memberships")["results"])


def lifecycle(portal: Served) -> Any:
    id_ = person(portal, lifecyclestage="customer")
    answer = status(
        portal, "PATCH", f"{CONTACTS}/{id_}", {"properties": {"lifecyclestage": "lead"}}
    )
    return answer, portal.contact(id_, "lifecyclestage")["lifecyclestage"]


def erased(portal: Served) -> int:
    erasing.erase(portal.world.portal, person(portal), "")
    return status(portal, "POST", CONTACTS, {"properties": {"email": ANA}})


def moved(portal: Served, do: Callable[[str], None]) -> bool:
    """Whether something moves the modified date of a contact."""
    id_ = person(portal)
    row = portal.world.tables.get("contacts", id_) or {}
    before = row["properties"]["lastmodifieddate"]
    portal.world.clock.advance(60)
    do(id_)
    after = portal.world.tables.get("contacts", id_) or {}
    return bool(after["properties"]["lastmodifieddate"] != before)


def tied(portal: Served, id_: str) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    portal.world.associate("contacts", id_, "companies", company, [279])


def versions(portal: Served, object_: str, name: str) -> list[str]:
    id_ = portal.world.put(object_, {name: "0"})
    for at in range(1, 60):
        portal.world.put(object_, {name: str(at)}, id_)
    body = portal.get(f"/crm/v3/objects/{object_}/{id_}", propertiesWithHistory=name)
    return [one["value"] for one in body["propertiesWithHistory"][name]]


def no_city(portal: Served) -> Any:
    return portal.contact(person(portal), "city").get("city", "nothing")


def archived_owner(portal: Served) -> bool:
    portal.world.put("owners", {"email": "o@acme.example", "archived": True})
    (told,) = portal.get("/crm/v3/owners", archived="true")["results"]
    return "userId" in told


def elsewhere(portal: Served) -> int:
    body = {"label": "Renewals", "displayOrder": 1, "stages": [{"label": "New"}]}
    stage = portal.post("/crm/v3/pipelines/deals", body, 201)["stages"][0]["id"]
    values = {"dealname": "D", "dealstage": stage, "pipeline": "default"}
    return status(portal, "POST", DEALS, {"properties": values})


def subscription(portal: Served) -> str:
    path = "/communication-preferences/v3/definitions"
    id_: str = portal.get(path)["subscriptionDefinitions"][0]["id"]
    return id_


def consented(portal: Served, state: str) -> int:
    body = {"channel": "EMAIL", "statusState": state, "subscriptionId": subscription(portal)}
    return status(portal, "POST", f"/communication-preferences/v4/statuses/{ANA}", body)


def resubscribed(portal: Served) -> int:
    consented(portal, "UNSUBSCRIBED")
    return consented(portal, "SUBSCRIBED")


def late_optout(portal: Served) -> list[str | None]:
    id_, told = person(portal), []
    consent.opt_out_of_all(portal.world.portal, ANA)
    for _ in range(2):
        told.append(portal.contact(id_, "hs_email_optout")["hs_email_optout"])
        portal.world.clock.advance(30)
    return told


def usage_grows(portal: Served) -> bool:
    path = "/account-info/v3/api-usage/daily/private-apps"
    counts = [portal.get(path)["results"][0]["currentUsage"] for _ in range(2)]
    return bool(counts[1] > counts[0])


def searched(portal: Served, **body: Any) -> list[str]:
    return [one["id"] for one in portal.post(f"{CONTACTS}/search", body)["results"]]


def found_at_once(portal: Served) -> list[int]:
    person(portal)
    told = []
    for _ in range(2):
        told.append(len(searched(portal)))
        portal.world.clock.advance(10)
    return told


def in_order(portal: Served) -> bool:
    for at in range(9):
        person(portal, f"p{at}@acme.example")
    found = searched(portal, sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}])
    return found == sorted(found)


def numbered(portal: Served, *ids: str) -> None:
    for id_ in ids:
        portal.world.put("contacts", {"lastname": id_}, id_)


def sorted_ids(portal: Served) -> list[str]:
    numbered(portal, "9", "10")
    return searched(portal, sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}])


def ids_above(portal: Served) -> list[str]:
    numbered(portal, "9", "10", "80")
    one = {"propertyName": "hs_object_id", "operator": "GT", "value": "10"}
    return searched(portal, filters=[one])


def first_page(portal: Served) -> int:
    numbered(portal, "1", "2", "3", "4")
    return len(searched(portal, limit=4))


def seven_filters(portal: Served) -> int:
    filters = [{"propertyName": "lastname", "operator": "HAS_PROPERTY"}] * 7
    return status(portal, "POST", f"{CONTACTS}/search", {"filters": filters})


def conflict(portal: Served) -> Any:
    person(portal, lastname="Ruiz")
    return portal.post(CONTACTS, {"properties": {"email": ANA}}, 409)


def email_upsert(portal: Served) -> Any:
    id_ = person(portal, city="Vigo")
    inputs = [{"id": ANA, "idProperty": "email", "properties": {"lastname": "R"}}]
    answer = status(portal, "POST", f"{CONTACTS}/batch/upsert", {"inputs": inputs})
    return answer, portal.contact(id_, "city")["city"]


def nulled(portal: Served) -> str | None:
    id_ = person(portal, city="Vigo")
    portal.patch(f"{CONTACTS}/{id_}", {"city": None})
    city: str | None = portal.contact(id_, "city")["city"]
    return city


def forbidden(portal: Served) -> bool:
    key = portal.post("/__control__/tokens", {"make": "service key", "scopes": ["oauth"]})["token"]
    answer = portal.http.get(CONTACTS, headers={"Authorization": f"Bearer {key}"})
    return "errors" in answer.json()


def unruly(portal: Served) -> tuple[int, ...]:
    """A create without what an administrator demands, on an old path and on a new one."""
    told = {"kind": "required", "object": "contacts", "names": ["city"]}
    portal.world.rehearse("declare", told)
    paths = (CONTACTS, "/crm/objects/2026-09/contacts")
    return tuple(status(portal, "POST", path, {"properties": {"lastname": "R"}}) for path in paths)


def after_the_end(portal: Served) -> int:
    portal.world.clock.freeze(datetime(2030, 1, 1, tzinfo=UTC))
    return status(portal, "GET", CONTACTS)


def untied(portal: Served) -> int:
    id_ = person(portal)
    company = portal.world.put("companies", {"name": "Acme"})
    path = f"/crm/objects/2026-03/contacts/{id_}/associations/companies/{company}"
    return status(portal, "DELETE", path)


def dealt(portal: Served) -> str | None:
    id_ = person(portal, lifecyclestage="lead")
    tie = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
    body = {
        "properties": {"dealname": "D", "dealstage": "contractsent", "pipeline": "default"},
        "associations": [{"to": {"id": id_}, "types": [tie]}],
    }
    portal.post(DEALS, body, 201)
    stage: str | None = portal.contact(id_, "lifecyclestage")["lifecyclestage"]
    return stage


def companies_made(portal: Served) -> int:
    portal.post(CONTACTS, {"properties": {"email": ANA}}, 201)
    return len(portal.get(COMPANIES)["results"])


def traced(portal: Served) -> bool:
    inputs = [{"properties": {"lastname": "R"}, "objectWriteTraceId": "t"}]
    body = portal.post(f"{CONTACTS}/batch/create", {"inputs": inputs}, 201)
    return bool(body["results"][0].get("objectWriteTraceId") == "t")


def ordered(portal: Served) -> list[str]:
    """The order of a batch read of two, the newer one first."""
    numbered(portal, "1", "2")
    body = {"inputs": [{"id": "2"}, {"id": "1"}]}
    return [one["id"] for one in portal.post(f"{CONTACTS}/batch/read", body)["results"]]


def kept_email(portal: Served) -> Any:
    """How an address is kept, and whether one that differs in case alone is another."""
    told = portal.post(CONTACTS, {"properties": {"email": "Ana@Acme.example"}}, 201)
    again = status(portal, "POST", CONTACTS, {"properties": {"email": "ANA@acme.example"}})
    return told["properties"]["email"], again


def optout_written(portal: Served) -> int:
    body = {"properties": {"hs_email_optout": "true"}}
    return status(portal, "PATCH", f"{CONTACTS}/{person(portal)}", body)


def archived_list(portal: Served) -> int:
    merged(portal)
    return len(portal.get(CONTACTS, archived="true")["results"])


def rows_of_page(portal: Served) -> int:
    numbered(portal, "1", "2", "3")
    return len(portal.get(CONTACTS, limit="3")["results"])


def pages_reach(portal: Served) -> int:
    return status(portal, "POST", f"{CONTACTS}/search", {"limit": 100, "after": "100"})


def consent_given(portal: Served) -> None:
    consent.opt_out_of_all(portal.world.portal, ANA)
