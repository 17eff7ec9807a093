"""What each type makes of what CRMs really send, example by example."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crmsync.core.records import Invalid, Money, Native, Value
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, held, parse, same, text_of

BAD = "Invalid"
EXAMPLES: list[tuple[Spec, str, Value | str]] = [
    (Spec("text"), "  Ana \t María  ", "Ana María"),
    (Spec("text"), "a\r\nb \n c", "a\nb\nc"),
    (Spec("text"), "Mari\u0301a", "Mar\u00eda"),
    (Spec("text"), "\u00a0Ana\u00a0", "Ana"),
    (Spec("text"), "\u200b", "\u200b"),
    (Spec("email"), "Ana.Pérez@Example.com", "ana.pérez@example.com"),
    (Spec("email"), " ANA@EXAMPLE.COM ", "ana@example.com"),
    (Spec("email"), "no tiene", BAD),
    (Spec("email"), "ana@example.com; eva@example.com", BAD),
    (Spec("email"), "ana@@example.com", BAD),
    (Spec("phone"), "+34 911 23 45 67", "+34911234567"),
    (Spec("phone", region="ES"), "911 23 45 67", "+34911234567"),
    (Spec("phone", region="ES"), "0034 911 234 567", "+34911234567"),
    (Spec("phone"), "911 234 567", "911234567"),
    (Spec("phone"), "+34 911 234 567 ext. 12", "+34911234567;ext=12"),
    (Spec("phone", region="US"), "555-0143", "5550143"),
    (Spec("phone", region="ES"), "00000000:0", "+34000000000"),
    (Spec("phone"), "\u0669\u0661\u0661 \u0662\u0663\u0664", "911234"),
    (Spec("phone"), "1234", BAD),
    (Spec("phone"), "no llamar 911234567", BAD),
    (Spec("domain"), "https://www.shop.acme.co.uk/es?x=1", "acme.co.uk"),
    (Spec("domain"), "ana@acme.example", "acme.example"),
    (Spec("domain"), "https://media.example/@ana", "media.example"),
    (Spec("domain"), "192.168.10.20", BAD),
    (Spec("domain"), "localhost", BAD),
    (Spec("url"), "HTTP://Acme.EXAMPLE/Path/", "http://acme.example/Path"),
    (Spec("url"), "acme.example?Key=ABC", "https://acme.example?Key=ABC"),
    (Spec("url"), "javascript:alert(1)", BAD),
    (Spec("url"), "ftp://acme.example", BAD),
    (Spec("url"), "https://acme.example/a b", BAD),
    (Spec("integer"), "1200.0", 1200),
    (Spec("integer"), "-0", 0),
    (Spec("integer"), "12.5", BAD),
    (Spec("integer"), "1,200", BAD),
    (Spec("decimal"), "1.10", Decimal("1.1")),
    (Spec("decimal"), "1E3", Decimal("1000")),
    (Spec("decimal"), "NaN", BAD),
    (Spec("decimal"), "1e999", BAD),
    (Spec("money", currency="EUR"), "1200.50", Money(Decimal("1200.5"), "EUR")),
    (Spec("flag"), "TRUE", True),
    (Spec("flag"), "0", False),
    (Spec("flag"), "Yes", BAD),
    (Spec("flag", values={"Sí": "true"}), "Sí", True),
    (Spec("flag", values={"Sí": "true"}), "false", False),
    (Spec("choice"), " won ", "won"),
    (Spec("choice", values={"Closed  Won": "won"}), "Closed  Won", "won"),
    (Spec("choice", values={"W": "won"}), "Technology", BAD),
    (Spec("choices"), "b;a;;b", frozenset("ab")),
    (Spec("choices", values={"A": "a"}), "A;B", BAD),
    (Spec("date"), "2026-03-29", date(2026, 3, 29)),
    (Spec("date"), "2026-02-30", BAD),
    (Spec("date"), "29/03/2026", BAD),
    (Spec("date"), "2026-03-28T23:30:00Z", BAD),
    (Spec("instant"), "2026-03-29T03:30:00+0200", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    (Spec("instant"), "1774747800123", datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=UTC)),
    (Spec("instant"), "2026-03-29T01:30:00", BAD),
    (Spec("instant"), "2026-03-29", BAD),
    (Spec("instant"), "0001-01-01T00:00:00+05:00", BAD),
]


def _shown(each: object) -> str:
    """The same id in every process: a set has no order of its own."""
    return "+".join(sorted(each)) if isinstance(each, frozenset) else repr(each)[:40]


@pytest.mark.parametrize(("spec", "raw", "expected"), EXAMPLES, ids=_shown)
def test_a_wire_text_is_read_as_this(spec: Spec, raw: str, expected: Value | str) -> None:
    value = parse(raw, spec)
    assert value == (Invalid(raw) if expected == BAD else expected)


ALIKE = [
    ("decimal", "1.10", "1.1"),
    ("decimal", "-0.0", "0"),
    ("text", "Mari\u0301a", "Mar\u00eda"),
    ("text", "Ana ", "Ana"),
    ("choices", "a;b", "b;a"),
    ("instant", "2026-10-25T02:30:00+02:00", "2026-10-25T01:30:00+01:00"),
    ("instant", "1774747800000", "2026-03-29T01:30:00Z"),
    ("phone", "+34 (911) 23-45-67", "+34911234567"),
]


@pytest.mark.parametrize(("type_name", "one", "other"), ALIKE)
def test_these_two_are_the_same(type_name: str, one: str, other: str) -> None:
    left, right = parse(one, Spec(type_name)), parse(other, Spec(type_name))
    assert not isinstance(left, Invalid)
    assert not isinstance(right, Invalid)
    assert same(left, right, type_name)
    assert text_of(left, type_name) == text_of(right, type_name)


def test_amounts_of_two_currencies_are_never_the_same() -> None:
    euros, dollars = Money(Decimal(1), "EUR"), Money(Decimal(1), "USD")
    assert not same(euros, dollars, "money")
    assert held(dollars, Spec("money", currency="EUR"), Native("n", "number")) == Invalid("1 USD")


INSTANT_DAYS = [
    ("Europe/Madrid", "2026-03-28T23:00:00.000Z", "2026-03-29"),
    ("Europe/Madrid", "2026-03-29T22:00:00.000Z", "2026-03-30"),
    ("Europe/Madrid", "2026-10-25T23:00:00.000Z", "2026-10-26"),
    ("America/Los_Angeles", "2026-03-08T08:00:00.000Z", "2026-03-08"),
    ("Asia/Beirut", "2026-03-28T22:00:00.000Z", "2026-03-29"),
]


@pytest.mark.parametrize(("zone", "wire", "day"), INSTANT_DAYS)
def test_a_day_kept_as_an_instant_is_its_first_moment_there_also_when_clocks_change(
    zone: str, wire: str, day: str
) -> None:
    spec = Spec("date", timezone=zone, native_is_instant=True)
    assert parse(wire, spec) == date.fromisoformat(day)
    assert TYPES["date"].render(date.fromisoformat(day), spec) == wire


def test_a_date_is_never_moved_through_a_zone_on_its_own() -> None:
    spec = Spec("date", timezone="America/Los_Angeles")
    assert TYPES["date"].render(date(1985, 6, 1), spec) == "1985-06-01"


def test_the_first_day_of_all_can_be_written_everywhere() -> None:
    spec = Spec("date", timezone="Asia/Kolkata", native_is_instant=True)
    assert parse(TYPES["date"].render(date.min, spec), spec) == date.min


def test_years_are_written_with_four_digits() -> None:
    long_ago = datetime(999, 6, 1, tzinfo=UTC)
    assert text_of(long_ago, "instant") == "0999-06-01T00:00:00.000Z"
    assert TYPES["instant"].read("0999-06-01T00:00:00.000Z") == long_ago


KEPT = [
    (Spec("text"), "abc def", Native("n", "string", length=4), "abc"),
    (Spec("text"), "abc", Native("n", "string", length=0), Invalid("abc")),
    (Spec("email"), "ana@example.com", Native("n", "string", length=5), Invalid("ana@example.com")),
    (Spec("decimal"), Decimal("1.005"), Native("n", "number", scale=2), Decimal("1.01")),
    (Spec("decimal"), Decimal("-1.005"), Native("n", "number", scale=2), Decimal("-1.01")),
    (Spec("integer"), 12345, Native("n", "number", length=3), Invalid("12345")),
    (
        Spec("instant"),
        datetime(2026, 1, 1, 0, 0, 0, 999000, tzinfo=UTC),
        Native("n", "datetime", scale=0),
        datetime(2026, 1, 1, tzinfo=UTC),
    ),
    (
        Spec("choice", values={"W": "won"}),
        "won",
        Native("n", "picklist", options=frozenset({"W"})),
        "won",
    ),
    (Spec("choice"), "won", Native("n", "picklist", options=frozenset({"W"})), Invalid("won")),
    (
        Spec("choices"),
        frozenset("ab"),
        Native("n", "multipicklist", options=frozenset("a")),
        Invalid("a;b"),
    ),
    (Spec("flag", values={"true": "false"}), True, Native("n", "boolean"), Invalid("True")),
]


@pytest.mark.parametrize(("spec", "value", "native", "kept"), KEPT, ids=_shown)
def test_a_field_keeps_this_of_it(
    spec: Spec, value: Value, native: Native, kept: Value | Invalid
) -> None:
    assert held(value, spec, native) == kept


def test_a_blank_is_kept_as_a_blank_and_an_unknown_field_keeps_all() -> None:
    assert held(None, Spec("text"), Native("n", "string", length=1)) is None
    assert held("abc", Spec("text"), None) == "abc"


def test_a_set_is_written_sorted_in_native_words() -> None:
    spec = Spec("choices", values={"B": "b", "A": "a"})
    assert TYPES["choices"].render(frozenset("ab"), spec) == "A;B"
