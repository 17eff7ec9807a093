"""Every audit objects to the rows that fail it, and to none of the innocent ones beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import BOTH, ROOT, TAKEN

from audits.cases import (
    EXAMPLES,
    FOLDER,
    Story,
    faced,
    found,
    reference_audits,
    result_of,
    stories,
)
from crmsync.core.auditing import Audit
from crmsync.warehouse.audit_run import run_audits

STORIES = list(stories())


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_an_audit_finds_exactly_what_the_story_says(story: Story, tmp_path: Path) -> None:
    result = result_of(story, tmp_path)
    assert result.not_checked is None
    assert found(result) == sorted(story.finds)
    assert len(result.findings) <= (result.eligible or 0), "more findings than records looked at"


@pytest.mark.parametrize("name", sorted(reference_audits()))
def test_every_audit_has_rows_that_fail_it_and_rows_that_pass_it(name: str) -> None:
    kinds = {each.kind: each.finds for each in STORIES if each.audit == name}
    assert set(kinds) == {"fail", "pass"}, f"write {reference_audits()[name].name}{EXAMPLES}"
    assert all(each.finds for each in STORIES if each.audit == name and each.kind == "fail")
    assert not any(each.finds for each in STORIES if each.audit == name and each.kind == "pass")


def test_every_file_of_stories_belongs_to_an_audit() -> None:
    examples = {path.name.removesuffix(EXAMPLES) for path in FOLDER.glob(f"*{EXAMPLES}")}
    assert examples == {audit.name for audit in reference_audits().values()}


@pytest.mark.parametrize("audit", reference_audits().values(), ids=lambda audit: audit.id)
def test_an_audit_speaks_both_languages(audit: Audit) -> None:
    for words in (audit.summary, audit.why, audit.remedy):
        assert set(words) == {"en", "es"}
        assert all(text.strip() for text in words.values())
        assert words["en"] != words["es"]


def test_a_file_is_named_after_the_audit_in_it() -> None:
    for audit in reference_audits().values():
        assert audit.name.startswith(f"{audit.id}_")
        assert (ROOT / "audits" / f"{audit.name}.sql").is_file()


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    nobody = {"contact": {"nobody": {"hubspot": {}}}}
    empty = Story(
        "",
        "pass",
        "",
        BOTH,
        {system: {} for system in BOTH},
        (),
        {"settled": nobody, "duplicates": {}},
    )
    with faced(empty, tmp_path) as have:
        pass
    for result in run_audits(tmp_path / "face.duckdb", [*reference_audits().values()], have, TAKEN):
        # Where no users were read, nobody can say who owns what.
        seen = (None, "owner") if "owner" in result.audit.needs else (0, None)
        assert result.findings == ()
        assert (result.eligible, result.not_checked) == seen, result.audit.id


def test_where_no_ticket_has_a_day_of_creation_none_was_looked_at(tmp_path: Path) -> None:
    rows = {
        "Account": [{"_id": "001A", "Name": "Acme"}],
        "Opportunity": [
            {"_id": "006A", "Name": "Renewal", "AccountId": "001A", "IsClosed": "false"}
        ],
        "Case": [{"_id": "500A", "AccountId": "001A"}],
    }
    story = Story("S04", "pass", "", ("salesforce",), {"salesforce": rows}, (), {})
    result = result_of(story, tmp_path)
    assert (result.not_checked, result.eligible) == ("ticket.created_at", None)
