"""Deals that look like one and are two: renewals, instalments, years, other customers; and those that are one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.duplicates.deals import make_deals
from crmsync.core.duplicates import Part
from duplicates.searching import Record, searched, staged

PARTS: tuple[Part, ...] = ("name", "customer", "amount", "currency", "date", "stage")
DEAL = {"name": "Consultoría ERP", "customer": "acme", "amount": "4300", "currency": "EUR",
        "date": "2025-03-10", "stage": "open"}  # fmt: skip
NUMBERED = {**DEAL, "name": "Consultoría ERP 2025"}
RARE = {**DEAL, "name": "Izamalito Quetzalpa", "amount": "98765.43", "date": "2024-11-19"}
NAMELESS = {name: text for name, text in DEAL.items() if name != "name"}
CUSTOMERLESS = {name: text for name, text in DEAL.items() if name != "customer"}
ONE = (0.8, 1.0)
TWO = (0.0, 0.0)
DOUBT = (0.0, 0.6)
PAIRS = {
    "entered twice": (DEAL, DEAL, ONE),
    "in other letters": (DEAL, {**DEAL, "name": "consultoria erp"}, ONE),
    "a copy": (DEAL, {**DEAL, "name": "Consultoría ERP (copia 2)"}, ONE),
    "with the word opportunity": (DEAL, {**DEAL, "name": "Oportunidad Consultoría ERP"}, ONE),
    "a slip in the name": (DEAL, {**DEAL, "name": "Consultroía ERP"}, ONE),
    "a digit for a letter": (DEAL, {**DEAL, "name": "C0nsultoría ERP"}, ONE),
    "the customer in the name": (DEAL, {**DEAL, "name": "Acme - Consultoría ERP"}, ONE),
    "without an article": ({**DEAL, "name": "Consultoría de ERP"}, DEAL, ONE),
    "rounded": (DEAL, {**DEAL, "amount": "4320.5"}, ONE),
    "closing some days later": (DEAL, {**DEAL, "date": "2025-03-20"}, ONE),
    "in another stage": (DEAL, {**DEAL, "stage": "closedwon"}, ONE),
    "a renewal a year later": (NUMBERED, {**NUMBERED, "name": "Consultoría ERP 2026", "date": "2026-03-10"}, TWO),
    "a renewal without a year in its name": (DEAL, {**DEAL, "date": "2026-03-10"}, TWO),
    "instalments": ({**DEAL, "name": "Consultoría ERP 1/3"}, {**DEAL, "name": "Consultoría ERP 2/3"}, TWO),
    "years of a contract": ({**DEAL, "name": "ERP - Año 1"}, {**DEAL, "name": "ERP - Año 2"}, TWO),
    "years of a contract in words": ({**DEAL, "name": "ERP first year"}, {**DEAL, "name": "ERP second year"}, TWO),
    "months": ({**DEAL, "name": "Cuota enero"}, {**DEAL, "name": "Cuota febrero"}, TWO),
    "quarters": ({**DEAL, "name": "Support Q1"}, {**DEAL, "name": "Support Q2"}, TWO),
    "for another customer": (RARE, {**RARE, "customer": "zubi"}, TWO),
    "another thing": (DEAL, {**DEAL, "name": "Mantenimiento Web"}, TWO),
    "the same months later": (DEAL, {**DEAL, "date": "2025-07-10"}, TWO),
    "one without a number": (DEAL, NUMBERED, DOUBT),
    "the thing and more": (DEAL, {**DEAL, "name": "Consultoría ERP ampliada"}, DOUBT),
    "weeks later": (DEAL, {**DEAL, "date": "2025-04-10"}, DOUBT),
    "another amount": (DEAL, {**DEAL, "amount": "8000"}, DOUBT),
    "another currency": (DEAL, {**DEAL, "currency": "USD"}, DOUBT),
    "no customer": (CUSTOMERLESS, CUSTOMERLESS, DOUBT),
    "no name": (NAMELESS, NAMELESS, DOUBT),
    "no date": ({**DEAL, "date": ""}, {**DEAL, "date": ""}, DOUBT),
}  # fmt: skip


def _cases() -> Iterator[tuple[str, Record]]:
    """Each pair for a customer of its own."""
    for at, (title, (one, other, _)) in enumerate(PAIRS.items()):
        for record in (one, other):
            yield (
                title,
                {
                    **record,
                    **(
                        {"customer": f"{record['customer']} {_own(at)}"}
                        if "customer" in record
                        else {}
                    ),
                },
            )


def _own(at: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{at:03d}") + "ko"


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    """By pair, how probable it is that its two records are one."""
    theirs = {"name": "name", "customer": "customer", "amount": "amount", "currency": "currency", "close_date": "date",
              "stage": "stage"}  # fmt: skip
    crowd = [
        {ours: str(row[name]) for name, ours in theirs.items()}
        for row in make_deals(600, 5).records.to_pylist()
    ]
    titles, records = zip(*_cases(), strict=True)
    _, pairs = searched([*records, *crowd], PARTS, "deal")
    said = {title: pairs.get((at, at + 1)) for at, title in enumerate(titles) if at % 2 == 0}
    return {title: 0.0 if row is None else float(row["p"]) for title, row in said.items()}


@pytest.mark.parametrize("title", PAIRS)
def test_deals(found: dict[str, float], title: str) -> None:
    least, most = PAIRS[title][2]
    assert least <= found[title] <= most


def test_a_cut_of_a_half_shows_what_moved_was_repriced_or_lacks_a_fact(
    found: dict[str, float],
) -> None:
    assert {title for title, p in found.items() if 0.5 <= p < 0.8} == {
        "one without a number",
        "the thing and more",
        "weeks later",
        "another amount",
        "another currency",
        "no name",
        "no date",
    }


def test_without_customers_no_deals_are_merged() -> None:
    names = [
        f"{thing} {place}"
        for thing in ("Web", "ERP", "CRM")
        for place in ("Norte", "Sur", "Centro")
    ]
    records = [
        {"name": name, "amount": f"{1000 + 37 * at}", "date": f"2025-0{1 + at}-1{at}"}
        for at, name in enumerate(names)
        for _ in range(2)
    ]
    found, pairs = searched(records, ("name", "amount", "date"), "deal")
    assert found.groups == []
    assert pairs[0, 1]["p"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "title", "number"),
    [
        ("Renovación 2026 (copia)", "renovacion", "2026"),
        ("ERP 2/3", "erp", "2 3"),
        ("Fase II de la web", "fase web", "2"),
        ("Cuota de marzo", "cuota", "m3"),
        ("Ge5tión", "ge5tion", None),
        ("Fo0ds", "fo0ds", None),
        ("Support 2nd 1T Q1", "support", "2nd 1t q1"),
        ("Oportunidad", "oportunidad", None),
        ("2026", None, "2026"),
    ],
)
def test_a_number_is_apart_from_the_thing(name: str, title: str | None, number: str | None) -> None:
    (found,) = staged({"name": name}, subject="deal")
    assert (found["title"], found["number"]) == (title, number)


@pytest.mark.slow_but("2000-21")
@pytest.mark.parametrize(("rows", "seed"), [(2000, 21), (10_000, 22)])
def test_every_planted_pair_is_found_and_no_other(rows: int, seed: int) -> None:
    from benchmarks.duplicates.engines import engine
    from benchmarks.duplicates.measures import quality

    crowd = make_deals(rows, seed)
    told = quality(crowd.truth, engine("deals", "crmsync")(crowd.records).clusters)
    assert (told.precision, told.recall) == (1.0, 1.0)
