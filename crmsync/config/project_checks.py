"""What crmsync.yml can get wrong beyond its form; every check is one entry of CHECKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from crmsync.config.agreement_checks import agreement_problems
from crmsync.config.consequences import Complaint, Known, Needs
from crmsync.config.decode import nearest
from crmsync.config.lines import Document, Path
from crmsync.config.project_form import Project
from crmsync.core.guarding import LIMITS
from crmsync.core.writers import Copy, Writer, spot_of
from crmsync.errors import Problem

REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECRET = re.compile(r"(token|secret|password|passphrase|api_?key|private_key)$")
_WRITER = re.compile(r"\S.{0,78}\S|\S")
_PASSWORD = re.compile(r"://[^/@\s:]*:([^/@\s]+)@")


def check_project(
    project: Project, document: Document, lost: Collection[Path] = ()
) -> list[Problem]:
    """Every problem of crmsync.yml, in order of place; none that is due to what was `lost` of it."""
    complaints = (each for check in CHECKS for each in check(project))
    return Known(document, lost, NEEDS).problems(complaints)


def guess(name: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean 'x'?`, or other advice where no known name is near."""
    close = nearest(name, known)
    return f"did you mean '{close}'?" if close else otherwise


def _some_system(project: Project) -> Iterator[Complaint]:
    if not project.systems:
        yield ("systems",), "CRM025", "no system", "name one: salesforce, hubspot"


def _plain_names(project: Project) -> Iterator[Complaint]:
    """Names of systems become folders and columns."""
    for system in project.systems:
        if not NAME.fullmatch(system):
            message = f"'{system}' cannot be the name of a system"
            yield ("systems", system), "CRM026", message, "use a-z, 0-9 and _"


def _kinds(project: Project) -> Iterator[Complaint]:
    for system, settings in project.systems.items():
        if "kind" not in settings:
            yield ("systems", system), "CRM003", f"system '{system}' has no kind", "add `kind:`"


def _texts(project: Project) -> Iterator[Complaint]:
    """Settings are texts; only `objects` is a mapping."""
    for system, settings in project.systems.items():
        for key, value in settings.items():
            if not isinstance(value, dict if key == "objects" else str):
                wanted = "names with values: {a: b}" if key == "objects" else "a text, in quotes"
                shown = {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value))
                message = f"systems.{system}.{key}: {shown or repr(value)} does not fit"
                yield ("systems", system, key), "CRM004", message, f"write {wanted}"


def _secrets(project: Project) -> Iterator[Complaint]:
    for system, settings in project.systems.items():
        for key, value in settings.items():
            if _SECRET.search(key) and not REFERENCE.fullmatch(str(value)):
                name = f"${{{system.upper()}_{key.upper()}}}"
                message = f"{system}.{key} holds a secret in plain text"
                remedy = f"write {name} and set it in the environment or .env"
                yield ("systems", system, key), "CRM022", message, remedy
    yield from _passwords(("store",), project.store, "STORE")
    for system, settings in project.systems.items():
        yield from _passwords(("systems", system, "url"), settings.get("url"), system.upper())


def _passwords(place: Path, url: object, name: str) -> Iterator[Complaint]:
    """A password inside an address."""
    password = _PASSWORD.search(str(url))
    if password and not REFERENCE.fullmatch(password.group(1)):
        message = f"{'.'.join(map(str, place[-2:]))} holds a password in plain text"
        yield (
            place,
            "CRM022",
            message,
            f"write ${{{name}_PASSWORD}} in its place, or ${{{name}_URL}}",
        )


def _limits(project: Project) -> Iterator[Complaint]:
    for name, own in project.limits.items():
        place = ("limits", name)
        if name not in LIMITS:
            advice = guess(name, LIMITS, f"use {', '.join(LIMITS)}")
            yield place, "CRM020", f"unknown limit '{name}'", advice
        elif LIMITS[name].hard:
            yield place, "CRM021", f"'{name}' cannot be loosened", "remove this line"
        elif own.at_most < 0 or not 0 <= own.share <= 1:
            yield (
                place,
                "CRM027",
                f"limit '{name}' is no number",
                "at_most from 0, share from 0 to 1",
            )


def _zone(project: Project) -> Iterator[Complaint]:
    from zoneinfo import available_timezones

    zones = available_timezones()
    if project.timezone not in zones:
        advice = guess(project.timezone, zones, "use an IANA name such as Europe/Madrid")
        yield ("timezone",), "CRM044", f"unknown timezone '{project.timezone}'", advice


def _region(project: Project) -> Iterator[Complaint]:
    from phonenumbers import SUPPORTED_REGIONS

    if project.region is not None and project.region not in SUPPORTED_REGIONS:
        message = f"unknown region '{project.region}'"
        yield ("region",), "CRM028", message, "use two capital letters of ISO 3166, as in ES"


def _currency(project: Project) -> Iterator[Complaint]:
    if project.currency and not re.fullmatch("[A-Z]{3}", project.currency):
        message = f"unknown currency '{project.currency}'"
        yield ("currency",), "CRM029", message, "use three capital letters of ISO 4217, as in EUR"


def _writers(project: Project) -> Iterator[Complaint]:
    """Names of other writers are shown in paths; each is declared once."""
    names: set[str] = set()
    for number, writer in enumerate(project.writers):
        path: Path = ("writers", number)
        name = writer.name
        if not _WRITER.fullmatch(name) or not name.isprintable() or name.startswith("crmsync"):
            message = f"{name[:60]!r} cannot be the name of a writer"
            yield (*path, "name"), "CRM026", message, "use a short name on one line"
        if name in names:
            yield (*path, "name"), "CRM066", f"writer '{name}' is there twice", "merge them"
        names.add(name)
        yield from _copies(project, writer, (*path, "copies"))


def _copies(project: Project, writer: Writer, path: Path) -> Iterator[Complaint]:
    seen: set[tuple[str, str]] = set()
    for number, copy in enumerate(writer.copies):
        place = (*path, number)
        yield from _ends(project, copy, place)
        if copy.from_ == copy.to:
            yield place, "CRM065", f"{copy.to!r} is copied onto itself", "correct one of its ends"
        elif seen.intersection(copy.ways()):
            message = f"{copy.from_!r} is copied to {copy.to!r} twice"
            yield place, "CRM066", message, "remove one; `two_way` copies back, too"
        seen.update(copy.ways())


def _ends(project: Project, copy: Copy, place: Path) -> Iterator[Complaint]:
    for key, text in (("from", copy.from_), ("to", copy.to)):
        spot = spot_of(text)
        if spot is None:
            remedy = "write system/object.field, as in hubspot/contacts.phone"
            yield (*place, key), "CRM062", f"{text[:60]!r} is no native field", remedy
        elif spot[0] not in project.systems:
            advice = guess(spot[0], project.systems, f"use one of {', '.join(project.systems)}")
            yield (*place, key), "CRM063", f"{text[:60]!r}: no system {spot[0][:60]!r}", advice


def _bounds(project: Project) -> Iterator[Complaint]:
    """How long an audit may take and how much it may keep: more than nothing."""
    for name in ("seconds", "most"):
        if getattr(project.audits, name) <= 0:
            message = f"audits.{name}: {getattr(project.audits, name):g} does not fit"
            yield ("audits", name), "CRM004", message, "write a number above 0, or leave it out"
    for name in ("hour", "marketing_contact"):
        price = getattr(project.audits.prices, name)
        if price < 0:
            message = f"audits.prices.{name}: {price:g} does not fit"
            place = ("audits", "prices", name)
            yield place, "CRM004", message, "write a number above 0, or leave it out"


CHECKS: tuple[Callable[[Project], Iterator[Complaint]], ...] = (
    _some_system,
    _plain_names,
    _kinds,
    _texts,
    _secrets,
    _limits,
    _zone,
    _region,
    _currency,
    _writers,
    _bounds,
    agreement_problems,
)

NEEDS: Needs = {"CRM025": ("/systems",), "CRM063": ("/systems",)}
"""What a complaint rests on, so that it is not made of what could not be read."""
