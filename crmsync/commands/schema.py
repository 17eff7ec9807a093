"""`crmsync schema`: the JSON Schema of a YAML file, generated from the types, for editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from crmsync.config.project_form import Project
from crmsync.core.auditing import MADE, Audit
from crmsync.core.duplicates import PARTS_OF
from crmsync.core.guarding import LIMITS
from crmsync.core.lifecycle import DISPOSITIONS, OTHER, STAGES, Lifecycle
from crmsync.core.mapping import LOOKUP, Entity
from crmsync.core.policies import POLICIES
from crmsync.core.stock import KINDS as CHECKS
from crmsync.core.stock import CheckFile
from crmsync.core.transforms import transforms
from crmsync.core.values import TYPES
from crmsync.errors import CrmsyncError

KINDS: Mapping[str, type[Any]] = {
    "mapping": Entity,
    "lifecycle": Lifecycle,
    "workspace": Project,
    "audit": Audit,
    "checks": CheckFile,
}


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of file; CrmsyncError for an unknown kind."""
    if kind not in KINDS:
        raise CrmsyncError(f"no schema '{kind}'", remedy=f"Use one of {', '.join(KINDS)}.")
    schema = deepcopy(_of_type(kind))
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    _KNOWN[kind](schema)
    return schema


@cache
def _of_type(kind: str) -> dict[str, Any]:
    """What the type alone says: it takes a tenth of a second, and each new workspace asks for all of them."""
    from pydantic import TypeAdapter

    return TypeAdapter(KINDS[kind]).json_schema()


def schema_text(kind: str) -> str:
    """The schema of one kind of file as the text of a JSON file."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _audit(schema: dict[str, Any]) -> None:
    schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in MADE}
    schema["required"] = [name for name in schema["required"] if name not in MADE]


def _workspace(schema: dict[str, Any]) -> None:
    """What only tables know: every system has a kind, and limits have names."""
    schema["properties"]["systems"]["additionalProperties"] = {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
    }
    schema["properties"]["limits"]["propertyNames"] = {"enum": list(LIMITS)}


def _mapping(schema: dict[str, Any]) -> None:
    """What only tables know: the names of types, transforms and policies."""
    schema["$defs"]["MadeOf"]["properties"]["transform"]["enum"] = [LOOKUP, *sorted(transforms())]
    parts = schema["$defs"]["DuplicateModel"]["properties"]["parts"]
    parts["propertyNames"] = {"enum": sorted({name for each in PARTS_OF.values() for name in each})}
    properties = schema["$defs"]["Field"]["properties"]
    properties["type"]["enum"] = list(TYPES)
    properties["values"]["additionalProperties"]["additionalProperties"] = {
        "anyOf": [{"type": "string"}, {"type": "boolean"}]  # `Sí: true` of a flag
    }
    plain = [name for name, policy in POLICIES.items() if not policy.names_a_system]
    named = [name for name, policy in POLICIES.items() if policy.names_a_system]
    properties["on_conflict"]["anyOf"] = [
        {"enum": plain},
        {
            "type": "object",
            "propertyNames": {"enum": named},
            "additionalProperties": {"type": "string"},
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]


def _lifecycle(schema: dict[str, Any]) -> None:
    """What only tables know: the names of stages and dispositions."""
    properties = schema["properties"]
    properties["ladder"]["propertyNames"] = {"enum": list(STAGES)}
    properties["stage_owner"]["propertyNames"] = {"enum": list(STAGES)}
    told = schema["$defs"]["Derivation"]["properties"]
    told["dispositions"]["additionalProperties"]["enum"] = list(DISPOSITIONS)
    for key in ("stages", "statuses"):
        told[key]["additionalProperties"]["enum"] = [*STAGES, OTHER]


def _checks(schema: dict[str, Any]) -> None:
    """What only the table of checks knows: their names, and which keys each one needs."""
    check = schema["$defs"]["Check"]
    check["properties"]["check"]["enum"] = list(CHECKS)
    check["allOf"] = [
        {
            "if": {"properties": {"check": {"const": name}}},
            "then": {"anyOf": [{"required": [key]} for key in keys]},
        }
        for name, kind in CHECKS.items()
        for keys in kind.needs
    ]


_KNOWN: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "mapping": _mapping,
    "lifecycle": _lifecycle,
    "workspace": _workspace,
    "audit": _audit,
    "checks": _checks,
}


def file_name(kind: str) -> str:
    """What the file of a schema is called, in the repository as in a workspace."""
    return f"{kind}.schema.json"
