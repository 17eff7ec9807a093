"""The types a field can have. Each is a pair of ways in and out, and a notion of sameness.

| word | takes | gives | law |
|---|---|---|---|
| parse | the wire text of a native field | value, BLANK or Invalid | total: never raises, never guesses |
| render | a value | wire text | `parse(render(v))` is `v` |
| text, read | a value; its text | the one canonical text; the value | `read(text(v))` is `v` |
| held | a value and a native field | what that very field keeps, or Invalid | idempotent |

Two values are the same exactly if their canonical texts are equal, so columns (SQL) and records
(Python) cannot disagree. A new type is one entry of TYPES; the law tests pick it up from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmsync.core import choices, linked, numbers, people, taxids, texts, times
from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec

Parse = Callable[[str, Spec], Value | Invalid | None]
Render = Callable[[Any, Spec], str]
Held = Callable[[Any, Spec, Native], Value | Invalid]


@dataclass(frozen=True, slots=True)
class FieldType:
    """How one type of field is read, written and kept. `sql` is the DuckDB type of the audit face.

    `takes_values` is True where a mapping's `values` lead from native words to ours; elsewhere they would be unheard.
    """

    parse: Parse
    render: Render
    text: Callable[[Any], str]
    read: Callable[[str], Value]
    held: Held
    examples: tuple[str, ...]
    sql: str = "VARCHAR"
    is_set: bool = False
    takes_values: bool = False


def _plain(value: str, _spec: Spec) -> str:
    return value


def _as_it_is(value: str) -> str:
    return value


def _a_text(parse: Parse, held: Held, *examples: str) -> FieldType:
    return FieldType(parse, _plain, _as_it_is, _as_it_is, held, examples)


TYPES: Mapping[str, FieldType] = {
    "text": _a_text(texts.parse_text, texts.held_text, "Ana María", "  a  b ", "x" * 300),
    "email": _a_text(texts.parse_email, texts.held_whole, "Ana@Example.com ", "ñ@ejemplo.example"),
    "phone": _a_text(texts.parse_phone, texts.held_whole, "+34 911 23 45 67", "911 234 567"),
    "domain": _a_text(texts.parse_domain, texts.held_whole, "https://www.acme.example/es", "a.co.uk"),
    "url": _a_text(texts.parse_url, texts.held_whole, "HTTP://Acme.example/A?b=1", "acme.example"),
    "tax_id": _a_text(taxids.parse_tax_id, texts.held_whole, "B-58378431", "30.686.957-X"),
    "owner": FieldType(
        people.parse_owner, people.render_owner, _as_it_is, _as_it_is, people.held_owner,
        ("Ana@acme.example", "luis@acme.example"), takes_values=True,
    ),
    "reference": _a_text(choices.parse_reference, choices.held_reference, "company-1", "company-2"),
    "references": FieldType(
        linked.parse_references, linked.render_references, linked.text_references, linked.read_references,
        linked.held_references, ("k1", "k2|decision_maker;k1"), is_set=True, takes_values=True,
    ),
    "choice": FieldType(
        choices.parse_choice, choices.render_choice, _as_it_is, _as_it_is, choices.held_choice,
        ("won", "lost", "open"), takes_values=True,
    ),
    "choices": FieldType(
        choices.parse_choices, choices.render_choices, choices.text_choices, choices.read_choices,
        choices.held_choices, ("open;won", "won;open", "lost"), is_set=True, takes_values=True,
    ),
    "flag": FieldType(
        choices.parse_flag, choices.render_flag, choices.text_flag, choices.read_flag,
        choices.held_flag, ("true", "false"), sql="BOOLEAN", takes_values=True,
    ),
    "integer": FieldType(
        numbers.parse_integer, numbers.render_integer, str, int, numbers.held_integer,
        ("1", "-20", "1200.0"), sql="HUGEINT",
    ),
    "decimal": FieldType(
        numbers.parse_decimal, numbers.render_decimal, numbers.text_decimal, numbers.read_decimal,
        numbers.held_decimal, ("1.10", "1.1", "-0.005", "1E3"), sql="DECIMAL(38,10)",
    ),
    "money": FieldType(
        numbers.parse_money, numbers.render_money, numbers.text_money, numbers.read_money,
        numbers.held_money, ("1200.50", "0", "99.999"), sql="DECIMAL(38,10)",
    ),
    "date": FieldType(
        times.parse_date, times.render_date, times.text_date, times.read_date, times.held_date,
        ("2026-03-29", "1999-12-31", "2026-11-01"), sql="DATE",
    ),
    "instant": FieldType(
        times.parse_instant, times.render_instant, times.text_instant, times.read_instant,
        times.held_instant, ("2026-03-29T01:30:00.123Z", "2026-10-25T02:30:00+02:00"),
        sql="TIMESTAMP",
    ),
}  # fmt: skip


def parse(raw: str | None, spec: Spec) -> Value | Invalid | None:
    """The value behind a wire text; BLANK for None and for text that is only white space."""
    if raw is None or not raw.strip():
        return None
    return TYPES[spec.type].parse(raw, spec)


def text_of(value: Value | None, type_name: str) -> str | None:
    """The canonical text of a value, None for a blank."""
    return None if value is None else TYPES[type_name].text(value)


def value_of(text: str | None, type_name: str) -> Value | None:
    """The value of a canonical text, None for a blank."""
    return None if text is None else TYPES[type_name].read(text)


def same(left: Value | None, right: Value | None, type_name: str) -> bool:
    """True if two values of one type are the same; two blanks are."""
    return text_of(left, type_name) == text_of(right, type_name)


def held(value: Value | None, spec: Spec, native: Native | None) -> Value | Invalid | None:
    """What that very native field would keep of a value; a blank is always kept as a blank.

    Invalid if the field cannot keep it at all (an unknown option, a text cut to nothing).
    """
    if value is None or native is None:
        return value
    return TYPES[spec.type].held(value, spec, native)
