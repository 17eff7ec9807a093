"""A first name, a surname or a word that is missing or shortened is not another one; two usual names are."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from crmsync.core.duplicates import Part
from crmsync.core.saved_duplicates import SavedModel
from duplicates.searching import PARTS, Record, mail, people, searched, staged

CROWD = people(1500, 5)
WORK = {"employer": "Zurbarán Aceros S.A.", "domain": "zurbaranaceros.es"}
PHONE = {"phone1": "600112233"}


@cache
def learned() -> SavedModel:
    """How such people are weighed, estimated once."""
    return searched(CROWD[:600])[0].saved


def pair(one: Record, other: Record) -> dict[str, Any]:
    _, pairs = searched([one, other, *CROWD], saved=learned())
    return pairs.get((0, 1), {"p": 0.0, "name": None, "guard": None})


def named(given: str | None, family: str | None, **more: str) -> Record:
    return {"given_name": given, "family_name": family, **more}


BOX = {"email1": mail("azubizarreta", "zurbaranaceros.es"), **WORK}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (named("Ainhoa", "Zubizarreta"), named(None, "Zubizarreta"), "no_first_name"),
        (named("Ainhoa", "Zubizarreta"), named("Ainhoa", None), "no_surname"),
        (named("Ainhoa", "Zubizarreta Garate"), named("Ainhoa", "Zubizarreta G."), "known_as"),
        (named("Ainhoa", "Zubizarreta"), named("A.", "Zubizarreta"), "initial"),
        (named("Tiago", "Zubizarreta"), named("T.", "Zubizarreta"), "initial"),
        (named("Tiago", "Zubizarreta"), named("S.", "Zubizarreta"), "initial"),
        (named("Dolores", "Zubizarreta"), named("D.", "Zubizarreta"), "initial"),
        (named("Elorri", "Zubizarreta"), named("E.", "Zubizarreta"), "initial"),
        (named("Ricky", "Zubizarreta Elorza"), named("Zubizarreta", "Ricky"), "near"),
    ],
)
def test_what_is_missing_or_shortened_is_not_different(
    one: Record, other: Record, level: str
) -> None:
    found = pair({**one, **BOX}, {**other, **BOX})
    assert (found["name"], found["p"] > 0.95) == (level, True)


def test_two_records_with_one_word_each_have_not_one_name() -> None:
    found = pair({**named("Ana", None), **PHONE}, {**named("Ana", None), **PHONE})
    assert found["name"] == "no_surname"


def test_two_second_surnames_are_two() -> None:
    one, other = named("Ainhoa", "Zubizarreta Elorza"), named("Ainhoa", "Zubizarreta Garate")
    assert pair({**one, **BOX}, {**other, **BOX})["guard"] == "two_second_surnames"


@pytest.mark.parametrize(("one", "other"), [("Manuel", "Manuela"), ("Fernando", "Fernanda")])
def test_a_man_and_a_woman_are_not_two_spellings(one: str, other: str) -> None:
    records = [
        {**named(given, "Zubizarreta"), **WORK, **PHONE, "email1": mail(given, "gmail.com")}
        for given in (one, other)
    ]
    assert pair(*records)["p"] == 0.0


def test_two_usual_names_are_no_slip_and_a_slip_is() -> None:
    slip = {**named("Mrata", "Zubizarreta"), **BOX}
    assert pair({**named("Marta", "Zubizarreta"), **BOX}, slip)["name"] == "near"
    other = {**named("María", "Zubizarreta"), **BOX}
    assert pair({**named("Marta", "Zubizarreta"), **BOX}, other)["name"] == "like_names"


@pytest.mark.parametrize(
    ("field", "text", "given", "family"),
    [
        ("family_name", "Zubizarreta, Ainhoa", "ainhoa", "zubizarreta"),
        ("full_name", "Zubizarreta Elorza, Ainhoa", "ainhoa", "zubizarreta elorza"),
        ("family_name", "Zubizarreta Elorza", None, "zubizarreta elorza"),
        ("family_name", "Ainhoa Zubizarreta", "ainhoa", "zubizarreta"),
        ("given_name", "Ainhoa Zubizarreta", "ainhoa", "zubizarreta"),
        ("given_name", "Ainhoa Miren", "ainhoa miren", None),
        ("full_name", "Ainhoa Miren", "ainhoa", "miren"),
        ("family_name", "DelosRamirez", None, "ramirez"),
        ("given_name", "E.", "e", None),
        ("given_name", "Sra.", None, None),
        ("family_name", "Baron", None, None),
    ],
)
def test_the_words_of_a_lone_field_are_told_apart_by_what_others_are_called(
    field: str, text: str, given: str | None, family: str | None
) -> None:
    others = [named("Ainhoa", "Zubizarreta"), named("Miren", "Elorza"), named("Jon", "Ramirez")]
    record = staged({field: text}, *others)[0]
    assert (record["given"], record["family"]) == (given, family)


def test_who_asked_to_be_forgotten_tells_nobody_what_is_a_first_name() -> None:
    others = [{**named("Zubizarreta", "Ainhoa"), "erased": "true"}, named("Miren", "Elorza")]
    assert staged({"family_name": "Zubizarreta Ainhoa"}, *others)[0]["given"] is None


def test_a_rare_name_that_two_records_share_says_more_than_a_usual_one() -> None:
    def shared(given: str, family: str) -> float:
        one = named(given, family, place="Madrid")
        return float(pair({**one, **PHONE}, {**one, "phone1": "944998877"})["p"])

    assert shared("Ainhoa", "Zubizarreta") > 0.8 > shared("María", "García")


def test_a_misspelt_provider_is_the_one_that_was_meant() -> None:
    address = mail("azubi", "gmail.com")
    first, second = staged({"email1": address}, {"email1": address.replace("gmail", "gmial")})
    assert first["e1"] == second["e1"]


def test_a_slip_in_an_address_at_work_is_a_slip_and_a_last_letter_is_another_person() -> None:
    host = "zurbaranaceros.es"
    person = {**named("Ainhoa", "Zubizarreta"), **WORK}
    one = {**person, "email1": mail("ainhoa.zubizarreta", host)}
    slip = {**person, "email1": mail("ainhoa.zubiarreta", host)}
    last = {**person, "email1": mail("ainhoa.zubizarretag", host)}
    assert pair(one, slip)["email"] == "near"
    assert pair(one, last)["email"] == "two_at_one_domain"


@pytest.mark.parametrize("parts", [("email", "phone"), ("full_name", "email")])
def test_a_model_without_names_or_with_full_names_alone_is_searched(parts: list[Part]) -> None:
    address = mail("ainhoa", "zurbaranaceros.es")
    record = {"full_name": "Ainhoa Zubizarreta", "email1": address, **PHONE}
    found, _ = searched([record, record, *CROWD[:300]], parts)
    assert [0, 1] in found.groups
    assert set(parts) <= set(PARTS) | {"full_name"}
