"""The SOAP calls of the simulated Salesforce, one function each: from what was given to the results.

merge(), undelete(), emptyRecycleBin(), convertLead() and login() in the SOAP API guide (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.recycling import empty_bin, locate, undelete
from crmsync.sandbox.salesforce.soap.envelope import Values, listed
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import update

_CONVERTED = ("Closed - Converted",)


def merge(world: SalesforceWorld, given: Values) -> list[Values]:
    """Merges up to two records into a master, request by request; the master may bring new values."""
    return [_merged(world, request) for request in listed(given, "request")]


def _merged(world: SalesforceWorld, request: Values) -> Values:
    master = dict(request.get("masterRecord") or {})
    name, id_ = str(master.pop("type", "")), _one(master.pop("Id", master.pop("id", "")))
    losers = [str(each) for each in listed(request, "recordToMergeIds")]
    shape = world.shape(name)
    values = {key: value for key, value in master.items() if key != "fieldsToNull"}
    values |= dict.fromkeys(listed(master, "fieldsToNull"))
    with world.rows.undoing() as undo:
        try:
            merge_records(world, {"object": name, "winner": id_, "losers": losers})
        except ValueError as error:
            world.rows.roll_back(undo)
            return _failed("INVALID_ID_FIELD", str(error))
        outcome = update(world, shape, id_, values) if shape and values else None
    if outcome is not None and outcome.errors:
        world.rows.roll_back(undo)
        return _refused(outcome.errors)
    return {"id": id_, "mergedRecordIds": losers, "success": True, "updatedRelatedIds": []}


def _one(id_: Any) -> str:
    """The id of an sObject, which the partner form gives twice."""
    return str(id_[0] if isinstance(id_, list) else id_)


def convert(world: SalesforceWorld, given: Values) -> list[Values]:
    """Converts leads, each into what its own request names."""
    return [_converted(world, each) for each in listed(given, "leadConverts")]


def _converted(world: SalesforceWorld, request: Values) -> Values:
    status = request.get("convertedStatus")
    if status not in _CONVERTED:
        return _failed("INVALID_STATUS", f"invalid convertedStatus: {status}")
    lead_id = str(request.get("leadId") or "")
    found = locate(world, lead_id)
    company = found[1].get("Company") if found else None
    alone = str(request.get("doNotCreateOpportunity")).lower() == "true"
    body = {
        "lead": lead_id,
        "account": request.get("accountId"),
        "contact": request.get("contactId"),
        "into_opportunity": request.get("opportunityId"),
        # Without a name it is that of the company: convertLead(), opportunityName (read 2026-11).
        "opportunity": None if alone else request.get("opportunityName") or company,
        "owner": request.get("ownerId"),
        "overwrite_source": str(request.get("overwriteLeadSource")).lower() == "true",
        "status": status,
    }
    with world.rows.undoing() as undo:
        try:
            became = convert_lead(world, body)
        except ValueError as error:
            world.rows.roll_back(undo)
            return _failed(
                "CANNOT_UPDATE_CONVERTED_LEAD" if found else "INVALID_ID_FIELD", str(error)
            )
    return {
        "accountId": became["account"],
        "contactId": became["contact"],
        "leadId": found[1]["Id"] if found else lead_id,
        "opportunityId": became["opportunity"],
        "success": True,
    }


def bring_back(world: SalesforceWorld, given: Values) -> list[Values]:
    """Undeletes records, each alone."""
    return [_brought_back(world, str(id_)) for id_ in listed(given, "ids")]


def _brought_back(world: SalesforceWorld, id_: str) -> Values:
    try:
        undelete(world, id_)
    except ValueError as error:
        return _failed("UNDELETE_FAILED", str(error))
    return {"id": id_, "success": True}


def purge(world: SalesforceWorld, given: Values) -> list[Values]:
    """Takes records out of the bin for good, each alone."""
    results = []
    for id_ in (str(each) for each in listed(given, "ids")):
        gone = empty_bin(world, [id_])
        failed = _failed("INVALID_ID_FIELD", f"Entity is not in the recycle bin: {id_}")
        results.append({"id": id_, "success": True} if gone else failed)
    return results


def _failed(code: str, message: str) -> Values:
    return _refused((ApiError(code, message),))


def _refused(errors: tuple[ApiError, ...]) -> Values:
    told = [
        {"fields": list(error.fields), "message": error.message, "statusCode": error.code}
        for error in errors
    ]
    return {"errors": told, "id": None, "success": False}


OPERATIONS: dict[str, Callable[[SalesforceWorld, Values], list[Values]]] = {
    "merge": merge,
    "convertLead": convert,
    "undelete": bring_back,
    "emptyRecycleBin": purge,
}
