"""How many examples: few and always the same ones for every push, many for `make prove`."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
FEW = settings(
    derandomize=True,
    max_examples=120,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
MANY = settings(FEW, max_examples=400)
_HUNT = settings(FEW, max_examples=700, phases=[Phase.generate], report_multiple_bugs=False)
_HERE = Path(__file__).parent


def holds(law: Callable[[T], None], cases: SearchStrategy[T], how_many: settings = FEW) -> None:
    """Fails with the smallest case found for which a law does not hold."""

    @how_many
    @given(cases)
    def run(case: T) -> None:
        law(case)

    run()


def is_broken(law: Callable[[T], None], cases: SearchStrategy[T]) -> str:
    """What a law complains of, in its own words, within a bounded search; empty if it holds.

    An assertion of the core that trips is not the law at work, and does not count.
    """
    try:
        holds(law, cases, _HUNT)
    except AssertionError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return str(error) or last.name if Path(last.filename).parent == _HERE else ""
    return ""
