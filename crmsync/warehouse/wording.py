"""The words of words.yml: mailboxes of teams, free mail, placeholders, legal forms and names.

Knows no SQL and no CRM. What a host was meant to be, and whose it is, is worked out here, one host at a time: the face
keeps the answers in a table (warehouse/wording_tables.py), and what can be said in SQL is a macro of it
(warehouse/wording_macros.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.texts import parse_domain

_FILE = Path(__file__).with_name("words.yml")
_DOMAIN = Spec("domain", "domain")
_MISSPELT_IN = frozenset(
    ("com", "es", "net", "com.ar", "com.br", "com.mx", "com.es", "co.uk", "fr", "it", "pt")
)
"""Endings under which a misspelt provider is still recognised."""


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of words.yml, each as one set or one tuple; `slips` leads from a misspelt label to the right one."""

    team_mailboxes: frozenset[str]
    team_mailbox_rest: frozenset[str]
    free_mail: frozenset[str]
    shared_sites: frozenset[str]
    slips: dict[str, str]
    endings: dict[str, str]
    endings_of_two: dict[str, str]
    gmail_is_not_in: frozenset[str]
    stands_for_blank: tuple[str, ...]
    test_words: frozenset[str]
    test_words_in_company: frozenset[str]
    beside_test_words: frozenset[str]
    no_address: frozenset[str]
    throwaway_mail: frozenset[str]
    marks_of_copies: tuple[str, ...]
    marks_anywhere: tuple[str, ...]
    legal_forms: tuple[str, ...]
    connecting_words: frozenset[str]
    households: frozenset[str]
    given_names: frozenset[str]
    surnames: frozenset[str]


@cache
def words() -> Words:
    """The words of words.yml."""
    from ruamel.yaml import YAML

    given: dict[str, Any] = YAML(typ="safe", pure=True).load(_FILE.read_text(encoding="utf-8"))
    return Words(
        team_mailboxes=_set(given["team_mailboxes"]),
        team_mailbox_rest=_set(given["team_mailbox_rest"]),
        free_mail=_set(given["free_mail"]) | _branded(given["free_mail_brands"]),
        shared_sites=_set(given["shared_sites"]),
        slips={slip: right for right, all_ in given["mail_slips"].items() for slip in _set(all_)},
        endings=dict(given["endings_nobody_has"]),
        endings_of_two={
            land: second
            for second, lands in given["endings_of_two"].items()
            for land in lands.split()
        },
        gmail_is_not_in=frozenset(given["gmail_is_not_in"]),
        stands_for_blank=tuple(given["stands_for_blank"]),
        test_words=_set(given["test_words"]),
        test_words_in_company=_set(given["test_words_in_company"]),
        beside_test_words=_set(given["beside_test_words"]),
        no_address=_set(given["no_address"]),
        throwaway_mail=_set(given["throwaway_mail"]),
        marks_of_copies=tuple(given["marks_of_copies"]),
        marks_anywhere=tuple(given["marks_anywhere"]),
        legal_forms=tuple(given["legal_forms"]),
        connecting_words=_set(given["connecting_words"]),
        households=_set(given["households"]),
        given_names=_set(given["given_names"]),
        surnames=_set(given["surnames"]),
    )


def _set(listed: str | list[str]) -> frozenset[str]:
    return frozenset(listed.split() if isinstance(listed, str) else listed)


def _branded(brands: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(f"{brand}.{end}" for brand, ends in brands.items() for end in ends)


def registrable_of(host: str) -> str | None:
    """The registrable domain behind a host, as the type `domain` reads it; None for what is none."""
    found = parse_domain(host, _DOMAIN)
    return None if isinstance(found, Invalid) or found is None else str(found)


def meant_by(host: str) -> str | None:
    """The domain that was meant where a provider's name or an ending is misspelt, None for any other host."""
    if host in words().free_mail:
        return None
    label, _, ending = host.partition(".")
    right = _ending_meant(ending)
    if label in words().slips and (right or ending) in _MISSPELT_IN:
        return _provider(words().slips[label], right or ending)
    if label == "gmail" and (right or ending) in words().gmail_is_not_in:
        return "gmail.com"
    if right is not None:
        return f"{label}.{right}"
    return None


def _ending_meant(ending: str) -> str | None:
    """`com` for `con`, and `com.mx` for `con.mx`; None for an ending that exists."""
    head, dot, rest = ending.rpartition(".")
    if rest in words().endings:
        return f"{head}{dot}{words().endings[rest]}"
    right = words().endings.get(head, "")
    if rest in words().endings_of_two and right in _SECOND:
        return (
            f"{'co' if words().endings_of_two[rest] == 'co' and right == 'com' else right}.{rest}"
        )
    return None


_SECOND = frozenset(("com", "org", "net"))
"""What stands before the ending of a country whose registry sells names below it."""


def _provider(label: str, ending: str) -> str:
    """The provider with that ending if it gives addresses there, else with `com`."""
    return f"{label}.{ending}" if f"{label}.{ending}" in words().free_mail else f"{label}.com"
