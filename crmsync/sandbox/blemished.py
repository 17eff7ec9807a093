"""A seed with blemishes: for every audit that has one, so many customers that it must find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from random import Random

from crmsync.sandbox.seed import Seed
from crmsync.sandbox.seeding.blemishes import (
    answers,
    between,
    consents,
    deals,
    fields,
    first,
    history,
    lifecycle,
    owners,
    words,
)
from crmsync.sandbox.seeding.blemishes.world import Rows, World, frozen
from crmsync.sandbox.seeding.truth import Planted

Blemish = Callable[[World], Iterator[Planted]]

# One table a topic; an audit has its blemish in one of them.
TABLES: tuple[Mapping[str, Blemish], ...] = (
    first.BLEMISHES,
    lifecycle.BLEMISHES,
    history.BLEMISHES,
    between.BLEMISHES,
    consents.BLEMISHES,
    owners.BLEMISHES,
    words.BLEMISHES,
    answers.BLEMISHES,
    deals.BLEMISHES,
)
BLEMISHES: Mapping[str, Blemish] = {id_: each for table in TABLES for id_, each in table.items()}
# What is found about everybody at once has a world to itself, read in a way of its own: named, and never by default.
APART: Mapping[str, Mapping[str, Blemish]] = {
    "statuses": consents.BY_STATUSES,
    "fields": fields.BLEMISHES,
    "hours": owners.BY_HOURS,
}
_ALL: Mapping[str, Blemish] = {
    **BLEMISHES,
    **{id_: each for table in APART.values() for id_, each in table.items()},
}


def blemished(seed: Seed, times: int = 1, only: Collection[str] | None = None) -> Seed:
    """The seed with every blemish so many times; its truth has what they must be found for, too."""
    world = _world(seed)
    planted: list[Planted] = []
    for id_ in sorted(BLEMISHES if only is None else only):
        for _ in range(times):
            planted += _ALL[id_](world)
    return replace(
        seed,
        salesforce=frozen(world.rows, "salesforce"),
        hubspot=frozen(world.rows, "hubspot"),
        associations=tuple(world.ties),
        truth=tuple(sorted((*seed.truth, *planted))),
        setup=tuple(world.setup),
        later=tuple(world.later),
    )


def _world(seed: Seed) -> World:
    rows: Rows = {
        system: {
            name: {row.id: dict(row.values) for row in given} for name, given in by_object.items()
        }
        for system, by_object in (("salesforce", seed.salesforce), ("hubspot", seed.hubspot))
    }
    rng = Random(f"blemishes {seed.seed}")  # noqa: S311  (invented data, no secret)
    return World(rng, seed.as_of, rows, list(seed.associations), _owners(rows))


def _owners(rows: Rows) -> list[Mapping[str, str]]:
    """Ids by system of the people who are active in both."""
    hubspot = {
        values["email"]: id_
        for id_, values in rows["hubspot"]["owners"].items()
        if not values.get("archived")
    }
    return [
        {"salesforce": id_, "hubspot": hubspot[values["Email"]]}
        for id_, values in sorted(rows["salesforce"]["User"].items())
        if values["IsActive"] and values["Email"] in hubspot
    ]
