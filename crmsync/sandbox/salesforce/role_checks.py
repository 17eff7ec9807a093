"""What speaks against a contact role, where an org takes a contact in one role only."""

from __future__ import annotations

from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

_ROLE = "OpportunityContactRole"


def role_problems(world: SalesforceWorld, name: str, row: Row) -> list[ApiError]:
    """The contact is in a role of that opportunity already; [] where that is no matter."""
    if name != _ROLE or not world.switch("one_role_a_contact"):
        return []
    ids = world.rows.find(_ROLE, "OpportunityId", row.get("OpportunityId"))
    held = {(world.rows.get(_ROLE, id_) or {}).get("ContactId") for id_ in ids}
    if row.get("ContactId") not in held:
        return []
    return [ApiError("DUPLICATE_VALUE", "duplicate value found: the contact has a role already")]
