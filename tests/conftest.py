"""What holds for every test: a law is about what is true, not about how long a busy machine takes to see it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crmsync import language
from crmsync.connectors.hubspot.connector import open_connector

settings.register_profile(
    "house",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3


def pytest_configure() -> None:
    """Files of tests go to memory where there is room: each commit and manifest would wait for the disk.

    Nobody here cuts the power. Whoever names a folder (TMPDIR) gets that.
    """
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # what was looked up before


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def pytest_itemcollected(item: pytest.Item) -> None:
    """Examples of a test that are proof and no promise are slow: all but some, or those that are named."""
    but, named = item.get_closest_marker("slow_but"), item.get_closest_marker("slow_cases")
    if (but and _case(item) not in but.args) or (named and _case(item) in named.args):
        item.add_marker("slow")


def _case(item: pytest.Item) -> str:
    return item.name.partition("[")[2].removesuffix("]")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """An example that is named as slow or as not has to be one, where all of a file are collected."""
    if any("::" in arg for arg in config.args):
        return
    cases = {(item.path, item.name.partition("[")[0], _case(item)) for item in items}
    for item in items:
        for mark in ("slow_but", "slow_cases"):
            named = item.get_closest_marker(mark)
            for case in named.args if named else ():
                if (item.path, item.name.partition("[")[0], case) not in cases:
                    raise pytest.UsageError(
                        f"{item.nodeid}: {mark} names '{case}', which is no example of it"
                    )


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language a test chooses, the next one begins in English: order means nothing."""
    language.choose("en")
    yield
    language.choose("en")


class Hurried:
    """A clock that goes on by itself, and at once by what somebody wants to sleep."""

    passed_s = 0.0

    def sleep(self, seconds: float) -> None:
        self.passed_s += seconds

    def tick(self) -> float:
        return time.monotonic() + self.passed_s


@pytest.fixture(autouse=True)
def _nobody_waits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of calls in a moment are kept by a clock that is moved on; for tests of connectors it is the real one.

    Not for those that live through nights of a whole workspace (`pair`), as tests of apply do.
    """
    if "connectors" not in request.path.parts or "pair" in request.fixturenames:
        clock = Hurried()
        known = open_connector.__kwdefaults__
        assert {"sleep", "tick"} <= set(known)
        monkeypatch.setitem(known, "sleep", clock.sleep)
        monkeypatch.setitem(known, "tick", clock.tick)
