from __future__ import annotations

import json

import pyarrow as pa
import pytest
from store_samples import batch, digest_of, digests

from crmsync.store.rows import Cells
from crmsync.store.store import Store


def move(store: Store, moved: dict[str, dict[str, Cells]], entity: str = "contact") -> None:
    with store.transaction() as tx:
        tx.move_bases(entity, moved, digest_of)


def test_a_field_not_named_stays(store: Store) -> None:
    move(
        store,
        {"k1": {"hubspot": {"phone": "+341", "title": None}, "salesforce": {"phone": "+341"}}},
    )
    move(store, {"k1": {"hubspot": {"phone": None, "city": "León"}}})
    hubspot = {"phone": None, "title": None, "city": "León"}
    assert store.bases_of("contact", ["k1"]) == {
        "k1": {"hubspot": hubspot, "salesforce": {"phone": "+341"}}
    }
    assert digests(store) == [
        ("k1", "hubspot", digest_of("contact", "hubspot", hubspot)),
        ("k1", "salesforce", digest_of("contact", "salesforce", {"phone": "+341"})),
    ]


def test_a_side_with_nothing_settled_gets_no_base(store: Store) -> None:
    move(store, {"k1": {"hubspot": {}}})
    assert digests(store) == []


def test_bases_of_one_entity_are_not_those_of_another(store: Store) -> None:
    move(store, {"k1": {"hubspot": {"name": "Acme"}}}, "company")
    assert store.bases_of("contact", ["k1"]) == {}
    assert digests(store, "contact") == []


def test_adopted_bases_stream_back_with_their_digests(store: Store) -> None:
    rows = [(f"k{n}", "hubspot", f"d{n}", json.dumps({"n": str(n)})) for n in range(45_000)]
    with store.transaction() as tx:
        assert tx.adopt_bases("contact", [batch(rows[:44_000]), batch(rows[44_000:])]) == 45_000
    assert digests(store) == sorted((key, system, digest) for key, system, digest, _ in rows)
    assert store.bases_of("contact", ["k44999"]) == {"k44999": {"hubspot": {"n": "44999"}}}


def test_an_adopted_base_replaces_and_the_later_one_counts(store: Store) -> None:
    move(store, {"k1": {"hubspot": {"phone": "+341", "city": "León"}}})
    with store.transaction() as tx:
        tx.adopt_bases(
            "contact",
            [batch([("k1", "hubspot", "d1", '{"a":"1"}'), ("k1", "hubspot", "d2", '{"b":null}')])],
        )
    assert store.bases_of("contact", ["k1"]) == {"k1": {"hubspot": {"b": None}}}
    assert digests(store) == [("k1", "hubspot", "d2")]


def test_an_empty_batch_adopts_nothing(store: Store) -> None:
    names = ["key", "system", "digest", "values"]
    empty = pa.record_batch([pa.array([], pa.string())] * 4, names=names)
    with store.transaction() as tx:
        assert tx.adopt_bases("contact", [empty]) == 0


@pytest.mark.parametrize("text", ["\x00", "\ud800", "'; --", "ñ😀", "\u2028", '{"a":1}', ""])
def test_whatever_a_crm_holds_comes_back(store: Store, text: str) -> None:
    move(store, {"k1": {"hubspot": {"note": text}}})
    assert store.bases_of("contact", ["k1"]) == {"k1": {"hubspot": {"note": text}}}


def test_a_stream_is_not_disturbed_by_a_writer(store: Store) -> None:
    move(store, {f"k{n}": {"hubspot": {"a": "1"}} for n in range(3)})
    stream = store.base_digests("contact")
    first = next(stream)
    move(store, {"k9": {"hubspot": {"a": "1"}}})
    assert first.num_rows + sum(part.num_rows for part in stream) == 3


def test_a_stream_given_up_half_way_frees_the_store(store: Store) -> None:
    move(store, {f"k{n}": {"hubspot": {"a": "1"}} for n in range(3)})
    stream = store.base_digests("contact")
    next(stream)
    stream.close()
    move(store, {"k9": {"hubspot": {"a": "1"}}})
    assert len(digests(store)) == 4


def test_bases_are_found_by_what_one_field_of_them_holds(store: Store) -> None:
    move(store, {"k1": {"hubspot": {"out": "true", "on": "false"}}})
    move(store, {"k2": {"hubspot": {"out": "false", "on": "true"}}})
    move(store, {"k3": {"hubspot": {"out": None, "out%": "true", "año": "true"}}})
    move(store, {"k4": {"hubspot": {"out": "true"}}}, "company")
    with store.transaction() as tx:
        adopted = [("k5", "salesforce", "d", '{"año":"true"}'), ("k6", "salesforce", "d", "{}")]
        tx.adopt_bases("contact", [batch(adopted)])

    def found(**texts: str) -> list[str]:
        told = store.bases_holding("contact", texts)
        return sorted(row["key"] for part in told for row in part.to_pylist())

    assert found(out="true") == ["k1"]
    assert found(out="true", on="true") == ["k1", "k2"]
    assert found(año="true") == ["k3", "k5"]
    assert found(ou_="true") == []
    (row,) = [
        r for part in store.bases_holding("contact", {"out": "true"}) for r in part.to_pylist()
    ]
    assert json.loads(row["values"]) == {"out": "true", "on": "false"}
