"""What can be said about an org before anything is written: rights, automations, versions, history, neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmsync.connectors.salesforce import natives, permissions, rights
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.survey import survey
from crmsync.connectors.salesforce.versions import version_of
from crmsync.connectors.shapes import understood
from crmsync.core.rights import Demand, Held, Need
from crmsync.core.surroundings import ApiVersion, NativeConnector, Survey, Tracking
from crmsync.errors import AccessDenied, Refused


class SalesforceReviewer:
    """One org, looked at by the user behind the credential. Writes nothing."""

    def __init__(self, api: Api, describe: Callable[[str], Mapping[str, Any]]) -> None:
        self._api = api
        self._tell = describe

    @understood()
    def needs(self, demands: Sequence[Demand]) -> list[Need]:
        """Object and field permissions, API Enabled, what more may be looked at with."""
        return permissions.needs(demands, self._fields)

    @understood("PermissionSet")
    def held(self, demands: Sequence[Demand]) -> Held:
        """What describe, UserPermissionAccess and the permission sets say of this user."""
        return rights.held(self._api, demands, self._describe)

    def permission_set(self, needs: Sequence[Need]) -> str:
        """A permission set as the Metadata API deploys it."""
        return permissions.permission_set(needs)

    @understood("Flow")
    def survey(self, objects: Sequence[str]) -> Survey:
        """Flows, triggers, workflow rules; validation, duplicate, matching and assignment rules."""
        return survey(self._api, objects)

    @understood("FieldDefinition")
    def tracking(self, object_: str) -> Tracking | None:
        """Fields whose history is kept."""
        return natives.tracking(self._api, object_)

    @understood("SubscriberPackage")
    def native_connector(self, objects: Sequence[str]) -> NativeConnector | None:
        """HubSpot's connector, by its package or its fields."""
        return natives.native_connector(self._api, objects, self._describe)

    @understood("versions")
    def version(self) -> ApiVersion | None:
        """The version in use, beside those that the org lists."""
        return version_of(self._api.version, self._offered())

    @understood()
    def record_types(self, object_: str) -> list[str]:
        """Record types that this user can give to records, the default first; none where only the master is."""
        told = self._describe(object_) or {}
        own = [
            one
            for one in told.get("recordTypeInfos") or ()
            if not one.get("master") and one.get("available") and one.get("active", True)
        ]
        own.sort(key=lambda one: not one.get("defaultRecordTypeMapping"))
        return [str(one.get("developerName") or one.get("name")) for one in own]

    def _offered(self) -> list[str] | None:
        try:
            told = self._api.more_of_host("/services/data/", "versions")
        except (AccessDenied, Refused):
            return None
        return [str(each["version"]) for each in told] if isinstance(told, list) else None

    def _fields(self, object_: str) -> permissions.Described:
        told = self._describe(object_)
        return None if told is None else {one["name"]: one for one in told["fields"]}

    def _describe(self, object_: str) -> Mapping[str, Any] | None:
        """What describe says; None of an object that is not there for this user."""
        try:
            return self._tell(object_)
        except AccessDenied:
            raise
        except Refused as refusal:
            if "NOT_FOUND" not in refusal.message:
                raise
            return None
