"""What a sentinel says of a state, and how its text and key come through people and CRMs."""

from __future__ import annotations

import pytest

from crmsync.core.sentinel import (
    SentinelMark,
    SentinelRecord,
    Verdict,
    judge,
    mark_text,
    read_mark,
    sentinel_key,
)

FIVE, SIX = SentinelMark(5, "run-x"), SentinelMark(6, "run-y")


def record(text: str) -> SentinelRecord:
    return SentinelRecord("Account", "1", text)


@pytest.mark.parametrize(
    ("known", "underway", "text", "verdict"),
    [
        (FIVE, None, mark_text(FIVE), "fits"),
        (FIVE, SIX, mark_text(SIX), "fits"),
        (FIVE, SIX, mark_text(FIVE), "fits"),
        (FIVE, None, mark_text(SIX), "newer"),
        (FIVE, SIX, mark_text(SentinelMark(6, "run-z")), "newer"),
        (FIVE, SIX, mark_text(SentinelMark(7, "run-y")), "newer"),
        (SIX, None, mark_text(FIVE), "older"),
        (FIVE, None, mark_text(SentinelMark(5, "run-z")), "other"),
        (FIVE, None, None, "gone"),
        (FIVE, None, "", "edited"),
        (FIVE, None, "Please call back", "edited"),
        (None, None, mark_text(SentinelMark(0, "put-in")), "fits"),
        (None, None, mark_text(FIVE), "unknown"),
        (None, None, "Please call back", "edited"),
        (None, None, None, "absent"),
    ],
)
def test_every_row_of_the_table_has_its_verdict(
    known: SentinelMark | None, underway: SentinelMark | None, text: str | None, verdict: Verdict
) -> None:
    assert judge(known, underway, None if text is None else record(text)) == verdict


@pytest.mark.parametrize("around", ["{}", " \n{}", "{}\nSeen by Ana.", "{}\r\n"])
def test_a_mark_is_read_through_what_people_and_crms_put_around_it(around: str) -> None:
    assert read_mark(around.format(mark_text(FIVE))) == FIVE


@pytest.mark.parametrize(
    "text", [None, "", "crmsync run", "crmsync run -1 (x)", "crmsync run 5", "run 5 (x)", "5 (x)"]
)
def test_what_holds_no_count_is_no_mark(text: str | None) -> None:
    assert read_mark(text) is None


def test_a_key_fits_every_key_field_and_belongs_to_one_workspace() -> None:
    names = ["proof", "Proof", "PROOF", "a b", "ñandú", "x" * 41, "x" * 400, "", "x" * 40]
    keys = [sentinel_key(name) for name in names]
    assert sentinel_key("proof") == "crmsync-sentinel-proof"
    assert len({key.lower() for key in keys}) == len(names)
    assert all(len(key) <= 64 for key in keys)
