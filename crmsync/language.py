"""The language people read: message catalogues, English in the code, Spanish beside it.

The language is the process's, chosen once: `--lang`, else CRMSYNC_LANG, else the locale, else English.
Catalogues are read from .po files by Babel when another language than English is asked for.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")
_FOLDER = Path(__file__).parent / "locale"
_current = "en"


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


@cache
def catalogue(language: str) -> dict[str, str]:
    """Messages of a language by their English text; empty for English."""
    path = _FOLDER / language / "LC_MESSAGES" / "crmsync.po"
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


_ = translate


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "translate later")
    """Marks a message for the catalogue without translating it yet."""
    return message
