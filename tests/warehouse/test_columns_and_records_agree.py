"""What SQL sees of a cell and what Python sees of it are the same, whatever a CRM holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmsync.core.digests import SEPARATOR, digest_of
from crmsync.core.lenses import spec_of
from crmsync.core.records import ABSENT, Invalid, Value
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, parse, text_of
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import open_read_only, quoted
from warehouse.people import OBJECT, Held, a_field, all_types, columns_of, person

EXAMPLES = sorted({text for kind in TYPES.values() for text in kind.examples})
NASTY = [
    "", " ", "\t\n", "'", "''", '"', "a;b", "a\x1fb", f"x{SEPARATOR}b=v", "v", "b", "i", "=1+1", "%", "\\", "NULL",
    "ñ", "n\u0303", "\u202egnp.exe", "💡", "\u00a0", "\u200b", "0", "-0", "1e3", "١٢", "x" * 5000, "<script>",
]  # fmt: skip
RAWS = st.one_of(
    st.none(),
    st.sampled_from(EXAMPLES),
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
)
FIELDS = all_types()
ENTITY = person(FIELDS)
ROWS = st.lists(
    st.fixed_dictionaries({each.field: RAWS for each in FIELDS}), min_size=1, max_size=12
)


def held_by(rows: list[dict[str, str | None]]) -> dict[tuple[str, str], Mapping[str, str | None]]:
    return {("east" if n % 2 else "west", f"{n:03d}"): row for n, row in enumerate(rows)}


def parsed(columns: Columns, system: str, raws: Mapping[str, str | None]) -> dict[str, object]:
    specs = {each.field: spec(columns, each.field, system) for each in FIELDS}
    return {name: parse(raws[name], specs[name]) for name in specs}


def spec(columns: Columns, name: str, system: str) -> Spec:
    seat = next(seat for seat in ENTITY.seats if seat.system == system)
    field = ENTITY.field_named(name)
    assert field is not None
    return spec_of(columns.schemas, field, seat)


@settings(max_examples=12, deadline=None)
@given(ROWS)
@example([{each.field: text for each in FIELDS} for text in NASTY])
@example([{each.field: text for each in FIELDS} for text in EXAMPLES])
@example([{each.field: None for each in FIELDS}])
def test_every_cell_of_the_columns_is_what_parse_makes_of_it(
    rows: list[dict[str, str | None]],
) -> None:
    held = held_by(rows)
    with columns_of(ENTITY, held) as columns:
        query = f"SELECT key FROM {quoted('row_person')} ORDER BY key"
        keys = [row[0] for row in columns.db.execute(query).fetchall()]
        found = {
            (record.ref.system, record.ref.id): dict(record.cells)
            for group in groups(columns, ENTITY, keys, lambda _entity, _keys: {})
            for record in group.records.values()
        }
        wanted = {place: parsed(columns, place[0], raws) for place, raws in held.items()}
    assert found == wanted


@settings(max_examples=12, deadline=None)
@given(ROWS)
@example([{each.field: text for each in FIELDS} for text in NASTY])
@example([{each.field: text for each in FIELDS} for text in EXAMPLES])
def test_the_digest_of_sql_is_the_digest_of_python(rows: list[dict[str, str | None]]) -> None:
    held = held_by(rows)
    with columns_of(ENTITY, held) as columns:
        query = f"SELECT system, id, digest FROM {quoted('row_person')}"
        for system, id_, digest in columns.db.execute(query).fetchall():
            cells = parsed(columns, system, held[system, id_])
            texts = {each.field: _text(cells[each.field], each.type) for each in FIELDS}
            is_valid = not any(isinstance(cell, Invalid) for cell in cells.values())
            assert (digest == digest_of(texts)) is is_valid


def _text(cell: object, type_: str) -> str | None:
    return None if isinstance(cell, Invalid) else text_of(_value(cell), type_)


def _value(cell: object) -> Value | None:
    return cell  # type: ignore[return-value]  # parse gave it


PAIRS = person([a_field("text", "a"), a_field("text", "b")])
CELLS = st.one_of(st.none(), st.sampled_from(NASTY), st.text("vb=i\x1f", max_size=6))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=30))
def test_two_records_have_one_digest_only_if_they_hold_the_same(
    cells: list[tuple[str | None, str | None]],
) -> None:
    held = {("east", f"{n:03d}"): {"a": a, "b": b} for n, (a, b) in enumerate(cells)}
    with columns_of(PAIRS, held) as columns:
        rows = columns.db.execute("SELECT digest, a, b FROM row_person").fetchall()
    assert len({row[0] for row in rows}) == len({row[1:] for row in rows})


def test_something_that_does_not_parse_differs_from_a_blank_and_from_its_own_text() -> None:
    entity = person([a_field("integer", "n")])
    raws = {"1": "7", "2": None, "3": "seven", "4": "eight"}
    with columns_of(entity, {("east", id_): {"n": raw} for id_, raw in raws.items()}) as columns:
        rows = columns.db.execute(
            "SELECT id, n, n_raw, digest FROM row_person ORDER BY id"
        ).fetchall()
    assert [row[:3] for row in rows] == [
        ("1", "7", "7"),
        ("2", None, None),
        ("3", None, "seven"),
        ("4", None, "eight"),
    ]
    assert len({row[3] for row in rows}) == 4


def test_a_field_a_system_does_not_have_is_absent_and_not_blank() -> None:
    entity = person([a_field("text", "name"), a_field("text", "nick", systems=("east",))])
    held: Held = {("east", "1"): {"name": "Ana", "nick": None}, ("west", "2"): {"name": "Ana"}}
    with columns_of(entity, held) as columns:
        rows = columns.db.execute("SELECT system, key FROM row_person").fetchall()
        keys = dict(rows)
        found = list(groups(columns, entity, [keys["east"], keys["west"]], lambda _e, _k: {}))
    assert found[0].records["east"].cells["nick"] is None
    assert found[1].records["west"].cells["nick"] is ABSENT


def test_the_face_shows_typed_values_and_keeps_what_was_typed(tmp_path: Path) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    raws = {
        "a_money": "1200.50",
        "a_flag": "true",
        "a_date": "2026-03-29",
        "a_integer": "no",
        "a_email": " A@B.example",
    }
    with columns_of(ENTITY, {("east", "1"): raws}) as columns:
        build_face(columns, tmp_path / "face.duckdb")
    db = open_read_only(tmp_path / "face.duckdb")
    row = db.sql(
        "SELECT a_money + 1, a_flag AND true, a_date + 1, a_integer, a_integer_raw, a_email, a_email_raw FROM person"
    ).fetchall()[0]
    db.close()
    assert [str(each) for each in row] == [
        "1201.5000000000", "True", "2026-03-30", "None", "no", "a@b.example", " A@B.example",
    ]  # fmt: skip


def test_an_object_nobody_has_records_of_is_an_empty_table() -> None:
    with columns_of(ENTITY, {}) as columns:
        assert columns.count(ENTITY) == {}
        assert columns.visible(ENTITY, ENTITY.seats[0]) == sorted(
            FIELDS, key=lambda each: each.field
        )
    assert OBJECT in ENTITY.seats[0].object
