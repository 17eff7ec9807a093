"""Dirty demo data for both sandboxes, and the list of what an audit must find in it.

The same arguments give the same bytes, on every machine. Nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from random import Random
from typing import Any, Protocol

import orjson

from crmsync.sandbox.seeding.detail_dirt import spread_detail_dirt
from crmsync.sandbox.seeding.details import invent_details
from crmsync.sandbox.seeding.dirt import spread_dirt
from crmsync.sandbox.seeding.drafts import Draft
from crmsync.sandbox.seeding.fact_rows import fact_rows
from crmsync.sandbox.seeding.hubspot_rows import associations, hubspot_rows
from crmsync.sandbox.seeding.invent import invent_companies, invent_owners, invent_people
from crmsync.sandbox.seeding.invent_deals import invent_deals, plant_deals
from crmsync.sandbox.seeding.lifecycle import settle_lifecycle
from crmsync.sandbox.seeding.plant_companies import plant_companies
from crmsync.sandbox.seeding.plant_links import PROPERTIES, plant_links
from crmsync.sandbox.seeding.plant_people import plant_people
from crmsync.sandbox.seeding.rows import Association, NativeRow, Step
from crmsync.sandbox.seeding.salesforce_rows import salesforce_rows
from crmsync.sandbox.seeding.truth import Planted, truth

__all__ = [
    "Association", "NativeRow", "Planted", "Seed", "Step", "fill", "generate", "truth_json",
]  # fmt: skip

Rows = Mapping[str, tuple[NativeRow, ...]]


class FillsRows(Protocol):
    """What `fill` asks of a simulated Salesforce."""

    def put(self, name: str, values: dict[str, Any], id: str | None = None) -> str:
        """Loads one row and gives back its id."""


class FillsAssociations(FillsRows, Protocol):
    """What `fill` asks of a simulated HubSpot."""

    def associate(
        self, from_object: str, from_id: str, to_object: str, to_id: str, type_ids: Iterable[int]
    ) -> None:
        """Ties two records, in both directions."""

    def define_property(
        self,
        object: str,
        name: str,
        type: str,
        fieldType: str,  # noqa: N803  (the platform's own word)
        **attributes: Any,
    ) -> None:
        """Adds a property."""


@dataclass(frozen=True, slots=True)
class Seed:
    """Native rows per system (object -> rows, in loading order), associations, and the truth.

    `setup` is done before the rows are loaded, and `later` after them: fields of one's own, second values.
    """

    salesforce: Rows
    hubspot: Rows
    associations: tuple[Association, ...]
    truth: tuple[Planted, ...]
    seed: int
    as_of: date
    setup: tuple[Step, ...] = ()
    later: tuple[Step, ...] = ()


def generate(
    *,
    contacts: int = 400,
    companies: int = 120,
    deals: int = 80,
    seed: int = 7,
    as_of: date = date(2026, 11, 20),
) -> Seed:
    """Invented customers of two CRMs, with defects in proportion to the sizes.

    `contacts` counts people and `companies` companies; planted duplicates come on top. Nothing is
    dated `as_of` or later but the closing of open deals. Without companies there are no deals.
    """
    draft = Draft(Random(seed), as_of)  # noqa: S311  (invented data, no secret)
    invent_owners(draft)
    invent_companies(draft, companies)
    plant_companies(draft)
    invent_people(draft, contacts)
    plant_people(draft)
    invent_deals(draft, deals)
    plant_deals(draft)
    settle_lifecycle(draft)
    invent_details(draft, seed)
    spread_dirt(draft)
    spread_detail_dirt(draft, seed)
    plant_links(draft)
    return _frozen(draft, seed)


def _frozen(draft: Draft, seed: int) -> Seed:
    salesforce = salesforce_rows(draft)
    salesforce |= fact_rows(draft, salesforce, seed)
    hubspot = hubspot_rows(draft)
    ties = tuple(associations(draft))
    return Seed(salesforce, hubspot, ties, truth(draft), seed, draft.as_of)


def fill(salesforce: FillsRows, hubspot: FillsAssociations, seed: Seed) -> None:
    """Loads a seed into two empty worlds, parents before children; commits nothing.

    The portal is one in which the native connector is on: the properties it brings are there.
    """
    for object_name, name, label in PROPERTIES:
        hubspot.define_property(object_name, name, "string", "text", label=label)
    worlds: dict[str, FillsRows] = {"salesforce": salesforce, "hubspot": hubspot}
    _do(worlds, seed.setup)
    for world, rows_by_object in ((salesforce, seed.salesforce), (hubspot, seed.hubspot)):
        for name, rows in rows_by_object.items():
            for row in rows:
                world.put(name, dict(row.values), row.id)
    for tie in seed.associations:
        hubspot.associate(tie.from_object, tie.from_id, tie.to_object, tie.to_id, tie.type_ids)
    _do(worlds, seed.later)


def _do(worlds: Mapping[str, FillsRows], steps: Iterable[Step]) -> None:
    for step in steps:
        getattr(worlds[step.system], step.call)(*step.args, **step.named)


def truth_json(seed: Seed) -> str:
    """The truth as indented JSON: how it was made, counts by audit, and each planted finding."""
    counts: dict[str, int] = {}
    for planted in seed.truth:
        counts[planted.audit] = counts.get(planted.audit, 0) + 1
    document = {
        "seed": seed.seed,
        "as_of": seed.as_of.isoformat(),
        "counts": counts,
        "truth": [asdict(planted) for planted in seed.truth],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
