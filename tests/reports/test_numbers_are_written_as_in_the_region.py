"""Spanish is written with a comma in Spain and with a point in Mexico: the workspace's region says which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmsync.language import choose_region
from crmsync.reports.numbers import delimiter, money, number, share


@pytest.fixture(autouse=True)
def no_region() -> Iterator[None]:
    yield
    choose_region(None)


@pytest.mark.parametrize(
    ("region", "written", "amount", "part", "between"),
    [
        (None, "12.345,6", "12.346\u00a0€", "12\u00a0%", ";"),
        ("ES", "12.345,6", "12.346\u00a0€", "12\u00a0%", ";"),
        ("AR", "12.345,6", "12.346\u00a0€", "12\u00a0%", ";"),
        ("MX", "12,345.6", "12,346\u00a0EUR", "12%", ","),
        ("PE", "12,345.6", "12,346\u00a0EUR", "12%", ","),
        ("??", "12.345,6", "12.346\u00a0€", "12\u00a0%", ";"),
    ],
)
def test_spanish_follows_the_region(
    region: str | None, written: str, amount: str, part: str, between: str
) -> None:
    choose_region(region)
    assert number(12345.6, "es") == written
    assert money(12345.6, "EUR", "es") == amount
    assert share(12, 100, "es") == part
    assert delimiter("es") == between


def test_four_digits_are_grouped_in_mexico_and_english_is_english_everywhere() -> None:
    assert number(1234, "es") == "1234"
    choose_region("MX")
    assert number(1234, "es") == "1,234"
    assert (number(1234.5, "en"), delimiter("en")) == ("1,234.5", ",")


def test_no_reference_audit_takes_every_customer_for_a_spaniard() -> None:
    audits = Path(__file__).parents[2] / "audits"
    assert not [each.name for each in audits.glob("*.sql") if "NIF" in each.read_text("utf-8")]
