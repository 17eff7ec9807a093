"""Values inside GitHub Markdown that can neither format, link, mention nor break out of a table."""

from __future__ import annotations

import re

from crmsync.reports.cleaning import MOST, clean

_APART = "\u200b"
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile(r"[\\`*_\[\]#|~$]")
# A name after @, a number after #, a scheme or www. become links by themselves: docs.github.com,
# Autolinked references and URLs (read 2026-11). An entity does not stop that, a zero-width space does.
_LINKING = re.compile(r"(@|#|GH-|www|https?:|ftp:|mailto:|xmpp:)", re.IGNORECASE)


def escaped(text: str, most: int = MOST) -> str:
    """The text for a Markdown line or table cell; anything a reader sees stays the same."""
    apart = _LINKING.sub(lambda found: found.group() + _APART, clean(text, most))
    html = "".join(_HTML.get(each, each) for each in apart)
    return _SPECIAL.sub(lambda found: "\\" + found.group(), html)


def code(text: str, most: int = MOST) -> str:
    """The text as inline code, safe inside a table: backticks and bars replaced by look-alikes."""
    plain = clean(text, most).replace("`", "ˋ").replace("|", "¦")
    return f"`{plain}`" if plain else "-"


def row(cells: list[str]) -> str:
    """One line of a table; cells are escaped already."""
    return "| " + " | ".join(cells) + " |"


def table(heads: list[str], right: frozenset[int], rows: list[list[str]]) -> str:
    """A table with its heads; columns in `right` to the right."""
    rule = ["--:" if place in right else "---" for place in range(len(heads))]
    return "\n".join(["", row(heads), "|" + "|".join(rule) + "|", *(row(each) for each in rows)])
