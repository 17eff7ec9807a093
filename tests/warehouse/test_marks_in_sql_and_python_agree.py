"""Records are recognised in SQL by exactly what the core says of their values."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsync.core.marks import DOTLESS, TAGGED, email_mark, id_mark, name_mark
from crmsync.warehouse.engine import open_engine
from crmsync.warehouse.marks import email_sql, id_sql, name_sql

_SIGNS = "abAB12.+@\"'-_ñé"
_DOMAINS = st.sampled_from([*DOTLESS, *sorted(TAGGED), "acme.example", "gmail.com.example", ""])
_ADDRESSES = st.builds(
    lambda local, domain: f"{local}@{domain}", st.text(_SIGNS, max_size=8), _DOMAINS
)
_LATIN = st.characters(min_codepoint=0x20, max_codepoint=0x17F)
_GREEK = st.characters(min_codepoint=0x391, max_codepoint=0x44F, categories=("Lu", "Ll"))
_MARKS = st.sampled_from("\u0300\u0301\u0308\u0327 \n\t")
_NAMES = st.text(st.one_of(_LATIN, _GREEK, _MARKS), max_size=12)
_IDS = st.one_of(
    st.text("abcXYZ019", min_size=15, max_size=15),
    st.text("abcXYZ019 ;:-", max_size=18),
    st.text("0123456789", max_size=16),
)
CASES = {
    "email": (_ADDRESSES, email_mark, email_sql),
    "name": (_NAMES, name_mark, name_sql),
    "id": (_IDS, id_mark, id_sql),
}


@pytest.mark.parametrize("kind", CASES)
def test_sql_and_python_agree(kind: str) -> None:
    texts, in_python, in_sql = CASES[kind]
    db = open_engine()

    @settings(max_examples=60, deadline=None)
    @given(st.lists(texts, min_size=1, max_size=30))
    def agree(values: list[str]) -> None:
        assert _asked(values, in_sql) == [in_python(value) for value in values]

    def _asked(values: list[str], sql: Callable[[str], str]) -> list[str]:
        db.register("given", pa.table({"place": range(len(values)), "text": values}))
        rows = db.sql(f"SELECT {sql('text')} FROM given ORDER BY place").fetchall()
        return [row[0] for row in rows]

    agree()
    db.close()


@pytest.mark.parametrize("kind", CASES)
def test_what_is_blank_has_no_mark(kind: str) -> None:
    _, _, in_sql = CASES[kind]
    with open_engine() as db:
        assert db.sql(f"SELECT {in_sql('NULL::VARCHAR')}").fetchall() == [(None,)]
