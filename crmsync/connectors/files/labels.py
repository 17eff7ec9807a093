"""Column headers of untouched exports, and the native names they stand for.

Labels depend on the language and on what administrators renamed; what is not in the tables is a column
under its own header, and `columns:` overrides them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from crmsync.connectors.declared import TieSetting
from crmsync.connectors.files.label_tables import LABELS

ID_FIELDS = ("Id", "hs_object_id")
CREATED_FIELDS = ("CreatedDate", "createdate")
MODIFIED_FIELDS = ("LastModifiedDate", "lastmodifieddate", "hs_lastmodifieddate")
SALESFORCE_OBJECTS = frozenset(("Account", "Contact", "Lead", "Opportunity"))
HUBSPOT_OBJECTS = frozenset(("companies", "contacts", "deals"))
REFERENCES = frozenset((*ID_FIELDS, "AccountId", "ParentId", "associatedcompanyid"))
NUMBERS = frozenset(
    ("Amount", "amount", "AnnualRevenue", "annualrevenue", "NumberOfEmployees", "numberofemployees")
)
CONDITIONS = frozenset(("IsConverted",))
"""Flags that the reference mapping leaves records out by."""
DATES = frozenset((*CREATED_FIELDS, *MODIFIED_FIELDS, "CloseDate", "closedate"))

_TIE_LABELS: tuple[tuple[str, str, Literal["", "only", "all"]], ...] = (
    ("associated company ids (primary)", "companies", "all"),
    ("associated company ids", "companies", "only"),
    ("associated contact ids", "contacts", ""),
)


@dataclass(frozen=True, slots=True)
class KnownTie:
    """What an association column of an export holds: ids of one object, with `;` between them."""

    to_object: str
    setting: TieSetting


# Association columns of an export, as public code reads them (seen 2026-11). Of several
# companies none is said to be the primary one, unless a column of its own says so.
_TIES = {
    label: KnownTie(to, TieSetting(label, primary=primary)) for label, to, primary in _TIE_LABELS
}
_ARROWS = re.compile(r"[↑↓⇅]")


def plain(label: str) -> str:
    """A label without accents, case, sort arrows and runs of blanks: what two labels are compared by."""
    bare = unicodedata.normalize("NFKD", _ARROWS.sub("", label)).casefold()
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


@cache
def native_names(object_: str) -> Mapping[str, str]:
    """Native names by plain label, and by their own plain name, of one object; empty if unknown."""
    named = _read(LABELS.get(object_, ""))
    return {plain(native): native for native in named.values()} | named


def native_name(object_: str, header: str) -> str | None:
    """The native name behind a header (`Email`, `Contact: Email`, `EMAIL`), None if there is none."""
    known = native_names(object_)
    label = plain(header)
    return known.get(label) or known.get(label.removeprefix(f"{object_.casefold()}: "))


@cache
def own_id_labels(object_: str) -> frozenset[str]:
    """Plain labels of the id that name their object: `contact id`, `record id - contact`; not `record id`."""
    ids = {label for label, native in native_names(object_).items() if native in ID_FIELDS}
    others = (
        label
        for other in LABELS
        if other != object_
        for label, native in native_names(other).items()
        if native in ID_FIELDS
    )
    return frozenset(ids - set(others))


def known_tie(object_: str, header: str) -> KnownTie | None:
    """The tie behind a header of a HubSpot export."""
    return _TIES.get(plain(header)) if object_ in HUBSPOT_OBJECTS else None


def _read(text: str) -> dict[str, str]:
    """`Name=Label|Other label; ...` as plain label -> name."""
    found = {}
    for line in filter(None, text.split("; ")):
        name, _, labels = line.partition("=")
        found.update({plain(label): name for label in labels.split("|")})
    return found
