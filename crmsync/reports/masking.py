"""Personal data made unreadable, alike in every report.

| kind | shows | of |
|---|---|---|
| mail | first letter of each part | ana.soto@example.com -> a•••@e•••.com |
| phone | prefix and the last two digits | +34 600 123 456 -> +34 ••• ••56 |
| name | initials | Ana Soto -> A••• S••• |
| text | initials of at most six words | Met at the fair -> M••• a••• t••• f••• |
| detail | all of it, but mails, phones and long numbers inside | same e-mail a•••@e•••.com |
| plain | all of it | Closed Won |

A masked value tells a reader which record is meant who can open that record anyway, and nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from crmsync.reports.cleaning import clean
from crmsync.reports.scrubbing import DOTS, without_names, without_phrases

_WORDS = 6
_MAIL = re.compile(r"[^\s@,;<>|/\"']+@[^\s@,;<>|\"']+")
# Seven digits are the shortest subscriber number in use: itu.int, E.164 national plans (read 2026-11).
_PHONE = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,}")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)


def mask(text: str | None, kind: str, most: int = 160) -> str:
    """The text as its kind may be shown, cut to `most` characters; "" for a blank."""
    if text is None:
        return ""
    shown = clean(text, most)
    return _MASKS.get(kind, _text)(shown) if shown else ""


def shown_id(id_: str, *, unmask: bool, most: int = 160) -> str:
    """The id of a record, or its system/object/id; an id that is an e-mail address is masked unless asked."""
    shown = clean(id_, most)
    return shown if unmask else _MAIL.sub(lambda found: _mail(found.group()), shown)


def scrub(text: str, names: str = "", values: Sequence[tuple[str, str | None]] = ()) -> str:
    """The text with mails, phones, `names` (a record's label) and `values` masked in it, whatever their case.

    `values` are field and text of cells: what may be shown of a field stays. Names are masked word by word, too.
    """
    secrets = [(t, kind_of(field)) for field, t in values if t and t not in ("true", "false")]
    people = [names, *(value for value, kind in secrets if kind == "name")]
    shown = _detail(without_phrases(text, [(p, mask(p, k)) for p, k in secrets if k != "plain"]))
    for each in dict.fromkeys(map(clean, people)):
        shown = without_names(shown, each)
    return shown


def _mail(text: str) -> str:
    name, at, domain = text.partition("@")
    if not at:
        return _text(text)
    host, _, end = domain.rpartition(".")
    return f"{name[:1]}{DOTS}@{(host or end)[:1]}{DOTS}" + (f".{end}" if host else "")


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) < 5:
        return DOTS
    prefix = "+" + digits[:2] + " " if text.lstrip().startswith("+") else ""
    return f"{prefix}{DOTS} ••{digits[-2:]}"


def _text(text: str) -> str:
    words = text.split()
    shown = " ".join((word[0] if word[0].isalpha() else "") + DOTS for word in words[:_WORDS])
    return shown + (" …" if len(words) > _WORDS else "")


def _detail(text: str) -> str:
    """Dates are no phones, so they are stepped over."""
    without = _MAIL.sub(lambda found: _mail(found.group()), text)
    pieces: list[str] = []
    at = 0
    for date in _DATE.finditer(without):
        pieces += [_PHONE.sub(_masked_phone, without[at : date.start()]), date.group()]
        at = date.end()
    return "".join([*pieces, _PHONE.sub(_masked_phone, without[at:])])


def _masked_phone(found: re.Match[str]) -> str:
    return _phone(found.group())


def _plain(text: str) -> str:
    return text


_MASKS: Mapping[str, Callable[[str], str]] = {
    "mail": _mail,
    "phone": _phone,
    "name": _text,
    "text": _text,
    "detail": _detail,
    "plain": _plain,
}
KINDS = tuple(_MASKS)
IDS = "*ids"
"""In place of a field: the detail is made of ids of records, which are shown as they are."""

_FLAGS = frozenset(
    ("opt", "out", "optout", "consent", "status", "stage", "lifecycle", "date", "at", "count", "is")
)
"""Words that make a field harmless whatever else its name holds: email_opt_out, phone_status."""
_PERSONAL: Mapping[str, str] = {
    "phone": "phone",
    "phones": "phone",
    "mobile": "phone",
    "fax": "phone",
    "email": "mail",
    "emails": "mail",
    "mail": "mail",
    "name": "name",
    "first": "name",
    "last": "name",
}
_HARMLESS = frozenset(
    (
        *("amount", "currency", "revenue", "employees", "score", "probability", "year", "flag"),
        *("country", "region", "state", "industry", "language", "type", "source", "pipeline"),
        *("owner", "role", "primary", "priority", "label", "domain", "website"),
    )
)


@cache
def kind_of(field: str | None) -> str:
    """How a field of ours is masked, from its name: `text` unless the name says it is harmless."""
    if field is None:
        return "detail"
    words = re.split(r"[^a-z]+", field.lower())
    if _FLAGS.intersection(words):
        return "plain"
    personal = next((_PERSONAL[word] for word in words if word in _PERSONAL), None)
    if personal is not None:
        return personal
    return "plain" if _HARMLESS.intersection(words) else "text"


def mask_detail(text: str | None, field: str | None, names: str = "") -> str:
    """A finding's detail, masked by the kind of its field; values listed in one text each alike."""
    if text is None:
        return ""
    shown = clean(text)
    if field == IDS:
        return shown
    kind = kind_of(field)
    if kind in ("plain", "detail") or (kind == "mail" and "@" in shown):
        return scrub(shown, names)
    if kind == "phone" and _PHONE.search(shown):
        return scrub(shown, names)
    return mask(shown, kind)
