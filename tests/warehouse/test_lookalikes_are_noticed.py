"""Customers who share a mark with another one are known, so that nothing is created beside them."""

from __future__ import annotations

from crmsync.core.matching import key_of
from crmsync.core.records import Ref
from crmsync.warehouse.identity import lookalikes, own_key_sql
from warehouse.people import OBJECT, Held, a_field, columns_of, one_key_each, person
from warehouse.shelf import LINEAGE

FIELDS = [a_field("email", "email"), a_field("text", "name")]
ENTITY = person(FIELDS, match=("key", "email"))


def row(email: str | None, name: str = "Ana") -> dict[str, str | None]:
    return {"email": email, "name": name}


def test_the_key_of_sql_is_the_key_of_python() -> None:
    with columns_of(ENTITY, {("east", "í'1"): row(None)}) as columns:
        found = columns.db.execute(
            f"SELECT {own_key_sql(LINEAGE, 'person')} FROM row_person AS c"
        ).fetchall()
    assert found == [(key_of(LINEAGE, "person", [Ref("east", OBJECT, "í'1")]),)]


def test_two_records_of_one_system_with_one_address_look_alike() -> None:
    held: Held = {
        ("east", "1"): row("ana@acme.example"),
        ("east", "2"): row("Ana@acme.example"),
        ("east", "3"): row("leo@acme.example"),
    }
    with columns_of(ENTITY, held) as columns:
        assert lookalikes(columns.db, ENTITY) == {
            key_of(LINEAGE, "person", [Ref("east", OBJECT, id_)]) for id_ in ("1", "2")
        }


def test_who_was_matched_looks_like_nobody() -> None:
    held: Held = {("east", "1"): row("ana@acme.example"), ("west", "9"): row("ana@acme.example")}
    with columns_of(ENTITY, held) as columns:
        assert len(columns.matches["person"]) == 1
        assert lookalikes(columns.db, ENTITY) == set()


def test_a_third_record_beside_a_linked_pair_looks_like_it() -> None:
    held: Held = {
        ("east", "1"): row("ana@acme.example"),
        ("west", "9"): row("ana@acme.example"),
        ("east", "2"): row("ana@acme.example"),
    }
    links = one_key_each({"pair": [("east", "1"), ("west", "9")]})
    with columns_of(ENTITY, held, links) as columns:
        alone = key_of(LINEAGE, "person", [Ref("east", OBJECT, "2")])
        assert columns.matches["person"] == []
        assert len(columns.ambiguities["person"]) == 1
        assert lookalikes(columns.db, ENTITY) == {"pair", alone}


def test_a_new_record_joins_the_pair_that_lacks_its_system() -> None:
    held: Held = {("east", "1"): row("ana@acme.example"), ("west", "9"): row("ANA@acme.example")}
    with columns_of(ENTITY, held, one_key_each({"known": [("east", "1")]})) as columns:
        keys = columns.db.execute("SELECT DISTINCT key FROM row_person").fetchall()
        assert keys == [("known",)]
        assert [match.refs for match in columns.matches["person"]] == [(Ref("west", OBJECT, "9"),)]


def test_records_without_a_mark_look_like_nobody() -> None:
    held: Held = {
        ("east", "1"): row(None),
        ("east", "2"): row(None),
        ("west", "3"): row("no tiene"),
    }
    with columns_of(ENTITY, held) as columns:
        assert lookalikes(columns.db, ENTITY) == set()
        assert columns.matches["person"] == []
