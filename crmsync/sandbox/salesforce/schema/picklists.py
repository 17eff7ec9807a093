"""The picklist values a new Salesforce org starts with, as recorded describes show them.

Recordings: SFDO-Tooling/CumulusCI shared cassettes (read 2026-11).
"""

from __future__ import annotations

from typing import NamedTuple

INDUSTRIES = (
    "Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|Construction|Consulting|"
    "Education|Electronics|Energy|Engineering|Entertainment|Environmental|Finance|"
    "Food & Beverage|Government|Healthcare|Hospitality|Insurance|Machinery|Manufacturing|Media|"
    "Not For Profit|Recreation|Retail|Shipping|Technology|Telecommunications|Transportation|"
    "Utilities|Other"
)
LEAD_SOURCES = "Web|Phone Inquiry|Partner Referral|Purchased List|Other"
SALUTATIONS = "Mr.|Ms.|Mrs.|Dr.|Prof.|Mx."
RATINGS = "Hot|Warm|Cold"
LEAD_STATUSES = "Open - Not Contacted|Working - Contacted|Closed - Converted|Closed - Not Converted"
ACCOUNT_TYPES = (
    "Prospect|Customer - Direct|Customer - Channel|Channel Partner / Reseller|"
    "Installation Partner|Technology Partner|Other"
)
OPPORTUNITY_TYPES = (
    "Existing Customer - Upgrade|Existing Customer - Replacement|"
    "Existing Customer - Downgrade|New Customer"
)
ROLES = (
    "Business User|Decision Maker|Economic Buyer|Economic Decision Maker|Evaluator|"
    "Executive Sponsor|Influencer|Technical Buyer|Other"
)
FORECAST_CATEGORIES = "Omitted|Pipeline|BestCase|MostLikely|Forecast|Closed"
FORECAST_NAMES = "Omitted|Pipeline|Best Case|Commit|Closed"


class Stage(NamedTuple):
    """What a stage decides about an opportunity; `probability` in percent."""

    probability: float
    is_closed: bool
    is_won: bool
    forecast_category: str
    forecast_name: str


def _open(probability: float, category: str = "Pipeline", name: str = "Pipeline") -> Stage:
    return Stage(
        probability, is_closed=False, is_won=False, forecast_category=category, forecast_name=name
    )


# Probabilities and categories of a Developer Edition org; an administrator may change them.
STAGES: dict[str, Stage] = {
    "Prospecting": _open(10.0),
    "Qualification": _open(10.0),
    "Needs Analysis": _open(20.0),
    "Value Proposition": _open(50.0),
    "Id. Decision Makers": _open(60.0),
    "Perception Analysis": _open(70.0),
    "Proposal/Price Quote": _open(75.0),
    "Negotiation/Review": _open(90.0),
    "Closed Won": Stage(100.0, True, True, "Closed", "Closed"),
    "Closed Lost": Stage(0.0, True, False, "Omitted", "Omitted"),
}
# StageName is not restricted: a value nobody declared is accepted, and counts as open.
UNDECLARED_STAGE = _open(0.0)
