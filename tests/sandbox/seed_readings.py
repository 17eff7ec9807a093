"""A plain reading of the rows of a seed: each planted defect found without the code that planted it.

It knows the native rows only: one function an audit. A finding is (audit, system, object, id).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import stdnum.ar.cuit
import stdnum.cl.rut
import stdnum.co.nit
import stdnum.es.nif
import stdnum.mx.rfc
import stdnum.pe.ruc
from publicsuffixlist import PublicSuffixList

from crmsync.sandbox.seed import Seed, generate

Finding = tuple[str, str, str, str]
Rows = dict[str, dict[str, Any]]
ROLE_MAILBOXES = re.compile(
    "info|sales|support|admin|contact|hello|office|billing|marketing|hr|contacto|ventas|soporte|"
    "administracion|facturacion|hola|rrhh|atencion|compras|contato|vendas"
)


FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com"})
SUFFIXES = PublicSuffixList()


class World:
    """The rows of a seed by id, and its HubSpot associations in both directions."""

    def __init__(self, seed: Seed) -> None:
        self.salesforce = {name: by_id(rows) for name, rows in seed.salesforce.items()}
        self.hubspot = {name: by_id(rows) for name, rows in seed.hubspot.items()}
        self.ties: dict[tuple[str, str, str], set[tuple[str, int]]] = defaultdict(set)
        opposite = {1: 2, 279: 280, 5: 6, 341: 342, 3: 4, 14: 13}
        for tie in seed.associations:
            for type_id in tie.type_ids:
                there = tie.from_object, tie.from_id, tie.to_object
                back = tie.to_object, tie.to_id, tie.from_object
                self.ties[there].add((tie.to_id, type_id))
                self.ties[back].add((tie.from_id, opposite[type_id]))

    def tied(self, name: str, id_: str, other: str, type_id: int | None = None) -> set[str]:
        ties = self.ties.get((name, id_, other), set())
        return {to for to, type_ in ties if type_id in (None, type_)}


def by_id(rows: Iterable[Any]) -> Rows:
    return {row.id: dict(row.values) for row in rows}


def email_of(row: dict[str, Any]) -> str:
    return str(row.get("Email") or row.get("email") or "").strip().lower()


def is_role(email: str) -> bool:
    return ROLE_MAILBOXES.fullmatch(email.partition("@")[0]) is not None


def registrable(text: str) -> str | None:
    if not text:
        return None
    host = urlsplit(text if "//" in text else f"//{text}").hostname
    return SUFFIXES.privatesuffix(host) if host else None


def is_open(deal: dict[str, Any]) -> bool:
    stage = deal.get("StageName") or deal.get("dealstage")
    return stage not in ("Closed Won", "Closed Lost", "closedwon", "closedlost")


def is_won(deal: dict[str, Any]) -> bool:
    return (deal.get("StageName") or deal.get("dealstage")) in ("Closed Won", "closedwon")


def people_by_email(world: World) -> dict[str, list[tuple[str, str]]]:
    """E-mail -> the Contacts and Leads that have it."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in ("Contact", "Lead"):
        for id_, row in world.salesforce[name].items():
            groups[email_of(row)].append((name, id_))
    return groups


def same_person(world: World) -> dict[str, tuple[str, str]]:
    """HubSpot contact id -> (object, id) of the only Salesforce person with the same e-mail."""
    theirs = people_by_email(world)
    ours = Counter(email_of(row) for row in world.hubspot["contacts"].values())
    return {
        id_: theirs[email_of(row)][0]
        for id_, row in world.hubspot["contacts"].items()
        if email_of(row) and ours[email_of(row)] == 1 and len(theirs[email_of(row)]) == 1
    }


def c05(world: World) -> set[Finding]:
    found: set[Finding] = set()
    for system, name, rows in (
        ("salesforce", "Contact", world.salesforce["Contact"]),
        ("salesforce", "Lead", world.salesforce["Lead"]),
        ("hubspot", "contacts", world.hubspot["contacts"]),
    ):
        seen = Counter(email_of(row) for row in rows.values())
        for id_, row in rows.items():
            email = email_of(row)
            if email and seen[email] > 1 and not is_role(email):
                found.add(("C05", system, name, id_))
    return found


def m01(world: World) -> set[Finding]:
    accounts, companies = world.salesforce["Account"], world.hubspot["companies"]
    parents = {id_: {row["ParentId"]} for id_, row in accounts.items() if "ParentId" in row}
    ties = {id_: world.tied("companies", id_, "companies", 14) for id_ in companies}
    return shared_domains("salesforce", "Account", accounts, "Website", parents) | shared_domains(
        "hubspot", "companies", companies, "domain", ties
    )


def shared_domains(
    system: str, name: str, rows: Rows, field: str, parents: dict[str, set[str]]
) -> set[Finding]:
    groups: dict[str, set[str]] = defaultdict(set)
    for id_, row in rows.items():
        domain = registrable(row.get(field, ""))
        if domain and domain not in FREE_MAIL:
            groups[domain].add(id_)
    found: set[Finding] = set()
    for group in groups.values():
        left = {id_ for id_ in group if not parents.get(id_, set()) & group}
        if len(left) > 1:
            found |= {("M01", system, name, id_) for id_ in left}
    return found


def d06(world: World) -> set[Finding]:
    roles = world.salesforce["OpportunityContactRole"].values()
    with_role = {row["OpportunityId"] for row in roles if row.get("Role")}
    theirs = {
        ("D06", "salesforce", "Opportunity", id_)
        for id_, deal in world.salesforce["Opportunity"].items()
        if is_won(deal) and id_ not in with_role
    }
    ours = {
        ("D06", "hubspot", "deals", id_)
        for id_, deal in world.hubspot["deals"].items()
        if is_won(deal) and not world.tied("deals", id_, "contacts")
    }
    return theirs | ours


def d05(world: World) -> set[Finding]:
    roles = world.salesforce["OpportunityContactRole"].values()
    with_somebody = {row["OpportunityId"] for row in roles}
    theirs = {
        ("D05", "salesforce", "Opportunity", id_)
        for id_, deal in world.salesforce["Opportunity"].items()
        if is_open(deal) and id_ not in with_somebody
    }
    ours = {
        ("D05", "hubspot", "deals", id_)
        for id_, deal in world.hubspot["deals"].items()
        if is_open(deal) and not world.tied("deals", id_, "contacts")
    }
    return theirs | ours


def d10(world: World) -> set[Finding]:
    theirs = {
        ("D10", "salesforce", "Opportunity", id_)
        for id_, deal in world.salesforce["Opportunity"].items()
        if not deal.get("AccountId")
    }
    ours = {
        ("D10", "hubspot", "deals", id_)
        for id_ in world.hubspot["deals"]
        if not world.tied("deals", id_, "companies")
    }
    return theirs | ours


def l09(world: World) -> set[Finding]:
    contacts = {email_of(row) for row in world.salesforce["Contact"].values()}
    return {
        ("L09", "salesforce", "Lead", id_)
        for id_, row in world.salesforce["Lead"].items()
        if not row["IsConverted"]
        and email_of(row)
        and email_of(row) in contacts
        and not is_role(email_of(row))
    }


def has_open_deal_in_hubspot(world: World, contact: str) -> bool:
    deals = set(world.tied("contacts", contact, "deals"))
    for company in world.tied("contacts", contact, "companies", 1):
        deals |= world.tied("companies", company, "deals")
    return any(is_open(world.hubspot["deals"][deal]) for deal in deals)


def open_in_salesforce(world: World) -> set[str]:
    """Ids of the Contacts with an open Opportunity, by role or by their Account."""
    opportunities = world.salesforce["Opportunity"]
    open_ids = {id_ for id_, deal in opportunities.items() if is_open(deal)}
    accounts = {opportunities[id_].get("AccountId") for id_ in open_ids} - {None}
    roles = world.salesforce["OpportunityContactRole"].values()
    by_role = {row["ContactId"] for row in roles if row["OpportunityId"] in open_ids}
    contacts = world.salesforce["Contact"].items()
    return by_role | {id_ for id_, row in contacts if row.get("AccountId") in accounts}


def l06(world: World) -> set[Finding]:
    pairs, busy = same_person(world), open_in_salesforce(world)
    return {
        ("L06", "hubspot", "contacts", id_)
        for id_, row in world.hubspot["contacts"].items()
        if row.get("lifecyclestage") == "opportunity"
        and not has_open_deal_in_hubspot(world, id_)
        and pairs.get(id_, ("", ""))[1] not in busy
    }


def l11(world: World) -> set[Finding]:
    opportunities = world.salesforce["Opportunity"]
    roles = world.salesforce["OpportunityContactRole"].values()
    won = {row["ContactId"] for row in roles if is_won(opportunities[row["OpportunityId"]])}
    pairs = same_person(world)
    found: set[Finding] = set()
    for id_, row in world.hubspot["contacts"].items():
        deals = world.tied("contacts", id_, "deals")
        here = any(is_won(world.hubspot["deals"][deal]) for deal in deals)
        there = pairs.get(id_, ("", ""))[1] in won
        if (here or there) and row.get("lifecyclestage") not in ("customer", "evangelist"):
            found.add(("L11", "hubspot", "contacts", id_))
    return found


def g02(world: World) -> set[Finding]:
    return {
        ("G02", "hubspot", "contacts", id_)
        for id_, (name, other) in same_person(world).items()
        if world.salesforce[name][other]["HasOptedOutOfEmail"]
        != (world.hubspot["contacts"][id_].get("hs_email_optout") == "true")
    }


def pointed(world: World) -> dict[str, str]:
    """HubSpot contact id -> the first 15 characters of the Salesforce person it says it is."""
    return {
        id_: str(row.get("salesforcecontactid") or row.get("salesforceleadid"))[:15]
        for id_, row in world.hubspot["contacts"].items()
        if row.get("salesforcecontactid") or row.get("salesforceleadid")
    }


def accused(audit: str, ids: Iterable[str]) -> set[Finding]:
    return {(audit, "hubspot", "contacts", id_) for id_ in ids}


def x02(world: World) -> set[Finding]:
    there = {id_[:15] for name in ("Contact", "Lead") for id_ in world.salesforce[name]}
    return accused("X02", (id_ for id_, other in pointed(world).items() if other not in there))


def x03(world: World) -> set[Finding]:
    how_many = Counter(pointed(world).values())
    return accused("X03", (id_ for id_, other in pointed(world).items() if how_many[other] > 1))


def x04(world: World) -> set[Finding]:
    other_than_mailed = {
        id_
        for id_, (_, mailed) in same_person(world).items()
        if pointed(world).get(id_, mailed[:15]) != mailed[:15]
    }
    return accused("X04", other_than_mailed) - accused("X04", (each[3] for each in x03(world)))


CHECKED = {
    "ES": stdnum.es.nif.is_valid,
    "MX": partial(stdnum.mx.rfc.is_valid, validate_check_digits=True),
    "CO": stdnum.co.nit.is_valid,
    "CL": stdnum.cl.rut.is_valid,
    "AR": stdnum.ar.cuit.is_valid,
    "PE": stdnum.pe.ruc.is_valid,
}


COUNTRIES = {
    **{"Spain": "ES", "España": "ES", "Mexico": "MX", "México": "MX", "Colombia": "CO"},
    **{"Chile": "CL", "Argentina": "AR", "Peru": "PE", "Perú": "PE"},
}


PLACES = (
    ("salesforce", "Account", "Tax_ID__c", "BillingCountry"),
    ("hubspot", "companies", "tax_id", "country"),
)


NUMBERS = (
    ("salesforce", "Contact", ("Phone", "MobilePhone")),
    ("salesforce", "Lead", ("Phone", "MobilePhone")),
    ("salesforce", "Account", ("Phone",)),
    ("hubspot", "contacts", ("phone", "mobilephone")),
    ("hubspot", "companies", ("phone",)),
)


def c20(world: World) -> set[Finding]:
    """Phones without digits, and tax ids whose check digit is wrong."""
    found: set[Finding] = set()
    for system, name, fields in NUMBERS:
        for id_, row in getattr(world, system)[name].items():
            if name == "Lead" and row["IsConverted"]:
                continue
            if any(row.get(each) and not re.search(r"\d", row[each]) for each in fields):
                found.add(("C20", system, name, id_))
    for system, name, field, country in PLACES:
        for id_, row in getattr(world, system)[name].items():
            is_valid = CHECKED.get(COUNTRIES.get(row.get(country, ""), ""))
            if is_valid and row.get(field) and not is_valid(row[field]):
                found.add(("C20", system, name, id_))
    return found


AUDITS: dict[str, Callable[[World], set[Finding]]] = {
    "C05": c05,
    "C20": c20,
    "D05": d05,
    "D06": d06,
    "D10": d10,
    "G02": g02,
    "L06": l06,
    "L09": l09,
    "L11": l11,
    "M01": m01,
    "X02": x02,
    "X03": x03,
    "X04": x04,
}


def planted(seed: Seed, audit: str) -> set[Finding]:
    return {(p.audit, p.system, p.object, p.id) for p in seed.truth if p.audit == audit}


SIZES: dict[str, dict[str, Any]] = {
    "default": {},
    "large": {"contacts": 3000, "companies": 700, "deals": 900},
    "small": {"contacts": 60, "companies": 20, "deals": 20},
    "many deals": {"contacts": 300, "companies": 30, "deals": 400},
    "many companies": {"contacts": 100, "companies": 400, "deals": 50},
    "no deals": {"contacts": 200, "companies": 50, "deals": 0},
    "no companies": {"contacts": 50, "companies": 0, "deals": 10},
    "one of each": {"contacts": 1, "companies": 1, "deals": 1},
    "nothing": {"contacts": 0, "companies": 0, "deals": 0},
}


@pytest.fixture(scope="module")
def world() -> World:
    return World(generate())
