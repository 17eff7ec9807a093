"""What a system holds already is held back exactly as long as nothing changes."""

from __future__ import annotations

from crmsync.core.claims import (
    Claim,
    claim_text,
    claimed_cells,
    held_by,
    open_claims,
    read_claim,
    standing,
)
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Group, Record, Ref

THERE = Ref("salesforce", "Contact", "003000000000001AAA")
PLACE = ("k1", "salesforce")


def change(action: str = "create", **cells: str | None) -> Change:
    native_id = None if action == "create" else "003000000000009AAA"
    found = tuple(CellChange(name, None, text, "create:hubspot") for name, text in cells.items())
    return Change(action, 2, "contact", "k1", "salesforce", "Contact", native_id, found).with_id()


def claim(action: str = "create", **cells: str | None) -> Claim:
    return Claim(action, cells, (THERE,), (THERE,))


def test_a_claim_comes_back_from_its_text_as_it_was() -> None:
    odd = Claim("update", {"name": "Ñandú \U0001f4a1", "gone": None}, (THERE,), ())
    assert read_claim(claim_text(odd)) == odd
    assert claim_text(odd) == claim_text(Claim("update", dict(odd.cells), odd.alike, odd.seen))


def test_a_new_record_is_held_back_whole_or_not_at_all() -> None:
    claims = {PLACE: [claim(email="a@x.example", phone=None)]}
    assert claimed_cells(change(email="a@x.example", phone=None), claims) == {"email", "phone"}
    assert not claimed_cells(change(email="a@x.example", phone="1"), claims)
    assert not claimed_cells(change(email="a@x.example"), claims)


def test_of_an_update_only_the_refused_values_are_held_back() -> None:
    claims = {PLACE: [claim("update", email="a@x.example")]}
    assert claimed_cells(change("update", email="a@x.example", title="B"), claims) == {"email"}
    assert not claimed_cells(change("update", email="b@x.example"), claims)
    # A field that no claim names is not one that was to be emptied.
    assert not claimed_cells(change("update", title=None), claims)


def test_what_was_said_of_a_new_record_says_nothing_of_an_update() -> None:
    claims = {PLACE: [claim(email="a@x.example")]}
    assert not claimed_cells(change("update", email="a@x.example"), claims)


def test_a_claim_ends_when_a_record_it_names_is_gone() -> None:
    claims = {PLACE: [claim(email="a@x.example")]}
    assert standing(claims, lambda ref: False) == claims
    assert standing(claims, lambda ref: ref == THERE) == {}
    hidden = {PLACE: [Claim("create", {"email": "a@x.example"}, (THERE,), ())]}
    assert standing(hidden, lambda ref: True) == hidden


def test_a_person_reads_which_records_are_meant_each_once() -> None:
    claims = {PLACE: [claim("update", email="a@x.example"), claim("update", email="a@x.example")]}
    [held] = held_by(change("update", email="a@x.example"), claims)
    assert held.refs == ("salesforce/Contact/003000000000009AAA", str(THERE))
    assert held.reason == "taken:salesforce,email"
    assert held.values == {"email": "a@x.example"}
    [new] = held_by(change(email="a@x.example"), {PLACE: [claim(email="a@x.example")]})
    assert (new.reason, new.refs, new.values) == ("claimed:salesforce", (str(THERE),), {})
    assert not list(held_by(change("update", email="c@x.example"), claims))


def test_a_customer_tells_what_of_it_is_still_held_back() -> None:
    own = Record(Ref("salesforce", "Contact", "003000000000009AAA"), {"email": "b@x.example"})
    types = {"email": "email"}
    create, update = claim(email="a@x.example"), claim("update", email="a@x.example")
    alone, held = Group("contact", "k1", {}), Group("contact", "k1", {"salesforce": own})

    def told(group: Group, *found: Claim) -> list[str]:
        return [ref for each in open_claims(group, types, {PLACE: found}) for ref in each.refs]

    assert told(alone, create) == [str(THERE)]
    assert told(held, create) == []
    assert told(held, update) == [str(own.ref), str(THERE)]
    assert told(held, claim("update", email="b@x.example")) == []
    assert told(Group("contact", "k2", {}), create) == []
