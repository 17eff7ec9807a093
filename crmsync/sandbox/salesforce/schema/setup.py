"""Objects that belong to the org itself: User and Organization."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    address,
    choice,
    field,
    flag,
    record_id,
    reference,
    system_fields,
    text,
    whole,
)

_ZONES = "GMT|America/Bogota|America/Mexico_City|America/Santiago|Europe/London|Europe/Madrid"
_LOCALES = "en_US|en_GB|es_ES|es_MX|es_CO|es_CL|es_AR|es_PE|pt_BR"
_LANGUAGES = "en_US|es|es_MX|pt_BR"

USER = ObjectType(
    name="User",
    label="User",
    plural="Users",
    prefix="005",
    createable=False,
    deletable=False,
    fields=(
        record_id("User"),
        text("Username", 80, "CUI"),
        text("LastName", 80, "CU", compound="Name"),
        text("FirstName", 40, compound="Name"),
        text("Name", 121, "", label="Full Name", name_field=True),
        text("CompanyName", 80),
        text("Division", 80),
        text("Department", 80),
        text("Title", 80),
        *address(""),
        field("Email", "email", "CUI", length=128),
        field("Phone", "phone", length=40),
        field("MobilePhone", "phone", length=40, label="Mobile"),
        text("Alias", 8, "CUD", default="user"),
        flag("IsActive", "CUD", default=True, label="Active"),
        choice("TimeZoneSidKey", _ZONES, "CUD", default="GMT", restricted=True, length=40),
        choice("LocaleSidKey", _LOCALES, "CUD", default="en_US", restricted=True, length=40),
        choice("LanguageLocaleKey", _LANGUAGES, "CUD", default="en_US", restricted=True, length=40),
        choice("UserType", "Standard|Guest", "D", default="Standard", restricted=True, length=40),
        text("EmployeeNumber", 20),
        text("FederationIdentifier", 512),
        reference("ManagerId", "User", label="Manager ID", children="ManagedUsers"),
        field("LastLoginDate", "datetime", "N", label="Last Login"),
        *system_fields(deletable=False, activity=False),
    ),
)

ORGANIZATION = ObjectType(
    name="Organization",
    label="Organization",
    plural="Organizations",
    prefix="00D",
    createable=False,
    updateable=False,
    deletable=False,
    fields=(
        record_id("Organization"),
        text("Name", 80, "U", name_field=True),
        *address(""),
        field("Phone", "phone", "NU", length=40),
        choice("DefaultLocaleSidKey", _LOCALES, "UD", default="en_US", restricted=True, length=40),
        choice("TimeZoneSidKey", _ZONES, "UD", default="GMT", restricted=True, length=40),
        choice("LanguageLocaleKey", _LANGUAGES, "UD", default="en_US", restricted=True, length=40),
        whole("FiscalYearStartMonth", "UD", default=1),
        choice(
            "OrganizationType", "Developer Edition|Enterprise Edition|Unlimited Edition", "D",
            default="Developer Edition", restricted=True, length=40, label="Edition",
        ),
        text("NamespacePrefix", 15, "N"),
        text("InstanceName", 5, "N"),
        flag("IsSandbox", "D", default=True, label="Is Sandbox"),
        field("TrialExpirationDate", "datetime", "N"),
        *system_fields(deletable=False, activity=False),
    ),
)  # fmt: skip
