"""Campaign, who is a member of it, and the statuses a member may have.

Fields: object reference, Campaign, CampaignMember and CampaignMemberStatus (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    choice,
    field,
    flag,
    long_text,
    number,
    record_id,
    reference,
    system_fields,
    text,
    whole,
)

CAMPAIGN = ObjectType(
    name="Campaign",
    label="Campaign",
    plural="Campaigns",
    prefix="701",
    fields=(
        record_id("Campaign"),
        text("Name", 80, "CUI", name_field=True),
        reference("ParentId", "Campaign", label="Parent Campaign ID", children="ChildCampaigns"),
        choice(
            "Type",
            "Conference|Webinar|Trade Show|Public Relations|Partners|Referral Program|"
            "Advertisement|Banner Ads|Direct Mail|Email|Telemarketing|Other",
            length=40,
        ),
        choice("Status", "Planned|In Progress|Completed|Aborted", "NCUD", default="Planned"),
        field("StartDate", "date"),
        field("EndDate", "date"),
        number("ExpectedRevenue", "currency", 18, 0),
        number("BudgetedCost", "currency", 18, 0),
        number("ActualCost", "currency", 18, 0),
        flag("IsActive", label="Active"),
        long_text("Description"),
        whole("NumberOfLeads", "N", calculated=True),
        whole("NumberOfConvertedLeads", "N", calculated=True),
        whole("NumberOfContacts", "N", calculated=True),
        whole("NumberOfResponses", "N", calculated=True),
        reference("OwnerId", "User", "CUD", label="Owner ID"),
        *system_fields(),
    ),
)

CAMPAIGN_MEMBER = ObjectType(
    name="CampaignMember",
    label="Campaign Member",
    plural="Campaign Members",
    prefix="00v",
    fields=(
        record_id("Campaign Member"),
        reference(
            "CampaignId", "Campaign", "C", label="Campaign ID", children="CampaignMembers",
            cascades=True,
        ),
        reference(
            "LeadId", "Lead", "NC", label="Lead ID", children="CampaignMembers", cascades=True
        ),
        reference(
            "ContactId", "Contact", "NC", label="Contact ID", children="CampaignMembers",
            cascades=True,
        ),
        choice("Status", "Sent|Responded", length=40),
        flag("HasResponded", "D", label="Responded"),
        field("FirstRespondedDate", "date", "N"),
        text("LeadOrContactId", 18, "N", label="Related Record ID"),
        choice("Type", "Contact|Lead", "N", length=40),
        *system_fields(activity=False),
    ),
)  # fmt: skip

CAMPAIGN_MEMBER_STATUS = ObjectType(
    name="CampaignMemberStatus",
    label="Campaign Member Status",
    plural="Campaign Member Statuses",
    prefix="01Y",
    fields=(
        record_id("Campaign Member Status"),
        reference(
            "CampaignId", "Campaign", "C", label="Campaign ID", children="CampaignMemberStatuses",
            cascades=True,
        ),
        text("Label", 765, "CU"),
        whole("SortOrder"),
        flag("IsDefault", label="Is Default"),
        flag("HasResponded", label="Responded"),
        *system_fields(activity=False),
    ),
)  # fmt: skip

CAMPAIGNS = (CAMPAIGN, CAMPAIGN_MEMBER, CAMPAIGN_MEMBER_STATUS)
