"""The language people read: message catalogues, English in the code, Spanish beside it.

The language is the process's, chosen once: `--lang`, else CRMSYNC_LANG, else the locale, else English. So is the
region, which a workspace names: Spanish numbers have a point in Mexico and a comma in Spain.
Catalogues are read from .po files by Babel when another language than English is asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")
_FOLDER = Path(__file__).parent / "locale"
_current = "en"
_region: str | None = None


def choose(language: str | None) -> str:
    """Makes this the language of the process and gives it back; None takes it from the environment."""
    global _current
    wanted = (
        language or os.environ.get("CRMSYNC_LANG") or os.environ.get("LC_ALL") or _from_locale()
    )
    _current = "es" if wanted.lower().startswith("es") else "en"
    return _current


def _from_locale() -> str:
    return os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"


def current() -> str:
    """The language of the process: en or es."""
    return _current


def choose_region(region: str | None) -> None:
    """Makes this the region of the process (ES, MX…), by which numbers are written; None is the language's own."""
    global _region
    _region = region


def region() -> str | None:
    """The region of the process, None where nobody named one."""
    return _region


@cache
def catalogue(language: str) -> dict[str, str]:
    """Messages of a language by their English text; empty for English."""
    return _messages(language, "crmsync")


def _messages(language: str, domain: str) -> dict[str, str]:
    path = _FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
    if language == "en" or not path.exists():
        return {}
    from babel.messages.pofile import read_po

    with path.open(encoding="utf-8") as file:
        messages = read_po(file, locale=language)
    return {
        str(message.id): str(message.string)
        for message in messages
        if message.id and message.string
    }


def translate(message: str, language: str | None = None) -> str:
    """The message in a language (default: the process's); the English one where there is no other."""
    return catalogue(language or _current).get(message, message)


@cache
def _said(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What errors say in a language, as patterns; those with the most words of their own first."""
    found = _messages(language, "errors")
    patterns = [(_pattern(english), said) for english, said in found.items()]
    ranked = sorted(
        zip(found, patterns, strict=True), key=lambda each: -len(_HOLE.sub("", each[0]))
    )
    return tuple(pattern for _, pattern in ranked)


_HOLE = re.compile(r"\{(\d)\}")


def _pattern(english: str) -> re.Pattern[str]:
    """A message with numbered holes as a pattern that fills them."""
    parts = _HOLE.split(english)
    texts = [re.escape(part) if place % 2 == 0 else "(.+)" for place, part in enumerate(parts)]
    return re.compile("".join(texts), re.DOTALL)


def translate_said(text: str, language: str | None = None) -> str:
    """The text of an error in a language: recognised as a whole, and so is what it quotes.

    Errors are made deep inside, in English, with their values in place; here they are read back. What nobody
    translated stays as it is, and so does what was said in the language already.
    """
    language = language or _current
    if any(each.fullmatch(text) for each in _own(language)):
        return text
    for pattern, said in _said(language):
        match = pattern.fullmatch(text)
        if match:
            return _filled(said, [translate_said(each, language) for each in match.groups()])
    return text


_NAMED_HOLE = re.compile(r"\{[^{}]*\}")
_TELLING = 8
"""With fewer letters of its own a message is no mark of its language."""


@cache
def _own(language: str) -> tuple[re.Pattern[str], ...]:
    """What messages of the catalogue look like in a language, as patterns.

    One that begins with a value is no mark either: an English sentence may stand in that place.
    """
    holed = (said for said in catalogue(language).values() if _NAMED_HOLE.search(said))
    texts = (said for said in holed if not said.startswith("{"))
    telling = (
        each for each in texts if sum(map(str.isalpha, _NAMED_HOLE.sub("", each))) > _TELLING
    )
    parts = (map(re.escape, _NAMED_HOLE.split(each)) for each in telling)
    return tuple(re.compile("(.+)".join(each), re.DOTALL) for each in parts)


def _filled(said: str, parts: Sequence[str]) -> str:
    return _HOLE.sub(lambda hole: parts[int(hole.group(1))], said)


_ = translate


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "translate later")
    """Marks a message for the catalogue without translating it yet."""
    return message
