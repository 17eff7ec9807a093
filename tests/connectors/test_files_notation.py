"""How numbers and dates are written is found out from the whole column, or declared; never guessed."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.connectors.files.notation import Reading, Tally, converter, reading_of
from crmsync.connectors.wire import NoText, wire


def read(*cells: str, decimal: str = "", order: str = "", expected: str = "") -> Reading:
    tally = Tally()
    tally.add(pa.array(cells, pa.string()))
    return reading_of(tally, decimal=decimal, order=order, expected=expected)


def told(*cells: str, decimal: str = "", order: str = "", expected: str = "") -> list[str]:
    reading = read(*cells, decimal=decimal, order=order, expected=expected)
    assert not reading.doubt, reading.doubt
    convert = converter(reading, None)
    return [convert(cell) if convert else cell for cell in cells]


@pytest.mark.parametrize(
    ("cells", "wanted", "kind"),
    [
        (["12,5", "1.234,50", "7"], ["12.5", "1234.50", "7"], "number"),
        (["12.5", "1,234.50", "-7"], ["12.5", "1234.50", "-7"], "number"),
        (["12", "-3"], ["12", "-3"], "integer"),
        (["0012", "12.5"], ["0012", "12.5"], "string"),
        (["0012", "34"], ["0012", "34"], "string"),
        (["123456789012"], ["123456789012"], "integer"),
        (["12.345.678", "9.876.543"], ["12.345.678", "9.876.543"], "string"),
        (["+34 911 234 567"], ["+34 911 234 567"], "string"),
        (["12,5", "1", "2", "3", "n/a"], ["12.5", "1", "2", "3", "n/a"], "string"),
        (["12,5", "some", "words"], ["12,5", "some", "words"], "string"),
        (["true", "FALSE"], ["true", "FALSE"], "boolean"),
        (["25/12/2024", "03/04/2024"], ["2024-12-25", "2024-04-03"], "date"),
        (["12/25/2024", "03/04/2024"], ["2024-12-25", "2024-03-04"], "date"),
        (["05/05/2024"], ["2024-05-05"], "date"),
        (["2024/5/1", "2024-12-31"], ["2024-05-01", "2024-12-31"], "date"),
        (["25.12.2024 18:30"], ["2024-12-25T18:30:00"], "datetime"),
        (["12/25/2024, 12:05 AM"], ["2024-12-25T00:05:00"], "datetime"),
        (["2024-12-25T18:30:00+02:00"], ["2024-12-25T16:30:00.000Z"], "datetime"),
        (["31/02/2024", "30/02/2024"], ["31/02/2024", "30/02/2024"], "string"),
        (["12/05/24"], ["12/05/24"], "string"),
        ([], [], "string"),
    ],
)
def test_a_clear_column_is_read_and_what_does_not_fit_stays(
    cells: list[str], wanted: list[str], kind: str
) -> None:
    assert told(*cells) == wanted
    assert read(*cells).type == kind


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [
        (["1.234", "2"], "'1.234' is 1234, or 1.234"),
        (["1,234"], "'1,234' is 1234, or 1.234"),
        (["12,5", "12.5"], "'12.5' has a decimal point, '12,5' a decimal comma"),
        (["03/04/2024"], "'03/04/2024' is 2024-04-03 (dmy), or 2024-03-04 (mdy)"),
        (
            ["25/12/2024", "12/25/2024"],
            "'25/12/2024' (dmy) and '12/25/2024' (mdy) cannot both be right",
        ),
    ],
)
def test_where_two_readings_differ_both_are_told(cells: list[str], doubt: str) -> None:
    assert read(*cells).doubt == doubt


def test_a_declaration_decides() -> None:
    assert told("1.234", decimal=",") == ["1234"]
    assert told("1.234", decimal=".") == ["1.234"]
    assert told("03/04/2024", order="dmy") == ["2024-04-03"]
    assert told("03/04/2024", order="mdy") == ["2024-03-04"]


def test_a_column_known_to_hold_numbers_or_dates_is_one_however_few_they_are() -> None:
    assert told("12.345.678", expected="number") == ["12345678"]
    assert told("25/12/2024", "tbd", "?", expected="date") == ["2024-12-25", "tbd", "?"]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_text_is_read_without_a_traceback(cells: list[str]) -> None:
    filled = [cell for cell in cells if cell]
    reading = read(*filled)
    if not reading.doubt:
        told(*filled)


@given(st.dates(), st.sampled_from(["dmy", "mdy"]))
def test_a_date_comes_back_whatever_order_it_was_written_in(day: object, order: str) -> None:
    forms = {"dmy": "{0.day:02}/{0.month:02}/{0.year:04}", "mdy": "{0.month}-{0.day}-{0.year:04}"}
    assert told(forms[order].format(day), order=order) == [str(day)]


def test_a_number_is_text_without_an_exponent_and_bytes_are_refused() -> None:
    from decimal import Decimal

    assert [wire(1e21), wire(1e-7), wire(Decimal("1E+3")), wire(True), wire(2)] == [
        "1000000000000000000000", "0.0000001", "1000", "true", "2",
    ]  # fmt: skip
    assert [wire(None), wire(""), wire(["a", None, "b"]), wire({"b": 1})] == [
        None,
        None,
        "a;b",
        '{"b":1}',
    ]
    with pytest.raises(NoText):
        wire(b"x")
