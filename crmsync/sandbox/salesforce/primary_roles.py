"""At most one contact role of an opportunity is primary, and the opportunity names its contact."""

from __future__ import annotations

from crmsync.sandbox.salesforce.rows import Rows
from crmsync.sandbox.tables import Row

_ROLE = "OpportunityContactRole"


def settle_primary(rows: Rows, role: Row, stamp: str) -> None:
    """Lets the role just written, if primary, take the place of the one that was.

    The roles that step back are stamped; the opportunity only learns its `ContactId`.
    """
    opportunity_id = role.get("OpportunityId")
    if not role.get("IsPrimary") or opportunity_id is None:
        return
    for id_ in rows.find(_ROLE, "OpportunityId", opportunity_id):
        other = rows.get(_ROLE, id_)
        if other and id_ != role["Id"] and other.get("IsPrimary"):
            stamps = {"LastModifiedDate": stamp, "SystemModstamp": stamp}
            rows.save(_ROLE, id_, {**other, "IsPrimary": False, **stamps})
    opportunity = rows.get("Opportunity", opportunity_id)
    if opportunity is not None:
        rows.save(
            "Opportunity", opportunity_id, {**opportunity, "ContactId": role.get("ContactId")}
        )
