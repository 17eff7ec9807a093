"""Exports show labels where the API has internal values: the mapping of an export says which is which."""

from __future__ import annotations

import pytest

from crmsync.commands.reference import reference_texts
from crmsync.config.export_values import labels_of, with_labels
from crmsync.config.mapping_text import MappingText, mapping_text


def reference(name: str) -> MappingText:
    return mapping_text(reference_texts("mappings")[f"{name}.yml"], f"mappings/{name}.yml")


def values(mapping: MappingText, field: str, system: str) -> dict[str, str | bool]:
    (found,) = (each for each in mapping.values["fields"] if each["field"] == field)
    known: dict[str, str | bool] = found.get("values", {}).get(system, {})
    return known


@pytest.mark.parametrize(
    ("entity", "field", "system", "label", "ours"),
    [
        ("contact", "lifecycle_stage", "hubspot", "Sales Qualified Lead", "salesqualifiedlead"),
        ("contact", "lifecycle_stage", "hubspot", "Lead calificado para ventas", "salesqualifiedlead"),
        ("contact", "lifecycle_stage", "hubspot", "Cliente", "customer"),
        ("company", "lifecycle_stage", "hubspot", "Oportunidad", "opportunity"),
        ("contact", "original_source", "hubspot", "Búsqueda orgánica", "ORGANIC_SEARCH"),
        ("contact", "lead_status", "hubspot", "Conectado", "working"),
        ("contact", "lead_status", "salesforce", "Abierto - No contactado", "open"),
        ("deal", "stage", "hubspot", "Closed Won (Sales Pipeline)", "won"),
        ("deal", "stage", "hubspot", "Cierre ganado (Pipeline de ventas)", "won"),
        ("deal", "stage", "hubspot", "Cita programada", "prospecting"),
        ("deal", "stage", "salesforce", "Cerrada ganada", "won"),
        ("company", "industry", "hubspot", "Hospital & Health Care", "healthcare"),
        ("company", "industry", "hubspot", "Real estate", "construction"),
        ("company", "industry", "hubspot", "Glass, Ceramics & Concrete", "manufacturing"),
        ("company", "industry", "hubspot", "Tecnología", "technology"),
        ("company", "industry", "salesforce", "Tecnología", "technology"),
        ("company", "industry", "salesforce", "Sin ánimo de lucro", "not_for_profit"),
        ("company", "company_type", "salesforce", "Customer", "customer"),
        ("contact", "salutation", "salesforce", "Sra.", "ms"),
        ("deal", "deal_type", "salesforce", "Existing Business", "existing"),
        ("contact", "marketing_contact", "hubspot", "Non-marketing contact", False),
        ("deal", "deal_type", "hubspot", "New Business", "new"),
    ],
)  # fmt: skip
def test_a_label_means_what_its_value_means(
    entity: str, field: str, system: str, label: str, ours: str | bool
) -> None:
    mapping = reference(entity)
    assert label not in values(mapping, field, system), "an API gives no labels"
    labelled = with_labels(mapping, [system])
    assert values(labelled, field, system)[label] == ours
    assert values(with_labels(mapping, []), field, system) == values(mapping, field, system)


def test_what_the_values_were_stays_and_goes_first() -> None:
    mapping = reference("deal")
    before = values(mapping, "stage", "hubspot")
    after = values(with_labels(mapping, ["hubspot"]), "stage", "hubspot")
    assert list(after.items())[: len(before)] == list(before.items())


def test_no_label_of_one_field_has_two_meanings() -> None:
    for entity in ("contact", "company", "deal"):
        for field in reference(entity).values["fields"]:
            for native in field.get("names", {}).values():
                if isinstance(native, str):
                    labels = [each.casefold() for each in labels_of(native)]
                    assert len(labels) == len(set(labels)), native


def test_every_label_of_an_industry_leads_to_a_value_that_there_is() -> None:
    mapping = reference("company")
    before, after = (
        values(each, "industry", "hubspot") for each in (mapping, with_labels(mapping, ["hubspot"]))
    )
    assert {"Oil & Energy", "E-Learning", "Airlines/Aviation"} <= set(after)
    named = [label for label in after if label not in before and label not in labels_of("industry")]
    assert len(named) == sum("_" in value for value in before)


@pytest.mark.parametrize("entity", ["company", "contact", "deal"])
def test_every_label_leads_to_a_value_of_its_field(entity: str) -> None:
    fields = reference(entity).values["fields"]
    for native in ("industry", "Industry", "Salutation", "hs_lead_status", "Status", "StageName"):
        known = {
            value
            for field in fields
            for system, name in field.get("names", {}).items()
            if native in (name.values() if isinstance(name, dict) else [name])
            for value in field.get("values", {}).get(system, {})
        }
        assert not known or set(labels_of(native).values()) <= known, native
