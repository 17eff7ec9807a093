"""Addresses and phones in one form, however they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.lookups import keep_answers
from crmsync.warehouse.wording import meant_by

if TYPE_CHECKING:
    import duckdb

_TAIL = 8
"""Digits at the end of a phone that are compared: it is written with country and area code, or without."""
_WHOLE = 10
"""Digits that are compared where both are written with their country: what comes before varies (+54 9, +52 1)."""
_GMAIL = "('gmail.com', 'googlemail.com')"


def read_mails(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """dup_mail: each distinct address as its provider reads it; what nobody has is left out.

    A provider's name or an ending that is misspelt is what was meant: gmial.com is gmail.com.
    """
    texts = " UNION ".join(
        f"SELECT {each} AS text FROM {source} WHERE contains({each}, '@')"
        for each in ("email1", "email2")
    )
    written = "split_part(lower(trim(text)), '@', -1)"
    keep_answers(db, "dup_meant", f"SELECT DISTINCT {written} FROM ({texts})", meant_by)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_mail AS WITH low AS ("
        f"SELECT text, lower(trim(text)) AS mail FROM ({texts})), split AS ("
        "SELECT text, split_part(split_part(mail, '@', 1), '+', 1) AS local, split_part(mail, '@', -1) AS host, "
        "is_team_mailbox(mail) AS team FROM low WHERE NOT is_no_address(mail)), meant AS ("
        "SELECT s.text, local, coalesce(m.answer, host) AS host, team FROM split s "
        "LEFT JOIN dup_meant m ON m.text = s.host), own AS ("
        f"SELECT text, team, CASE WHEN host IN {_GMAIL} THEN replace(local, '.', '') ELSE local END AS local, "
        f"CASE WHEN host IN {_GMAIL} THEN 'gmail.com' ELSE host END AS host "
        "FROM meant WHERE local <> '' AND host <> '') "
        "SELECT text, local || '@' || host AS mail, local, host, team, is_free_mail(host) AS free FROM own"
    )


def phone_tail(column: str) -> str:
    """The end of a phone's digits, without an extension; NULL for what is too short to be one."""
    digits = _digits(column)
    return f"CASE WHEN length({digits}) >= 7 THEN right({digits}, {_TAIL}) END"


def phone_whole(column: str) -> str:
    """The end of a phone that is written with its country, or has ten digits without it: NULL for any other."""
    digits = _digits(column)
    written = f"regexp_matches(trim({column}), '^(\\+|00)')"
    national = f"length({digits}) = {_WHOLE} AND left({digits}, 1) <> '0'"
    return f"CASE WHEN {written} AND length({digits}) >= 10 OR {national} THEN right({digits}, {_WHOLE}) END"


def phone_extension(column: str) -> str:
    """The digits of a phone's extension; NULL if it is written without one."""
    return f"nullif(regexp_extract({column}, '(?i){_EXTENSION}[^0-9]*([0-9]+)', 2), '')"


_EXTENSION = "(ext|x|int|anexo|#)"


def _digits(column: str) -> str:
    """The digits of a phone without its extension."""
    return f"regexp_replace(regexp_replace({column}, '(?i){_EXTENSION}.*$', ''), '[^0-9]', '', 'g')"
