"""What the search for companies sees of a record: names without forms, domains, countries, tax ids."""

from __future__ import annotations

from typing import Any

import pytest

from duplicates.searching import Record, staged


def one(record: Record) -> dict[str, Any]:
    (found,) = staged(record, subject="company")
    return found


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Acme", None), ("ACME, S.A. de C.V.", "sadecv"), ("Acme S. de R.L. de C.V.", "sderldecv"), ("Acme SpA", "spa"),
        ("Acme S.L.U.", "sl"), ("Acme Sociedad Limitada", "sl"), ("Acme Sdad. Coop.", "coop"), ("Acme S.C.", "sc"),
        ("Acme Ltda.", "ltda"), ("Acme, Lda", "ltda"), ("Acme E.I.R.L.", "eirl"), ("Acme S.A.C.", "sac"),
        ("Acme GmbH & Co. KG", "gmbhcokg"), ("Acme AG", "ag"), ("Acme Ltd", "ltd"), ("Acme PLC", "plc"),
        ("acme, inc.", "inc"), ("Acme Incorporated", "inc"), ("Acme LLC", "llc"), ("Acme SARL", "sarl"),
        ("Acme S.r.l.", "srl"), ("Acme S.A.S.", "sas"),
    ],
)  # fmt: skip
def test_a_legal_form_is_apart_from_the_name(text: str, form: str | None) -> None:
    found = one({"name": text})
    assert (found["bag"], found["form"]) == ("acme", form)


@pytest.mark.parametrize(
    ("text", "bag"),
    [
        ("Lab. Soto", "laboratorios soto"),
        ("Soto Laboratorios", "laboratorios soto"),
        ("Tptes. Peña, S.L.", "pena transportes"),
        ("Soto y Asoc.", "asociados soto"),
        ("Gpo. Soto", "grupo soto"),
    ],
)
def test_words_of_a_trade_are_one_however_they_are_shortened(text: str, bag: str) -> None:
    assert one({"name": text})["bag"] == bag


@pytest.mark.parametrize(
    ("text", "bag", "land", "of_group"),
    [
        ("Acme México S.A. de C.V.", "acme", "MX", False),
        ("Acme United States", "acme", "US", False),
        ("Acme Ibérica, S.L.", "acme", "ES", False),
        ("Acme Holding", "acme", None, True),
        ("Acme Inversiones S.L.", "acme", None, True),
        ("Grupo Acme", "acme grupo", None, False),
        ("Holding", "holding", None, False),
        ("Perú", "peru", None, False),
    ],
)
def test_a_country_or_a_group_at_the_end_is_told_apart_from_the_name(
    text: str, bag: str, land: str | None, of_group: bool
) -> None:
    found = one({"name": text})
    assert (found["bag"], found["land"], found["of_group"]) == (bag, land, of_group)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.acme.es/contacto", "acme.es"),
        ("ACME.com.mx", "acme.com.mx"),
        ("tienda.acme.co.uk", "acme.co.uk"),
        ("gmail.com", None),
        ("facebook.com/acme", None),
        ("https://linktr.ee/acme", None),
        ("acme.wixsite.com/inicio", None),
        ("acme", None),
    ],
)
def test_a_domain_is_the_firms_own_or_none(text: str, domain: str | None) -> None:
    assert one({"domain": text})["dom"] == domain


@pytest.mark.parametrize(
    ("record", "country"),
    [
        ({"country": "Méjico"}, "MX"),
        ({"country": "ESP", "phone": "+52 55 1234 5678"}, "ES"),
        ({"phone": "+52 55 1234 5678"}, "MX"),
        ({"phone": "0034 944 112 233"}, "ES"),
        ({"phone": "+1 555 123 4567"}, None),
        ({"number": "ABC180113648"}, "MX"),
        ({"name": "Acme, S. de R.L. de C.V."}, "MX"),
        ({"name": "Acme S.L."}, "ES"),
        ({"name": "Acme S.A."}, None),
        ({"name": "Acme Chile"}, "CL"),
        ({}, None),
    ],
)
def test_a_country_is_told_by_whatever_tells_it(record: Record, country: str | None) -> None:
    assert one(record)["country"] == country


def test_a_town_is_where_the_other_records_have_it() -> None:
    known = [{"place": "Gijón", "country": "ES"}] * 3
    both = [*known, {"place": "Córdoba", "country": "ES"}, {"place": "Córdoba", "country": "AR"}]
    found = staged(*both, {"place": "GIJON"}, {"place": "Córdoba"}, subject="company")
    assert [each["country"] for each in found[-2:]] == ["ES", None]


@pytest.mark.parametrize(
    ("text", "place"),
    [("BCN", "barcelona"), ("Donostia", "san sebastian"), ("México D.F.", "ciudad de mexico")],
)
def test_a_town_of_several_names_has_one(text: str, place: str) -> None:
    assert one({"place": text})["place"] == place


@pytest.mark.parametrize(
    ("text", "country", "number", "proven"),
    [
        ("J-99216582", "ES", "J99216582", True),
        ("ES J99216582", "España", "J99216582", True),
        ("J99216583", "ES", "J99216583", False),
        ("J99216582", None, "J99216582", True),
        ("XAXX010101000", "MX", None, False),
        ("00000000", "ES", None, False),
        ("123", "ES", None, False),
    ],
)
def test_a_tax_id_has_one_spelling_and_is_proven_or_not(
    text: str, country: str | None, number: str | None, proven: bool
) -> None:
    found = one({"number": text, "country": country} if country else {"number": text})
    assert (found["ident"], found["proven"]) == (number, proven)
