"""Values as YAML in the style of our own files: short ones on one line, the rest as blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
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
    if not any(isinstance(each, dict | list) or _is_told(each) for each in value.values()):
        return _filled(f"{pad}{_scalar(key, flow=False)}: {{", value)
    inner = (line for name, each in value.items() for line in entry(str(name), each, indent + 2))
    return [f"{pad}{_scalar(key, flow=False)}:", *inner]


def _filled(begun: str, value: dict[str, Any]) -> list[str]:
    """A mapping of plain values over as many lines as it takes, under its first pair."""
    lines, pad = [begun], " " * len(begun)
    for key, each in value.items():
        pair = f"{_scalar(str(key), flow=True)}: {inline(each)},"
        if len(lines[-1]) + len(pair) > WIDTH and lines[-1].strip() != begun.strip():
            lines.append(pad)
        lines[-1] += pair if lines[-1] in (begun, pad) else f" {pair}"
    return [*lines[:-1], f"{lines[-1][:-1]}}}"]


def items(values: list[Any], indent: int) -> list[str]:
    """A list as one line an item."""
    return [f"{' ' * indent}- {inline(each)}" for each in values]


def item(
    value: dict[str, Any], indent: int, remarks: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """A mapping as one item of a list: its first key behind the dash, lines of remarks above others."""
    lines: list[str] = []
    for key, each in value.items():
        lines += [*(remarks or {}).get(key, ())] if lines else []
        lines += entry(key, each, indent + 2)
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


def remark_lines(text: str, indent: str = "") -> list[str]:
    """A remark of as many lines as it takes; no word is cut."""
    width = WIDTH - len(indent) - 2
    cut = wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}# {line}" for line in cut]


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


def _is_told(value: Any) -> bool:
    """True for a sentence of several words: it gets a line of its own."""
    return isinstance(value, str) and " " in value and _is_sentence(value)


def _is_sentence(text: str) -> bool:
    """True for a remark that YAML takes as it is: words, no colon or comment sign that ends it."""
    return bool(re.fullmatch(r"[^\W\d_][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff:#]*[.!?]", text))
