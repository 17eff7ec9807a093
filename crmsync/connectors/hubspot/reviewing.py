"""The scopes of HubSpot that a mapping needs; what a token has, and what else runs there, is not looked at yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.connectors.hubspot.optouts import WRITE_SCOPE, is_opt_out
from crmsync.core.rights import Demand, Held, Need, Right, Why, without_doubles
from crmsync.core.surroundings import ApiVersion, NativeConnector, Survey, Tracking


class HubspotReviewer:
    """What can be said about a portal without asking it."""

    def needs(self, demands: Sequence[Demand]) -> list[Need]:
        """Scopes of a Service Key or private app: they go by object, never by property.

        developers.hubspot.com, Scopes (read 2026-11)
        """
        found = [Need(Right("crm.objects.owners.read"), "read")]
        for demand in demands:
            found += _scopes(demand)
        return without_doubles(found)

    def held(self, demands: Sequence[Demand]) -> Held | None:
        """Nothing is asked."""
        return None

    def permission_set(self, needs: Sequence[Need]) -> str:
        """Scopes are chosen one by one; there is nothing to import."""
        return ""

    def survey(self, objects: Sequence[str]) -> Survey | None:
        """Nothing is asked."""
        return None

    def tracking(self, object_: str) -> Tracking | None:
        """HubSpot keeps the history of every property, so nothing has to be switched on."""
        return None

    def native_connector(self, objects: Sequence[str]) -> NativeConnector | None:
        """Nothing is asked."""
        return None

    def version(self) -> ApiVersion | None:
        """Nothing is said."""
        return None

    def record_types(self, object_: str) -> list[str]:
        """HubSpot divides no object so."""
        return []


def _scopes(demand: Demand) -> Iterator[Need]:
    name = demand.object
    yield Need(Right(f"crm.objects.{name}.read"), "read", _fields(demand.reads.values()))
    yield Need(Right(f"crm.schemas.{name}.read"), "read")
    if demand.writes or demand.creates:
        why: Why = "write" if demand.writes else "create"
        yield Need(Right(f"crm.objects.{name}.write"), why, _fields(demand.writes.values()))
    out = {native: ours for native, ours in demand.writes.items() if is_opt_out(name, native)}
    if out:
        yield Need(Right(WRITE_SCOPE), "write", _fields(out.values()))
    for native in demand.reads:
        if native.startswith(ASSOCIATION_PREFIX):
            other = native.removeprefix(ASSOCIATION_PREFIX).partition(".")[0]
            yield Need(Right(f"crm.objects.{other}.read"), "ties", demand.reads[native])


def _fields(ours: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in ours for name in names))
