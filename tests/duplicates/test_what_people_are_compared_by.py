"""Names, addresses, phones and employers are brought into one form before anybody is compared."""

from __future__ import annotations

import pytest

from duplicates.searching import mail, staged


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pepe", "José"), ("Paco", "Francisco"), ("Nacho", "Ignacio"), ("Bill", "William"), ("Bob", "Robert"),
     ("Xavier", "Javier"), ("Montse", "Montserrat"), ("Mohammed", "Mohamed"), ("Mª", "María")],
)  # fmt: skip
def test_forms_of_a_given_name_are_one_name(one: str, other: str) -> None:
    first, second = staged(
        {"given_name": one, "family_name": "Ruiz"}, {"given_name": other, "family_name": "Ruiz"}
    )
    assert first["person"] == second["person"]


def test_accents_particles_and_titles_do_not_tell_people_apart() -> None:
    first, second = staged(
        {"given_name": "Dra. Begoña", "family_name": "de la Peña"},
        {"given_name": "begona", "family_name": "PENA"},
    )
    assert (first["whole"], first["f1"]) == (second["whole"], second["f1"])


def test_two_surnames_are_kept_apart() -> None:
    (record,) = staged({"given_name": "María José", "family_name": "García-López"})
    assert [record[name] for name in ("g1", "g2", "f1", "f2")] == [
        "maria",
        "jose",
        "garcia",
        "lopez",
    ]


@pytest.mark.parametrize("field", ["full_name", "given_name", "family_name"])
def test_a_name_in_one_field_is_taken_apart(field: str) -> None:
    (record,) = staged({field: "Ana Soto Vidal"})
    assert (record["g1"], record["f1"], record["f2"]) == ("ana", "soto", "vidal")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (mail("a.na.soto", "gmail.com"), mail("anasoto", "googlemail.com")),
        (mail("Ana+fair", "acme.es "), mail("ana", "acme.es")),
    ],
)
def test_an_address_is_read_as_its_provider_reads_it(one: str, other: str) -> None:
    first, second = staged({"email1": one}, {"email1": other})
    assert first["e1"] == second["e1"] is not None


def test_dots_count_where_a_provider_counts_them() -> None:
    first, second = staged(
        {"email1": mail("a.soto", "acme.es")}, {"email1": mail("asoto", "acme.es")}
    )
    assert first["e1"] != second["e1"]


def test_nobodys_address_is_no_address() -> None:
    (record,) = staged({"email1": mail("notiene", "acme.es")})
    assert record["e1"] is None


@pytest.mark.parametrize(
    "text",
    ["+34 600 123 456", "600123456", "0034600123456", "600-123-456 ext 12", "(600) 12 34 56"],
)
def test_a_phone_is_its_last_eight_digits(text: str) -> None:
    (record,) = staged({"phone1": text})
    assert record["p1"] == "00123456"


def test_what_is_too_short_is_no_phone() -> None:
    assert staged({"phone1": "12345"})[0]["p1"] is None


def test_a_mailbox_of_a_team_tells_where_somebody_works() -> None:
    (record,) = staged(
        {"given_name": "Ana", "family_name": "Soto", "email1": mail("ventas", "acme.es")}
    )
    assert (record["e1"], record["box"], record["dom"]) == (
        None,
        mail("ventas", "acme.es"),
        "acme.es",
    )


def test_a_phone_of_three_people_is_a_switchboard() -> None:
    names = [("Ana", "Soto"), ("Luis", "Vidal"), ("Eva", "Ruiz")]
    records = staged(
        *({"given_name": g, "family_name": f, "phone1": "934445566"} for g, f in names)
    )
    assert {(each["p1"], each["line"]) for each in records} == {(None, "34445566")}


def test_a_phone_of_one_person_written_thrice_is_their_own() -> None:
    records = staged(
        *({"given_name": "Ana", "family_name": "Soto", "phone1": "934445566"} for _ in range(3))
    )
    assert {each["p1"] for each in records} == {"34445566"}


def test_a_private_address_names_no_employer() -> None:
    (record,) = staged({"email1": mail("ana.soto", "gmail.com"), "employer": "Acme, S.L."})
    assert (record["dom"], record["firm"], record["work"]) == (None, "acme", "acme")


@pytest.mark.parametrize(
    "text",
    [
        "Acme",
        "ACME, S.A. de C.V.",
        "Acme SpA",
        "Acme S.L.",
        "Acme Ltda.",
        "Acme GmbH",
        "acme, inc.",
    ],
)
def test_a_legal_form_does_not_tell_companies_apart(text: str) -> None:
    assert staged({"employer": text})[0]["firm"] == "acme"


def test_a_local_part_says_more_than_the_name_by_a_number_or_a_word_of_its_own() -> None:
    person = {"given_name": "Ana", "family_name": "Soto"}
    locals_ = ["ana.soto", "sotoana", "anasoto84", "estrella"]
    records = staged(*({**person, "email1": f"{each}@gmail.com"} for each in locals_))
    assert [each["own"] for each in records] == [None, None, "anasoto84", "estrella"]
