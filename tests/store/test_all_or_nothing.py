from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event
from store_samples import NOW, ONE, TWO, OpenStore, batch, digest_of

from crmsync.core.records import Ref
from crmsync.errors import StoreFailed
from crmsync.store.rows import LinkRow, RefusedRow
from crmsync.store.store import Store, open_store
from crmsync.store.transaction import Transaction


class PowerCut(BaseException):
    """Not an Exception: nothing may catch it."""


def write_everything(tx: Transaction) -> None:
    tx.set_state("r1", [ONE.id], "VERIFIED", NOW, held={ONE.id: {"phone": "b"}})
    tx.journal_plan("r1", [TWO], NOW)
    tx.move_bases("contact", {"k1": {"salesforce": {"phone": "b"}}}, digest_of)
    tx.adopt_bases("contact", [batch([("k2", "hubspot", "d", "{}")])])
    tx.save_links([LinkRow("contact", "k1", Ref("hubspot", "contacts", "1"), "email")], "r1", NOW)
    tx.refuse(RefusedRow("contact", "k1", "hubspot", "stage", "x"), "ignored", "r1")
    tx.mark_moved("r1")


@pytest.fixture
def planned(store: Store) -> Store:
    store.start_run("r1", "apply", NOW)
    store.journal_plan("r1", [ONE], NOW)
    return store


@pytest.mark.parametrize("error", [PowerCut, KeyboardInterrupt, OSError, ValueError])
def test_a_block_that_breaks_off_leaves_the_old_state(
    planned: Store, open_again: OpenStore, error: type[BaseException]
) -> None:
    before = planned.digest()

    def break_off() -> None:
        with planned.transaction() as tx:
            write_everything(tx)
            raise error

    with pytest.raises(error):
        break_off()
    assert planned.digest() == before
    assert open_again().digest() == before
    assert planned.base_serial() == ""


def test_a_block_that_ends_is_seen_by_everybody(planned: Store, open_again: OpenStore) -> None:
    before = planned.digest()
    with planned.transaction() as tx:
        write_everything(tx)
        assert open_again().digest() == before
    other = open_again()
    assert other.digest() == planned.digest() != before
    assert other.base_serial() == "r1"
    assert other.counts("r1") == {"PLANNED": 1, "VERIFIED": 1}
    assert other.refused("contact") == {("k1", "hubspot", "stage", "x")}


def test_reading_moves_no_byte_of_state(planned: Store) -> None:
    with planned.transaction() as tx:
        write_everything(tx)
    before = planned.digest()
    planned.links("contact")
    list(planned.base_digests("contact"))
    planned.bases_of("contact", ["k1"])
    planned.ops("r1")
    planned.refused("contact")
    assert planned.digest() == before


@pytest.mark.parametrize("field", ["link", "base", "journal", "refused", "identity"])
def test_the_digest_sees_every_part_of_the_state(planned: Store, field: str) -> None:
    moves: dict[str, Callable[[Transaction], object]] = {
        "link": lambda tx: tx.save_links(
            [LinkRow("contact", "k", Ref("hubspot", "contacts", "9"), "email")], "r1", NOW
        ),
        "base": lambda tx: tx.move_bases("contact", {"k": {"hubspot": {"a": None}}}, digest_of),
        "journal": lambda tx: tx.set_state("r1", [ONE.id], "INTENT", NOW),
        "refused": lambda tx: tx.refuse(RefusedRow("deal", "k", "hubspot", "a", None), "", "r1"),
        "identity": lambda tx: None,
    }
    before = planned.digest()
    with planned.transaction() as tx:
        moves[field](tx)
    if field == "identity":
        planned.pin("hubspot", "42", NOW)
    assert planned.digest() != before


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Every connection opened from now on may use 100 pages of 4 kB."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 100").close()

    event.listen(Engine, "connect", limit)
    yield
    event.remove(Engine, "connect", limit)


def link_and_adopt(store: Store, rows: list[tuple[str, str, str, str]]) -> None:
    link = LinkRow("contact", "k", Ref("hubspot", "contacts", "1"), "email")
    with store.transaction() as tx:
        tx.save_links([link], "r1", NOW)
        tx.adopt_bases("contact", [batch(rows)])


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        store.pin("hubspot", "42", NOW)
        before = store.digest()
        rows = [(f"k{n}", "hubspot", "d", f'{{"a":"{n:0500}"}}') for n in range(2_000)]
        with pytest.raises(StoreFailed, match="disk is full") as failure:
            link_and_adopt(store, rows)
        assert "Free some space" in failure.value.remedy
        assert failure.value.where.endswith("state.db")
        assert store.digest() == before
        store.pin("hubspot", "43", NOW)
        assert store.pinned("hubspot") == "43"
