"""Accounts and companies: found by way of people, not by domain.

Knowledge Base: Manage your Salesforce integration settings (2026-01-16): associated contacts deduplicate companies.
"""

from __future__ import annotations

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.tie_limits import has_room
from crmsync.sandbox.native.noticing import gone, see, touched
from crmsync.sandbox.native.settings import forget, note_error, settings_of
from crmsync.sandbox.native.syncing import (
    Partner,
    bring_together,
    mapped,
    remember_pair,
    salesforce_values,
)
from crmsync.sandbox.native.values import NoSuchValue, Pair, to_hubspot
from crmsync.sandbox.native.writing import NotWritten, write_in_hubspot

LINK = "salesforceaccountid"


def sync_companies(pair: Pair) -> None:
    """What changed about companies that have an account, on either side."""
    for id_ in gone(pair, "Account"):
        see(pair, "Account", id_)
    todo = dict.fromkeys(touched(pair, "companies"))
    for account in touched(pair, "Account"):
        company = company_of(pair, account)
        if company is None:
            see(pair, "Account", account)
        else:
            todo[company] = None
    for id_ in sorted(todo, key=int):
        _sync_company(pair, id_)


def _sync_company(pair: Pair, id_: str) -> None:
    row = pair.hubspot.portal.row("companies", id_)
    account = row["properties"].get(LINK, "") if row else ""
    if account and pair.salesforce.rows.live("Account", account) is not None:
        bring_together(pair, "companies", id_, ("Account", account), {LINK: account})
    else:
        see(pair, "companies", id_)
        forget(pair.hubspot.tables, f"pair companies {id_}")


def company_of(pair: Pair, account: str) -> str | None:
    """The company that is linked to an account."""
    portal = pair.hubspot.portal
    for number in portal.objects["companies"].live:
        row = portal.row("companies", str(number))
        if row is not None and row["properties"].get(LINK) == account:
            return str(number)
    return None


def tie_to_company(pair: Pair, contact: str, partner: Partner) -> None:
    """Ties a contact to the company of its account, which is linked or made if there is none."""
    row = pair.salesforce.rows.live(*partner) or {}
    account = str(row.get("AccountId") or "")
    if not account or not settings_of(pair.hubspot.tables).companies:
        return
    portal = pair.hubspot.portal
    company = company_of(pair, account) or _linked(pair, contact, account) or _made(pair, account)
    found = portal.ties.of("contacts", contact, "companies")
    ends = ("contacts", contact, "companies", str(company))
    if company is not None and 1 not in found.get(company, ()) and has_room(portal, ends, (1,)):
        ties.add(portal, ends, (1,))
        pair.hubspot.tables.commit()
        see(pair, "contacts", contact)
        see(pair, "companies", company)


def _linked(pair: Pair, contact: str, account: str) -> str | None:
    """The company the contact has, if that one has no account yet."""
    portal = pair.hubspot.portal
    for id_ in portal.ties.of("contacts", contact, "companies"):
        row = portal.row("companies", id_)
        if row is not None and not row["properties"].get(LINK):
            bring_together(pair, "companies", id_, ("Account", account), {LINK: account})
            return id_
    return None


def _made(pair: Pair, account: str) -> str | None:
    row = pair.salesforce.rows.live("Account", account)
    if row is None:
        return None
    fields = mapped(pair, "companies", "Account")
    values = salesforce_values(pair, "Account", row, fields)
    try:
        ours = {
            one.property: to_hubspot(pair, one.kind, values[one.property])
            for one in fields
            if values[one.property]
        }
        id_ = write_in_hubspot(pair, "companies", None, ours, {LINK: account})
    except (NotWritten, NoSuchValue) as error:
        note_error(pair.hubspot.tables, f"Account {account}", str(error))
        return None
    remember_pair(pair, "companies", id_, ("Account", account), ({}, {}))
    return id_
