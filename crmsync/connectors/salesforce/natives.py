"""Traces of HubSpot's own connector in an org, and what else an org tells about itself.

Its package has the namespace HubSpot_Inc: fields HubSpot_Inc__... in public repositories (read 2026-11). Which fields
it writes is kept in HubSpot's settings, where no API shows it; its default mappings cannot be deleted:
knowledge.hubspot.com, Sync Salesforce leads and contacts to HubSpot (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.core.surroundings import NativeConnector, Tracking
from crmsync.errors import AccessDenied, Refused

NAMESPACE = "HubSpot_Inc"
_NAME = "HubSpot-Salesforce"
# The labels of that page under the names that the object reference gives them (read 2026-11)
_PEOPLE = (
    "AnnualRevenue", "City", "Company", "Country", "Description", "Email", "Fax", "FirstName", "HasOptedOutOfEmail",
    "Industry", "LastName", "LeadSource", "MailingCity", "MailingCountry", "MailingPostalCode", "MailingState",
    "MailingStreet", "NumberOfEmployees", "OwnerId", "Phone", "PostalCode", "Rating", "Salutation", "State", "Status",
    "Street", "Title", "Website",
)  # fmt: skip
# HubSpot publishes no list of accounts and opportunities. Turned on, it maps every field it may see (revblack.com,
# field mappings, read 2026-11): at least the standard ones that HubSpot has, too. A stage is Salesforce's alone.
DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "Contact": _PEOPLE,
    "Lead": _PEOPLE,
    "Account": (
        "Name", "Website", "Phone", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode",
        "BillingCountry", "NumberOfEmployees", "AnnualRevenue", "Description", "OwnerId",
    ),
    "Opportunity": ("Name", "Amount", "CloseDate", "NextStep", "Description", "OwnerId"),
}  # fmt: skip
# Stage, amount, close date and probability of every opportunity are kept in OpportunityHistory, tracked or not:
# developer.salesforce.com, object reference OpportunityHistory (read 2026-11)
ALWAYS: Mapping[str, frozenset[str]] = {
    "Opportunity": frozenset(
        {"StageName", "Amount", "CloseDate", "Probability", "ForecastCategory"}
    )
}
Describe = Callable[[str], Mapping[str, Any] | None]


def native_connector(
    api: Api, objects: Sequence[str], describe: Describe
) -> NativeConnector | None:
    """HubSpot's connector, if its package or its fields are there; None without a trace of it."""
    package = _package(api)
    traces = [
        f"{name}.{one['name']}"
        for name in objects
        for one in (describe(name) or {"fields": ()})["fields"]
        if one["name"].startswith(f"{NAMESPACE}__")
    ]
    if not package and not traces:
        return None
    usually = [f"{name}.{each}" for name in objects for each in DEFAULTS.get(name, ())]
    return NativeConnector(_NAME, package, tuple(traces), tuple(usually))


def _package(api: Api) -> str:
    """The name of its package; blank if it is not there, or this user cannot tell."""
    where = f" WHERE NamespacePrefix = {quoted([NAMESPACE])}"
    try:
        if api.tooling_rows(select(["Id"], "SubscriberPackage", where)):
            return NAMESPACE
    except (AccessDenied, Refused):
        pass
    try:
        return NAMESPACE if api.rows(select(["Id"], "PackageLicense", where)) else ""
    except (AccessDenied, Refused):
        return ""


def tracking(api: Api, object_: str) -> Tracking | None:
    """Fields whose history an object keeps; None if this user cannot tell. One object a query: the API asks for it."""
    where = (
        f" WHERE EntityDefinition.QualifiedApiName = {quoted([object_])}"
        " AND IsFieldHistoryTracked = true"
    )
    try:
        rows = api.rows(select(["QualifiedApiName"], "FieldDefinition", where))
    except (AccessDenied, Refused):
        return None
    names = frozenset(str(row["QualifiedApiName"]) for row in rows)
    return Tracking(names, ALWAYS.get(object_, frozenset()))
