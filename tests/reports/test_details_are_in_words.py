"""What a finding says beside its title is in the reader's language, and hides what is somebody's own."""

from __future__ import annotations

import pytest

from crmsync.core.auditing import Finding
from crmsync.reports.details import detail_text, masked_detail


def finding(detail: str, field: str | None = None, audit: str = "X15") -> Finding:
    return Finding(
        audit, "warning", "contact", "crm", "Contact", "003A", key="k", field=field, detail=detail
    )


@pytest.mark.parametrize(
    ("detail", "field", "spanish"),
    [
        ("crm won / marketing negotiation", "stage", "crm cerrada ganada / marketing negociación"),
        ("crm unqualified / marketing working", "lead_status", "crm descalificado / marketing en curso"),
        ("crm customer / marketing sql", "lifecycle_stage", "crm Cliente / marketing SQL"),
        ("crm true / marketing false", "do_not_call", "crm sí / marketing no"),
        ("crm 1127.50 / marketing 98.00", "amount", "crm 1127,5 / marketing 98"),
        ("crm 2026-01-31 / hubspot x", "close_date", "crm 31 de enero de 2026 / HubSpot x"),
        ("salesqualifiedlead", "lifecycle_stage", "SQL"),
        ("2026-01-31", "close_date", "31 de enero de 2026"),
        ("opted out in marketing only", "opted_out", "dado de baja solo en marketing"),
        ("opted out, and a marketing contact", "marketing_contact", "dado de baja y aún contacto de marketing"),
        ("erased in hubspot", None, "eliminado en HubSpot"),
        ("another word", "pipeline", "another word"),
    ],
)  # fmt: skip
def test_words_days_and_amounts_are_said_in_spanish(
    detail: str, field: str | None, spanish: str
) -> None:
    assert detail_text(finding(detail, field), "", "es") == spanish


@pytest.mark.parametrize("unmask", [False, True])
def test_names_of_two_systems_are_hidden_and_the_systems_are_not(unmask: bool) -> None:
    two = finding("crm Delly Gil / marketing Delia", "first_name")
    hidden = "crm D••• G••• / marketing D•••"
    assert masked_detail(two, "Delly Gil", unmask=unmask) == (two.detail if unmask else hidden)
    assert detail_text(two, "Delly Gil", "es", unmask=unmask) == (two.detail if unmask else hidden)


def test_a_name_that_only_looks_like_a_pair_is_hidden_whole() -> None:
    assert (
        masked_detail(finding("ana soto / bea gil", "last_name"), "") == "a••• s••• ••• b••• g•••"
    )


def test_an_address_in_place_of_an_id_is_hidden() -> None:
    assert "ana@" not in masked_detail(finding("opted out in hubspot: ana@uno.example"), "")


def test_a_number_in_the_name_of_a_record_hides_no_amount() -> None:
    two = finding("crm 127.00 / marketing 153.67", "amount", "X07")
    assert masked_detail(two, "Sean Wilson: $127") == "crm 127.00 / marketing 153.67"
