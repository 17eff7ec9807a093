"""The deal properties of a fresh portal that a sync tool meets.

Names, types and options: developers.hubspot.com, default properties, and recordings (read 2026-11).
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.contact_properties import SOURCES
from crmsync.sandbox.hubspot.definitions import Definition, native, options, sync_key

GROUP = "dealinformation"

CURRENCIES = ("EUR", "USD", "GBP", "MXN", "COP", "CLP", "ARS", "PEN", "BRL", "CHF")

_CHOICES = {
    "dealtype": options(
        "newbusiness", "existingbusiness", labels=("New Business", "Existing Business")
    ),
    "deal_currency_code": options(*CURRENCIES, labels=CURRENCIES),
    "hs_priority": options("low", "medium", "high"),
    "hs_analytics_source": options(*SOURCES),
    "hs_manual_forecast_category": options("OMIT", "PIPELINE", "BEST_CASE", "COMMIT", "CLOSED"),
}

_LINES = """
dealname | string | text | | Deal Name
amount | number | number | | Amount
closedate | datetime | date | | Close Date
dealstage | enumeration | radio | ext | Deal Stage
pipeline | enumeration | select | ext | Pipeline
dealtype | enumeration | radio | | Deal Type
deal_currency_code | enumeration | select | | Currency
description | string | textarea | | Deal Description
hs_next_step | string | text | | Next step
hs_priority | enumeration | select | | Priority
hs_manual_forecast_category | enumeration | select | | Forecast category
hs_forecast_amount | number | number | ro calc | Forecast amount
hubspot_owner_id | enumeration | select | ext | Deal owner
hubspot_owner_assigneddate | datetime | date | ro | Owner Assigned Date
hs_is_closed | bool | booleancheckbox | ro calc | Is Deal Closed?
hs_is_closed_won | bool | booleancheckbox | ro calc | Is Closed Won
hs_is_closed_lost | bool | booleancheckbox | ro calc | Is closed lost
hs_deal_stage_probability | number | number | ro calc | Deal probability
hs_v2_date_entered_current_stage | datetime | date | ro calc | Date entered current stage
closed_lost_reason | string | textarea | | Closed Lost Reason
closed_won_reason | string | textarea | | Closed Won Reason
amount_in_home_currency | number | number | ro calc | Amount in company currency
hs_acv | number | number | | Annual contract value
hs_arr | number | number | | Annual recurring revenue
hs_mrr | number | number | | Monthly recurring revenue
hs_tcv | number | number | | Total contract value
hs_analytics_source | enumeration | select | ro | Original Traffic Source
hs_merged_object_ids | enumeration | checkbox | ro | Merged record IDs
hs_object_source | string | text | ro | Record source
hs_object_source_label | string | text | ro | Record source
num_associated_contacts | number | number | ro calc | Number of Associated Contacts
notes_last_contacted | datetime | date | ro | Last Contacted
notes_last_updated | datetime | date | ro | Last Activity Date
num_notes | number | number | ro | Number of Sales Activities
salesforcelastsynctime | datetime | date | ro | Last Salesforce Sync Time
createdate | datetime | date | ro | Create Date
hs_createdate | datetime | date | ro | HubSpot Create Date
hs_lastmodifieddate | datetime | date | ro | Last Modified Date
hs_object_id | number | number | ro | Record ID
"""

# Currency is per record: recorded from a portal, 2026-08.
_AMOUNT: dict[str, Any] = {
    "showCurrencySymbol": True,
    "currencyPropertyName": "deal_currency_code",
}


def deal_properties() -> list[Definition]:
    """Every deal property of a fresh portal, the sync key last."""
    ours = native(GROUP, _LINES, _CHOICES)
    priced = [{**one, **_AMOUNT} if one["name"] == "amount" else one for one in ours]
    return [*priced, sync_key(GROUP)]
