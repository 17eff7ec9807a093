"""Stories beside a workspace's own audits: they prove it, or say what was found instead; what has none is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from crmsync.commands.init import init
from crmsync.errors import ExitCode
from crmsync.language import translate_said

AUDIT = """\
-- id: Z01
-- severity: warning
-- entity: contact
-- category: tried
-- summary: {en: "Contacts without a job title", es: "Contactos sin cargo"}
-- why: {en: a, es: b}
-- remedy: {en: a, es: b}
-- needs: [contact.job_title]
SELECT system, object, id, 'job_title' AS field FROM contact WHERE job_title IS NULL AND email IS NOT NULL
"""
STORIES = """\
fail:
  - story: somebody with an address has no title
    finds: [Contact/003A, contacts/1]
    salesforce: {Contact: [{_id: 003A, LastName: Gil, Email: gil@acme.example}]}
    hubspot: {contacts: [{_id: "1", email: sol@acme.example}, {_id: "2", jobtitle: CEO}]}
pass:
  - story: nobody can be written to
    systems: [salesforce]
    salesforce: {Contact: [{_id: 003A, LastName: Gil}]}
"""
CHECKS = """\
checks:
  - {id: W1, check: required, entity: deal, field: amount}
  - {id: W2, check: fresh, entity: contact, field: modified_at, days: 30}
"""
CHECKED = """\
fail:
  - story: a deal without an amount
    audit: W1
    systems: [hubspot]
    finds: [deals/1]
    hubspot: {deals: [{_id: "1", dealname: Uno}, {_id: "2", amount: "3"}]}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    init(folder)
    write(folder, "Z01_title.sql", AUDIT)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / "audits" / name).write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_an_audit_that_does_as_its_stories_say_is_proved(workspace: Path, crm: Crm) -> None:
    write(workspace, "Z01_title.examples.yml", STORIES)
    write(workspace, "own.yml", CHECKS)
    write(workspace, "own.examples.yml", CHECKED)
    said = crm("audit", "--examples", "--workspace", workspace)
    assert (said.code, said.err) == (ExitCode.OK, "")
    assert said.out == "3 stories told, and every audit does as they say.\n"
    assert not (workspace / ".crmsync").exists(), "it reads no CRM and leaves nothing"


@pytest.mark.slow
def test_a_story_that_is_not_so_says_what_was_found_instead(workspace: Path, crm: Crm) -> None:
    wrong = STORIES.replace("contacts/1]", "contacts/2]").replace(
        "LastName: Gil}]}\n", "LastName: Gil, Email: a@b.example}]}\n"
    )
    write(workspace, "Z01_title.examples.yml", wrong)
    said = crm("audit", "--examples", "--workspace", workspace)
    assert said.code == ExitCode.CONFIG_INVALID
    first, second = said.err.splitlines()
    assert first == (
        "audits/Z01_title.examples.yml:2:1 CRM125 Z01 fail 'somebody with an address has no title': found "
        "Contact/003A, contacts/1 instead of Contact/003A, contacts/2 (correct the audit, or the story)"
    )
    assert "'nobody can be written to': found Contact/003A instead of nothing" in second
    told = translate_said("Z01 pass 'b': found Contact/003A instead of nothing", "es")
    assert told == "Z01 pass 'b': encontró Contact/003A en vez de nada"


@pytest.mark.slow
def test_an_audit_whose_query_is_wrong_fails_its_stories(workspace: Path, crm: Crm) -> None:
    write(workspace, "Z01_title.sql", AUDIT.replace("AND email", "AND emial"))
    write(workspace, "Z01_title.examples.yml", STORIES)
    said = crm("audit", "--examples", "--workspace", workspace)
    assert said.code == ExitCode.CONFIG_INVALID
    assert "no table of the query has a column 'emial' (use email" in said.err


@pytest.mark.slow
def test_a_story_without_what_its_audit_needs_says_so(workspace: Path, crm: Crm) -> None:
    write(
        workspace,
        "Z01_title.sql",
        AUDIT.replace("[contact.job_title]", "[contact.job_title, 'system:hubspot']"),
    )
    write(workspace, "Z01_title.examples.yml", STORIES)
    said = crm("audit", "--examples", "--workspace", workspace)
    assert "'nobody can be written to': not checked, for want of system:hubspot" in said.err


def test_an_own_audit_without_stories_is_noted_and_no_mistake(workspace: Path, crm: Crm) -> None:
    linted = crm("lint", "--workspace", workspace)
    assert linted.code == ExitCode.OK
    assert "Note: audits/Z01_title.sql:1:1 CRM126 audit Z01 has no examples" in linted.out
    assert linted.out.count("CRM126") == 1, "reference audits have theirs"
    said = crm("audit", "--examples", "--workspace", workspace)
    assert (said.code, said.err) == (ExitCode.OK, "No examples beside audits/Z01_title.sql.\n")


SLIPS = {
    "no list": ("fail: {story: a}\n", "1:1 CRM124 stories stand in a list under `fail:` or `pass:`"),
    "another key": ("fial: []\n", "1:1 CRM124 unknown key 'fial' (did you mean 'fail'?)"),
    "no story": (
        STORIES.replace("story: nobody can be written to", "storie: nobody"),
        "'storie' (did you mean 'story'?)"),
    "no findings": (STORIES.replace("    finds: [Contact/003A, contacts/1]\n", ""), "2:5 CRM124 'finds' is missing"),
    "findings that pass": (STORIES + "    finds: [Contact/003A]\n", "10:5 CRM124 a story that passes finds nothing"),
    "no such system": (
        STORIES.replace("systems: [salesforce]", "systems: [salesfroce]"),
        "no system 'salesfroce' (did you mean 'salesforce'?)"),
    "a number": (STORIES.replace('_id: "2"', "_id: 2"), "5:64 CRM124 _id: a cell is a text"),
    "no rows": (
        STORIES.replace("{Contact: [{_id: 003A, LastName: Gil}]}", "{Contact: {_id: 003A}}"),
        "Contact: no list of rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_story_of_the_wrong_form_has_its_place(workspace: Path, crm: Crm, name: str) -> None:
    text, says = SLIPS[name]
    write(workspace, "Z01_title.examples.yml", text)
    said = crm("lint", "--workspace", workspace)
    assert said.code == ExitCode.CONFIG_INVALID
    assert "audits/Z01_title.examples.yml:" in said.out
    assert says in said.out
    for line in said.out.splitlines():
        message = line.split(" ", 2)[2].rpartition(" (")[0]
        assert translate_said(message, "es") != message


@pytest.mark.slow
def test_a_native_field_that_is_not_mapped_is_told_with_the_nearest(
    workspace: Path, crm: Crm
) -> None:
    write(workspace, "Z01_title.examples.yml", STORIES.replace("Email:", "Emial:"))
    said = crm("audit", "--examples", "--workspace", workspace)
    assert "no such native field: Emial (did you mean 'Email'?)" in said.err


def test_a_story_of_no_audit_is_told(workspace: Path, crm: Crm) -> None:
    write(workspace, "Z09_nobody.examples.yml", STORIES)
    write(workspace, "own.yml", CHECKS)
    write(workspace, "own.examples.yml", CHECKED.replace("    audit: W1\n", ""))
    said = crm("lint", "--workspace", workspace)
    assert "audits/Z09_nobody.examples.yml:1:1 CRM124 no audit 'Z09_nobody' beside it" in said.out
    assert (
        "audits/own.examples.yml:2:5 CRM124 'audit' is missing (say which one: W1, W2)" in said.out
    )
