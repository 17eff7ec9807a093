"""The third-party client works against the simulated portal, partial answers included."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hubspot.crm.associations.v4 import (
    AssociationSpec,
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
)
from hubspot.crm.companies import BatchInputSimplePublicObjectBatchInputUpsert
from hubspot.crm.contacts import (
    BatchInputSimplePublicObjectBatchInputForCreate,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.contacts.exceptions import ApiException, UnauthorizedException
from hubspot_fixtures import Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def test_it_pages_through_all_contacts(portal: Served) -> None:
    ids = [portal.world.put("contacts", {"lastname": f"L{n}"}) for n in range(150)]
    found = portal.client().crm.contacts.get_all(properties=["lastname"])
    assert [one.id for one in found] == ids


def test_it_creates_updates_and_archives(portal: Served) -> None:
    api = portal.client().crm.contacts.basic_api
    new = SimplePublicObjectInputForCreate(properties={"email": "ana@example.com"})
    made = api.create(simple_public_object_input_for_create=new)
    change = SimplePublicObjectInput(properties={"city": "Lima", "zip": None})
    api.update(made.id, simple_public_object_input=change)
    read = api.get_by_id("ana@example.com", id_property="email", properties=["city"])
    assert (read.id, read.properties["city"]) == (made.id, "Lima")
    api.archive(made.id)
    assert api.get_page(archived=True).results[0].archived_at is not None


def test_it_sees_a_207_as_results_with_errors(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "A"})
    api = portal.client().crm.contacts.batch_api
    asked = BatchReadInputSimplePublicObjectId(
        properties=["lastname"], properties_with_history=[], inputs=[{"id": id_}, {"id": "9"}]
    )
    told = api.read(batch_read_input_simple_public_object_id=asked)
    assert [one.id for one in told.results] == [id_]
    assert told.errors[0].context == {"ids": ["9"]}
    assert told.num_errors == 1


def test_it_raises_on_a_batch_create_that_is_refused(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@example.com"})
    inputs = [{"properties": {"email": "ana@example.com"}, "associations": []}]
    asked = BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs)
    with pytest.raises(ApiException) as refused:
        portal.client().crm.contacts.batch_api.create(
            batch_input_simple_public_object_batch_input_for_create=asked
        )
    assert refused.value.status == 409
    assert f"Existing ID: {id_}" in refused.value.body


def test_it_upserts_companies_by_our_key(portal: Served) -> None:
    one = {"id": "k1", "idProperty": "crmsync_key", "properties": {"name": "Acme"}}
    asked = BatchInputSimplePublicObjectBatchInputUpsert(inputs=[one])
    api = portal.client().crm.companies.batch_api
    told = [
        api.upsert(batch_input_simple_public_object_batch_input_upsert=asked).results[0]
        for _ in range(2)
    ]
    assert [result.new for result in told] == [True, False]
    assert told[0].id == told[1].id


def test_it_searches(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@example.com"})
    filters = [{"propertyName": "email", "operator": "EQ", "value": "ana@example.com"}]
    order = [{"propertyName": "createdate", "direction": "ASCENDING"}]
    asked = PublicObjectSearchRequest(
        filter_groups=[{"filters": filters}], sorts=order, properties=["email"], limit=200
    )
    told = portal.client().crm.contacts.search_api.do_search(public_object_search_request=asked)
    assert (told.total, told.results[0].id, told.paging) == (1, id_, None)


def test_it_reads_and_writes_associations(portal: Served) -> None:
    contact = portal.world.put("contacts", {"lastname": "A"})
    company = portal.world.put("companies", {"name": "Acme"}, id="501")
    api = portal.client().crm.associations.v4
    spec = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
    types = {"from": {"id": contact}, "to": {"id": company}, "types": [spec]}
    asked = BatchInputPublicAssociationMultiPost(inputs=[types])
    api.batch_api.create("contacts", "companies", batch_input_public_association_multi_post=asked)
    read = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": contact}, {"id": "9"}])
    told = api.batch_api.get_page(
        "contacts", "companies", batch_input_public_fetch_associations_batch_request=read
    )
    assert told.results[0]._from.id == contact
    assert [one.type_id for one in told.results[0].to[0].association_types] == [1, 279]
    assert told.errors[0].sub_category == "crm.associations.NO_ASSOCIATIONS_FOUND"
    page = api.basic_api.get_page("contact", contact, "company")
    assert str(page.results[0].to_object_id) == company


def test_it_reads_owners_pipelines_and_properties(portal: Served) -> None:
    owner = portal.world.put("owners", {"email": "o@example.com", "lastName": "O"})
    crm = portal.client().crm
    assert crm.owners.get_all()[0].id == owner
    assert crm.pipelines.pipelines_api.get_all("deals").results[0].stages[0].metadata == {
        "isClosed": "false",
        "probability": "0.2",
    }
    names = [one.name for one in crm.properties.core_api.get_all("contacts").results]
    assert "crmsync_key" in names
    assert [one.name for one in crm.properties.groups_api.get_all("deals").results] == [
        "dealinformation"
    ]


def test_it_recognises_a_wrong_token(portal: Served) -> None:
    client = portal.client()
    client.access_token = "wrong"
    with pytest.raises(UnauthorizedException):
        client.crm.contacts.basic_api.get_page()


def test_it_reads_an_object_with_its_history(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "A"})
    api = portal.client().crm.contacts.basic_api
    told = api.get_by_id(id_, properties_with_history=["lastname"], associations=["companies"])
    assert told.properties_with_history["lastname"][0].source_type == "IMPORT"
