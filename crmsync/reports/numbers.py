"""Numbers, shares, money, dates and hours of work as a reader of that language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError, dates
from babel import numbers as babel_numbers

from crmsync.language import region, translate
from crmsync.reports.cleaning import clean

_NO_GROUPS_BELOW = 10_000


@cache
def _pointed(place: str) -> bool:
    """True for a region whose Spanish has a decimal point: MX, and most of Central America."""
    try:
        locale = Locale.parse(f"es_{place}")
    except (UnknownLocaleError, ValueError):
        return False
    symbols = locale.number_symbols
    return bool(symbols.get("latn", symbols).get("decimal") == ".")


def has_comma(language: str) -> bool:
    """True where numbers are written 1.234,5: in Spanish, but where the workspace's region has a point."""
    return language == "es" and not _pointed(region() or "ES")


def delimiter(language: str) -> str:
    """What a spreadsheet of that language expects between the cells of a CSV."""
    return ";" if has_comma(language) else ","


def _digits(language: str) -> str:
    """The locale by which digits are grouped and divided."""
    return "es" if has_comma(language) else "en"


def number(value: int | float | Decimal, language: str) -> str:
    """1,234 in English and in Mexico; 1234 and 12.345 in Spain, where four digits stay together."""
    # CLDR asks for two digits before the first separator in es (minimumGroupingDigits, read 2026-11).
    grouped = not has_comma(language) or not -_NO_GROUPS_BELOW < value < _NO_GROUPS_BELOW
    return babel_numbers.format_decimal(value, locale=_digits(language), group_separator=grouped)


def signed(value: int, language: str) -> str:
    """+12, -3, or 0."""
    return ("+" if value > 0 else "") + number(value, language)


def share(part: int, whole: int, language: str) -> str:
    """12%, or 12 % in Spanish; one decimal under ten percent, "" if there is nothing to share."""
    if whole <= 0:
        return ""
    ratio = part / whole
    decimals = "0.#" if 0 < ratio < 0.1 else "0"
    if 0 < part < whole and ratio > 0.99:
        ratio = min(ratio, 0.999)
        decimals = "0.#"
    tail = "\u00a0%" if has_comma(language) else "%"
    return babel_numbers.format_percent(ratio, locale=_digits(language), format=decimals + tail)


def money(value: float | Decimal, currency: str, language: str) -> str:
    """The amount without cents, with its currency where that is known (ISO 4217)."""
    whole = Decimal(str(value)).quantize(Decimal(1))
    if not currency:
        return number(whole, language)
    grouped = not has_comma(language) or abs(whole) >= _NO_GROUPS_BELOW
    if language == "es" and not has_comma(language):
        return f"{number(whole, language)}\u00a0{clean(currency.upper(), 8)}"  # $ alone says too little
    return babel_numbers.format_currency(
        whole,
        currency.upper(),
        locale=language,
        currency_digits=False,
        format="¤#,##0" if language == "en" else "#,##0\u00a0¤",
        group_separator=grouped,
    )


def instant(moment: datetime, language: str) -> str:
    """Day and minute in UTC, which is named."""
    utc = moment.astimezone(UTC)
    clock = dates.format_time(utc, "HH:mm", locale=language)
    return f"{day(utc, language)}, {clock} UTC"


def instant_text(text: str, language: str) -> str:
    """The instant of an ISO 8601 text, as `instant` shows it; another text as it is, cut short."""
    try:
        return instant(datetime.fromisoformat(text), language)
    except ValueError:
        return clean(text, 32)


def day_text(text: str, language: str) -> str:
    """The day of an ISO 8601 date or instant; another text as it is, cut short."""
    try:
        return day(date.fromisoformat(text[:10]), language)
    except ValueError:
        return clean(text, 32)


def day(value: date | datetime, language: str) -> str:
    """The day, its month in letters, as the language orders it."""
    return dates.format_date(value, "long", locale=language)


def work(minutes: float, language: str) -> str:
    """A rough amount of work: minutes under an hour, then hours, then days of eight hours."""
    if minutes < 60:
        return translate("{n} min", language).format(n=number(max(1, round(minutes)), language))
    hours = minutes / 60
    if hours < 16:
        tidy = round(hours, 1) if hours < 10 and round(hours) != round(hours, 1) else round(hours)
        return translate("{n} h", language).format(n=number(tidy, language))
    return translate("{n} working days", language).format(n=number(round(hours / 8), language))


def quantity(one: str, many: str, n: int, language: str) -> str:
    """A sentence about a number: `one` for 1, `many` for all others; both hold {n}, other holes stay."""
    return translate(one if n == 1 else many, language).replace("{n}", number(n, language))
