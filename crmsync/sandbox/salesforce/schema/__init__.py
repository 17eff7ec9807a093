"""The objects of the simulated org before anybody customises it."""

from crmsync.sandbox.salesforce.schema.accounts import ACCOUNT
from crmsync.sandbox.salesforce.schema.fields import Field, ObjectType
from crmsync.sandbox.salesforce.schema.opportunities import OPPORTUNITY, OPPORTUNITY_CONTACT_ROLE
from crmsync.sandbox.salesforce.schema.people import CONTACT, LEAD
from crmsync.sandbox.salesforce.schema.permissions import (
    CUSTOM_FIELD,
    FIELD_PERMISSIONS,
    OBJECT_PERMISSIONS,
    PERMISSION_SET,
    PERMISSION_SET_ASSIGNMENT,
)
from crmsync.sandbox.salesforce.schema.setup import ORGANIZATION, USER

STANDARD_OBJECTS = (
    ACCOUNT,
    CONTACT,
    FIELD_PERMISSIONS,
    LEAD,
    OBJECT_PERMISSIONS,
    OPPORTUNITY,
    OPPORTUNITY_CONTACT_ROLE,
    ORGANIZATION,
    PERMISSION_SET,
    PERMISSION_SET_ASSIGNMENT,
    USER,
)
TOOLING_OBJECTS = (CUSTOM_FIELD,)

__all__ = ["STANDARD_OBJECTS", "TOOLING_OBJECTS", "Field", "ObjectType"]
