"""Settings of an org, checked: how to get in, and how to speak to it. Every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlsplit

from crmsync.connectors.loopback import bundle_problem, is_loopback
from crmsync.connectors.salesforce.depth import SETTINGS as FACT_SETTINGS
from crmsync.connectors.salesforce.depth import depth_problems
from crmsync.connectors.salesforce.sizes import size_problems
from crmsync.connectors.salesforce.ways import (
    CREDENTIALS,
    FREE,
    JWT,
    SECRET,
    TOKEN,
    WAYS,
    complaints,
    only_writing,
    way_of,
)
from crmsync.connectors.settings import Checked, as_written, checked, problem_of
from crmsync.errors import Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

API_VERSION = "67.0"  # Summer '26: developer.salesforce.com, API versions (read 2026-11)
# Session Settings offer 15 minutes to 24 hours: help.salesforce.com, Modify Session Security Settings
# (read 2026-11).
_SESSION_MINUTES = (15, 1440)
_OTHERS = (
    *("url", "api_version", "session_minutes", "ca_bundle", "audience", "private_key_file"),
    "bulk_above",
    *FACT_SETTINGS,
)
_PARTS = ("password", "security_token", "private_key_passphrase")
_VERSION = re.compile(r"v?(\d\d\.0)")
_MY_DOMAIN = "give the org's My Domain, as in https://YOUR-DOMAIN.my.salesforce.com"
# Hosts of pages, which know no session of the API: help.salesforce.com, My Domain URL Formats (read 2026-11)
_FOR_BROWSERS = (".lightning.force.com", ".my.salesforce-setup.com")


@dataclass(frozen=True, slots=True)
class Login:
    """How to get into one org. `session_s` is how long a session lives, None if nobody said.

    `parts` are secrets that are sent within others, or never: the password and the security token each by
    itself, and the passphrase of the key.
    """

    url: str
    way: str
    token: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    parts: tuple[str, ...] = field(default=(), repr=False)
    key: RSAPrivateKey | None = field(default=None, repr=False)
    audience: str = ""
    api_version: str = API_VERSION
    session_s: float | None = None
    ca_bundle: str = ""

    @property
    def renews(self) -> bool:
        """True if another token can be had."""
        return self.way != TOKEN

    @property
    def ends(self) -> str:
        """What to tell whoever uses a way that Salesforce is closing, blank for the others."""
        return WAYS[self.way].ends

    @property
    def secrets(self) -> list[str]:
        """What must be in no message, also as a form or an envelope writes it."""
        known = (self.token, self.client_secret, self.password, *self.parts)
        plain = [text for text in known if text]
        return list(
            dict.fromkeys(w for text in plain for w in (text, quote_plus(text), escape(text)))
        )


def read_settings(
    system: str, settings: Mapping[str, str], *, writes: bool
) -> tuple[Login, Checked]:
    """How to get into the org, and the checked settings; ConfigInvalid with all that is wrong.

    Reads the file of the private key, if there is one. Asks no org.
    """
    keys: list[RSAPrivateKey] = []
    chosen = _checked(system, settings, writes, lambda given: _problems(system, given, keys))
    return _login(chosen, keys[0] if keys else None), chosen


def written_problems(
    system: str, settings: Mapping[str, str], unset: Collection[str]
) -> list[Problem]:
    """What is wrong with settings as they are written; those of `unset` have a value that nobody knows yet.

    Nothing is said where no credential is given, and no key is read: it may come from elsewhere. Half of one is told.
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
        known=tuple(dict.fromkeys((*_OTHERS, *SECRET))),
        secret=SECRET,
        free=FREE,
        needs=(),
        writes=writes,
        more=more,
        settle=only_writing,
    )


def _login(chosen: Checked, key: RSAPrivateKey | None) -> Login:
    way = way_of({name: chosen[name] for name in CREDENTIALS if chosen.get(name)})
    minutes = chosen.get("session_minutes")
    url = chosen["url"].rstrip("/")
    return Login(
        url=url,
        way=way,
        token=chosen.get("token"),
        client_id=chosen.get("client_id"),
        client_secret=chosen.get("client_secret"),
        username=chosen.get("username"),
        # Salesforce takes password and security token as one: simple-salesforce 1.12.10 login.py
        # (read 2026-11)
        password=chosen.get("password") + chosen.get("security_token"),
        parts=tuple(chosen.get(name) for name in _PARTS),
        key=key,
        audience=chosen.get("audience") or audience_of(url),
        api_version=chosen.get("api_version", API_VERSION).removeprefix("v"),
        session_s=float(minutes) * 60 if minutes else None,
        ca_bundle=chosen.get("ca_bundle"),
    )


def audience_of(url: str) -> str:
    """Whom the assertion of a JWT is for, where `audience` does not say.

    https://login.salesforce.com, or https://test.salesforce.com for sandboxes: help.salesforce.com, OAuth
    2.0 JWT Bearer Flow; some orgs take their My Domain only since Spring '26 (n8n pull request 29016,
    read 2026-11). Sandboxes have `.sandbox.` in their My Domain, or `--` in an older one.
    """
    host = urlsplit(url).hostname or ""
    is_sandbox = ".sandbox." in host or "--" in host.split(".")[0]
    return f"https://{'test' if is_sandbox else 'login'}.salesforce.com"


def _problems(
    system: str, given: Mapping[str, str], keys: list[RSAPrivateKey]
) -> Iterator[Problem]:
    """What is wrong beyond names and damage; a private key that can be used is put into `keys`."""
    yield from complaints(system, {n: t for n, t in given.items() if n in CREDENTIALS})
    if way_of(given) == JWT:
        yield from _of_key(system, given, keys)
    yield from _of_plain(system, given)


def _of_plain(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with settings that are no credentials."""
    for check in (_of_url, _of_version, _of_session, _of_bundle, depth_problems, size_problems):
        yield from check(system, given)


def _of_bundle(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    if wrong := bundle_problem(given.get("ca_bundle", "")):
        remedy = "give the path of a file with certificates (PEM)"
        yield problem_of(system, f"ca_bundle: {wrong}", remedy, "ca_bundle")


def _of_url(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    text = given.get("url", "")
    if not text and any(name in given for name in CREDENTIALS):
        remedy = "give https://YOUR-DOMAIN.my.salesforce.com"
        yield problem_of(system, "`url` is missing", remedy)
    if text and (wrong := _wrong_address(text)):
        yield problem_of(system, *wrong, "url")


def _wrong_address(text: str) -> tuple[str, str] | None:
    """Why an address is none of an org, and what helps; None if it is one."""
    url = urlsplit(text)
    host = url.hostname or ""
    plain = url.scheme == "http" and is_loopback(text)
    if not (url.netloc and (url.scheme == "https" or plain)):
        remedy = "give https://YOUR-DOMAIN.my.salesforce.com; http is for a sandbox on this machine"
        return "`url` is no https address", remedy
    # Client credentials are refused at the door of all orgs, and JWT fails now and then: help.salesforce.com,
    # Client Credentials Flow; simple-salesforce issue 814 (read 2026-11)
    if host in ("login.salesforce.com", "test.salesforce.com"):
        return f"`url` {host} is the door of all orgs", _MY_DOMAIN
    if host.endswith(_FOR_BROWSERS):
        return f"`url` {host} is for browsers, and answers no API", _MY_DOMAIN
    if url.path.strip("/") or url.query or url.fragment:
        return "`url` is the address of a page, not of an org", _MY_DOMAIN
    return None


def _of_version(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    text = given.get("api_version", "")
    if text and not _VERSION.fullmatch(text):
        remedy = f'write it as in "{API_VERSION}"'
        yield problem_of(system, f"api_version '{text}' is none", remedy, "api_version")


def _of_session(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    text = given.get("session_minutes", "")
    least, most = _SESSION_MINUTES
    if text and not (text.isdecimal() and least <= int(text) <= most):
        message = f"session_minutes '{text}' is no time a session lives"
        remedy = f"give {least} to {most}, as the org's Session Settings say"
        yield problem_of(system, message, remedy, "session_minutes")


def _of_key(system: str, given: Mapping[str, str], keys: list[RSAPrivateKey]) -> Iterator[Problem]:
    from crmsync.connectors.salesforce.keys import KeyUnusable, read_key

    place = "private_key_file" if "private_key_file" in given else "private_key"
    try:
        pem = _pem(given, place)
        keys.append(read_key(pem, given.get("private_key_passphrase", "")))
    except OSError as error:
        message = f"{place}: cannot be read: {error.strerror or 'no such file'}"
        yield problem_of(system, message, "give the path of the key, from this workspace", place)
    except KeyUnusable as error:
        yield problem_of(system, f"{place}: {error}", error.remedy, place)


def _pem(given: Mapping[str, str], place: str) -> bytes:
    if place == "private_key_file":
        return Path(given[place]).expanduser().read_bytes()
    # An environment variable has one line: the ends of lines are written as \n
    return given[place].replace("\\n", "\n").encode()
