"""Personal data is masked unless somebody asks for it; what is not personal stays readable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_audits import person
from report_samples import make_facts

from crmsync.core.auditing import Finding
from crmsync.reports.as_csv import findings_csv
from crmsync.reports.as_json import audit_json
from crmsync.reports.facts import ReportFacts, told_of
from crmsync.reports.html import render
from crmsync.reports.masking import KINDS, kind_of, mask, mask_detail, scrub
from crmsync.reports.values import cell_text


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("mail", "ana.soto@example.com", "a•••@e•••.com"),
        ("mail", "not a mail", "n••• a••• m•••"),
        ("phone", "+34 600 123 456", "+34 ••• ••56"),
        ("phone", "600123456", "••• ••56"),
        ("phone", "12", "•••"),
        ("name", "Ana Soto Ríos", "A••• S••• R•••"),
        ("text", "Met 3 people at the fair in May", "M••• ••• p••• a••• t••• f••• …"),
        ("detail", "same e-mail ana@example.com", "same e-mail a•••@e•••.com"),
        ("detail", "2026-11-21 04:05, 600 123 456", "2026-11-21 04:05, ••• ••56"),
        ("plain", "Closed Won", "Closed Won"),
        ("no such kind", "Ana Soto", "A••• S•••"),
    ],
)
def test_each_kind_shows_no_more_than_its_row(kind: str, text: str, shown: str) -> None:
    assert mask(text, kind) == shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_stays_blank(kind: str) -> None:
    assert mask(None, kind) == ""
    assert mask("", kind) == ""


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("email", "mail"),
        ("work_email", "mail"),
        ("other_emails", "mail"),
        ("email_opt_out", "plain"),
        ("phone_number", "phone"),
        ("mobile", "phone"),
        ("first_name", "name"),
        ("stage_name", "plain"),
        ("lifecycle_stage", "plain"),
        ("amount", "plain"),
        ("notes", "text"),
        ("tax_id", "text"),
        (None, "detail"),
    ],
)
def test_a_field_is_masked_by_its_name_and_in_doubt_as_text(field: str | None, kind: str) -> None:
    assert kind_of(field) == kind


@pytest.mark.parametrize("field", ["other_emails", "interests"])
def test_addresses_of_a_set_are_masked_one_by_one(field: str) -> None:
    cell = frozenset({"ana.ruiz@acme.example", "bea@uno.example"})
    assert cell_text(cell, field, "en") == "a•••@a•••.example; b•••@u•••.example"
    assert cell_text(cell, field, "en", unmask=True) == "ana.ruiz@acme.example; bea@uno.example"
    assert cell_text(frozenset({"gold", "silver"}), "interests", "en") == "gold; silver"


def test_a_record_name_in_a_detail_is_masked() -> None:
    assert scrub("like Lucía Arce, not Luz", "Lucía Arce") == "like L••• A•••, not Luz"


def test_a_name_is_masked_with_and_without_its_accents() -> None:
    told = "llamé a Yolánda ESTEVEZ Navarró"
    assert scrub(told, "Yolanda Estévez Navarro") == "llamé a Y••• E••• N•••"


def test_a_name_of_two_letters_is_masked_and_a_small_word_is_not() -> None:
    told = scrub("habla con Li de Xu, no de Bo", "Li de Xu")
    assert told == "habla con L••• d••• X•••, no de Bo"


@pytest.mark.parametrize(
    ("said", "name", "told"),
    [
        ("李 娜 and Le Duc Al Do", "李 娜 Le Duc Al Do", "李••• 娜••• and L••• D••• A••• D•••"),
        ("联系人李娜被锁定", "李娜", "联系人李•••被锁定"),
        ("do ask Al Do al fin", "Al Do", "do ask A••• D••• al fin"),
        ("a letter of Ana A Ruiz", "Ana A. Ruiz", "a letter of A••• A••• R•••"),
        ("de Ana", "Ana de Soto", "de A•••"),
        ("version 2 of Ana", "Ana 2", "version 2 of A•••"),
    ],
)
def test_a_particle_of_a_name_is_hidden_with_the_name_and_free_without(
    said: str, name: str, told: str
) -> None:
    assert scrub(said, name) == told


@pytest.mark.parametrize(
    ("said", "field", "value", "told"),
    [
        (
            '"Calle Mayor 3, 2B" is long',
            "street",
            "Calle  mayor 3, 2b",
            '"C••• m••• ••• •••" is long',
        ),
        ("not Etxeberría, etxeberria!", "last_name", "Etxeberria", "not E•••, E•••!"),
        ("no CEO is an oceo", "job_title", "CEO", "no C••• is an oceo"),
        ("true is no customer", "stage", "customer", "true is no customer"),
        ("true is no flag", "do_not_call", "true", "true is no flag"),
        ("nothing is blank", "street", None, "nothing is blank"),
    ],
)
def test_a_value_that_is_masked_is_masked_in_a_sentence_too(
    said: str, field: str, value: str | None, told: str
) -> None:
    assert scrub(said, "", [(field, value)]) == told


def test_every_mail_of_a_list_is_masked() -> None:
    assert (
        mask_detail("a.b@example.com | c@example.org", "email") == "a•••@e•••.com | c•••@e•••.org"
    )


def test_no_report_shows_a_person_unless_asked(facts: ReportFacts) -> None:
    names = {part for n in range(10) for part in person(n).split()}
    for masked in (render(facts, "es"), findings_csv(facts), audit_json(facts)):
        assert not [name for name in names if name in masked]
        assert "lucia.0@example.com" not in masked
        assert "600 100 000" not in masked


def test_unmasked_reports_show_everything_and_say_so() -> None:
    facts = make_facts({"C05": 1, "L11": 1})
    page = render(facts, "en", unmask=True)
    assert person(0) in page
    assert "lucia.0@example.com" in page
    assert "Personal data is shown in full" in page
    assert "lucia.0@example.com" in findings_csv(facts, unmask=True)
    assert "lucia.0@example.com" in audit_json(facts, unmask=True)


def test_a_record_without_a_link_is_told_by_its_id() -> None:
    facts = make_facts({"C05": 1})
    id_ = next(each.id for result in facts.results for each in result.findings)
    assert f'<bdi class="soft">{id_}</bdi>' in render(replace(facts, links={}), "en")
    assert f'<bdi class="soft">{id_}</bdi>' not in render(facts, "en")


def test_an_address_in_place_of_an_id_stays_masked() -> None:
    facts = make_facts({"C05": 1})
    (result, *rest) = facts.results
    lone = replace(result.findings[0], id="lucia.0@example.com", key=None)
    label = {("salesforce", "Contact", "lucia.0@example.com"): "Lucía Arce"}
    lone = replace(lone, system="salesforce", object="Contact")
    told = replace(
        facts, results=(replace(result, findings=(lone,)), *rest), labels=label, links={}
    )
    assert "l•••@e•••.com</bdi>" in render(told, "en")
    assert "lucia.0@example.com" not in render(told, "en")


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("hubspot contacts 51234567890", "hubspot contacts 51234567890"),
     ("hubspot contacts ana@uno.example", "h••• c••• a•••")],
)  # fmt: skip
def test_ids_of_other_records_are_shown_and_addresses_in_their_place_are_not(
    detail: str, shown: str
) -> None:
    place = ("contact", "salesforce", "Contact", "003A", None)
    finding = Finding("X02", "error", *place, field="salesforcecontactid", detail=detail)
    assert mask_detail(detail, told_of(finding)) == shown
