"""Fixtures the contract asks for: `pytest_plugins = ["crmsync.testing.plugin"]` in a conftest.py.

What a package of its own adds is the fixtures `rig` and `connector` of its test class.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from crmsync.testing.contract_ties import one, others, ties

__all__ = ["now", "one", "others", "slept", "ties", "unique"]
_numbers = count()


@pytest.fixture
def slept() -> list[float]:
    """Seconds that were to be slept, in order."""
    return []


@pytest.fixture
def now() -> datetime:
    """The real time: the skew of a server is against it."""
    return datetime.now(UTC)  # noqa: TID251  # a test has a clock


@pytest.fixture
def unique() -> str:
    """A text that no other test uses."""
    return f"t{next(_numbers)}"
