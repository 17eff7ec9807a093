"""SQL and Python give one digest to whatever a mapping makes of a record: made, looked up, tied, or no value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmsync.core.digests import digest_of
from crmsync.core.lenses import lens_of, look
from crmsync.core.mapping import Entity, Field, MadeOf, Seat
from crmsync.core.records import ABSENT, Invalid, Native, Record, Schema
from crmsync.core.values import TYPES, text_of
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from warehouse.people import all_types
from warehouse.shelf import Rows, columns_over, mapping_with, stored

COMPANY = Entity(
    "company",
    [Seat("salesforce", "Account"), Seat("hubspot", "companies")],
    ["key"],
    [
        Field("name", "text", {"salesforce": "Name", "hubspot": "name"}),
        Field("tax_id", "tax_id", {"salesforce": "TaxId", "hubspot": "tax_id"}, country="ES"),
    ],
)
BOTH = ("salesforce", "hubspot")
TYPED = [
    Field(
        each.field, each.type, dict.fromkeys(BOTH, each.field), region="ES", currency="EUR",
        timezone="America/Santiago",
        values=dict.fromkeys(BOTH, each.values["east"]) if each.values else {},
    )
    for each in all_types()
]  # fmt: skip
SOURCED = [
    Field("country", "text", dict.fromkeys(BOTH, "country")),
    Field("home_phone", "phone", dict.fromkeys(BOTH, "home_phone"), region="ES", country_from="country"),
    Field("home_tax", "tax_id", dict.fromkeys(BOTH, "home_tax"), country="ES", country_from="country"),
    Field("full_name", "text", {"hubspot": "full_name"},
          made_of={"salesforce": MadeOf("concat", ["first", "last"])}),
    Field("born", "date", {"hubspot": "born"}, made_of={"salesforce": MadeOf("coalesce", ["born_a", "born_b"])}),
    Field("state", "choice", {"hubspot": "state"}, made_of={"salesforce": MadeOf("join", ["s1", "s2"])},
          values={"salesforce": {"Open|true": "new", "Open|": "open"}}),
    Field("about", "text", {"hubspot": "about"}, made_of={"salesforce": MadeOf("plain_text", ["html"])}),
    Field("company", "reference", {"salesforce": "AccountId", "hubspot": "company_id"}, to="company"),
    Field("employer", "text", {"hubspot": "employer"}, made_of={"salesforce": MadeOf("lookup", ["company", "name"])}),
    Field("employer_tax", "tax_id", {"hubspot": "employer_tax"}, country="ES",
          made_of={"salesforce": MadeOf("lookup", ["company", "tax_id"])}),
]  # fmt: skip
DEAL = Entity(
    "deal",
    [Seat("salesforce", "Opportunity"), Seat("hubspot", "deals")],
    ["key"],
    [*TYPED, *SOURCED, Field(
        "people", "references",
        {"salesforce": "associations.Contact.roles", "hubspot": "associations.contacts.all"}, to="contact",
        values={"salesforce": {"Decision Maker": "decides", "Nobody": "none;|"}},
    )],
)  # fmt: skip
CONTACT = Entity(
    "contact",
    [Seat("salesforce", "Contact"), Seat("hubspot", "contacts")],
    ["key"],
    [Field("email", "email", {"salesforce": "Email", "hubspot": "email"})],
)
MAPPING = mapping_with(COMPANY, CONTACT, DEAL)
OBJECTS = {"salesforce": ("Opportunity", "Contact"), "hubspot": ("deals", "contacts")}
NATIVES = {
    seat.system: sorted(
        name
        for each in DEAL.fields
        for name in each.inputs_in(seat.system, seat.object)
        if not name.startswith("associations.")
    )
    for seat in DEAL.seats
}
COUNTRIES = ("España", "México", "PE", "Ruritania", " ")
ODD = ("", " ", "\x00", "a\x1fb", "i", "b", "v", "'", "Open", "true", "<p>a</p>", "no", "911 234 567", "B58378431",
       "B58378432", "55 5123 4567", "2026-03-29", "n\u0303", "\u200b", "a;b", "1", "2", "|")  # fmt: skip
OWN = sorted({text for kind in TYPES.values() for text in kind.examples})
CELLS = st.none() | st.sampled_from((*ODD, *COUNTRIES, *OWN)) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)  # fmt: skip
ROLES = st.sampled_from((None, "", "Decision Maker", "Nobody", "A;B|c"))
TIES = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("7", "8", "9")), ROLES), max_size=6)


@st.composite
def worlds(draw: Any) -> Rows:
    """A few deals in each system, the companies they refer to, and ties to people."""
    found: dict[str, dict[str, Sequence[Mapping[str, Any]]]] = {}
    for system, (deals, people) in OBJECTS.items():
        cells = st.fixed_dictionaries(dict.fromkeys(NATIVES[system], CELLS))
        rows = draw(st.lists(cells, min_size=1, max_size=4))
        accounts = {
            "salesforce": ("Account", "Name", "TaxId"),
            "hubspot": ("companies", "name", "tax_id"),
        }[system]
        found[system] = {
            deals: [{"_id": str(n), **row} for n, row in enumerate(rows)],
            accounts[0]: [{"_id": i, accounts[1]: draw(CELLS), accounts[2]: draw(CELLS)} for i in "12"],
            people: [{"_id": "7"}, {"_id": "8"}],
            f"{deals}.{people}": [
                {"from_id": str(n), "to_id": to, "role": role, "label": None, "is_primary": "false"}
                for n, to, role in dict.fromkeys(draw(TIES)) if n < len(rows)
            ],
        }  # fmt: skip
    return found


@contextmanager
def opened(rows: Rows) -> Iterator[Columns]:
    with TemporaryDirectory() as folder:
        snapshots = stored(Path(folder), rows, MAPPING)
        schemas = {
            place: _schema(*place, each.manifest.fields) for place, each in snapshots.items()
        }
        with columns_over(snapshots, MAPPING, None, schemas) as columns:
            yield columns


def _schema(system: str, object_: str, names: Sequence[str]) -> Schema:
    natives = [*names, *(f"associations.{each}" for each in ("Contact.roles", "contacts.all"))]
    return Schema(system, object_, {
        name: Native(name, "datetime" if name == "a_date" and system == "hubspot" else "string") for name in natives
    })  # fmt: skip


def records(columns: Columns) -> list[tuple[str, Record]]:
    """(digest of SQL, the record in Python) of every deal."""
    rows = columns.db.execute(
        "SELECT key, system, id, digest FROM row_deal ORDER BY ALL"
    ).fetchall()
    keys = sorted({row[0] for row in rows})
    seen = {
        (record.ref.system, record.ref.id): record
        for group in groups(columns, DEAL, keys, lambda _entity, _keys: {})
        for record in group.records.values()
    }
    assert len(seen) == len(rows), "every record stands alone here"
    return [(digest, seen[system, id_]) for _, system, id_, digest in rows]


def digested(record: Record) -> str:
    """The digest in Python, of values, blanks and what does not parse."""
    texts = {}
    for each in DEAL.synced():
        cell: Any = record.cells[each.field]
        if cell is not ABSENT:
            texts[each.field] = cell if isinstance(cell, Invalid) else text_of(cell, each.type)
    return digest_of(texts)


FULL: Rows = {
    "salesforce": {
        "Opportunity": [{"_id": "0", **dict.fromkeys(NATIVES["salesforce"], "no"), "AccountId": "1"}],
        "Account": [{"_id": "1", "Name": "Acme", "TaxId": "B58378432"}], "Contact": [{"_id": "7"}],
        "Opportunity.Contact": [{"from_id": "0", "to_id": "7", "role": "Nobody", "label": None, "is_primary": "false"}],
    }
}  # fmt: skip


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(worlds())
@example(FULL)
def test_sql_and_python_digest_alike_whatever_is_held(rows: Rows) -> None:
    with opened(rows) as columns:
        for digest, record in records(columns):
            assert digest == digested(record), record


@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(worlds())
@example(FULL)
def test_every_cell_of_its_own_fields_is_what_the_lens_makes_of_them(rows: Rows) -> None:
    with opened(rows) as columns:
        for _, record in records(columns):
            seat = next(each for each in DEAL.seats if each.system == record.ref.system)
            (row,) = [r for r in rows[seat.system][seat.object] if r["_id"] == record.ref.id]
            for field in (each for each in DEAL.fields if not each.type.startswith("reference")):
                lens = lens_of(columns.schemas, DEAL, field, seat)
                if lens is not None:
                    seen = look(lens, [row.get(name) for name in lens.inputs])
                    assert record.cells[field.field] == seen.cell, field.field


def test_what_does_not_parse_is_told_apart_in_made_tied_and_looked_up_values() -> None:
    with opened(FULL) as columns:
        ((_, record),) = records(columns)
    cells = {name: cell for name, cell in record.cells.items() if isinstance(cell, Invalid)}
    assert cells["employer_tax"] == Invalid("B58378432")
    assert cells["born"] == Invalid("no")
    assert cells["state"] == Invalid("no|no")
    assert cells["home_phone"] == Invalid("no")
    assert record.cells["employer"] == "Acme"
