"""Deals that no forecast can use: no amount, no day or no person, overdue, stale, twice there, lost without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal, a_role
from crmsync.sandbox.seeding.blemishes.world import Made, World
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.truth import Planted

_SALESFORCE, _HUBSPOT = ("salesforce",), ("hubspot",)
_OF_ITS_OWN = "Perception Analysis"
"""A stage in which a seed has no deals."""


def _a_deal(world: World, systems: tuple[str, ...] = _SALESFORCE, **values: Any) -> Made:
    """A deal that nothing is wrong with, of a company and a person of its own, then with other native values."""
    company = a_company(world, systems)
    deal = a_deal(world, company, a_contact(world, company, systems), systems)
    world.change(deal, systems[0], **values)
    return deal


def without_amount(world: World) -> Iterator[Planted]:
    """An open deal of which nobody knows what it is worth."""
    deal = _a_deal(world, Amount=None)
    yield world.found("D01", deal, "salesforce", "an open deal without an amount")


def without_close_date(world: World) -> Iterator[Planted]:
    """An open deal of HubSpot that closes on no day."""
    deal = _a_deal(world, _HUBSPOT, closedate=None)
    yield world.found("D02", deal, "hubspot", "an open deal without a close date")


def overdue(world: World) -> Iterator[Planted]:
    """An open deal that was to be closed a month ago."""
    deal = _a_deal(world, CloseDate=world.day(30))
    yield world.found("D03", deal, "salesforce", "open, and to be closed a month ago")


def put_off(world: World) -> Iterator[Planted]:
    """An open deal whose close date was moved from month to month."""
    deal = _a_deal(world)
    for place in range(4):
        old, new = (world.day(60 - 30 * (place + more)) for more in (0, 1))
        _changed(world, deal, "CloseDate", old, new, 80 - 15 * place)
    yield world.found("D04", deal, "salesforce", "put off four times")


def without_contact(world: World) -> Iterator[Planted]:
    """An open deal with nobody on it."""
    deal = a_deal(world, a_company(world, _SALESFORCE), None, _SALESFORCE)
    yield world.found("D05", deal, "salesforce", "open, with nobody on it")


def without_main_contact(world: World) -> Iterator[Planted]:
    """A deal with two people, neither of whom is the main one."""
    company = a_company(world, _SALESFORCE)
    deal = a_deal(world, company, None, _SALESFORCE)
    for role in ("Decision Maker", "Evaluator"):
        a_role(world, deal, a_contact(world, company, _SALESFORCE), role, primary=False)
    yield world.found("D07", deal, "salesforce", "two people, and no main one")


def nobody_decides(world: World) -> Iterator[Planted]:
    """A deal in negotiation with somebody who only evaluates."""
    company = a_company(world, _SALESFORCE)
    deal = a_deal(world, company, None, _SALESFORCE)
    world.change(deal, "salesforce", StageName="Negotiation/Review")
    a_role(world, deal, a_contact(world, company, _SALESFORCE), "Evaluator")
    yield world.found("D08", deal, "salesforce", "in negotiation without a decision maker")


def of_one_person(world: World) -> Iterator[Planted]:
    """A large deal that hangs on one person."""
    deal = _a_deal(world, Amount=80_000.0)
    yield world.found("D09", deal, "salesforce", "80,000 and one person")


def contact_from_elsewhere(world: World) -> Iterator[Planted]:
    """A deal whose contact works at another company."""
    contact = a_contact(world, a_company(world, _SALESFORCE), _SALESFORCE)
    deal = a_deal(world, a_company(world, _SALESFORCE), contact, _SALESFORCE)
    yield world.found("D11", deal, "salesforce", "its contact is of another company")


def stale(world: World) -> Iterator[Planted]:
    """An open deal that nobody has touched for months."""
    stamp = f"{world.day(85)}T09:00:00.000+0000"
    deal = _a_deal(world, LastModifiedDate=stamp, SystemModstamp=stamp)
    yield world.found("D12", deal, "salesforce", "untouched for months")


def too_old(world: World) -> Iterator[Planted]:
    """A deal of more than a year at a stage where the others are three months old."""
    for _ in range(10):
        _a_deal(world, StageName=_OF_ITS_OWN)
    deal = _a_deal(world, StageName=_OF_ITS_OWN, CreatedDate=f"{world.day(400)}T09:00:00.000+0000")
    yield world.found("D13", deal, "salesforce", "four times as old as the others")


def at_no_stage(world: World) -> Iterator[Planted]:
    """A deal in a pipeline that has no such stage."""
    deal = _a_deal(world, _HUBSPOT, pipeline="renovaciones")
    yield world.found("D14", deal, "hubspot", "its pipeline has no such stage")


def lost_and_likely(world: World) -> Iterator[Planted]:
    """A lost deal that still counts with forty percent."""
    deal = _a_lost_deal(world, Probability=40, Loss_Reason__c="Precio")
    yield world.found("D15", deal, "salesforce", "lost, at 40 percent")


def lost_without_reason(world: World) -> Iterator[Planted]:
    """A lost deal of which nobody said why."""
    yield world.found("D16", _a_lost_deal(world), "salesforce", "lost without a reason")


def _a_lost_deal(world: World, **values: Any) -> Made:
    return _a_deal(world, StageName="Closed Lost", CloseDate=world.day(30), **values)


def entered_twice(world: World) -> Iterator[Planted]:
    """Two open deals of one company that differ in a few euros and a week."""
    company = a_company(world, _SALESFORCE)
    contact = a_contact(world, company, _SALESFORCE)
    one, other = (a_deal(world, company, contact, _SALESFORCE) for _ in range(2))
    world.change(one, "salesforce", Name="Licencias anuales")
    world.change(other, "salesforce", Name="Licencias", Amount=1195.0, CloseDate=world.day(-67))
    for each in (one, other):
        yield world.found("D17", each, "salesforce", "one deal, entered twice")


def won_before_entered(world: World) -> Iterator[Planted]:
    """A deal that was won two months before somebody entered it, by itself."""
    deal = _a_deal(world, StageName="Closed Won", CloseDate=world.day(150))
    # In a minute of its own: many at once would be an import
    minute = f"{deal.number // 60 % 24:02d}:{deal.number % 60:02d}"
    world.change(deal, "salesforce", CreatedDate=f"{world.day(89)}T{minute}:30.000+0000")
    yield world.found("D18", deal, "salesforce", "won before it was entered")


def without_currency(world: World) -> Iterator[Planted]:
    """A deal without a currency, in a portal that sells in dollars, too; whatever else is in it says euros."""
    rows = world.rows["hubspot"].get("deals", {})
    before = {each.id for each in world.planted}
    for id_, values in rows.items():
        if id_ not in before:
            values.setdefault("deal_currency_code", "EUR")
    for _ in range(3):
        _a_deal(world, _HUBSPOT, deal_currency_code="USD")
    deal = _a_deal(world, _HUBSPOT, deal_currency_code=None)
    found = world.found("D19", deal, "hubspot", "an amount in nothing in particular")
    world.planted.append(found)
    yield found


def opened_again(world: World) -> Iterator[Planted]:
    """A deal that was won, and is open again."""
    deal = _a_deal(world)
    _changed(world, deal, "StageName", "Qualification", "Closed Won", 70)
    _changed(world, deal, "StageName", "Closed Won", "Qualification", 40)
    yield world.found("D20", deal, "salesforce", "won, and open again")


def contact_added_afterwards(world: World) -> Iterator[Planted]:
    """A won deal on which somebody was put weeks after it was won."""
    company = a_company(world, _SALESFORCE)
    deal = a_deal(world, company, None, _SALESFORCE)
    world.change(deal, "salesforce", StageName="Closed Won", CloseDate=world.day(30))
    role = a_role(world, deal, a_contact(world, company, _SALESFORCE))
    row = world.rows["salesforce"]["OpportunityContactRole"][role]
    row["CreatedDate"] = f"{world.day(5)}T09:00:00.000+0000"
    yield world.found("D21", deal, "salesforce", "its contact came after the close")


def role_twice(world: World) -> Iterator[Planted]:
    """A deal with one decision maker in two rows."""
    company = a_company(world, _SALESFORCE)
    contact = a_contact(world, company, _SALESFORCE)
    deal = a_deal(world, company, contact, _SALESFORCE)
    a_role(world, deal, contact, primary=False)
    yield world.found("D22", deal, "salesforce", "one person twice in one role")


def bought_by_leads(world: World) -> Iterator[Planted]:
    """A deal of HubSpot that was won with two people, both of whom are still leads."""
    company = a_company(world, _HUBSPOT)
    people = [a_contact(world, company, _HUBSPOT) for _ in range(2)]
    deal = _won_in_hubspot(world, company, people[0])
    world.tie(deal, people[1], 3)
    world.change(company, "hubspot", lifecyclestage="customer")
    yield world.found("D23", deal, "hubspot", "won, and no customer on it")
    for each in people:
        world.change(each, "hubspot", lifecyclestage="lead")
        yield world.found("L11", each, "hubspot", "on a won deal, and a lead")


def customer_of_nothing(world: World) -> Iterator[Planted]:
    """A customer company that has bought nothing."""
    company = a_company(world, _HUBSPOT)
    world.change(company, "hubspot", lifecyclestage="customer")
    yield world.found("M10", company, "hubspot", "a customer without a won deal")


def bought_as_a_lead(world: World) -> Iterator[Planted]:
    """A company that has bought, and is still a lead."""
    company = a_company(world, _HUBSPOT)
    contact = a_contact(world, company, _HUBSPOT)
    _won_in_hubspot(world, company, contact)
    world.change(contact, "hubspot", lifecyclestage="customer")
    yield world.found("M11", company, "hubspot", "has bought, and is a lead")
    yield world.found("L07", contact, "hubspot", "a customer of a company that is a lead")


def _won_in_hubspot(world: World, company: Made, contact: Made) -> Made:
    deal = a_deal(world, company, contact, _HUBSPOT)
    closed = f"{world.day(30)}T12:00:00.000Z"
    world.change(deal, "hubspot", dealstage="closedwon", closedate=closed)
    return deal


def _changed(world: World, deal: Made, field: str, old: str, new: str, days: int) -> None:
    """A change of a field of an opportunity, so many days ago."""
    id_ = salesforce_id("OpportunityFieldHistory", world.serial())
    values = {
        **{"OpportunityId": deal.ids["salesforce"], "Field": field, "OldValue": old},
        **{"NewValue": new, "CreatedDate": f"{world.day(days)}T09:00:00.000+0000"},
        "CreatedById": world.owners[0]["salesforce"],
    }
    world.put("salesforce", "OpportunityFieldHistory", id_, values)


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "D01": without_amount,
    "D02": without_close_date,
    "D03": overdue,
    "D04": put_off,
    "D05": without_contact,
    "D07": without_main_contact,
    "D08": nobody_decides,
    "D09": of_one_person,
    "D11": contact_from_elsewhere,
    "D12": stale,
    "D13": too_old,
    "D14": at_no_stage,
    "D15": lost_and_likely,
    "D16": lost_without_reason,
    "D17": entered_twice,
    "D18": won_before_entered,
    "D19": without_currency,
    "D20": opened_again,
    "D21": contact_added_afterwards,
    "D22": role_twice,
    "D23": bought_by_leads,
    "M10": customer_of_nothing,
    "M11": bought_as_a_lead,
}
