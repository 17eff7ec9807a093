"""`crmsync fix duplicates`: who may be in the systems twice, from the last snapshots. Writes to no CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from crmsync.commands.columns import open_columns, scratch
from crmsync.commands.deciding import decided_pairs
from crmsync.commands.entity_names import entity_said
from crmsync.commands.keeping_found import keep_found
from crmsync.commands.keeping_models import keep_model, kept_model, kept_tables
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.workspace import Workspace
from crmsync.core.duplicate_groups import DuplicateGroup, Tier, count_tiers
from crmsync.core.duplicates import ContactPoints, DuplicateModel
from crmsync.core.implied_decisions import implied
from crmsync.core.mapping import Entity
from crmsync.core.pair_decisions import Contradiction, contradictions
from crmsync.core.records import Ref
from crmsync.core.saved_duplicates import SavedModel
from crmsync.errors import CrmsyncError
from crmsync.reports.duplicates_book import duplicates_xlsx
from crmsync.reports.duplicates_lists import LISTS, list_csv
from crmsync.reports.duplicates_rows import duplicates_csv, duplicates_json
from crmsync.reports.duplicates_text import duplicates_markdown, duplicates_text
from crmsync.reports.duplicates_words import DuplicateReport, Looked
from crmsync.warehouse.audit_db import as_of
from crmsync.warehouse.contact_points import contact_points
from crmsync.warehouse.duplicates.asked import lay_out_entity
from crmsync.warehouse.duplicates.decided import Decided, pairs_decided
from crmsync.warehouse.duplicates.finding import Search, count_rows
from crmsync.warehouse.duplicates.grouped import read_groups
from crmsync.warehouse.duplicates.grouping import group_settled
from crmsync.warehouse.duplicates.inside import grouped_whole
from crmsync.warehouse.duplicates.kept import Searched, searched
from crmsync.warehouse.duplicates.scoring import learned_from
from crmsync.warehouse.duplicates.subjects import SUBJECTS

if TYPE_CHECKING:
    import duckdb

    from crmsync.warehouse.columns import Columns


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: entities (none: all), a tier, something to merge in some place; and what is accepted.

    `anew` compares all records, though few may have changed since that was done last.
    """

    entities: Sequence[str] = ()
    tier: Tier | None = None
    system: str | None = None
    object: str | None = None
    accept: str = ""
    anew: bool = False

    def takes(self, group: DuplicateGroup) -> bool:
        """True for a group that is asked for."""
        if self.tier not in (None, group.tier) or not self._accepts(group):
            return False
        places = {(each.survivor.system, each.survivor.object) for each in group.merges()}
        if self.system is None and self.object is None:
            return True
        return any(
            self.system in (None, system) and self.object in (None, object_)
            for system, object_ in places
        )

    def _accepts(self, group: DuplicateGroup) -> bool:
        if self.accept == "decided":
            return group.is_decided() and all(each.decided == "yes" for each in group.pairs)
        if not self.accept:
            return not group.is_decided()
        if any(each.decided == "unsure" for each in group.pairs):
            return False
        return self.accept == "review" or group.tier == "sure"


def find_duplicates(workspace: Workspace, asked: Asked | None = None) -> DuplicateReport:
    """Groups of the entities that say how they are compared, as far as they are asked for."""
    asked = asked or Asked()
    if asked.system is not None and asked.system not in workspace.systems:
        remedy = f"use one of {', '.join(workspace.systems)}"
        raise CrmsyncError(f"no system '{asked.system}'", remedy=remedy)
    entities = _asked(workspace, asked.entities)
    _demand_object(entities, asked)
    with workspace.store() as store, open_columns(workspace, store) as columns:
        read_at = as_of(columns)
        found = [_searched(workspace, columns, each, anew=asked.anew) for each in entities]
        for entity, (mine, _) in zip(entities, found, strict=True):
            keep_found(workspace, entity.entity, mine, read_at)
        groups = [group for groups, _ in found for group in groups]
        shown = tuple(_kept(each, asked) for each in groups if asked.takes(each))
        points = _points(columns, entities, shown)
    looked = tuple(looked for _, looked in found)
    links = deep_links(workspace, read_identities(workspace))
    counts = tuple(count_tiers(each for each in groups if not each.is_decided()))
    settled = sum(each.is_decided() for each in groups)
    torn = _torn(workspace, entities)
    return DuplicateReport(
        counts, shown, looked, read_at, links, asked.tier or "", asked.accept, settled, points, torn
    )


def _torn(workspace: Workspace, entities: Sequence[Entity]) -> tuple[Contradiction, ...]:
    """What people decided of these entities in two ways: nothing of it counts."""
    names = {each.entity for each in entities}
    found = contradictions(workspace.mapping.decisions)
    return tuple(each for each in found if each.no.entity in names)


def _points(
    columns: Columns, entities: Sequence[Entity], groups: Sequence[DuplicateGroup]
) -> dict[Ref, ContactPoints]:
    """E-mail, phone and company of the records that are shown."""
    found: dict[Ref, ContactPoints] = {}
    for entity in entities:
        mine = [group for group in groups if group.entity == entity.entity]
        refs = [record.ref for group in mine for record in group.records]
        found |= contact_points(columns, entity, refs)
    return found


def _words(workspace: Workspace, entity: Entity) -> Decided:
    """What people said of pairs of an entity."""
    known = decided_pairs(workspace, entity.entity)
    return {pair: each.same for pair, each in known.items()}


def _kept(group: DuplicateGroup, asked: Asked) -> DuplicateGroup:
    """A group without merges that were not asked for: a list is for one object of one system."""
    return replace(group, only=(asked.system, asked.object))


def _asked(workspace: Workspace, names: Sequence[str]) -> list[Entity]:
    """The entities of these names that have a model; CrmsyncError for one that is not there, or has none."""
    known = {each.entity: each for each in workspace.mapping.entities}
    names = [entity_said(name, known) for name in names]
    for name in names:
        if name not in known:
            raise CrmsyncError(f"no entity '{name}'", remedy=f"use one of {', '.join(known)}")
        if known[name].duplicates is None:
            remedy = f"add `duplicates:` to mappings/{name}.yml, as docs/duplicates.md says"
            raise CrmsyncError(f"'{name}' does not say how it is compared", remedy=remedy)
    asked = [known[name] for name in dict.fromkeys(names)] or list(known.values())
    found = [each for each in asked if each.duplicates is not None]
    if not found:
        remedy = "add `duplicates:` to a mapping, as docs/duplicates.md says"
        raise CrmsyncError("no mapping says how its records are compared", remedy=remedy)
    return found


def _demand_object(entities: Sequence[Entity], asked: Asked) -> None:
    """CrmsyncError for an object that none of the entities has a seat in."""
    seats = [
        seat for each in entities for seat in each.seats if asked.system in (None, seat.system)
    ]
    objects = sorted({seat.object for seat in seats})
    if asked.object is not None and asked.object not in objects:
        raise CrmsyncError(f"no object '{asked.object}'", remedy=f"use one of {', '.join(objects)}")


def _searched(
    workspace: Workspace, columns: Columns, entity: Entity, *, anew: bool
) -> tuple[list[DuplicateGroup], Looked]:
    model, db = entity.duplicates, columns.db
    assert model is not None
    given = lay_out_entity(db, columns.mapping, entity, model)
    kept, unread = kept_model(workspace, entity.entity)
    file = kept_tables(workspace, entity.entity)
    saved, now = _fitting(kept, model), workspace.now()
    with (
        scratch(workspace.state / "tmp") as folder,
        searched(db, model, given, saved, file, folder, now, anew=anew) as done,
    ):
        groups = _groups(workspace, columns, entity, done.search)
        looked = _looked(db, entity, model, done)
    return groups, replace(looked, anew=looked.anew or unread)


def _groups(
    workspace: Workspace, columns: Columns, entity: Entity, found: Search
) -> list[DuplicateGroup]:
    """The groups by what was found, linked and decided; what decisions taught is kept."""
    model, db = entity.duplicates, columns.db
    assert model is not None
    said = _words(workspace, entity)
    seen = pairs_decided(db, model, said)
    decided = implied(said)
    learned = learned_from(SUBJECTS[model.subject], found.saved, seen)
    keep_model(workspace, entity.entity, learned)
    groups = grouped_whole(db, model, found.saved, lambda: group_settled(db, model, decided))
    return read_groups(db, entity, model, groups, found.weights, decided)


def _looked(
    db: duckdb.DuckDBPyConnection, entity: Entity, model: DuplicateModel, done: Searched
) -> Looked:
    found = done.search
    return Looked(
        entity.entity,
        model.subject,
        count_rows(db, "dup_record"),
        found.compared,
        found.crowded,
        found.anew,
        done.changed,
        done.at.date(),
    )


def _fitting(saved: SavedModel | None, model: DuplicateModel) -> SavedModel | None:
    """The kept model, unless the mapping compares by another subject now."""
    return saved if saved and saved.subject == model.subject else None


def duplicates_as(
    form: str,
    report: DuplicateReport,
    language: str,
    *,
    unmask: bool = False,
    colours: bool = False,
) -> str | bytes:
    """The duplicates in one of the formats of `crmsync fix duplicates`."""
    made: Mapping[str, Callable[[], str | bytes]] = {
        "text": lambda: duplicates_text(report, language, unmask=unmask, colours=colours),
        "json": lambda: duplicates_json(report, language, unmask=unmask),
        "csv": lambda: duplicates_csv(report, language, unmask=unmask),
        "xlsx": lambda: duplicates_xlsx(report, language, unmask=unmask),
        "md": lambda: duplicates_markdown(report, language, unmask=unmask),
        **{name: partial(list_csv, report, name) for name in LISTS},
    }
    return made[form]()
