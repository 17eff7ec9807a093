"""Tax ids in one spelling, and whether their check digits are right: `dup_number` (rid, ident, proven).

A number whose country is unknown, or whose country's numbers cannot be checked, is not proven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.taxids import COUNTRIES, parse_tax_id
from crmsync.warehouse.duplicates.lookups import keep_answers

if TYPE_CHECKING:
    import duckdb

_LEAST = 6
_EVERYBODYS = ("XAXX010101000", "XEXX010101000")
"""What invoices in Mexico carry for who has no number."""
_BARE = "regexp_replace(upper(d.number), '[^0-9A-ZÑ&]', '', 'g')"
_LAND = "coalesce(l.country, '')"


def build_numbers(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_number` of `dup_draft` and `dup_land`."""
    joined = "FROM dup_draft d JOIN dup_land l ON l.rid = d.rid"
    keep_answers(
        db,
        "dup_proven",
        f"SELECT DISTINCT {_LAND} || ' ' || {_BARE} {joined} WHERE d.number IS NOT NULL",
        _proved,
    )
    everybodys = ", ".join(f"'{each}'" for each in _EVERYBODYS)
    short = f"CASE WHEN starts_with({_BARE}, {_LAND}) THEN substr({_BARE}, length({_LAND}) + 1) ELSE {_BARE} END"
    kept = (
        f"length({_BARE}) >= {_LEAST} AND {_BARE} NOT IN ({everybodys}) "
        f"AND regexp_matches({_BARE}, '[1-9]')"
    )
    db.execute(
        f"CREATE TEMP TABLE dup_number AS SELECT d.rid, CASE WHEN {kept} THEN {short} END AS ident, "
        f"p.text IS NOT NULL AND {kept} AS proven {joined} LEFT JOIN dup_proven p ON p.text = {_LAND} || ' ' || {_BARE}"
    )
    db.execute("DROP TABLE dup_proven")


def _proved(text: str) -> str | None:
    """The text again if it is a country and a number that its check digits prove."""
    country, _, number = text.partition(" ")
    if country not in COUNTRIES:
        return None
    said = parse_tax_id(number, Spec("tax_id", "tax_id", country=country))
    return None if said is None or isinstance(said, Invalid) else text
