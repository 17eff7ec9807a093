"""One pair of servers for all tests; each test finds them empty, beside a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apply.pairs import Pair, Person, Servers, become, held_by, put_back, served, settled_person


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with served() as both:
        yield both


@pytest.fixture(scope="session")
def nothing(servers: Servers) -> dict[str, Any]:
    """What the servers hold before anybody has used them."""
    return held_by(servers)


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """A person whom both systems know, settled; on servers of their own, for others to begin with."""
    with served() as both:
        yield settled_person(Pair(both, tmp_path_factory.mktemp("morning") / "workspace"))


@pytest.fixture
def pair(servers: Servers, nothing: dict[str, Any], tmp_path: Path) -> Pair:
    put_back(servers, nothing)
    return Pair(servers, tmp_path / "workspace")


@pytest.fixture
def person(pair: Pair, morning: Person) -> Person:
    """A person whom both systems know, settled; no request has been made yet."""
    become(pair, morning.pair)
    return replace(morning, pair=pair)
