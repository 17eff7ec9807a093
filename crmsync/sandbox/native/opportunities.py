"""Opportunities become deals and stay in step with them; a deleted one takes its deal along, not the other way.

Knowledge Base: Sync Salesforce opportunities to HubSpot (2023-06-28, 2025-02-12, read 2026-11). Not simulated: the
pipelines the connector makes of its own; a stage is found by its label.
"""

from __future__ import annotations

from crmsync.sandbox.hubspot import records, ties
from crmsync.sandbox.hubspot.association_types import unlabelled
from crmsync.sandbox.hubspot.tie_limits import has_room
from crmsync.sandbox.native.accounts import company_of
from crmsync.sandbox.native.noticing import gone, see, touched
from crmsync.sandbox.native.settings import clear_error, forget, note_error
from crmsync.sandbox.native.syncing import (
    bring_together,
    mapped,
    remember_pair,
    salesforce_values,
)
from crmsync.sandbox.native.values import NoSuchValue, Pair, to_hubspot
from crmsync.sandbox.native.writing import NotWritten, write_in_hubspot

LINK = "hs_salesforceopportunityid"


def define_link(pair: Pair) -> None:
    """Makes the property by which a deal knows its opportunity; a portal with the connector has it."""
    if LINK not in pair.hubspot.portal.definitions("deals"):
        label = "Salesforce Opportunity ID"
        pair.hubspot.define_property("deals", LINK, "string", "text", label=label)


def sync_deals(pair: Pair) -> None:
    """What changed about opportunities and their deals, on either side."""
    for opportunity in gone(pair, "Opportunity"):
        _gone(pair, opportunity)
    todo = dict.fromkeys(touched(pair, "deals"))
    for opportunity in touched(pair, "Opportunity"):
        deal = _deal_of(pair, opportunity)
        if deal is None:
            _made(pair, opportunity)
        else:
            todo[deal] = None
    for id_ in sorted(todo, key=int):
        _sync_deal(pair, id_)


def _sync_deal(pair: Pair, id_: str) -> None:
    row = pair.hubspot.portal.row("deals", id_)
    opportunity = row["properties"].get(LINK, "") if row else ""
    if opportunity and pair.salesforce.rows.live("Opportunity", opportunity) is not None:
        partner = ("Opportunity", opportunity)
        bring_together(pair, "deals", id_, partner, {LINK: opportunity})
    else:
        see(pair, "deals", id_)


def _deal_of(pair: Pair, opportunity: str) -> str | None:
    portal = pair.hubspot.portal
    for number in portal.objects["deals"].live:
        row = portal.row("deals", str(number))
        if row is not None and row["properties"].get(LINK) == opportunity:
            return str(number)
    return None


def _gone(pair: Pair, opportunity: str) -> None:
    deal = _deal_of(pair, opportunity)
    see(pair, "Opportunity", opportunity)
    if deal is not None:
        records.archive(pair.hubspot.portal, "deals", deal)
        pair.hubspot.tables.commit()
        see(pair, "deals", deal)
        forget(pair.hubspot.tables, f"pair deals {deal}")


def _made(pair: Pair, opportunity: str) -> None:
    row = pair.salesforce.rows.get("Opportunity", opportunity) or {}
    fields = mapped(pair, "deals", "Opportunity")
    values = salesforce_values(pair, "Opportunity", row, fields)
    record = f"Opportunity {opportunity}"
    try:
        ours = {
            one.property: to_hubspot(pair, one.kind, values[one.property])
            for one in fields
            if values[one.property]
        }
        deal = write_in_hubspot(pair, "deals", None, ours, {LINK: opportunity})
    except (NotWritten, NoSuchValue) as error:
        note_error(pair.hubspot.tables, record, str(error))
        see(pair, "Opportunity", opportunity)
        return
    clear_error(pair.hubspot.tables, record)
    company = company_of(pair, str(row.get("AccountId") or "-"))
    ends, types = ("deals", deal, "companies", str(company)), (unlabelled("deals", "companies"), 5)
    if company is not None and has_room(pair.hubspot.portal, ends, types):
        ties.add(pair.hubspot.portal, ends, types)
        pair.hubspot.tables.commit()
    remember_pair(pair, "deals", deal, ("Opportunity", opportunity), ({}, {}))
