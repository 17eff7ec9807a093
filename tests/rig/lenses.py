"""The laws of every type (I25), over wire texts and natives of every sort."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from crmsync.core.records import Invalid, Native
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, held, parse, same, text_of, value_of

ZONES = ("UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Auckland")
_CHARACTERS = st.characters(codec=None, exclude_categories=())
_ODD = st.sampled_from(
    (
        "", " ", "\x00", "\u202e\u05d0\u05d1\u05d2", "\ud800", "\u0661\u0662\u0663\u0664\u0665", "a\u0301", "\u212b",
        "1.10", "1.1", "-0", "1e29", "NaN", "Infinity", "0x10", "1_000", "\u0130@x.example", "a@\u00df.example",
        "+34 911 23 45 67 ext 12", "(202) 555-0143", "http://[::1", "http://a.example:99999/x", "//",
        "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+05:00", "0999-06-01T00:00:00Z", "99999999999999",
        "-62135596800000", "2026-03-29T01:30:00.123456+0000", "24:00", ";;;", "a;b;a", "won", "true", "TRUE", "0",
        "x" * 5000, "9" * 60, "@", "a@b", "a@" + "b" * 64 + ".example", "https://EXAMPLE.example/Path?Q=A/",
    )
)  # fmt: skip
_DATES = st.dates().map(lambda day: day.isoformat())
_INSTANTS = st.datetimes().map(lambda moment: moment.isoformat() + "+01:00")
_NUMBERS = st.decimals(allow_nan=True, allow_infinity=True).map(str)
_PHONES = st.from_regex(r"\A\+?[0-9 ().-]{4,24}(ext ?[0-9]{1,10})?\Z")


@dataclass(frozen=True, slots=True)
class Glass:
    """One type looked at: two wire texts, what is known of the field, and a native field."""

    type: str
    raw: str
    other: str
    spec: Spec
    native: Native


def raws(type_name: str) -> st.SearchStrategy[str]:
    """Wire texts: the type's own examples, odd ones, dates, numbers, and any text at all."""
    own = st.sampled_from(TYPES[type_name].examples)
    return own | _ODD | st.text(_CHARACTERS, max_size=40) | _DATES | _INSTANTS | _NUMBERS | _PHONES


@st.composite
def glasses(draw: Any, type_name: str | None = None) -> Glass:
    """A glass of one type, or of any."""
    name = type_name or draw(st.sampled_from(sorted(TYPES)))
    options = draw(
        st.none() | st.frozensets(st.sampled_from(("won", "lost", "open", "W")), max_size=3)
    )
    limit = st.none() | st.integers(0, 40)
    native = Native("n", "string", length=draw(limit), scale=draw(limit), options=options)
    maps: tuple[dict[str, str], ...] = (
        {},
        {"W": "won", "L": "lost"},
        {"Yes": "true"},
        {"Sí": "true", "No": "false"},
    )
    spec = Spec(
        name,
        region=draw(st.sampled_from((None, "ES", "US", "AR"))),
        currency=draw(st.sampled_from(("", "EUR"))),
        timezone=draw(st.sampled_from(ZONES)),
        values=draw(st.sampled_from(maps)) if name in ("choice", "choices", "flag") else {},
        native_is_instant=draw(st.booleans()),
    )
    return Glass(name, draw(raws(name)), draw(raws(name)), spec, native)


def parsing_never_raises_and_never_gives_an_empty_value(glass: Glass) -> None:
    """Any text is a value, a blank or Invalid with that very text."""
    value = parse(glass.raw, glass.spec)
    if isinstance(value, Invalid):
        assert value.raw == glass.raw
    assert value not in ("", frozenset()), "a value that is no value"


def a_canonical_text_reads_back(glass: Glass) -> None:
    """`read(text(v))` is `v`."""
    value = parse(glass.raw, glass.spec)
    if value is not None and not isinstance(value, Invalid):
        assert _read(text_of(value, glass.type), glass.type) == value


def _read(text: str | None, type_name: str) -> object:
    try:
        return value_of(text, type_name)
    except ValueError as error:
        raise AssertionError(f"{text!r} cannot be read again") from error


def what_is_rendered_parses_to_the_same(glass: Glass) -> None:
    """`parse(render(v))` is `v`, for every value the mapping has a word for; and again after that."""
    value = parse(glass.raw, glass.spec)
    if value is None or isinstance(value, Invalid):
        return
    if isinstance(TYPES[glass.type].held(value, glass.spec, Native("n", "any")), Invalid):
        return
    wire = TYPES[glass.type].render(value, glass.spec)
    back = parse(wire, glass.spec)
    assert back == value, f"{wire!r} is {back!r}"
    assert not isinstance(back, Invalid)
    assert same(value, back, glass.type)


def what_a_field_keeps_it_keeps_again(glass: Glass) -> None:
    """`held` is total and idempotent, and never makes a value of nothing."""
    value = parse(glass.raw, glass.spec)
    if isinstance(value, Invalid):
        return
    kept = held(value, glass.spec, glass.native)
    if not isinstance(kept, Invalid):
        assert held(kept, glass.spec, glass.native) == kept, "kept less the second time"
        assert (kept is None) == (value is None), "a blank out of a value"
        _is_within(kept, glass)


def _is_within(kept: object, glass: Glass) -> None:
    length = glass.native.length
    if isinstance(kept, str) and length is not None and glass.type in _CUT:
        assert len(kept) <= length, f"longer than the field: {kept!r}"


_CUT = ("text", "email", "phone", "url", "domain")


def values_are_equal_exactly_if_their_texts_are(glass: Glass) -> None:
    """Columns compare texts, records compare values: they cannot disagree."""
    left, right = parse(glass.raw, glass.spec), parse(glass.other, glass.spec)
    for one in (left, right):
        if isinstance(one, Invalid):
            return
    assert not isinstance(left, Invalid)
    assert not isinstance(right, Invalid)
    texts = text_of(left, glass.type), text_of(right, glass.type)
    assert (left == right) == (texts[0] == texts[1]), f"{left!r} {right!r} {texts}"
    assert same(left, right, glass.type) == (left == right)


LAWS: Mapping[str, Callable[[Glass], None]] = {
    law.__name__: law
    for law in (
        parsing_never_raises_and_never_gives_an_empty_value,
        a_canonical_text_reads_back,
        what_is_rendered_parses_to_the_same,
        what_a_field_keeps_it_keeps_again,
        values_are_equal_exactly_if_their_texts_are,
    )
}


def all_laws(glass: Glass) -> None:
    """I25: every law of the lenses at once."""
    for law in LAWS.values():
        law(glass)
