"""Who is there already is told and never made twice: 409 with and without an id, and 400 with two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.conflicts import Conflict, conflict_behind, conflict_in
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.core.records import Ref
from crmsync.errors import Refused
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy, rewrites, says

Open = Callable[..., HubspotConnector]
BADGE = "badge_number"


@pytest.fixture
def portal(sandbox: Sandbox) -> Iterator[HubspotWorld]:
    world = sandbox.hubspot
    if BADGE not in world.portal.definitions("contacts"):
        for object_ in ("contacts", "companies"):
            world.define_property(object_, BADGE, "string", "text", hasUniqueValue=True)
    yield world
    for name, switch in SWITCHES.items():
        setattr(world.switches, name, switch.default)


@pytest.fixture
def unique(unique: str) -> str:
    return f"matches-{unique}-"


@pytest.fixture
def connector(portal: HubspotWorld, open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


@pytest.fixture
def email(unique: str) -> str:
    return f"{unique}@late.example"


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, **cells}
    return WriteRequest(key, "create", None, key, given)


def changing(one: str, **cells: str | None) -> WriteRequest:
    given: Cells = dict(cells)
    return WriteRequest(f"u{one}", "update", one, None, given)


def contact(id_: str) -> tuple[Ref, ...]:
    return (Ref("hub", "contacts", id_),)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("place", ["email", "hs_additional_emails"])
def test_a_create_of_an_address_that_somebody_has_names_them_and_makes_nobody(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    email: str,
    named: bool,
    place: str,
) -> None:
    portal.switches.conflict_names_id = named
    first = {"email": f"first-{email}"} if place != "email" else {}
    there = portal.put("contacts", {**first, place: email})
    both = [creating(unique, email=email.upper()), creating(f"{unique}b")]
    refused, written = connector.write("contacts", both)
    assert (refused.outcome, refused.native_id, refused.fields) == ("refused", None, ())
    assert refused.alike == contact(there)
    assert "already exists" in refused.message
    assert (written.outcome, written.alike) == ("written", None)
    assert connector.find("contacts", [unique]) == {}
    assert hubspot_proxy.count("/batch/upsert") == 1
    asked = [one for one in hubspot_proxy.seen if one.path.endswith("/batch/read?archived=False")]
    by_email = [one for one in asked if one.json.get("idProperty") == "email"]
    assert len(by_email) == (0 if named else 1)
    assert not hubspot_proxy.count("/search")


def test_two_new_contacts_of_one_address_are_one_and_the_other_is_told_who_it_is(
    connector: HubspotConnector, unique: str, email: str
) -> None:
    """The id that a refusal of a batch cannot name yet is there a moment later."""
    both = [creating(f"{unique}{at}", email=email) for at in "ab"]
    written, refused = connector.write("contacts", both)
    assert (written.outcome, refused.outcome) == ("written", "refused")
    assert refused.alike == contact(written.native_id or "")


@pytest.mark.parametrize("named", [True, False])
def test_of_an_update_the_address_alone_is_named(
    connector: HubspotConnector, portal: HubspotWorld, email: str, named: bool
) -> None:
    portal.switches.conflict_names_id = named
    there = portal.put("contacts", {"email": email})
    one = portal.put("contacts", {"email": f"own-{email}"})
    [end] = connector.write("contacts", [changing(one, email=email, jobtitle="Chair")])
    assert (end.outcome, end.native_id, end.fields) == ("refused", one, ("email",))
    assert end.alike == contact(there)
    assert connector.get("contacts", [one], ["jobtitle"])[one] == {"jobtitle": None}


@pytest.mark.parametrize("object_", ["contacts", "companies"])
def test_a_400_with_two_ids_means_the_second_of_them(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, object_: str
) -> None:
    there = portal.put(object_, {"city": "Vigo", BADGE: unique})
    name = {"contacts": "lastname", "companies": "name"}[object_]
    create = WriteRequest(unique, "create", None, unique, {name: "Gil", BADGE: unique})
    [end] = connector.write(object_, [create])
    assert (end.outcome, end.alike, end.fields) == ("refused", (Ref("hub", object_, there),), ())
    one = portal.put(object_, {"city": "Vigo"})
    request = WriteRequest("u", "update", one, None, {BADGE: unique, "city": "Lugo"})
    [end] = connector.write(object_, [request])
    assert (end.alike, end.fields) == ((Ref("hub", object_, there),), (BADGE,))


@pytest.mark.parametrize(
    "message", ["Contact already exists. Existing ID: {}", "Contact already exists"]
)
def test_a_409_of_a_whole_batch_is_understood_once_it_stands_alone(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    email: str,
    message: str,
) -> None:
    """Without trace ids the first duplicate fails the batch and is the only one that is named."""
    there = portal.put("contacts", {"email": email})
    body = {"category": "CONFLICT", "message": message.format(there)}

    def refuses(seen: Any, forward: Any) -> Any:
        return says(409, body)(seen, forward) if email.encode() in seen.body else forward()

    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/upsert", refuses
    requests = [creating(f"{unique}{at}") for at in range(3)]
    requests.insert(1, creating(f"{unique}x", email=email))
    ends = connector.write("contacts", requests)
    assert [end.outcome for end in ends] == ["written", "refused", "written", "written"]
    assert ends[1].alike == contact(there)


@pytest.mark.parametrize("in_context", [True, False])
def test_a_409_of_the_portal_itself_names_who_is_there_with_and_without_a_context(
    connector: HubspotConnector, portal: HubspotWorld, email: str, in_context: bool
) -> None:
    portal.switches.conflict_context = in_context
    there = portal.put("contacts", {"email": email})
    with pytest.raises(Refused) as caught:
        connector._api.raw(
            "POST objects/contacts",
            "POST",
            "/crm/v3/objects/contacts",
            {"properties": {"email": email}},
            writes=True,
        )
    assert ("existingId" in str(caught.value.body)) == in_context
    assert conflict_behind(caught.value) == Conflict("email", (there,))


@pytest.mark.parametrize("answer", [{"results": [{}]}, {"results": [{"id": "1"}]}, {"results": 1}])
def test_a_look_of_another_shape_leaves_the_refusal_as_it_was(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    email: str,
    answer: Any,
) -> None:
    portal.switches.conflict_names_id = False
    portal.put("contacts", {"email": email})
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", says(200, answer)
    [end] = connector.write("contacts", [creating(unique, email=email)])
    assert (end.outcome, end.alike) == ("refused", ())


def test_nobody_is_meant_where_nobody_is_found(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, email: str
) -> None:
    connector.schema("contacts")
    bare = {"category": "CONFLICT", "message": "Contact already exists"}
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/upsert", [says(409, bare)]
    [end] = connector.write("contacts", [creating(unique, email=email)])
    assert (end.outcome, end.alike) == ("refused", ())


def test_a_look_that_fails_leaves_the_refusal_as_it_was(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str, email: str
) -> None:
    portal.switches.conflict_names_id = False
    portal.put("contacts", {"email": email})
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", says(403, {"message": "no"})
    [end] = connector.write("contacts", [creating(unique, email=email)])
    assert (end.outcome, end.alike) == ("refused", ())


def test_the_id_in_the_context_counts_where_the_words_have_none(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str, email: str
) -> None:
    there = portal.put("contacts", {"email": email})

    def bare(body: Any) -> Any:
        [error] = body["errors"]
        return body | {"errors": [{**error, "message": "Contact already exists"}]}

    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/upsert", [rewrites(bare)]
    [end] = connector.write("contacts", [creating(unique, email=email)])
    assert end.alike == contact(there)
    assert not hubspot_proxy.count("/batch/read")


EXISTS, BARE = "Contact already exists. Existing ID: 12", "Contact already exists"
TAKEN = "Cannot set Coordinates{propertyName=badge, value={}} on 5. 7 already has that value."


@pytest.mark.parametrize(
    ("status", "error", "meant"),
    [
        (0, {"message": EXISTS, "context": {"existingId": [12]}}, Conflict("email", ("12",))),
        (409, {"message": EXISTS}, Conflict("email", ("12",))),
        (0, {"category": "CONFLICT", "message": BARE.upper()}, Conflict("email")),
        (0, {"message": BARE}, Conflict("email")),
        (
            0,
            {"message": f"{BARE}. Existing ID: x", "context": {"existingId": ["' OR 1"]}},
            Conflict("email"),
        ),
        (
            409,
            {"message": "Company already exists. Existing ID: 3, see there"},
            Conflict("email", ("3",)),
        ),
        (400, {"message": TAKEN.replace("{}", "v")}, Conflict("badge", ("7",))),
        (0, {"message": "Property values were not valid", "context": {"existingId": ["12"]}}, None),
        (409, {"category": "CONFLICT", "message": "the record is being written"}, None),
    ],
)
def test_what_a_refusal_says_of_others(
    status: int, error: dict[str, Any], meant: Conflict | None
) -> None:
    assert conflict_in(error, status) == meant


LURES = (
    EXISTS,
    "already exists. Existing ID: 12",
    "propertyName=email, value=x} on 5. 12 already has that value.",
)


@pytest.mark.parametrize("lure", LURES)
@pytest.mark.parametrize(
    "words",
    [
        "Property values were not valid: [{}]",
        "{} was not one of the allowed options",
        'Email address {} is invalid: "{}"',
    ],
)
def test_a_value_that_a_refusal_repeats_is_nobody_it_names(words: str, lure: str) -> None:
    error = {"category": "VALIDATION_ERROR", "message": words.replace("{}", lure)}
    assert conflict_in(error, 400) is None


@pytest.mark.parametrize("lure", LURES)
def test_a_value_that_somebody_has_does_not_say_who(lure: str) -> None:
    error = {"category": "VALIDATION_ERROR", "message": TAKEN.replace("{}", lure)}
    assert conflict_in(error, 400) == Conflict("badge", ("7",))


@pytest.mark.parametrize("lure", LURES)
@pytest.mark.parametrize("name", ["email", "lifecyclestage", "hs_lead_status"])
def test_a_refused_value_that_reads_like_a_double_is_refused_for_what_it_is(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    email: str,
    name: str,
    lure: str,
) -> None:
    """In a 207 and in a refusal of the whole."""
    there = portal.put("contacts", {"email": email})
    requests = [creating(unique, **{name: lure}), changing(there, **{name: lure})]
    for request in requests:
        [end] = connector.write("contacts", [request])
        assert (end.outcome, end.alike) == ("refused", None)
    body = {"category": "VALIDATION_ERROR", "message": f"Property values were not valid: {lure}"}
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(400, body)
    assert [end.alike for end in connector.write("contacts", requests)] == [None, None]
