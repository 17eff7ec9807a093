"""Request bodies as the portal's deserialiser takes them: the kind of every field it knows, whatever the call.

A scalar becomes the text, number or flag its field is; anything else is a 400 without category. What HubSpot says was
recorded for one list (see `errors.malformed`); the other sentences follow it. Fields that it does not know stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from crmsync.sandbox.hubspot.errors import malformed

Json = Any
_INT_MAX = 2**31 - 1


def read_body(value: Json) -> Json:
    """The body with every known field of its kind; Refusal 400 for one that cannot be."""
    if isinstance(value, list):
        return [read_body(one) for one in value]
    if isinstance(value, dict):
        return {name: _read(name, one) for name, one in value.items()}
    return value


def _read(name: str, value: Json) -> Json:
    kind = _KINDS.get(name)
    return read_body(value) if kind is None or value is None else kind(name, value)


def _wrong(name: str, java: str) -> NoReturn:
    raise malformed(f"Cannot deserialize value of type `java.{java}` from {name}")


def _as_it_is(name: str, value: Json) -> Json:
    return value


def _text(name: str, value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    _wrong(name, "lang.String")


def _whole(name: str, value: Json) -> int:
    told = str(value)
    digits = told.removeprefix("-")
    if isinstance(value, bool) or not digits.isascii() or not digits.isdigit() or len(digits) > 10:
        _wrong(name, "lang.Integer")
    if abs(int(told)) > _INT_MAX:
        _wrong(name, "lang.Integer")
    return int(told)


def _flag(name: str, value: Json) -> bool:
    if str(value).lower() not in ("true", "false"):
        _wrong(name, "lang.Boolean")
    return str(value).lower() == "true"


def _list(name: str, value: Json) -> list[Json]:
    if not isinstance(value, list):
        _wrong(name, "util.ArrayList")
    return [read_body(one) for one in value]


def _objects(name: str, value: Json) -> list[Json]:
    told = _list(name, value)
    if not all(isinstance(one, dict) for one in told):
        _wrong(name, "util.Map")
    return told


def _texts(name: str, value: Json) -> list[str]:
    if not isinstance(value, list) or None in value:
        _wrong(name, "util.ArrayList")
    return [_text(name, one) for one in value]


def _properties(name: str, value: Json) -> Json:
    """The names to read, or the values to write, which validation looks at."""
    return value if isinstance(value, dict) else _texts(name, value)


def _metadata(name: str, value: Json) -> dict[str, str]:
    if not isinstance(value, dict):
        _wrong(name, "util.Map")
    return {key: _text(key, one) for key, one in value.items() if one is not None}


_Kind = Callable[[str, Json], Json]
_KINDS: Mapping[str, _Kind] = {
    **dict.fromkeys(
        (
            "label", "name", "inverseLabel", "description", "groupName", "type", "fieldType",
            "calculationFormula", "idProperty", "propertyName", "operator", "direction", "query", "value",
            "highValue", "objectTypeId", "processingType", "id", "primaryObjectId", "objectIdToMerge",
            "objectId", "emailAddress", "subscriptionId", "channel", "statusState", "legalBasis",
            "legalBasisExplanation", "subscriberIdString", "objectWriteTraceId", "after", "flowId", "stageId",
            "pipelineId", "associationCategory", "category",
        ),
        _text,
    ),
    **dict.fromkeys(("displayOrder", "offset", "count", "limit", "maxToObjectIds", "typeId"), _whole),
    **dict.fromkeys(("hidden", "hasUniqueValue", "formField", "archived"), _flag),
    **dict.fromkeys(("inputs", "sorts"), _list),
    **dict.fromkeys(("filterGroups", "filters", "options", "stages", "types", "associations"), _objects),
    **dict.fromkeys(
        (
            "values", "propertiesWithHistory", "processingTypes", "listIds", "additionalProperties",
            "recordIdsToAdd", "recordIdsToRemove",
        ),
        _texts,
    ),
    "properties": _properties,
    "metadata": _metadata,
    "filterBranch": _as_it_is,
}  # fmt: skip
