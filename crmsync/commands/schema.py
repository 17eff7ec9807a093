"""`crmsync schema`: the JSON Schema of a YAML file, generated from the types, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.config.project_form import Project
from crmsync.core.auditing import Audit
from crmsync.core.mapping import Entity
from crmsync.core.policies import POLICIES
from crmsync.core.values import TYPES
from crmsync.errors import CrmsyncError

KINDS: Mapping[str, type[Any]] = {"mapping": Entity, "workspace": Project, "audit": Audit}
_INNER = ("name", "query")
"""What an audit's file says by its own name and text, not in its header."""


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of file; CrmsyncError for an unknown kind."""
    from pydantic import TypeAdapter

    if kind not in KINDS:
        raise CrmsyncError(f"no schema '{kind}'", remedy=f"Use one of {', '.join(KINDS)}.")
    schema = TypeAdapter(KINDS[kind]).json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if kind == "mapping":
        _tables(schema["$defs"]["Field"]["properties"])
    if kind == "audit":
        schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in _INNER}
        schema["required"] = [name for name in schema["required"] if name not in _INNER]
    return schema


def _tables(properties: dict[str, Any]) -> None:
    """What only the tables of the core know: the names of types and policies."""
    properties["type"]["enum"] = list(TYPES)
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
