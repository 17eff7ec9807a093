"""The deal properties of a fresh portal that a sync tool meets.

Names, types and options: developers.hubspot.com, default properties, and recordings (read 2026-11).
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.contact_properties import SOURCES
from crmsync.sandbox.hubspot.definitions import Definition, native, options, sync_key
from crmsync.sandbox.hubspot.stage_times import stage_definitions

GROUP = "dealinformation"

# Stages and probabilities of the default pipeline: recorded 2026-03.
SALES_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)

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
hs_v2_date_entered_current_stage | datetime | date | ro | Date entered current stage
closed_lost_reason | string | textarea | | Closed Lost Reason
closed_won_reason | string | textarea | | Closed Won Reason
amount_in_home_currency | number | number | ro calc | Amount in company currency
hs_acv | number | number | | Annual contract value
hs_arr | number | number | | Annual recurring revenue
hs_mrr | number | number | | Monthly recurring revenue
hs_tcv | number | number | | Total contract value
hs_analytics_source | enumeration | select | ro | Original Traffic Source
hs_analytics_source_data_1 | string | text | ro | Original Traffic Source Drill-Down 1
hs_analytics_source_data_2 | string | text | ro | Original Traffic Source Drill-Down 2
hs_merged_object_ids | enumeration | checkbox | ro | Merged record IDs
hs_object_source | string | text | ro | Record source
hs_object_source_id | string | text | ro | Record source ID
hs_object_source_label | string | text | ro | Record source
num_associated_contacts | number | number | ro calc | Number of Associated Contacts
notes_last_contacted | datetime | date | ro | Last Contacted
notes_last_updated | datetime | date | ro | Last Activity Date
num_contacted_notes | number | number | ro | Number of times contacted
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
    stages = stage_definitions(GROUP, ((id_, label) for id_, label, _ in SALES_STAGES))
    return [*priced, *stages, sync_key(GROUP)]
