"""Duplicates as people and programs read them: true reasons, masks, lists for other tools, nothing that runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from crmsync.core.duplicate_groups import (
    Alike,
    DuplicateGroup,
    DuplicatePair,
    DuplicateRecord,
    count_tiers,
)
from crmsync.core.duplicates import Crowded
from crmsync.core.pair_decisions import PairDecision, contradictions
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError
from crmsync.reports.duplicates_book import duplicates_xlsx
from crmsync.reports.duplicates_lists import LISTS, list_csv
from crmsync.reports.duplicates_reasons import KEYS, REASONS
from crmsync.reports.duplicates_rows import (
    COLUMNS,
    duplicates_csv,
    duplicates_json,
)
from crmsync.reports.duplicates_text import duplicates_markdown, duplicates_text, percent
from crmsync.reports.duplicates_words import DuplicateReport, Looked, reason
from crmsync.warehouse.duplicates.subjects import SUBJECTS

READ = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
ANA = DuplicateRecord(
    Ref("salesforce", "Contact", "003A"), "a-key", "Ana Gil",
    (("email", "ana@acme.example"),), ("hubspot",), 9, 4, "2020-01-01T00:00:00Z",
)  # fmt: skip
ANITA = replace(
    ANA, ref=Ref("salesforce", "Contact", "003B"), key="b-key", name="=Anita Gil", linked=(), opted_out=True
)  # fmt: skip
HERS = replace(ANA, ref=Ref("hubspot", "contacts", "7"), key="c-key", linked=())
SAME = Alike("email", "same", 14.0)
FORM = Alike("name", "known_as", 9.0)
ELSEWHERE = Alike("employer", "other", -2.5)
PAIR = DuplicatePair(ANA.ref, ANITA.ref, 0.9999, (SAME, FORM, ELSEWHERE))
GROUP = DuplicateGroup(
    "contact", 1, "sure", (HERS, ANA, ANITA), (PAIR, replace(PAIR, other=HERS.ref))
)


def report(*groups: DuplicateGroup, **more: Any) -> DuplicateReport:
    looked = (Looked("contact", "person", 900, 40, (Crowded("phone", "34910000000", 77),)),)
    links = {("salesforce", "Contact", "003A"): "https://acme.example/003A"}
    return DuplicateReport(tuple(count_tiers(groups)), groups, looked, READ, links, **more)


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "same e-mail, same name in another or a shorter form; different companies"),
        ("es", "mismo correo, mismo nombre en otra forma o más corto; empresas distintas"),
    ],
)
def test_a_reason_says_the_heaviest_first_and_what_speaks_against_it_last(
    language: str, said: str
) -> None:
    assert reason(PAIR, "person", language) == said


def test_what_differs_is_said_even_if_it_weighs_next_to_nothing() -> None:
    """Two of a family with one phone: that the first names differ decides it for whoever reads."""
    seen = (
        Alike("phone", "same", 9.0),
        Alike("name", "family_only", 0.1),
        Alike("place", "near", -0.1),
        Alike("employer", "other", -2.0),
    )
    told = reason(replace(PAIR, seen=seen), "person", "en")
    assert told == "same phone; same surname, different first name, different companies"
    facts = [Alike(what, "same", 9.0) for what in ("email", "place", "street", "postcode")]
    couple = (*facts, Alike("name", "family_only", 2.0))
    told = reason(replace(PAIR, seen=couple), "person", "en")
    assert told.endswith("; same surname, different first name")


def test_a_name_that_differs_is_never_left_out_for_heavier_facts() -> None:
    facts = ("email", "phone", "place", "date")
    seen = (Alike("name", "other", -1.0), *(Alike(what, "other", -5.0) for what in facts))
    told = reason(replace(PAIR, seen=seen), "person", "en")
    assert told == "different names, different e-mails, different phones"


def test_what_cannot_be_compared_is_said() -> None:
    mail = (Alike("email", "same", 5.0),)
    told = reason(replace(PAIR, seen=mail), "person", "en")
    assert told == "same e-mail; one of them has no name"
    town = (Alike("name", "same", 5.0), Alike("country", "same", 1.0))
    told = reason(replace(PAIR, seen=town), "company", "en")
    assert told == "same company name, same country; no domain, phone or tax id to compare"
    domain = (*town, Alike("domain", "same_label", 0.2))
    told = reason(replace(PAIR, seen=domain), "company", "en")
    assert told == "same company name, same country; domains that begin alike"


def test_what_held_a_pair_down_is_said_in_the_terminal() -> None:
    group = replace(GROUP, pairs=(replace(PAIR, guard="two_second_surnames"),))
    shown = duplicates_text(report(group), "en")
    assert "(held down by: two second surnames)" in shown


def test_a_reason_is_short_enough_to_judge_in_five_seconds() -> None:
    seen = [
        Alike(what, "same", n)
        for n, what in enumerate(("name", "phone", "place", "date", "street"), 1)
    ]
    pair = replace(PAIR, seen=tuple(seen[::-1]))
    assert reason(pair, "person", "en") == "same phone, same date of birth, same name, same street"


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_likeness_that_can_be_seen_has_words(subject: Any, language: str) -> None:
    known = SUBJECTS[subject]
    levels = {
        (what, level.name) for what, each in known.comparisons.items() for level in each.levels
    }
    told = {(what, each.name) for what, some in known.tellings.items() for each in some}
    assert levels | told == set(REASONS[subject])
    pair = replace(PAIR, seen=tuple(Alike(*each, 1.0) for each in sorted(levels)[:4]))
    assert "_" not in reason(pair, subject, language)
    assert set(known.keys) <= set(KEYS)


def test_a_terminal_shows_counts_records_reasons_and_which_one_stays() -> None:
    told = duplicates_text(report(GROUP), "en")
    assert "contact  sure           1        3         1               1" in told
    assert "keep   Salesforce Contact 003A" in told
    assert "merge  Salesforce Contact 003B" in told
    assert "link   HubSpot contacts 7" in told
    assert (
        "003A = 003B, 99.9 %: same e-mail, same name in another or a shorter form; different companies"
        in told
    )
    assert "Salesforce Contact 003A stays: it is linked to another system" in told
    assert "one of them opted out" in told
    assert "https://acme.example/003A" in told
    assert "nothing was merged, linked or written to a CRM" in told


def test_crowded_keys_are_told_without_the_value_that_is_shared() -> None:
    told = duplicates_text(report(GROUP), "en")
    assert "contact: 1 value of phone is shared by up to 77 records, so it compared nobody." in told
    assert "34910000000" not in told + duplicates_json(report(GROUP), "en")


def test_who_is_shown_is_masked_unless_asked() -> None:
    for made in (duplicates_text, duplicates_markdown, duplicates_csv, duplicates_json):
        assert "Gil" not in made(report(GROUP), "en")
        assert "Gil" in made(report(GROUP), "en", unmask=True)
    assert "ana@acme.example" not in duplicates_text(report(GROUP), "en")


def test_nothing_found_is_said() -> None:
    assert duplicates_text(report(), "en").startswith("Nobody was found twice.")
    assert "Nobody was found twice." in duplicates_markdown(report(), "en")


def test_no_probability_is_said_to_be_certain() -> None:
    assert (percent(1.0, "en"), percent(0.8514, "es")) == ("99.9 %", "85,1 %")


@pytest.mark.parametrize(("language", "delimiter"), [("en", ","), ("es", ";")])
def test_a_file_has_a_row_a_pair_and_a_place_for_what_somebody_decides(
    language: str, delimiter: str
) -> None:
    found = rows(duplicates_csv(report(GROUP), language), delimiter)
    assert list(found[0]) == list(COLUMNS)
    assert [(row["one_id"], row["other_id"], row["decision"]) for row in found] == [
        ("003A", "003B", ""),
        ("003A", "7", ""),
    ]


def test_no_cell_is_a_formula() -> None:
    group = replace(GROUP, records=(HERS, replace(ANA, name='=HYPERLINK("x")'), ANITA))
    (row, _) = rows(duplicates_csv(report(group), "en", unmask=True))
    assert not row["one_name"].startswith("=")
    book = load_workbook(io.BytesIO(duplicates_xlsx(report(group), "en", unmask=True)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_workbook_lets_a_person_choose_what_to_decide(language: str) -> None:
    book = load_workbook(io.BytesIO(duplicates_xlsx(report(GROUP), language)))
    pairs = book.worksheets[1]
    heads = [cell.value for cell in pairs[1]]
    assert len(heads) == len(COLUMNS)
    (choice,) = pairs.data_validations.dataValidation
    assert choice.formula1 == {"en": '"yes,no,unsure"', "es": '"sí,no,duda"'}[language]
    assert str(choice.sqref) == "L2:L3"
    assert heads[11] == {"en": "Decision", "es": "Decisión"}[language]


def test_programs_read_groups_merges_and_pairs() -> None:
    body = json.loads(duplicates_json(report(GROUP, tier="sure"), "en"))
    (group,) = body["groups"]
    assert [each["what"] for each in group["records"]] == ["link", "keep", "merge"]
    assert group["merges"][0] | {"said": ""} == {
        "system": "salesforce", "object": "Contact", "id": "003A", "into_it": ["003B"], "why": "linked", "said": "",
    }  # fmt: skip
    assert body["counts"] == [
        {"entity": "contact", "tier": "sure", "groups": 1, "records": 3, "surplus": 1, "links": 1}
    ]
    assert body["looked_at"][0]["crowded"] == [{"kind": "phone", "records": 77}]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "dataloader",
            ["Id,Duplicate_Group__c,Duplicate_Survivor__c", "003A,003A,TRUE", "003B,003A,FALSE"],
        ),
        (
            "insycle",
            ["Record ID,Duplicate group,Duplicate survivor", "003A,003A,Yes", "003B,003A,No"],
        ),
        ("demandtools", ["Winner ID,Duplicate ID", "003A,003B"]),
    ],
)
def test_accepted_merges_become_the_list_that_a_tool_takes(name: str, wanted: list[str]) -> None:
    assert list_csv(report(GROUP, accepted="sure"), name).splitlines() == wanted


def test_a_list_of_hubspot_goes_by_record_id() -> None:
    twice = replace(HERS, ref=Ref("hubspot", "contacts", "8"), key="d-key", ties=0)
    group = replace(GROUP, records=(HERS, twice))
    said = list_csv(report(group, accepted="sure"), "hubspot").splitlines()
    assert said == ["Record ID,Duplicate group,Duplicate survivor", "7,7,Yes", "8,7,No"]


def test_a_list_is_for_one_object_and_says_how_to_choose() -> None:
    lead = replace(ANA, ref=Ref("salesforce", "Lead", "00QA"), key="e-key")
    other = replace(lead, ref=Ref("salesforce", "Lead", "00QB"), key="f-key")
    mixed = replace(GROUP, records=(ANA, ANITA, lead, other))
    with pytest.raises(CrmsyncError, match="one object of one system") as raised:
        list_csv(report(mixed, accepted="sure"), "dataloader")
    assert "--object" in str(raised.value.remedy)
    only = replace(mixed, only=(None, "Lead"))
    assert list_csv(report(only, accepted="sure"), "demandtools").splitlines()[1:] == ["00QA,00QB"]


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(CrmsyncError, match="nothing to merge"):
        list_csv(report(replace(GROUP, records=(HERS, ANA)), accepted="sure"), "hubspot")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_has_a_cell_for_every_column(name: str) -> None:
    (merge,) = GROUP.merges()
    assert {len(row) for row in LISTS[name].rows(merge)} == {len(LISTS[name].columns)}


def test_what_a_crm_cannot_merge_is_said() -> None:
    four = [replace(ANA, ref=Ref("salesforce", "Contact", f"003{n}"), key=str(n)) for n in range(4)]
    assert "three at a time" in duplicates_text(report(replace(GROUP, records=tuple(four))), "en")
    deals = [replace(each, ref=Ref("salesforce", "Opportunity", each.ref.id)) for each in four[:2]]
    assert "merges no opportunities" in duplicates_text(
        report(replace(GROUP, records=tuple(deals))), "en"
    )
    lead = replace(ANA, ref=Ref("salesforce", "Lead", "00Q"), key="l")
    assert "convert the lead" in duplicates_text(report(replace(GROUP, records=(ANA, lead))), "en")


@pytest.mark.parametrize(
    ("id_", "written"),
    [
        ("-A7", "-A7"), ("+34600123456", "+34600123456"), ("=B2", "=B2"), ("@ana", "@ana"),
        ("a-7_x", "a-7_x"), ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+cmd|x!A1", "'+cmd|x!A1"),
    ],
)  # fmt: skip
def test_an_id_in_a_list_is_found_again_and_runs_nothing(id_: str, written: str) -> None:
    twice = replace(HERS, ref=Ref("hubspot", "contacts", id_), key="d-key", ties=0)
    group = replace(GROUP, records=(HERS, twice), pairs=())
    said = list(csv.reader(io.StringIO(list_csv(report(group, accepted="sure"), "insycle"))))
    assert [written, "7", "No"] in said
    book = load_workbook(
        io.BytesIO(duplicates_xlsx(report(group, accepted="sure"), "en", unmask=True))
    )
    cells = [cell for row in book["insycle contacts"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == id_] == ["s"]


def test_a_probability_has_the_comma_of_its_reader() -> None:
    (spanish, *_) = rows(duplicates_csv(report(GROUP), "es"), ";")
    assert spanish["probability"] == "0,9999"
    assert rows(duplicates_csv(report(GROUP), "en"))[0]["probability"] == "0.9999"


def test_decisions_that_contradict_each_other_are_named() -> None:
    refs = [Ref("hubspot", "contacts", each) for each in "123"]
    words: list[tuple[int, int, Any]] = [(0, 1, "yes"), (1, 2, "yes"), (0, 2, "no")]
    said = [
        PairDecision.of("contact", (refs[a], refs[b]), same, "ana", date(2026, 11, 2))
        for a, b, same in words
    ]
    told = duplicates_text(report(GROUP, torn=tuple(contradictions(said))), "en")
    line = next(each for each in told.splitlines() if "contradict" in each)
    assert "hubspot/contacts/1 – hubspot/contacts/3: no" in line
    assert "hubspot/contacts/1 – hubspot/contacts/2: yes" in line


def test_how_rare_a_name_is_is_told_where_it_decides() -> None:
    name = Alike("name", "same", 20.0, "same_rare")
    alone = replace(PAIR, seen=(name, ELSEWHERE))
    assert reason(alone, "person", "en").startswith("same name, rare in these records;")
    marked = replace(PAIR, seen=(name, SAME))
    assert reason(marked, "person", "en") == "same e-mail, same name"


def test_what_is_somebodys_own_is_said_first_and_where_they_are_last() -> None:
    facts = ("postcode", "name", "place", "email")
    seen = tuple(Alike(what, "same", 9.0 - n) for n, what in enumerate(facts))
    told = reason(replace(PAIR, seen=seen), "person", "en")
    assert told == "same e-mail, same name, same postal code, same city"
    shared = Alike("phone", "same_of_colleagues", 9.0)
    told = reason(replace(PAIR, seen=(shared, SAME)), "person", "en")
    assert told.startswith("same e-mail, same phone (colleagues may share it);")


def test_a_workbook_keeps_texts_as_they_are_and_runs_none_of_them() -> None:
    armed = replace(ANA, name="=1+1", facts=(("phone", "+34921352489"), ("fax", "-1")))
    group = replace(GROUP, records=(HERS, armed, ANITA))
    book = load_workbook(io.BytesIO(duplicates_xlsx(report(group), "en", unmask=True)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    texts = {str(cell.value): cell.data_type for cell in cells}
    assert {name for name, kind in texts.items() if kind == "s"} >= {"=1+1", "+34921352489 · -1"}
    assert not [text for text in texts if text.startswith("'")]


def test_names_in_two_alphabets_are_never_said_to_differ() -> None:
    told = reason(replace(PAIR, seen=(SAME, Alike("name", "two_alphabets", 0.0))), "person", "en")
    assert told == "same e-mail; names in two alphabets, which cannot be compared"
