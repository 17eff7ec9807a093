"""The short way for phone numbers and texts gives what the long way gives, or nothing."""

from __future__ import annotations

import unicodedata

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from crmsync.core import texts
from crmsync.core.phones import plain_number
from crmsync.core.spec import Spec

_REGIONS = (None, "ES", "MX", "US", "BR", "IT", "AR")
_CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)


def _the_long_way(text: str, region: str | None) -> str | None:
    return texts._numbered(texts.normal(text), region)


def _lengths(code: int) -> range:
    general = PhoneMetadata.metadata_for_region_or_calling_code(
        code, COUNTRY_CODE_TO_REGION_CODE[code][0]
    ).general_desc
    return range(max(2, min(general.possible_length) - 1), max(general.possible_length) + 2)


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    """A number under a real calling code, of about the length it takes, with signs between the digits."""
    code = draw(st.sampled_from(_CODES))
    length = draw(st.sampled_from(_lengths(code)))
    digits = draw(st.text("0123456789", min_size=length, max_size=length))
    signs = draw(st.lists(st.sampled_from(["", "", "", " ", "-", ".", "(", ")", "  ", ") "]),
                          min_size=length, max_size=length))  # fmt: skip
    return f"+{code}" + "".join(sign + digit for sign, digit in zip(signs, digits, strict=True))


@settings(max_examples=1500, deadline=None)
@given(_numbers(), st.sampled_from(_REGIONS))
@example("+44 (0)20 7946 0000", "ES")
@example("+39 06 1234 5678", None)
@example("+52 1 55 1234 5678", "MX")
@example("+54 9 11 2345 6789", "AR")
@example("+55 0 11 2345 6789", "BR")
@example("+1 1 512 245 9258", "US")
@example("+34 +34 911234567", "ES")
@example("+54 22015245781", None)  # what could be a trunk prefix is one: the library takes it out
@example("+55 9042954377", None)
@example("+86 129089392125", None)
@example("+375 8898332", None)
def test_the_short_way_gives_what_the_library_gives(text: str, region: str | None) -> None:
    short = plain_number(text)
    assert short is None or short == _the_long_way(text, region)


@settings(max_examples=500, deadline=None)
@given(st.text("+0123456789 .()-x;,#/\n\u00a0\uff0b\u0661", max_size=24), st.sampled_from(_REGIONS))
def test_nothing_odd_goes_the_short_way(text: str, region: str | None) -> None:
    short = plain_number(text)
    assert short is None or short == _the_long_way(text, region)


@pytest.mark.parametrize("code", _CODES)
def test_an_example_of_every_calling_code_is_read_alike(code: int) -> None:
    region = COUNTRY_CODE_TO_REGION_CODE[code][0]
    number = (
        phonenumbers.example_number_for_non_geo_entity(code)
        if region == "001"
        else phonenumbers.example_number(region)
    )
    for style in (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    ):
        text = phonenumbers.format_number(number, style)
        assert plain_number(text) in (None, _the_long_way(text, None))


@pytest.mark.parametrize(
    "text",
    [
        "+34911234567",
        "+34 911 23 45 67",
        "+1 512-245-9258",
        "+52 55 0068 8887",
        "+1 (512) 245.9258",
    ],
)
def test_what_most_records_hold_goes_the_short_way(text: str) -> None:
    assert plain_number(text) == _the_long_way(text, None)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=20) | st.text(" aZ~\x7f\té\u0301\r\n", max_size=12))
def test_a_tidy_text_is_normal_already(raw: str) -> None:
    found = texts.normal(raw)
    long = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n")
    assert found == texts._EDGES.sub("\n", texts._BLANKS.sub(" ", long)).strip()


@settings(max_examples=300, deadline=None)
@given(st.text(".@aZé \n", max_size=8), st.sampled_from(["", "a@b.example", "A.b@c.example"]))
def test_an_address_is_read_alike_with_and_without_blanks_around_it(odd: str, address: str) -> None:
    raw = odd + address
    short, long = (texts.parse_email(each, Spec("email")) for each in (raw, f" {raw} "))
    assert isinstance(short, texts.Invalid) == isinstance(long, texts.Invalid)
    assert isinstance(short, texts.Invalid) or short == long
