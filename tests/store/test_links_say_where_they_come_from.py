from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from store_samples import NOW

from crmsync.core.records import Ref
from crmsync.store.rows import AliasRow, KeptLink, LinkRow
from crmsync.store.store import Store, open_store

ANA, EVA, NEW = (Ref("hubspot", "contacts", id_) for id_ in ("1", "2", "9"))
THERE = Ref("salesforce", "Contact", "003A")


def keep(store: Store, *links: LinkRow, merged: tuple[AliasRow, ...] = (), run: str = "r1") -> None:
    with store.transaction() as tx:
        tx.save_links(links, run, NOW)
        tx.save_aliases(merged, run, NOW + timedelta(hours=1))


def alias(old: Ref, new: Ref) -> AliasRow:
    return AliasRow("contact", old, new.id, "merged")


def refs(store: Store) -> set[str]:
    return set(store.links("contact").column("native_id").to_pylist())


def test_a_link_says_rule_run_date_and_who_approved(store: Store) -> None:
    store.start_run("r1", "apply", NOW, plan_id="p", approver="ana")
    keep(store, LinkRow("contact", "k", ANA, "email"), LinkRow("contact", "k", THERE, "email"))
    keep(store, LinkRow("contact", "l", EVA, "native_link"), run="a run nobody knows")
    assert store.kept_links("contact", ["l", "k", "nobody"]) == [
        KeptLink("contact", "k", ANA, "email", "r1", NOW, "ana"),
        KeptLink("contact", "k", THERE, "email", "r1", NOW, "ana"),
        KeptLink("contact", "l", EVA, "native_link", "a run nobody knows", NOW, None),
    ]


def test_a_record_that_was_merged_away_is_history(store: Store) -> None:
    keep(store, LinkRow("contact", "k", ANA, "email"), LinkRow("contact", "k", THERE, "email"))
    before = store.digest()
    keep(store, LinkRow("contact", "k", NEW, "merged"), merged=(alias(ANA, NEW),), run="r2")
    assert store.digest() != before
    assert refs(store) == {"9", "003A"}
    assert store.links_of("contact", ["k"]) == {"k": [NEW, THERE]}
    assert [each.ref for each in store.kept_links("contact", ["k"])] == [NEW, THERE]
    assert store.link_of(ANA) == ("contact", "k")
    kept = AliasRow("contact", ANA, "9", "merged", "r2", NOW + timedelta(hours=1))
    assert store.aliases_of("contact", ["k", "l"]) == {"k": [kept]}


def test_an_id_of_another_object_is_another_record(store: Store) -> None:
    company = Ref("hubspot", "companies", "1")
    keep(store, LinkRow("contact", "k", ANA, "email"), LinkRow("company", "c", company, "domain"))
    keep(store, merged=(alias(ANA, NEW),))
    assert store.links("company").num_rows == 1
    assert refs(store) == set()


def test_a_record_merged_again_leads_to_where_it_went_last(store: Store) -> None:
    keep(store, LinkRow("contact", "k", ANA, "email"), merged=(alias(ANA, EVA),))
    keep(store, merged=(alias(ANA, NEW), alias(EVA, NEW)), run="r2")
    assert [(each.old, each.new_id) for each in store.aliases_of("contact", ["k"])["k"]] == [
        (ANA, "9")
    ]


def test_a_customer_is_found_by_record_by_former_record_and_by_key(store: Store) -> None:
    keep(store, LinkRow("contact", "abcdef0123", ANA, "email"), merged=(alias(ANA, NEW),))
    keep(store, LinkRow("contact", "abcdef0123", NEW, "merged"))
    keep(store, LinkRow("contact", "ffff", EVA, "email"))
    for who in ("1", "9", "abcdef0123", "ABCDEF01"):
        assert store.link_keys("contact", who) == ["abcdef0123"], who
    for who in ("abc", "%%%%%%%%", "3", "company"):
        assert store.link_keys("contact", who) == [], who
    assert store.link_keys("company", "1") == []


def test_the_first_keys_are_those_in_order_that_have_a_record(store: Store) -> None:
    for key, ref in (("b", ANA), ("a", EVA), ("c", NEW)):
        keep(store, LinkRow("contact", key, ref, "email"))
    keep(store, LinkRow("contact", "c", THERE, "email"), merged=(alias(EVA, NEW),))
    assert store.first_keys("contact", 10) == ["b", "c"]
    assert store.first_keys("contact", 1) == ["b"]


def test_a_store_from_before_aliases_keeps_its_links(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "crmsync.store:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO link (system, object, native_id, entity, key, how, run_id, at) VALUES "
                "('hubspot', 'contacts', '1', 'contact', 'k', 'email', 'r1', '2026-11-02T03:04:05.000000+00:00')"
            )
        )
    engine.dispose()
    with open_store(url) as store:
        assert store.links_of("contact", ["k"]) == {"k": [ANA]}
        keep(store, merged=(alias(ANA, NEW),))
        assert store.links_of("contact", ["k"]) == {}
