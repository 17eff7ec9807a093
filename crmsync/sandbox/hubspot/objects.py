"""The CRM objects of the portal, and every name the real API takes for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One CRM object: its names, what it returns unasked, and what a create must bring."""

    name: str
    singular: str
    type_id: str
    modified: str  # the property that `updatedAt` mirrors
    shown: tuple[str, ...]  # properties returned when none are asked for, sorted
    required: tuple[str, ...] = ()  # all of them on create
    required_any: tuple[str, ...] = ()  # at least one of them on create
    searched: tuple[str, ...] = ()  # properties the free-text `query` of search looks at
    created: str = "createdate"  # the property that `createdAt` mirrors
    page: str = ""  # the page of the web application, if not that of a record


# Created and modified of activities, and where a web page shows them: recorded 2026-03. What search
# looks at: developers.hubspot.com, "Search the CRM" (read 2026-11).
_STAMPS = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")
_LISTED = (
    "objects/{type_id}/views/all/list?filters=%5B%7B%22property%22%3A%22hs_object_id%22%2C%22"
    "operator%22%3A%22EQ%22%2C%22value%22%3A%22{id}%22%7D%5D"
)


def _activity(
    name: str, singular: str, type_id: str, searched: tuple[str, ...], *required: str
) -> ObjectType:
    return ObjectType(
        name,
        singular,
        type_id,
        "hs_lastmodifieddate",
        _STAMPS,
        required=("hs_timestamp", *required),
        searched=(*searched, "hs_body_preview"),
        created="hs_createdate",
        page="tasks/{portal}/view/all/task/{id}"
        if name == "tasks"
        else f"contacts/{{portal}}/{_LISTED}",
    )


# hs_timestamp, and the direction of an e-mail: developers.hubspot.com, "Using object APIs" (read
# 2026-11).
ACTIVITIES = (
    _activity("calls", "call", "0-48", ("hs_call_title",)),
    _activity("emails", "email", "0-49", ("hs_email_subject",), "hs_email_direction"),
    _activity("meetings", "meeting", "0-47", ("hs_meeting_title",)),
    _activity("notes", "note", "0-46", ("hs_note_body",)),
    _activity("tasks", "task", "0-27", ("hs_task_subject",)),
)

# Default properties: developers.hubspot.com, "Search the CRM" (read 2026-11). Type ids and required
# properties: developers.hubspot.com, "Using object APIs" (read 2026-11); a deal without pipeline is
# given the default one here, as the pipeline is needed only in accounts that have several.
OBJECTS: dict[str, ObjectType] = {
    one.name: one
    for one in (
        ObjectType(
            "contacts",
            "contact",
            "0-1",
            "lastmodifieddate",
            ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
            required_any=("email", "firstname", "lastname"),
            searched=("email", "firstname", "lastname", "phone", "mobilephone", "company"),
        ),
        ObjectType(
            "companies",
            "company",
            "0-2",
            "hs_lastmodifieddate",
            ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
            required_any=("domain", "name"),
            searched=("domain", "name", "phone", "website"),
        ),
        ObjectType(
            "deals",
            "deal",
            "0-3",
            "hs_lastmodifieddate",
            (
                "amount",
                "closedate",
                "createdate",
                "dealname",
                "dealstage",
                "hs_lastmodifieddate",
                "hs_object_id",
                "pipeline",
            ),
            required=("dealname", "dealstage"),
            searched=("dealname", "dealtype", "description", "pipeline"),
        ),
        *ACTIVITIES,
    )
}

_NAMES: dict[str, ObjectType] = {
    spelling: one for one in OBJECTS.values() for spelling in (one.name, one.singular, one.type_id)
}


def object_type(name: str) -> ObjectType | None:
    """The object meant by a plural, a singular or a type id in any case; None if there is none."""
    return _NAMES.get(name.lower())


# Objects of every portal that are not simulated: developers.hubspot.com, "Using object APIs" (read 2026-11).
_ELSEWHERE = frozenset(
    ("tickets", "ticket", "0-5", "line_items", "line_item", "0-8", "communications", "communication", "0-18",
     "leads", "lead", "0-136")
)  # fmt: skip


def is_elsewhere(name: str) -> bool:
    """Whether HubSpot has an object of that name and this portal has none: nobody is tied to one."""
    return name.lower() in _ELSEWHERE
