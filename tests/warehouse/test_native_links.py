"""What records say they are in another system: believed where it can be true, shown where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crmsync.core.records import Ref
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.pointers import lost_records, tangles
from warehouse.shelf import Links, columns_over, reference_mapping, stored

CONTACT = reference_mapping().entity("contact")
ONE, TWO, LEAD = "0037sD000000001ABA", "0037sD000000002ABA", "00Q7sD000000001ABA"


def ours(id_: str, to: str | None = None, **more: str) -> dict[str, Any]:
    return {"_id": id_, "salesforcecontactid": to, **more}


def theirs(id_: str, email: str | None = None) -> dict[str, Any]:
    return {"_id": id_, "LastName": "Gil", "Email": email}


@contextmanager
def columns_of(
    root: Path,
    hubspot: Sequence[Mapping[str, Any]],
    contacts: Sequence[Mapping[str, Any]] = (),
    leads: Sequence[Mapping[str, Any]] = (),
    *,
    links: Links | None = None,
    broken_off: str = "",
    without: Sequence[str] = (),
) -> Iterator[Columns]:
    """The columns over these people; `broken_off` names an object whose read did not end."""
    rows = {"hubspot": {"contacts": hubspot}, "salesforce": {"Contact": contacts, "Lead": leads}}
    mapping = reference_mapping()
    snapshots = stored(root, rows, mapping)
    for place, each in snapshots.items():
        fields = tuple(name for name in each.manifest.fields if name not in without)
        complete = place[1] != broken_off
        manifest = replace(each.manifest, fields=fields, complete=complete)
        snapshots[place] = replace(each, manifest=manifest)
    with columns_over(snapshots, mapping, links) as columns:
        yield columns


def states(columns: Columns) -> dict[str, str]:
    rows = columns.db.execute("SELECT id, state FROM native_contact ORDER BY id").fetchall()
    return dict(rows)


def linked(columns: Columns) -> list[tuple[str, list[str]]]:
    found = columns.matches["contact"]
    return [(each.how, [ref.id for ref in each.refs]) for each in found]


def test_a_native_link_ties_what_nothing_else_would(tmp_path: Path) -> None:
    with columns_of(tmp_path, [ours("1", ONE)], [theirs(ONE)]) as columns:
        assert linked(columns) == [("native_link", ["1", ONE])]
        assert states(columns) == {"1": "linked"}


def test_15_characters_are_as_good_as_18(tmp_path: Path) -> None:
    with columns_of(tmp_path, [ours("1", f" {ONE[:15]}")], [theirs(ONE)]) as columns:
        assert linked(columns) == [("native_link", ["1", ONE])]
        found = columns.db.execute("SELECT to_id FROM native_contact").fetchall()
        assert found == [(ONE,)]


def test_the_contact_wins_over_the_lead_it_once_was(tmp_path: Path) -> None:
    people = [ours("1", ONE, salesforceleadid=LEAD), ours("2", None, salesforceleadid=LEAD)]
    with columns_of(
        tmp_path, people, [theirs(ONE)], [theirs(LEAD) | {"IsConverted": "false"}]
    ) as columns:
        assert linked(columns) == [("native_link", ["1", ONE]), ("native_link", ["2", LEAD])]
        fields = columns.db.execute("SELECT id, field FROM native_contact ORDER BY id").fetchall()
        assert fields == [("1", "salesforcecontactid"), ("2", "salesforceleadid")]


def test_a_broken_link_is_named_and_the_next_rule_tries(tmp_path: Path) -> None:
    people = [ours("1", TWO, email="gil@acme.example"), ours("2", TWO)]
    with columns_of(tmp_path, people, [theirs(ONE, "gil@acme.example")]) as columns:
        assert states(columns) == {"1": "broken", "2": "broken"}
        assert linked(columns) == [("email", ["1", ONE])]
        assert {system for _, system in lost_records(columns.db, CONTACT)} == {"salesforce"}


def test_nothing_is_broken_that_was_not_read_to_its_end(tmp_path: Path) -> None:
    people = [ours("1", TWO), ours("2", ONE)]
    with columns_of(tmp_path, people, [theirs(ONE)], broken_off="Contact") as columns:
        assert states(columns) == {"1": "lone", "2": "lone"}
        have = build_face(columns, tmp_path / "face.duckdb")
        assert "native_link:company" in have
        assert not {"native_link", "native_link:contact"} & have


def test_a_record_that_takes_no_part_is_not_gone(tmp_path: Path) -> None:
    people = [ours("1", None, salesforceleadid=LEAD)]
    with columns_of(tmp_path, people, (), [theirs(LEAD) | {"IsConverted": "true"}]) as columns:
        assert states(columns) == {"1": "lone"}


def test_nobody_is_linked_by_a_double_link_nor_by_a_later_rule(tmp_path: Path) -> None:
    people = [ours("1", ONE, email="gil@acme.example"), ours("2", ONE[:15])]
    with columns_of(tmp_path, people, [theirs(ONE, "gil@acme.example")]) as columns:
        assert states(columns) == {"1": "double", "2": "double"}
        assert linked(columns) == []
        refs = ("hubspot/contacts/1", "hubspot/contacts/2", f"salesforce/Contact/{ONE}")
        assert tangles(columns.db, CONTACT, columns.ambiguities["contact"]) == [("double", refs)]


def test_nobody_is_linked_where_link_and_address_lead_to_different_records(tmp_path: Path) -> None:
    people = [ours("1", TWO, email="gil@acme.example")]
    crm = [theirs(ONE, "gil@acme.example"), theirs(TWO, "paz@acme.example")]
    with columns_of(tmp_path, people, crm) as columns:
        assert states(columns) == {"1": "crossed"}
        assert linked(columns) == []
        ((state, refs),) = tangles(columns.db, CONTACT, columns.ambiguities["contact"])
        assert state == "crossed"
        assert refs == tuple(
            sorted(("hubspot/contacts/1", *(f"salesforce/Contact/{id_}" for id_ in (ONE, TWO))))
        )


@pytest.mark.parametrize("linked_there", [False, True], ids=["free", "another customer's"])
def test_a_link_against_our_own_is_crossed(tmp_path: Path, linked_there: bool) -> None:
    """Ours says 1 is ONE; the native link says it is TWO."""
    rows = [("k", "hubspot", "contacts", "1"), ("k", "salesforce", "Contact", ONE)]
    rows += [("l", "salesforce", "Contact", TWO)] if linked_there else []
    crm = [theirs(ONE), theirs(TWO)]
    with columns_of(tmp_path, [ours("1", TWO)], crm, links={"contact": rows}) as columns:
        assert states(columns) == {"1": "crossed"}
        assert linked(columns) == []
        ((_, refs),) = tangles(columns.db, CONTACT, columns.ambiguities["contact"])
        assert len(refs) == 3


def test_an_objection_of_somebody_who_is_linked_counts(tmp_path: Path) -> None:
    """1 is known to us but not in Salesforce; its address is that of a customer who is, complete."""
    rows = [
        ("k", "hubspot", "contacts", "1"),
        ("l", "hubspot", "contacts", "2"),
        ("l", "salesforce", "Contact", TWO),
    ]
    people = [ours("1", ONE, email="gil@acme.example"), ours("2", None, email="otra@acme.example")]
    crm = [theirs(ONE), theirs(TWO, "gil@acme.example")]
    with columns_of(tmp_path, people, crm, links={"contact": rows}) as columns:
        assert linked(columns) == []
        assert states(columns) == {"1": "crossed"}


def test_without_the_native_connector_the_rule_is_silent_and_nothing_is_checked(
    tmp_path: Path,
) -> None:
    names = (
        "salesforcecontactid",
        "salesforceleadid",
        "salesforceaccountid",
        "hs_salesforceopportunityid",
    )
    people = [ours("1", None, email="gil@acme.example")]
    with columns_of(tmp_path, people, [theirs(ONE, "gil@acme.example")], without=names) as columns:
        assert linked(columns) == [("email", ["1", ONE])]
        assert states(columns) == {}
        have = build_face(columns, tmp_path / "face.duckdb")
        assert not {need for need in have if need.startswith("native_link")}


def test_the_face_says_where_both_ends_are(tmp_path: Path) -> None:
    import duckdb

    with columns_of(tmp_path, [ours("1", ONE)], [theirs(ONE)]) as columns:
        have = build_face(columns, tmp_path / "face.duckdb")
        (match,) = columns.matches["contact"]
    assert {"native_link", "native_link:contact"} <= have
    with duckdb.connect(str(tmp_path / "face.duckdb"), read_only=True) as db:
        rows = db.execute("SELECT * FROM native_link").fetchall()
    names = ("salesforcecontactid", "salesforce", "Contact", ONE, match.key, "linked")
    assert rows == [("contact", "hubspot", "contacts", "1", match.key, *names)]
    assert Ref("salesforce", "Contact", ONE) in match.refs
