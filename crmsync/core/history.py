"""Of which native fields a mapping would like to know when they changed, and why."""

from __future__ import annotations

from crmsync.core.mapping import Entity, Seat, tied_object

_STAGES = frozenset({"stage", "lifecycle", "lifecycle_stage", "lead_status", "status"})


def wanted_history(entity: Entity, seat: Seat) -> dict[str, str]:
    """By native field of a seat: stage (a ladder that people climb), owner, or newest (the last edit wins)."""
    found: dict[str, str] = {}
    for each in entity.fields:
        native = each.name_in(seat.system, seat.object)
        if not native or tied_object(native):
            continue
        if each.type == "owner":
            found[native] = "owner"
        elif each.type == "choice" and (each.order or each.field in _STAGES):
            found[native] = "stage"
        elif each.policy == "newest":
            found[native] = "newest"
    return found
