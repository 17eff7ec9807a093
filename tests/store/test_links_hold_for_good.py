from __future__ import annotations

from datetime import timedelta

import pytest
from store_samples import NOW

from crmsync.core.records import Ref
from crmsync.errors import StoreFailed
from crmsync.store.rows import LinkRow
from crmsync.store.store import Store

ANA = Ref("hubspot", "contacts", "1")
ANA_THERE = Ref("salesforce", "Contact", "003A")
BEA = Ref("hubspot", "contacts", "2")


def link(store: Store, *rows: LinkRow, run: str = "r1") -> None:
    with store.transaction() as tx:
        tx.save_links(rows, run, NOW)


def test_links_come_back_by_entity_by_key_and_by_record(store: Store) -> None:
    link(
        store,
        LinkRow("contact", "k1", ANA_THERE, "email"),
        LinkRow("contact", "k1", ANA, "email"),
        LinkRow("contact", "k2", BEA, "phone"),
        LinkRow("company", "k3", Ref("hubspot", "companies", "1"), "domain"),
    )
    table = store.links("contact")
    assert table.schema.names == ["key", "system", "object", "native_id"]
    assert {str(each) for each in table.schema.types} == {"string"}
    assert sorted(zip(*table.to_pydict().values(), strict=True)) == [
        ("k1", "hubspot", "contacts", "1"),
        ("k1", "salesforce", "Contact", "003A"),
        ("k2", "hubspot", "contacts", "2"),
    ]
    assert store.links_of("contact", ["k2", "k1", "k9"]) == {"k1": [ANA, ANA_THERE], "k2": [BEA]}
    assert store.link_of(ANA_THERE) == ("contact", "k1")
    assert store.link_of(Ref("salesforce", "Lead", "003A")) is None


def test_records_that_we_created_are_counted_where_they_are(store: Store) -> None:
    assert store.created() == {}
    link(
        store,
        LinkRow("contact", "k1", ANA, "created"),
        LinkRow("contact", "k1", ANA_THERE, "source"),
        LinkRow("contact", "k2", BEA, "created"),
        LinkRow("company", "k3", Ref("hubspot", "companies", "1"), "domain"),
    )
    assert store.created() == {("hubspot", "contacts"): 2}


def test_an_entity_without_links_is_an_empty_table(store: Store) -> None:
    table = store.links("deal")
    assert table.num_rows == 0
    assert table.schema.names == ["key", "system", "object", "native_id"]


def test_a_link_saved_again_changes_nothing(store: Store) -> None:
    link(store, LinkRow("contact", "k1", ANA, "email"))
    before = store.digest()
    with store.transaction() as tx:
        again = LinkRow("contact", "k1", ANA, "phone")
        tx.save_links([again, again], "r2", NOW + timedelta(days=1))
    assert store.digest() == before


@pytest.mark.parametrize(
    "other", [LinkRow("contact", "k2", ANA, "email"), LinkRow("company", "k1", ANA, "email")]
)
def test_a_record_never_gets_a_second_key(store: Store, other: LinkRow) -> None:
    link(store, LinkRow("contact", "k1", ANA, "email"))
    before = store.digest()
    with pytest.raises(StoreFailed, match="belongs to contact k1") as failure:
        link(store, LinkRow("contact", "k3", BEA, "email"), other)
    assert failure.value.where == "hubspot/contacts/1"
    assert failure.value.remedy
    assert store.digest() == before


def test_two_keys_for_one_record_in_one_call_are_refused(store: Store) -> None:
    with pytest.raises(StoreFailed, match="belongs to contact k1"):
        link(store, LinkRow("contact", "k1", ANA, "email"), LinkRow("contact", "k2", ANA, "email"))
    assert store.links("contact").num_rows == 0


def test_more_links_than_one_query_can_name(store: Store) -> None:
    rows = [
        LinkRow("contact", f"k{n}", Ref("hubspot", "contacts", str(n)), "email")
        for n in range(6001)
    ]
    link(store, *rows)
    link(store, *rows)
    assert store.links("contact").num_rows == 6001
    assert len(store.links_of("contact", [row.key for row in rows])) == 6001
