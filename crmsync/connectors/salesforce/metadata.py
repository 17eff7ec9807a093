"""Which fields the metadata of flows and the formulas of rules name.

A flow names the record it runs on `$Record`: before the save it assigns to `$Record.Field`, after it an Update Records
element writes fields of that record or of another object. What an action or a subflow does is not in here.
developer.salesforce.com, Metadata API, Flow and FlowRecordUpdate (read 2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A path goes on behind a lookup: $Record.Account.Name looks at the lookup of the record, too.
_RECORD = re.compile(r"\$Record(?:__Prior)?\.(\w+)")
_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/', re.DOTALL)
_NAMES = re.compile(r"(?<![\w.$])([A-Za-z]\w*)((?:\.\w+)*)\s*(\(?)")
_WORDS = frozenset({"TRUE", "FALSE", "NULL"})


@dataclass(frozen=True, slots=True)
class Named:
    """Fields that a flow names: `writes` as Object.Field, the others of its own object."""

    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    starts_on: tuple[str, ...] = ()


def fields_of_flow(object_: str, metadata: Mapping[str, Any]) -> Named:
    """What a flow that runs on an object writes, reads, and starts on."""
    start = metadata.get("start") or {}
    filters = [one for one in start.get("filters") or () if isinstance(one, dict)]
    changed = {str(one.get("field")) for one in filters if one.get("operator") == "IsChanged"}
    # With any other way of putting filters together a record may start it that changed none of these fields.
    only_changes = len(changed) == len(filters) and start.get("filterLogic") in ("or", None, "and")
    writes = {*_assigned(object_, metadata), *_updated(object_, metadata)}
    reads = {name for text in _texts(metadata) for name in _RECORD.findall(text)}
    reads |= {str(one.get("field")) for one in filters}
    own = {each.partition(".")[2] for each in _assigned(object_, metadata)}
    return Named(
        tuple(sorted(writes)),
        tuple(sorted(reads - (own - _read_too(metadata)))),
        tuple(sorted(changed)) if only_changes else (),
    )


def _assigned(object_: str, metadata: Mapping[str, Any]) -> Iterator[str]:
    """Fields of the record itself that an assignment sets."""
    for element in metadata.get("assignments") or ():
        for item in element.get("assignmentItems") or ():
            found = _RECORD.fullmatch(str(item.get("assignToReference") or ""))
            if found:
                yield f"{object_}.{found[1]}"


def _updated(object_: str, metadata: Mapping[str, Any]) -> Iterator[str]:
    """Fields that Update Records and Create Records write, of the record itself or of a named object."""
    for kind in ("recordUpdates", "recordCreates"):
        for element in metadata.get(kind) or ():
            own = element.get("inputReference") == "$Record"
            target = object_ if own else str(element.get("object") or "")
            for item in element.get("inputAssignments") or () if target else ():
                yield f"{target}.{item.get('field')}"


def _read_too(metadata: Mapping[str, Any]) -> set[str]:
    """Fields named anywhere but as what an assignment sets."""
    rest = {key: value for key, value in metadata.items() if key != "assignments"}
    values = [
        {key: value for key, value in item.items() if key != "assignToReference"}
        for element in metadata.get("assignments") or ()
        for item in element.get("assignmentItems") or ()
    ]
    return {
        name for part in (rest, values) for text in _texts(part) for name in _RECORD.findall(text)
    }


def _texts(value: Any) -> Iterator[str]:
    """Every text in a tree of metadata."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def fields_of_formula(formula: str) -> tuple[str, ...]:
    """Fields that a formula names, in order of the alphabet; of a path through a lookup, the lookup.

    Functions are what stands before a parenthesis; names that begin with `$` are of the user, the org or the profile.
    """
    plain = _TEXTS.sub(" ", formula)
    found = {
        _lookup(name) if path else name
        for name, path, call in _NAMES.findall(plain)
        if not call and name.upper() not in _WORDS
    }
    return tuple(sorted(found))


def _lookup(relation: str) -> str:
    """The field behind a relationship: Account is that of AccountId, Region__r that of Region__c."""
    return f"{relation[:-1]}c" if relation.endswith("__r") else f"{relation}Id"
