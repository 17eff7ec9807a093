"""Values as YAML in the style of our own files: short ones on one line, the rest as blocks."""

from __future__ import annotations

import json
import re
from typing import Any

WIDTH = 100
_PLAIN = re.compile(r"[^\W\d_][\w ./()+€%;?!-]*", re.UNICODE)
_BLOCK_ONLY = str.maketrans("", "", ",'’“”")
_WORDS = frozenset(
    ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity")
)
# What YAML does not print as it is: C1 controls, line separators, the byte order mark.
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")


def entry(key: str, value: Any, indent: int = 0) -> list[str]:
    """The lines of one key and its value."""
    pad = " " * indent
    if not isinstance(value, dict | list) or not value:
        return [f"{pad}{_scalar(key, flow=False)}: {_one(value, flow=False)}"]
    line = f"{pad}{_scalar(key, flow=False)}: {inline(value)}"
    if len(line) <= WIDTH:
        return [line]
    if isinstance(value, list):
        return [f"{pad}{_scalar(key, flow=False)}:", *items(value, indent + 2)]
    inner = (line for name, each in value.items() for line in entry(str(name), each, indent + 2))
    return [f"{pad}{_scalar(key, flow=False)}:", *inner]


def items(values: list[Any], indent: int) -> list[str]:
    """A list as one line an item."""
    return [f"{' ' * indent}- {inline(each)}" for each in values]


def item(value: dict[str, Any], indent: int) -> list[str]:
    """A mapping as one item of a list: its first key behind the dash."""
    lines = [line for key, each in value.items() for line in entry(key, each, indent + 2)]
    return [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]] if lines else []


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        inner = (f"{_scalar(str(key), flow=True)}: {inline(each)}" for key, each in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(each) for each in value) + "]"
    return _one(value, flow=True)


def remark(text: str) -> str:
    """A text of somebody else as part of a comment: one line, nothing that ends it."""
    return _SPACES.sub(" ", text).strip()


def _one(value: Any, *, flow: bool) -> str:
    if isinstance(value, dict | list):
        return inline(value)
    return _scalar(value, flow=flow) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str, *, flow: bool) -> str:
    """A text without quotes where it can be read as nothing else."""
    bare = text if flow else text.translate(_BLOCK_ONLY)
    clear = _PLAIN.fullmatch(bare) and text[0] == bare[0] and not text.endswith(" ")
    if clear and text.lower() not in _WORDS and not _UNPRINTED.search(text):
        return text
    if not flow and _is_sentence(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_sentence(text: str) -> bool:
    """True for a remark that YAML takes as it is: words, no colon or comment sign that ends it."""
    return bool(re.fullmatch(r"[^\W\d_][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff:#]*[.!?]", text))
