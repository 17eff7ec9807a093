"""mappings/lifecycle.yml: every way in which it can be wrong, the line a person reads, what a workspace makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import ROOT

from crmsync.commands.files import read_files
from crmsync.commands.init import init
from crmsync.commands.lint import lint
from crmsync.config.casting_lifecycle import cast_lifecycle
from crmsync.config.lifecycle_file import LIFECYCLE, lifecycle_of, mapping_paths
from crmsync.core.lifecycle import Lifecycle
from crmsync.language import translate_said

TEXT = (ROOT / "mappings" / LIFECYCLE).read_text(encoding="utf-8")
SYSTEMS = ("hubspot", "salesforce")


def place_of(line: str) -> int:
    """The number of the line of the reference file that holds a text."""
    (found,) = [at for at, each in enumerate(TEXT.splitlines(), 1) if line in each]
    return found


WRONG = {
    "a key misspelt": (
        ("customers: roles_only", "custommers: roles_only"),
        "1 CRM002 unknown key 'custommers' (did you mean 'customers'?)",
    ),
    "a policy nobody knows": (
        ("customers: roles_only", "customers: everybody"),
        "1 CRM004 customers: 'everybody' does not fit (use 'roles_only', 'primary_only' or 'whole_account')",
    ),
    "a stage that is not on the ladder": (
        ("      marketingqualifiedlead: mql", "      marketingqualifiedlead: mqll"),
        "7 CRM074 systems.hubspot.stages.marketingqualifiedlead: unknown stage 'mqll' (did you mean 'mql'?)",
    ),
    "a conversion into no stage": (
        ("    converted: sql", "    converted: won"),
        "5 CRM074 systems.salesforce.converted: unknown stage 'won' "
        "(use one of subscriber, lead, mql, sal, sql, opportunity, customer, evangelist)",
    ),
    "a step from nowhere": (
        ("{from: [opportunity],", "{from: [oportunity],"),
        "13 CRM074 transitions.4.from.1: unknown stage 'oportunity' (did you mean 'opportunity'?)",
    ),
    "a disposition nobody knows": (
        ("      BAD_TIMING: recycled", "      BAD_TIMING: recyled"),
        "7 CRM075 systems.hubspot.dispositions: unknown disposition 'recyled' (did you mean 'recycled'?)",
    ),
    "two stages on one rung": (
        ("mql: 30, sal: 35", "mql: 30, sal: 30"),
        "45 CRM076 ladder: sal has the rank of mql (give every stage a rank of its own)",
    ),
    "an owner of whom nothing is said": (
        ("  mql: hubspot", "  mql: hubspt"),
        "3 CRM077 stage_owner: nothing is said of a system 'hubspt' below (did you mean 'hubspot'?)",
    ),
    "values without their field": (
        ("    stage: lifecyclestage\n", ""),
        "5 CRM078 systems.hubspot: stages without the field that holds them (add `stage: FIELD`)",
    ),
    "less than no minutes": (
        ("near_minutes: 2", "near_minutes: -2"),
        "1 CRM079 near_minutes: -2 is less than nothing (write 0 or more)",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which nothing is wrong."""
    made = tmp_path_factory.mktemp("made")
    init(made)
    return made


def told(text: str) -> list[str]:
    """What is wrong with a text, each from its column on."""
    found = lifecycle_of(text, "mappings/lifecycle.yml", SYSTEMS)
    return [str(problem).partition("lifecycle.yml:")[2] for problem in found.problems]


@pytest.mark.parametrize("name", WRONG)
def test_the_place_the_problem_and_the_remedy_are_told(name: str) -> None:
    (good, bad), said = WRONG[name]
    assert TEXT.count(good) == 1
    (line,) = told(TEXT.replace(good, bad))
    number, _, rest = line.partition(":")
    assert rest == said
    after = 1 if good.endswith("\n") else 0  # the line that is missing is told where the values are
    if name != "values without their field":
        assert int(number) == place_of(good) + after


@pytest.mark.parametrize("name", WRONG)
def test_it_is_told_in_spanish(name: str) -> None:
    (good, bad), _ = WRONG[name]
    (problem,) = lifecycle_of(TEXT.replace(good, bad), "f", SYSTEMS).problems
    assert translate_said(problem.message, "es") != problem.message


def test_all_problems_are_told_at_once_in_order() -> None:
    text = TEXT
    for (good, bad), _ in WRONG.values():
        if "custommers" not in bad and "everybody" not in bad:
            text = text.replace(good, bad)
    lines = [int(line.partition(":")[0]) for line in told(text)]
    assert len(lines) == len(WRONG) - 2
    assert lines == sorted(lines)


def test_lint_reads_it_with_all_other_files(folder: Path) -> None:
    path = folder / "mappings" / LIFECYCLE
    path.write_text(TEXT.replace("mql: hubspot", "mql: hubspt"), encoding="utf-8")
    assert [each.code for each in lint(folder)] == ["CRM077"]
    path.write_text("systems: [", encoding="utf-8")
    assert [(each.file, each.code) for each in lint(folder)] == [
        ("mappings/lifecycle.yml", "CRM001")
    ]
    path.write_text(TEXT, encoding="utf-8")
    assert lint(folder) == []


def test_sal_can_be_taken_out_altogether() -> None:
    text = TEXT.replace("  sal: salesforce\n", "").replace(" sal: 35,", "")
    text = text.replace("optional: [sal]", "optional: []").replace("    from_queue: sal\n", "")
    text = text.replace("[mql, sal, sql]", "[mql, sql]").replace("mql, sal]", "mql]")
    text = text.replace("[lead, mql, sal, sql]", "[lead, mql, sql]")
    assert told(text) == []


def lifecycle_in(folder: Path) -> Lifecycle | None:
    return read_files(folder).mappings.mapping.lifecycle


def test_a_workspace_without_the_file_works_by_the_reference_one(tmp_path: Path) -> None:
    init(tmp_path)
    written = lifecycle_in(tmp_path)
    (tmp_path / "mappings" / LIFECYCLE).unlink()
    assert written is not None
    assert lifecycle_in(tmp_path) == written


def test_systems_of_other_names_play_the_part_of_their_kind(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / "mappings" / LIFECYCLE).unlink()
    text = "name: x\nsystems:\n  crm: {kind: salesforce}\n  marketing: {kind: hubspot}\n"
    (tmp_path / "crmsync.yml").write_text(text, encoding="utf-8")
    found = lifecycle_in(tmp_path)
    assert found is not None
    assert set(found.systems) == {"crm", "marketing"}
    assert (found.stage_owner["mql"], found.stage_owner["sql"]) == ("marketing", "crm")
    assert found.systems["crm"].by_deals


def test_only_what_is_said_of_the_own_systems_is_kept() -> None:
    found = lifecycle_of(TEXT, "f", ["hubspot"])
    assert found.problems == []
    assert found.value is not None
    assert set(found.value.systems) == {"hubspot"}


CASTS = {
    "another name": ({"salesforce": ("crm",), "hubspot": ("hubspot",)}, {"crm", "hubspot"}, "crm"),
    "two portals": ({"salesforce": ("salesforce",), "hubspot": ("east", "west")},
                    {"salesforce", "east", "west"}, "salesforce"),
    "one that plays both": ({"salesforce": ("all",), "hubspot": ("all",)}, {"all"}, "all"),
    "nobody plays one": ({"salesforce": (), "hubspot": ("portal",)}, {"salesforce", "portal"}, "salesforce"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASTS)
def test_the_reference_file_fits_systems_of_other_names(name: str) -> None:
    cast, systems, owner = CASTS[name]
    text = cast_lifecycle(TEXT, cast)
    found = lifecycle_of(text, "f", systems)
    assert found.problems == []
    assert found.value is not None
    assert set(found.value.systems) == systems
    assert found.value.stage_owner["sql"] == owner
    assert "# Up is legal, down is not" in text


def test_the_lifecycle_is_no_entity_of_the_mapping() -> None:
    assert LIFECYCLE not in {path.name for path in mapping_paths(ROOT / "mappings")}
    assert {path.stem for path in mapping_paths(ROOT / "mappings")} == {
        "company",
        "contact",
        "deal",
    }
