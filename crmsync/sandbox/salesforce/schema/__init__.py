"""The objects of the simulated org before anybody customises it."""

from crmsync.sandbox.salesforce.schema.accounts import ACCOUNT
from crmsync.sandbox.salesforce.schema.fields import Field, ObjectType
from crmsync.sandbox.salesforce.schema.opportunities import OPPORTUNITY, OPPORTUNITY_CONTACT_ROLE
from crmsync.sandbox.salesforce.schema.people import CONTACT, LEAD
from crmsync.sandbox.salesforce.schema.setup import ORGANIZATION, USER

STANDARD_OBJECTS = (
    ACCOUNT,
    CONTACT,
    LEAD,
    OPPORTUNITY,
    OPPORTUNITY_CONTACT_ROLE,
    ORGANIZATION,
    USER,
)

__all__ = ["STANDARD_OBJECTS", "Field", "ObjectType"]
