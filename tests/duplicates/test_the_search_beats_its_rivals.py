"""crmsync's own search on invented people and companies: never worse than exact keys, nor than Splink's defaults."""

from __future__ import annotations

import pytest

from benchmarks.duplicates.engines import engine
from benchmarks.duplicates.firms import make_companies
from benchmarks.duplicates.measures import quality
from benchmarks.duplicates.people import make_people
from benchmarks.duplicates.rates import PRESETS


@pytest.mark.slow_but("3000-21-usual")
@pytest.mark.parametrize(
    ("rows", "seed", "preset"),
    [(3000, 21, "usual"), (10_000, 22, "usual"), (10_000, 23, "dirty"), (10_000, 24, "calm"), (100_000, 25, "usual")],
)  # fmt: skip
def test_it_finds_more_and_merges_fewer_innocents(rows: int, seed: int, preset: str) -> None:
    crowd = make_people(rows, seed, PRESETS[preset])
    told = {
        name: quality(crowd.truth, engine("people", name)(crowd.records).clusters)
        for name in ("crmsync", "e-mail", "splink")
    }
    own, mail, splink = told["crmsync"], told["e-mail"], told["splink"]
    assert own.f1 > max(mail.f1, splink.f1)
    assert own.f1 > mail.f1 + 0.05
    assert own.false_merges <= mail.false_merges + 0.002
    assert own.biggest <= 25


@pytest.mark.slow_but("2000-21-usual")
@pytest.mark.parametrize(
    ("rows", "seed", "preset"),
    [(2000, 21, "usual"), (10_000, 22, "usual"), (10_000, 23, "dirty"), (10_000, 24, "calm")],
)
def test_it_finds_more_companies_and_merges_fewer_innocents(
    rows: int, seed: int, preset: str
) -> None:
    crowd = make_companies(rows, seed, PRESETS[preset])
    told = {
        name: quality(crowd.truth, engine("firms", name)(crowd.records).clusters)
        for name in ("crmsync", "domain", "rules", "splink")
    }
    own = told.pop("crmsync")
    assert own.f1 > max(each.f1 for each in told.values()) + 0.03
    assert own.false_merges <= min(told["domain"].false_merges, told["splink"].false_merges)
    assert own.biggest <= 25
