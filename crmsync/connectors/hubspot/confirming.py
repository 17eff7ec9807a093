"""Whether opt-outs hold that were taken and that their contacts do not show: by the status of the address.

The property of a contact may follow later than a read back; the status of its address is what was written.
developers.hubspot.com, subscriptions (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmsync.connectors.base import WriteResult
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.optouts import OBJECT, subscription_of
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError, Refused

_NOT_HELD = "HubSpot took the opt-out and does not hold it: look at the address there; the next plan sends it again"
_NOT_SEEN = "HubSpot took the opt-out and could not say whether it holds: the next plan sends it again, so look again"


@dataclass(slots=True)
class Confirming:
    """Asks for addresses one by one; once a portal does not answer such questions it is not asked any more."""

    api: Api
    stopped: str = ""

    def confirmed(self, end: WriteResult, email: str, names: Sequence[str]) -> WriteResult:
        """The result of a write: these opt-outs of its address are confirmed, or told as what to look at."""
        if self.stopped:
            return _unsure(end, names, self.stopped)
        try:
            with understood(OBJECT):
                holds = {name: self._holds(email, name) for name in names}
        except CrmsyncError as problem:
            told = f"{_NOT_SEEN} ({problem.message})"
            self.stopped = "" if isinstance(problem, Refused) else told
            return _unsure(end, names, told)
        missing = [name for name in names if not holds[name]]
        held = tuple(name for name in names if holds[name])
        end = replace(end, confirmed=(*end.confirmed, *held))
        return _unsure(end, missing, _NOT_HELD) if missing else end

    def _holds(self, email: str, name: str) -> bool:
        one = subscription_of(name)
        if one is None:
            return self.api.is_opted_out(email)
        return self.api.is_opted_out_of(email, one)


def _unsure(end: WriteResult, names: Sequence[str], told: str) -> WriteResult:
    """A record that was written, with opt-outs of which it is not known that they hold."""
    message = "; ".join(filter(None, (end.message, told)))
    return replace(end, message=message, fields=(*end.fields, *names))


def unshown(
    told: Mapping[str, Mapping[str, object]], wanted: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Opt-outs that contacts do not tell, by id; contacts that are not there left out."""
    rest = {
        id_: [name for name in names if told[id_].get(name) != "true"]
        for id_, names in wanted.items()
        if id_ in told
    }
    return {id_: names for id_, names in rest.items() if names}
