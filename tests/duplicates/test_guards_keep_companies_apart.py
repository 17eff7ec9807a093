"""Companies that have much in common and are two: branches, holdings, namesakes, numbers that differ."""

from __future__ import annotations

import pytest
from stdnum.es import cif

from benchmarks.duplicates.firms import make_companies
from crmsync.core.duplicates import Part
from duplicates.searching import Record, searched

PARTS: tuple[Part, ...] = ("name", "domain", "phone", "place", "country", "id", "parent")


@pytest.fixture(scope="module")
def crowd() -> list[Record]:
    """Invented companies among whom those of a test stand: without others no name is rare."""
    names = {"name": "name", "domain": "domain", "phone": "phone", "city": "place", "country": "country",
             "tax_id": "number"}  # fmt: skip
    rows = make_companies(300, 5).records.to_pylist()
    return [{ours: row[theirs] for theirs, ours in names.items()} for row in rows]


def probability(crowd: list[Record], one: Record, other: Record) -> float:
    _, pairs = searched([one, other, *crowd], PARTS, "company")
    found = pairs.get((0, 1))
    return 0.0 if found is None else float(found["p"])


def groups(crowd: list[Record], *records: Record) -> list[list[int]]:
    """The groups that the records are in, of themselves alone."""
    found, _ = searched([*records, *crowd], PARTS, "company")
    ours = set(range(len(records)))
    return [sorted(ours & set(group)) for group in found.groups if len(ours & set(group)) > 1]


def tax_id(digits: str) -> str:
    """A Spanish tax id with the right check digit."""
    return f"B{digits}{cif.calc_check_digits(f'B{digits}')[0]}"


NUMBER, OTHER_NUMBER = tax_id("4387152"), tax_id("9120463")
GARATE = {"name": "Talleres Zubigarate, S.L.", "country": "España", "place": "Bilbao"}
DOMAIN = {"domain": "zubigarate.es"}
PHONE = {"phone": "+34 944 112 233"}


def test_two_spellings_of_one_name_with_one_domain_are_one_firm(crowd: list[Record]) -> None:
    one = {"name": "Talleres Zubigarate SL", **DOMAIN}
    assert probability(crowd, one, {"name": "TALLERES ZUBIGARTE", **DOMAIN}) > 0.99


def test_one_unusual_name_in_one_town_is_one_firm(crowd: list[Record]) -> None:
    assert probability(crowd, GARATE, {**GARATE, "name": "Tall. Zubigarate"}) > 0.9


def test_one_tax_id_makes_one_firm_of_two_names(crowd: list[Record]) -> None:
    renamed = {"name": "Norte Motor", "number": f"ES {NUMBER[:1]}-{NUMBER[1:]}", "country": "Spain"}
    assert probability(crowd, {**GARATE, "number": NUMBER}, renamed) > 0.8


def test_two_right_tax_ids_are_two_firms_whatever_else_agrees(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN, **PHONE, "number": NUMBER}
    assert probability(crowd, one, {**one, "number": OTHER_NUMBER}) == 0


def test_a_slip_in_a_tax_id_is_no_second_firm(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN, "number": NUMBER}
    slipped = NUMBER[:3] + NUMBER[4] + NUMBER[3] + NUMBER[5:]
    assert slipped != NUMBER
    assert probability(crowd, one, {**one, "number": slipped}) > 0.8


def test_two_tax_ids_that_cannot_be_checked_are_no_sure_pair(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN, "number": "55-1234567", "country": "US"}
    assert 0 < probability(crowd, one, {**one, "number": "66-7654321"}) <= 0.1


def test_what_invoices_carry_for_who_has_no_number_is_no_number(crowd: list[Record]) -> None:
    nobodys = {"number": "XAXX010101000", "country": "MX"}
    one = {"name": "Aceros Quetzalpa", **nobodys}
    assert probability(crowd, one, {"name": "Viajes Izamalito", **nobodys}) < 0.1


def test_a_head_and_its_branch_are_two(crowd: list[Record]) -> None:
    head = {**GARATE, **DOMAIN, **PHONE}
    assert probability(crowd, head, {**head, "parent": "00000"}) == 0


def test_a_parent_in_another_system_is_another_record(crowd: list[Record]) -> None:
    head = {**GARATE, **DOMAIN, **PHONE}
    assert probability(crowd, head, {**head, "system": "other", "parent": "00000"}) > 0.9


def test_one_name_in_two_countries_is_two_firms(crowd: list[Record]) -> None:
    one = {"name": "Zubigarate", "country": "ES", "domain": "zubigarate.es"}
    other = {"name": "Zubigarate", "country": "México", "domain": "zubigarate.mx"}
    assert probability(crowd, one, other) == 0


def test_the_country_is_told_by_a_phone_or_a_legal_form_too(crowd: list[Record]) -> None:
    one = {"name": "Zubigarate S.L."}
    assert probability(crowd, one, {"name": "Zubigarate", "phone": "+52 55 1234 5678"}) == 0


def test_a_subsidiary_that_is_named_by_its_country_is_another_firm(crowd: list[Record]) -> None:
    head = {"name": "Zubigarate S.L.", **DOMAIN}
    assert probability(crowd, head, {"name": "Zubigarate México", **DOMAIN}) == 0


def test_a_country_in_the_name_says_nothing_where_the_firm_is_there(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN}
    assert probability(crowd, one, {**one, "name": "Talleres Zubigarate España"}) > 0.8


def test_a_holding_at_the_same_address_is_another_firm(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN, **PHONE}
    assert probability(crowd, one, {**one, "name": "Talleres Zubigarate Holding"}) == 0


def test_branches_of_one_brand_in_two_towns_with_own_phones_are_not_merged(
    crowd: list[Record],
) -> None:
    towns = {"Bilbao": "944112233", "Vitoria": "945667788", "Logroño": "941009988"}
    branches = [
        {"name": "Cafés Zubigarate", "domain": "zubigarate.es", "place": town, "phone": phone}
        for town, phone in towns.items()
    ]
    assert groups(crowd, *branches) == []
    assert groups(crowd, *branches, {**branches[1], "name": "CAFES ZUBIGARATE SL"}) == [[1, 3]]


def test_a_domain_of_differently_named_firms_is_a_groups(crowd: list[Record]) -> None:
    names = ("Aceros Izamalito", "Viajes Quetzalpa", "Seguros Otxandio")
    assert groups(crowd, *({"name": each, "domain": "zubigarate.es"} for each in names)) == []


def test_a_phone_of_differently_named_firms_is_a_business_centres(crowd: list[Record]) -> None:
    names = ("Aceros Izamalito", "Viajes Quetzalpa", "Seguros Otxandio")
    assert groups(crowd, *({"name": each, **PHONE, "place": "Bilbao"} for each in names)) == []


def test_two_names_at_one_phone_are_to_be_looked_at(crowd: list[Record]) -> None:
    one = {"name": "Aceros Izamalito", **PHONE, "place": "Bilbao"}
    assert probability(crowd, one, {**one, "name": "Viajes Quetzalpa"}) <= 0.5


@pytest.mark.parametrize(
    "page", ["facebook.com/zubi", "https://linktr.ee/zubi", "zubi.wixsite.com/zubi", "gmail.com"]
)
def test_a_page_on_somebody_elses_site_is_no_domain(crowd: list[Record], page: str) -> None:
    one = {"name": "Aceros Izamalito", "domain": page}
    assert probability(crowd, one, {"name": "Viajes Quetzalpa", "domain": page}) < 0.1


def test_two_legal_forms_with_nothing_else_in_common_are_two(crowd: list[Record]) -> None:
    assert probability(crowd, GARATE, {**GARATE, "name": "Talleres Zubigarate, S.A."}) == 0


def test_another_legal_form_with_one_domain_and_phone_is_one_firm(crowd: list[Record]) -> None:
    one = {**GARATE, **DOMAIN, **PHONE}
    assert probability(crowd, one, {**one, "name": "Talleres Zubigarate, S.A."}) > 0.8


def test_a_number_in_a_domain_is_no_slip(crowd: list[Record]) -> None:
    one = {"name": "Talleres Zubigarate", "domain": "zubigarate.es", "country": "ES"}
    assert probability(crowd, one, {**one, "domain": "zubigarate2.es"}) < 0.5


def test_firms_that_are_spelled_alike_each_with_its_domain_are_two(crowd: list[Record]) -> None:
    one = {"name": "Zubigarate", "domain": "zubigarate.es", "country": "ES"}
    other = {"name": "Zubigaraje", "domain": "zubigaraje.es", "country": "ES"}
    assert probability(crowd, one, other) < 0.5


def test_a_surname_and_a_trade_in_two_towns_are_two_firms(crowd: list[Record]) -> None:
    many = [
        {"name": f"{trade} García", "country": "ES"} for trade in ("Talleres", "Viajes", "Seguros")
    ]
    one = {"name": "Transportes García", "country": "ES", "place": "Sevilla"}
    assert probability([*many, *crowd], one, {**one, "place": "Lugo"}) < 0.5


def test_a_name_of_several_firms_needs_more_than_itself(crowd: list[Record]) -> None:
    ours = {"name": "Aceros Otxandio", "country": "ES"}
    firms = [{**ours, "number": NUMBER}, {**ours, "number": OTHER_NUMBER}]
    assert probability([*firms, *crowd], ours, {**ours, "place": "Bilbao"}) <= 0.5


def test_initials_with_the_domain_are_the_firm(crowd: list[Record]) -> None:
    one = {"name": "Aceros Laminados Otxandio", "domain": "alotx.es"}
    assert probability(crowd, one, {"name": "A.L.O.", "domain": "alotx.es"}) > 0.8


def test_where_nothing_tells_firms_apart_none_is_grouped() -> None:
    for record in ({}, {"name": " "}, {"name": "Acme"}, {"country": "ES"}, {"name": "S.L."}):
        found, _ = searched([record] * 40, PARTS, "company")
        assert found.groups == []
