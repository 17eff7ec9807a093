"""How the numbers and dates of one column are written, found out from all of its cells.

| cells | read as |
|---|---|
| 12.5, 1,234.50 | numbers with a point |
| 12,5, 1.234,50 | numbers with a comma |
| 1.234 or 1,234 and nothing clearer | two readings differ: an error unless declared |
| 25/12/2024 somewhere, 12/25/2024 nowhere | days first |
| 03/04/2024 and nothing clearer | two readings differ: an error unless declared |
| 0012, +34 911, 12/24 | text, untouched |

A cell that does not fit the reading of its column stays as it is, so that it shows as a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from crmsync.connectors.wire import instant_text
from crmsync.core.flagwords import FLAG_WORDS

if TYPE_CHECKING:
    import pyarrow as pa

_REMEMBERED = 10_000  # days repeat
# A column is one of numbers or dates if four cells of five are; the others are shown as they are.
MOSTLY = 0.8

_FLAG = r"^(?i:true|false)$"
_WORD = f"^(?i:{'|'.join(sorted(FLAG_WORDS))})$"
_INTEGER = r"^-?\d+$"
_PADDED = r"^-?0\d+$"
_MARKED = r"^-?\d[\d.,]*[.,]\d+$"
_DATED = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T,].*)?$"

_POINT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d+|-?\d{1,3}(?:,\d{3})+")
_COMMA = re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+|-?\d{1,3}(?:\.\d{3})+")
_GROUPS = re.compile(r"-?\d{1,3}(?:\.\d{3}){2,}|-?\d{1,3}(?:,\d{3}){2,}")
_DATE = re.compile(
    r"(?P<one>\d{1,4})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<three>\d{1,4})"
    r"(?:(?:,?\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,6})\d*)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ORDERS = {
    "ymd": ("one", "two", "three"),
    "dmy": ("three", "two", "one"),
    "mdy": ("three", "one", "two"),
}


@dataclass(slots=True)
class Tally:
    """What has been seen of one column. `examples` keeps the first cell of each kind, `words` counts yes and no."""

    filled: int = 0
    exact: int = 0
    integers: int = 0
    flags: int = 0
    padded: int = 0
    numbers: int = 0
    dates: int = 0
    timed: int = 0
    examples: dict[str, str] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)

    @property
    def contradicts(self) -> bool:
        """True if cells of the column are written in two ways that exclude each other."""
        return any(pair <= set(self.examples) for pair in ({"dmy", "mdy"}, {".", ","}))

    def add(self, cells: pa.Array, exact: int = 0) -> None:
        """Looks at more cells: text, nulls for blanks. `exact` more were numbers, not text."""

        self.filled += len(cells) - cells.null_count + exact
        self.exact += exact
        self.flags += _count(cells, _FLAG)
        self.integers += _count(cells, _INTEGER)
        self.padded += _count(cells, _PADDED)
        self.words.update(dict(_distinct(cells, _WORD)))
        self._numbers(_distinct(cells, _MARKED))
        self._dates(_distinct(cells, _DATED))

    def _numbers(self, cells: Iterable[tuple[str, int]]) -> None:
        for cell, count in cells:
            kind = _KINDS.get((_is(_POINT, cell), _is(_COMMA, cell)))
            if kind:
                self.numbers += count
                self.examples.setdefault(
                    f"grouped {kind}" if _GROUPS.fullmatch(cell) else kind, cell
                )

    def _dates(self, cells: Iterable[tuple[str, int]]) -> None:
        for cell, count in cells:
            found = _DATE.fullmatch(cell)
            orders = [order for order in _ORDERS if found and _day(found, order)]
            if not found or not orders:
                continue
            self.dates += count
            self.timed += count * (found["hour"] is not None)
            same = len({_day(found, order) for order in orders}) == 1
            kind = orders[0] if len(orders) == 1 else "any" if same else "either"
            self.examples.setdefault(kind, cell)


def _is(pattern: re.Pattern[str], cell: str) -> bool:
    return pattern.fullmatch(cell) is not None


_KINDS = {(True, False): ".", (False, True): ",", (True, True): "both"}


def _distinct(cells: pa.Array, pattern: str) -> Iterator[tuple[str, int]]:
    """Cells that match, each once with how often it is there, in order of appearance."""
    import pyarrow.compute as pc

    found = pc.value_counts(cells.filter(pc.match_substring_regex(cells, pattern)))
    return zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)


def _count(cells: pa.Array, pattern: str) -> int:
    import pyarrow.compute as pc

    return pc.sum(pc.match_substring_regex(cells, pattern)).as_py() or 0


def _day(found: re.Match[str], order: str) -> date | None:
    """The day under one order of its parts, None if there is no such day or the year is short."""
    year, month, day = (found[part] for part in _ORDERS[order])
    if len(year) != 4 or len(day) > 2:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read: its native type, and the sign or order that decides.

    `doubt` says which two readings differ where nothing decides; such a column is not to be read.
    `declare` is the setting that would decide. `words` are all of its cells where each is one for yes or no.
    """

    type: str = "string"
    decimal: str = ""
    order: str = ""
    doubt: str = ""
    seen: bool = False
    declare: Literal["", "decimal", "dates"] = ""
    words: tuple[str, ...] = ()


def reading_of(tally: Tally, *, decimal: str, order: str, expected: str = "") -> Reading:
    """The reading of a column. `decimal` and `order` are declared, `expected` is number, date or blank."""
    dates, numbers = tally.dates, tally.numbers + tally.integers + tally.exact
    if dates and (expected == "date" or dates >= MOSTLY * tally.filled):
        return _dates_read(tally, order)
    if tally.numbers and not tally.padded:
        if expected == "number" or numbers >= MOSTLY * tally.filled:
            certain = numbers == tally.filled
            return _numbers_read(tally, decimal, certain=certain, counts=expected == "number")
        return Reading()
    whole = {"integer": tally.integers, "boolean": tally.flags, "number": numbers}
    full = [kind for kind, count in whole.items() if 0 < count == tally.filled]
    words = tuple(tally.words) if tally.words.total() == tally.filled else ()
    return Reading(full[0] if full and not tally.padded else "string", words=words)


def _numbers_read(tally: Tally, decimal: str, *, certain: bool, counts: bool) -> Reading:
    """`counts` says that the column is known to hold numbers: 12.345.678 is one then, and no id."""
    kind = "number" if certain else "string"
    seen = tally.examples
    if decimal:
        return Reading(kind, decimal)
    if not {".", ",", "both"} & set(seen):
        sign = "." if "grouped ." in seen else ","
        return Reading(kind, sign) if counts else Reading()
    if "." in seen and "," in seen:
        return Reading(
            doubt=f"'{seen['.']}' has a decimal point, '{seen[',']}' a decimal comma",
            declare="decimal",
        )
    if "." in seen or "," in seen:
        return Reading(kind, "." if "." in seen else ",", seen=True)
    if len({"grouped .", "grouped ,"} & set(seen)) == 1:
        return Reading(kind, "." if "grouped ." in seen else ",", seen=True)
    cell = seen["both"]
    digits = re.sub(r"[.,]", "", cell)
    return Reading(doubt=f"'{cell}' is {digits}, or {cell.replace(',', '.')}", declare="decimal")


def _dates_read(tally: Tally, order: str) -> Reading:
    kind = "datetime" if tally.timed else "date"
    clear = [each for each in ("dmy", "mdy") if each in tally.examples]
    if order:
        return Reading(kind, order=order)
    if len(clear) == 2:
        shown = " and ".join(f"'{tally.examples[each]}' ({each})" for each in clear)
        return Reading(doubt=f"{shown} cannot both be right", declare="dates")
    if clear:
        return Reading(kind, order=clear[0], seen=True)
    if "either" not in tally.examples:
        return Reading(kind, order="ymd" if "ymd" in tally.examples else "dmy")
    return Reading(doubt=_both_days(tally.examples["either"]), declare="dates")


def _both_days(cell: str) -> str:
    found = _DATE.fullmatch(cell)
    assert found is not None, "examples are cells that matched"
    shown = (f"{_day(found, order)} ({order})" for order in ("dmy", "mdy"))
    return f"'{cell}' is {', or '.join(shown)}"


def converter(reading: Reading, zone: ZoneInfo | None) -> Callable[[str], str] | None:
    """A function that makes a cell of the column wire-normal; None if all of them are already."""
    if reading.type in ("date", "datetime"):
        return lru_cache(_REMEMBERED)(lambda cell: _moment(cell, reading, zone))
    if reading.decimal:
        return lambda cell: _number(cell, reading.decimal)
    return None


def _number(cell: str, decimal: str) -> str:
    pattern, grouping = (_POINT, ",") if decimal == "." else (_COMMA, ".")
    if not pattern.fullmatch(cell):
        return cell
    return cell.replace(grouping, "").replace(",", ".")


def _moment(cell: str, reading: Reading, zone: ZoneInfo | None) -> str:
    found = _DATE.fullmatch(cell)
    day = found and (_day(found, "ymd") or _day(found, reading.order))
    if not found or not day:
        return cell
    if found["hour"] is None and reading.type == "date":
        return day.isoformat()
    clock = _clock(found)
    if clock is None:
        return cell
    return instant_text(datetime.combine(day, clock), _offset(found["zone"]) or zone)


def _clock(found: re.Match[str]) -> time | None:
    hour, half = int(found["hour"] or 0), (found["half"] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + 12 * (half == "p")
    try:
        micro = int((found["part"] or "0").ljust(6, "0"))
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0), micro)
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
