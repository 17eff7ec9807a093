"""Records of nobody, of somebody who left, and of two people at once: what the checks of owners find."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal, a_lead
from crmsync.sandbox.seeding.blemishes.world import Made, World
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.rows import Step
from crmsync.sandbox.seeding.truth import Planted

_SALESFORCE = ("salesforce",)
_BORN_WITH = "01mSb0000000001IAA"
_MOST = 300
"""So much open work is not too much."""
_OWNERS = 90_000_000
"""Ids of HubSpot's owners begin here."""


def owner_missing(world: World) -> Iterator[Planted]:
    """A company of HubSpot that nobody was given."""
    company = a_company(world, ("hubspot",))
    world.change(company, "hubspot", hubspot_owner_id=None)
    yield world.found("O01", company, "hubspot", "a company of nobody")


def owner_gone(world: World) -> Iterator[Planted]:
    """A company of Salesforce whose owner was deactivated."""
    company = a_company(world, _SALESFORCE)
    world.change(company, "salesforce", OwnerId=_a_user(world, active=False))
    yield world.found("O02", company, "salesforce", "its owner left")


def contact_of_another(world: World) -> Iterator[Planted]:
    """A contact whose company is somebody else's."""
    company = a_company(world, _SALESFORCE)
    contact = a_contact(world, company, _SALESFORCE)
    world.change(contact, "salesforce", OwnerId=_another(world, company))
    yield world.found("O03", contact, "salesforce", "the company has another owner")


def deal_of_another(world: World) -> Iterator[Planted]:
    """An open deal whose company is somebody else's."""
    company = a_company(world, _SALESFORCE)
    deal = a_deal(world, company, a_contact(world, company, _SALESFORCE), _SALESFORCE)
    world.change(deal, "salesforce", OwnerId=_another(world, company))
    yield world.found("O04", deal, "salesforce", "the company has another owner")


def unknown_elsewhere(world: World) -> Iterator[Planted]:
    """A seller of Salesforce whom HubSpot does not know, and her company."""
    company = a_company(world, _SALESFORCE)
    user = _a_user(world, active=True)
    world.change(company, "salesforce", OwnerId=user)
    yield Planted("O05", "salesforce", "owner", user, "no such user in HubSpot")


def too_much(world: World) -> Iterator[Planted]:
    """A seller, known to both systems, who has three hundred open leads and one."""
    user = _a_user(world, active=True)
    email = world.rows["salesforce"]["User"][user]["Email"]
    world.put("hubspot", "owners", _an_owner_id(world), {"email": email})
    for place in range(_MOST + 1):
        # A minute each: many at once would be an import
        at = f"{world.day(90 + place // 60)}T09:{place % 60:02d}:00.000+0000"
        a_lead(world, OwnerId=user, CreatedDate=at)
    yield Planted("O06", "salesforce", "owner", user, "301 open leads")


def without_hours(world: World) -> Iterator[Planted]:
    """A rep whom HubSpot alone knows, who was handed somebody and has set no working hours."""
    _all_have_hours(world)
    owner = _an_owner_id(world)
    email = f"nueva.persona{owner}@ventas-demo.example"
    world.put("hubspot", "owners", owner, {"email": email})
    contact = a_contact(world, systems=("hubspot",))
    values = {"lifecyclestage": "marketingqualifiedlead", "hubspot_owner_id": owner}
    world.change(contact, "hubspot", **values)
    yield Planted("O05", "hubspot", "owner", owner, "no such user in Salesforce")
    yield Planted("S07", "hubspot", "owner", owner, "handed an MQL, and no hours")


def _all_have_hours(world: World) -> None:
    hours = [{"days": "MONDAY_TO_FRIDAY", "startMinute": 540, "endMinute": 1080}]
    told = {"hs_standard_time_zone": "Europe/Madrid", "hs_working_hours": json.dumps(hours)}
    for id_, values in world.rows["hubspot"]["owners"].items():
        values |= told if int(id_) < _OWNERS else {}
    # The number that a fresh org gives to the hours it is born with
    world.setup.append(
        Step("salesforce", "put", ("BusinessHours", {"IsActive": False}, _BORN_WITH))
    )


def _an_owner_id(world: World) -> str:
    return str(_OWNERS + world.serial())


def _a_user(world: World, *, active: bool) -> str:
    number = world.serial()
    email = f"nueva.persona{number}@ventas-demo.example"
    values = {
        **{"Username": email, "Email": email, "FirstName": "Nueva", "LastName": "Persona"},
        **{"IsActive": active},
    }
    like = next(iter(world.rows["salesforce"]["User"].values()))
    return world.put("salesforce", "User", salesforce_id("User", number), {**like, **values})


def _another(world: World, company: Made) -> str:
    """An active user who is not the owner of a company."""
    owner = world.rows["salesforce"]["Account"][company.ids["salesforce"]]["OwnerId"]
    return next(each["salesforce"] for each in world.owners if each["salesforce"] != owner)


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "O01": owner_missing,
    "O02": owner_gone,
    "O03": contact_of_another,
    "O04": deal_of_another,
    "O05": unknown_elsewhere,
    "O06": too_much,
}
BY_HOURS: Mapping[str, Callable[[World], Iterator[Planted]]] = {"S07": without_hours}
"""An org of Salesforce has hours for all who have none of their own: here it has none, and all but one have theirs."""
