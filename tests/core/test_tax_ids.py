"""Tax ids: one spelling, and no number with a wrong check digit passes for one."""

from __future__ import annotations

import pytest

from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.taxids import COUNTRIES
from crmsync.core.values import parse

# Numbers from the documentation of the countries' own offices and of python-stdnum, of nobody's customer.
RIGHT = [
    ("ES", "B-58378431", "B58378431"),
    ("ES", "54362315-k", "54362315K"),
    ("ES", "x 2482300 w", "X2482300W"),
    ("MX", "GODE 561231 GR8", "GODE561231GR8"),
    ("MX", "xaxx010101000", "XAXX010101000"),
    ("CL", "76.086.428-5", "760864285"),
    ("AR", "20-05536168-2", "20055361682"),
    ("CO", "213.123.432-1", "2131234321"),
    ("PE", "20512333797", "20512333797"),
    ("BR", "16.727.230/0001-97", "16727230000197"),
    ("EU", "FR 40 303 265 045", "FR40303265045"),
    ("FR", "40303265045", "FR40303265045"),
    ("GR", "094259216", "EL094259216"),
    (None, " 12.345-X ", "12345X"),
    ("US", "12-3456789", "123456789"),
]


@pytest.mark.parametrize(("country", "raw", "text"), RIGHT)
def test_a_tax_id_has_one_spelling(country: str | None, raw: str, text: str) -> None:
    spec = Spec("tax_id", country=country)
    assert parse(raw, spec) == text
    assert parse(text, spec) == text


@pytest.mark.parametrize(
    ("country", "raw"), [(country, raw) for country, raw, _ in RIGHT if country in COUNTRIES]
)
def test_a_digit_that_is_wrong_is_found(country: str, raw: str) -> None:
    place = max(place for place, sign in enumerate(raw) if sign.isdigit())
    wrong = [
        raw[:place] + digit + raw[place + 1 :] for digit in "0123456789" if digit != raw[place]
    ]
    found = [parse(each, Spec("tax_id", country=country)) for each in wrong]
    assert [each for each in found if isinstance(each, Invalid)], "no wrong digit was noticed"
    assert sum(not isinstance(each, Invalid) for each in found) <= 1


@pytest.mark.parametrize("raw", ["no tiene", "N/A", "-", "123", "ñandú", "<b>1</b>", "1" * 40])
def test_words_are_no_tax_ids(raw: str) -> None:
    assert parse(raw, Spec("tax_id", country="ES")) == Invalid(raw)
