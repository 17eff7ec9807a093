"""Fields and automations with a defect: what the checks of the inventory find, whatever any one record holds.

Each needs a world of which all records are counted, so they are planted once and by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_lead
from crmsync.sandbox.seeding.blemishes.world import World
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.rows import Step
from crmsync.sandbox.seeding.truth import Planted

_HUBSPOT = ("hubspot",)
_FIRST_FLOW = "734000000001"
"""What a fresh portal calls the first workflow that is declared."""
_SYNCED: Mapping[str, tuple[str, ...]] = {
    "contacts": (
        *("address", "annualrevenue", "city", "country", "email", "fax", "firstname"),
        *("hs_email_optout", "hubspot_owner_id", "industry", "jobtitle", "lastname"),
        *("phone", "salutation", "state", "website", "zip"),
    ),
    "companies": (
        *("address", "annualrevenue", "city", "country", "description", "hubspot_owner_id", "name"),
        *("numberofemployees", "phone", "state", "zip"),
    ),
    "deals": (
        *("amount", "closedate", "dealname", "dealstage", "description", "hs_next_step"),
        "hubspot_owner_id",
    ),
}
"""What both the native connector and the reference mapping write."""


def _field(audit: str, place: str, note: str, system: str = "hubspot") -> Planted:
    object_, _, name = place.partition(".")
    return Planted(audit, system, object_, name, note)


def hardly_filled(world: World) -> Iterator[Planted]:
    """A mapped property that nobody fills."""
    for values in world.rows["hubspot"]["contacts"].values():
        values.pop("hs_linkedin_url", None)
    yield _field("F01", "contacts.hs_linkedin_url", "filled by nobody")


def near_duplicate(world: World) -> Iterator[Planted]:
    """A second City that somebody made, filled in half of the cases."""
    _define(world, "contacts", "ciudad_del_contacto", "string", "text", label="City")
    for values, city in zip(_contacts(world), cycle(("Lugo", "")), strict=False):
        values.update({"ciudad_del_contacto": city} if city else {})
    yield _field("F02", "contacts.ciudad_del_contacto", "two fields called City")


def list_as_text(world: World) -> Iterator[Planted]:
    """An industry that is free text in HubSpot and a list in Salesforce."""
    for _, word in zip(range(60), cycle(("Construction", "Education", "Energy")), strict=False):
        world.change(a_contact(world, systems=_HUBSPOT), "hubspot", industry=word)
    yield _field("F03", "contacts.industry", "a few words of a list, as text")


def untouched_default(world: World) -> Iterator[Planted]:
    """A rating that is the first of its list for every lead."""
    for _ in range(110):
        number = a_lead(world).number
        # Else these would be used by so few that they count as unused.
        filled = {"Fax": f"+34 94{number}1", "MobilePhone": f"+34 6{number}21"}
        filled["Description"] = f"Pidió la oferta {number}."
        world.rows["salesforce"]["Lead"][salesforce_id("Lead", number)] |= filled
    for values in world.rows["salesforce"]["Lead"].values():
        values["Rating"] = "Hot"
    yield _field("F04", "Lead.Rating", "Hot, all of them", "salesforce")


def two_meanings(world: World) -> Iterator[Planted]:
    """A department that came to mean a region from one day on."""
    rows = world.rows["salesforce"]["Contact"].values()
    made = sorted(str(values["CreatedDate"]) for values in rows)
    pivot = made[len(made) // 2]
    for place, values in enumerate(sorted(rows, key=lambda one: str(one["CreatedDate"]))):
        words = ("Norte", "Sur") if str(values["CreatedDate"]) >= pivot else ("Ventas", "Compras")
        values["Department"] = words[place % 2]
    yield _field("F05", "Contact.Department", "departments, then regions", "salesforce")


def two_teams(world: World) -> Iterator[Planted]:
    """A job function in which half of the owners write departments, and the others regions."""
    owners = sorted(
        {str(v["hubspot_owner_id"]) for v in _contacts(world) if v.get("hubspot_owner_id")}
    )
    for place, values in enumerate(_contacts(world)):
        is_first = (
            owners.index(str(values["hubspot_owner_id"])) % 2
            if values.get("hubspot_owner_id")
            else 0
        )
        values["job_function"] = (("Ventas", "Compras"), ("Norte", "Sur"))[is_first][place // 2 % 2]
    yield _field("F10", "contacts.job_function", "departments, and regions of another team")


def two_words(world: World) -> Iterator[Planted]:
    """A list of one's own in which a customer is a client, too."""
    _define_list(world, "contacts", "relationship", "Relationship", "Customer", "Client", "Press")
    for values in _contacts(world):
        values["relationship"] = "Press"
    yield _field("F06", "contacts.relationship", "Customer and Client")


def beyond_its_length(world: World) -> Iterator[Planted]:
    """A web address of HubSpot that nearly fills the 255 characters of Salesforce's field."""
    contact = a_contact(world, systems=_HUBSPOT)
    address = f"https://persona-{contact.number}.example/{'oferta-' * 30}"
    world.change(contact, "hubspot", website=address)
    yield _field("F07", "Lead.Website", "longer ones would not fit", "salesforce")


def unused_of_ones_own(world: World) -> Iterator[Planted]:
    """A property that somebody made, and nobody maps or fills."""
    _define(world, "contacts", "codigo_de_feria", "string", "text", label="Código de feria")
    yield _field("F08", "contacts.codigo_de_feria", "made and never filled")


def unknown_option(world: World) -> Iterator[Planted]:
    """Three companies of a kind that the mapping does not know."""
    for _ in range(3):
        world.change(a_company(world, _HUBSPOT), "hubspot", type="INTEGRATOR")
    yield _field("F09", "companies.type", "integrators, three of them")


def native_connector(world: World) -> Iterator[Planted]:
    """A portal in which the CRMs' own connector has synced somebody lately."""
    stamp = f"{world.day(20)}T09:00:00.000Z"
    contact = a_contact(world)
    world.change(contact, "hubspot", salesforcelastsynctime=stamp)
    for object_, names in _SYNCED.items():
        for name in names:
            yield _field("N01", f"{object_}.{name}", "written by the native connector, too")


def automation(world: World) -> Iterator[Planted]:
    """A workflow that rewrites a mapped property."""
    does = {"action": "upper", "field": "city"}
    flow = {"kind": "workflow", "name": "Ciudad en mayúsculas", "object": "contacts", "does": does}
    world.later.append(Step("hubspot", "rehearse", ("declare", flow)))
    yield Planted("N02", "hubspot", "contacts", _FIRST_FLOW, "rewrites the city")


def untracked(world: World) -> Iterator[Planted]:
    """An org that keeps no history of the status of its leads, of which five are being worked."""
    world.rows["salesforce"]["LeadHistory"].clear()
    for _ in range(5):
        a_lead(world, Status="Working - Contacted")
    yield _field("N03", "Lead.Status", "worked, and no history of it", "salesforce")


def _contacts(world: World) -> list[dict[str, object]]:
    return list(world.rows["hubspot"]["contacts"].values())


def _define(world: World, *words: str, **attributes: object) -> None:
    world.setup.append(Step("hubspot", "define_property", words, attributes))


def _define_list(world: World, object_: str, name: str, label: str, *words: str) -> None:
    options = [
        {"label": word, "value": word, "displayOrder": place, "hidden": False}
        for place, word in enumerate(words)
    ]
    _define(world, object_, name, "enumeration", "select", label=label, options=options)


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "F01": hardly_filled,
    "F02": near_duplicate,
    "F03": list_as_text,
    "F04": untouched_default,
    "F05": two_meanings,
    "F06": two_words,
    "F07": beyond_its_length,
    "F08": unused_of_ones_own,
    "F09": unknown_option,
    "F10": two_teams,
    "N01": native_connector,
    "N02": automation,
    "N03": untracked,
}
