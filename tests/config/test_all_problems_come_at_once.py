"""A mistake hides no other one, and none is made of what could not be read for another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.wrong_files import AUDIT, PROJECT
from crmsync.commands.lint import lint

COMPANY = """\
entity: company
seats:
  - {system: salesforce, object: Account}
  - {system: hubspot, object: companies}
match: [key, name]
fields:
  - {field: name, type: text, names: {salesforce: Name, hubspot: name}}
"""
CONTACT = """\
entity: contact
seats:
  - {system: salesforce, object: Contact}
  - {system: hubspot, object: contacts}
match: [key, email]
fields:
  - {field: email, type: email, names: {salesforce: Email, hubspot: email}}
  - {field: company, type: reference, to: company, names: {salesforce: AccountId, hubspot: companyid}}
  - {field: phone, type: phone, names: {salesforce: Phone, hubspot: phone}, on_conflict: newest}
  - {field: city, type: text, names: {salesforce: City, hubspot: city}}
  - {field: level, type: choice, names: {salesforce: Level, hubspot: level}, order: [a, b]}
  - {field: revenue, type: money, currency: EUR, names: {salesforce: Revenue, hubspot: revenue}}
  - {field: employer, type: text, names: {hubspot: employer},
     made_of: {salesforce: {transform: lookup, inputs: [company, name]}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "audits").mkdir()
    for name, text in (("company", COMPANY), ("contact", CONTACT)):
        (tmp_path / "mappings" / f"{name}.yml").write_text(text, encoding="utf-8")
    (tmp_path / "crmsync.yml").write_text(PROJECT + "  salesforce: {kind: salesforce}\n")
    return tmp_path


def told(folder: Path) -> list[str]:
    return [str(each).split(" (")[0] for each in lint(folder)]


def spoil(folder: Path, file: str, *changes: tuple[str, str]) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / file).write_text(text, encoding="utf-8")


def test_the_workspace_of_these_tests_is_right(folder: Path) -> None:
    assert told(folder) == []


def test_one_mistake_of_each_kind_in_every_file_is_told_once_and_nothing_else(folder: Path) -> None:
    spoil(
        folder,
        "crmsync.yml",
        ("currency: EUR", "currency: [EUR]"),
        ("kind: hubspot", "kind: hubspt"),
    )
    (folder / "crmsync.yml").write_text(
        (folder / "crmsync.yml").read_text() + "limits: {blnks: {at_most: 3}}\n"
    )
    spoil(folder, "mappings/company.yml", ("field: name, type: text", "feild: name, type: [text]"))
    spoil(
        folder, "mappings/contact.yml",
        ("field: email,", "fild: email,"),
        ("to: company,", "to: compnay,"),
        ("on_conflict: newest", "on_conflict: newst, blank: ingore"),
        ("{salesforce: City, hubspot: city}", "{salesforce: “City”, hubspt: city}"),
        ("order: [a, b]", "order: high, on_conflict: highest"),
        ("currency: EUR, ", "currency: 5, "),
        ("match: [key, email]", "match: [key, emial]"),
    )  # fmt: skip
    (folder / "audits" / "X01_tried.sql").write_text(
        AUDIT.replace("severity: error", "severity: erro").replace(
            "why: {en: a, es: b}", "why: {en: a}"
        )
    )
    assert told(folder) == [
        "audits/X01_tried.sql:2:4 CRM004 severity: 'erro' does not fit",
        "audits/X01_tried.sql:6:4 CRM051 why has no es",
        "crmsync.yml:2:1 CRM004 currency: a list does not fit",
        "crmsync.yml:4:13 CRM101 systems.hubspot: kind 'hubspt' is not known",
        "crmsync.yml:6:10 CRM020 unknown limit 'blnks'",
        "mappings/company.yml:7:6 CRM002 unknown key 'feild'",
        "mappings/company.yml:7:19 CRM004 field 'name': type: a list does not fit",
        "mappings/contact.yml:5:14 CRM040 match names no field: 'emial'",
        "mappings/contact.yml:7:6 CRM002 unknown key 'fild'",
        "mappings/contact.yml:8:39 CRM049 entity 'contact' names no entity 'compnay'",
        "mappings/contact.yml:9:77 CRM032 field 'phone': unknown policy 'newst'",
        "mappings/contact.yml:9:97 CRM004 field 'phone': blank: 'ingore' does not fit",
        "mappings/contact.yml:10:39 CRM001 a curly quote: it would be a part of the text",
        "mappings/contact.yml:10:59 CRM036 field 'city': no seat in system 'hubspt'",
        "mappings/contact.yml:11:78 CRM004 field 'level': order: 'high' does not fit",
        "mappings/contact.yml:12:35 CRM004 field 'revenue': currency: 5 does not fit",
    ]


@pytest.mark.parametrize(
    "text", ["entity: company\nseats: [\n", "", "- a\n", "entity: 5\n", "x: 1\n"]
)
def test_a_file_that_cannot_be_read_hides_nothing_and_makes_no_reference_wrong(
    folder: Path, text: str
) -> None:
    (folder / "mappings" / "company.yml").write_text(text)
    spoil(folder, "mappings/contact.yml", ("type: phone", "type: fone"))
    lines = told(folder)
    assert [each for each in lines if "contact.yml" in each] == [
        "mappings/contact.yml:9:20 CRM031 field 'phone': unknown type 'fone'"
    ]
    assert any("company.yml" in each for each in lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("field: email, type: email", "field: email, type: 5"),
        ("field: company, type: reference", "field: company, type: [reference]"),
        ("to: company,", "to: 5,"),
        ("to: company,", "too: company,"),
        ("order: [a, b]", "order: high, on_conflict: highest"),
        ("currency: EUR, ", "currency: 5, "),
        ("currency: EUR, ", "curency: EUR, "),
        ("{system: hubspot, object: contacts}", "{system: hubspot}"),
        ("{system: hubspot, object: contacts}", "{system: hubspot, objct: contacts}"),
        ("{salesforce: Phone, hubspot: phone}", "Phone"),
        ("{salesforce: Phone, hubspot: phone}, on_conflict: newest",
         "{salesforce: 5, hubspot: phone}, on_conflict: {prefer: salesforce}"),
        ("field: city,", "field: 5,"),
        ("match: [key, email]", "match: email"),
        ("match: [key, email]", "match: [key, 5]"),
        ("{salesforce: {transform: lookup, inputs: [company, name]}}", "lookup"),
        ("on_conflict: newest", "on_conflict: {prefer: hubspot, always: hubspot}"),
        ("on_conflict: newest", "on_conflict: {}"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(folder: Path, old: str, new: str) -> None:
    spoil(folder, "mappings/contact.yml", (old, new))
    assert len(told(folder)) == 1


def _field(name: str, key: str, value: Any) -> Callable[[Any], None]:
    def change(mapping: Any) -> None:
        next(each for each in mapping["fields"] if each["field"] == name)[key] = value

    return change


def _top(key: str, value: Any) -> Callable[[Any], None]:
    def change(mapping: Any) -> None:
        mapping[key] = value

    return change


MISTAKES: dict[str, Callable[[Any], None]] = {
    "CRM002 unknown key 'blnk'": _field("city", "blnk", "ask"),
    "CRM004 field 'level': order: 'high' does not fit": _field("level", "order", "high"),
    "CRM004 field 'phone': direction: 'up' does not fit": _field("phone", "direction", "up"),
    "CRM028 field 'phone': unknown region 'XX'": _field("phone", "region", "XX"),
    "CRM031 field 'level': unknown type 'chioce'": _field("level", "type", "chioce"),
    "CRM032 field 'city': unknown policy 'newst'": _field("city", "on_conflict", "newst"),
    "CRM034 field 'email': 'sticky' needs type flag, not email": _field(
        "email", "on_conflict", "sticky"
    ),
    "CRM036 field 'revenue': no seat in system 'sap'": _field(
        "revenue", "names", {"salesforce": "R", "hubspot": "r", "sap": "x"}
    ),
    "CRM040 match names no field: 'mail'": _top("match", ["key", "mail"]),
    "CRM043 field 'employer': a reference to nothing": _field("employer", "type", "reference"),
    "CRM044 field 'email': unknown timezone 'Mars'": _field("email", "timezone", "Mars"),
    "CRM049 entity 'contact' names no entity 'campaign'": _top("after", ["campaign"]),
    "CRM087 scope: no seat in system 'sap'": _top("scope", {"sap": {"A": "present"}}),
    "CRM004 scope.hubspot: 'x' does not fit": _top("scope", {"hubspot": "x"}),
    "CRM002 unknown key 'remark'": _top("remark", "x"),
}
PAIRS = [
    pair
    for pair in combinations(MISTAKES, 2)
    # One of the two would write over the other.
    if {each.split(" ")[1].split(".")[0] for each in pair} != {"scope", "scope:"}
]


@settings(max_examples=40, deadline=None)
@given(pair=st.sampled_from(PAIRS))
def test_two_mistakes_are_both_told(
    pair: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("two")
    yaml = YAML(typ="safe")
    mapping = yaml.load(CONTACT)
    for each in pair:
        MISTAKES[each](mapping)
    (root / "mappings").mkdir()
    (root / "mappings" / "company.yml").write_text(COMPANY)
    with (root / "mappings" / "contact.yml").open("w") as file:
        yaml.dump(mapping, file)
    (root / "crmsync.yml").write_text(PROJECT + "  salesforce: {kind: salesforce}\n")
    lines = [" ".join(line.split(" ")[1:]) for line in told(root)]
    for each in pair:
        assert any(line.startswith(each) for line in lines), lines
