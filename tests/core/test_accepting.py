"""Waivers: what is accepted leaves the numbers until a day, and never what a sync has to leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmsync.core.accepting import Waiver, accepted, covers, expired
from crmsync.core.auditing import (
    Audit,
    AuditResult,
    Change,
    Finding,
    address_of,
    blocked_keys,
)

DAY = date(2026, 11, 20)
TEXT = {"en": "a", "es": "b"}
AUDIT = Audit("C05", "C05_x", "error", "contact", "x", TEXT, TEXT, TEXT, "SELECT 1", blocking=True)  # type: ignore[arg-type]  # two languages
ONE = Finding("C05", "error", "contact", "hubspot", "contacts", "1", "k1", "email", "a@b.example")
TWO = replace(ONE, id="2", key="k2")
WAIVER = Waiver("C05", ["hubspot/contacts/1"], "twins", "ana@acme.example", DAY)


@pytest.mark.parametrize(
    ("waiver", "is_covered"),
    [
        (WAIVER, True),
        (replace(WAIVER, who=["k1"]), True),
        (replace(WAIVER, who="all"), True),
        (replace(WAIVER, field="email"), True),
        (replace(WAIVER, field="phone"), False),
        (replace(WAIVER, who=["hubspot/contacts/2", "k2"]), False),
        (replace(WAIVER, audit="D06"), False),
        (replace(WAIVER, until=date(2026, 11, 19)), False),
    ],
)
def test_a_waiver_covers_whom_it_names_and_until_its_day(waiver: Waiver, is_covered: bool) -> None:
    assert covers(waiver, ONE, DAY) is is_covered


def test_what_is_waived_leaves_the_numbers_and_blocks_all_the_same() -> None:
    (result,) = accepted([AuditResult(AUDIT, (ONE, TWO))], [WAIVER], DAY)
    assert (result.findings, result.waived, result.count) == ((TWO,), (ONE,), 1)
    assert blocked_keys([result]) == {"k1": {"C05"}, "k2": {"C05"}}


def test_the_day_after_it_counts_again_and_is_told() -> None:
    after = date(2026, 11, 21)
    assert accepted([AuditResult(AUDIT, (ONE,))], [WAIVER], after)[0].findings == (ONE,)
    assert expired([WAIVER], after) == [WAIVER]
    assert expired([WAIVER], DAY) == []


def test_new_fixed_and_open_are_told_by_subject_and_not_by_detail() -> None:
    before = frozenset((address_of(ONE), address_of(replace(ONE, id="9"))))
    said_otherwise = replace(ONE, detail="A@b.example")
    result = AuditResult(AUDIT, (said_otherwise, TWO), before=before)
    assert result.change == Change(new=1, fixed=1, open=1)
    assert [result.is_new(each) for each in result.findings] == [False, True]


def test_what_is_accepted_meanwhile_is_not_fixed() -> None:
    result = AuditResult(AUDIT, (), waived=(ONE,), before=frozenset((address_of(ONE),)))
    assert result.change == Change(new=0, fixed=0, open=0)


@pytest.mark.parametrize(
    "result",
    [
        AuditResult(AUDIT, (ONE,)),
        AuditResult(AUDIT, (ONE,), beyond=3, before=frozenset()),
        AuditResult(AUDIT, (), None, "contact.email", before=frozenset((address_of(ONE),))),
    ],
    ids=["first", "too many to compare", "not checked"],
)
def test_nothing_is_called_new_or_fixed_where_nobody_knows(result: AuditResult) -> None:
    assert result.change is None
