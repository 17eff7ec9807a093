"""What a user without the rights for it is refused: the API, setup, custom fields, other people's records."""

from __future__ import annotations

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.grants import is_administrator, system_rights
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row


def check_rights(world: SalesforceWorld, method: str, parts: tuple[str, ...]) -> None:
    """Refusal for a call that the API user may not make at all; an administrator may make every one."""
    if is_administrator(world.tables):
        return
    held = system_rights(world.tables, world.user_id)
    if "ApiEnabled" not in held:
        message = "The REST API is not enabled for this Organization."
        raise refuse("API_DISABLED_FOR_ORG", message, status=403)
    # limits takes View Setup and Configuration: dome_limits (read 2026-11).
    if parts[:1] == ("limits",) and parts != ("limits", "recordCount") and "ViewSetup" not in held:
        message = "You do not have access to this resource."
        raise refuse("FORBIDDEN", message, status=403)
    if parts[:1] == ("tooling",) and "ViewSetup" not in held:
        raise _no_setup(world)
    customizes = method in ("POST", "DELETE") and parts[:2] == ("tooling", "sobjects")
    if customizes and "CustomizeApplication" not in held:
        raise _insufficient()


def transfer_problems(
    world: SalesforceWorld, shape: Shape, before: Row, changes: Row
) -> list[ApiError]:
    """What speaks against another owner: it is somebody else's record, and that takes a permission."""
    # Transfer Record, and Transfer Leads: help, Transfer Records; the code was not seen (read 2026-11).
    new, old = changes.get("OwnerId"), before.get("OwnerId")
    if new in (None, old) or old == world.user_id or is_administrator(world.tables):
        return []
    needed = "TransferAnyLead" if shape.name == "Lead" else "TransferAnyEntity"
    held = system_rights(world.tables, world.user_id)
    return [] if needed in held else list(_insufficient().errors)


def _insufficient() -> Refusal:
    message = "insufficient access rights on object id"
    return refuse("INSUFFICIENT_ACCESS_OR_READONLY", message, status=403)


def _no_setup(world: SalesforceWorld) -> Refusal:
    code = str(world.switch("tooling_refusal"))
    status = 400 if code == "INVALID_TYPE" else 403
    return refuse(
        code, "You do not have the permission View Setup and Configuration.", status=status
    )
