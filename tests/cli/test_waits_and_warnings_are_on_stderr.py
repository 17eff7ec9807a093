"""What a run waits for, and a way in that ends, is said beside the data: once, in two languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from cli.places import Served, mend
from crmsync.connectors.salesforce.connector import open_connector
from crmsync.errors import ExitCode
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.salesforce.allowance import DAILY_CALLS

TOKEN = "token: '${SALESFORCE_TOKEN}'"


@pytest.fixture
def by_password(workspace: Path, both: Served) -> Path:
    """A workspace that signs in with username and password."""
    words = "username: integration@sandbox.example, password: '${SALESFORCE_PASSWORD}'"
    mend(workspace, "crmsync.yml", TOKEN, words)
    with (workspace / ".env").open("a", encoding="utf-8") as file:
        file.write(f"SALESFORCE_PASSWORD={both.salesforce.client_secret}\n")
    return workspace


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "said"), [("en", "Summer '27"), ("es", "acaba en todas")])
def test_a_way_in_that_ends_is_warned_of_once_a_run_and_not_in_the_data(
    by_password: Path, fresh: Served, crm: Crm, lang: str, said: str
) -> None:
    found = crm("sync", "--leave-conflicts", "--json", "--lang", lang)
    assert found.code == ExitCode.OK
    assert found.err.count(said) == 1, found.err
    assert said not in found.out
    pulled = crm("pull", "--json", "--system", "salesforce", "--lang", lang)
    assert pulled.json["complete"]
    assert pulled.err.count(said) == 1


def test_a_wait_is_told_on_stderr_and_the_json_stays_whole(
    workspace: Path, both: Served, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setitem(open_connector.__kwdefaults__, "sleep", slept.append)
    set_fault(both.salesforce, "503", path="/query", retry_after=12)
    try:
        said = crm("pull", "--json", "--system", "salesforce")
    finally:
        clear_faults(both.salesforce)
    assert slept == [12]
    assert "waiting 12 s for salesforce: not available (503)" in said.err
    assert said.json["complete"]


def test_calls_are_counted_by_kind(workspace: Path, crm: Crm) -> None:
    said = crm("pull", "--json", "--system", "salesforce")
    kinds = said.json["calls_by_kind"]["salesforce"]
    assert sum(kinds.values()) == said.json["calls"]["salesforce"]
    assert kinds["GET query"] > 1
    shown = crm("pull", "--system", "salesforce")
    assert f"{kinds['GET query']} GET query" in shown.err
    assert "calls are left today" in shown.err


def test_a_plan_says_what_it_will_cost_and_an_apply_what_it_did(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    planned = crm("plan", "--no-pull", "-o", "plan.jsonl")
    assert "Carrying it out takes about so many calls: hubspot" in planned.err
    applied = crm("apply", "plan.jsonl", "--json")
    kinds = applied.json["calls_by_kind"]
    assert {system: sum(each.values()) for system, each in kinds.items()} == applied.json["calls"]


def test_a_run_without_calls_left_waits_with_a_code_and_the_command_that_goes_on(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    crm("plan", "--no-pull", "-o", "plan.jsonl")
    org = fresh.salesforce
    org.allowance.daily = org.calls + 2
    try:
        said = crm("apply", "plan.jsonl", "--lang", "es")
    finally:
        org.allowance.daily = DAILY_CALLS
    assert said.code in (ExitCode.PARTIAL, ExitCode.TRY_LATER)
    run = said.err.split("crmsync resume ")[1].split()[0]
    assert "Cuando vuelva a haber llamadas" in said.err
    assert crm("resume", run).code == ExitCode.OK


@pytest.mark.slow
def test_what_a_plan_will_cost_is_near_what_it_does_cost(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    planned = crm("plan", "--no-pull", "-o", "plan.jsonl").err
    made = crm("apply", "plan.jsonl", "--json").json["calls"]
    for system, calls in made.items():
        told = int(planned.split(f"{system} ")[1].split()[0].strip(","))
        assert told <= calls <= 2 * told, (system, told, calls)
