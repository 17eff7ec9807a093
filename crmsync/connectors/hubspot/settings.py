"""Settings of a portal, checked: how to get in, and how to speak to it. Every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote_plus, urlsplit

from crmsync.connectors.hubspot import optouts
from crmsync.connectors.hubspot.depth import SETTINGS, depth_problems
from crmsync.connectors.hubspot.paths import USUAL, VERSIONS
from crmsync.connectors.hubspot.ways import (
    CREDENTIALS,
    OAUTH,
    TOKEN,
    complaints,
    only_writing,
    way_of,
)
from crmsync.connectors.loopback import bundle_problem, is_loopback
from crmsync.connectors.settings import Checked, as_written, checked, problem_of
from crmsync.errors import Problem

HOST = "https://api.hubapi.com"  # one host for every data centre: HubSpot API reference (2026-11)
_OTHERS = ("url", "api_version", "ca_bundle")
_LEAVE_OUT = "leave it out; it is for a sandbox"


@dataclass(frozen=True, slots=True)
class Login:
    """How to get into one portal, and in which version to speak to it."""

    way: str = TOKEN
    token: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    url: str = HOST
    api_version: str = USUAL
    ca_bundle: str = ""

    @property
    def renews(self) -> bool:
        """True if tokens end and others can be had."""
        return self.way == OAUTH

    @property
    def secrets(self) -> list[str]:
        """What must be in no message, also as a form writes it."""
        plain = [each for each in (self.token, self.client_secret, self.refresh_token) if each]
        return list(dict.fromkeys(w for text in plain for w in (text, quote_plus(text))))


def read_settings(
    system: str, settings: Mapping[str, str], *, writes: bool
) -> tuple[Login, Checked]:
    """How to get into the portal, and the checked settings; ConfigInvalid with all that is wrong. Asks nobody."""
    chosen = _checked(system, settings, writes, partial(_problems, system))
    return _login(chosen), chosen


def written_problems(
    system: str, settings: Mapping[str, str], unset: Collection[str]
) -> list[Problem]:
    """What is wrong with settings as they are written; those of `unset` have a value that nobody knows yet.

    Nothing is said where no credential is given: it may come from elsewhere. Half of one is told.
    """

    def check(filled: Mapping[str, str], writes: bool, unknown: Collection[str]) -> None:
        _checked(system, filled, writes, partial(_written, system, unknown))

    return as_written(system, settings, unset, check)


def _written(system: str, unknown: Collection[str], given: Mapping[str, str]) -> Iterator[Problem]:
    known = {name: text for name, text in given.items() if name not in unknown}
    yield from complaints(system, {n: t for n, t in given.items() if n in CREDENTIALS})
    yield from _of_plain(system, known)


def _checked(
    system: str,
    settings: Mapping[str, str],
    writes: bool,
    more: Callable[[Mapping[str, str]], Iterable[Problem]],
) -> Checked:
    return checked(
        system,
        settings,
        known=(*_OTHERS, *SETTINGS, *optouts.SETTINGS, *CREDENTIALS),
        secret=CREDENTIALS,
        needs=(),
        writes=writes,
        more=more,
        settle=only_writing,
    )


def _login(chosen: Checked) -> Login:
    given = {name: chosen[name] for name in CREDENTIALS if chosen.get(name)}
    return Login(
        way=way_of(given),
        url=chosen.get("url", HOST).rstrip("/"),
        api_version=chosen.get("api_version", USUAL),
        ca_bundle=chosen.get("ca_bundle"),
        **given,
    )


def _problems(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    yield from complaints(system, {n: t for n, t in given.items() if n in CREDENTIALS})
    yield from _of_plain(system, given)


def _of_plain(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with settings that are no credentials."""
    for check in (_of_url, _of_version, _of_bundle, depth_problems, optouts.basis_problems):
        yield from check(system, given)


def _of_url(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    text = given.get("url", HOST)
    url = urlsplit(text)
    host = url.hostname or ""
    plain = url.scheme == "http" and is_loopback(text)
    if not (url.netloc and (url.scheme == "https" or plain)):
        yield problem_of(system, "`url` is no https address", _LEAVE_OUT, "url")
    elif host == "hubspot.com" or host.endswith(".hubspot.com"):
        message = f"`url` {host} is for browsers, and answers no API"
        yield problem_of(system, message, _LEAVE_OUT, "url")
    elif url.path.strip("/") or url.query or url.fragment:
        yield problem_of(
            system, "`url` is the address of a page, not of a portal", _LEAVE_OUT, "url"
        )


def _of_version(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    text = given.get("api_version", USUAL)
    if text not in VERSIONS:
        known = f"known: {', '.join(VERSIONS)}"
        yield problem_of(system, f"api_version '{text}' is not known", known, "api_version")


def _of_bundle(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    if wrong := bundle_problem(given.get("ca_bundle", "")):
        remedy = "give the path of a file with certificates (PEM)"
        yield problem_of(system, f"ca_bundle: {wrong}", remedy, "ca_bundle")
