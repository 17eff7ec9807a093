"""Customers while they are being invented, before either CRM's words for them.

Drafts are the one mutable thing of the generator: defects are planted by changing them. What ends
in a Seed is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crmsync.sandbox.seeding.pools import COUNTRIES, Country

SYSTEMS = ("salesforce", "hubspot")

STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won", "lost")


@dataclass(slots=True)
class Owner:
    """A user of both CRMs; `systems` says where the person has an account, `left` where it is closed.

    `emails` holds, per system, an address that is not the person's usual one.
    """

    number: int
    first: str
    last: str
    email: str
    left: tuple[str, ...] = ()
    systems: tuple[str, ...] = SYSTEMS
    emails: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Company:
    """A company. `details` are further neutral fields; `patches` holds, per system, what differs there."""

    number: int
    name: str
    domain: str
    country: Country
    country_name: str
    city: str
    street: str
    phone: str
    industry: tuple[str, str]
    employees: int
    revenue: int
    owner: Owner
    created: date
    systems: tuple[str, ...] = SYSTEMS
    parent: Company | None = None
    same_domain: str = ""  # why it shares a domain: "", "family", "duplicate", "freemail"
    shown_domain: str = ""  # what its record says, where that is not the domain of its people
    duplicate_in: str = ""  # the system in which it is a planted duplicate
    details: dict[str, str] = field(default_factory=dict)
    patches: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Person:
    """A person; `seats` are the Salesforce records, `kind` the story told with the person.

    Kinds: plain, twice (C05), both_seats (L09), converted, mailbox (a shared address), unmailed.
    Only a plain person has one unambiguous e-mail per system, so only plain ones get deals.
    """

    number: int
    first: str
    last: str
    email: str
    phone: str
    mobile: str
    title: str
    city: str
    country: Country
    country_name: str
    company: Company | None
    owner: Owner
    created: date
    source: str
    seats: tuple[str, ...]
    in_hubspot: bool
    kind: str = "plain"
    stage: str = "lead"
    status: str = ""
    opted_out: dict[str, bool] = field(default_factory=dict)
    planted: str = ""  # at most one of L06, L11, G02; C05 and L09 follow from the kind
    native_link: str = (
        ""  # linked, broken (X02), double (X03), crossed (X04), or the bystander of one
    )
    points_to: Person | None = None  # whose Salesforce record the HubSpot contact says it is
    details: dict[str, str] = field(default_factory=dict)
    patches: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Deal:
    """A deal; `roles` are Salesforce contact roles, `people` the contacts HubSpot ties to it."""

    number: int
    name: str
    company: Company
    cents: int
    stage: str
    created: date
    closes: date
    owner: Owner
    kind: str
    systems: tuple[str, ...]
    roles: list[tuple[Person, str]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    without_company: str = ""  # the system that holds it without its company (D10)
    without_role: str = ""  # the system that holds it, won, without a contact role (D06)
    details: dict[str, str] = field(default_factory=dict)
    patches: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """True unless it is won or lost."""
        return self.stage not in ("won", "lost")


@dataclass(slots=True)
class Draft:
    """Everything invented so far, and the one source of chance."""

    rng: Random
    as_of: date
    owners: list[Owner] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """True in that share of the cases (0 to 1)."""
        return self.rng.random() < share

    def day_before(self, first_days: int, last_days: int) -> date:
        """A day that lies between so many days before `as_of`."""
        return self.as_of - timedelta(days=self.rng.randint(first_days, last_days))

    def country(self) -> Country:
        """A market, the larger ones more often."""
        return self.rng.choices(COUNTRIES, _WEIGHTS)[0]


_WEIGHTS = [country.weight for country in COUNTRIES]
