"""Records that somebody names and the last read does not have, each with the nearest that it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crmsync.commands.keeping_decisions import Given
from crmsync.commands.workspace import Workspace
from crmsync.config.decode import nearest
from crmsync.core.records import Ref
from crmsync.reports.masking import shown_id
from crmsync.warehouse.finding import ids_of, unread_of

_LIKENESS = 0.8
_MOST_NEAR = 10
"""Of so many records the nearest one is looked for: a list of a thousand was made for another workspace."""


def unread_in(workspace: Workspace, given: Iterable[Given]) -> list[tuple[Given, Ref, str]]:
    """What of the given decisions is about records that were not read, with the nearest, blank where none is near."""
    places = workspace.snapshots()
    refs = {ref: each for each in given for ref in (each.decision.other, each.decision.one)}
    missing = unread_of(places, refs)
    near = {
        ref: near_id(ref.id, ids_of(places, (ref.system, ref.object)))
        for ref in missing[:_MOST_NEAR]
    }
    return [(refs[ref], ref, near.get(ref, "")) for ref in missing]


def near_id(id_: str, known: Sequence[str]) -> str:
    """The id that is most like one, masked where it is an address; blank if none is."""
    found = nearest(id_, known, _LIKENESS)
    return shown_id(found, unmask=False) if found else ""
