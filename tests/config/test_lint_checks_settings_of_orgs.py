"""`crmsync lint` tells what is wrong with an org's settings before anybody connects, and needs no secret for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsync.commands.lint import lint

URL = "https://acme.my.salesforce.com"
APP = "client_id: ${LINTED_ID}\n    client_secret: ${LINTED_SECRET}"


def told(root: Path, settings: str) -> list[str]:
    """Problems of the settings of one org, which stand below line 3."""
    (root / "mappings").mkdir(exist_ok=True)
    text = f"version: 1\nsystems:\n  crm:\n    kind: salesforce\n    {settings}\n"
    (root / "crmsync.yml").write_text(text)
    return [str(each) for each in lint(root) if each.code == "CRM100"]


def test_all_wrong_settings_are_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    wrong = (
        f"url: https://login.salesforce.com\n    {APP}\n    campaigns: maybe\n    bulk_above: many"
    )
    said = told(tmp_path, wrong + "\n    activities_days: -3\n    reserve: 2\n    colour: red")
    assert [line.partition(" CRM100 systems.crm: ")[::2] for line in said] == [
        (
            "crmsync.yml:5:5",
            "`url` login.salesforce.com is the door of all orgs "
            "(give the org's My Domain, as in https://YOUR-DOMAIN.my.salesforce.com)",
        ),
        ("crmsync.yml:8:5", "campaigns 'maybe' is neither true nor false (give true or false)"),
        (
            "crmsync.yml:9:5",
            "bulk_above 'many' is no number of records (give a whole number, or never)",
        ),
        (
            "crmsync.yml:10:5",
            "activities_days '-3' is no number of days (give 0 to 36500; 0 leaves it out)",
        ),
        ("crmsync.yml:11:5", "reserve '2' is no share of a day (give 0.0 to 0.9)"),
        ("crmsync.yml:12:5", said[-1].partition("systems.crm: ")[2]),
    ]
    assert "setting 'colour' is not known" in said[-1]


@pytest.mark.parametrize("suffix", ["", "_write"])
def test_two_ways_in_are_told_though_neither_secret_is_there(tmp_path: Path, suffix: str) -> None:
    ways = f"url: {URL}\n    token{suffix}: ${{LINTED_TOKEN}}\n    private_key{suffix}: ${{LINTED_KEY}}"
    [said] = told(tmp_path, ways)
    assert said.startswith("crmsync.yml:6:5 CRM100 systems.crm: ") or suffix
    assert "are different ways in" in said


@pytest.mark.parametrize(
    "settings",
    [
        "url: ${LINTED_URL}\n    " + APP,
        f"url: {URL}\n    {APP}\n    bulk_above: ${{LINTED_SIZE}}\n    reserve: ${{LINTED_SHARE}}",
        f"url: {URL}\n    client_id: ${{LINTED_ID}}\n    username: ${{LINTED_USER}}\n"
        "    private_key_file: not-here.key\n    private_key_passphrase: ${LINTED_PHRASE}",
        f"url: {URL}",
        f"url: {URL}\n    {APP}\n    bulk_above: never\n    campaigns: false\n    history_days: 0",
    ],
)
def test_of_what_is_elsewhere_lint_says_nothing(tmp_path: Path, settings: str) -> None:
    assert told(tmp_path, settings) == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("client_id: ${LINTED_ID}", ["`client_secret`"]),
        ("client_secret: ${LINTED_SECRET}", ["`client_id`"]),
        ("private_key_file: a.key", ["`client_id`", "`username`"]),
        ("client_id_write: ${LINTED_ID}", ["`client_secret`"]),
    ],
)
def test_every_half_of_a_credential_that_is_missing_is_told_at_once(
    tmp_path: Path, given: str, missing: list[str]
) -> None:
    said = told(tmp_path, f"url: {URL}\n    {given}")
    assert [each.partition(" is missing")[0].rpartition(": ")[2] for each in said] == missing
    assert all(each.startswith("crmsync.yml:6:5 ") for each in said) or "_write" in given
    assert all(" takes " in each for each in said)


def test_half_a_credential_of_a_portal_is_told_beside_that_of_an_org(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "crmsync.yml").write_text(
        f"version: 1\nsystems:\n  crm:\n    kind: salesforce\n    url: {URL}\n    client_id: ${{LINTED_ID}}\n"
        "  hub:\n    kind: hubspot\n    client_id: ${LINTED_ID}\n    refresh_token: ${LINTED_REFRESH}\n"
    )
    said = [str(each) for each in lint(tmp_path) if each.code == "CRM100"]
    assert [each.partition(" (")[0] for each in said] == [
        "crmsync.yml:6:5 CRM100 systems.crm: `client_secret` is missing",
        "crmsync.yml:9:5 CRM100 systems.hub: `client_secret` is missing",
    ]


def test_a_variable_that_is_set_is_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINTED_URL", "https://acme.lightning.force.com")
    [said] = told(tmp_path, "url: ${LINTED_URL}\n    " + APP)
    assert said.startswith("crmsync.yml:5:5 CRM100 systems.crm: `url` acme.lightning.force.com")


def test_no_secret_that_is_damaged_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINTED_SECRET", "very secret")
    [said] = told(tmp_path, f"url: {URL}\n    {APP}")
    assert "`client_secret` holds a blank" in said
    assert "very secret" not in said
