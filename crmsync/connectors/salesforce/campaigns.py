"""Campaigns of an org and who is a member of them.

A member keeps its lead after a conversion and has a contact besides: then the contact is the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmsync.connectors.facts import CAMPAIGN_MEMBERS, CAMPAIGNS
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.sources import Column, Source, Texts
from crmsync.connectors.salesforce.values import as_they_are, booleans, instants, references

Values = Sequence[Any]


def campaign_sources() -> list[Source]:
    """All campaigns, then all members, whatever their age.

    Fields: developer.salesforce.com, Campaign and CampaignMember (read 2026-11).
    """
    return [
        _source(CAMPAIGNS, "Campaign", _CAMPAIGN, ("Id",)),
        _source(CAMPAIGN_MEMBERS, "CampaignMember", _MEMBER, ("Id", "CampaignId", "LeadId", "ContactId")),
    ]  # fmt: skip


def _source(
    table: str, object_: str, columns: tuple[Column, ...], needs: tuple[str, ...]
) -> Source:
    asks = tuple(dict.fromkeys(name for column in columns for name in column.inputs))
    return Source(f"{table}.{object_}", object_, columns, asks, needs)


def _objects(contacts: Values, leads: Values) -> Texts:
    return [
        "Contact" if contact else "Lead" if lead else None
        for contact, lead in zip(contacts, leads, strict=True)
    ]


def _people(contacts: Values, leads: Values) -> Texts:
    return [
        id18(one) if (one := contact or lead) else None
        for contact, lead in zip(contacts, leads, strict=True)
    ]


_CAMPAIGN = (
    Column("id", ("Id",), references),
    Column("name", ("Name",), as_they_are),
    Column("type", ("Type",), as_they_are),
    Column("status", ("Status",), as_they_are),
    Column("starts_on", ("StartDate",), as_they_are),
    Column("ends_on", ("EndDate",), as_they_are),
    Column("active", ("IsActive",), booleans),
    Column("parent_id", ("ParentId",), references),
    Column("created_at", ("CreatedDate",), instants),
)
_MEMBER = (
    Column("id", ("Id",), references),
    Column("campaign_id", ("CampaignId",), references),
    Column("object", ("ContactId", "LeadId"), _objects),
    Column("record_id", ("ContactId", "LeadId"), _people),
    Column("status", ("Status",), as_they_are),
    Column("responded", ("HasResponded",), booleans),
    Column("responded_on", ("FirstRespondedDate",), as_they_are),
    Column("created_at", ("CreatedDate",), instants),
)
