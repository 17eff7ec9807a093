"""Cells of CSV in wire-normal text, a column at a time: the same text that REST's JSON leads to.

Nearly all cells have that form already. Those that do not are found by a pattern, and only they are
converted one by one, by the converters of REST.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from crmsync.connectors.columns import text_array
from crmsync.connectors.salesforce.values import (
    NUMBER_TYPES,
    Texts,
    instants,
    number,
    references,
)

# What is in wire-normal form as it stands; number() spells no more than 15 digits without asking.
_INTEGER = r"^(?:0|-?[1-9][0-9]{0,14})$"
_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
_ID = r"^[A-Za-z0-9]{18}$"


def numbers_of(texts: Sequence[str]) -> Texts:
    """Numbers as JSON would have given them: a text that is none stays as it is."""
    return [_number(text) for text in texts]


def _number(text: str) -> str | None:
    try:
        return number(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text


_ODD: Mapping[str, tuple[str, Callable[[list[str]], Texts]]] = {
    **dict.fromkeys(NUMBER_TYPES, (_INTEGER, numbers_of)),
    "datetime": (_INSTANT, instants),
    "id": (_ID, references),
    "reference": (_ID, references),
}


def wire_normal(column: pa.Array, describe_type: str) -> pa.Array:
    """A column of CSV cells of one describe type; booleans, dates and texts are normal as they stand."""
    if describe_type not in _ODD:
        return column
    pattern, convert = _ODD[describe_type]
    odd = pc.fill_null(pc.invert(pc.match_substring_regex(column, pattern)), False)
    if not pc.any(odd).as_py():
        return column
    texts = column.filter(odd).to_pylist()
    return pc.replace_with_mask(column, odd, text_array(convert(texts)))
