"""Writes under one account share a call as far as they can, so that no call waits for another one's lock."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from apply.pairs import Pair
from crmsync.connectors.salesforce.locks import PARENTS
from crmsync.connectors.salesforce.writing import BATCH_SIZE
from crmsync.core.planning import CellChange, Change, by_parent

CREATES = (
    "{system: salesforce, object: Contact, create: never}",
    "{system: salesforce, object: Contact, create: {when: {email: present, last_name: present}}}",
)


def change(key: str) -> Change:
    cells = (CellChange("title", None, "x", "changed"),)
    return Change("update", 2, "contact", key, "salesforce", "Contact", key, cells).with_id()


def test_changes_under_one_parent_stand_beside_each_other_in_their_own_order() -> None:
    rows = [change(key) for key in "dacb"]
    parents = dict(zip((row.id for row in rows), ("p2", "p1", "p2", "p1"), strict=True))
    assert [each.key for each in by_parent(rows, parents)] == ["a", "b", "d", "c"]
    assert by_parent(rows, {}) == rows


def test_a_large_night_writes_each_company_in_as_few_calls_as_it_can(pair: Pair) -> None:
    from crmsync.sandbox.hubspot.ties import replace

    pair.mapping("contact", CREATES)
    portal = pair.servers.hubspot.portal
    companies = []
    for at in range(3):
        name, domain = f"Firm {at}", f"firm{at}.example"
        pair.salesforce("Account", Name=name, Website=domain)
        companies.append(pair.hubspot("companies", name=name, domain=domain))
    for at in range(BATCH_SIZE + 10):
        mail = f"p{at}@people.example"
        one = pair.hubspot("contacts", lastname=f"P {at}", email=mail)
        replace(portal, ("contacts", one, "companies", companies[at % 3]), (1,))
    pair.night()
    accounts = accounts_in_order(pair)
    assert len(accounts) == BATCH_SIZE + 10
    assert len([name for name, _ in groupby(accounts)]) == 3


def accounts_in_order(pair: Pair) -> list[Any]:
    """The account of every contact that was created, in the order of their ids."""
    rows = dict(pair.servers.salesforce.tables.rows("Contact"))
    return [rows[id_].get(PARENTS["Contact"]) for id_ in sorted(rows)]
