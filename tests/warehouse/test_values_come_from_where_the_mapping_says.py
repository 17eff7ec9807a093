"""Values made of several fields, looked up in another record, read at home in a country, or out of scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crmsync.core.deciding import decide
from crmsync.core.digests import digest_of
from crmsync.core.mapping import CreateWhen, Entity, Field, MadeOf, Seat
from crmsync.core.records import ABSENT, Group, Invalid, Native, Schema
from crmsync.core.values import text_of
from crmsync.warehouse import raws
from crmsync.warehouse.changed import changed_groups, compare, groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.people import with_people
from warehouse.shelf import Links, Rows, columns_over, keep, mapping_with, stored


@pytest.fixture(autouse=True, params=["few", "many"])
def _as_few_or_as_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few raw records are copied, many are read where they are: to what comes of them it is all one."""
    if request.param == "many":
        monkeypatch.setattr(raws, "COPIED_ROWS", -1)


COMPANY = Entity(
    "company",
    [Seat("salesforce", "Account"), Seat("hubspot", "companies")],
    ["key"],
    [Field("name", "text", {"salesforce": "Name", "hubspot": "name"})],
)
FIELDS = [
    Field("company", "reference", {"salesforce": "AccountId"}, to="company"),
    Field(
        "employer",
        "text",
        {"hubspot": "company"},
        made_of={"salesforce": MadeOf("lookup", ["company", "name"])},
    ),
    Field(
        "full_name",
        "text",
        {"hubspot": "fullname"},
        made_of={"salesforce": MadeOf("concat", ["FirstName", "LastName"])},
    ),
    Field("country", "text", {"salesforce": "Country", "hubspot": "country"}),
    Field(
        "phone",
        "phone",
        {"salesforce": "Phone", "hubspot": "phone"},
        region="ES",
        country_from="country",
    ),
    Field("currency", "choice", {"salesforce": "CurrencyIsoCode", "hubspot": "currency"}),
    Field(
        "amount",
        "money",
        {"salesforce": "Amount", "hubspot": "amount"},
        currency="EUR",
        currency_from="currency",
    ),
    Field("owner", "owner", {"salesforce": "OwnerId", "hubspot": "hubspot_owner_id"}),
]
CONTACT = Entity(
    "contact",
    [Seat("salesforce", "Contact"), Seat("hubspot", "contacts")],
    ["key"],
    FIELDS,
    scope={"hubspot": {"lifecyclestage": ["customer", "opportunity"]}},
)
LINKS: Links = {
    "contact": [("k1", "salesforce", "Contact", "3"), ("k1", "hubspot", "contacts", "31")]
}
USERS = {
    "salesforce": [("5A", "Ana@acme.example", "true"), ("5B", "luis@acme.example", "false")],
    "hubspot": [("91", "ana@acme.example", "true"), ("92", "luis@acme.example", "true")],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def rows_of(person: Mapping[str, Any], contact: Mapping[str, Any]) -> Rows:
    return {
        "salesforce": {
            "Account": [{"_id": "1", "Name": "Acme S.L."}],
            "Contact": [{"_id": "3", "AccountId": "1", **person}],
        },
        "hubspot": {"contacts": [{"_id": "31", "lifecyclestage": "customer", **contact}]},
    }


def the_group(
    columns: Columns, bases: Mapping[str, Mapping[str, str | None]] | None = None
) -> Group:
    (found,) = groups(columns, CONTACT, ["k1"], lambda _entity, _keys: {"k1": bases or {}})
    return found


def opened(root: Path, rows: Rows, contact: Entity = CONTACT) -> Any:
    mapping = mapping_with(COMPANY, contact)
    snapshots = stored(root, rows, mapping)
    for system, users in USERS.items():
        given = [{"id": i, "email": e, "name": e, "active": a} for i, e, a in users]
        place = (system, "_owners")
        snapshots[place] = keep(root, place, ("id", "email", "name", "active"), given)
    known, schemas = with_people(mapping, _schemas(snapshots), snapshots)
    return columns_over(snapshots, known, LINKS, schemas)


def _schemas(snapshots: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Schema]:
    return {
        (s, o): Schema(s, o, {n: Native(n, "string") for n in snapshot.manifest.fields})
        for (s, o), snapshot in snapshots.items()
    }


def cells(group: Group, name: str) -> tuple[Any, Any]:
    return group.cell("salesforce", name), group.cell("hubspot", name)


def test_a_name_of_two_fields_is_the_name_of_one(root: Path) -> None:
    person = {"FirstName": " Ana ", "LastName": "Ruiz"}
    with opened(root, rows_of(person, {"fullname": "Ana Ruiz"})) as columns:
        assert cells(the_group(columns), "full_name") == ("Ana Ruiz", "Ana Ruiz")


def test_a_company_gives_its_name_to_its_people(root: Path) -> None:
    with opened(root, rows_of({}, {"company": "Acme"})) as columns:
        group = the_group(columns)
        assert cells(group, "employer") == ("Acme S.L.", "Acme")
        outcome = decide(CONTACT, group, columns.schemas, timedelta(0)).outcomes["employer"]
        assert not [write for write in outcome.writes if write.system == "salesforce"]


def test_what_is_made_is_never_written(root: Path) -> None:
    fields = [
        replace(each, on_conflict={"always": "hubspot"}) if each.field == "full_name" else each
        for each in FIELDS
    ]
    always = replace(CONTACT, fields=fields)
    person = {"FirstName": "Ana", "LastName": "Ruiz"}
    with opened(root, rows_of(person, {"fullname": "Eva Gil"}), always) as columns:
        decided = decide(always, the_group(columns), columns.schemas, timedelta(0))
    assert decided.outcomes["full_name"].writes == ()


@pytest.mark.parametrize(
    ("country", "raw", "phone"),
    [
        ("México", "55 5123 4567", "+525551234567"),
        ("ES", "911 234 567", "+34911234567"),
        ("Ruritania", "911 234 567", "+34911234567"),
        (None, "911 234 567", "+34911234567"),
        ("Chile", "9 6123 4567", "+56961234567"),
        ("Chile", "911 234 567", "911234567"),
        ("México", "no tiene", Invalid("no tiene")),
    ],
)
def test_a_number_is_at_home_in_its_records_country(
    root: Path, country: str | None, raw: str, phone: object
) -> None:
    row = {"Country": country, "Phone": raw}
    with opened(root, rows_of(row, {})) as columns:
        assert the_group(columns).cell("salesforce", "phone") == phone


@pytest.mark.parametrize(
    ("ours", "theirs", "is_same"),
    [("USD", "USD", True), ("USD", "EUR", False), (None, "EUR", True), ("usd ", "USD", True), ("?", None, True)],
)  # fmt: skip
def test_a_hundred_dollars_are_no_hundred_euros(
    root: Path, ours: str | None, theirs: str | None, is_same: bool
) -> None:
    rows = rows_of(
        {"Amount": "100", "CurrencyIsoCode": ours}, {"amount": "100.00", "currency": theirs}
    )
    with opened(root, rows) as columns:
        one, other = cells(the_group(columns), "amount")
        assert (one == other) == is_same


@pytest.mark.parametrize(
    ("owner", "cell"),
    [("5A", "ana@acme.example"), ("5B", "luis@acme.example"), ("00G1", Invalid("00G1")), (None, None)],
)  # fmt: skip
def test_an_owner_is_read_by_the_users_of_its_own_system(
    root: Path, owner: str | None, cell: object
) -> None:
    with opened(root, rows_of({"OwnerId": owner}, {"hubspot_owner_id": "91"})) as columns:
        assert cells(the_group(columns), "owner") == (cell, "ana@acme.example")


def test_who_left_gets_no_records(root: Path) -> None:
    with opened(root, rows_of({}, {"hubspot_owner_id": "92"})) as columns:
        decided = decide(
            columns.mapping.entity("contact"), the_group(columns), columns.schemas, timedelta(0)
        )
        outcome = decided.outcomes["owner"]
        assert (outcome.writes, outcome.unfit) == ((), ("salesforce",))


def test_digests_in_sql_and_python_agree_over_everything_that_is_made(root: Path) -> None:
    person = {"FirstName": "Ana", "LastName": None, "Country": "Perú", "Phone": "x", "OwnerId": "?"}
    with opened(root, rows_of(person, {"phone": "987654321", "country": "PE"})) as columns:
        contact = columns.mapping.entity("contact")
        group = the_group(columns)
        for system, record in group.records.items():
            (row,) = columns.db.execute(
                "SELECT digest FROM row_contact WHERE system = ?", [system]
            ).fetchall()
            texts = {
                each.field: text_of(cell, each.type)
                for each in contact.synced()
                if (cell := record.cells[each.field]) is not ABSENT
                and not isinstance(cell, Invalid)
            }
            has_invalid = any(isinstance(cell, Invalid) for cell in record.cells.values())
            assert (row[0] == digest_of(texts)) == (not has_invalid)


def _decided(root: Path, stage: str, contact: Entity = CONTACT, **bases: Any) -> Any:
    rows = rows_of({"Country": "Francia"}, {"country": "España", "lifecyclestage": stage})
    with opened(root, rows, contact) as columns:
        compare(columns, contact, [])
        found = list(changed_groups(columns, contact, lambda *_: {"k1": bases}))
        keys = [group.key for group in found]
        return keys, decide(contact, the_group(columns, bases), columns.schemas, timedelta(0))


def test_a_record_outside_the_scope_is_never_written_and_never_a_source(root: Path) -> None:
    settled = {"salesforce": {"country": "España"}, "hubspot": {"country": "España"}}
    keys, decided = _decided(root, "lead", **settled)
    assert keys == [], "nobody is looked at where only one record takes part"
    assert all(outcome.writes == () for outcome in decided.outcomes.values())
    assert decided.outcomes["country"].settled == ()


def test_a_record_that_comes_back_into_scope_meets_its_old_base(root: Path) -> None:
    settled = {"salesforce": {"country": "España"}, "hubspot": {"country": "España"}}
    keys, decided = _decided(root, "customer", **settled)
    (write,) = decided.outcomes["country"].writes
    assert keys == ["k1"]
    assert (write.system, write.before, write.after) == ("hubspot", "España", "Francia")


def test_nothing_is_created_beside_or_from_a_record_outside_the_scope(root: Path) -> None:
    creating: Sequence[Seat] = [
        Seat("salesforce", "Contact", create=CreateWhen({"country": "present"})),
        Seat("hubspot", "contacts", create=CreateWhen({"country": "present"})),
    ]
    contact = Entity(
        CONTACT.entity, list(creating), CONTACT.match, FIELDS, scope=dict(CONTACT.scope)
    )
    alone = {"contact": [("k1", "hubspot", "contacts", "31")]}
    mapping = mapping_with(COMPANY, contact)
    rows: Rows = {"hubspot": {"contacts": [
        {"_id": "31", "lifecyclestage": "lead", "country": "España"}]}}  # fmt: skip
    snapshots = stored(root, rows, mapping)
    with columns_over(snapshots, mapping, alone, _schemas(snapshots)) as columns:
        group = the_group(columns)
        decided = decide(contact, group, columns.schemas, timedelta(0))
    assert group.outside == {"hubspot"}
    assert (decided.creates, decided.held_back) == ((), ())
    _, both = _decided(root / "both", "lead", contact)
    assert (both.creates, both.held_back) == ((), ())


def test_where_the_scopes_field_cannot_be_seen_nobody_takes_part(root: Path) -> None:
    mapping = mapping_with(COMPANY, CONTACT)
    snapshots = stored(root, rows_of({}, {"country": "España"}), mapping)
    columns_read = ["_id", "_created_at", "_modified_at", "country"]
    place = ("hubspot", "contacts")
    snapshots[place] = keep(root, place, columns_read, [{"_id": "31", "country": "España"}], "2")
    with columns_over(snapshots, mapping, LINKS) as columns:
        assert the_group(columns).outside == {"hubspot"}
