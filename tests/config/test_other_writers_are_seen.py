"""What crmsync.yml says of other writers is checked, and circles with them are told before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import ROOT

from crmsync.cli.main import run
from crmsync.commands.init import init
from crmsync.commands.lint import linted
from crmsync.config.project import read_project
from crmsync.core.writers import Copy, Writer
from crmsync.errors import ExitCode, Problem

PROJECT = """\
name: tried
currency: EUR
systems:
  salesforce: {kind: salesforce, url: "${S_URL}", token: "${S_TOKEN}"}
  hubspot: {kind: hubspot, token: "${HUBSPOT_TOKEN}"}
writers:
  - name: Connector
    kind: native_connector
    copies:
"""
PHONES = "{from: salesforce/Contact.Phone, to: hubspot/contacts.phone, rule: two_way}"
HARMLESS = "{from: hubspot/companies.city, to: hubspot/contacts.notes_city}"
REMEDY = "or take it out of Connector; or say under `agreed:` why it may stay"
SYSTEMS = "use one of salesforce, hubspot"
SPOT = "write system/object.field, as in hubspot/contacts.phone"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The reference workspace."""
    init(tmp_path)
    return tmp_path


def declared(folder: Path, *copies: str, more: str = "") -> None:
    lines = "".join(f"      - {copy}\n" for copy in copies) or "      []\n"
    (folder / "crmsync.yml").write_text(PROJECT + lines + more, encoding="utf-8")


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in linted(folder).problems]


def remarks(folder: Path) -> list[str]:
    """Those about writers: the reference mapping is told a few things of its values, too."""
    found = linted(folder).remarks
    return [str(problem) for problem in found if problem.code.startswith("CRM06")]


def test_a_declaration_becomes_a_value(folder: Path) -> None:
    declared(folder, PHONES, HARMLESS, more="    agreed: it was there first\n")
    project = read_project(folder)
    assert not isinstance(project, list)
    assert project.writers == [
        Writer(
            "Connector",
            [
                Copy("salesforce/Contact.Phone", "hubspot/contacts.phone", "two_way"),
                Copy("hubspot/companies.city", "hubspot/contacts.notes_city"),
            ],
            "native_connector",
            "it was there first",
        )
    ]


def test_a_writer_that_closes_no_circle_is_fine(folder: Path) -> None:
    declared(folder, HARMLESS)
    assert (told(folder), remarks(folder)) == ([], [])


def test_a_circle_with_the_connector_is_told_at_its_line(folder: Path) -> None:
    declared(folder, HARMLESS, PHONES)
    assert told(folder) == [
        "crmsync.yml:11:9 CRM067 values go in a circle: salesforce/Contact.Phone → [crmsync contact.phone] → "
        "hubspot/contacts.phone → [Connector] → salesforce/Contact.Phone "
        f"(leave the field to one: `direction: none` in contact.phone, {REMEDY})"
    ]


def test_a_reason_turns_a_circle_into_a_remark(folder: Path) -> None:
    declared(folder, PHONES, more="    agreed: sales insists\n")
    assert told(folder) == []
    (remark,) = remarks(folder)
    assert remark.startswith(
        "crmsync.yml:10:9 CRM069 values go in a circle, as agreed: salesforce/"
    )
    assert remark.endswith("(because: sales insists)")


def test_a_reason_of_one_writer_does_not_speak_for_another(folder: Path) -> None:
    flow = (
        "    agreed: sales insists\n  - name: Flow\n    copies:\n"
        "      - {from: salesforce/Contact.Phone, to: salesforce/Contact.MobilePhone}\n"
    )
    back = "{from: salesforce/Contact.MobilePhone, to: salesforce/Contact.Phone}"
    declared(folder, back, more=flow)
    assert [line.split(" ")[1] for line in told(folder)] == ["CRM067"]
    assert remarks(folder) == []


def test_leaving_the_field_to_the_connector_mends_it(folder: Path) -> None:
    declared(folder, PHONES)
    path = folder / "mappings" / "contact.yml"
    names = "names: {salesforce: Phone, hubspot: phone}\n"
    path.write_text(path.read_text().replace(names, names + "    direction: none\n"))
    assert told(folder) == []


@pytest.mark.parametrize(
    ("copy", "lines"),
    [
        ("{from: contacts.phone, to: hubspot/contacts.x}", [
            f"10:10 CRM062 'contacts.phone' is no native field ({SPOT})",
        ]),
        ("{from: hubspot/contacts, to: hubspot/contacts.x}", [
            f"10:10 CRM062 'hubspot/contacts' is no native field ({SPOT})",
        ]),
        ("{from: hubspt/contacts.a, to: pipedrive/Person.x}", [
            "10:10 CRM063 'hubspt/contacts.a': no system 'hubspt' (did you mean 'hubspot'?)",
            f"10:35 CRM063 'pipedrive/Person.x': no system 'pipedrive' ({SYSTEMS})",
        ]),
        ("{from: hubspot/contact.a, to: hubspot/zzzz.x}", [
            "10:10 CRM063 'hubspot/contact.a': no seat in object 'contact' of hubspot (did you mean 'contacts'?)",
            "10:35 CRM063 'hubspot/zzzz.x': no seat in object 'zzzz' of hubspot "
            "(use one of companies, contacts, deals)",
        ]),
        ("{from: hubspot/contacts.Phone, to: hubspot/contacts.x}", [
            "10:10 CRM064 'hubspot/contacts.Phone' is not mapped under this spelling (did you mean 'phone'?)",
        ]),
        ("{from: hubspot/contacts.a, to: hubspot/contacts.a}", [
            "10:9 CRM065 'hubspot/contacts.a' is copied onto itself (correct one of its ends)",
        ]),
        (f"{HARMLESS}\n      - {HARMLESS}", [
            "11:9 CRM066 'hubspot/companies.city' is copied to 'hubspot/contacts.notes_city' twice "
            "(remove one; `two_way` copies back, too)",
        ]),
        ("{from: hubspot/contacts.a, to: hubspot/contacts.b, rule: twoway}", [
            "10:60 CRM004 writers.1.copies.1.rule: 'twoway' does not fit (use 'one_way' or 'two_way')",
        ]),
        ("{form: hubspot/contacts.a, to: hubspot/contacts.b}", [
            "10:10 CRM002 unknown key 'form' (did you mean 'from'?)",
        ]),
        ("{from_: hubspot/contacts.a, from: hubspot/contacts.a, to: hubspot/contacts.b}", [
            "10:10 CRM002 unknown key 'from_' (did you mean 'from'?)",
        ]),
    ],
)  # fmt: skip
def test_a_wrong_copy_is_told_with_its_place_and_remedy(
    folder: Path, copy: str, lines: list[str]
) -> None:
    declared(folder, copy)
    assert told(folder) == [f"crmsync.yml:{line}" for line in lines]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("'  '", "7:5 CRM026 '  ' cannot be the name of a writer (use a short name on one line)"),
        ('"a\\e[31m"', "7:5 CRM026 'a\\x1b[31m' cannot be the name of a writer (use a short name on one line)"),
        ("crmsync contact.phone",
         "7:5 CRM026 'crmsync contact.phone' cannot be the name of a writer (use a short name on one line)"),
    ],
)  # fmt: skip
def test_a_writer_needs_a_name_that_can_be_shown(folder: Path, name: str, line: str) -> None:
    declared(folder, HARMLESS)
    path = folder / "crmsync.yml"
    path.write_text(path.read_text().replace("name: Connector", f"name: {name}"))
    assert told(folder) == [f"crmsync.yml:{line}"]


def test_two_writers_of_one_name_are_told(folder: Path) -> None:
    declared(folder, HARMLESS, more="  - {name: Connector, copies: []}\n")
    assert told(folder) == [
        "crmsync.yml:11:6 CRM066 writer 'Connector' is there twice (merge them)"
    ]


def test_a_field_nobody_maps_is_fine_and_one_that_is_nearly_mapped_is_remarked(
    folder: Path,
) -> None:
    declared(folder, "{from: salesforce/Contact.MailingCyti, to: salesforce/Contact.Favourite__c}")
    assert told(folder) == []
    assert remarks(folder) == [
        "crmsync.yml:10:10 CRM064 'salesforce/Contact.MailingCyti' is not mapped "
        "(leave it if it is another field; did you mean 'MailingCity'?)"
    ]


def test_two_entities_that_write_one_native_field_are_told_at_the_second(folder: Path) -> None:
    declared(folder, HARMLESS)
    (folder / "mappings" / "person.yml").write_text(
        "entity: person\nseats: [{system: salesforce, object: Contact}, {system: hubspot, object: contacts}]\n"
        "match: [key]\nfields:\n  - field: line\n    type: phone\n    direction: {to: salesforce}\n"
        "    names: {salesforce: Phone, hubspot: phone}\n"
    )
    assert told(folder) == [
        "mappings/person.yml:5:5 CRM068 salesforce/Contact.Phone is written by 'contact.phone' and 'person.line' "
        "(leave it to one of them: `direction: none` in the other, or a `where` that keeps them apart)"
    ]


def test_a_native_field_that_one_entity_maps_twice_is_told_as_that_alone(folder: Path) -> None:
    declared(folder, HARMLESS)
    path = folder / "mappings" / "contact.yml"
    names = "names: {salesforce: Phone, hubspot: phone}"
    assert names in path.read_text()
    again = f"  - {{field: line, type: phone, {names}}}\n"
    path.write_text(path.read_text().rstrip("\n") + f"\n{again}")
    assert [each.split(" ")[1] for each in told(folder)] == ["CRM038", "CRM038"]


def test_two_fields_that_each_go_one_way_round_are_told_at_ours(folder: Path) -> None:
    declared(folder, HARMLESS)
    path = folder / "mappings" / "contact.yml"
    names = "names: {salesforce: Phone, hubspot: phone}\n"
    path.write_text(path.read_text().replace(names, names + "    direction: {to: hubspot}\n"))
    (folder / "mappings" / "person.yml").write_text(
        "entity: person\nseats: [{system: salesforce, object: Contact}, {system: hubspot, object: contacts}]\n"
        "match: [key]\nfields:\n  - field: line\n    type: phone\n    direction: {to: salesforce}\n"
        "    names: {salesforce: Phone, hubspot: phone}\n"
    )
    (line,) = told(folder)
    assert line.startswith("mappings/contact.yml:")
    assert "[crmsync contact.phone] → hubspot/contacts.phone → [crmsync person.line]" in line
    assert line.endswith("(write `direction: none` in one of contact.phone, person.line)")


def test_a_reason_cannot_command_a_terminal(folder: Path) -> None:
    declared(folder, PHONES, more='    agreed: "sales\\e[2J\\ninsists"\n')
    (remark,) = remarks(folder)
    assert remark.endswith("(because: sales [2J insists)")


def test_the_command_says_it_in_every_format_and_ends_with_3(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRMSYNC_LANG", raising=False)
    declared(folder, PHONES, "{from: salesforce/Contact.MailingCyti, to: hubspot/contacts.x}")

    def said(*words: str) -> str:
        with pytest.raises(SystemExit) as left:
            run(["lint", "--workspace", str(folder), *words])
        assert left.value.code == ExitCode.CONFIG_INVALID
        return capsys.readouterr().out

    text = said().splitlines()
    assert "CRM067" in text[0]
    assert text[1].startswith("Note: crmsync.yml:11:10 CRM064")
    spanish = said("--lang", "es")
    assert "los valores dan vueltas: salesforce/Contact.Phone → [crmsync contact.phone]" in spanish
    assert "Aviso: crmsync.yml:11:10 CRM064" in spanish
    assert "¿quiso decir 'MailingCity'?" in spanish
    error, notice, *_ = said("--format", "github").splitlines()
    assert error.startswith("::error file=crmsync.yml,line=10,col=9::CRM067")
    assert notice.startswith("::notice file=crmsync.yml,line=11,col=10::CRM064")
    assert '"level": "notice"' in said("--format", "json")


def test_remarks_alone_end_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared(folder, PHONES, more="    agreed: sales insists\n")
    run(["lint", "--workspace", str(folder)])
    out = capsys.readouterr().out
    assert "CRM069" in out
    assert "No problems." in out


def test_an_export_is_never_written_and_so_closes_no_circle(folder: Path) -> None:
    declared(folder, PHONES)
    project = read_project(folder)
    assert not isinstance(project, list | Problem)
    systems = {
        "event": {"kind": "files", "objects": {"people": {"file": "p.csv"}}},
        "base": {"kind": "sql", "objects": {"a": {"table": "a"}, "b": {"table": "b", "key": "k"}}},
    }
    from dataclasses import replace

    assert replace(project, systems=systems).read_only() == {("event", "people"), ("base", "a")}


def test_what_the_guide_shows_is_what_lint_says(folder: Path) -> None:
    guide = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    section = guide.split("## Other writers\n")[1].split("\n## ")[0]
    blocks = section.split("```")
    fence = "yaml crmsync.yml\n"
    (shown,) = [block.removeprefix(fence) for block in blocks if block.startswith(fence)]
    shown, agreed = shown.split("    agreed: ")
    assert agreed.strip(), "the example says why its circle is agreed; without that it is told"
    (path,) = [block.removeprefix("text\n") for block in blocks if block.startswith("text\n")]
    head = PROJECT[: PROJECT.index("writers:")]
    (folder / "crmsync.yml").write_text(head + shown, encoding="utf-8")
    (line,) = told(folder)
    assert " ".join(path.split()) in line
