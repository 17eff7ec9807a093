"""An example that somebody pastes into the reference mapping says which entry it takes the place of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from crmsync.commands.reference import reference_texts
from crmsync.config.lines import Document, read_yaml
from docs.blocks import blocks

ENTITIES = ("contact", "company", "deal")
_PLACE = re.compile(r"# in place of `([a-z_]+)`$")


def value_of(text: str) -> Any:
    document = read_yaml(text, "page")
    assert isinstance(document, Document)
    return document.value


def examples() -> Iterator[Any]:
    """Each field of the pages that is shown alone: entity, what it says, and its first line."""
    for page in ("mapping.md", "extending.md"):
        for block in blocks(page, "yaml"):
            fields = value_of(block.text) if block.about in ENTITIES else None
            if isinstance(fields, list):
                lines = [each for each in block.text.splitlines() if each.startswith("- field:")]
                for field, line in zip(fields, lines, strict=True):
                    yield pytest.param(block.about, field, line, id=f"{page}-{field['field']}")


def natives(field: dict[str, Any]) -> set[tuple[str, str, str]]:
    """System, object (blank for all) and native name of everything a field names."""
    found = set()
    for system, said in field.get("names", {}).items():
        by_object = said if isinstance(said, dict) else {"": said}
        found |= {(system, object_, name) for object_, name in by_object.items()}
    return found


def replaced(entity: str, field: dict[str, Any]) -> set[str]:
    """Entries of the reference mapping that cannot stand beside this field."""
    reference = value_of(reference_texts("mappings")[f"{entity}.yml"])["fields"]
    return {
        each["field"]
        for each in reference
        if each["field"] == field["field"] or natives(each) & natives(field)
    }


@pytest.mark.parametrize(("entity", "field", "line"), [*examples()])
def test_an_example_says_what_it_takes_the_place_of(
    entity: str, field: dict[str, Any], line: str
) -> None:
    said = _PLACE.search(line)
    assert ({said[1]} if said else set()) == replaced(entity, field)
