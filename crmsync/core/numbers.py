"""Types that are numbers: integer, decimal, money. No float ever holds what a person typed."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from crmsync.core.records import Invalid, Money, Native, Value
from crmsync.core.spec import Spec

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_WIDEST = 30
_LONGEST = 60
_EXACT = Context(prec=200)


def _decimal(raw: str) -> Decimal | None:
    """The number behind a wire text: a point for decimals, nothing for thousands; None if it is none."""
    text = raw.strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if number and abs(number.adjusted()) >= _WIDEST:
        return None
    # written out, a number with an exponent grows; it has to fit the way back, too
    return number if len(text_decimal(number)) <= _LONGEST else None


def text_decimal(value: Decimal) -> str:
    """Digits without an exponent and without zeros at the end; `-0` is `0`."""
    if not value:
        return "0"
    return format(value.normalize(_EXACT), "f")


def read_decimal(text: str) -> Decimal:
    """The number behind its canonical text."""
    return Decimal(text)


def parse_integer(raw: str, _spec: Spec) -> Value | Invalid | None:
    """A whole number; `1200.0` is one, `12.5` is not."""
    number = _decimal(raw)
    if number is None or number != number.to_integral_value():
        return Invalid(raw)
    return int(number)


def parse_decimal(raw: str, _spec: Spec) -> Value | Invalid | None:
    """An exact decimal number."""
    number = _decimal(raw)
    return Invalid(raw) if number is None else Decimal(text_decimal(number))


def parse_money(raw: str, spec: Spec) -> Value | Invalid | None:
    """An amount in the currency the mapping names for this system."""
    number = _decimal(raw)
    return Invalid(raw) if number is None else Money(Decimal(text_decimal(number)), spec.currency)


def render_integer(value: int, _spec: Spec) -> str:
    """Digits."""
    return str(value)


def render_decimal(value: Decimal, _spec: Spec) -> str:
    """Digits with a point."""
    return text_decimal(value)


def render_money(value: Money, _spec: Spec) -> str:
    """The amount; the currency has a field of its own in both CRMs."""
    return text_decimal(value.amount)


def text_money(value: Money) -> str:
    """Amount, blank, currency: `1200.5 EUR`."""
    return f"{text_decimal(value.amount)} {value.currency}"


def read_money(text: str) -> Money:
    """The money behind its canonical text."""
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency)


def _rounded(number: Decimal, scale: int | None) -> Decimal:
    """Half up, away from zero, as both CRMs round for display."""
    exponent = number.as_tuple().exponent
    if scale is None or (isinstance(exponent, int) and -exponent <= scale):
        return number
    rounded = number.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP, context=_EXACT)
    return Decimal(text_decimal(rounded))


def scale_of(native: Native) -> int | None:
    """Digits after the point that a field keeps: none in one of whole numbers; None without a limit."""
    return 0 if native.type == "integer" else native.scale


def held_integer(value: int, _spec: Spec, native: Native) -> Value | Invalid:
    """The number, if it has no more digits than the field."""
    fits = native.length is None or len(str(abs(value))) <= native.length
    return value if fits else Invalid(str(value))


def held_decimal(value: Decimal, _spec: Spec, native: Native) -> Value | Invalid:
    """The number at the field's scale."""
    return _rounded(value, scale_of(native))


def held_money(value: Money, spec: Spec, native: Native) -> Value | Invalid:
    """The amount at the field's scale; Invalid if this side is kept in another currency."""
    if value.currency != spec.currency:
        return Invalid(text_money(value))
    return Money(_rounded(value.amount, scale_of(native)), value.currency)
