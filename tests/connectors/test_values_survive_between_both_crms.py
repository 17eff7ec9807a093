"""A value goes from one CRM to the other and back, through both connectors' conversions: nothing differs afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig.lenses import raws
from rig.passing import LAWS, PAIRS, passings
from rig.profiles import FEW, MANY, holds

from crmsync.connectors.hubspot import values as hubspot
from crmsync.connectors.salesforce import values as salesforce
from crmsync.connectors.salesforce.ids import id18
from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, parse, text_of

SPEAKING = {
    "email": st.sampled_from(
        ("Ana@Acme.example", "ñ@ejemplo.example", "a@b.example", "ana.pérez@acme.example ")
    ),
    "phone": st.sampled_from(
        ("+34 911 23 45 67", "911 234 567", "(202) 555-0143", "\u202a+34911234567\u202c")
    ),
    "url": st.sampled_from(
        ("HTTP://Acme.example/A?b=1", "acme.example/", "https://acme.example/una/ruta/larga")
    ),
    "domain": st.sampled_from(
        ("https://www.acme.example/es", "faß.example", "ana@shop.acme.co.uk")
    ),
    "tax_id": st.sampled_from(("B-58378431", "30.686.957-X", "MX GODE 561231 GR8 and more")),
    "choice": st.sampled_from(("OPEN", "WON", "LOST", "won", "Other")),
    "choices": st.sampled_from(("OPEN;WON", "WON;OPEN;WON", "LOST", ";WON", "WON;Other")),
    "flag": st.sampled_from(("true", "false", "TRUE", "1", "0", "Yes", "on")),
    "decimal": st.decimals(-(10**7), 10**7, places=4).map(str),
    "money": st.decimals(-(10**7), 10**7, places=3).map(str),
    "integer": st.integers(-(10**9), 10**9).map(str),
    "date": st.dates().map(str) | st.just("2011-12-30"),
    "instant": st.datetimes().map(lambda each: each.isoformat() + "Z"),
    "text": st.text(st.sampled_from("añn\u0303 \u200d👩👧🏽🇪🇸🇫\u05d0\u202e<b>&\n"), max_size=12),
}


def texts(type_name: str) -> st.SearchStrategy[str]:
    anything = raws(type_name).filter(_can_be_sent)
    return st.integers(0, 4).flatmap(lambda n: SPEAKING[type_name] if n else anything)


def _can_be_sent(text: str) -> bool:
    """False for half a character, which no JSON can hold: the connectors read it as `?`."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("type_name", PAIRS)
def test_between_salesforce_and_hubspot(type_name: str, law: str) -> None:
    holds(LAWS[law], passings(type_name, texts(type_name)), settings(FEW, max_examples=40))


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("type_name", PAIRS)
def test_between_salesforce_and_hubspot_over_many_more(type_name: str, law: str) -> None:
    holds(LAWS[law], passings(type_name, texts(type_name)), MANY)


def test_every_type_of_its_own_is_tried() -> None:
    """Owners and references are exchanged for ids of the other system: tests/core/test_owners.py, test_ties.py."""
    assert set(TYPES) - set(PAIRS) == {"owner", "reference", "references"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=2),
)
TIMES = st.sampled_from(
    ("0001-01-01T00:00:00+05:00", "0999-06-01T00:00:00+01:00", "9999-12-31T23:59:59.999-05:00", "99999999999999",
     "-99999999999999", "0", "86400000", "20260329", "2026-03-29", "1e5", "NaN", "\ud800")
)  # fmt: skip
KINDS: list[tuple[str, Callable[[list[Any]], list[str | None]]]] = [
    *((f"salesforce {kind}", salesforce.converter(kind)) for kind in (*salesforce.CONVERTERS, "string")),
    *((f"hubspot {kind}", hubspot.converter(kind)) for kind in (*hubspot.CONVERTERS, "string")),
]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
@settings(FEW, max_examples=40)
@given(value=ANYTHING | TIMES)
def test_no_value_of_a_system_ends_a_read(kind: str, value: Any) -> None:
    (text,) = dict(KINDS)[kind]([value])
    assert kind.endswith("string") or text is None or isinstance(text, str)


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-03-29", "2026-03-29"), ("1774742400000", "2026-03-29"), ("0", "1970-01-01"),
        ("86400000", "1970-01-02"), ("-86400000", "1969-12-31"), (0, "1970-01-01"), ("20260329", "20260329"),
        ("-2208988800000", "1900-01-01"), ("", None),
    ],
)  # fmt: skip
def test_midnight_utc_of_a_hubspot_date_is_its_day_in_every_zone(
    sent: Any, day: str | None
) -> None:
    (text,) = hubspot.dates([sent])
    assert text == day
    for zone in ("UTC", "America/Los_Angeles", "Pacific/Auckland"):
        value = parse(text, Spec("date", timezone=zone))
        if day and len(day) == 10:
            assert not isinstance(value, Invalid)
            assert text_of(value, "date") == day


@pytest.mark.parametrize("convert", [salesforce.instants, hubspot.instants], ids=["sf", "hs"])
def test_an_early_year_keeps_its_four_digits(convert: Any) -> None:
    assert convert(["0999-06-01T00:00:00+00:00"]) == ["0999-06-01T00:00:00.000Z"]
    assert convert(["0001-01-01T00:00:00+05:00"]) == ["0001-01-01T00:00:00+05:00"]


@pytest.mark.parametrize(
    ("sent", "text"),
    [(True, "true"), (False, "false"), (None, None), ("false", "false"), (0, "0"), ("Yes", "Yes")],
)
def test_a_boolean_written_as_a_text_is_not_taken_for_true(sent: Any, text: str | None) -> None:
    assert salesforce.booleans([sent]) == [text]
    assert hubspot.converter("boolean")([sent]) == [text]


@pytest.mark.parametrize(
    ("short", "long"),
    [("0035g00000AbCdE", "0035g00000AbCdEAAV"), ("0015g00000AbCdE", "0015g00000AbCdEAAV")],
)
def test_ids_of_15_and_18_characters_are_one_record(short: str, long: str) -> None:
    assert salesforce.references([short, long]) == [long, long]
    assert id18(id18(short)) == long
    assert id18(short.lower()) != long, "upper and lower case are two records"
