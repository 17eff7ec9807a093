"""The first figures as people read them: in both languages, with what they leave out, and for programs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from report_samples import make_facts

from crmsync.core.figures import (
    NEVER,
    Conversion,
    Figures,
    LagTime,
    Outcome,
    Waits,
    speed_of,
)
from crmsync.reports.as_json import audit_json
from crmsync.reports.as_markdown import audit_markdown
from crmsync.reports.figures_tables import duration
from crmsync.reports.figures_text import figures_text

WAITS = [(180.0, 40), (1200.0, 20), (NEVER, 40)]
FIGURES = Figures(
    days=90,
    within_minutes=5,
    raised_by="mql",
    speeds=(
        speed_of(WAITS, 300, 3, 2, ("raw", "", "")),
        speed_of(WAITS, 300, 3, 2, ("raw", "hubspot", "")),
        speed_of(WAITS, 300, 3, 2, ("raw", "hubspot", "7")),
    ),
    lags=(LagTime("rep", Waits(60, 520.0, 180.0, 1200.0), 3),),
    outcome=Outcome(110, 40, 10, 5),
    conversions=(Conversion("mql", "sql", 200, 30, 80, 24, 90, 4),),
    handoffs=110,
    without_owner=5,
    attempts={"call": 70, "email": 12},
    contacts=33,
    owners={("hubspot", "7"): "Ana | Gil"},
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("How soon leads are answered (90 days, agreed: 5 min)", "40%", "20 min",
                "Attempts: calls 70 and e-mails 12. Contacts: 33.", "5 have no owner to be handed to",
                "2 came so late", "15%", "30%", "30/200", "24/80")),
        ("es", ("Con qué rapidez se atiende a los leads (90 días; acordado: 5 min)", "40\u00a0%", "20 min",
                "Intentos: llamadas 70 y correos 12. Contactos: 33.", "5 no tienen propietario",
                "MQL → SQL", "Nunca atendidos")),
    ],
)  # fmt: skip
def test_the_numbers_and_what_they_leave_out_are_told(language: str, said: tuple[str, ...]) -> None:
    shown = figures_text(FIGURES, language)
    assert not [each for each in said if each not in shown]


def test_an_owner_has_a_name_and_it_breaks_no_table() -> None:
    assert "Ana | Gil" in figures_text(FIGURES, "en")
    shown = audit_markdown(replace(make_facts({}), figures=FIGURES), "en")
    assert "Ana \\| Gil" in shown


def test_programs_read_seconds_shares_and_nothing_infinite() -> None:
    body = json.loads(audit_json(replace(make_facts({}), figures=FIGURES)))["figures"]
    speed = body["speeds"][0]
    assert (speed["share_within"], speed["share_never"]) == (0.4, 0.4)
    assert (speed["all"]["median"], speed["all"]["p90"]) == (1200.0, None)
    assert body["speeds"][2]["owner_name"] == "Ana | Gil"
    assert body["conversions"][0]["cohort"] == 0.3
    assert body["outcome"]["undecided"] == 55


def test_where_there_are_none_the_reason_stands_there() -> None:
    why = "Activities were not read, so nobody can say how soon anybody was called."
    assert why in figures_text(Figures(90, 5, why_not=why), "en")
    assert "No se leyeron las actividades" in figures_text(Figures(90, 5, why_not=why), "es")


def test_a_report_of_no_period_has_no_figures() -> None:
    assert figures_text(Figures(), "en") == ""


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "–"), (0.0, "0 s"), (59.0, "59 s"), (90.0, "1.5 min"), (300.0, "5 min"), (9000.0, "2.5 h"),
     (172_800.0, "2 d"), (1_500_000.0, "17 d")],
)  # fmt: skip
def test_a_wait_is_told_in_the_unit_people_use(seconds: float | None, shown: str) -> None:
    assert duration(seconds, "en") == shown
