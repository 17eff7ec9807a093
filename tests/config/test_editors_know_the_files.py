"""The JSON Schema of each kind of file comes from the types, and knows what the tables know."""

from __future__ import annotations

import pytest

from crmsync.commands.schema import KINDS, json_schema
from crmsync.core.policies import POLICIES
from crmsync.core.values import TYPES
from crmsync.errors import CrmsyncError


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_refuses_unknown_keys(kind: str) -> None:
    assert json_schema(kind)["additionalProperties"] is False


def test_the_schema_of_a_mapping_lists_types_and_policies() -> None:
    field = json_schema("mapping")["$defs"]["Field"]["properties"]
    assert field["type"]["enum"] == list(TYPES)
    plain, named = field["on_conflict"]["anyOf"]
    assert {*plain["enum"], *named["propertyNames"]["enum"]} == set(POLICIES)


def test_the_header_of_an_audit_says_neither_its_name_nor_its_query() -> None:
    schema = json_schema("audit")
    assert not {"name", "query"} & {*schema["properties"], *schema["required"]}
    assert {"id", "summary", "why", "remedy"} <= set(schema["required"])


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    with pytest.raises(CrmsyncError) as caught:
        json_schema("report")
    assert "mapping, workspace, audit" in caught.value.remedy
