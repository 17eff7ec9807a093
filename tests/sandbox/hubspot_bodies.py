"""A body that each route of the simulated portal takes, on a small portal that has what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.hubspot.paths import PATHS, PREFIXES
from crmsync.sandbox.hubspot.world import HubspotWorld

Json = Any
CONTACT, OTHER, COMPANY, DEAL, OWNER = "101", "102", "501", "701", "71000001"
EMAIL, LIST, LABEL, FLOW = "ana@acme.example", "1", 1001, "1"
_VERSION = "2026-09"
_PLAIN = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
_PAIR = {"from": {"id": CONTACT}, "to": {"id": COMPANY}}
_PROPERTY = {
    "name": "tier",
    "label": "Tier",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "contactinformation",
    "options": [{"label": "Gold", "value": "gold", "displayOrder": 1}],
}
_STAGE = {"label": "New", "displayOrder": 1, "metadata": {"probability": "0.1"}}
_PIPELINE = {"label": "Renewals", "displayOrder": 1, "stages": [_STAGE]}
_BASIS = {"legalBasis": "NON_GDPR", "legalBasisExplanation": "x"}
_CHANGE = {"channel": "EMAIL", "statusState": "UNSUBSCRIBED", "subscriptionId": "{type}", **_BASIS}
_OLD = {"emailAddress": EMAIL, "subscriptionId": "{type}", **_BASIS}
_NEW = {"properties": {"lastname": "New", "city": "Vigo"}, "objectWriteTraceId": "t"}
_INLINE = [{"to": {"id": COMPANY}, "types": _PLAIN}]
_SEARCH = {
    "filterGroups": [
        {
            "filters": [
                {"propertyName": "lastname", "operator": "IN", "values": ["ruiz"]},
                {
                    "propertyName": "createdate",
                    "operator": "BETWEEN",
                    "value": "1",
                    "highValue": "2",
                },
                {"propertyName": "associations.company", "operator": "EQ", "value": COMPANY},
            ]
        }
    ],
    "sorts": [{"propertyName": "lastname", "direction": "DESCENDING"}],
    "query": "ana",
    "properties": ["email"],
    "limit": 10,
    "after": "0",
}
_LIST = {"name": "Mine", "objectTypeId": "0-1", "processingType": "MANUAL", "filterBranch": {}}

# By family, method and the rest of the path.
BODIES: Mapping[tuple[str, str, str], Json] = {
    ("objects", "POST", "/contacts/gdpr-delete"): {"objectId": CONTACT, "idProperty": ""},
    ("objects", "POST", "/{type}/merge"): {"primaryObjectId": CONTACT, "objectIdToMerge": OTHER},
    ("objects", "POST", "/{type}"): {**_NEW, "associations": _INLINE},
    ("objects", "POST", "/{type}/search"): _SEARCH,
    ("objects", "POST", "/{type}/batch/read"): {
        "inputs": [{"id": CONTACT}],
        "properties": ["email"],
        "propertiesWithHistory": ["city"],
        "idProperty": "",
    },
    ("objects", "POST", "/{type}/batch/create"): {"inputs": [{**_NEW, "associations": _INLINE}]},
    ("objects", "POST", "/{type}/batch/update"): {
        "inputs": [{"id": CONTACT, "idProperty": "", **_NEW}]
    },
    ("objects", "POST", "/{type}/batch/upsert"): {
        "inputs": [{"id": "new@acme.example", "idProperty": "email", **_NEW}]
    },
    ("objects", "POST", "/{type}/batch/archive"): {"inputs": [{"id": OTHER}]},
    ("objects", "PATCH", "/{type}/{id}"): {"properties": {"lastname": "New"}},
    ("record ties", "PUT", "/{type}/{id}/associations/{to_type}/{to_id}"): _PLAIN,
    ("ties", "POST", "/{from}/{to}/batch/read"): {"inputs": [{"id": CONTACT, "after": "0"}]},
    ("ties", "POST", "/{from}/{to}/batch/associate/default"): {"inputs": [_PAIR]},
    ("ties", "POST", "/{from}/{to}/batch/create"): {"inputs": [{**_PAIR, "types": _PLAIN}]},
    ("ties", "POST", "/{from}/{to}/batch/archive"): {
        "inputs": [{"from": {"id": CONTACT}, "to": [{"id": COMPANY}]}]
    },
    ("ties", "POST", "/{from}/{to}/batch/labels/archive"): {"inputs": [{**_PAIR, "types": _PLAIN}]},
    ("ties", "POST", "/{from}/{to}/labels"): {
        "label": "Chief",
        "name": "chief",
        "inverseLabel": "x",
    },
    ("ties", "PUT", "/{from}/{to}/labels"): {
        "associationTypeId": LABEL,
        "label": "Boss",
        "inverseLabel": "Bossed",
    },
    ("v3 ties", "POST", "/{from}/{to}/batch/read"): {"inputs": [{"id": CONTACT}]},
    ("v3 ties", "POST", "/{from}/{to}/batch/create"): {
        "inputs": [{**_PAIR, "type": "contact_to_company"}]
    },
    ("v3 ties", "POST", "/{from}/{to}/batch/archive"): {
        "inputs": [{**_PAIR, "type": "contact_to_company"}]
    },
    ("tie limits", "POST", "/{from}/{to}/batch/create"): {
        "inputs": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "maxToObjectIds": 2}]
    },
    ("tie limits", "POST", "/{from}/{to}/batch/update"): {
        "inputs": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "maxToObjectIds": 2}]
    },
    ("tie limits", "POST", "/{from}/{to}/batch/purge"): {"inputs": [{"typeId": 279}]},
    ("properties", "POST", "/{type}"): _PROPERTY,
    ("properties", "POST", "/{type}/batch/read"): {
        "inputs": [{"name": "email"}],
        "archived": False,
    },
    ("properties", "POST", "/{type}/batch/create"): {"inputs": [_PROPERTY]},
    ("properties", "POST", "/{type}/batch/archive"): {"inputs": [{"name": "mine"}]},
    ("properties", "PATCH", "/{type}/{name}"): {
        "label": "Yours",
        "description": "x",
        "groupName": "contactinformation",
        "displayOrder": 2,
        "hidden": True,
        "options": [{"label": "A", "value": "a", "displayOrder": 0, "hidden": False}],
    },
    ("properties", "POST", "/{type}/groups"): {"name": "g", "label": "G", "displayOrder": 1},
    ("properties", "PATCH", "/{type}/groups/{name}"): {"label": "G", "displayOrder": 1},
    ("flows", "POST", "/batch/read"): {"inputs": [{"flowId": FLOW, "type": "FLOW_ID"}]},
    ("pipelines", "POST", "/{type}"): _PIPELINE,
    ("pipelines", "PUT", "/{type}/{id}"): _PIPELINE,
    ("pipelines", "PATCH", "/{type}/{id}"): {"label": "Sales", "displayOrder": 2},
    ("pipelines", "POST", "/{type}/{id}/stages"): _STAGE,
    ("pipelines", "PUT", "/{type}/{id}/stages/{stage}"): _STAGE,
    ("pipelines", "PATCH", "/{type}/{id}/stages/{stage}"): {"label": "Won", "metadata": {"x": "y"}},
    ("lists", "POST", ""): _LIST,
    ("lists", "POST", "/search"): {
        "query": "",
        "processingTypes": ["MANUAL"],
        "listIds": [LIST],
        "objectTypeId": "0-1",
        "additionalProperties": ["hs_list_size"],
        "offset": 0,
        "count": 20,
    },
    ("lists", "PUT", "/{id}/memberships/add"): [CONTACT],
    ("lists", "PUT", "/{id}/memberships/remove"): [CONTACT],
    ("lists", "PUT", "/{id}/memberships/add-and-remove"): {
        "recordIdsToAdd": [CONTACT],
        "recordIdsToRemove": [OTHER],
    },
    ("old consent", "POST", "/subscribe"): _OLD,
    ("new consent", "POST", "/resubscribe"): _OLD,
    ("old consent", "POST", "/unsubscribe"): _OLD,
    ("consent", "POST", "/statuses/batch/read"): {"inputs": [EMAIL]},
    ("consent", "POST", "/statuses/batch/write"): {
        "inputs": [{"subscriberIdString": EMAIL, **_CHANGE}]
    },
    ("consent", "POST", "/statuses/batch/unsubscribe-all"): {"inputs": [EMAIL]},
    ("consent", "POST", "/statuses/batch/unsubscribe-all/read"): {"inputs": [EMAIL]},
    ("consent", "POST", "/statuses/{email}"): _CHANGE,
}
# Routes that write and take no body.
BARE = frozenset(
    {
        ("record ties", "PUT", "/{type}/{id}/associations/default/{to_type}/{to_id}"),
        ("v3 record ties", "PUT", "/{type}/{id}/associations/{to_type}/{to_id}/{tie}"),
        ("lists", "PUT", "/{id}/restore"),
        ("consent", "POST", "/statuses/{email}/unsubscribe-all"),
    }
)
_QUERY = {("consent", "POST", "/statuses/{email}/unsubscribe-all"): {"channel": "EMAIL"}}


@dataclass(frozen=True)
class Route:
    """One route and an example of it."""

    family: str
    method: str
    rest: str

    @property
    def name(self) -> str:
        return f"{self.family} {self.method} {self.rest}"

    @property
    def body(self) -> Json:
        return BODIES.get((self.family, self.method, self.rest))

    @property
    def query(self) -> dict[str, str]:
        return _QUERY.get((self.family, self.method, self.rest), {})

    def path(self) -> str:
        """Its newest form, about records that are there."""
        prefix = PREFIXES[self.family][-1].format(version=_VERSION)
        named = _NAMED | _NAMED_BY.get(self.family, {})
        if "/groups/" in self.rest:
            named |= {"name": "contactinformation"}
        return prefix + self.rest.format(**named)


_NAMED = {
    "type": "contacts", "to_type": "companies", "from": "contacts", "to": "companies", "id": CONTACT,
    "to_id": COMPANY, "name": "mine", "email": EMAIL, "tie": "contact_to_company", "stage": "closedwon",
}  # fmt: skip
_NAMED_BY: Mapping[str, dict[str, str]] = {
    "pipelines": {"type": "deals", "id": "default"},
    "lists": {"id": LIST, "name": "Theirs"},
    "owners": {"id": OWNER},
    "flows": {"id": FLOW},
}


def routes(*methods: str) -> Iterator[Route]:
    """Every route of these methods."""
    for family, method, rest, _ in PATHS:
        if method in methods:
            yield Route(family, method, rest)


def filled(world: HubspotWorld) -> None:
    """What the bodies and paths name."""
    world.put("owners", {"email": "o@acme.example"}, OWNER)
    for id_, email in ((CONTACT, EMAIL), (OTHER, "bea@acme.example")):
        world.put("contacts", {"email": email, "lastname": "Ruiz"}, id_)
    world.put("companies", {"name": "Acme"}, COMPANY)
    world.put("deals", {"dealname": "D", "dealstage": "closedwon", "pipeline": "default"}, DEAL)
    world.associate("contacts", CONTACT, "companies", COMPANY, [279])
    world.define_property("contacts", "mine", "enumeration", "select")
    world.define_label("contacts", "companies", "Boss of")
    told = {"kind": "workflow", "name": "Shout", "object": "contacts"}
    world.rehearse("declare", {**told, "does": {"field": "lastname", "action": "upper"}})
    told = {"kind": "list", "object": "contacts", "name": "Theirs", "processing": "MANUAL"}
    world.rehearse("declare", {**told, "members": [CONTACT]})
