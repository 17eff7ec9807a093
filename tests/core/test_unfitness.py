"""Why a field cannot keep a value is said with the value, in a word that a sentence is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.examples import field
from crmsync.core.records import Money, Native, Value
from crmsync.core.unfitness import why_unfit

LISTED = Native("x", "picklist", options=frozenset({"a"}))
SHORT = Native("x", "string", length=3)


@pytest.mark.parametrize(
    ("kind", "value", "native", "why"),
    [
        ("text", "b", LISTED, "unfit_option"),
        ("text", "long", SHORT, "unfit_long:3"),
        ("email", "a@b.example", SHORT, "unfit_long:3"),
        ("phone", "+34911234567", SHORT, "unfit_long:3"),
        ("tax_id", "B58378431", SHORT, "unfit_long:3"),
        ("integer", 12345, SHORT, "unfit_long:3"),
        ("integer", 1, None, "unfit"),
        ("choice", "b", LISTED, "unfit_option"),
        ("choices", frozenset({"a", "b"}), LISTED, "unfit_option"),
        ("flag", True, LISTED, "unfit_option"),
        ("owner", "ana@acme.example", LISTED, "unfit_owner"),
        ("reference", "k1", Native("x", "reference"), "unfit_absent"),
        ("references", frozenset({"k1"}), LISTED, "unfit_absent"),
        ("references", frozenset({"k1|payer"}), LISTED, "unfit_role"),
        ("money", Money(Decimal(1), "USD"), Native("x", "number"), "unfit_currency"),
        ("date", date(2011, 12, 30), Native("x", "datetime"), "unfit_day"),
        ("instant", datetime(2026, 1, 1, tzinfo=UTC), Native("x", "date"), "unfit_day"),
    ],
)
def test_each_type_says_why(kind: str, value: Value, native: Native | None, why: str) -> None:
    assert why_unfit(field("x", kind), value, native) == why
