"""Keeps what a system tells beside its records: activities, campaigns, histories, lists and more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import ASSOCIATION_PREFIX, Connector
from crmsync.connectors.facts import CompanionConnector, FactConnector
from crmsync.language import N_, _, translate_said
from crmsync.warehouse.facts import KINDS, is_fact, kind_of
from crmsync.warehouse.snapshots import Manifest, Reading, Snapshot, write_snapshot

_LABELS = {
    "activity": N_("activities"),
    "campaign": N_("campaigns and members"),
    "calendar": N_("business hours and holidays"),
    "event": N_("changes of fields"),
    "list": N_("lists and members"),
    "pipeline": N_("stages of pipelines"),
    "subscription": N_("types of subscription"),
    "consent": N_("statuses of consent"),
}


def keep_facts(
    workspace: Workspace, connector: Connector, run: str, refused: Collection[str] = ()
) -> Iterator[Snapshot]:
    """A snapshot of every source of facts; what is not read has one without rows that says why.

    Of objects that were `refused` no histories are asked for.
    """
    if not isinstance(connector, FactConnector):
        return
    now = workspace.now().isoformat()
    asked = wanted(workspace, connector.system)
    for fact in connector.facts({o: names for o, names in asked.items() if o not in refused}):
        reading = Reading(
            connector.system,
            fact.table,
            run,
            now,
            fact.columns,
            since=fact.since,
            unread=fact.unread,
        )
        yield write_snapshot(workspace.state, reading, fact.batches)


def wanted(workspace: Workspace, system: str) -> dict[str, frozenset[str]]:
    """The native fields that are mapped, by object: of these it matters what they held before."""
    found: dict[str, frozenset[str]] = {}
    for entity, seat in workspace.mapping.seats_of(system):
        names = {n for n in entity.natives_of(seat) if not n.startswith(ASSOCIATION_PREFIX)}
        found[seat.object] = found.get(seat.object, frozenset()) | names
    return found


def companions_of(connector: Connector, object_: str) -> dict[str, str]:
    """Fields that are read along with the mapped ones, since audits ask for them; none of most systems."""
    if not isinstance(connector, CompanionConnector):
        return {}
    return dict(connector.companions(object_))


def told_facts(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """A line for each kind of facts that a pull read, and one for each source that it did not."""
    manifests = [each.manifest for each in snapshots if is_fact(each.manifest.object)]
    for system in sorted({each.system for each in manifests}):
        for kind in KINDS:
            told = _lines(system, kind, [m for m in manifests if _is(m, system, kind)])
            yield from dict.fromkeys(told)


def _is(manifest: Manifest, system: str, kind: str) -> bool:
    return manifest.system == system and kind_of(manifest.object) == kind


def _lines(system: str, kind: str, manifests: list[Manifest]) -> Iterator[str]:
    read = [each for each in manifests if not each.unread]
    if read:
        rows = sum(each.rows for each in read)
        since = min(each.since for each in read)[:10]
        text = _("{kind}: {rows} since {since}") if since else _("{kind}: {rows}")
        yield f"{system} {text.format(kind=_(_LABELS[kind]), rows=rows, since=since)}"
    for each in manifests:
        if each.unread:
            text = _("{source}: not read: {why}")
            source = _source(kind, each.object)
            yield f"{system} {text.format(source=source, why=translate_said(each.unread))}"


_BY_KIND = frozenset(("list", "subscription", "consent"))
"""Kinds with a source of our own making: its name would tell nobody anything."""
_HISTORY = "_history"


def _source(kind: str, table: str) -> str:
    """What a side table is filled from: the native object, or in words what has none of its own."""
    name = table.rpartition(".")[2]
    if kind in _BY_KIND:
        return _(_LABELS[kind])
    if kind == "pipeline":
        return _("stages of pipelines of {object}").format(object=name)
    if name.endswith(_HISTORY):
        return _("changes of fields of {object}").format(object=name.removesuffix(_HISTORY))
    return name
