"""What a mapping says: conditions, directions, names, seats."""

from __future__ import annotations

import pytest

from core.examples import entity, field
from crmsync.core.mapping import Condition, Field, OneWay, WorkspaceMapping, meets

CONDITIONS: list[tuple[Condition, str | None, bool]] = [
    ("present", "x", True),
    ("present", None, False),
    ("blank", None, True),
    ("blank", "x", False),
    ("mql", "mql", True),
    ("mql", "sql", False),
    ("mql", None, False),
    (["mql", "sql"], "sql", True),
    (["mql", "sql"], "lead", False),
    ([], "lead", False),
    (True, "true", True),
    (False, "false", True),
    (False, None, False),
    (True, "True", False),
    (5, "5", True),
    (0, "false", False),
]


@pytest.mark.parametrize(("condition", "text", "met"), CONDITIONS)
def test_a_condition_is_met_by_a_text(condition: Condition, text: str | None, met: bool) -> None:
    assert meets(condition, text) is met


def test_both_ways_means_every_side_speaks_and_is_written() -> None:
    assert field("name").writes_to("sf")
    assert field("name").speaks_for("sf")


def test_one_way_means_only_the_target_is_written_and_only_the_others_speak() -> None:
    one_way = field("name", direction=OneWay("sf"))
    assert one_way.writes_to("sf")
    assert not one_way.writes_to("hs")
    assert one_way.speaks_for("hs")
    assert not one_way.speaks_for("sf")


def test_no_direction_means_nothing_moves() -> None:
    off = field("name", direction="none")
    assert not off.writes_to("sf")
    assert not off.speaks_for("sf")
    assert entity(off).synced() == []


def test_always_never_writes_the_system_it_names() -> None:
    always = field("name", on_conflict={"always": "sf"})
    assert not always.writes_to("sf")
    assert always.writes_to("hs")
    assert (always.policy, always.policy_system) == ("always", "sf")


def test_a_name_may_differ_by_object() -> None:
    mapped = Field(
        "phone", "phone", {"sf": {"Lead": "Phone", "Contact": "MobilePhone"}, "hs": "phone"}
    )
    assert mapped.name_in("sf", "Contact") == "MobilePhone"
    assert mapped.name_in("sf", "Account") is None
    assert mapped.name_in("hs", "contacts") == "phone"
    assert mapped.name_in("csv", "rows") is None


def test_a_field_of_one_system_is_not_synced() -> None:
    assert entity(Field("note", "text", {"sf": "Note"})).synced() == []


def test_values_are_those_of_the_system() -> None:
    mapped = field("stage", "choice", values={"sf": {"W": "won"}})
    assert mapped.spec("sf").values == {"W": "won"}
    assert mapped.spec("hs").values == {}


def test_systems_are_sorted_and_seats_keep_their_order() -> None:
    of = entity(field("name"))
    assert of.systems == ["csv", "hs", "sf"]
    assert [seat.object for seat in of.seats_of("sf")] == ["contact"]


def test_an_entity_that_is_not_mapped_is_a_key_error() -> None:
    mapping = WorkspaceMapping((entity(field("name")),), "digest")
    assert mapping.entity("contact").entity == "contact"
    with pytest.raises(KeyError):
        mapping.entity("deal")


def test_natives_are_listed_by_seat_without_those_it_lacks() -> None:
    of = entity(field("name"), Field("note", "text", {"hs": "n"}))
    ((_, seat),) = WorkspaceMapping((of,), "digest").seats_of("sf")
    assert of.natives_of(seat) == ["name"]


def test_consent_is_known_by_its_policy_and_by_its_native_name() -> None:
    assert field("optout", "flag", on_conflict="sticky").is_consent
    assert Field("optout", "flag", {"sf": "HasOptedOutOfEmail"}).is_consent
    assert Field("optout", "flag", {"sf": {"Lead": "DoNotCall"}}).is_consent
    assert not field("name").is_consent
