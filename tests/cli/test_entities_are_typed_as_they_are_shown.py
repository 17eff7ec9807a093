"""Who types an entity may call it what the tables call it, in either language."""

from __future__ import annotations

import pytest

from crmsync.commands.entity_names import entity_said
from crmsync.core.views import ViewStats
from crmsync.language import LANGUAGES, translate
from crmsync.reports.view_stats import stats_text
from crmsync.reports.words import ENTITIES

KNOWN = ("contact", "company", "deal", "ticket")


@pytest.mark.parametrize("entity", KNOWN)
def test_a_name_that_a_table_shows_is_understood(entity: str) -> None:
    for language in LANGUAGES:
        assert entity_said(translate(ENTITIES[entity], language).upper(), KNOWN) == entity


def test_a_name_of_nothing_stays_what_was_typed() -> None:
    assert entity_said("factura", KNOWN) == "factura"
    assert entity_said("contacto", ("deal",)) == "contacto", "a workspace without contacts has none"


@pytest.mark.parametrize(
    ("entity", "customers", "said"),
    [("contact", 70, "contacto: 70 personas"), ("company", 15, "empresa: 15 empresas"),
     ("deal", 1, "oportunidad: 1 oportunidad"), ("gadget", 2, "gadget: 2 clientes")],
)  # fmt: skip
def test_what_is_counted_is_named(entity: str, customers: int, said: str) -> None:
    stats = ViewStats(entity, customers, {}, 0, ())
    assert stats_text([stats], "es").splitlines()[0] == said
