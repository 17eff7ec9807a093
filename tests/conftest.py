"""What holds for every test: a law is about what is true, not about how long a busy machine takes to see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from crmsync import language

settings.register_profile(
    "house",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language a test chooses, the next one begins in English: order means nothing."""
    language.choose("en")
    yield
    language.choose("en")
