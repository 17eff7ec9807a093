"""Native rows of two systems, put on disk as a pull would, and everything the columns make of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crmsync.commands.example_rows import (
    BOTH,
    FACTS,
    HUBSPOT_FACTS,
    HUBSPOT_HISTORIES,
    LINEAGE,
    RUN,
    SIDE,
    SINCE,
    TAKEN,
    Links,
    Row,
    Rows,
    batch_of,
    columns_over,
    facts_stored,
    keep,
    stored,
)
from crmsync.config.mappings import Defaults, mapping_of, read_mappings
from crmsync.core.mapping import Entity, WorkspaceMapping

__all__ = [
    "BOTH",
    "FACTS",
    "HUBSPOT_FACTS",
    "HUBSPOT_HISTORIES",
    "LINEAGE",
    "ROOT",
    "RUN",
    "SIDE",
    "SINCE",
    "TAKEN",
    "Links",
    "Row",
    "Rows",
    "batch_of",
    "columns_over",
    "facts_stored",
    "keep",
    "mapping_with",
    "reference_mapping",
    "stored",
]
ROOT = Path(__file__).resolve().parents[2]


@cache
def reference_mapping(systems: tuple[str, ...] = BOTH) -> WorkspaceMapping:
    """The mapping at the root of the project."""
    mapping = read_mappings(ROOT, list(systems), Defaults("ES", "EUR", "Europe/Madrid"))
    assert isinstance(mapping, WorkspaceMapping), mapping
    return mapping


def mapping_with(*entities: Entity) -> WorkspaceMapping:
    return mapping_of(entities)
