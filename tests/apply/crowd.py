"""A small world in which one plan holds every kind of write, and what must be left alone."""

from __future__ import annotations

from apply.pairs import Pair, met
from crmsync.sandbox.hubspot.ties import replace

DEALS_MAY_BE_CREATED = (
    "{system: hubspot, object: deals, create: never}",
    "{system: hubspot, object: deals, create: {when: {name: present}}}",
)
TIER = """
  - field: tier
    type: choice
    names: {salesforce: {Contact: Tier__c}, hubspot: tier}
    values: {salesforce: {Gold: gold, Silver: silver}, hubspot: {gold: gold, silver: silver}}
    on_conflict: {prefer: hubspot}
    why: Marketing knows.
"""


def seed(pair: Pair) -> None:
    """A settled night, then a day of work: the next plan holds one of everything."""
    pair.mapping("deal", DEALS_MAY_BE_CREATED)
    give_tiers(pair)
    ana, eva, iris = met(pair, "Ana"), met(pair, "Eva"), met(pair, "Iris")
    acme = _company(pair, "Acme")
    deal = _deal(pair, "Renewal", acme)
    pair.night()
    _changes(pair, ana, eva, iris)
    _newcomers(pair)
    replace(pair.servers.hubspot.portal, ("deals", deal, "companies", acme[1]), ())


def give_tiers(pair: Pair) -> None:
    """A field with two options, in both systems and in the mapping."""
    offer_tiers(pair, "Gold", "Silver")
    options = [{"label": each, "value": each} for each in ("gold", "silver")]
    pair.servers.hubspot.define_property(
        "contacts", "tier", "enumeration", "select", options=options
    )
    with (pair.folder / "mappings" / "contact.yml").open("a") as file:
        file.write(TIER)
    pair.reopen()


def offer_tiers(pair: Pair, *options: str) -> None:
    """What Salesforce takes as a tier from now on."""
    pair.servers.salesforce.define_field(
        "Contact", "Tier__c", "picklist", picklist=options, restricted=True
    )


def _company(pair: Pair, name: str) -> tuple[str, str]:
    domain = f"{name.lower()}.example"
    return (
        pair.salesforce("Account", Name=name, Website=domain),
        pair.hubspot("companies", name=name, domain=domain),
    )


def _deal(pair: Pair, name: str, company: tuple[str, str]) -> str:
    """The HubSpot id of a deal that both systems know by its name and company."""
    pair.salesforce(
        "Opportunity",
        Name=name,
        StageName="Prospecting",
        CloseDate="2027-01-31",
        AccountId=company[0],
    )
    stage = {"dealstage": "appointmentscheduled", "pipeline": "default"}
    deal = pair.hubspot("deals", dealname=name, closedate="2027-01-31", **stage)
    pair.servers.hubspot.associate("deals", deal, "companies", company[1], [5])
    return deal


def _changes(pair: Pair, ana: tuple[str, str], eva: tuple[str, str], iris: tuple[str, str]) -> None:
    pair.salesforce("Contact", ana[0], Title="Director", HasOptedOutOfEmail=True)
    pair.hubspot("contacts", ana[1], mobilephone="+34600111222", tier="silver")
    pair.salesforce("Contact", eva[0], Title="Buyer")
    pair.hubspot("contacts", eva[1], jobtitle="Seller", city="Vigo")
    pair.salesforce("Contact", iris[0], Title="Partner")
    pair.hubspot("contacts", iris[1], jobtitle="Partner")


def _newcomers(pair: Pair) -> None:
    """A company and its person that HubSpot lacks, one that Salesforce lacks, and a pair that agrees."""
    new = pair.salesforce("Account", Name="Nuevo", Website="nuevo.example", Phone="+34944444444")
    pair.salesforce(
        "Contact", FirstName="Noa", LastName="Gil", Email="noa@nuevo.example", AccountId=new
    )
    pair.salesforce(
        "Opportunity", Name="First", StageName="Qualification", CloseDate="2027-02-28",
        AccountId=new, Amount=1200,
    )  # fmt: skip
    pair.hubspot("companies", name="Sur", domain="sur.example", city="Cádiz")
    met(pair, "Uma")
    _company(pair, "Beta")
