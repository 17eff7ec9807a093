"""Whatever is wrong with the settings of a connector is said in Spanish, and so is what helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from config.test_every_problem_has_a_place import CONTACTS

from connectors.orgs import NOW, USER, key_pair
from crmsync.commands.doctor import doctor
from crmsync.commands.workspace import open_workspace
from crmsync.connectors.registry import open_connector
from crmsync.errors import ConfigInvalid
from crmsync.language import choose, translate_said

URL = "https://acme.my.salesforce.com"
APP = {"url": URL, "client_id": "key", "client_secret": "secret"}
JWT = {"url": URL, "client_id": "key", "username": USER}
SALESFORCE: tuple[Mapping[str, str], ...] = (
    {},
    {"client_id": "key"},
    {"url": URL, "username": USER},
    {"url": URL, "token": "t", "password": "p", "username": USER},
    {"url": URL, "token": "t", "password": "p", "private_key": "k"},
    {**APP, "token": "t"},
    {**APP, "audience": "x"},
    {**APP, "security_token": "x"},
    {**JWT, "private_key_file": "{here}/nothing", "private_key": "k"},
    {**JWT, "private_key_file": "{here}"},
    {**JWT, "private_key": "no key"},
    {**JWT, "private_key": "-----BEGIN PUBLIC KEY-----"},
    {**JWT, "private_key": "-----BEGIN CERTIFICATE-----"},
    {**JWT, "private_key": "no key", "private_key_passphrase": "sesame"},
    {**JWT, "private_key": "{key}", "private_key_passphrase": "sesame"},
    {**APP, "url": "acme"},
    {**APP, "url": "https://login.salesforce.com"},
    {**APP, "url": "https://acme.lightning.force.com"},
    {**APP, "url": URL + "/lightning/page/home"},
    {**APP, "api_version": "x"},
    {**APP, "session_minutes": "x"},
    {**APP, "ca_bundle": "{here}/nothing.pem"},
    {**APP, "ca_bundle": "{here}/empty.pem"},
    {**APP, "reserve": "x"},
    {**APP, "bulk_above": "many"},
    {**APP, "campaigns": "maybe"},
    {**APP, "activities_days": "-3"},
    {**APP, "history_days": "x"},
    {**APP, "client_secret": "a b"},
    {**APP, "client_secret": "'ab'"},
    {**APP, "client_secret": "clavé"},
    {**APP, "client_secret": "a\x00b"},
    {"url": URL, "username": USER, "password": "a\x00b"},
    {**APP, "clientid": "x"},
    {**APP, "zzzz": "x"},
)
HUBSPOT: tuple[Mapping[str, str], ...] = (
    {},
    {"token": "a b"},
    {"token": "t", "api_version": "x"},
    {"token": "t", "url": "http://acme.example"},
    {"token": "t", "ca_bundle": "{here}/nothing.pem"},
    {"token": "t", "reserve": "2"},
    {"token": "t", "tokn": "t"},
    {"token": "t", "legal_basis": "BECAUSE", "legal_basis_explanation": "x"},
    {"token": "t", "legal_basis": "NON_GDPR"},
    {"token": "t", "consent": "maybe"},
    {"token": "t", "lists": "maybe"},
    {"token": "t", "list_members": "many"},
    {"token": "t", "history_days": "many"},
    {"client_id": "a"},
    {"refresh_token": "a", "client_id": "b"},
    {"token": "t", "refresh_token": "r"},
    {"token": "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"},
    {"token": "t", "url": "https://app.hubspot.com"},
    {"token": "t", "url": "https://api.hubapi.com/crm/v3"},
    {"client_id": "a", "client_secret": "b", "refresh_token": "c d"},
)
QUOTED = re.compile(r"`[^`]*`|'[^']*'|known: .*|openssl .*")
ENGLISH = re.compile(
    r"\b(the|is|an|and|or|no such|not|with|without|holds|give|missing|takes)\b", re.IGNORECASE
)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [*(("salesforce", each) for each in SALESFORCE), *(("hubspot", each) for each in HUBSPOT)],
)
def test_no_wrong_setting_is_told_in_english_to_a_reader_of_spanish(
    kind: str, wrong: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("")
    settings = {
        name: text.replace("{here}", str(tmp_path)).replace("{key}", key_pair()[0])
        for name, text in wrong.items()
    }
    with pytest.raises(ConfigInvalid) as raised:
        open_connector(kind, "crm", settings, now=NOW, writes=False)
    for problem in raised.value.problems:
        for said in (problem.message, problem.remedy):
            spanish = translate_said(said, "es")
            assert spanish != said
            assert not ENGLISH.search(QUOTED.sub("", spanish)), spanish


def test_doctor_tells_each_wrong_setting_on_a_line_of_its_own_in_spanish(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "contact.yml").write_text(CONTACTS)
    (tmp_path / "crmsync.yml").write_text(
        "name: t\nregion: ES\nsystems:\n  crm:\n    kind: salesforce\n    url: https://acme.lightning.force.com\n"
        "    campaigns: maybe\n    reserve: 4\n"
    )
    try:
        choose("es")
        said = [f"{each.message} → {each.remedy}" for each in doctor(open_workspace(tmp_path))]
    finally:
        choose("en")
    told = [line for line in said if "CRM100" in line]
    assert {line.partition(" ")[0] for line in told} >= {f"crmsync.yml:{at}:5" for at in (6, 7, 8)}
    assert all(not ENGLISH.search(QUOTED.sub("", line)) for line in told), told
