"""Texts that came out of a CRM, made harmless to show: no control characters, no tricks, no novels."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST = 160
_MOST_LINK = 2000
# Controls, bidirectional overrides and isolates, invisible characters, lone surrogates, and the
# characters XML 1.0 forbids: w3.org/TR/xml, 2.2 Characters (read 2026-11).
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]+"
)
_SPACES = re.compile(r"\s+")
# What most texts and links are; these have nothing to be taken out, and are looked at no closer.
_TIDY = re.compile(r"[!-~]+(?: [!-~]+)*")
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9._~/%?=&#-]*")


def clean(text: str, most: int = MOST) -> str:
    """The text on one line without anything invisible, at most `most` characters and an ellipsis."""
    if len(text) <= most and (not text or _TIDY.fullmatch(text)):
        return text
    window = text[: most * 4 + 64]
    shown = _SPACES.sub(" ", _HIDDEN.sub(" ", window)).strip()
    if len(shown) > most or len(window) < len(text):
        return shown[:most].rstrip() + "…"
    return shown


def clean_lines(text: str, most: int) -> str:
    """Like `clean`, but keeps line ends and indentation: for queries and file texts."""
    lines = text[:most].replace("\r\n", "\n").replace("\t", "    ").split("\n")
    shown = "\n".join(_HIDDEN.sub(" ", line).rstrip() for line in lines).strip("\n")
    return shown + "…" if len(text) > most else shown


def safe_link(url: str | None) -> str | None:
    """The link if it is plain http(s) to a host, without credentials or blanks; else None."""
    if url and len(url) <= _MOST_LINK and _PLAIN_LINK.fullmatch(url):
        return url
    if not url or len(url) > _MOST_LINK or _HIDDEN.search(url) or _SPACES.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    plain = parts.scheme.lower() in ("http", "https") and host and "@" not in parts.netloc
    return url if plain and "\\" not in url else None
