"""What the CRMs' own connector has written: which Salesforce person a HubSpot contact says it is.

Most links are right, a fifth of them in the 15 characters of old integrations. Some are broken (X02), double
(X03) or crossed (X04). Nobody of the last two has any other defect, nor a part in a deal: such a record is
tied to nobody, and no other story may hang on it. No chance is drawn here, so that the rest of a seed stays.
"""

from __future__ import annotations

from crmsync.sandbox.seeding.drafts import Draft, Person
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.plant_companies import scaled

_DEFAULT_SIZE = 400
_BROKEN, _DOUBLE, _CROSSED = 4, 3, 2
_QUIET_STAGES = ("subscriber", "lead", "marketingqualifiedlead", "other")
_NOBODY = 5_000_000
"""Serial numbers of Salesforce people from here on belong to nobody."""

# Contacts and companies have their properties for it in every portal; deals get theirs with the integration:
# recorded portals, and public code that reads such deals (read 2026-11).
PROPERTIES = (("deals", "hs_salesforceopportunityid", "Salesforce Opportunity ID"),)


def plant_links(draft: Draft) -> None:
    """Says of some people which Salesforce person their HubSpot contact points to."""
    size = len(draft.people)
    busy = _on_deals(draft)
    calm = [person for person in draft.people if _is_calm(person, busy)]
    known = [person for person in calm if person.seats == ("Contact",)]
    alone = [person for person in calm if not person.seats]
    pairs = scaled(_DOUBLE, size, _DEFAULT_SIZE, min(len(alone), len(known) // 8))
    for person, other in zip(alone[:pairs], known[:pairs], strict=True):
        person.native_link = other.native_link = "double"
        person.points_to = other.points_to = other
    strangers = [p for p in draft.people if _is_stranger(p) and not p.native_link]
    for person in strangers[: scaled(_BROKEN, size, _DEFAULT_SIZE, len(strangers))]:
        person.native_link = "broken"
    rest = known[pairs:]
    crossed = scaled(_CROSSED, size, _DEFAULT_SIZE, len(rest) // 8)
    for person, other in zip(rest[:crossed], rest[crossed : 2 * crossed], strict=True):
        person.native_link, person.points_to, other.native_link = "crossed", other, "bystander"
    for person in draft.people:
        if person.number % 3 == 0 and _is_one_person(person) and not person.native_link:
            person.native_link, person.points_to = "linked", person


def native_ids(person: Person) -> dict[str, str]:
    """The connector's properties of a HubSpot contact; ids must have been given out."""
    if person.native_link == "broken":
        return {"salesforcecontactid": salesforce_id("Contact", _NOBODY + person.number)}
    other = person.points_to
    if other is None:
        return {}
    ids = dict(zip(other.seats, other.ids["salesforce"], strict=True))
    length = 15 if person.number % 5 == 0 else 18
    found = {
        "salesforcecontactid": ids.get("Contact", ""),
        "salesforceleadid": ids.get("Lead", ids.get("Converted", "")),
    }
    return {name: id_[:length] for name, id_ in found.items()}


def _on_deals(draft: Draft) -> set[int]:
    people = {person.number for deal in draft.deals for person in deal.people}
    return people | {person.number for deal in draft.deals for person, _ in deal.roles}


def _is_calm(person: Person, busy: set[int]) -> bool:
    """In HubSpot, and in no other story."""
    quiet = person.stage in _QUIET_STAGES and not person.planted
    return person.in_hubspot and person.kind == "plain" and quiet and person.number not in busy


def _is_stranger(person: Person) -> bool:
    """In HubSpot only; a link into nothing changes no other story."""
    return person.in_hubspot and not person.seats and person.kind == "plain"


def _is_one_person(person: Person) -> bool:
    """In both systems, where nobody has to guess which record is meant."""
    return person.in_hubspot and bool(person.seats) and person.kind in ("plain", "converted")
