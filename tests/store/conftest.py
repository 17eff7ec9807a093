"""A store on each database. One PostgreSQL server a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from connectors import databases
from store_samples import OpenStore

from crmsync.store.store import Store, open_store
from crmsync.store.tables import METADATA

postgresql_server, postgresql_url = databases.postgresql_server, databases.postgresql_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/state/state.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest) -> str:
    """The address of a store that was never opened, on each database."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "state.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_schema(postgresql_server: str) -> str:
    address = databases.empty_schema(postgresql_server)
    open_store(address).close()
    return address


@pytest.fixture
def migrated_sqlite_url(migrated_file: Path, sqlite_url: str) -> str:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    shutil.copy(migrated_file, path)
    return sqlite_url


@pytest.fixture
def migrated_postgresql_url(migrated_schema: str) -> str:
    empty(migrated_schema)
    return migrated_schema


def empty(address: str) -> None:
    """Takes out every row; journal and finding go before the runs that they belong to."""
    tables = reversed(METADATA.sorted_tables)
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        connection.execute("; ".join(f'DELETE FROM "{table.name}"' for table in tables))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, on each database. Its tables are made once: that takes time."""
    address: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return address


@pytest.fixture
def open_again(url: str) -> Iterator[OpenStore]:
    """Opens the same store once more, as another process would."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_store(url))


@pytest.fixture
def store(open_again: OpenStore) -> Store:
    return open_again()
