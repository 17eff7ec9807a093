"""Traces of HubSpot's own connector to Salesforce in a portal.

It makes properties of its own (salesforcecontactid, salesforceleadid, salesforceaccountid, salesforcelastsynctime) and
fills them with every record it syncs: property names in public connectors (read 2026-11). That they are there only says
that it was installed once, for they stay, and anybody may fill the ids. So records are asked for that have the moment
of their last sync, which it alone can write. Which properties it writes stands in its settings, where no API shows it;
by default those of people: knowledge.hubspot.com, Sync Salesforce leads and contacts to HubSpot (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crmsync.connectors.hubspot.api import Api
from crmsync.core.records import Schema
from crmsync.core.surroundings import NativeConnector
from crmsync.errors import AccessDenied, Refused

_NAME = "HubSpot-Salesforce"
LAST_SYNC = "salesforcelastsynctime"
TRACES = (
    "salesforcecontactid",
    "salesforceleadid",
    "salesforceaccountid",
    "salesforceownerid",
    "hs_salesforceopportunityid",
    "salesforceopportunitystage",
    LAST_SYNC,
)
# Default mappings of people, and for companies and deals the standard properties that go with the standard fields.
DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "contacts": (
        "email", "firstname", "lastname", "salutation", "jobtitle", "phone", "fax", "address", "city", "state", "zip",
        "country", "message", "website", "company", "industry", "annualrevenue", "hs_email_optout", "hubspot_owner_id",
    ),
    "companies": (
        "name", "website", "phone", "address", "city", "state", "zip", "country", "numberofemployees", "annualrevenue",
        "description", "hubspot_owner_id",
    ),
    "deals": (
        "dealname", "amount", "closedate", "dealstage", "hs_next_step", "description", "hubspot_owner_id",
    ),
}  # fmt: skip


def native_connector(
    api: Api, objects: Sequence[str], schema: Callable[[str], Schema | None]
) -> NativeConnector | None:
    """HubSpot's connector, if it has synced a record of these objects; None without a trace of that.

    One search for each object that has the property.
    """
    known = {name: told for name in objects if (told := schema(name)) is not None}
    synced = [name for name, told in known.items() if LAST_SYNC in told.fields and _any(api, name)]
    if not synced:
        return None
    traces = [f"{name}.{each}" for name in synced for each in TRACES if each in known[name].fields]
    usually = [f"{name}.{each}" for name in objects for each in DEFAULTS.get(name, ())]
    return NativeConnector(_NAME, "", tuple(traces), tuple(usually))


def _any(api: Api, object_: str) -> bool:
    """True if a record says when it was synced last; False too where nobody may ask."""
    body = {
        "filterGroups": [{"filters": [{"propertyName": LAST_SYNC, "operator": "HAS_PROPERTY"}]}],
        "properties": [LAST_SYNC],
        "limit": 1,
    }
    label, path = f"POST objects/{object_}/search", f"/crm/v3/objects/{object_}/search"
    try:
        told = api.raw(label, "POST", path, body)
    except (AccessDenied, Refused):
        return False
    return bool(isinstance(told, dict) and told.get("total"))
