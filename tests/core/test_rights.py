"""Rights that are needed beside rights that are held: nothing unseen is called missing, nothing needed too much."""

from __future__ import annotations

from crmsync.core.mapping import CreateWhen, Entity, Field, OneWay, Seat, WorkspaceMapping
from crmsync.core.rights import Demand, Held, Need, Review, Right, demands_of, without_doubles

READ, EDIT, DELETE = (Right("Contact", verb) for verb in ("read", "edit", "delete"))


def field(name: str, **more: object) -> Field:
    return Field(name, "text", {"crm": name.upper(), "other": name}, **more)  # type: ignore[arg-type]


def demand(create: object, *fields: Field) -> Demand:
    seats = [Seat("crm", "Contact", {"Kind": "A"}, create), Seat("other", "contacts")]  # type: ignore[arg-type]
    mapping = WorkspaceMapping((Entity("contact", seats, ["key"], list(fields)),), "")
    (found,) = demands_of(mapping, "crm", {"Contact": "KEY"})
    return found


def test_what_is_written_follows_direction_and_policy() -> None:
    found = demand(
        "never",
        field("a"),
        field("b", direction="none"),
        field("c", direction=OneWay("other")),
        field("d", on_conflict={"always": "crm"}),
    )
    assert set(found.reads) == {"A", "B", "C", "D", "Kind"}
    assert found.writes == {"A": ("contact.a",)}


def test_our_key_is_asked_for_where_records_are_created() -> None:
    assert (demand("never", field("a")).key, demand("ask", field("a")).key) == ("", "")
    found = demand(CreateWhen({"a": "present"}), field("a"))
    assert (found.creates, found.key) == (True, "KEY")


def review(needed: list[Right], held: Held | None) -> Review:
    return Review("crm", "salesforce", tuple(Need(each, "read") for each in needed), held)


def test_a_right_that_nobody_can_look_at_is_neither_held_nor_missing() -> None:
    found = review([READ, EDIT], Held(frozenset({READ}), frozenset({EDIT})))
    assert [found.state(need) for need in found.needs] == ["held", "unchecked"]
    assert found.missing == []
    blind = review([READ], None)
    assert (blind.state(blind.needs[0]), blind.missing, blind.excess) == ("unchecked", [], [])


def test_reading_more_is_no_excess_and_changing_more_is() -> None:
    more = {
        Right("Lead", "read"),
        Right("Lead", "view_all"),
        DELETE,
        Right("ModifyAllData"),
        Right("Contact.Fax", "edit"),
    }
    found = review([READ], Held(frozenset({READ, *more})))
    assert found.excess == [Right("ModifyAllData"), DELETE, Right("Contact.Fax", "edit")]


def test_one_right_is_needed_once_and_as_much_as_anything_needs_it() -> None:
    found = without_doubles([Need(READ, "look", ("a",), needed=False), Need(READ, "read", ("b",))])
    assert found == [Need(READ, "read", ("a", "b"))]
