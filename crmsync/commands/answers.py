"""What `init` asks, and whether an answer can be used: each is checked at once, with what helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from crmsync.config.project_checks import NAME, REFERENCE
from crmsync.language import LANGUAGES, N_, _

PARTS = ("salesforce", "hubspot")
WAYS = (*PARTS, "files", "database")
# Where most people of a country with several zones live: IANA tz database, zone.tab and its remarks.
_MAIN_ZONES: Mapping[str, str] = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FR": "Europe/Paris",
    "GB": "Europe/London", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
_PASSWORD = re.compile(r"://[^/@\s:]*:([^/@\s]+)@")


class WrongAnswer(ValueError):
    """An answer that cannot be used: what is wrong with it, and what helps."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One system of a new workspace: its name, and how it is reached.

    `way` is salesforce, hubspot (their APIs), files or database. `place` is the folder or the address.
    `part` says whose names its fields bear, blank where nobody knows yet.
    """

    name: str
    way: Literal["salesforce", "hubspot", "files", "database"]
    place: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Locale:
    """Where the client is: what fields take where the mapping says nothing."""

    region: str = "ES"
    currency: str = "EUR"
    timezone: str = "Europe/Madrid"
    language: str = "en"


def locale_of(region: str) -> Locale:
    """What is usual in a country: its currency and its main time zone."""
    from babel.numbers import get_territory_currencies

    currencies = get_territory_currencies(region)
    return Locale(region, (currencies or ["EUR"])[0], _zone_of(region))


def _zone_of(region: str) -> str:
    from babel.core import get_global

    if region in _MAIN_ZONES:
        return _MAIN_ZONES[region]
    zones = sorted(
        zone for zone, where in get_global("zone_territories").items() if where == region
    )
    known = [zone for zone in zones if zone in _zones()]
    return known[0] if known else "UTC"


def system_names(text: str) -> tuple[str, ...]:
    """The names of systems in a text with commas."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise WrongAnswer(_("no system is named"), _("for example: salesforce, hubspot"))
    for name in names:
        system_name(name)
    return names


def system_name(text: str) -> str:
    """The name of one system: it becomes a folder and part of columns."""
    if not NAME.fullmatch(text):
        message = _("“{name}” cannot be the name of a system").format(name=text)
        raise WrongAnswer(message, _("use a-z, 0-9 and _, beginning with a letter"))
    return text


def country(text: str) -> str:
    """An ISO 3166 country with phone numbers; a name is answered with its letters."""
    from phonenumbers import SUPPORTED_REGIONS

    letters = text.strip().upper()
    if letters in SUPPORTED_REGIONS:
        return letters
    near = _country_named(text) & set(SUPPORTED_REGIONS)
    remedy = (
        _("did you mean {names}?").format(names=", ".join(sorted(near)))
        if near
        else _("use two letters of ISO 3166, as in ES")
    )
    raise WrongAnswer(_("unknown country “{name}”").format(name=text), remedy)


def _country_named(text: str) -> set[str]:
    from babel import Locale as Speech

    wanted = text.strip().casefold()
    return {
        letters
        for language in ("en", "es")
        for letters, name in Speech(language).territories.items()
        if str(name).casefold() == wanted
    }


def currency(text: str) -> str:
    """An ISO 4217 currency."""
    from babel.numbers import list_currencies

    letters = text.strip().upper()
    if letters in list_currencies():
        return letters
    message = _("unknown currency “{name}”").format(name=text)
    raise WrongAnswer(message, _("use three letters of ISO 4217, as in EUR"))


def timezone(text: str) -> str:
    """An IANA time zone."""
    name = text.strip()
    if name in _zones():
        return name
    near = _nearest(name, _zones())
    remedy = _("use an IANA name such as Europe/Madrid")
    message = _("unknown time zone “{name}”").format(name=text)
    raise WrongAnswer(message, _("did you mean {names}?").format(names=near) if near else remedy)


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def folder(text: str) -> str:
    """A folder that is there, as it was given."""
    if Path(text).expanduser().is_dir():
        return text
    message = _("there is no folder “{name}”").format(name=text)
    raise WrongAnswer(message, _("make it and put the exports into it, or name another one"))


def database(text: str) -> str:
    """The address of a database: a name in ${...}, or one without a password."""
    found = _PASSWORD.search(text)
    if found and not REFERENCE.fullmatch(found[1]):
        message = _("a password does not belong into crmsync.yml")
        raise WrongAnswer(message, _("write a name such as ${CRM_DB_URL}, and its value to .env"))
    if REFERENCE.search(text) or re.fullmatch(r"[a-z][\w+.-]*://\S+", text):
        return text
    message = _("“{name}” is no address of a database").format(name=text)
    remedy = _("write a name such as ${CRM_DB_URL}, or an address such as sqlite:///crm.db")
    raise WrongAnswer(message, remedy)


def way(text: str) -> str:
    """How a system is reached."""
    if text.strip().lower() in WAYS:
        return text.strip().lower()
    near = _nearest(text.strip().lower(), WAYS)
    remedy = _("use one of {choices}").format(choices=", ".join(WAYS))
    hint = _("did you mean {names}?").format(names=near) if near else remedy
    raise WrongAnswer(_("“{name}” is no way to reach a system").format(name=text), hint)


def named(text: str, what: str) -> tuple[str, str]:
    """`NAME=VALUE` of an option, both checked by whoever asks."""
    name, equals, value = text.partition("=")
    if not equals or not value.strip():
        message = _("“{text}” has no name").format(text=text)
        raise WrongAnswer(message, _("write NAME={what}").format(what=_(what)))
    return system_name(name.strip()), value.strip()


FOLDER, ADDRESS, WHOSE = N_("FOLDER"), "${CRM_DB_URL}", N_("salesforce or hubspot")


def part(text: str) -> str:
    """Whose names the fields of an export bear."""
    if text.strip().lower() in PARTS:
        return text.strip().lower()
    message = _("“{name}” is neither salesforce nor hubspot").format(name=text)
    raise WrongAnswer(message, _("name the system that the exports come from"))


def part_or_unknown(text: str) -> str:
    """Whose names the fields of an export bear, blank for nobody's."""
    return "" if text.strip().lower() in ("unknown", _("unknown")) else part(text)


def language(text: str) -> str:
    """A language of reports."""
    if text.strip().lower() in LANGUAGES:
        return text.strip().lower()
    message = _("“{name}” is no language of crmsync").format(name=text)
    raise WrongAnswer(message, _("use one of {choices}").format(choices=", ".join(LANGUAGES)))


NOTATION: Mapping[str, tuple[str, str]] = {"decimal": (",", "."), "dates": ("dmy", "mdy")}
# Countries that write 12/31/2026, and those of the decimal point among ours: CLDR, by way of Babel.
_MONTH_FIRST = frozenset(("US", "PH"))


def usual_notation(setting: str, region: str) -> str:
    """What most people of a country write; only ever proposed."""
    if setting == "dates":
        return "mdy" if region in _MONTH_FIRST else "dmy"
    from babel import Locale as Speech
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(Speech.parse(f"und_{region}"))


def notation_of(setting: str) -> Callable[[str], str]:
    """A check of one notation: a decimal sign, or an order of day and month."""

    def check(text: str) -> str:
        if text.strip() in NOTATION[setting]:
            return text.strip()
        message = _("“{name}” is no answer").format(name=text)
        choices = _("use one of {choices}").format(choices=" ".join(NOTATION[setting]))
        raise WrongAnswer(message, choices)

    return check


def by_api(name: str) -> Chosen:
    """A system that is reached through its own API; its name says which."""
    if name not in PARTS:
        message = _("“{name}” does not say how it is reached").format(name=name)
        remedy = _("write {name}=salesforce or {name}=hubspot, or use --files or --database")
        raise WrongAnswer(message, remedy.format(name=name))
    return by_way(name, name)


def by_way(name: str, kind: str) -> Chosen:
    """A system of any name that is reached through an API."""
    return Chosen(name, "salesforce" if kind == "salesforce" else "hubspot", part=kind)


def by_apis(text: str) -> tuple[Chosen, ...]:
    """Systems by API: `salesforce, hubspot`, or `crm=salesforce`."""
    found = []
    for each in (piece.strip() for piece in text.split(",") if piece.strip()):
        name, equals, kind = each.partition("=")
        found.append(
            by_way(system_name(name.strip()), part(kind)) if equals else by_api(system_name(each))
        )
    if not found:
        system_names(text)
    return tuple(found)


def told_apart(systems: Iterable[Chosen]) -> None:
    """WrongAnswer if two systems have one name."""
    names = [each.name for each in systems]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = _("two systems are called “{name}”").format(name=twice)
        raise WrongAnswer(message, _("give each a name of its own"))


def alike(systems: Iterable[Chosen], likes: Mapping[str, str]) -> tuple[Chosen, ...]:
    """The systems with whose names their fields bear, as far as that was said."""
    found = tuple(replace(each, part=likes.get(each.name, each.part)) for each in systems)
    unknown = sorted(set(likes) - {each.name for each in found})
    if unknown:
        message = _("no system “{name}”").format(name=unknown[0])
        remedy = _("use one of {choices}").format(choices=", ".join(each.name for each in found))
        raise WrongAnswer(message, remedy)
    return found


def _nearest(text: str, known: Iterable[str]) -> str | None:
    from crmsync.config.decode import nearest

    return nearest(text, known)
