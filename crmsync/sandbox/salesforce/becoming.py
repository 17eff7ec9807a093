"""What people do in Salesforce with records that are one, or become another: merge and convert.

Neither has a REST resource: both are clicked, or called from SOAP and Apex (developer.salesforce.com,
convertLead() and merge(), read 2026-11). Here the side door does what a click would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.sandbox.salesforce.campaigning import member_problems
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.tracking import note_event
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

# A merge takes up to three records of one object: help.salesforce.com, "Merge Duplicate ..." (read 2026-11).
_MOST_MERGED = 3
_CONVERTED_STATUS = "Closed - Converted"
# What a lead's standard fields become: help.salesforce.com, "Lead Conversion Field Mapping" (read 2026-11).
_ALIKE = ("Phone", "Fax", "Website", "Industry", "Rating", "AnnualRevenue", "NumberOfEmployees")
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")
_TO_ACCOUNT = {
    "Company": "Name",
    **dict(zip(_ALIKE, _ALIKE, strict=True)),
    **{part: f"Billing{part}" for part in _ADDRESS},
}
_PERSON = (
    "Salutation", "FirstName", "LastName", "Title", "Email", "Phone", "Fax", "MobilePhone",
    "LeadSource", "HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall",
)  # fmt: skip
_TO_CONTACT = {
    **dict(zip(_PERSON, _PERSON, strict=True)),
    **{part: f"Mailing{part}" for part in _ADDRESS},
}


def convert_lead(world: SalesforceWorld, body: Mapping[str, Any]) -> dict[str, str | None]:
    """The ids of what a lead became: `contact` and `account`, given or new, and a new `opportunity` if named.

    `into_opportunity` is one that is there, `status` another converted status, `owner` that of the new records. Of a
    record that is there only blank fields are filled; LeadSource too with `overwrite_source`. ValueError for a
    lead that is gone or converted, and for a contact of another account.
    """
    lead = _live(world, "Lead", body["lead"])
    if lead.get("IsConverted"):
        raise ValueError(f"lead {lead['Id']} was converted before")
    contact = _live(world, "Contact", body["contact"]) if body.get("contact") else {}
    account_id = body.get("account") or contact.get("AccountId")
    account = _live(world, "Account", account_id) if account_id else {}
    if contact.get("AccountId") not in (None, account.get("Id")):
        raise ValueError(f"contact {contact['Id']} is not of account {account['Id']}")
    owner = {"OwnerId": body.get("owner") or lead["OwnerId"]}
    if body.get("overwrite_source") and lead.get("LeadSource"):
        # overwriteLeadSource: convertLead() in the SOAP guide (read 2026-11).
        contact = {name: value for name, value in contact.items() if name != "LeadSource"}
    account_id = _filled(world, "Account", account, _under(lead, _TO_ACCOUNT) | owner)
    person = _under(lead, _TO_CONTACT) | owner | {"AccountId": account_id}
    contact_id = _filled(world, "Contact", contact, person)
    opportunity_id: str | None
    if body.get("into_opportunity"):
        opportunity_id = str(_live(world, "Opportunity", body["into_opportunity"])["Id"])
    else:
        opportunity_id = _opportunity(world, body.get("opportunity"), account_id, contact_id)
    became = {
        "IsConverted": True,
        "ConvertedDate": world.now().date().isoformat(),
        "ConvertedAccountId": account_id,
        "ConvertedContactId": contact_id,
        "ConvertedOpportunityId": opportunity_id,
        "Status": body.get("status") or _CONVERTED_STATUS,
    }
    world.put("Lead", became, lead["Id"])
    note_event(world, "Lead", world.rows.get("Lead", lead["Id"]) or {}, "leadConverted")
    _follow(world, lead["Id"], contact_id)
    return {"account": account_id, "contact": contact_id, "opportunity": opportunity_id}


def merge_records(world: SalesforceWorld, body: Mapping[str, Any]) -> None:
    """Merges `losers` into the `winner` of one `object`: children move, losers are deleted and name the winner.

    The winner keeps its values but for those chosen in `values`. ValueError for an object that cannot be merged, for
    records that are gone, and for more than two losers.
    """
    shape = world.shape(body["object"])
    if shape is None or not shape.object.mergeable:
        raise ValueError(f"records of {body['object']} cannot be merged")
    winner = _live(world, shape.name, body["winner"])
    losers = [_live(world, shape.name, each) for each in body["losers"]]
    if not losers or len(losers) >= _MOST_MERGED or winner["Id"] in {row["Id"] for row in losers}:
        raise ValueError("one or two other records are merged into one")
    for loser in losers:
        _move_children(world, shape, loser["Id"], winner["Id"])
        gone = {"IsDeleted": True, "MasterRecordId": winner["Id"]}
        world.write(shape, loser["Id"], gone, stamp=world.stamp())
        event = f"{shape.name.lower()}Merged"
        note_event(world, shape.name, world.rows.get(shape.name, winner["Id"]) or {}, event)
    world.write(shape, winner["Id"], dict(body.get("values") or {}), stamp=world.stamp())


def _follow(world: SalesforceWorld, lead_id: str, contact_id: str) -> None:
    """Activities of a lead go over to the contact, and its campaign members are that contact's too."""
    # help, "Considerations for Converting Leads": activities and campaign members (read 2026-11).
    for name, lookup, target in (
        ("Task", "WhoId", "WhoId"),
        ("Event", "WhoId", "WhoId"),
        ("CampaignMember", "LeadId", "ContactId"),
    ):
        for id_ in world.rows.find(name, lookup, lead_id):
            shape = world.shapes[name.lower()]
            world.write(shape, id_, {target: contact_id}, stamp=world.stamp())


def _live(world: SalesforceWorld, name: str, id_: str) -> Row:
    row = world.rows.live(name, full_id(id_))
    if row is None:
        raise ValueError(f"no record of {name} is '{id_}'")
    return row


def _under(lead: Row, names: Mapping[str, str]) -> Row:
    return {new: lead[old] for old, new in names.items() if lead.get(old) not in (None, "")}


def _filled(world: SalesforceWorld, name: str, held: Row, values: Row) -> str:
    """The id of a record that holds these values where it was blank; a new one if there was none."""
    missing = {field: value for field, value in values.items() if held.get(field) in (None, "")}
    if held and not missing:
        return str(held["Id"])
    return world.put(name, missing, held["Id"] if held else None)


def _opportunity(
    world: SalesforceWorld, name: str | None, account_id: str, contact_id: str
) -> str | None:
    if not name:
        return None
    # A conversion's opportunity closes at the end of the quarter, and its contact has a role
    # without a name: help.salesforce.com, "Considerations for Converting Leads" (read 2026-11).
    now = world.now()
    last = {1: "03-31", 2: "06-30", 3: "09-30", 4: "12-31"}[(now.month + 2) // 3]
    values = {
        "Name": name,
        "AccountId": account_id,
        "StageName": "Prospecting",
        "CloseDate": f"{now.year}-{last}",
    }
    id_ = world.put("Opportunity", values)
    role = {"OpportunityId": id_, "ContactId": contact_id, "IsPrimary": True}
    world.put("OpportunityContactRole", role)
    return id_


def _move_children(world: SalesforceWorld, shape: Shape, old: str, new: str) -> None:
    for child, lookup in list(_lookups(world, shape.name)):
        for id_ in world.rows.find(child.name, lookup.name, old):
            changes: Row = {lookup.name: new}
            if member_problems(
                world, child.name, {**(world.rows.get(child.name, id_) or {}), **changes}, id_
            ):
                # Both were members of one campaign: the loser's membership goes with it.
                changes = {"IsDeleted": True}
            world.write(child, id_, changes, stamp=world.stamp())


def _lookups(world: SalesforceWorld, name: str) -> Iterator[tuple[Shape, Field]]:
    """Every writable field that refers to an object; what is read-only keeps the id it was given."""
    shapes: Sequence[Shape] = list(world.shapes.values())
    for child in shapes:
        for field in child.fields.values():
            if name in field.reference_to and (field.updateable or field.createable):
                yield child, field
