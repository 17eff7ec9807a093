"""What duplicate rules object to, and whom they name. They are never overridden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.connectors.calls import Answer
from crmsync.connectors.salesforce.ids import id18, is_id
from crmsync.core.records import Ref
from crmsync.errors import Refused

DUPLICATES = "DUPLICATES_DETECTED"
# Misspelt in every sample of v50 to v54, while clients of 2026 read both: public clients (read 2026-11)
_KEYS = ("duplicateResut", "duplicateResult")
_TYPE = re.compile(r"[A-Za-z]\w*", re.ASCII)

Named = tuple[tuple[str, str], ...]
"""(object, id) of records that a rule found."""


class SaidDouble(Refused):
    """A refusal that says that the record is there already. `named` are those it found, if it says so."""

    named: Named = ()


def said_double(answer: Answer, message: str, where: str) -> SaidDouble:
    """The error behind a single call that a duplicate rule refused."""
    remedy = "Merge the two records there, or let them share what they are matched by."
    refusal = SaidDouble(message, where=where, status=answer.status, remedy=remedy)
    body = answer.json()
    refusal.named = named_in(body if isinstance(body, list) else [])
    return refusal


def named_in(errors: Sequence[Any]) -> Named:
    """The records that the errors of one record name, each once, in their order."""
    found: dict[tuple[str, str], None] = {}
    for error in errors:
        told = [error.get(key) for key in _KEYS] if isinstance(error, dict) else []
        for match in [match for each in _dicts(told) for match in _dicts(each.get("matchResults"))]:
            for record in _dicts(
                [each.get("record") for each in _dicts(match.get("matchRecords"))]
            ):
                found[_type_of(record, match), id18(str(record.get("Id", "")))] = None
    return tuple(each for each in found if each[0] and is_id(each[1]))


def _type_of(record: Mapping[str, Any], match: Mapping[str, Any]) -> str:
    attributes = record.get("attributes")
    told = attributes.get("type") if isinstance(attributes, dict) else None
    name = str(told or match.get("entityType") or "")
    return name if _TYPE.fullmatch(name) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def refs(system: str, named: Named) -> tuple[Ref, ...]:
    """The records a rule named, as ours."""
    return tuple(Ref(system, object_, id_) for object_, id_ in named)
