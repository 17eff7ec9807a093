"""People and companies whose words are wrong: names, addresses, numbers and domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact
from crmsync.sandbox.seeding.blemishes.world import Made, World
from crmsync.sandbox.seeding.truth import Planted

_SALESFORCE, _HUBSPOT = ("salesforce",), ("hubspot",)
Blemish = Callable[[World], Iterator[Planted]]


def _person(audit: str, note: str, **values: Any) -> Blemish:
    """A contact of Salesforce, at a company, with these values; `{n}` in a text is a number nobody else has."""

    def plant(world: World) -> Iterator[Planted]:
        contact = a_contact(world, a_company(world), _SALESFORCE)
        numbered = {
            name: value.format(n=contact.number) if isinstance(value, str) else value
            for name, value in values.items()
        }
        world.change(contact, "salesforce", **numbered)
        yield world.found(audit, contact, "salesforce", note)

    return plant


def _visitor(audit: str, note: str, **values: Any) -> Blemish:
    """A contact of HubSpot, at a company, with these values."""

    def plant(world: World) -> Iterator[Planted]:
        contact = a_contact(world, a_company(world), _HUBSPOT)
        world.change(contact, "hubspot", **values)
        yield world.found(audit, contact, "hubspot", note)

    return plant


def _account(audit: str, note: str, **values: Any) -> Blemish:
    """An account of Salesforce with one contact and these values."""

    def plant(world: World) -> Iterator[Planted]:
        company = _peopled(world)
        numbered = {
            name: value.format(n=company.number) if isinstance(value, str) else value
            for name, value in values.items()
        }
        world.change(company, "salesforce", **numbered)
        yield world.found(audit, company, "salesforce", note)

    return plant


def _peopled(world: World, **more: Any) -> Made:
    """A company of Salesforce that somebody belongs to."""
    company = a_company(world, _SALESFORCE, **more)
    domain = more.get("domain", f"talleres-ejemplo-{company.number}.example")
    a_contact(world, company, _SALESFORCE, email=f"marta.vidal{company.number}@{domain}")
    return company


def team_mailbox(world: World) -> Iterator[Planted]:
    """A person who is known by the company's info@ alone."""
    company = a_company(world)
    contact = a_contact(world, company, _SALESFORCE)
    world.change(contact, "salesforce", Email=f"info@talleres-ejemplo-{company.number}.example")
    yield world.found("C04", contact, "salesforce", "Marta is info@")


def phone_of_many(world: World) -> Iterator[Planted]:
    """People of four companies with one number."""
    people = [a_contact(world, a_company(world), _SALESFORCE) for _ in range(4)]
    for each in people:
        world.change(each, "salesforce", Phone=f"+34 95{people[0].number}1")
        yield world.found("C14", each, "salesforce", "a number of four companies")


def without_company(world: World) -> Iterator[Planted]:
    """A contact with an address at work, and of no account."""
    email = f"marta.vidal@oficina-{world.serial()}.example"
    contact = a_contact(world, None, _SALESFORCE, email=email)
    yield world.found("C15", contact, "salesforce", "of no account")


def long_ago(world: World) -> Iterator[Planted]:
    """A contact whom nobody has touched for two years."""
    contact = a_contact(world, a_company(world), _SALESFORCE)
    then = f"{world.day(730)}T09:00:00.000+0000"
    world.change(
        contact, "salesforce", CreatedDate=then, LastModifiedDate=then, SystemModstamp=then
    )
    yield world.found("C17", contact, "salesforce", "two years of silence")


def paid_for_twice(world: World) -> Iterator[Planted]:
    """One person twice in HubSpot, with one phone, both paid for; the later one is the copy."""
    company = a_company(world)
    one, other = (a_contact(world, company, _HUBSPOT) for _ in range(2))
    phone = f"+34 93{one.number}1"
    for each, made in ((one, 200), (other, 90)):
        world.change(
            each, "hubspot", phone=phone, createdate=f"{world.day(made)}T09:00:00.000Z", **_PAID
        )
    yield world.found("C21", other, "hubspot", "the same name and phone")


# Somebody who asked for it, so that only what a check looks at is wrong.
_PAID = {"hs_marketable_status": "true", "hs_legal_basis": "Freely given consent from contact"}


def same_domain(world: World) -> Iterator[Planted]:
    """Two accounts of one domain, neither of them a branch."""
    one, other = _peopled(world), a_company(world, _SALESFORCE)
    a_contact(
        world,
        other,
        _SALESFORCE,
        email=f"marta.vidal{other.number}@talleres-ejemplo-{one.number}.example",
    )
    world.change(other, "salesforce", Website=f"talleres-ejemplo-{one.number}.example")
    for each in (one, other):
        yield world.found("M01", each, "salesforce", "one domain")


def same_name(world: World) -> Iterator[Planted]:
    """Two accounts of one name and town, with two domains."""
    one, other = _peopled(world), _peopled(world)
    world.change(other, "salesforce", Name=f"TALLERES EJEMPLO {one.number}, S.L.")
    for each in (one, other):
        yield world.found("M02", each, "salesforce", "one name in one town")


def nobody_there(world: World) -> Iterator[Planted]:
    """An account without a contact, two years old."""
    company = a_company(world, _SALESFORCE)
    world.change(company, "salesforce", CreatedDate=f"{world.day(730)}T09:00:00.000+0000")
    yield world.found("M05", company, "salesforce", "nobody belongs to it")


def its_own_parent(world: World) -> Iterator[Planted]:
    """An account that is its own parent."""
    company = _peopled(world)
    world.change(company, "salesforce", ParentId=company.ids["salesforce"])
    yield world.found("M07", company, "salesforce", "its own parent")


_HALVES = (
    str.maketrans("0123456789", "abcdefghij"),
    str.maketrans("0123456789", "klmnopqrst"),
)


def unlike_parent(world: World) -> Iterator[Planted]:
    """A branch that has nothing in common with its parent."""
    number = world.serial()
    # Names that nobody else has, and that have no sign in common: the number in letters of two alphabets' halves.
    above, below = (str(number).translate(each) for each in _HALVES)
    parent = _peopled(world, name=f"Cementos {above} SA", domain=f"cenorte-{number}.example")
    branch = _peopled(world, name=f"Peluquería {below} SL", domain=f"pelu-{number}.example")
    world.change(branch, "salesforce", ParentId=parent.ids["salesforce"])
    yield world.found("M08", branch, "salesforce", "a hairdresser of a cement works")


BLEMISHES: Mapping[str, Blemish] = {
    "C01": _person("C01", "no address", Email=None),
    "C02": _person("C02", "no @", Email="marta.vidal.example"),
    "C03": _person("C03", "gmail misspelt", Email="marta{n}@gmial.com"),
    "C04": team_mailbox,
    "C07": _person("C07", "writes from home", Email="marta.vidal{n}@gmail.com"),
    "C08": _person("C08", "writes from elsewhere", Email="marta.vidal@otra-casa-{n}.example"),
    "C09": _visitor("C09", "no name at all", firstname=None, lastname=None),
    "C10": _person("C10", "in capitals", FirstName="MARTA", LastName="VIDAL ROCA"),
    "C11": _person("C11", "swapped", FirstName="García", LastName="Marta"),
    "C12": _person("C12", "a trial", FirstName="Prueba", LastName="Prueba"),
    "C13": _person("C13", "no such number in Spain", Phone="12 {n}"),
    "C14": phone_of_many,
    "C15": without_company,
    "C16": _person("C16", "a town", MailingCountry="Sevilla"),
    "C17": long_ago,
    "C18": _visitor(
        "C18", "nobody there", hs_email_hard_bounce_reason_enum="UNKNOWN_USER", **_PAID
    ),
    "C19": _visitor("C19", "hardly anything", lastname=None, phone=None, country=None),
    "C20": _person("C20", "no number", Phone="ask reception {n}"),
    "C21": paid_for_twice,
    "M01": same_domain,
    "M02": same_name,
    "M03": _account("M03", "no domain", Website=None),
    "M04": _account("M04", "a mail provider", Website="gmail.com"),
    "M05": nobody_there,
    "M06": _account("M06", "marked as a copy", Name="Talleres del Puerto {n} (duplicado)"),
    "M07": its_own_parent,
    "M08": unlike_parent,
    "M09": _account("M09", "fewer than nobody", NumberOfEmployees=-5),
}
