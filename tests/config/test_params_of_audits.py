"""An audit asks for its numbers as params, a workspace sets them, and slips are told with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsync.commands.files import Files, read_files

AUDIT = """-- id: A01
-- severity: info
-- entity: contact
-- category: hygiene
-- summary: {en: "Old contacts", es: "Contactos antiguos"}
-- why: {en: "Old.", es: "Viejos."}
-- remedy: {en: "Ask.", es: "Pregunte."}
-- params: {days: 365, share: 0.5, words: [info, ventas]}

SELECT system, object, id FROM contact
WHERE modified_at < $as_of - to_days($days) AND 1 > $share AND NOT list_contains($words, id)
"""
PROJECT = "name: here\nregion: ES\nsystems:\n  hubspot: {kind: hubspot, token: '${T}'}\n"
MAPPING = (
    "entity: contact\nseats:\n  - {system: hubspot, object: contacts, create: never}\nmatch: [key]\nfields:\n"
    "  - {field: email, type: email, names: {hubspot: email}}\n"
)


def read(folder: Path, *, audit: str = AUDIT, settings: str = "") -> Files:
    texts = {
        "crmsync.yml": PROJECT + settings,
        "mappings/contact.yml": MAPPING,
        "audits/A01_old.sql": audit,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return read_files(folder)


def told(files: Files) -> list[str]:
    return [
        f"{each.file}:{each.line}:{each.column} {each.code} {each.message} ({each.remedy})"
        for each in files.problems
    ]


def set_to(text: str) -> str:
    return f"audits:\n  settings:\n    {text}\n"


def test_a_workspace_sets_what_it_wants_and_the_rest_stays(tmp_path: Path) -> None:
    files = read(tmp_path, settings=set_to("A01: {days: 180, share: 1}"))
    assert told(files) == []
    assert files.audits[0].params == {"days": 180, "share": 1, "words": ["info", "ventas"]}


def test_without_settings_the_audit_s_own_params_count(tmp_path: Path) -> None:
    files = read(tmp_path)
    assert told(files) == []
    assert files.audits[0].params["days"] == 365


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("A10: {days: 3}", "7:5 CRM096 no audit 'A10' (did you mean 'A01'?)"),
        ("A01: {dais: 3}", "7:11 CRM097 audit A01 has no param 'dais' (did you mean 'days'?)"),
        ("A01: {days: soon}", "7:11 CRM098 days of audit A01: 'soon' does not fit (write something like 365)"),
        ("A01: {words: 3}", "7:11 CRM098 words of audit A01: 3 does not fit (write something like ['info', 'ventas'])"),
    ],
)  # fmt: skip
def test_a_slip_in_the_settings_has_its_place(tmp_path: Path, settings: str, says: str) -> None:
    assert told(read(tmp_path, settings=set_to(settings))) == [f"crmsync.yml:{says}"]


def test_what_is_asked_for_must_be_a_param_and_a_param_be_asked_for(tmp_path: Path) -> None:
    audit = AUDIT.replace("$days", "$dais")
    assert told(read(tmp_path, audit=audit)) == [
        "audits/A01_old.sql:8:13 CRM099 no query asks for the param 'days' (remove it, or ask for $days)",
        "audits/A01_old.sql:11:38 CRM099 the query asks for $dais, which is no param (did you mean 'days'?)",
    ]


def test_settings_are_not_judged_while_an_audit_cannot_be_read(tmp_path: Path) -> None:
    files = read(tmp_path, audit="-- id: [\n", settings=set_to("A01: {days: 3}"))
    assert all(each.file.startswith("audits/") for each in files.problems)


@pytest.mark.parametrize("name", ["seconds", "most"])
def test_a_bound_of_nothing_is_refused(tmp_path: Path, name: str) -> None:
    assert told(read(tmp_path, settings=f"audits:\n  {name}: 0\n")) == [
        f"crmsync.yml:6:3 CRM004 audits.{name}: 0 does not fit (write a number above 0, or leave it out)"
    ]
