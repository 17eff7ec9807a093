"""What can be said about a portal before anything is written: scopes, workflows, the version, who else writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from crmsync.connectors.hubspot import natives, rights
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.survey import survey
from crmsync.connectors.hubspot.versions import version_of
from crmsync.connectors.shapes import understood
from crmsync.core.records import Schema
from crmsync.core.rights import Demand, Held, Need
from crmsync.core.surroundings import ApiVersion, NativeConnector, Survey, Tracking
from crmsync.errors import AccessDenied, Refused


class HubspotReviewer:
    """One portal, looked at with the token of the connector. Writes nothing.

    `facts` are the kinds of facts that are read here, as `rights.FACTS` names them.
    """

    def __init__(
        self,
        api: Api,
        schema: Callable[[str], Schema],
        facts: Collection[str],
    ) -> None:
        self._api = api
        self._tell = schema
        self._facts = facts

    @understood("properties")
    def needs(self, demands: Sequence[Demand]) -> list[Need]:
        """Scopes of a service key or app: they go by object, never by property."""
        return rights.needs(demands, self._schema, self._facts)

    @understood("scopes")
    def held(self, demands: Sequence[Demand]) -> Held:
        """What HubSpot lists of an OAuth token; of a static one, what reads of one row show."""
        return rights.held(self._api, self.needs(demands))

    def permission_set(self, needs: Sequence[Need]) -> str:
        """Scopes are chosen one by one; there is nothing to import."""
        return ""

    @understood("automation/flows")
    def survey(self, objects: Sequence[str]) -> Survey:
        """Workflows of these objects, with what they write."""
        return survey(self._api, objects)

    def tracking(self, object_: str) -> Tracking | None:
        """HubSpot keeps the history of every property, so nothing has to be switched on."""
        return None

    @understood("search")
    def native_connector(self, objects: Sequence[str]) -> NativeConnector | None:
        """HubSpot's connector to Salesforce, by properties that only it fills."""
        return natives.native_connector(self._api, objects, self._schema)

    def version(self) -> ApiVersion | None:
        """The version in use, and when its paths end."""
        return version_of(self._api.session.version)

    def record_types(self, object_: str) -> list[str]:
        """HubSpot divides no object so."""
        return []

    def _schema(self, object_: str) -> Schema | None:
        """What is known of an object; None if this token may not see it."""
        try:
            return self._tell(object_)
        except (AccessDenied, Refused):
            return None
