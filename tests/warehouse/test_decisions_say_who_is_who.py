"""What people decided of pairs links records, keeps them apart, or is told: never nothing without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from crmsync.connectors.base import SYSTEM_COLUMNS
from crmsync.core.mapping import Entity, Seat
from crmsync.core.pair_decisions import PairDecision, Same, newest
from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.identity import lookalikes
from crmsync.warehouse.snapshots import Snapshot
from warehouse.people import OBJECT, SYSTEMS, a_field, one_key_each
from warehouse.shelf import Links, columns_over, keep, mapping_with

Held = Mapping[tuple[str, str], Mapping[str, str | None]]
EAST, WEST, EAST2, WEST2 = (Ref(s, OBJECT, i) for i in ("1", "2") for s in SYSTEMS)
NOBODY_ALIKE: Held = {
    (ref.system, ref.id): {"email": f"{ref.system}{ref.id}@people.example"}
    for ref in (EAST, WEST, EAST2, WEST2)
}
ALL_ALIKE: Held = {place: {"email": "all@people.example"} for place in NOBODY_ALIKE}
ONE_EACH: Held = {place: ALL_ALIKE[place] for place in (("east", "1"), ("west", "1"))}


def said(one: Ref, other: Ref, same: Same = "yes") -> PairDecision:
    return PairDecision.of("person", (one, other), same, "ana", date(2026, 11, 1))


ENTITY = Entity(
    "person",
    [Seat(system, OBJECT) for system in SYSTEMS],
    ["key", "decided", "email"],
    [a_field("email", "email")],
)


def read_of(root: Path, entity: Entity, held: Held) -> dict[tuple[str, str], Snapshot]:
    """A read of every system that can hold the entity."""
    found = {}
    for system in entity.systems:
        rows = [{"_id": id_, **cells} for (where, id_), cells in held.items() if where == system]
        found[system, OBJECT] = keep(root, (system, OBJECT), [*SYSTEM_COLUMNS, "email"], rows)
    return found


@contextmanager
def columns_of(
    held: Held, *decisions: PairDecision, links: Links | None = None, entity: Entity = ENTITY
) -> Iterator[Columns]:
    mapping = replace(mapping_with(entity), decisions=tuple(newest(decisions)))
    with TemporaryDirectory() as folder:
        snapshots = read_of(Path(folder), entity, held)
        with columns_over(snapshots, mapping, links) as columns:
            yield columns


def told(columns: Columns) -> list[tuple[str, tuple[Ref, ...]]]:
    return [*columns.undone["person"]]


def links_of(columns: Columns) -> list[tuple[str, tuple[Ref, ...]]]:
    return [(each.how, each.refs) for each in columns.matches["person"]]


def links(**pairs: Sequence[tuple[str, str]]) -> Links:
    return one_key_each(pairs)


def test_two_records_decided_to_be_one_are_linked() -> None:
    with columns_of(NOBODY_ALIKE, said(WEST, EAST2)) as columns:
        assert links_of(columns) == [("decided", (EAST2, WEST))]
        assert told(columns) == []
        assert columns.ambiguities["person"] == []


def test_decisions_come_before_what_records_share() -> None:
    with columns_of(ALL_ALIKE, said(EAST, WEST2)) as columns:
        assert links_of(columns)[0] == ("decided", (EAST, WEST2))


def test_without_the_rule_nothing_is_heard() -> None:
    deaf = replace(ENTITY, match=["key", "email"])
    with columns_of(ONE_EACH, said(EAST, WEST, "no"), entity=deaf) as columns:
        assert links_of(columns) == [("email", (EAST, WEST))]
        assert columns.unheard["person"] == ()


def test_two_records_decided_to_be_two_are_not_linked_by_what_they_share() -> None:
    with columns_of(ONE_EACH) as columns:
        assert links_of(columns) == [("email", (EAST, WEST))]
    with columns_of(ONE_EACH, said(EAST, WEST, "no")) as columns:
        assert (links_of(columns), told(columns), columns.ambiguities["person"]) == ([], [], [])
        assert len(lookalikes(columns.db, ENTITY)) == 2, "nothing is created for who looks alike"


def test_unsure_changes_nothing() -> None:
    with columns_of(ONE_EACH, said(EAST, WEST, "unsure")) as columns:
        assert links_of(columns) == [("email", (EAST, WEST))]
    with columns_of(NOBODY_ALIKE, said(EAST, WEST, "unsure")) as columns:
        assert (links_of(columns), told(columns)) == ([], [])


def test_two_of_one_system_are_merged_there_first() -> None:
    with columns_of(NOBODY_ALIKE, said(EAST, EAST2)) as columns:
        assert links_of(columns) == []
        assert told(columns) == [("decided_merge", (EAST, EAST2))]
        assert len(lookalikes(columns.db, ENTITY)) == 2


def test_a_chain_over_two_of_one_system_links_nobody() -> None:
    with columns_of(NOBODY_ALIKE, said(EAST, WEST), said(WEST, EAST2)) as columns:
        assert links_of(columns) == []
        assert told(columns) == [("decided_merge", (EAST, EAST2, WEST))]
        assert columns.ambiguities["person"] == [], "one word about it is enough"


def test_a_record_joins_the_customer_it_was_decided_to_be() -> None:
    held = {place: cells for place, cells in NOBODY_ALIKE.items() if place != ("west", "2")}
    with columns_of(held, said(EAST, WEST), links=links(k=[("east", "1")])) as columns:
        (match,) = columns.matches["person"]
        assert (match.key, match.refs) == ("k", (WEST,))


def test_a_customer_who_has_a_record_there_takes_no_second_one() -> None:
    known = links(k=[("east", "1"), ("west", "1")])
    with columns_of(NOBODY_ALIKE, said(EAST, WEST2), links=known) as columns:
        assert links_of(columns) == []
        assert told(columns) == [("decided_linked", (EAST, WEST, WEST2))]


def test_two_customers_are_not_made_one_and_it_is_said() -> None:
    known = links(k=[("east", "1"), ("west", "1")], l=[("east", "2"), ("west", "2")])
    with columns_of(NOBODY_ALIKE, said(EAST, WEST2), links=known) as columns:
        assert links_of(columns) == []
        assert told(columns) == [("decided_linked", (EAST, EAST2, WEST, WEST2))]


def test_what_is_linked_as_it_was_decided_is_no_news() -> None:
    known = links(k=[("east", "1"), ("west", "1")])
    with columns_of(NOBODY_ALIKE, said(EAST, WEST), links=known) as columns:
        assert (links_of(columns), told(columns)) == ([], [])


def test_a_link_stays_though_people_say_later_that_they_are_two() -> None:
    known = links(k=[("east", "1"), ("west", "1")])
    with columns_of(NOBODY_ALIKE, said(EAST, WEST, "no"), links=known) as columns:
        assert told(columns) == [("decided_two", (EAST, WEST))]
        keys = columns.db.execute("SELECT DISTINCT key FROM key_person WHERE id = '1'").fetchall()
        assert keys == [("k",)]


def test_what_was_decided_in_two_ways_links_nobody() -> None:
    with columns_of(ONE_EACH, said(EAST, WEST), said(EAST, WEST, "no")) as columns:
        assert links_of(columns) == []
        assert told(columns) == [("decided_doubt", (EAST, WEST))]


def test_a_decision_about_a_record_that_is_not_there_changes_nothing() -> None:
    gone = said(EAST, Ref("west", OBJECT, "99"))
    with columns_of(ONE_EACH, gone) as columns:
        assert links_of(columns) == [("email", (EAST, WEST))]
        assert told(columns) == []
        assert columns.unheard["person"] == [gone]


def test_a_chain_over_a_record_that_is_gone_is_no_chain() -> None:
    third = Ref("west", OBJECT, "99")
    with columns_of(NOBODY_ALIKE, said(EAST, third), said(third, EAST2)) as columns:
        assert (links_of(columns), told(columns)) == ([], [])
        assert len(columns.unheard["person"]) == 2


def test_a_decision_about_a_record_outside_the_scope_changes_nothing() -> None:
    scoped = replace(ENTITY, scope={"west": {"email": "present"}})
    held = {("east", "1"): {"email": "a@people.example"}, ("west", "1"): {"email": None}}
    with columns_of(held, said(EAST, WEST), entity=scoped) as columns:
        assert (links_of(columns), told(columns)) == ([], [])
        assert len(columns.unheard["person"]) == 1


def test_an_id_of_15_characters_is_the_one_of_18() -> None:
    short, long = "003A000001abcDE", "003A000001abcDEIAY"
    held: Held = {
        ("east", long): {"email": "a@people.example"},
        ("west", "1"): {"email": "b@people.example"},
    }
    with columns_of(held, said(Ref("east", OBJECT, short), WEST)) as columns:
        assert [refs for _, refs in links_of(columns)] == [(Ref("east", OBJECT, long), WEST)]
        assert columns.unheard["person"] == []


def test_one_record_under_two_ids_is_no_pair() -> None:
    short, long = "003A000001abcDE", "003A000001abcDEIAY"
    held: Held = {("east", long): {"email": None}, ("west", "1"): {"email": None}}
    twice = said(Ref("east", OBJECT, short), Ref("east", OBJECT, long), "no")
    with columns_of(held, twice) as columns:
        assert (links_of(columns), told(columns)) == ([], [])


def test_nobody_joins_a_customer_over_a_third_record_against_what_was_decided() -> None:
    systems = ("east", "north", "west")
    three = replace(
        ENTITY,
        seats=[Seat(system, OBJECT) for system in systems],
        fields=[a_field("email", "email", systems)],
    )
    held: Held = {
        ("east", "1"): {"email": "x@people.example"},
        ("north", "1"): {"email": "x@people.example"},
        ("west", "1"): {"email": "y@people.example"},
    }
    known = links(k=[("north", "1"), ("west", "1")])
    with columns_of(held, links=known, entity=three) as columns:
        assert [each.key for each in columns.matches["person"]] == ["k"]
    with columns_of(held, said(EAST, WEST, "no"), links=known, entity=three) as columns:
        assert (links_of(columns), columns.ambiguities["person"]) == ([], [])
