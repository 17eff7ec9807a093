"""What details of demo data are called in HubSpot: our word on the left, its own on the right."""

from __future__ import annotations

# HubSpot's words for what a company is to us; it has none for a customer.
COMPANY_TYPES = {
    "customer": "",
    "prospect": "PROSPECT",
    "reseller": "RESELLER",
    "partner": "PARTNER",
}
FORECAST = {"won": "CLOSED", "lost": "OMIT"}
# How people write a salutation in Spanish; whoever reads both has to know that they are the same.
SALUTATIONS = {"Mr.": "Sr.", "Ms.": "Sra."}

# Our details -> the properties of an object.
COMPANY = {
    "state": "state",
    "postal_code": "zip",
    "tax_id": "tax_id",
    "founded_year": "founded_year",
    "description": "description",
    "linkedin": "linkedin_company_page",
    "original_source": "hs_analytics_source",
}
CONTACT = {
    "street": "address",
    "state": "state",
    "postal_code": "zip",
    "birthdate": "date_of_birth",
    "fax": "fax",
    "job_function": "job_function",
    "seniority": "seniority",
    "language": "hs_language",
    "linkedin": "hs_linkedin_url",
    "original_source": "hs_analytics_source",
    "marketing": "hs_marketable_status",
    "message": "message",
    "other_emails": "hs_additional_emails",
    "do_not_call": "do_not_call",
    "industry": "industry",
    "website": "website",
    "revenue": "annualrevenue",
}
DEAL = {
    "currency": "deal_currency_code",
    "next_step": "hs_next_step",
    "description": "description",
    "loss_reason": "closed_lost_reason",
    "original_source": "hs_analytics_source",
}
