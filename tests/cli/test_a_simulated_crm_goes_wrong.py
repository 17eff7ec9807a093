"""`crmsync sandbox fault`: what is to go wrong in a simulated CRM is set, told and ended by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from crmsync.errors import ExitCode
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.book import faults_of, kinds_of
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sandbox.db"
    Tables("salesforce", path).close()
    return path


def test_faults_are_kept_in_the_file_until_they_are_ended(crm: Crm, file: Path) -> None:
    words = ("503", "--path", "/query", "--nth", "2", "--set", "retry_after=3")
    assert "fault-1 is set in Salesforce" in crm("sandbox", "fault", *words, "--file", file).out
    told = crm("sandbox", "fault", "--list", "--file", file).out
    assert "fault-1: 503 of * /query, happened 0 times" in told
    assert all(f"{name} " in told for name in kinds_of("salesforce"))
    world = SalesforceWorld(Tables("salesforce", file), Clock())
    [held] = faults_of(world).values()
    world.tables.close()
    assert (held["nth"], held["parameters"]) == (2, {"retry_after": 3})
    other = crm("sandbox", "fault", "--list", "--in", "hubspot", "--file", file).out
    assert "nothing is set" in other
    assert crm("sandbox", "fault", "--clear", "--file", file).code == 0
    assert "nothing is set" in crm("sandbox", "fault", "--list", "--file", file).out


@pytest.mark.parametrize(("which", "left"), [((), []), (("--in", "salesforce"), ["hubspot"])])
def test_clear_ends_the_faults_of_both_unless_one_is_named(
    crm: Crm, file: Path, which: tuple[str, ...], left: list[str]
) -> None:
    for system in ("salesforce", "hubspot"):
        crm("sandbox", "fault", "503", "--in", system, "--times", "0", "--file", file)
    assert crm("sandbox", "fault", "--clear", *which, "--file", file).code == 0
    still = [
        system
        for system in ("salesforce", "hubspot")
        if "nothing is set"
        not in crm("sandbox", "fault", "--list", "--in", system, "--file", file).out
    ]
    assert still == left


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("flood",), ExitCode.FAILED, "row-lock"),
        (("row-lock", "--in", "hubspot"), ExitCode.FAILED, "dropped-after"),
        (("503", "--set", "rows=1"), ExitCode.FAILED, "retry_after"),
        (("503", "--set", "rows"), ExitCode.USAGE, "NAME=NUMBER"),
        (("503", "--list"), ExitCode.USAGE, "--clear"),
        ((), ExitCode.USAGE, "--clear"),
    ],
)
def test_what_makes_no_sense_is_refused_and_names_what_does(
    crm: Crm, file: Path, words: tuple[str, ...], code: ExitCode, said: str
) -> None:
    done = crm("sandbox", "fault", *words, "--file", file)
    assert done.code == code
    assert said in done.err


def test_an_automation_is_made_and_turned_off(crm: Crm, file: Path) -> None:
    words = ("sandbox", "automate", "Contact.LastName", "upper", "--file", file)
    assert "is set up" in crm(*words).out
    assert "is off" in crm(*words, "--off").out
    odd = crm("sandbox", "automate", "Contact.LastName", "shout", "--file", file)
    assert (odd.code, "fight" in odd.err) == (ExitCode.FAILED, True)
    assert crm("sandbox", "automate", "Contact", "upper", "--file", file).code == ExitCode.USAGE


def test_the_list_tells_the_kinds_of_both_crms_unless_one_is_named(file: Path, crm: Crm) -> None:
    both = crm("sandbox", "fault", "--list", "--file", file).out
    assert both.index("Salesforce:") < both.index("row-lock") < both.index("HubSpot:")
    assert both.index("HubSpot:") < both.index("429-daily")
    one = crm("sandbox", "fault", "--list", "--in", "salesforce", "--file", file).out
    assert "HubSpot:" not in one


def test_a_switch_is_set_and_told_by_hand(file: Path, crm: Crm) -> None:
    place = ("--in", "hubspot", "--file", file)
    assert crm("sandbox", "switch", "search_lag=15", *place).out.split() == ["search_lag", "15"]
    assert crm("sandbox", "switch", "--json", *place).json["search_lag"] == 15
    every = crm("sandbox", "switch", *place).out
    assert "merge_keeps_primary" in every
    wrong = crm("sandbox", "switch", "nope=1", *place)
    assert wrong.code == ExitCode.FAILED
    assert "no switch 'nope'" in wrong.err
