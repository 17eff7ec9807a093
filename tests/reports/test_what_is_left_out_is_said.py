"""A text that shows a part says how much it leaves out, and a value that is left alone comes with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_samples import header, make_facts

from crmsync.core.planning import CellChange, Change, Held, Line, Unfit
from crmsync.core.records import ABSENT, Invalid, Ref
from crmsync.core.views import Choice, CustomerView, FieldView
from crmsync.reports.as_markdown import audit_markdown
from crmsync.reports.explain_text import Telling
from crmsync.reports.footprint_text import footprint_ended_text
from crmsync.reports.html import render
from crmsync.reports.text import audit_text, explain_text, plan_text
from crmsync.reports.words import joined, why_unchecked


def changes(n: int) -> list[Line]:
    cell = CellChange("phone", None, "+34911234567", "fill")
    return [
        Change("update", 1, "contact", f"k{i}", "hubspot", "contacts", f"{i}", (cell,))
        for i in range(n)
    ]


def held(n: int) -> list[Line]:
    return [Held("contact", f"h{i}", "hubspot", "contacts", "ask") for i in range(n)]


def test_every_section_says_how_many_it_leaves_out() -> None:
    said = plan_text(header(), [*changes(4), *held(3)], "en", 2)
    assert "… 2 more of these (--samples 4 shows them)" in said
    assert "… 1 more of these (--samples 3 shows it)" in said
    assert said.index("(--samples 4") < said.index("HubSpot contact h0")
    assert "more of these" not in plan_text(header(), [*changes(2), *held(2)], "en", 2)
    spanish = plan_text(header(), held(4), "es", 2)
    assert "… 2 más de este tipo (--samples 4 los muestra)" in spanish


def test_what_waits_for_a_person_is_a_list_of_its_own_before_what_is_held_back() -> None:
    doubts: list[Line] = [
        Held("contact", "", "", "", "needs_merge", (f"a/b/{n}",)) for n in range(4)
    ]
    said = plan_text(header(), [*held(3), *doubts], "en", 2)
    assert "… 2 more of these (--samples 4 shows them)" in said
    assert "… 1 more of these (--samples 3 shows it)" in said
    assert said.index("a/b/0") < said.index("(--samples 4") < said.index("HubSpot contact h0")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("unfit_long:40", "It is longer than the 40 characters that the field holds."),
        ("unfit_option", "this is none of them."),
        ("", "Atlantis"),
    ],
)
def test_what_does_not_fit_says_why(reason: str, told: str) -> None:
    line = Unfit("contact", "k5", "hubspot", "country", "Atlantis", reason)
    assert told in plan_text(header(), [line], "en", 2).rpartition("\n\n")[2]


def test_values_that_cannot_be_read_are_counted_by_field() -> None:
    of = {"unreadable.hubspot company tax_id": 2, "unreadable.salesforce contact phone": 1}
    said = plan_text(replace(header(), counts=of), [], "en")
    assert "Values that cannot be read 3" in " ".join(said.split())
    assert "2 values of company tax_id in HubSpot cannot be read, so they are left alone." in said
    assert "1 value of contact phone in Salesforce cannot be read, so it is left alone." in said
    assert "cannot be read" not in plan_text(replace(header(), counts={}), [], "en")


def test_where_unreadable_values_are_listed_and_which_owners_are_unknown_is_said() -> None:
    of = {
        "unreadable.salesforce deal owner": 3,
        "unknown_owner.salesforce Eva Soto": 2,
        "unknown_owner.salesforce Leo Gil": 1,
    }
    said = plan_text(replace(header(), counts=of), [], "en")
    assert "crmsync audit --select C20,C02,C12,F09 lists them" in said
    assert "Owners of whom no e-mail is known" in said
    assert said.index("Eva Soto in Salesforce: 2 records") < said.index(
        "Leo Gil in Salesforce: 1 record\n"
    )
    assert "Eva Soto en Salesforce: 2 registros" in plan_text(
        replace(header(), counts=of), [], "es"
    )


def test_a_system_that_is_only_read_is_named_once() -> None:
    said = plan_text(replace(header(), counts={"only_read.salesforce": 1}), [], "en")
    assert said.count("Salesforce is only read: nothing is written or created there.") == 1


def test_nothing_created_costs_nothing() -> None:
    said = plan_text(header(), changes(1), "en", kinds={"hubspot": "hubspot"})
    assert "new contact" not in said


def view(**cells: dict[str, object]) -> CustomerView:
    fields = tuple(
        FieldView(name, Choice(None, None, "unknown"), each)  # type: ignore[arg-type]  # cells of a test
        for name, each in cells.items()
    )
    return CustomerView("contact", "k1", (Ref("hubspot", "contacts", "1"),), fields)


def test_what_a_system_does_not_show_is_one_line() -> None:
    shown = view(
        fax={"hubspot": ABSENT, "salesforce": ABSENT},
        rating={"hubspot": ABSENT, "salesforce": ABSENT},
        city={"hubspot": None, "salesforce": ABSENT},
    )
    said = explain_text(shown, Telling("en"))
    assert "(not readable here)" not in said
    assert "HubSpot and Salesforce: 2 fields are not readable here: fax, rating" in said
    assert "Salesforce: 1 field is not readable here: city" in said
    assert "No value: city\n" in said
    assert "(not readable here)" in explain_text(shown, Telling("en"), "fax")


def test_a_raw_text_is_shown_with_what_it_is_not() -> None:
    shown = view(tax_id={"hubspot": "B58378431", "salesforce": Invalid("B58378432")})
    said = explain_text(shown, Telling("en", unmask=True, types={"tax_id": "tax_id"}))
    assert "B58378432  (cannot be read as a tax id)" in said


def test_an_empty_footprint_plan_ends_in_one_plain_sentence() -> None:
    said = footprint_ended_text("run-1", [], "en")
    assert said == "The plan has no steps, so nothing was changed."


def test_a_need_of_one_system_is_a_sentence() -> None:
    said = why_unchecked("hubspot:contact.opted_out, system:salesforce", "en")
    assert said == (
        "Not in the data that was read: opted out (contact) in HubSpot and Salesforce. "
        "Map it, and let it be read (docs/mapping.md, crmsync doctor); then crmsync pull. "
        "Add the system to crmsync.yml (docs/starting.md)."
    )


@pytest.mark.parametrize(
    ("needs", "helps"),
    [
        ("inventory", "crmsync pull --inventory"),
        ("native_connector", "crmsync pull --inventory"),
        ("hubspot:consent", "`consent: statuses`"),
        ("settled", "crmsync apply"),
        ("owner", "crmsync doctor"),
        ("hubspot:automation", "crmsync scopes"),
        ("contact.status", "docs/mapping.md"),
        ("association:hubspot.deals", "docs/mapping.md"),
        ("event", "crmsync doctor"),
    ],
)
def test_what_was_not_checked_says_what_helps(needs: str, helps: str) -> None:
    for language in ("en", "es"):
        assert helps in why_unchecked(needs, language)
    assert why_unchecked(needs, "en") != why_unchecked(needs, "es")


@pytest.mark.parametrize(
    ("needs", "helps"),
    [
        ("marketing:contact.opted_out", "`columns`"),
        ("contact.opted_out", "`columns`"),
        ("owner", "docs/starting.md"),
        ("marketing:event.contact", "docs/starting.md"),
        ("settled", "crmsync apply"),
    ],
)
def test_of_files_nobody_is_told_to_give_them_rights(needs: str, helps: str) -> None:
    for language in ("en", "es"):
        said = why_unchecked(needs, language, exports={"marketing", ""})
        assert helps in said
        assert "doctor" not in said
        assert said == why_unchecked(needs, language) or needs != "settled"
    assert "doctor" in why_unchecked("crm:contact.opted_out", "es", exports={"marketing"})


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("historial", "a e historial"),
        ("ingresos", "a e ingresos"),
        ("hielo", "a y hielo"),
        ("b", "a y b"),
    ],
)
def test_a_spanish_and_changes_before_the_sound_of_i(last: str, said: str) -> None:
    assert joined(["a", last], "es") == said
    assert joined(["a", last], "en") == f"a and {last}"


@pytest.mark.parametrize("told", [audit_text, audit_markdown, render])
def test_what_could_not_be_read_is_named_with_what_the_system_said(told: Any) -> None:
    facts = replace(make_facts({}), unread=(("hubspot", "_associations.deals.contacts", "no"),))
    assert "No se leyó hasta el final: HubSpot deals → contacts. no" in told(facts, "es")
    assert "No se leyó" not in told(make_facts({}), "es")
