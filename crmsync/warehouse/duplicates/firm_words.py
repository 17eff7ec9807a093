"""The words of firms.yml: what a company's name says beside the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("firms.yml")


@dataclass(frozen=True, slots=True)
class FirmWords:
    """`roots` and `places` lead from a form to the one it is compared as; so do `forms` of a law. `countries` lead from
    a legal form to its country, `regions` from a word that stands for a country, to it."""

    roots: Mapping[str, str]
    places: Mapping[str, str]
    forms: Mapping[str, str]
    countries: Mapping[str, str]
    regions: Mapping[str, str]
    of_a_group: frozenset[str]
    also_legal_forms: tuple[str, ...]


@cache
def firm_words() -> FirmWords:
    """The words of firms.yml; a form that stands under two words belongs to the first."""
    from ruamel.yaml import YAML

    given: dict[str, Any] = YAML(typ="safe", pure=True).load(_FILE.read_text(encoding="utf-8"))
    return FirmWords(
        roots=_roots(line.split() for line in given["same_word"]),
        places=_roots(_grouped(given["same_place"])),
        forms={
            form.replace(" ", ""): one for form, one in _roots(_grouped(given["same_form"])).items()
        },
        countries={form: at for at, forms in given["forms_of"].items() for form in forms},
        regions=given["regions"],
        of_a_group=frozenset(given["of_a_group"]),
        also_legal_forms=tuple(given["also_legal_forms"]),
    )


def _grouped(lines: Iterable[str]) -> Iterable[list[str]]:
    """The names of each town or legal form; a hyphen stands for a blank inside a name."""
    return ([name.replace("-", " ") for name in line.split()] for line in lines)


def _roots(groups: Iterable[list[str]]) -> dict[str, str]:
    roots: dict[str, str] = {}
    for names in groups:
        for name in names:
            roots.setdefault(name, names[0])
    return roots
