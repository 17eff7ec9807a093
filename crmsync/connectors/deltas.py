"""Fields that are sets of ties, as every connector names and takes them.

`associations.<object>.all` is every tie, `associations.<object>.roles` only ties with a role. Both
are read as the text of a set and written as a delta: `crmsync.core.ties`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from crmsync.connectors.base import ASSOCIATION_PREFIX, Cells, WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.core.ties import TieSet, read_delta

ALL, ROLES = "all", "roles"


def tie_name(to_object: str, kind: str) -> str:
    """The name of a field that is a tie or a set of ties."""
    return f"{ASSOCIATION_PREFIX}{to_object}.{kind}"


def own_cells(request: WriteRequest) -> Cells:
    """The cells of a request that are fields of the record itself."""
    return {
        name: text
        for name, text in request.cells.items()
        if not name.startswith(ASSOCIATION_PREFIX)
    }


def has_own(request: WriteRequest) -> bool:
    """True if the record itself is to be written, False if only ties of it are."""
    return request.action == "create" or bool(own_cells(request))


def read_wish(text: str | None, *, roles: bool) -> tuple[TieSet, TieSet]:
    """Ties to add and to take away. ValueError if the text is no delta of this kind of set."""
    if text is None:
        raise ValueError("a set of ties is written as a delta, never cleared")
    add, remove = read_delta(text)
    odd = [tie for tie in sorted(add | remove) if bool(tie[1]) != roles]
    if odd:
        wanted = "a role for every tie" if roles else "no roles"
        raise ValueError(f"this set takes {wanted}, and {odd[0][0]} is told otherwise")
    return add, remove


def refused_ties(
    requests: Sequence[WriteRequest], known: Container[str], sets: Mapping[str, bool]
) -> dict[int, WriteResult]:
    """Requests by place that name a tie this object has not, or tell a set in another form.

    `known` are names of ties, `sets` those among them that are sets, true for sets with roles. For
    these requests nothing is written at all.
    """
    found: dict[int, WriteResult] = {}
    for at, request in enumerate(requests):
        for name, text in request.cells.items():
            tie = name.startswith(ASSOCIATION_PREFIX)
            message = _objection(name, text, known, sets) if tie else ""
            if message and at not in found:
                found[at] = result(request, "refused", f"{name}: {message}", (name,))
    return found


def _objection(name: str, text: str | None, known: Container[str], sets: Mapping[str, bool]) -> str:
    if name not in known:
        return "no such tie can be written here"
    try:
        if name in sets:
            read_wish(text, roles=sets[name])
    except ValueError as problem:
        return str(problem)
    return ""
