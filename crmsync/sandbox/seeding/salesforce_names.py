"""What details of demo data are called in Salesforce: our word on the left, its own on the right."""

from __future__ import annotations

# HubSpot's lead status, which the draft knows, in Salesforce's four words; all others are open.
LEAD_STATUS = {
    "IN_PROGRESS": "Working - Contacted",
    "ATTEMPTED_TO_CONTACT": "Working - Contacted",
    "CONNECTED": "Working - Contacted",
    "OPEN_DEAL": "Working - Contacted",
    "UNQUALIFIED": "Closed - Not Converted",
    "BAD_TIMING": "Closed - Not Converted",
}
ACCOUNT_TYPES = {
    "customer": "Customer - Direct",
    "prospect": "Prospect",
    "reseller": "Channel Partner / Reseller",
    "partner": "Technology Partner",
}
# Our details -> the fields of an object.
ACCOUNT = {
    "state": "BillingState",
    "postal_code": "BillingPostalCode",
    "tax_id": "Tax_ID__c",
    "fax": "Fax",
    "description": "Description",
    "source": "AccountSource",
}
PERSON = {"salutation": "Salutation", "fax": "Fax"}
CONTACT = {
    "street": "MailingStreet",
    "state": "MailingState",
    "postal_code": "MailingPostalCode",
    "birthdate": "Birthdate",
    "department": "Department",
}
LEAD = {
    "street": "Street",
    "state": "State",
    "postal_code": "PostalCode",
    "industry": "Industry",
    "website": "Website",
    "rating": "Rating",
    "revenue": "AnnualRevenue",
}
OPPORTUNITY = {
    "currency": "CurrencyIsoCode",
    "next_step": "NextStep",
    "description": "Description",
    "loss_reason": "Loss_Reason__c",
    "source": "LeadSource",
}
