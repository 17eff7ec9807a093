"""Who types an entity may call it what the tables call it, in either language."""

from __future__ import annotations

import pytest

from crmsync.commands.entity_names import entity_said
from crmsync.language import LANGUAGES, translate
from crmsync.reports.words import ENTITIES

KNOWN = ("contact", "company", "deal", "ticket")


@pytest.mark.parametrize("entity", KNOWN)
def test_a_name_that_a_table_shows_is_understood(entity: str) -> None:
    for language in LANGUAGES:
        assert entity_said(translate(ENTITIES[entity], language).upper(), KNOWN) == entity


def test_a_name_of_nothing_stays_what_was_typed() -> None:
    assert entity_said("factura", KNOWN) == "factura"
    assert entity_said("contacto", ("deal",)) == "contacto", "a workspace without contacts has none"
