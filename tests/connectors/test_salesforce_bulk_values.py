"""What is read in bulk is, cell by cell, what is read by REST."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.bulk_rig import TYPES, BulkOrg, bulk_org
from crmsync.connectors.calls import Answer
from crmsync.connectors.salesforce.bulk.cells import wire_normal
from crmsync.connectors.salesforce.bulk.pages import MOST_ROWS, page_of, rows_a_page
from crmsync.connectors.salesforce.values import CONVERTERS, converter
from crmsync.errors import AnswerBroken

NASTY = (
    "a\nb",
    "a\r\nb",
    "\r",
    '"',
    '""',
    'x","y',
    ",",
    "\x00",
    "\u2028",
    "ñ 💡",
    " lead",
    "\ufeffx",
    "#N/A",
    "null",
)
ONE, TWO = "003000000000001AAA", "003000000000002AAA"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(NASTY)
numbers = st.integers(-(10**14), 10**14) | st.floats(-1e12, 1e12).map(lambda one: round(one, 2))
instants = st.datetimes().map(lambda one: one.strftime("%Y-%m-%dT%H:%M:%S.000+0000").rjust(28, "0"))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("string", "textarea", "email", "phone", "url"), texts),
    **dict.fromkeys(("double", "currency", "percent"), numbers),
    "boolean": st.booleans(),
    "int": st.integers(-(10**8), 10**8),
    "date": st.dates().map(str),
    "datetime": instants,
    "multipicklist": st.lists(st.sampled_from(("a", "b", "ñ")), unique=True).map(";".join),
}
records = st.lists(
    st.fixed_dictionaries(
        {}, optional={f"Any_{each}__c": st.none() | VALUES[each] for each in TYPES}
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def org() -> Iterator[BulkOrg]:
    with bulk_org() as made:
        made.turn(bulk_polls=0)
        yield made


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records, st.booleans(), st.sampled_from(("Z", "+0000")), st.integers(1, 3))
def test_the_same_records_by_rest_and_in_bulk_are_the_same_cells(
    org: BulkOrg, rows: list[dict[str, Any]], header: bool, instant: str, page: int
) -> None:
    org.turn(bulk_header_every_page=header, bulk_datetimes=instant, bulk_most_rows=page)
    world = org.world
    for id_ in world.tables.ids("Contact"):
        world.rows.drop("Contact", id_)
    account = world.put("Account", {"Name": "Acme"})
    for number, row in enumerate(rows):
        id_ = world.put("Contact", {"LastName": f"Number {number}", "AccountId": account})
        held = world.rows.get("Contact", id_) or {}
        # As the database of an org may hold it, past what an import would tidy.
        world.rows.save("Contact", id_, {**held, **row})
    by_rest, in_bulk = org.read("never"), org.read("0")
    assert in_bulk == by_rest
    assert len(by_rest) == len(rows)
    assert org.opened[-1].meter.by_path["GET jobs/query/results"] >= len(rows) / page


def in_csv(rows: list[list[str]], end: str = "\n") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    return buffer.getvalue().encode()


@given(
    st.lists(st.tuples(texts, texts), max_size=6), st.booleans(), st.sampled_from(("\n", "\r\n"))
)
def test_cells_come_out_of_csv_as_they_went_in(
    cells: list[tuple[str, str]], header: bool, end: str
) -> None:
    rows = [[f"{at:018d}", *each] for at, each in enumerate(cells)]
    body = in_csv([["Id", "A", "B"]] * header + rows, end)
    if not body:
        return
    page = page_of(Answer(200, {}, body), ["Id", "A", "B"], first=header)
    told = [[each or None for each in row] for row in rows]
    assert [list(row.values()) for row in page.table.to_pylist()] == told
    assert page.locator is None


@given(st.sampled_from(sorted(CONVERTERS)), st.data())
def test_a_cell_of_csv_becomes_what_its_json_becomes(kind: str, data: st.DataObject) -> None:
    drawn = {
        "boolean": st.booleans(),
        "datetime": instants,
        "id": st.from_regex(r"003[A-Za-z0-9]{12}([A-Za-z0-9]{3})?", fullmatch=True),
    }
    drawn["reference"] = drawn["id"]
    values = data.draw(st.lists(drawn.get(kind, numbers | st.floats(-1e30, 1e30)), min_size=1))
    told = [one if isinstance(one, str) else orjson.dumps(one).decode() for one in values]
    column = wire_normal(pa.array([None, *told], pa.string()), kind)
    assert column.to_pylist() == [None, *converter(kind)(values)]


@pytest.mark.parametrize("end", ["Z", "+0000", "+00:00"])
def test_an_instant_is_the_same_however_it_ends(end: str) -> None:
    column = pa.array([f"2026-03-29T01:30:00.000{end}", None], pa.string())
    assert wire_normal(column, "datetime").to_pylist() == ["2026-03-29T01:30:00.000Z", None]


@pytest.mark.parametrize("text", ["", "0012", "n/a", "1e400", "-", "2026"])
def test_a_number_that_is_none_stays_as_it_is(text: str) -> None:
    [made] = wire_normal(pa.array([text]), "double").to_pylist()
    assert made == text


def test_a_row_longer_than_a_block_of_the_parser_is_read() -> None:
    long = "x\n" * 3_000_000
    body = in_csv([["Id", "A"], [ONE, long], [TWO, ""]])
    page = page_of(Answer(200, {}, body), ["Id", "A"], first=True)
    assert page.table.column("A").to_pylist() == [long, None]


def test_bytes_that_are_no_text_cost_no_record() -> None:
    body = b'"Id","A"\n"%b","\xed\xa0\x80"\n"%b","\xff"\n' % (ONE.encode(), TWO.encode())
    page = page_of(Answer(200, {}, body), ["Id", "A"], first=True)
    assert page.table.column("Id").to_pylist() == [ONE, TWO]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no header line"),
        (b"<html><body>We've hit a snag</body></html>", "not those of the query"),
        (b'"Id","B"\n"1","2"\n', "not those of the query"),
        (b'"Id","A"\n"1"\n', "no CSV"),
        (b'"Id","A"\n"1","2"\n', "1 rows came of 2"),
        (b'"Id","A"\n"003000000000001","2"\n"003000000000002","br', "in the middle"),
        (b'"Id","A"\n"003000000000001","2"\n"","2"\n', "in the middle"),
    ],
)
def test_a_page_of_another_shape_is_a_broken_answer(body: bytes, message: str) -> None:
    with pytest.raises(AnswerBroken, match=message):
        page_of(Answer(200, {"sforce-numberofrecords": "2"}, body), ["Id", "A"], first=True)


def test_half_a_header_line_is_no_record() -> None:
    answer = Answer(200, {"sforce-numberofrecords": "1"}, b'"Id","LastNa')
    with pytest.raises(AnswerBroken, match="in the middle"):
        page_of(answer, ["Id", "LastName"], first=False)


def test_a_page_has_as_many_rows_as_memory_has_room_for() -> None:
    assert rows_a_page(3) == MOST_ROWS
    assert rows_a_page(500) == 2000
    assert rows_a_page(25) == 20_000
