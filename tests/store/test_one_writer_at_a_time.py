from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

import psycopg
import pytest
from store_samples import NOW, OpenStore

from crmsync.errors import ExitCode, TryLater
from crmsync.store.store import Store

HOLD = """
import sys
from datetime import UTC, datetime
from crmsync.store.store import open_store
with open_store(sys.argv[1]) as store, store.lease("sync on host-1", datetime(2026, 11, 2, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lease until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLD, url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        output: IO[str] | None = process.stdout
        assert output is not None
        assert output.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def take_soon(store: Store) -> int:
    """The fence of a lease taken as soon as the system has noticed that its holder is dead."""
    for _ in range(20_000):
        try:
            with store.lease("resume on host-1", NOW) as lease:
                return lease.fence
        except TryLater:
            continue
    raise AssertionError("the lease of a dead process was never free")


def test_a_lease_ends_with_the_process_that_holds_it(store: Store, url: str) -> None:
    with another_process(url) as process:
        with pytest.raises(TryLater) as busy, store.lease("sync on host-2", NOW):
            pass
        assert "in use by sync on host-1, since 2026-11-02 00:00:00 UTC" in busy.value.message
        assert busy.value.exit_code == ExitCode.TRY_LATER
        assert busy.value.remedy
        process.kill()
        process.wait()
        assert take_soon(store) == 2


def test_a_second_lease_is_refused_and_the_first_goes_on(
    store: Store, open_again: OpenStore
) -> None:
    other = open_again()
    with store.lease("a", NOW) as lease:
        for each in (other, store):
            with pytest.raises(TryLater, match="in use by a, since"), each.lease("b", NOW):
                pass
        with store.transaction() as tx:
            tx.check_fence()
    with other.lease("b", NOW + timedelta(hours=1)) as later:
        assert later.fence == lease.fence + 1
        assert (later.holder, later.since) == ("b", NOW + timedelta(hours=1))


def test_a_lease_is_given_back_when_its_block_fails(store: Store, open_again: OpenStore) -> None:
    with pytest.raises(FileNotFoundError, match="gone"), store.lease("a", NOW):
        raise FileNotFoundError("gone")
    with open_again().lease("b", NOW):
        pass


def test_who_holds_no_lease_writes_nothing_fenced(store: Store, open_again: OpenStore) -> None:
    def write(each: Store) -> None:
        with each.transaction() as tx:
            tx.check_fence()

    with pytest.raises(TryLater, match="nobody holds"):
        write(store)
    with open_again().lease("a", NOW), pytest.raises(TryLater, match="nobody holds"):
        write(store)
    with store.lease("a", NOW):
        write(store)
    with pytest.raises(TryLater, match="nobody holds"):
        write(store)


def test_who_lost_the_lease_without_knowing_writes_no_more(
    store: Store, open_again: OpenStore, url: str, postgresql_server: str
) -> None:
    with store.lease("a", NOW):
        lose_the_lock(url, postgresql_server)
        other = open_again()
        assert take_soon(other) == 2
        before = store.digest()
        with pytest.raises(TryLater, match="taken over"), store.transaction() as tx:
            tx.check_fence()
        assert store.digest() == before


def lose_the_lock(url: str, postgresql_server: str) -> None:
    """What a broken connection or a careless clean-up does to a lock."""
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///") + ".lock").unlink()
        return
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        )
