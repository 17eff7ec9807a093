"""Two thousand people and three hundred companies with nothing wrong about them but how they are called.

Names are put together from the lists in tests/audits/names, always in the same way: no chance is in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

NAMES = Path(__file__).with_name("names")
PEOPLES = ("spanish", "portuguese", "basque", "catalan", "arabic", "chinese", "others")
PEOPLE = 2000
_TWO_SURNAMES = ("spanish", "portuguese", "basque", "catalan")
_JOINED = (" ", " ", "-", " y ", " i ", " e ", " de ")
Row = dict[str, Any]


@cache
def names(which: str) -> tuple[str, ...]:
    """One list of names."""
    return tuple((NAMES / f"{which}.txt").read_text(encoding="utf-8").splitlines())


def person(number: int) -> tuple[str, str]:
    """First and last name of one of the people."""
    which = PEOPLES[number % len(PEOPLES)]
    given, surnames = names(f"{which}_given"), names(f"{which}_surnames")
    place = number // len(PEOPLES)
    first, last = (
        given[place % len(given)],
        surnames[(place * 13 + place // len(given) * 5) % len(surnames)],
    )
    if which in _TWO_SURNAMES and place % 3:
        joined = _JOINED[place % len(_JOINED)]
        last = f"{last}{joined}{surnames[(place * 11 + 5) % len(surnames)]}"
    return first, last


def latin(text: str) -> str:
    """The letters of a name that an address can have."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", ".", plain.lower()).strip(".")


def address(number: int) -> str:
    """An address as people choose them: at work or at home, by both names or by one."""
    first, last = (latin(each) for each in person(number))
    local = (f"{first}.{last}", last, first[:1] + last, first)[number % 4].strip(".") or "c"
    home = (f"casa-{number}.example", "gmail.com", "hotmail.com.ar", "uol.com.br", "ymail.com")
    at = f"empresa-{number % 300}.example" if number % 3 else home[number % len(home)]
    return f"{local}{number}@{at}"


def companies() -> Iterator[tuple[str, str, str, str | None]]:
    """(id, name, domain, id of its parent): every tenth has two branches with its domain."""
    for number, name in enumerate(names("companies")):
        id_, domain = f"001{number:04d}", f"empresa-{number}.example"
        yield id_, name, domain, None
        if number % 10 == 0:
            for town in ("Sevilla", "Lima"):
                yield f"{id_}{town[0]}", f"{name} - {town}", domain, id_


def salesforce() -> dict[str, list[Row]]:
    """Everybody as Salesforce has them: contacts of a company, and every ninth as a lead."""
    accounts = [
        {"_id": id_, "Name": name, "Website": domain, "ParentId": parent,
         "BillingCountry": "España", "BillingCity": f"Villa {id_}"}
        for id_, name, domain, parent in companies()
    ]  # fmt: skip
    people = [_in_salesforce(number) for number in range(PEOPLE)]
    return {
        "Account": accounts,
        "Contact": [row for n, row in enumerate(people) if n % 9] + _mailboxes("Contact"),
        "Lead": [_lead(row) for n, row in enumerate(people) if not n % 9],
    }


def _in_salesforce(number: int) -> Row:
    first, last = person(number)
    at_work = number % 3 != 0
    return {
        "_id": f"003{number:05d}", "FirstName": first, "LastName": last, "Email": address(number),
        # A family of four has one phone, and so has everybody at a company.
        "Phone": f"+3491{number % 300 if at_work else 500 + number // 12:03d}0000",
        "AccountId": f"001{number % 300:04d}" if at_work else None,
        "MailingCountry": ("España", "México", "Brasil", "Portugal", "Maroc", "China", "UK")[number % 7],
    }  # fmt: skip


def _lead(row: Row) -> Row:
    kept = {k: v for k, v in row.items() if k not in ("AccountId", "MailingCountry")}
    return {
        **kept,
        "Country": row["MailingCountry"],
        "IsConverted": "false",
        "Company": "[not provided]",
    }


def _mailboxes(object_: str) -> list[Row]:
    """Records that are meant as mailboxes, several of one address."""
    called = (
        ("Recepción", "Central"),
        (None, "Info"),
        ("Departamento de", "Compras"),
        (None, "Atención al Cliente"),
    )
    return [
        {"_id": f"003M{number}{place}", "FirstName": first, "LastName": last, "Email": f"info@empresa-{number}.example",
         "AccountId": f"001{number:04d}"}
        for number in range(5)
        for place, (first, last) in enumerate(called)
    ]  # fmt: skip


def hubspot() -> dict[str, list[Row]]:
    """Some of the same people in HubSpot, never integrated with Salesforce; every one is paid for."""
    people = [_in_hubspot(number) for number in range(0, PEOPLE, 2)]
    boxes = [{"_id": f"9{n}", "email": f"ventas@empresa-{n}.example"} for n in range(5)]
    return {
        "contacts": people + boxes,
        "companies": [
            {"_id": id_[3:], "name": name, "domain": domain, "country": "Spain", "city": f"Villa {id_}"}
            for id_, name, domain, parent in companies()
            if parent is None
        ],
    }  # fmt: skip


def _in_hubspot(number: int) -> Row:
    row = _in_salesforce(number)
    return {
        "_id": str(10_000 + number), "firstname": row["FirstName"], "lastname": row["LastName"], "email": row["Email"],
        "phone": row["Phone"], "country": row["MailingCountry"], "hs_marketable_status": "true",
        "associatedcompanyid": f"{number % 300:04d}" if row["AccountId"] else None,
    }  # fmt: skip
