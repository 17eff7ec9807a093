from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import NOW

from crmsync.store.rows import CursorRow, RefusedRow
from crmsync.store.store import Store

LONG = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(256))
"""Longer than an index takes, and no compression makes it shorter."""


def test_a_system_is_pinned_until_it_is_pinned_anew(store: Store) -> None:
    assert store.pinned("hubspot") is None
    store.pin("hubspot", "42", NOW)
    store.pin("salesforce", "00D1", NOW)
    store.pin("hubspot", "43", NOW + timedelta(days=1))
    assert (store.pinned("hubspot"), store.pinned("salesforce")) == ("43", "00D1")


def test_a_field_once_seen_stays_seen(store: Store) -> None:
    store.see_fields("salesforce", "Contact", ["Phone", "Email", "Phone"], NOW)
    store.see_fields("salesforce", "Contact", ["Phone", "Fax"], NOW)
    store.see_fields("salesforce", "Contact", [], NOW)
    assert store.seen_fields("salesforce", "Contact") == {"Phone", "Email", "Fax"}
    assert store.seen_fields("salesforce", "Lead") == set()


@pytest.mark.parametrize("value", [None, "", "null", "a\x00", "\ud800", LONG])
def test_a_refused_value_comes_back_as_it_was_sent(store: Store, value: str | None) -> None:
    with store.transaction() as tx:
        tx.refuse(RefusedRow("contact", "k1", "hubspot", "stage", value), "ignored\x00", "r1")
        tx.refuse(RefusedRow("contact", "k1", "hubspot", "stage", value), "again", "r2")
    assert store.refused("contact") == {("k1", "hubspot", "stage", value)}
    assert store.refused("deal") == set()


def test_refused_values_are_forgotten_as_narrowly_as_asked(store: Store) -> None:
    rows = [
        RefusedRow("contact", key, system, field, "v")
        for key in ("k1", "k2")
        for system in ("hubspot", "salesforce")
        for field in ("stage", "city")
    ]
    with store.transaction() as tx:
        for row in (*rows, RefusedRow("deal", "k1", "hubspot", "stage", "v")):
            tx.refuse(row, "ignored", "r1")
        assert tx.forget_refused("contact", key="k1", system="hubspot", field="stage") == 1
        assert tx.forget_refused("contact", field="city") == 4
        assert tx.forget_refused("contact", key="k9") == 0
    assert store.refused("contact") == {
        ("k1", "salesforce", "stage", "v"),
        ("k2", "hubspot", "stage", "v"),
        ("k2", "salesforce", "stage", "v"),
    }
    with store.transaction() as tx:
        assert tx.forget_refused("contact") == 3
    assert len(store.refused("deal")) == 1


def test_the_latest_reason_of_a_refusal_stays(store: Store) -> None:
    row = RefusedRow("contact", "k1", "hubspot", "stage", "v")
    states = []
    for reason in ("ignored", "rewritten", "ignored"):
        with store.transaction() as tx:
            tx.refuse(row, reason, "r1")
        states.append(store.digest())
    assert states[0] == states[2] != states[1]


def test_a_cursor_is_replaced_by_the_next_one_and_a_blank_one_forgets_it(store: Store) -> None:
    first = CursorRow("salesforce", "Contact", "run-1", "2026-11-20T09:30:00.000Z", 2)
    other = CursorRow("salesforce", "Lead", "run-1", "x")
    for row in (first, other, CursorRow("hubspot", "contacts", "run-1", "y")):
        store.keep_cursor(row, NOW)
    assert store.cursors("salesforce") == {"Contact": first, "Lead": other}
    second = replace(first, run_id="run-2", since_full=0)
    store.keep_cursor(second, NOW)
    store.keep_cursor(replace(other, cursor=""), NOW)
    assert store.cursors("salesforce") == {"Contact": second}
