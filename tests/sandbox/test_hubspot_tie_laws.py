"""Whatever is written in whatever order, associations of the simulated portal stay consistent."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot import records, ties
from crmsync.sandbox.hubspot.association_types import types_between
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables

IDS = ("1", "2", "3")
LABELS = (
    ("deals", "contacts", "Coach"),
    ("contacts", "contacts", "Colleague"),
    ("contacts", "contacts", "Manager", "Report"),
)


def labelled_world() -> HubspotWorld:
    """A portal where people have defined labels too."""
    world = HubspotWorld(Tables("hubspot"), Clock())
    for label in LABELS:
        world.define_label(*label)
    return world


TYPES = labelled_world().portal.types

PAIRS = [(near, far) for near in OBJECTS for far in OBJECTS if types_between(near, far, TYPES)]


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, tuple[str, str, str, str], list[int]]:
    """One step: what is done, between which records, with which types of that direction."""
    verb = draw(st.sampled_from(("add", "replace", "remove", "company", "archive")))
    near, far = draw(st.sampled_from(PAIRS))
    from_id = draw(st.sampled_from(IDS))
    to_id = draw(st.sampled_from([id_ for id_ in IDS if near != far or id_ != from_id]))
    known = [one.id for one in types_between(near, far, TYPES)]
    return verb, (near, from_id, far, to_id), draw(st.lists(st.sampled_from(known)))


def play(
    world: HubspotWorld, story: list[tuple[str, tuple[str, str, str, str], list[int]]]
) -> None:
    for verb, ends, types in story:
        if verb == "company":
            company = ends[3] if types else ""
            world.put("contacts", {"associatedcompanyid": company}, ends[1])
        elif verb == "archive":
            records.archive(world.portal, ends[0], ends[1])
        elif verb == "add":
            world.associate(*ends, types)
        else:
            {"replace": ties.replace, "remove": ties.remove}[verb](world.portal, ends, types)


def all_ties(portal: Portal) -> dict[tuple[str, str, str, str], tuple[int, ...]]:
    return {
        (near, id_, far, far_id): types
        for near in OBJECTS
        for far in OBJECTS
        for id_ in IDS
        for far_id, types in portal.ties.of(near, id_, far).items()
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(steps(), max_size=12))
def test_ties_and_the_properties_that_mirror_them_agree(
    story: list[tuple[str, tuple[str, str, str, str], list[int]]],
) -> None:
    world = labelled_world()
    for name in OBJECTS:
        for id_ in IDS:
            world.put(name, {}, id_)
    play(world, story)
    found = all_ties(world.portal)
    for (near, id_, far, far_id), types in found.items():
        back = found[far, far_id, near, id_]
        assert set(back) == {TYPES[one].opposite for one in types}
    for id_ in IDS:
        primary = [
            ends[3]
            for ends, types in found.items()
            if ends[:3] == ("contacts", id_, "companies") and 1 in types
        ]
        assert len(primary) <= 1
        row = world.portal.row("contacts", id_)
        if row is not None:
            assert row["properties"].get("associatedcompanyid") == (primary or [None])[0]
    for id_ in IDS:
        row = world.portal.row("companies", id_)
        if row is not None:
            count = sum(ends[:3] == ("companies", id_, "contacts") for ends in found)
            assert row["properties"]["num_associated_contacts"] == str(count)
    rebuilt = HubspotWorld(world.tables, Clock())
    assert all_ties(rebuilt.portal) == found
