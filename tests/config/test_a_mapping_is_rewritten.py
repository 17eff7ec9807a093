"""A mapping that is written anew keeps its comments, says what it said, and is stable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warehouse.shelf import ROOT

from crmsync.config.casting import cast_audit, cast_mapping
from crmsync.config.fitting import fitted
from crmsync.config.lifecycle_file import mapping_paths
from crmsync.config.lines import Document, read_yaml
from crmsync.config.mapping_text import MappingText, field_part, mapping_text, without_remarks
from crmsync.config.yaml_text import entry, item, remark
from crmsync.core.records import Native, Schema
from crmsync.errors import ConfigInvalid

FILES = mapping_paths(ROOT / "mappings")
SMALL = """\
# Ours.
entity: contact
seats:
  - {system: salesforce, object: Contact}
  - {system: salesforce, object: Lead, where: {IsConverted: false}}
  - {system: hubspot, object: contacts}
# In this order.
match:
  - email
  - [phone, email]

# The fields.
fields:
  # Who it is.
  - field: email
    type: email
    names: {salesforce: Email, hubspot: email}   # as it is

  - field: phone
    type: phone
    names: {salesforce: Phone, hubspot: phone}
    on_conflict: {prefer: hubspot}
"""


def plain(text: str) -> Any:
    document = read_yaml(text, "x.yml")
    assert isinstance(document, Document), document
    return document.value


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60
)
values = st.recursive(
    st.one_of(texts, st.booleans(), st.none(), st.integers(-9999, 9999)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, min_size=1, max_size=4))
def test_whatever_is_written_is_read_back(value: dict[str, Any]) -> None:
    lines = [line for key, each in value.items() for line in entry(key, each)]
    assert plain("\n".join(lines) + "\n") == value
    assert plain("\n".join(item(value, 2)) + "\n") == [value]


@given(texts)
def test_a_remark_stays_one_line(text: str) -> None:
    assert plain(f"a: b  # {remark(text)}\n") == {"a": "b"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_reference_file_without_a_change_is_the_same_to_the_letter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert mapping_text(text, path.name).text == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_reference_field_is_written_in_its_own_style(path: Path) -> None:
    mapping = mapping_text(path.read_text(encoding="utf-8"), path.name)
    anew = [part.with_value({}).with_value(part.value).text for part in mapping.fields]
    assert [plain(text) for text in anew] == [[part.value] for part in mapping.fields]


def test_comments_stay_where_a_part_changes() -> None:
    mapping = mapping_text(SMALL, "x").head_changed("match", lambda rules: rules[:1])
    assert "# In this order.\nmatch:\n  - email\n\n# The fields.\n" in mapping.text
    assert "# Ours.\nentity: contact\n" in mapping.text


def test_comments_within_a_field_stay_above_their_key() -> None:
    text = (
        SMALL.replace("    on_conflict:", "    # Theirs is newer.\n    on_conflict:")
        + "    # The end.\n"
    )
    cast = cast_mapping(
        mapping_text(text, "x"), {"salesforce": ("crm",), "hubspot": ("shop",)}
    ).text
    assert cast.endswith(
        "    names: {crm: Phone, shop: phone}\n    # Theirs is newer.\n"
        "    on_conflict: {prefer: shop}\n    # The end.\n"
    )


def test_a_long_map_of_values_fills_its_lines() -> None:
    values = {f"Option number {n}": f"option_{n}" for n in range(9)}
    lines = entry("salesforce", values, 6)
    assert len(lines) == 3
    assert max(map(len, lines)) <= 100
    assert lines[1].startswith(" " * len("      salesforce: {") + "Option")
    assert plain("\n".join(lines) + "\n") == {"salesforce": values}


def test_a_commented_field_counts_again_without_its_signs() -> None:
    mapping = mapping_text(SMALL, "x")
    quiet = MappingText(mapping.head, (mapping.fields[0].as_comment("no"), mapping.fields[1]))
    assert [each["field"] for each in plain(quiet.text)["fields"]] == ["phone"]
    assert "  # Who it is.\n  # no\n  # - field: email\n  #   type: email\n" in quiet.text
    loud = quiet.text.replace("  # no\n", "").replace("  # - ", "  - ").replace("  #   ", "    ")
    assert plain(loud) == plain(SMALL)


def test_a_mapping_of_another_layout_keeps_what_it_says() -> None:
    odd = "fields: [{field: a, type: text, names: {x: A, y: a}}]\nentity: contact\nseats: []\n"
    again = mapping_text(odd, "x").text
    assert plain(again) == plain(odd)
    assert mapping_text(again, "x").text == again


def test_what_is_no_yaml_says_where() -> None:
    with pytest.raises(ConfigInvalid) as error:
        mapping_text("a: [", "mappings/x.yml")
    assert error.value.problems[0].file == "mappings/x.yml"


def test_a_field_is_added_under_its_remarks() -> None:
    part = field_part({"field": "tier", "type": "choice", "values": {"a": {"#1: x": "yes"}}}, ["b"])
    assert part.text.startswith("\n  # b\n  - field: tier\n")
    assert plain(part.text) == [part.value]


CRM = {"salesforce": ("crm",), "hubspot": ("marketing", "shop")}


def test_other_systems_play_the_parts_of_the_reference_set() -> None:
    cast = cast_mapping(mapping_text(SMALL, "x"), CRM)
    said = plain(cast.text)
    assert [seat["system"] for seat in said["seats"]] == ["crm", "crm", "marketing", "shop"]
    assert said["fields"][0]["names"] == {"crm": "Email", "marketing": "email", "shop": "email"}
    # Two systems play the one that would win, so a person decides.
    assert said["fields"][1]["on_conflict"] == "ask"
    assert "  # Who it is.\n  - field: email\n" in cast.text
    assert cast_mapping(mapping_text(SMALL, "x"), {"salesforce": ("b",), "hubspot": ("c",)}).values[
        "fields"
    ][1]["on_conflict"] == {"prefer": "c"}


def test_two_systems_may_swap_names() -> None:
    swapped = {"salesforce": ("hubspot",), "hubspot": ("salesforce",)}
    said = cast_mapping(mapping_text(SMALL, "x"), swapped).values
    assert said["fields"][0]["names"] == {"hubspot": "Email", "salesforce": "email"}
    assert (
        cast_audit("SELECT salesforce_id, hubspot_id", swapped)
        == "SELECT hubspot_id, salesforce_id"
    )


def test_a_system_nobody_knows_yet_has_the_names_of_both_by_object() -> None:
    said = cast_mapping(mapping_text(SMALL, "x"), {"salesforce": ("x",), "hubspot": ("x",)}).values
    assert said["fields"][0]["names"] == {
        "x": {"Contact": "Email", "Lead": "Email", "contacts": "email"}
    }
    assert said["fields"][1]["on_conflict"] == "ask"


def test_names_that_fit_leave_the_file_as_it_is() -> None:
    cast = {"salesforce": ("salesforce",), "hubspot": ()}
    assert cast_mapping(mapping_text(SMALL, "x"), cast).text == SMALL


def test_an_audit_asks_the_systems_that_are_there() -> None:
    text = (
        "-- why: {en: 'in salesforce'}\n-- needs: [salesforce:contact.x, system:hubspot]\n"
        "SELECT hubspot_id, 'hubspot' AS system, 'only in salesforce here' FROM contact_pair\n"
    )
    assert cast_audit(text, CRM) == (
        "-- why: {en: 'in salesforce'}\n-- needs: [crm:contact.x, system:marketing]\n"
        "SELECT marketing_id, 'marketing' AS system, 'only in salesforce here' FROM contact_pair\n"
    )


def schema(system: str, object_: str, *names: str) -> Schema:
    return Schema(system, object_, {name: Native(name, "string") for name in names})


PEOPLE = {
    ("salesforce", "Contact"): schema("salesforce", "Contact", "Email", "Phone"),
    ("salesforce", "Lead"): schema("salesforce", "Lead", "Email", "Phone"),
    ("hubspot", "contacts"): schema("hubspot", "contacts", "email", "phone"),
}


def test_a_mapping_that_fits_stays_to_the_letter() -> None:
    found = fitted(mapping_text(SMALL, "x"), PEOPLE)
    assert (found.mapping.text, found.left_out) == (SMALL, ())


def test_a_field_that_is_not_there_is_commented_and_its_match_rule_goes() -> None:
    lost = PEOPLE | {("hubspot", "contacts"): schema("hubspot", "contacts", "phone")}
    found = fitted(mapping_text(SMALL, "x"), lost)
    said = plain(found.mapping.text)
    assert [each["field"] for each in said["fields"]] == ["phone"]
    assert said["match"] == []
    assert found.left_out == ("email: not there, or not readable: hubspot email",)
    assert f"  # {found.left_out[0]}\n  # - field: email\n" in found.mapping.text


def test_a_field_that_one_object_lacks_keeps_the_others() -> None:
    lost = PEOPLE | {("salesforce", "Lead"): schema("salesforce", "Lead", "Email")}
    found = fitted(mapping_text(SMALL, "x"), lost)
    phone = plain(found.mapping.text)["fields"][1]
    assert phone["names"] == {"salesforce": {"Contact": "Phone"}, "hubspot": "phone"}
    assert found.left_out == ("phone: only in salesforce Contact",)


def test_an_object_that_cannot_be_read_is_left_out_with_its_reason() -> None:
    lost: Any = PEOPLE | {("salesforce", "Lead"): "no such object"}
    found = fitted(mapping_text(SMALL, "x"), lost)
    assert [seat["object"] for seat in plain(found.mapping.text)["seats"]] == [
        "Contact",
        "contacts",
    ]
    assert "  # salesforce Lead: no such object\n" in found.mapping.text


def test_a_third_system_may_lack_a_field() -> None:
    three = SMALL.replace("names: {salesforce: Email,", "names: {erp: Mail, salesforce: Email,")
    three = three.replace(
        "  - {system: hubspot", "  - {system: erp, object: kunde}\n  - {system: hubspot"
    )
    found = fitted(
        mapping_text(three, "x"), PEOPLE | {("erp", "kunde"): schema("erp", "kunde", "Name")}
    )
    assert plain(found.mapping.text)["fields"][0]["names"] == {
        "salesforce": "Email",
        "hubspot": "email",
    }


MADE = (
    SMALL
    + """\

  - field: whole_name
    type: text
    names: {hubspot: full_name}
    made_of:
      salesforce: {transform: concat, inputs: [FirstName, LastName]}

  - field: company_name
    type: text
    names: {hubspot: company}
    made_of: {salesforce: {transform: lookup, inputs: [company, name]}}

  - field: mobile
    type: phone
    country_from: email
    names: {salesforce: Mobile, hubspot: mobile}
"""
)


def test_what_a_value_is_made_of_has_to_be_there_too() -> None:
    names = ("Email", "Phone", "FirstName", "Mobile")
    there = {
        ("salesforce", "Contact"): schema("salesforce", "Contact", *names, "LastName"),
        ("salesforce", "Lead"): schema("salesforce", "Lead", *names),
        ("hubspot", "contacts"): schema(
            "hubspot", "contacts", "email", "phone", "full_name", "mobile"
        ),
    }
    found = fitted(mapping_text(MADE, "x"), there)
    whole = plain(found.mapping.text)["fields"][2]
    assert list(whole["made_of"]["salesforce"]) == ["Contact"]
    lost = there | {("salesforce", "Contact"): there["salesforce", "Lead"]}
    gone = fitted(mapping_text(MADE, "x"), lost)
    assert "whole_name: not there, or not readable: salesforce FirstName, LastName" in gone.left_out


def test_nothing_asks_for_a_field_that_was_taken_out() -> None:
    there = {
        ("salesforce", "Contact"): schema("salesforce", "Contact", "Phone", "Mobile"),
        ("hubspot", "contacts"): schema("hubspot", "contacts", "phone", "mobile", "company"),
    }
    text = MADE.replace("object: contacts}", "object: contacts, create: {when: {email: present}}}")
    said = plain(fitted(mapping_text(text, "x"), there).mapping.text)
    by_name = {each["field"]: each for each in said["fields"]}
    assert "email" not in by_name
    assert "country_from" not in by_name["mobile"]
    assert "made_of" not in by_name["company_name"]
    assert said["match"] == []
    assert said["seats"][2]["create"] == "ask"


def test_what_a_value_is_made_of_is_cast_as_well() -> None:
    swapped = {"salesforce": ("x",), "hubspot": ("x",)}
    said = cast_mapping(mapping_text(MADE, "x"), swapped).values["fields"][2]
    assert said["names"] == {"x": {"contacts": "full_name"}}
    assert list(said["made_of"]["x"]) == ["Contact", "Lead"]


def test_remarks_of_an_earlier_proposal_are_taken_out() -> None:
    text = SMALL + "\n  # To decide: x.\n  # - field: y\n\n  # Mine: keep.\n"
    assert without_remarks(text, ("To decide:",)) == SMALL + "\n  # Mine: keep.\n"


def test_a_reason_too_long_for_one_line_has_a_line_in_each_language() -> None:
    why = {"en": f"It is {'very ' * 9}right.", "es": f"Es {'muy, ' * 9}cierto."}
    written = "\n".join(entry("why", why, 4))
    assert written == f"    why:\n      en: {why['en']}\n      es: {why['es']}"
