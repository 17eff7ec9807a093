"""What becomes of a value in a field that is shorter, coarser or of another kind: nothing cut open or invented."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig.profiles import FEW

from core.examples import entity, field, group, schemas
from crmsync.core.deciding import decide
from crmsync.core.graphemes import cut
from crmsync.core.lenses import Lens, look
from crmsync.core.mapping import MadeOf
from crmsync.core.merging import Outcome
from crmsync.core.policies import POLICIES
from crmsync.core.records import Cell, Invalid, Money, Native, Value
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, held, parse, same, text_of

FAMILY = "👩‍👩‍👧🏽"
SPAIN, FRANCE = "🇪🇸", "🇫🇷"


def outcome(of: Any, sf: Cell, hs: Cell, *, base: Any = None, **natives: Native) -> Outcome:
    """What is decided of one field that sf and hs hold like this."""
    one = entity(of)
    cells = {"sf": {of.field: sf}, "hs": {of.field: hs}}
    bases = {system: {of.field: value} for system, value in (base or {}).items()}
    found = decide(one, group(cells, bases), schemas(one, **natives), timedelta(0))
    return found.outcomes[of.field]


# Truncation


def test_a_text_of_300_in_a_field_of_255_is_cut_once_and_is_no_difference_afterwards() -> None:
    native = Native("n", "string", length=255)
    long = "palabra " * 37 + "fin."
    assert len(long) == 300
    first = outcome(field("n"), None, long, sf_n=native)
    (write,) = first.writes
    assert write.after == long[:255].rstrip()
    after = outcome(
        field("n"), write.after, long, base={"sf": write.after, "hs": long}, sf_n=native
    )
    assert (after.writes, after.conflict) == ((), False)
    fresh = outcome(field("n"), write.after, long, sf_n=native)
    assert (fresh.writes, fresh.conflict) == ((), False), "also without a base"


@pytest.mark.parametrize(
    ("text", "length", "kept"),
    [
        ("Ana " + FAMILY, 5, "Ana "), ("Ana " + FAMILY, 9, "Ana "), (FAMILY + "x", len(FAMILY), FAMILY),
        (SPAIN + FRANCE, 3, SPAIN), (SPAIN + FRANCE, 2, SPAIN), ("a" + SPAIN + FRANCE, 4, "a" + SPAIN),
        ("ax\u0301", 2, "a"), ("a\u0e19\u0e33", 2, "a"), ("\u1112\u1161\u11ab", 2, ""), ("❤\ufe0fx", 1, ""),
        ("x\u0301\u0302", 2, ""), ("abc", 0, ""), ("", 0, ""), ("👍🏽", 1, ""),
    ],
)  # fmt: skip
def test_no_sign_is_cut_in_two(text: str, length: int, kept: str) -> None:
    assert cut(text, length) == kept
    if text and text == unicodedata.normalize("NFC", text):
        whole = kept.rstrip() or Invalid(text)
        assert held(text, Spec("text"), Native("n", "string", length=length)) == whole


SIGNS = st.text(st.sampled_from("ab \u0301\u200d\ufe0f👩👧🏽🇪🇸🇫\u1112\u1161"), max_size=14)


@settings(FEW, max_examples=80)
@given(SIGNS, st.integers(0, 14))
def test_what_is_cut_is_a_beginning_and_what_is_left_begins_with_a_sign(
    text: str, length: int
) -> None:
    kept = cut(text, length)
    assert text.startswith(kept)
    assert len(kept) <= length
    if rest := text[len(kept) :]:
        assert not kept or not unicodedata.category(rest[0]).startswith("M")
        assert not kept.endswith("\u200d")


@pytest.mark.parametrize("type_name", ["email", "phone", "url", "domain", "tax_id"])
def test_an_address_or_a_number_is_never_cut(type_name: str) -> None:
    spec = Spec(type_name, region="ES")
    value = parse(TYPES[type_name].examples[0], spec)
    assert isinstance(value, str)
    assert held(value, spec, Native("n", "string", length=len(value))) == value
    assert held(value, spec, Native("n", "string", length=len(value) - 1)) == Invalid(value)


# Scale


@pytest.mark.parametrize("type_name", ["decimal", "money"])
def test_ten_digits_after_the_point_and_two_are_no_difference(type_name: str) -> None:
    spec = Spec(type_name, currency="EUR")
    fine, coarse = parse("12.3456789012", spec), parse("12.35", spec)
    of = field("n", type_name, currency="EUR")
    two = Native("n", "number", scale=2)
    (write,) = outcome(of, None, fine, sf_n=two).writes
    assert write.after == coarse
    assert outcome(of, coarse, fine, sf_n=two).writes == ()
    assert outcome(of, coarse, fine, base={"sf": coarse, "hs": fine}, sf_n=two).writes == ()


def test_a_field_of_whole_numbers_has_no_digits_after_the_point() -> None:
    assert held(Decimal("2.5"), Spec("decimal"), Native("n", "integer", length=8)) == Decimal(3)


# Picklists

STAGE = {"Open": "open", "Closed Won": "won", "Won (old)": "won"}


def test_an_option_that_is_unknown_or_was_renamed_is_shown_and_neither_passed_on_nor_replaced() -> (
    None
):
    cell = parse("Ganada", Spec("choice", values=STAGE))
    assert cell == Invalid("Ganada")
    found = outcome(field("n", "choice", on_conflict={"always": "hs"}), cell, "open")
    assert found.writes == ()
    assert outcome(field("n", "choice"), "open", cell).writes == ()


def test_an_option_that_was_retired_is_kept_where_it_stands_and_never_written() -> None:
    of = field("n", "choice")
    active = Native("n", "picklist", options=frozenset({"open"}))
    assert outcome(of, "won", "won", sf_n=active).writes == ()
    found = outcome(of, "open", "won", base={"sf": "open", "hs": "open"}, sf_n=active)
    assert (found.writes, found.unfit) == ((), ("sf",))


def test_of_several_options_the_first_of_the_map_is_written_whatever_was_read() -> None:
    spec = Spec("choice", values=STAGE)
    assert parse("Won (old)", spec) == "won"
    assert TYPES["choice"].render("won", spec) == "Closed Won"


@pytest.mark.parametrize("raw", ["S\u00ed", "Si\u0301", " S\u00ed "])
def test_an_option_is_the_same_in_either_unicode_form_of_either_side(raw: str) -> None:
    for written in ("S\u00ed", "Si\u0301"):
        assert parse(raw, Spec("choice", values={written: "yes"})) == "yes"


def test_a_text_is_not_written_into_a_list_that_does_not_have_it() -> None:
    listed = Native("n", "picklist", options=frozenset({"Spain"}))
    assert held("España", Spec("text"), listed) == Invalid("España")
    assert held("Spain", Spec("text"), listed) == "Spain"


# Times


def test_milliseconds_and_seconds_are_no_difference() -> None:
    fine = datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=UTC)
    coarse = fine.replace(microsecond=0)
    of, seconds = field("n", "instant"), Native("n", "datetime", scale=0)
    assert outcome(of, coarse, fine, sf_n=seconds).writes == ()
    assert outcome(of, coarse, fine, base={"sf": coarse, "hs": fine}, sf_n=seconds).writes == ()


def test_a_moment_is_not_written_into_a_field_of_days() -> None:
    of, days = field("n", "instant"), Native("n", "date")
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    found = outcome(of, None, moment, sf_n=days)
    assert (found.writes, found.unfit) == ((), ("sf",))


# Both switch days, north and south; midnight itself is left out or there twice in some of them.
SWITCHES = [
    ("Europe/Madrid", ("2026-03-29", "2026-10-25")), ("America/New_York", ("2026-03-08", "2026-11-01")),
    ("America/Santiago", ("2026-04-05", "2026-09-06")), ("Pacific/Auckland", ("2026-04-05", "2026-09-27")),
    ("Australia/Lord_Howe", ("2026-04-05", "2026-10-04")), ("America/Sao_Paulo", ("2018-02-18", "2018-11-04")),
    ("Asia/Beirut", ("2026-03-29", "2026-10-25")), ("America/Havana", ("2026-03-08", "2026-11-01")),
    ("Africa/Casablanca", ("2026-02-15", "2026-03-22")), ("Atlantic/Azores", ("2026-03-29", "2026-10-25")),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "days"), SWITCHES)
def test_on_days_when_clocks_change_a_day_stays_the_day_it_is(
    zone: str, days: tuple[str, ...]
) -> None:
    spec = Spec("date", timezone=zone, native_is_instant=True)
    for day in map(date.fromisoformat, days):
        for near in (day - timedelta(1), day, day + timedelta(1)):
            assert parse(TYPES["date"].render(near, spec), spec) == near
            assert held(near, spec, Native("n", "datetime", scale=0)) == near


def test_a_day_that_a_zone_left_out_is_not_written_as_another() -> None:
    spec = Spec("date", timezone="Pacific/Apia")
    left_out = date(2011, 12, 30)
    assert held(left_out, spec, Native("n", "datetime")) == Invalid("2011-12-30")
    assert held(left_out, spec, Native("n", "date")) == left_out
    assert held(date(2011, 12, 31), spec, Native("n", "datetime")) == date(2011, 12, 31)


# Currencies


def test_an_amount_of_another_currency_is_never_the_same_and_never_written() -> None:
    euros, dollars = Money(Decimal(100), "EUR"), Money(Decimal(100), "USD")
    of = field("n", "money", currency="EUR", on_conflict={"always": "hs"})
    assert not same(euros, dollars, "money")
    found = outcome(of, euros, dollars)
    assert (found.writes, found.unfit) == ((), ("sf",))


def test_a_converted_amount_is_read_and_never_written() -> None:
    of = field("n", "money", currency="EUR", on_conflict={"prefer": "sf"})
    converted = Native("amount_in_home_currency", "number", writable=False)
    one, two = Money(Decimal(1), "EUR"), Money(Decimal(2), "EUR")
    assert outcome(of, one, two, hs_n=converted).writes == ()


# Phones


@pytest.mark.parametrize(
    ("raw", "region", "number"),
    [
        ("+34 911 23 45 67", None, "+34911234567"), ("911 23 45 67", None, "911234567"),
        ("911 23 45 67", "ES", "+34911234567"), ("0044 20 7946 0958", "ES", "+442079460958"),
        ("\u202a+34 911 23 45 67\u202c", None, "+34911234567"), ("\u200e+34911234567", None, "+34911234567"),
        ("911\u00a023\u200b45 67", "ES", "+34911234567"),
        ("+34\u2011911\u201123\u201145\u201167", None, "+34911234567"),
        ("(202) 555-0143", "US", "+12025550143"), ("(202) 555-0143", "ES", "2025550143"),
    ],
)  # fmt: skip
def test_a_number_is_e164_where_a_prefix_or_a_region_says_how(
    raw: str, region: str | None, number: str
) -> None:
    assert parse(raw, Spec("phone", region=region)) == number


@pytest.mark.parametrize(
    ("country", "number"),
    [("México", "+525551234567"), ("ES", "5551234567"), (None, "5551234567"), ("Ruritania", "5551234567")],
)  # fmt: skip
def test_a_number_is_read_at_home_in_its_own_records_country(
    country: str | None, number: str
) -> None:
    lens = Lens(Spec("phone", region="ES"), ("phone", "country"), home=Spec("text"))
    assert look(lens, ["55 5123 4567", country]).cell == number


# Unicode and HTML


@pytest.mark.parametrize(
    "text",
    ["Mar\u00eda", "\u05d0\u05d1\u05d2 \u202eabc\u202c", FAMILY, SPAIN, "a\u200bb", "\u2067\u05d0\u2069",
     "ﬁ", "Å", "½"],
)  # fmt: skip
def test_signs_of_every_kind_are_kept_and_both_unicode_forms_are_one(text: str) -> None:
    composed, parted = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert parse(text, Spec("text")) == composed
    assert parse(parted, Spec("text")) == composed
    assert held(composed, Spec("text"), Native("n", "string", length=300)) == composed


def test_what_cannot_be_seen_still_tells_two_texts_apart() -> None:
    """Nobody typed a blank of no width for us to drop: it is shown as a difference, and a person decides."""
    left, right = parse("Ana\u200b", Spec("text")), parse("Ana", Spec("text"))
    assert left != right
    assert parse("ana\u200b@example.com", Spec("email")) == Invalid("ana\u200b@example.com")


@pytest.mark.parametrize(
    ("raw", "domain"),
    [("faß.example", "xn--fa-hia.example"), ("fass.example", "fass.example"),
     ("MÜLLER.example", "xn--mller-kva.example"),
     ("a\u200d.example", Invalid("a\u200d.example"))],
)  # fmt: skip
def test_two_hosts_are_not_taken_for_one(raw: str, domain: object) -> None:
    assert parse(raw, Spec("domain")) == domain


HTML = '<p class="x">Hola&nbsp;<b>Ana</b><br/>a &lt; b</p>\n<ul><li>1</li></ul>'


def test_rich_text_through_text_is_kept_to_the_letter() -> None:
    assert parse(HTML, Spec("text")) == HTML
    assert TYPES["text"].render(parse(HTML, Spec("text")), Spec("text")) == HTML


def test_rich_text_through_plain_text_goes_one_way() -> None:
    lens = Lens(Spec("text"), ("html",), MadeOf("plain_text", ["html"]))
    seen = look(lens, [HTML]).cell
    assert seen == "Hola Ana\na < b\n1"
    of = field("n", made_of={"hs": MadeOf("plain_text", ["html"])}, on_conflict={"always": "sf"})
    of.names.pop("hs")
    found = outcome(of, "Otra cosa", seen)
    assert found.writes == (), "the markup is never written over with text"


# Sets and flags


def test_a_set_has_no_order_and_no_repetition_and_is_never_written_in_part() -> None:
    spec = Spec("choices")
    assert parse("b;a;b", spec) == parse(";a;b;", spec) == frozenset("ab")
    listed = Native("n", "multipicklist", options=frozenset("a"))
    found = outcome(field("n", "choices"), None, frozenset("ab"), sf_n=listed)
    assert (found.writes, found.unfit) == ((), ("sf",))


@pytest.mark.parametrize("word", ["", "a;b"])
def test_a_word_that_is_no_word_of_a_set_leaves_the_set_alone(word: str) -> None:
    assert parse("A;B", Spec("choices", values={"A": word, "B": "b"})) == Invalid("A;B")


@pytest.mark.parametrize(
    ("raw", "flag"),
    [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False), ("Yes", Invalid("Yes")),
     ("sí", Invalid("sí")), ("on", Invalid("on")), ("2", Invalid("2")), ("", None)],
)  # fmt: skip
def test_a_boolean_is_what_it_says_and_yes_only_by_mapping(raw: str, flag: object) -> None:
    assert parse(raw, Spec("flag")) == flag
    if raw == "Yes":
        assert parse(raw, Spec("flag", values={"Yes": "true", "No": "false"})) is True


SI = Spec("flag", values={"Sí": "true"})


@pytest.mark.parametrize(
    ("value", "spec", "native", "kept"),
    [
        (False, SI, Native("n", "boolean"), False),
        (False, SI, Native("n", "string"), Invalid("False")),
        (True, SI, Native("n", "string"), True),
        (False, SI, Native("n", "picklist", options=frozenset({"Sí", "No"})), Invalid("False")),
        (True, SI, Native("n", "picklist", options=frozenset({"Yes"})), Invalid("True")),
        (True, Spec("flag"), Native("n", "picklist", options=frozenset({"true", "false"})), True),
        (True, Spec("flag"), Native("n", "picklist", options=frozenset({"Sí", "No"})), Invalid("True")),
    ],
)  # fmt: skip
def test_a_flag_is_only_written_in_a_word_that_the_field_has(
    value: bool, spec: Spec, native: Native, kept: object
) -> None:
    assert held(value, spec, native) == kept


# Whatever does not parse


@pytest.mark.parametrize(
    "policy", [name for name in POLICIES if name not in ("union", "highest", "sticky")]
)
@pytest.mark.parametrize("winner", ["sf", "hs"])
def test_a_tax_id_with_a_wrong_check_digit_is_a_finding_and_never_written_over(
    policy: str, winner: str
) -> None:
    wrong = parse("B58378432", Spec("tax_id", country="ES"))
    assert wrong == Invalid("B58378432")
    named: Any = {policy: winner} if POLICIES[policy].names_a_system else policy
    of = field("n", "tax_id", country="ES", on_conflict=named)
    base: dict[str, Value | None] = {"sf": "B58378431", "hs": "B58378431"}
    for sf, hs in ((wrong, "A28015865"), ("A28015865", wrong), (wrong, None), (None, wrong)):
        found = outcome(of, sf, hs, base=base)
        assert found.writes == ()
        assert all(text_of(value, "tax_id") != "B58378432" for _, value in found.settled)


def test_a_label_is_read_in_whatever_case_an_export_writes_it() -> None:
    stages = {"Closed Won (Sales Pipeline)": "won", "Closed Lost (Sales Pipeline)": "lost"}
    assert parse("Closed won (Sales Pipeline)", Spec("choice", values=stages)) == "won"
    assert parse("CLOSED  LOST (sales pipeline)", Spec("choice", values=stages)) == "lost"


def test_two_values_that_differ_in_case_alone_are_not_mistaken_for_each_other() -> None:
    spec = Spec("choice", values={"Lead": "person", "LEAD": "metal"})
    assert (parse("Lead", spec), parse("LEAD", spec)) == ("person", "metal")
    assert parse("lead", spec) == Invalid("lead")
