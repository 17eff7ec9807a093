"""What a level counts as one is not one to whoever reads: each pair is told by what is true of it."""

from __future__ import annotations

import pytest

from duplicates.searching import Record, mail, said_of

ANA: Record = {"given_name": "Ana", "family_name": "Ruiz"}


def named(given: str | None, family: str | None) -> Record:
    return {"given_name": given, "family_name": family}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (("Анна", "Иванова"), ("Anna", "Ivanova"), "same_in_two_alphabets"),
        (("Νίκος", "Παππάς"), ("Nikos", "Pappas"), "same_in_two_alphabets"),
        (("عمر", "حداد"), ("Omar", "Haddad"), "two_alphabets"),
        (("Aziz", "خوري"), ("Aziz", "Khoury"), "given_only_in_two_alphabets"),
        (("王", "伟"), ("Wei", "Wang"), "two_alphabets"),
        (("Сергей", "Чайковский"), ("Sergei", "Tchaikovsky"), "given_only_in_two_alphabets"),
        (("Eva", "Soto Vidal"), ("Eva", "Vidal Soto"), "turned_surnames"),
        (("Eva", "Soto"), ("Soto", "Eva"), "turned_fields"),
        (("Eva", "Soto Vidal"), ("Eva Vidal", "Soto"), "turned_words"),
        (("Eva", "Soto Vidal"), ("Eva", "Vidal"), "one_surname"),
        (("Eva Maria", "Soto"), ("Maria", "Soto"), "one_first_name"),
        (("E.", "Soto Vidal"), ("Eva", "Vidal"), "initial_one_surname"),
        (("Soto", None), ("Eva", "Soto"), "one_word"),
        ((None, "Soto Vidal"), ("Eva", "Vidal Gil"), "no_first_name_one_surname"),
        (("Eva", "Silva Perrira"), ("Eva", "Pereira"), "one_surname_near"),
        (("Pepw", "Soto"), ("José", "Soto"), "misspelt_form"),
        (("Eva", "Soto Vidal"), ("Luis", "Vidal Gil"), "other_first_name_one_surname"),
        (("Esther", "Soto"), ("Ester", None), "first_name_near"),
        (("Eider", "Soto"), ("E.", None), "initial_only"),
        (("Eider", "Soto"), ("M.", None), "other"),
        (("Alejandra", "Gil"), ("Gil", "Ale"), "turned_near"),
        (("Maximilian", "Heinenner"), ("Heinener", "Maximilian"), "both_near"),
        (("Ana", "Ruiz"), ("Ana", "Ruiz"), "same"),
        (("Eva", "Soto"), ("Luis", "Soto"), "family_only"),
        (("Eva", "Soto"), ("Luis", "Gil"), "other"),
    ],
)  # fmt: skip
def test_two_names_are_told_by_what_they_have_in_common(
    one: tuple[str, str], other: tuple[str, str], told: str
) -> None:
    assert said_of(named(*one), named(*other))[0]["name"] == told
    assert said_of(named(*other), named(*one))[0]["name"] == told, "whichever comes first"


def test_a_rare_name_is_told_as_one_and_a_usual_one_is_not() -> None:
    many = [named(f"Name{at}", "Ruiz") for at in range(400)]
    many += [named("Ana", f"Surname{at}") for at in range(400)]
    crowd = [named("Ana", "Ruiz")] * 2 + many
    assert said_of(*crowd)[0]["name"] == "same"
    lone = [named("Xanti", "Zubiri")] * 2 + [named(f"A{at}", f"B{at}") for at in range(1200)]
    assert said_of(*lone)[0]["name"] == "same_rare"
    often = lone[:2] * 4 + [named(f"A{at}", f"B{at}") for at in range(9000)]
    assert said_of(*often)[0]["name"] == "same", "eight records are not few"


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Grupo Bimbo", "Bimbo, S.A.B. de C.V.", "part"),
        ("IBM", "International Business Machines", "initials"),
        ("Tptes. Soto", "Transportes Soto S.L.", "same_name_otherwise"),
        ("Acme S.L.", "ACME", "same_name"),
        ("Inmobil. Soto", "Inmobiliari Soto", "abbreviated"),
        ("Canal 2000 Norte", "Canal 2010 Norte", "other"),
        ("Acme", "Bimbo", "other"),
    ],
)  # fmt: skip
def test_two_employers_are_told_by_their_names(one: str, other: str, told: str) -> None:
    first, second = {**ANA, "employer": one}, {**ANA, "employer": other}
    assert said_of(first, second)[0]["employer"] == told
    assert said_of(second, first)[0]["employer"] == told


def test_what_colleagues_share_is_told_as_what_it_is() -> None:
    domain = said_of({**ANA, "domain": "acme.example"}, {**ANA, "domain": "acme.example"})[0]
    assert domain["employer"] == "same_domain"
    box = {**ANA, "email1": mail("ventas", "gmail.com")}
    assert said_of(box, box)[0]["employer"] == "same_box"
    lines = [
        {"given_name": name, "family_name": f"{name}ez", "phone1": "934445566"}
        for name in ("Ana", "Berta", "Carla", "Dora")
    ]
    assert said_of(*lines)[0]["employer"] == "same_line"
    spelled = said_of({**ANA, "employer": "Bimbonorte"}, {**ANA, "domain": "bimbonorte.es"})[0]
    assert spelled["employer"] == "name_is_domain"
    endings = said_of({**ANA, "domain": "bimbo.es"}, {**ANA, "domain": "bimbo.com"})[0]
    assert endings["employer"] == "domains_alike"


def test_a_phone_that_records_of_one_first_name_alone_have_is_no_phone_of_colleagues() -> None:
    hers = {**ANA, "domain": "acme.example", "phone1": "600112233"}
    his = {**hers, "given_name": "Luis"}
    assert said_of(hers, hers)[0]["phone"] == "same"
    assert said_of(hers, his)[0]["phone"] == "same_of_colleagues"
    assert said_of(hers, hers, his)[0]["phone"] == "same_of_colleagues"
    assert said_of(hers, hers, {**hers, "given_name": None})[0]["phone"] == "same_of_colleagues"


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        (("gmail.com", "hotmail.com"), "same_own_local"),
        (("gmail.com", "uno.example"), "same_local"),
        (("uno.example", "dos.example"), "same_local"),
    ],
)
def test_only_providers_of_mail_are_called_providers(hosts: tuple[str, str], told: str) -> None:
    one, other = ({**ANA, "email1": mail("rosaleda77", host)} for host in hosts)
    assert said_of(one, other)[0]["email"] == told


def test_two_switchboards_are_not_told_as_two_companies() -> None:
    names = [("Ana", "Ruiz"), ("Berta", "Soto"), ("Carla", "Vidal")]
    staff = [
        {"given_name": given, "family_name": family, "phone1": phone}
        for phone in ("934445566", "917778899")
        for given, family in names
    ]
    told = said_of(staff[0], staff[3], *staff[1:3], *staff[4:])[0]
    assert told["employer"] == "other_line"


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("+34 934445566 ext 12", "+34 934445566 ext. 34", "other_extension"),
        ("+34 934445566 ext 12", "+34 934445566", "same_switchboard"),
        ("+34 934445566 x12", "934445566 ext. 12", "same"),
        ("+34 934445566", "934445566", "same"),
    ],
)
def test_an_extension_is_told_apart_from_its_switchboard(one: str, other: str, told: str) -> None:
    assert said_of({**ANA, "phone1": one}, {**ANA, "phone1": other})[0]["phone"] == told


def test_one_person_with_names_in_any_order_does_not_make_a_mailbox_shared() -> None:
    """RA, AR and AH are the initials of Rosa Alba Hierro, as three records have them."""
    hers = mail("rosa", "acme.example")
    names = [("Rosa", "Alba"), ("Alba", "Rosa"), ("Alba", "Hierro")]
    records = [{"given_name": g, "family_name": f, "email1": hers} for g, f in names]
    assert said_of(*records)[0]["email"] == "same"


def test_names_in_two_alphabets_are_never_joined_without_a_look() -> None:
    given, family = "عمر", "حداد"
    hers = {"phone1": "+34 600123456", "email1": mail("omar", "acme.example")}
    one = {"given_name": given, "family_name": family, **hers}
    two = {**one, "given_name": "Omar", "family_name": "Haddad"}
    assert said_of(one, two)[1] == "two_alphabets"
    assert (
        said_of(one, {**two, "email1": mail("o.h", "acme.example")})[1]
        == "two_alphabets_other_mail"
    )


FIRM: Record = {"place": "Madrid", "country": "ES"}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Inmobil. Soto", "Inmobiliari Soto", "abbreviated"),
        ("Hotel Xaloc 2000", "Hotel Xaloc 2010", "other_number"),
        ("Xaloc Nord", "Bimbo", "other"),
        ("IBM", "International Business Machines", "initials"),
        ("Acme Espanya", "Acme Spain", "same"),
        ("Acme España", "Acme Espana", "same"),
        ("X0dular Vent", "Xodular Vent", "near"),
    ],
)
def test_two_companies_are_told_by_their_names(one: str, other: str, told: str) -> None:
    first, second = {**FIRM, "name": one}, {**FIRM, "name": other}
    said = said_of(first, second, subject="company")[0]["name"]
    assert said.replace("same_of_several_firms", "same") == told


def test_a_phone_without_its_area_is_one_in_its_town() -> None:
    one = {"name": "Acme", "phone": "+57 601 234 5678", "place": "Bogotá"}
    short = {**one, "phone": "234 5678"}
    assert said_of(one, short, subject="company")[0]["phone"] == "same_without_area"
    elsewhere = {**short, "place": "Cali"}
    assert said_of(one, elsewhere, subject="company")[0]["phone"] == "maybe_without_area"
