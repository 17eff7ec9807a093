"""The objects of the simulated org before anybody customises it."""

from crmsync.sandbox.salesforce.schema.accounts import ACCOUNT
from crmsync.sandbox.salesforce.schema.activities import EVENT, TASK
from crmsync.sandbox.salesforce.schema.automations import IN_BOTH, IN_DATA, IN_TOOLING
from crmsync.sandbox.salesforce.schema.calendars import CALENDARS
from crmsync.sandbox.salesforce.schema.campaigns import CAMPAIGNS
from crmsync.sandbox.salesforce.schema.cases import CASE
from crmsync.sandbox.salesforce.schema.fields import Field, ObjectType
from crmsync.sandbox.salesforce.schema.histories import HISTORIES
from crmsync.sandbox.salesforce.schema.ladders import LADDERS
from crmsync.sandbox.salesforce.schema.opportunities import OPPORTUNITY, OPPORTUNITY_CONTACT_ROLE
from crmsync.sandbox.salesforce.schema.people import CONTACT, LEAD
from crmsync.sandbox.salesforce.schema.permissions import (
    CUSTOM_FIELD,
    FIELD_PERMISSIONS,
    OBJECT_PERMISSIONS,
    PERMISSION_SET,
    PERMISSION_SET_ASSIGNMENT,
    PROFILE,
    USER_PERMISSION_ACCESS,
)
from crmsync.sandbox.salesforce.schema.setup import ORGANIZATION, USER

_OBJECTS = (
    ACCOUNT,
    CASE,
    CONTACT,
    EVENT,
    FIELD_PERMISSIONS,
    LEAD,
    OBJECT_PERMISSIONS,
    OPPORTUNITY,
    OPPORTUNITY_CONTACT_ROLE,
    ORGANIZATION,
    PERMISSION_SET,
    PERMISSION_SET_ASSIGNMENT,
    PROFILE,
    TASK,
    USER,
    USER_PERMISSION_ACCESS,
    *CALENDARS,
    *CAMPAIGNS,
    *HISTORIES,
    *IN_BOTH,
    *IN_DATA,
    *LADDERS,
)
STANDARD_OBJECTS = tuple(sorted(_OBJECTS, key=lambda each: each.name))
TOOLING_OBJECTS = (CUSTOM_FIELD, *IN_BOTH, *IN_TOOLING)

__all__ = ["STANDARD_OBJECTS", "TOOLING_OBJECTS", "Field", "ObjectType"]
