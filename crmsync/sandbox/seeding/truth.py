"""What each audit must find in a draft, read off the marks that planting left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crmsync.sandbox.seeding.detail_dirt import mistyped
from crmsync.sandbox.seeding.dirt import NO_PHONE
from crmsync.sandbox.seeding.drafts import Draft, Person

_COMPANY_OBJECTS = {"salesforce": "Account", "hubspot": "companies"}
_DEAL_OBJECTS = {"salesforce": "Opportunity", "hubspot": "deals"}


@dataclass(frozen=True, slots=True, order=True)
class Planted:
    """One record that one audit must object to; `note` says why, in plain English."""

    audit: str
    system: str
    object: str
    id: str
    note: str


def _without_email(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        if person.kind == "unmailed":
            for system, ids in sorted(person.ids.items()):
                for id_ in ids:
                    yield Planted(
                        "C01", system, _person_object(system, person, id_), id_, "no address"
                    )


def _same_email(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        if person.kind == "twice":
            note = f"{len(person.seats)} contacts share {person.email}"
            for id_ in person.ids["salesforce"]:
                yield Planted("C05", "salesforce", "Contact", id_, note)


def _same_domain(draft: Draft) -> Iterator[Planted]:
    for company in draft.companies:
        system = company.duplicate_in
        if system:
            note = f"another company has {company.domain}, and neither is the other's branch"
            object_name = _COMPANY_OBJECTS[system]
            yield Planted("M01", system, object_name, company.ids[system], note)


def _won_without_role(draft: Draft) -> Iterator[Planted]:
    for deal in draft.deals:
        system = deal.without_role
        if system:
            note = "won, and its only role row is blank" if deal.roles else "won without a contact"
            note = "won without a contact" if system == "hubspot" else note
            yield Planted("D06", system, _DEAL_OBJECTS[system], deal.ids[system], note)


def _open_without_contact(draft: Draft) -> Iterator[Planted]:
    for deal in draft.deals:
        on_it = {"salesforce": deal.roles, "hubspot": deal.people}
        for system in deal.systems if deal.is_open else ():
            if not on_it[system]:
                yield Planted(
                    "D05",
                    system,
                    _DEAL_OBJECTS[system],
                    deal.ids[system],
                    "open, with nobody on it",
                )


def _without_company(draft: Draft) -> Iterator[Planted]:
    for deal in draft.deals:
        system = deal.without_company
        if system:
            note = f"a {deal.stage} deal of no company"
            yield Planted("D10", system, _DEAL_OBJECTS[system], deal.ids[system], note)


def _lead_and_contact(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        if person.kind == "both_seats":
            note = f"open, and a contact with {person.email} exists"
            yield Planted("L09", "salesforce", "Lead", person.ids["salesforce"][1], note)


_NOTES = {
    "L06": "opportunity, and no open deal of the person or the company",
    "L11": "on a won deal, and not a customer",
    "G02": "opted out in one system only",
}


def _marked(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        if person.planted:
            id_ = person.ids["hubspot"][0]
            yield Planted(person.planted, "hubspot", "contacts", id_, _NOTES[person.planted])


_TANGLED = {
    "broken": ("X02", "says it is a Salesforce contact that is not there"),
    "double": ("X03", "says it is a Salesforce contact that another one says it is"),
    "crossed": ("X04", "says it is a Salesforce contact that has another person's e-mail"),
}


def _native_links(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        if person.native_link in _TANGLED:
            audit, note = _TANGLED[person.native_link]
            yield Planted(audit, "hubspot", "contacts", person.ids["hubspot"][0], note)


# An EIN has no check digit, and outside the European Union nobody asks for that of a British number.
_UNCHECKED = ("US", "GB")


def _unreadable(draft: Draft) -> Iterator[Planted]:
    for person in draft.people:
        for system, values in person.patches.items():
            if values.get("phone") == NO_PHONE:
                for id_ in person.ids.get(system, ()):
                    yield Planted("C20", system, _person_object(system, person, id_), id_, NO_PHONE)
    for company in draft.companies:
        wrong = mistyped(company.details.get("tax_id", ""))
        for system, values in company.patches.items():
            if wrong and values.get("tax_id") == wrong and company.country.code not in _UNCHECKED:
                note = f"the check digit of {wrong} is wrong"
                yield Planted("C20", system, _COMPANY_OBJECTS[system], company.ids[system], note)


def _person_object(system: str, person: Person, id_: str) -> str:
    if system == "hubspot":
        return "contacts"
    return person.seats[person.ids[system].index(id_)]


_AUDITS: tuple[Callable[[Draft], Iterator[Planted]], ...] = (
    _without_email,
    _same_email,
    _same_domain,
    _won_without_role,
    _open_without_contact,
    _without_company,
    _lead_and_contact,
    _marked,
    _native_links,
    _unreadable,
)


def truth(draft: Draft) -> tuple[Planted, ...]:
    """All planted findings, by audit, system, object and id; ids must have been given out."""
    return tuple(sorted(planted for audit in _AUDITS for planted in audit(draft)))
