"""A record of a group as it is shown: its address, name and facts, masked unless asked."""

from __future__ import annotations

from dataclasses import replace

from crmsync.core.duplicate_groups import DuplicateRecord
from crmsync.core.duplicates import ContactPoints
from crmsync.core.records import Ref
from crmsync.reports.cleaning import clean
from crmsync.reports.masking import kind_of, mask, shown_id
from crmsync.reports.words import system_name

_HARMLESS = frozenset(
    ("domain", "website", "amount", "currency", "close_date", "stage", "country", "tax_id")
)
_MOST = 60


def address(ref: Ref, *, unmask: bool) -> str:
    """A record as its system calls it; an id that is an e-mail address is masked."""
    return f"{system_name(ref.system)} {clean(ref.object, 40)} {id_of(ref, unmask=unmask)}"


def id_of(ref: Ref, *, unmask: bool) -> str:
    """The id of a record, masked where it is an e-mail address."""
    return shown_id(ref.id, unmask=unmask)


def shown_name(record: DuplicateRecord, *, unmask: bool) -> str:
    """What a record is called, masked unless asked."""
    return clean(record.name, 80) if unmask else mask(record.name, "name", 80)


def shown_facts(record: DuplicateRecord, *, unmask: bool, most: int = _MOST) -> list[str]:
    """What a record was compared by, masked unless asked."""
    return [
        clean(value, most) if unmask else mask(value, _kind(name), most)
        for name, value in record.facts
    ]


def _kind(name: str) -> str:
    """How a fact is masked: what a field's name says to be harmless may still be a day of birth."""
    kind = kind_of(name)
    return kind if kind != "plain" or name in _HARMLESS else "text"


def shown_points(points: ContactPoints, *, unmask: bool) -> dict[str, str]:
    """E-mail, phone and company by these names, masked unless asked."""
    kinds = {"email": "mail", "phone": "phone", "company": "name"}
    found = {name: getattr(points, name) for name in kinds}
    return {
        name: clean(value, _MOST) if unmask else mask(value, kinds[name], _MOST)
        for name, value in found.items()
    }


def other_facts(record: DuplicateRecord, points: ContactPoints, *, unmask: bool) -> str:
    """What a record was compared by besides its points."""
    known = {points.email, points.phone, points.company}
    rest = replace(record, facts=tuple(each for each in record.facts if each[1] not in known))
    return " · ".join(shown_facts(rest, unmask=unmask))
