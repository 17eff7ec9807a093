"""The names of names.yml: which given names are one name, and what of a name tells nobody apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crmsync.warehouse.engine import literal

_FILE = Path(__file__).with_name("names.yml")


@dataclass(frozen=True, slots=True)
class Names:
    """`roots` leads from a form to the name it is compared as; `silent` are particles and `titles`.

    `letters` leads from a letter of another alphabet to how it is written in Latin.
    """

    roots: Mapping[str, str]
    silent: frozenset[str]
    titles: frozenset[str]
    letters: Mapping[str, str]


@cache
def names() -> Names:
    """The names of names.yml; a form that stands under two names belongs to the first."""
    from ruamel.yaml import YAML

    given: dict[str, Any] = YAML(typ="safe", pure=True).load(_FILE.read_text(encoding="utf-8"))
    roots: dict[str, str] = {}
    for line in given["same_given_name"]:
        root, *forms = line.split()
        for form in (root, *forms):
            roots.setdefault(form, root)
    letters = dict(each.split("=") for each in given["letters"].split())
    titles = frozenset(given["titles"].split())
    return Names(roots, titles | frozenset(given["particles"].split()), titles, letters)


def in_latin(text: str) -> str:
    """SQL for a text with its Cyrillic and Greek letters in Latin; any other text as it is."""
    letters = names().letters
    low = f"strip_accents(lower({text}))"
    for letter, latin in letters.items():
        if len(latin) != 1:
            low = f"replace({low}, {literal(letter)}, {literal(latin)})"
    plain = {letter: latin for letter, latin in letters.items() if len(latin) == 1}
    low = f"translate({low}, {literal(''.join(plain))}, {literal(''.join(plain.values()))})"
    return (
        f"CASE WHEN regexp_matches({text}, '[\\x{{0370}}-\\x{{04ff}}]') THEN {low} ELSE {text} END"
    )
