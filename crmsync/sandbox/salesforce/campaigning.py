"""Campaign members: one a person and campaign, with a status that says whether the person responded."""

from __future__ import annotations

from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.host import Host
from crmsync.sandbox.tables import Row

_MEMBER = "CampaignMember"
_STATUS = "CampaignMemberStatus"
# What every campaign starts with: help, Campaign Member Status (read 2026-11).
_FIRST_STATUSES = (("Sent", True, False), ("Responded", False, True))
Share = tuple[int, int, int, int]
_COUNTED = ("NumberOfLeads", "NumberOfConvertedLeads", "NumberOfContacts", "NumberOfResponses")


def member_problems(world: Host, name: str, row: Row, own_id: str | None) -> list[ApiError]:
    """What speaks against a campaign member: nobody in it, or the person is one already."""
    if name != _MEMBER:
        return []
    if not row.get("LeadId") and not row.get("ContactId"):
        message = "Required fields are missing: [LeadId, ContactId]"
        return [ApiError("REQUIRED_FIELD_MISSING", message, ("LeadId", "ContactId"))]
    for lookup in ("ContactId", "LeadId"):
        person = row.get(lookup)
        for id_ in world.rows.find(_MEMBER, lookup, person) if person else ():
            other = world.rows.get(_MEMBER, id_) or {}
            if id_ != own_id and other.get("CampaignId") == row.get("CampaignId"):
                # The text: many public logs (read 2026-11).
                return [ApiError("DUPLICATE_VALUE", "Already a campaign member.")]
    return []


def settle_member(world: Host, name: str, before: Row, row: Row) -> None:
    """Brings the worked-out fields of a campaign member up to date before it is saved."""
    if name != _MEMBER:
        return
    row["LeadOrContactId"] = row.get("ContactId") or row.get("LeadId")
    row["Type"] = "Contact" if row.get("ContactId") else "Lead"
    statuses = _statuses(world, row.get("CampaignId"))
    if not row.get("Status"):
        row["Status"] = next((each["Label"] for each in statuses if each.get("IsDefault")), None)
    responded = {each["Label"] for each in statuses if each.get("HasResponded")}
    row["HasResponded"] = row.get("Status") in responded
    if row["HasResponded"] and not before.get("HasResponded"):
        row["FirstRespondedDate"] = str(row["LastModifiedDate"])[:10]


def after_campaign(world: Host, name: str, before: Row, row: Row) -> None:
    """Gives a new campaign its statuses, and a campaign of a saved member its counts."""
    if name == "Campaign" and not before:
        for place, (label, default, responded) in enumerate(_FIRST_STATUSES, 1):
            values = {"CampaignId": row["Id"], "Label": label, "SortOrder": place}
            world.put(_STATUS, {**values, "IsDefault": default, "HasResponded": responded})
    if name == _MEMBER:
        _count(world, row["CampaignId"], _share(before), _share(row))


def _count(world: Host, campaign_id: str, less: Share, more: Share) -> None:
    campaign = world.rows.get("Campaign", campaign_id)
    if campaign is None or less == more:
        return
    counts = {
        name: (campaign.get(name) or 0) + after - before
        for name, before, after in zip(_COUNTED, less, more, strict=True)
    }
    world.rows.save("Campaign", campaign_id, {**campaign, **counts})


def _share(member: Row) -> Share:
    """What a member counts for, in the order of the counts."""
    if not member or member.get("IsDeleted"):
        return (0, 0, 0, 0)
    lead, contact = bool(member.get("LeadId")), bool(member.get("ContactId"))
    return (lead and not contact, lead and contact, contact, bool(member.get("HasResponded")))


def _statuses(world: Host, campaign_id: str | None) -> list[Row]:
    ids = world.rows.find(_STATUS, "CampaignId", campaign_id) if campaign_id else []
    return [row for id_ in ids if (row := world.rows.get(_STATUS, id_)) is not None]
