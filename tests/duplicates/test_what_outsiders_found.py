"""What a sceptic and a reader of two hundred pairs found wrong, each once: groups, reasons, and what is kept."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from crmsync.core.duplicate_groups import tier_of
from crmsync.core.saved_duplicates import SavedModel, read_model, write_model
from duplicates.searching import Record, mail, people, searched

PHONE, OTHER = "+34 912345678", "+34 698765432"
ALL = (
    "given_name", "family_name", "email", "phone", "employer", "domain", "place", "date", "erased",
)  # fmt: skip


@cache
def learned() -> SavedModel:
    return searched(people(1000, 6), ALL)[0].saved


def person(given: str, family: str, address: str | None, phone: str = "", **more: str) -> Record:
    return {"given_name": given, "family_name": family, "email1": address, "phone1": phone, **more}


def seen(one: Record, other: Record) -> tuple[list[list[int]], dict[str, Any]]:
    found, pairs = searched([one, other, *people(1000, 6)], ALL, saved=learned())
    return [each for each in found.groups if {*each} & {0, 1}], pairs.get((0, 1), {"p": 0.0})


@pytest.mark.parametrize("family", ["Perez", "Lopez"])
def test_a_couple_with_one_mailbox_and_one_phone_is_never_sure(family: str) -> None:
    home = mail("familiaperez", "gmail.com")
    _, pair = seen(person("Juan", "Perez", home, PHONE), person("Maria", family, home, PHONE))
    assert pair["p"] < 0.998


def test_who_was_never_compared_is_kept_apart_by_a_veto_all_the_same() -> None:
    juan = person("Juan", "Perez", mail("jp", "gmail.com"), PHONE)
    maria = person("Maria", "Lopez", mail("ml", "gmail.com"), OTHER)
    nobody = {"email1": juan["email1"], "email2": maria["email1"], "phone1": PHONE, "phone2": OTHER}
    found, _ = searched([juan, maria, nobody, *people(1000, 6)], ALL, saved=learned())
    assert not [each for each in found.groups if {0, 1} <= {*each}]


def test_a_group_in_which_somebody_was_not_compared_is_to_be_reviewed() -> None:
    pairs = [(1, 2, 1.0), (2, 3, 1.0), (1, 3, 0.0)]
    assert tier_of([1, 2, 3], pairs, review=0.8, sure=0.998) == "review"


def test_one_phone_is_another_one_in_another_country_or_area() -> None:
    address = mail("ximena", "gmail.com")
    for one, other in (("+34 612345678", "+34 712345678"), ("+1 2125551234", "+1 3125551234")):
        _, pair = seen(person("Ximena", "Z", address, one), person("Ximena", "Z", address, other))
        assert pair["phone"] == "near"
    far = seen(
        person("Ximena", "Z", address, "+34 612345678"),
        person("Ximena", "Z", address, "+52 5512345679"),
    )
    assert far[1]["phone"] == "other"


def test_a_phone_with_and_without_its_country_is_one() -> None:
    address = mail("ximena", "gmail.com")
    for one, other in (("+34 612345678", "612 345 678"), ("+52 1 5512345678", "+52 5512345678")):
        _, pair = seen(person("Ximena", "Z", address, one), person("Ximena", "Z", address, other))
        assert pair["phone"] == "same"


@pytest.mark.parametrize(
    ("firm", "employer"),
    [("Garate Hermanos S.L.", None), ("Acmecorp S.L.", "same")],
)
def test_a_domain_and_a_company_name_are_not_two_companies(firm: str, employer: str | None) -> None:
    """Nothing can be said of them, but where the domain begins with the name."""
    work, home = mail("xz", "acmecorp.com"), mail("x", "gmail.com")
    _, pair = seen(
        person("Ximena", "Zubiaurre", work, PHONE),
        person("Ximena", "Zubiaurre", home, PHONE, employer=firm),
    )
    assert pair["employer"] == employer


def test_a_domain_of_free_mail_is_no_employer() -> None:
    address = mail("ximena", "gmail.com")
    one = person("Ximena", "Zubiaurre", address, PHONE, domain="gmail.com")
    assert seen(one, one)[1]["employer"] is None


def test_day_and_month_are_no_year() -> None:
    address = mail("ximena", "gmail.com")
    one, other = (person("Ximena", "Z", address, date=day) for day in ("12/03/1980", "12/03/1955"))
    assert seen(one, other)[1]["date"] != "same_year"


def test_two_second_surnames_are_no_slip() -> None:
    one = person("Andres", "Gallego Roca", mail("agr", "gmail.com"), PHONE)
    other = person("Andres", "Gallego Pina", mail("agp", "gmail.com"), PHONE)
    groups, pair = seen(one, other)
    assert (groups, pair["name"], pair["guard"]) == (
        [],
        "other_second_surname",
        "two_second_surnames",
    )


def test_one_town_of_two_names_is_one_for_people_too() -> None:
    address = mail("ximena", "gmail.com")
    one, other = (person("Ximena", "Z", address, place=town) for town in ("BCN", "Barcelona"))
    assert str(seen(one, other)[1]["place"]).startswith("same")


@pytest.mark.parametrize("word", ["true", "yes", "2024-05-01"])
def test_whoever_was_erased_on_whatever_day_is_in_no_pair(word: str) -> None:
    address = mail("ximena", "gmail.com")
    one = person("Ximena", "Zubiaurre", address, PHONE, erased=word)
    assert seen(one, person("Ximena", "Zubiaurre", address, PHONE))[1] == {"p": 0.0}
    kept = person("Ximena", "Zubiaurre", address, PHONE, erased="false")
    assert seen(kept, kept)[1]["p"] > 0.9


def test_what_is_known_of_few_speaks_against_nobody_and_can_be_kept() -> None:
    dated = {**person("Ximena", "Zubiaurre", mail("xz", "gmail.com")), "date": "1980-03-12"}
    found, pairs = searched([dated, dated, *people(600, 6)], ALL)
    assert found.weights["date"]["same"] >= 0
    assert read_model(write_model(found.saved)) == found.saved
    assert pairs[0, 1]["date"] == "same"


TWICE: dict[str, tuple[Any, list[str], Record]] = {
    "a person": ("person", ["given_name", "family_name", "email"],
                 person("Ximena", "Zubiaurre", mail("xz", "gmail.com"))),
    "a company": ("company", ["name", "domain", "place"],
                  {"name": "Acme S.L.", "domain": "acme.example", "place": "Toledo"}),
    "a deal": ("deal", ["name", "customer", "amount", "date"],
               {"name": "Web 1", "customer": "Acme", "amount": "900", "date": "2026-05-02"}),
}  # fmt: skip


@pytest.mark.parametrize("what", TWICE)
def test_two_equal_records_are_found_even_if_there_are_no_others(what: str) -> None:
    subject, parts, record = TWICE[what]
    found, pairs = searched([record, record], parts, subject)
    assert found.groups == [[0, 1]]
    assert pairs[0, 1]["p"] >= 0.95


def test_a_guard_has_the_last_word_over_what_marks_prove() -> None:
    one = {
        "name": "Web 1",
        "customer": "Acme",
        "amount": "900",
        "date": "2026-05-02",
        "currency": "EUR",
    }
    parts = ["name", "customer", "amount", "date", "currency"]
    found, pairs = searched([one, {**one, "currency": "MXN"}], parts, "deal")
    assert (found.groups, pairs.get((0, 1), {"p": 0.0})["p"] <= 0.5) == ([], True)


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("Juan Carlos", "Juan Antonio", "family_only"),
        ("María Dolores", "María Teresa", "family_only"),
        ("María José", "José María", "family_only"),
        ("Juan Carlos", "Juan", "known_as"),
        ("Juan Carlos", "Juan C.", "known_as"),
        ("Juan Carlos", "Juan Crlos", "known_as"),
    ],
)
def test_two_second_given_names_are_two_people(one: str, other: str, name: str) -> None:
    """Brothers and sisters share a phone, a town and the first of two given names."""
    groups, pair = seen(
        person(one, "Bascuñana", mail("a", "uno.example"), PHONE),
        person(other, "Bascuñana", mail("b", "dos.example"), PHONE),
    )
    assert pair["name"] == name
    assert bool(groups) == (name == "known_as")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("55 1234 5678", "33 1234 5678", False),
        ("55 1234 5678", "+52 1 55 1234 5678", True),
        ("212 555 1234", "312 555 1234", False),
        ("944 12 34 56", "+34 944 12 34 56", True),
    ],
)
def test_ten_digits_are_compared_with_their_area(one: str, other: str, is_one: bool) -> None:
    address = mail("ximena", "gmail.com")
    pair = seen(
        person("Ximena", "Zubiaurre", address, one), person("Ximena", "Zubiaurre", address, other)
    )[1]
    assert (pair["phone"] == "same") == is_one


@pytest.mark.parametrize("turned", [False, True])
def test_a_couple_is_one_whichever_of_them_comes_first(turned: bool) -> None:
    """Both have one private mailbox, one of them an address at work before it."""
    private = mail("losgarate", "gmail.com")
    her = {**person("Ane", "Garate", mail("ane", "ane.example"), "944111222"), "email2": private}
    him = person("Jon", "Garate", private, "944333444")
    groups, pair = seen(*((him, her) if turned else (her, him)))
    assert (groups, pair["guard"]) == ([], "one_mailbox_two_people")
