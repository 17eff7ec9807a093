"""Two writers that hand values to each other are found, drawn the shortest way, and nobody else is accused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.examples import field
from crmsync.core.cycles import Cycle, Edge, cycles, our_edges, shared_targets, their_edges
from crmsync.core.mapping import Entity, Field, OneWay, Seat, WorkspaceMapping
from crmsync.core.writers import Copy, Writer

CONNECTOR = "Connector"


def mapping(*fields: Field, seats: Sequence[Seat] = ()) -> WorkspaceMapping:
    """Contacts of Salesforce (a Contact or a Lead) and HubSpot."""
    found = seats or [Seat("sf", "Contact"), Seat("sf", "Lead"), Seat("hs", "contacts")]
    return WorkspaceMapping((Entity("contact", list(found), ["key"], list(fields)),), "-")


def phone(**other: object) -> Field:
    return Field("phone", "phone", {"sf": {"Contact": "Phone"}, "hs": "phone"}, **other)  # type: ignore[arg-type]


def connector(*copies: Copy, name: str = CONNECTOR) -> Writer:
    return Writer(name, list(copies))


def drawn(of: WorkspaceMapping, *writers: Writer) -> list[str]:
    return [each.drawn() for each in cycles([*our_edges(of), *their_edges(writers)])]


TWO_WAY = Copy("sf/Contact.Phone", "hs/contacts.phone", "two_way")
TO_HUBSPOT = Copy("sf/Contact.Phone", "hs/contacts.phone")
TO_SALESFORCE = Copy("hs/contacts.phone", "sf/Contact.Phone")
OUT_AND_BACK = "sf/Contact.Phone → [crmsync contact.phone] → hs/contacts.phone → [Connector] → sf/Contact.Phone"
BACK_AND_OUT = "hs/contacts.phone → [crmsync contact.phone] → sf/Contact.Phone → [Connector] → hs/contacts.phone"


def test_a_field_of_ours_kept_in_step_is_no_circle() -> None:
    assert drawn(mapping(phone(), field("name"))) == []


def test_a_connector_by_itself_is_no_circle_of_ours() -> None:
    assert drawn(mapping(), connector(TWO_WAY)) == []


def test_a_field_that_the_connector_keeps_in_step_as_well_is_one_circle() -> None:
    assert drawn(mapping(phone()), connector(TWO_WAY)) == [OUT_AND_BACK]


@pytest.mark.parametrize(
    ("ours", "copy", "expected"),
    [
        (phone(), TO_SALESFORCE, [OUT_AND_BACK]),
        (phone(), TO_HUBSPOT, [BACK_AND_OUT]),
        (phone(direction="none"), TWO_WAY, []),
        (phone(direction=OneWay("hs")), TO_SALESFORCE, [OUT_AND_BACK]),
        (phone(direction=OneWay("hs")), TO_HUBSPOT, []),
        (phone(on_conflict={"always": "sf"}), TO_HUBSPOT, []),
        (phone(on_conflict={"always": "sf"}), TO_SALESFORCE, [OUT_AND_BACK]),
        (phone(on_conflict={"prefer": "sf"}), TO_HUBSPOT, [BACK_AND_OUT]),
        (Field("phone", "phone", {"hs": "phone"}), TWO_WAY, []),
    ],
)
def test_only_what_direction_and_policy_let_us_write_closes_a_circle(
    ours: Field, copy: Copy, expected: list[str]
) -> None:
    assert drawn(mapping(ours), connector(copy)) == expected


def test_an_object_that_is_never_written_closes_no_circle() -> None:
    ours = our_edges(mapping(phone()), {("hs", "contacts")})
    assert {edge.target for edge in ours} == {"sf/Contact.Phone"}


def test_a_circle_through_several_fields_and_writers_is_drawn_whole() -> None:
    city = Field("city", "text", {"sf": {"Contact": "MailingCity"}, "hs": "city"})
    flow = connector(Copy("sf/Contact.MailingCity", "sf/Account.City"), name="Flow")
    back = connector(Copy("sf/Account.City", "hs/contacts.city"), name="Workflow")
    assert drawn(mapping(city), flow, back) == [
        "hs/contacts.city → [crmsync contact.city] → sf/Contact.MailingCity → [Flow] → sf/Account.City"
        " → [Workflow] → hs/contacts.city"
    ]


def test_two_other_writers_make_a_circle_without_us() -> None:
    other = connector(TO_SALESFORCE, name="Flow")
    (found,) = cycles(their_edges([connector(TO_HUBSPOT), other]))
    assert found.theirs == found.edges


def test_two_fields_of_ours_on_the_same_native_fields_are_a_circle() -> None:
    seats = [Seat("sf", "Contact"), Seat("hs", "contacts")]
    person = Entity("person", seats, ["key"], [phone(direction=OneWay("hs"))])
    contact = Entity("contact", seats, ["key"], [phone(direction=OneWay("sf"))])
    assert drawn(WorkspaceMapping((person, contact), "-")) == [
        "sf/Contact.Phone → [crmsync person.phone] → hs/contacts.phone → [crmsync contact.phone] → sf/Contact.Phone"
    ]


def split(one: object, other: object) -> WorkspaceMapping:
    """Two entities over the same objects, each with the records of one condition."""

    def named(name: str, condition: object) -> Entity:
        where = {"Country": condition}
        seats = [Seat("sf", "Contact", where), Seat("hs", "contacts", where)]  # type: ignore[arg-type]
        return Entity(name, seats, ["key"], [phone()])

    return WorkspaceMapping((named("spanish", one), named("mexican", other)), "-")


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [("ES", "MX", True), (["ES", "PT"], ["PT", "MX"], False), ("present", "blank", True),
     ("present", "ES", False), ("blank", "ES", True), (True, "true", False), (True, False, True)],
)  # fmt: skip
def test_entities_that_share_objects_but_no_record_stay_out_of_each_others_way(
    one: object, other: object, is_apart: bool
) -> None:
    edges = our_edges(split(one, other))
    assert (cycles(edges) == []) == is_apart
    assert [target for target, _ in shared_targets(edges)] == (
        [] if is_apart else ["hs/contacts.phone", "sf/Contact.Phone"]
    )


def three(*order: str, **other: object) -> WorkspaceMapping:
    """A field of three systems, their seats in this order."""
    seats = [Seat(system, "contact") for system in order]
    names = dict.fromkeys(order, "phone")
    return WorkspaceMapping(
        (Entity("contact", seats, ["key"], [Field("phone", "phone", names, **other)]),), "-"
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("order", [("sf", "hs", "csv"), ("csv", "hs", "sf"), ("hs", "csv", "sf")])
def test_of_circles_over_the_same_lines_the_shortest_is_told(order: tuple[str, ...]) -> None:
    copy = Copy("sf/contact.phone", "hs/contact.phone")
    found = cycles([*our_edges(three(*order)), *their_edges([connector(copy)])])
    assert [len(each.edges) for each in found] == [2]


def test_a_circle_that_holds_a_smaller_one_is_not_told_apart() -> None:
    writers = [
        connector(Copy("hs/contact.phone", "sf/contact.phone")),
        connector(Copy("sf/contact.phone", "csv/contact.phone"), name="Flow"),
    ]
    found = cycles([*our_edges(three("sf", "hs", "csv")), *their_edges(writers)])
    assert [each.places for each in found] == [
        {("contact", "phone"), (0, 0)},
        {("contact", "phone"), (1, 0)},
    ]


def test_the_shortest_way_back_is_found_among_many() -> None:
    ways = ("cd", "dg", "ce", "ef", "fg", "ga")
    edges = [Edge("a", "b", "crmsync c.f", ("c", "f"))]
    edges += [Edge(one, other, "Flow", (0, n)) for n, (one, other) in enumerate(("bc", *ways))]
    (found,) = cycles(edges)
    assert "".join(edge.source for edge in found.edges) == "abcdg"


def test_where_one_system_always_wins_values_go_from_it_alone() -> None:
    edges = our_edges(three("sf", "hs", "csv", on_conflict={"always": "sf"}))
    assert [(edge.source[:2], edge.target[:2]) for edge in edges] == [("sf", "hs"), ("sf", "cs")]


def test_a_declaration_as_large_as_a_file_can_be_is_answered() -> None:
    names = [f"hs/contacts.f{number}" for number in range(60)]
    copies = [Copy(one, other) for one in names for other in names if one != other]
    assert len(cycles(their_edges([connector(*copies), connector(*copies, name="Flow")]))) > 0


NODES = "abcde"


@st.composite
def graphs(draw: st.DrawFn, writers: str = "xyz") -> list[Edge]:
    """Small graphs; an edge of writer x is ours."""
    chosen = draw(
        st.lists(
            st.tuples(*map(st.sampled_from, (NODES, NODES, writers))), max_size=14, unique=True
        )
    )
    return [
        Edge(
            one, other, writer, ("contact", one + other) if writer == "x" else (ord(writer), number)
        )
        for number, (one, other, writer) in enumerate(chosen)
    ]


def circles(edges: Sequence[Edge]) -> Iterator[tuple[Edge, ...]]:
    """Every circle that comes through no node twice, from each of its edges, by brute force."""
    ways = [(edge,) for edge in edges if edge.source != edge.target]
    while ways:
        way = ways.pop()
        for edge in edges:
            if edge.source != way[-1].target:
                continue
            if edge.target == way[0].source:
                yield (*way, edge)
            elif edge.target not in {each.source for each in way} | {edge.source}:
                ways.append((*way, edge))


def mixed(edges: Sequence[Edge]) -> list[tuple[Edge, ...]]:
    return [way for way in circles(edges) if len({edge.writer for edge in way}) > 1]


def meetings(way: Sequence[Edge]) -> set[tuple[Edge, Edge]]:
    return {(a, b) for a, b in pairwise((*way, way[0])) if a.writer != b.writer}


@given(graphs(writers="x"))
def test_without_another_writer_there_is_no_circle(edges: list[Edge]) -> None:
    assert cycles(edges) == []


@given(graphs())
def test_every_circle_is_a_closed_walk_through_edges_and_two_writers(edges: list[Edge]) -> None:
    for cycle in cycles(edges):
        assert set(cycle.edges) <= set(edges)
        assert all(a.target == b.source for a, b in pairwise((*cycle.edges, cycle.edges[0])))
        assert len({edge.source for edge in cycle.edges}) == len(cycle.edges)
        assert len({edge.writer for edge in cycle.edges}) > 1
        assert cycle.edges[0].is_ours or not any(edge.is_ours for edge in cycle.edges)


@given(graphs())
def test_a_circle_is_found_if_there_is_one_and_the_shortest_is_among_them(
    edges: list[Edge],
) -> None:
    found, there = cycles(edges), mixed(edges)
    assert bool(found) == bool(there)
    if there:
        assert min(len(cycle.edges) for cycle in found) == min(len(way) for way in there)


@given(graphs())
def test_no_way_back_from_where_two_writers_meet_is_shorter(edges: list[Edge]) -> None:
    there = mixed(edges)
    for cycle in cycles(edges):
        shortest = {
            meeting: min(len(way) for way in there if meeting in meetings(way))
            for meeting in meetings(cycle.edges)
        }
        assert len(cycle.edges) in shortest.values()


@given(graphs())
def test_no_two_circles_are_made_of_the_same_lines(edges: list[Edge]) -> None:
    found = [cycle.places for cycle in cycles(edges)]
    assert len(found) == len(set(found))


def test_a_circle_is_named_by_its_lines() -> None:
    edges = (Edge("a", "b", "crmsync c.f", ("c", "f")), Edge("b", "a", "X", (0, 3)))
    assert Cycle(edges).places == {("c", "f"), (0, 3)}
