"""The contact properties of a fresh portal that a sync tool meets.

Names, types and options: developers.hubspot.com, default properties, and recordings (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.hubspot.definitions import (
    Definition,
    asked_for,
    definition,
    native,
    options,
    sync_key,
)
from crmsync.sandbox.hubspot.stage_times import stage_definitions

GROUP = "contactinformation"

LIFECYCLE = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)
LIFECYCLE_LABELS = (
    "Subscriber",
    "Lead",
    "Marketing Qualified Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
    "Evangelist",
    "Other",
)

LEAD_STATUS = (
    "NEW",
    "OPEN",
    "IN_PROGRESS",
    "OPEN_DEAL",
    "UNQUALIFIED",
    "ATTEMPTED_TO_CONTACT",
    "CONNECTED",
    "BAD_TIMING",
)
SOURCES = (
    "ORGANIC_SEARCH",
    "PAID_SEARCH",
    "EMAIL_MARKETING",
    "SOCIAL_MEDIA",
    "REFERRALS",
    "OTHER_CAMPAIGNS",
    "DIRECT_TRAFFIC",
    "OFFLINE",
    "PAID_SOCIAL",
)
# Of the custom property only: the values Salesforce has for its own field of that name.
LEAD_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")

# What people of a fresh portal can be subscribed to: the names are those of the user guide, the
# numbers are ours (read 2026-11).
SUBSCRIPTIONS = (
    (39_644_612, "Marketing Information", "Marketing", "Marketing offers and updates."),
    (39_644_613, "Customer Service Communication", "Customer_Service", "Feedback requests."),
    (39_644_614, "One to One", "Sales", "One to one e-mails."),
)

_CHOICES = {
    "lifecyclestage": options(*LIFECYCLE, labels=LIFECYCLE_LABELS),
    "hs_lead_status": options(*LEAD_STATUS),
    "hs_analytics_source": options(*SOURCES),
    "hs_latest_source": options(*SOURCES),
    "hs_marketable_status": options("true", "false", labels=("Marketing", "Non-marketing")),
    "hs_marketable_until_renewal": options("true", "false", labels=("Yes", "No")),
    # Values of public connectors (read 2026-11); there may be more.
    "hs_legal_basis": options(
        "Legitimate interest – prospect/lead",
        "Legitimate interest – existing customer",
        "Legitimate interest - other",
        "Performance of a contract",
        "Freely given consent from contact",
        "Not applicable",
    ),
    "hs_buying_role": options(
        "BLOCKER", "BUDGET_HOLDER", "CHAMPION", "DECISION_MAKER", "END_USER", "INFLUENCER"
    ),
}

_LINES = """
email | string | text | | Email
firstname | string | text | | First Name
lastname | string | text | | Last Name
salutation | string | text | | Salutation
phone | string | phonenumber | | Phone Number
mobilephone | string | phonenumber | | Mobile Phone Number
fax | string | text | | Fax Number
jobtitle | string | text | | Job Title
job_function | string | text | | Job function
seniority | string | text | | Seniority
company | string | text | | Company Name
website | string | text | | Website URL
address | string | text | | Street Address
city | string | text | | City
state | string | text | | State/Region
zip | string | text | | Postal Code
country | string | text | | Country/Region
hs_country_region_code | string | text | | Country/Region Code
hs_timezone | string | text | | Time Zone
hs_language | string | text | | Preferred language
date_of_birth | string | text | | Date of birth
gender | string | text | | Gender
industry | string | text | | Industry
message | string | textarea | | Message
numemployees | string | text | | Number of Employees
annualrevenue | string | text | | Annual Revenue
twitterhandle | string | text | | Twitter Username
hs_linkedin_url | string | text | | LinkedIn URL
lifecyclestage | enumeration | radio | | Lifecycle Stage
hs_lead_status | enumeration | radio | | Lead Status
hs_buying_role | enumeration | checkbox | | Buying Role
hubspot_owner_id | enumeration | select | ext | Contact owner
hubspot_owner_assigneddate | datetime | date | ro | Owner Assigned Date
associatedcompanyid | number | number | | Primary Associated Company ID
hs_email_optout | bool | booleancheckbox | ro | Unsubscribed from all email
hs_email_bounce | number | number | ro | Marketing emails bounced
hs_email_hard_bounce_reason_enum | string | text | ro | Email hard bounce reason
hs_email_bad_address | bool | booleancheckbox | ro | Invalid email address
hs_legal_basis | enumeration | checkbox | | Legal basis for processing contact's data
hs_email_domain | string | text | ro calc | Email Domain
hs_additional_emails | string | text | | Additional email addresses
hs_full_name_or_email | string | text | ro calc | Full name or email
hs_searchable_calculated_phone_number | string | text | ro calc | Phone Number in searches
hs_analytics_source | enumeration | select | ro | Original Traffic Source
hs_analytics_source_data_1 | string | text | ro | Original Traffic Source Drill-Down 1
hs_analytics_source_data_2 | string | text | ro | Original Traffic Source Drill-Down 2
hs_analytics_first_timestamp | datetime | date | ro | Time First Seen
hs_latest_source | enumeration | select | ro | Latest Traffic Source
hs_latest_source_data_1 | string | text | ro | Latest Traffic Source Drill-Down 1
hs_latest_source_data_2 | string | text | ro | Latest Traffic Source Drill-Down 2
hs_latest_source_timestamp | datetime | date | ro | Latest Traffic Source Date
hs_marketable_status | enumeration | radio | ro | Marketing contact status
hs_marketable_until_renewal | enumeration | radio | ro | Marketing contact until next update
hs_marketable_reason_type | string | text | ro | Marketing contact status source type
hs_marketable_reason_id | string | text | ro | Marketing contact status source name
hs_is_unworked | bool | booleancheckbox | ro calc | Contact unworked
hs_is_contact | bool | booleancheckbox | ro | Is a contact
hs_pipeline | enumeration | select | ext ro | Pipeline
hs_all_contact_vids | string | text | ro | All vids for a contact
hs_merged_object_ids | enumeration | checkbox | ro | Merged record IDs
hs_calculated_merged_vids | string | text | ro calc | Merged vids with timestamps of a contact
hs_object_source | string | text | ro | Record source
hs_object_source_id | string | text | ro | Record source ID
hs_object_source_label | string | text | ro | Record source
hs_v2_date_entered_current_stage | datetime | date | ro calc | Date entered current stage
hs_lifecyclestage_subscriber_date | datetime | date | ro | Date entered subscriber
hs_lifecyclestage_lead_date | datetime | date | ro | Date entered lead
hs_lifecyclestage_marketingqualifiedlead_date | datetime | date | ro | Date entered MQL
hs_lifecyclestage_salesqualifiedlead_date | datetime | date | ro | Date entered SQL
hs_lifecyclestage_opportunity_date | datetime | date | ro | Date entered opportunity
hs_lifecyclestage_customer_date | datetime | date | ro | Date entered customer
hs_lifecyclestage_evangelist_date | datetime | date | ro | Date entered evangelist
hs_lifecyclestage_other_date | datetime | date | ro | Date entered other
notes_last_contacted | datetime | date | ro | Last Contacted
notes_last_updated | datetime | date | ro | Last Activity Date
num_contacted_notes | number | number | ro | Number of times contacted
num_notes | number | number | ro | Number of Sales Activities
num_associated_deals | number | number | ro calc | Number of Associated Deals
salesforcecontactid | string | text | | Salesforce Contact ID
salesforceleadid | string | text | | Salesforce Lead ID
salesforceaccountid | string | text | | Salesforce Account ID
salesforcelastsynctime | datetime | date | ro | Last Salesforce Sync Time
createdate | datetime | date | ro | Create Date
lastmodifieddate | datetime | date | ro | Last Modified Date
hs_lastmodifieddate | datetime | date | ro | Object last modified date/time
hs_object_id | number | number | ro | Record ID
"""


def opt_out_property(id_: int | str, name: str) -> Definition:
    """The read-only property that tells whether a contact opted out of one type of subscription."""
    return definition(
        f"hs_email_optout_{id_}", "bool", "booleancheckbox", read_only=True,
        label=f"Opted out of email: {name}", groupName=GROUP, hubspotDefined=True,
    )  # fmt: skip


def contact_properties() -> list[Definition]:
    """Every contact property of a fresh portal, then the custom ones, the sync key last."""
    custom = [
        asked_for(GROUP, "do_not_call", "bool", "booleancheckbox", label="Do not call"),
        asked_for(GROUP, "lead_source", "enumeration", "select", options=options(*LEAD_SOURCES)),
    ]
    stages = stage_definitions(GROUP, zip(LIFECYCLE, LIFECYCLE_LABELS, strict=True))
    told = [opt_out_property(id_, name) for id_, name, _, _ in SUBSCRIPTIONS]
    return [*native(GROUP, _LINES, _CHOICES), *told, *stages, *custom, sync_key(GROUP)]
