"""In which country a company is, from whatever tells it: `dup_land` (rid, country).

The field itself, else the prefix of the phone, the shape of the tax id, the country in the name, the legal form, and
last the town, if nearly all other records with that town are in one country.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from crmsync.core.countries import country_of
from crmsync.warehouse.duplicates.lookups import keep_answers

if TYPE_CHECKING:
    import duckdb

_TOWN_SEEN, _TOWN_SHARE = 3, 0.95
"""So many records have to say where a town is, and so many of them the same."""
_LONGEST = 3
_NUMBERS = {
    "MX": "[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{3}",
    "ES": "[A-HJ-NP-SU-W][0-9]{7}[0-9A-J]",
    "BR": "[0-9]{14}",
}
"""Tax ids whose shape no other country has."""


def build_lands(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_land` of `dup_draft`."""
    keep_answers(db, "dup_said", "SELECT DISTINCT said FROM dup_draft", country_of)
    keep_answers(db, "dup_call", f"SELECT DISTINCT {_PREFIX} FROM dup_draft", country_called)
    db.execute(
        "CREATE TEMP TABLE dup_told AS SELECT d.rid, d.place, "
        f"coalesce(s.answer, c.answer, {_of_number()}, d.land, d.form_land) AS country FROM dup_draft d "
        f"LEFT JOIN dup_said s ON s.text = d.said LEFT JOIN dup_call c ON c.text = {_PREFIX}"
    )
    db.execute(
        "CREATE TEMP TABLE dup_land AS WITH seen AS ("
        "SELECT place, country, count(*) AS often FROM dup_told "
        "WHERE place IS NOT NULL AND country IS NOT NULL GROUP BY ALL), "
        "town AS (SELECT place, arg_max(country, often) AS country FROM seen GROUP BY place "
        f"HAVING sum(often) >= {_TOWN_SEEN} AND max(often) >= {_TOWN_SHARE} * sum(often)) "
        "SELECT t.rid, coalesce(t.country, w.country) AS country FROM dup_told t "
        "LEFT JOIN town w ON w.place = t.place"
    )
    for name in ("said", "call", "told"):
        db.execute(f"DROP TABLE dup_{name}")


_PREFIX = "left(regexp_extract(replace(written, '(', ''), '^ *(?:\\+|00) *([1-9][0-9 ]{2})', 1), 3)"


def _of_number() -> str:
    bare = "regexp_replace(upper(d.number), '[^0-9A-ZÑ&]', '', 'g')"
    cases = " ".join(
        f"WHEN regexp_full_match({bare}, '{shape}') THEN '{land}'"
        for land, shape in _NUMBERS.items()
    )
    return f"CASE {cases} END"


@cache
def country_called(digits: str) -> str | None:
    """The country that the first digits after + call; None where several countries share the code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for length in range(1, _LONGEST + 1):
        head = digits.replace(" ", "")[:length]
        if head.isdigit() and int(head) in COUNTRY_CODE_TO_REGION_CODE:
            regions = COUNTRY_CODE_TO_REGION_CODE[int(head)]
            return regions[0] if int(head) != _SHARED else None
    return None


_SHARED = 1
"""The United States, Canada and the Caribbean; elsewhere the first country of a code has nearly all of its numbers."""
