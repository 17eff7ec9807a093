"""People who have much in common and are two: guards, blocks that are too full, and input that nobody wanted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from crmsync.core.saved_duplicates import SavedModel
from duplicates.searching import Record, mail, people, searched


@pytest.fixture(scope="module")
def crowd() -> list[Record]:
    """Invented people among whom those of a test stand: without others nobody is rare."""
    return people(2000, 5)


@cache
def learned() -> SavedModel:
    """How such people are weighed, estimated once."""
    found, _ = searched(people(600, 5))
    return found.saved


def among(crowd: list[Record], *records: Record, **model: Any) -> Any:
    return searched([*records, *crowd], saved=learned(), **model)


def probability(crowd: list[Record], one: Record, other: Record) -> float:
    _, pairs = among(crowd, one, other)
    found = pairs.get((0, 1))
    return 0.0 if found is None else float(found["p"])


ACME = {"employer": "Zurbarán Aceros S.A.", "domain": "zurbaranaceros.es"}
ANA = {
    "given_name": "Ainhoa",
    "family_name": "Zubizarreta",
    "email1": mail("ainhoa", "zurbaranaceros.es"),
    **ACME,
}


def test_one_person_with_one_address_is_found(crowd: list[Record]) -> None:
    assert probability(crowd, ANA, {**ANA, "given_name": "A."}) > 0.99


def test_one_person_at_one_employer_under_two_phones_is_found(crowd: list[Record]) -> None:
    one = {**ANA, "email1": None, "phone1": "944112233"}
    assert probability(crowd, one, {**one, "phone1": "600998877"}) > 0.8


def test_two_addresses_at_one_domain_under_other_first_names_are_two_people(
    crowd: list[Record],
) -> None:
    brother = {**ANA, "given_name": "Gorka", "email1": mail("gorka", "zurbaranaceros.es")}
    phone = {"phone1": "944112233"}
    assert probability(crowd, {**ANA, **phone}, {**brother, **phone}) == 0


def test_one_phone_under_other_first_names_and_addresses_is_a_family(crowd: list[Record]) -> None:
    home = {"family_name": "Zubizarreta", "phone1": "944112233", "place": "Bilbao"}
    one = {**home, "given_name": "Ainhoa", "email1": mail("ainhoa.z", "gmail.com")}
    assert (
        probability(
            crowd, one, {**home, "given_name": "Gorka", "email1": mail("gz", "hotmail.com")}
        )
        == 0
    )


def test_one_private_mailbox_under_two_names_and_phones_is_a_couple(crowd: list[Record]) -> None:
    box = {"email1": mail("losgarate", "gmail.com")}
    one = {"given_name": "Ainhoa", "family_name": "Garate", "phone1": "600112233", **box}
    other = {"given_name": "Gorka", "family_name": "Elorza", "phone1": "600998877", **box}
    assert probability(crowd, one, other) <= 0.1


def test_a_team_mailbox_makes_nobody_one(crowd: list[Record]) -> None:
    box = {"email1": mail("ventas", "zurbaranaceros.es"), **ACME}
    one = {"given_name": "Ainhoa", "family_name": "Zubizarreta", **box}
    assert probability(crowd, one, {"given_name": "Gorka", "family_name": "Elorza", **box}) < 0.5


def test_namesakes_of_a_common_name_in_two_places_are_two(crowd: list[Record]) -> None:
    one = {
        "given_name": "María",
        "family_name": "García",
        "place": "Sevilla",
        "phone1": "600112233",
    }
    assert probability(crowd, one, {**one, "place": "Lugo", "phone1": "600998877"}) < 0.5


AT = "zurbaranaceros.es"
_HOME, _ELSEWHERE = (
    {"email1": mail("txoria", "gmail.com")},
    {"email1": mail("lizarra", "outlook.com")},
)
_MOBILE, _LINE = {"phone1": "600112233"}, {"phone1": "944998877"}
_USUAL = {"given_name": "María", "family_name": "García"}
_INITIAL = {"given_name": "M.", "family_name": "García"}
_RARE = {"given_name": "Ainhoa", "family_name": "Zubizarreta"}
_BLANK = {"given_name": None, "family_name": "Zubizarreta"}
_FIRST = {"given_name": "Ainhoa", "family_name": None}
_BOX = {"email1": mail("losgarate", "gmail.com")}
_ALIKE: list[tuple[str, float, Record, Record]] = [
    (
        "two_mails_at_work_two_spellings", 0.7,
        {**ACME, **_USUAL, "email1": mail("maria", AT)}, {**ACME, **_INITIAL, "email1": mail("mg", AT)},
    ),
    (
        "two_mails_two_phones", 0.5,
        {**ACME, **_USUAL, **_MOBILE, "email1": mail("maria", AT)},
        {**ACME, **_USUAL, **_LINE, "email1": mail("mg", AT)},
    ),
    (
        "two_mails_two_phones_two_spellings", 0.7,
        {**ACME, **_MOBILE, **_HOME, "given_name": "Ainhoa", "family_name": "García"},
        {**ACME, **_LINE, **_ELSEWHERE, "given_name": "A.", "family_name": "García"},
    ),
    (
        "one_local_part_two_spellings", 0.5,
        {**_RARE, "email1": mail("xurdin1984", "gmail.com")},
        {"given_name": "A.", "family_name": "Zubizarreta", "email1": mail("xurdin1984", "hotmail.com")},
    ),
    (
        "two_mails_and_only_a_place", 0.7,
        {**_RARE, **_HOME, "place": "Orduña"}, {**_RARE, **_ELSEWHERE, "place": "Orduña"},
    ),
    (
        "one_address_with_a_number", 0.0,
        {**ACME, **_RARE, "email1": mail("ainhoa", AT)}, {**ACME, **_RARE, "email1": mail("ainhoa2", AT)},
    ),
    (
        "a_number_at_one_domain", 0.5,
        {**ACME, **_RARE, "email1": mail("ainhoa", AT)}, {**ACME, **_RARE, "email1": mail("azubizarreta2", AT)},
    ),
    (
        "a_number_at_one_domain", 0.5,
        {**ACME, **_RARE, "email1": mail("ainhoa", AT)}, {**ACME, **_RARE, "email1": mail("ainhoa84", AT)},
    ),
    (
        "like_names_other_mail", 0.5,
        {**ACME, "given_name": "Marta", "family_name": "Zubizarreta", "email1": mail("marta", AT)},
        {**ACME, "given_name": "María", "family_name": "Zubizarreta", "email1": mail("maria", AT)},
    ),
    (
        "one_phone_no_first_name", 0.5,
        {**_RARE, **_HOME, **_MOBILE}, {**_BLANK, **_ELSEWHERE, **_MOBILE},
    ),
    (
        "near_names_and_only_a_place", 0.7,
        {**_RARE, "place": "Orduña"}, {"given_name": "Ainhoa", "family_name": "Zubizareta", "place": "Orduña"},
    ),
    (
        "half_a_name_other_mail", 0.7,
        {**ACME, **_RARE, **_HOME}, {**ACME, **_FIRST, **_ELSEWHERE},
    ),
    (
        "half_a_name_other_phone", 0.7,
        {**ACME, **_RARE, **_MOBILE}, {**ACME, **_BLANK, **_LINE},
    ),
    (
        "one_mailbox_half_a_name", 0.7,
        {**ACME, **_RARE, **_BOX}, {**_BLANK, **_BOX, "employer": "Textiles Urgoiti"},
    ),
    (
        "one_mailbox_of_two", 0.7,
        {**_RARE, **_BOX}, {"given_name": "Gorka", "family_name": "Zubizarreta", **_BOX},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "most", "one", "other"), _ALIKE)
def test_who_is_only_alike_is_left_to_a_person(
    crowd: list[Record], name: str, most: float, one: Record, other: Record
) -> None:
    _, pairs = among(crowd, one, other)
    assert (pairs[0, 1]["guard"], pairs[0, 1]["p"]) == (name, most)


def test_one_name_twice_in_a_firm_is_never_sure_without_a_phone(crowd: list[Record]) -> None:
    other = {**ANA, "email1": mail("ainhoa.z", "zurbaranaceros.es")}
    _, pairs = among(crowd, ANA, other, sure=0.9)
    assert pairs[0, 1]["guard"] == "two_mails_at_work_no_phone"
    assert 0.8 < pairs[0, 1]["p"] < 0.9


def test_two_addresses_at_work_of_one_rare_name_are_joined_and_of_a_usual_one_are_not(
    crowd: list[Record],
) -> None:
    one, other = {**ACME, "email1": mail("a.z", AT)}, {**ACME, "email1": mail("ainhoa.zu", AT)}
    assert probability(crowd, {**one, **_RARE, **_MOBILE}, {**other, **_RARE, **_LINE}) > 0.8
    assert probability(crowd, {**one, **_USUAL, **_MOBILE}, {**other, **_USUAL, **_LINE}) <= 0.5


_NAMELESS: list[tuple[str, Record, Record]] = [
    ("one_mailbox_no_name", {**_RARE, **_BOX, **_MOBILE}, {**_BOX, **_MOBILE}),
    ("one_mailbox_half_a_name_alone", {**_RARE, **_BOX, **_MOBILE}, {**_BLANK, **_BOX, **_MOBILE}),
    ("one_phone_no_mail", {**_RARE, **_MOBILE}, {**_BLANK, **_MOBILE}),
]


@pytest.mark.parametrize(("guard", "one", "other"), _NAMELESS)
def test_who_has_no_name_is_never_sure_by_a_mailbox_or_a_phone(
    crowd: list[Record], guard: str, one: Record, other: Record
) -> None:
    _, pairs = among(crowd, one, other)
    assert (pairs[0, 1]["guard"], pairs[0, 1]["p"]) == (guard, 0.998 - 0.001)


def test_a_nameless_record_of_a_team_is_not_sure_through_the_record_of_another_system(
    crowd: list[Record],
) -> None:
    team = {"email1": mail("info", AT), **ACME}
    _, pairs = among(crowd, {**_RARE, **team, "system": "hs"}, {**team, "system": "sf"})
    assert pairs.get((0, 1), {"p": 0.0})["p"] < 0.998


def test_a_key_that_half_of_all_share_compares_nobody_and_is_told() -> None:
    words = ("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")
    records = [
        {"given_name": f"{a}{b}", "family_name": f"{b}{a}ez", "phone1": "911111111"}
        for a in words
        for b in words
    ]
    found, _ = searched(records)
    assert found.groups == []
    assert found.compared < 1000


def test_a_full_key_is_told_with_what_it_is_and_how_many_have_it() -> None:
    found, _ = searched([{"given_name": "Ana", "family_name": "Soto"} for _ in range(40)])
    assert ("name", "ana soto", 40) in {
        (each.kind, each.key, each.records) for each in found.crowded
    }
    assert found.groups == []


def _nothings() -> Iterator[tuple[str, list[Record]]]:
    yield "nobody", []
    yield "one", [{"given_name": "Ana"}]
    yield "blank", [{} for _ in range(50)]
    yield "blanks", [{"given_name": " ", "email1": "  ", "phone1": ""} for _ in range(50)]
    yield "constant", [{"given_name": "Ana", "place": "Lugo"} for _ in range(50)]


@pytest.mark.parametrize(
    "records", [each for _, each in _nothings()], ids=[n for n, _ in _nothings()]
)
def test_where_nothing_tells_people_apart_nobody_is_grouped(records: list[Record]) -> None:
    found, _ = searched(records)
    assert found.groups == []


def test_names_of_four_scripts_are_compared() -> None:
    names = [("Анна", "Иванова"), ("李", "小龙"), ("محمد", "العلي"), ("Ελένη", "Παππά")]
    records = [
        {"given_name": g, "family_name": f, "email1": f"persona{at}x@acme{at}.es"}
        for at, (g, f) in enumerate(names)
        for _ in range(2)
    ]
    found, _ = searched(records)
    assert found.groups == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_nobody_is_twice_in_a_system_that_is_declared_clean(crowd: list[Record]) -> None:
    systems = ("clean", "clean", "other")
    found, _ = among(crowd, *({**ANA, "system": each} for each in systems), clean=["clean"])
    ours = [group for group in found.groups if set(group) & {0, 1, 2}]
    assert len(ours) == 1
    assert 2 in ours[0]
    assert len(ours[0]) == 2


def test_the_same_records_give_the_same_groups_in_any_order(crowd: list[Record]) -> None:
    one, pairs = searched(crowd[:500])
    again, same = searched(crowd[:500])
    assert one.groups == again.groups
    assert {pair: row["p"] for pair, row in pairs.items()} == {
        pair: row["p"] for pair, row in same.items()
    }
