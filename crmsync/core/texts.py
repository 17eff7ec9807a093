"""Types that are text: plain text, e-mail, phone, domain, url.

Text is compared in Unicode NFC, trimmed, with runs of blanks as one and line ends as `\\n`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from crmsync.core.graphemes import cut
from crmsync.core.phones import plain_number
from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec

_BLANKS = re.compile(r"[^\S\n]+")
_EDGES = re.compile(r" ?\n ?")
_TIDY = re.compile(r"[!-~]+(?: [!-~]+)*")
_LONGEST_EMAIL = 254
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_PLAIN = re.compile(
    r"(?:https?://)?([a-z0-9.-]+)/?"
)  # as most are written: nothing has to be taken apart
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_LETTERS = re.compile(r"[^\W\d_]")
_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f]")
# Marks that say which way to read, and blanks of no width: pasted along with numbers, and never part of one.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Signs that IDNA 2003 wrote otherwise than they are registered since 2010: Unicode TS 46, 4 (read 2026-11)
_DEVIANT = re.compile("[\u00df\u03c2\u200c\u200d]")
_AUTHORITY = re.compile(r"([^/?#]*)(.*)", re.DOTALL)


def normal(raw: str) -> str:
    """NFC, trimmed, runs of blanks as one, line ends as `\\n`; control characters are kept."""
    if _TIDY.fullmatch(raw):
        return raw  # most of all texts: signs of ASCII with single blanks between them
    text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n")
    return _EDGES.sub("\n", _BLANKS.sub(" ", text)).strip()


def parse_text(raw: str, _spec: Spec) -> Value | Invalid | None:
    """The normal form of any text."""
    return normal(raw) or None


def parse_email(raw: str, _spec: Spec) -> Value | Invalid | None:
    """A lower-case address; Invalid unless its syntax is right. Nothing is asked of the network."""
    if len(raw) <= _LONGEST_EMAIL and _PLAIN_EMAIL.fullmatch(raw):
        return raw
    text = normal(raw).lower()
    if len(text) <= _LONGEST_EMAIL and _PLAIN_EMAIL.fullmatch(text):
        return text
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return Invalid(raw)
    return normal(checked.normalized).lower()


def parse_phone(raw: str, spec: Spec) -> Value | Invalid | None:
    """E.164 where a prefix or a region says how, else the bare digits; Invalid with too few of them.

    An extension follows as `;ext=12`. A number without a prefix that the region could not have is kept
    as digits and not made to fit: it may be from anywhere.
    """
    plain = plain_number(raw)
    if plain is not None:
        return plain
    text = normal(_UNSEEN.sub("", raw))
    digits = "".join(str(int(digit)) for digit in re.findall(r"\d", text))
    number = _numbered(text, spec.region) if len(digits) >= 5 else None
    if number is not None:
        return number
    if not 5 <= len(digits) <= 20 or _LETTERS.search(text):
        return Invalid(raw)
    bare = ("+" if text.startswith("+") else "") + digits
    return _numbered(bare, spec.region) or bare  # what the signs between the digits had hidden


def _numbered(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # is_possible_number says yes to a number without its area code, which E.164 cannot hold
    possible = phonenumbers.is_possible_number_with_reason(number)
    guessed = not text.startswith(("+", "00"))
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    if guessed and not phonenumbers.is_valid_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def _host(text: str) -> str | None:
    plain = _PLAIN.fullmatch(text)
    host = plain[1].rstrip(".") if plain else _split_host(text)
    return host if host is not None and _HOST.fullmatch(host) else None


def _split_host(text: str) -> str | None:
    """The host of an address that says more than it, or is written in other letters."""
    address = text if "//" in text else f"//{text}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    try:
        return _ascii(host.rstrip("."))
    except UnicodeError:
        return None


def _ascii(host: str) -> str:
    """The host as it is registered; UnicodeError if it cannot be.

    `faß.example` and `fass.example` are two hosts, which Python's own codec takes for one.
    """
    if host.isascii():
        return host
    if not _DEVIANT.search(host):
        return host.encode("idna").decode()
    import idna

    return idna.encode(host, uts46=True).decode()


def parse_domain(raw: str, _spec: Spec) -> Value | Invalid | None:
    """The registrable domain behind a host, a web address or an e-mail address, lower-case."""
    text = normal(raw).lower()
    host = _host(text if "/" in text else text.rpartition("@")[2])
    if host is None or host.rpartition(".")[2].isdigit():  # an IP address has no domain
        return Invalid(raw)
    found: str | None = _suffixes().privatesuffix(host)
    return found or Invalid(raw)


def parse_url(raw: str, _spec: Spec) -> Value | Invalid | None:
    """A web address with lower-case scheme and host, `https` where none was written, no last slash."""
    text = normal(raw)
    if _CONTROLS.search(text):
        return Invalid(raw)
    written = text if "://" in text else f"https://{text}"
    scheme, _, rest = written.partition("://")
    split = _AUTHORITY.fullmatch(rest)
    assert split is not None, "every text begins with an authority, if only an empty one"
    host, path = normal(split[1].lower()), split[2]
    if scheme.lower() not in ("http", "https") or _host(host) is None:
        return Invalid(raw)
    return f"{scheme.lower()}://{host}{path}".rstrip("/")


def held_text(value: str, _spec: Spec, native: Native) -> Value | Invalid:
    """The first `length` characters, no sign cut in two, again without blanks at the end.

    Invalid where the field takes only a list of options, and this is none of them.
    """
    if native.options is not None and value not in native.options:
        return Invalid(value)
    if native.length is None or len(value) <= native.length:
        return value
    return normal(cut(value, native.length)) or Invalid(value)


def held_whole(value: str, _spec: Spec, native: Native) -> Value | Invalid:
    """The value, or Invalid if it does not fit: half an address is no address."""
    fits = native.length is None or len(value) <= native.length
    return value if fits else Invalid(value)
