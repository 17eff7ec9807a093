"""Owners go by e-mail, and nothing is handed to somebody who is not there."""

from __future__ import annotations

import pytest

from crmsync.core.people import User, directory, render_owner
from crmsync.core.records import Invalid, Native
from crmsync.core.spec import Spec
from crmsync.core.values import held, parse, value_of

USERS = [
    User("1", "Ana@acme.example", active=True),
    User("2", "luis@acme.example", active=False),
    User("3", "luis@acme.example", active=True),
    User("4", "eva@acme.example", active=True),
    User("5", "eva@acme.example", active=True),
    User("6", None, active=True),
    User("7", "ines@acme.example", active=False),
    User("8", "marketing-ana@mkt.example", active=True),
]
EXCEPTIONS = {"Marketing-Ana@mkt.example": "Ana.Two@acme.example"}
WHO = directory(USERS, EXCEPTIONS)
SPEC = Spec("owner", values=WHO.values)
FIELD = Native("OwnerId", "reference", options=WHO.active)


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        ("1", "ana@acme.example"), ("2", "luis@acme.example"), ("7", "ines@acme.example"),
        ("8", "ana.two@acme.example"), (" ANA@acme.example", "ana@acme.example"),
        ("marketing-ana@mkt.example", "ana.two@acme.example"),
    ],
)  # fmt: skip
def test_an_owner_is_an_email_whatever_a_system_calls_it(raw: str, email: str) -> None:
    assert parse(raw, SPEC) == email


@pytest.mark.parametrize("raw", ["00G000000000001", "6", "Ana Ruiz", "a@b@c"])
def test_a_queue_or_an_unknown_user_is_neither_evidence_nor_a_blank(raw: str) -> None:
    assert parse(raw, SPEC) == Invalid(raw)


@pytest.mark.parametrize(
    ("email", "id_"),
    [("ana@acme.example", "1"), ("luis@acme.example", "3"), ("ana.two@acme.example", "8")],
)
def test_an_active_owner_is_written_by_its_id(email: str, id_: str) -> None:
    assert held(email, SPEC, FIELD) == email
    assert render_owner(email, SPEC) == id_
    assert parse(id_, SPEC) == email


@pytest.mark.parametrize("email", ["ines@acme.example", "eva@acme.example", "nobody@acme.example"])
def test_nothing_is_written_to_who_left_is_unknown_or_is_two(email: str) -> None:
    assert held(email, SPEC, FIELD) == Invalid(email)


@pytest.mark.parametrize("kind", ["reference", "picklist", "id"])
def test_where_no_user_could_be_read_nobody_is_written(kind: str) -> None:
    assert held("ana@acme.example", Spec("owner"), Native("OwnerId", kind)) == Invalid(
        "ana@acme.example"
    )


def test_an_export_knows_owners_by_their_email() -> None:
    spec = Spec("owner", values={"a.ruiz@mkt.example": "ana@acme.example"})
    assert parse("A.Ruiz@mkt.example", spec) == "ana@acme.example"
    assert render_owner("ana@acme.example", spec) == "a.ruiz@mkt.example"
    assert render_owner("luis@acme.example", spec) == "luis@acme.example"
    assert value_of("luis@acme.example", "owner") == "luis@acme.example"
