"""Versions of the HubSpot API: when each part ends, and which of them a portal's own rules bind."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import reviewed_portals
from connectors.portals import NOW, Portal
from crmsync.commands.doctor_review import _version
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.paths import DATED, NEWEST, USUAL, VERSIONS, path_in
from crmsync.connectors.hubspot.problems import words
from crmsync.connectors.hubspot.versions import version_of
from crmsync.sandbox.hubspot.declaring import declare
from crmsync.sandbox.hubspot.ends import end_of
from crmsync.sandbox.hubspot.paths import find

portal = reviewed_portals.portal

# Versions


def test_a_version_says_when_each_part_of_it_ends() -> None:
    classic, dated, newest = (version_of(each) for each in VERSIONS)
    assert (classic.ends, dated.ends, newest.ends) == (
        date(2027, 3, 30),
        date(2027, 9, 30),
        date(2028, 3, 8),
    )
    assert ("/crm/v3", date(2027, 9, 1)) in classic.parts  # of a month without a day, the first
    for each in (classic, dated, newest):
        assert ("/automation/v4", date(2027, 3, 30)) in each.parts
        assert ("/calling/v1", date(2027, 9, 1)) in each.parts
    assert {each.usual for each in (classic, dated, newest)} == {USUAL} == {DATED}
    assert {each.newest for each in (classic, dated, newest)} == {NEWEST}


ASKED = (
    "/crm/v3/objects/contacts",
    "/crm/v3/objects/contacts/batch/read",
    "/crm/v3/properties/contacts",
    "/crm/v3/pipelines/deals",
    "/crm/v3/owners",
    "/crm/v3/lists",
    "/crm/v4/associations/contacts/companies/batch/read",
    "/crm/v4/objects/contacts/1/associations/companies",
    "/communication-preferences/v4/definitions",
    "/account-info/v3/details",
    "/oauth/v3/token",
)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", ASKED)
def test_no_path_ends_before_its_version_is_said_to(version: str, path: str) -> None:
    said, ends = version_of(version).ends, end_of(path_in(version, path))
    assert said is not None
    assert ends is None or ends >= said


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", ASKED[:-1])
def test_every_path_is_there_in_every_version(version: str, path: str) -> None:
    found = [find(method, path_in(version, path)) for method in ("GET", "POST")]
    assert any(found)


@pytest.mark.parametrize(
    ("version", "day", "level"),
    [
        ("v3", date(2026, 11, 22), "warning"),
        ("2026-03", date(2026, 11, 22), "ok"),
        ("2026-03", date(2027, 4, 30), "warning"),
        ("2026-09", date(2027, 4, 30), "ok"),
        ("2026-09", date(2028, 3, 8), "warning"),
    ],
)
def test_doctor_warns_half_a_year_ahead(version: str, day: date, level: str) -> None:
    check, *_ = _version("hub", version_of(version), day)
    assert check.level == level
    assert version_of(version).ends is not None
    assert bool(check.remedy) == (level == "warning")
    if level == "warning":
        assert "2026-09" in check.remedy
        assert ("leave it out" in check.remedy) == (version != USUAL)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 9, 28), []),
        (date(2026, 9, 29), ["/automation/v4: ends about 2027-03-30"]),
        (
            date(2027, 3, 30),
            ["/automation/v4: retired since 2027-03-30", "/calling/v1: ends about 2027-09-01"],
        ),
    ],
)
def test_doctor_warns_of_a_part_that_ends_in_every_version(
    version: str, day: date, told: list[str]
) -> None:
    """Another version would not help, so the version itself may well be all right."""
    _, *parts = _version("hub", version_of(version), day)
    assert [each.message for each in parts] == [f"API {one}, in every version" for one in told]
    assert {each.level for each in parts} <= {"warning"}
    assert all("newer crmsync" in each.remedy for each in parts)


def test_a_portal_past_the_end_of_v4_is_told_so_and_reads_by_dates(portal: Portal) -> None:
    portal.turn(versions_end=True)
    portal.world.clock.freeze(NOW.replace(year=2027, month=5))
    assert portal.connect().whoami().id
    ids = [portal.world.put("contacts", {"lastname": "Ruiz"})]
    assert portal.connect().get("contacts", ids, ["lastname", "associations.companies.primary"])


# Rules of the portal


@pytest.fixture
def ruled(portal: Portal) -> Portal:
    """A portal in which a contact must have a job title."""
    portal.connect().install_key("contacts", [])
    rule = {"kind": "required", "object": "contacts", "names": ["jobtitle"], "on": "write"}
    declare(portal.world, rule)
    return portal


def creates(key: str, **cells: str | None) -> WriteRequest:
    given = {"lastname": key, "email": f"{key}@people.example", **cells}
    return WriteRequest(key, "create", None, key, given)


def test_a_rule_of_the_portal_refuses_one_request_and_says_what_helps(ruled: Portal) -> None:
    connector = ruled.connect(api_version="2026-09")
    bad, good = connector.write("contacts", [creates("bad"), creates("good", jobtitle="Buyer")])
    assert (bad.outcome, good.outcome) == ("refused", "written")
    assert "VALIDATION_ERROR" in bad.message
    assert "a rule of the portal: fill jobtitle" in bad.message
    assert "older `api_version`" in bad.message
    assert (
        bad.fields == ()
    )  # it is no field of the request: without one there is nothing else to send


def test_older_versions_let_it_through(ruled: Portal) -> None:
    for version in ("v3", "2026-03"):
        [result] = ruled.connect(api_version=version).write("contacts", [creates(f"k-{version}")])
        assert result.outcome == "written"


def test_only_a_rule_is_called_one() -> None:
    wrong = {"category": "VALIDATION_ERROR", "message": "Property values were not valid: []"}
    assert words(wrong) == "VALIDATION_ERROR: Property values were not valid: []"
    assert "a rule of the portal" in words(
        {
            "category": "VALIDATION_ERROR",
            "message": "The user does not have the permission Edit Associations",
        }
    )


@pytest.mark.parametrize("status", [200, 204])
def test_any_2xx_is_a_success_whatever_it_says_of_archived_ties(
    portal: Portal, status: int
) -> None:
    portal.turn(dated_archive_status=status)
    portal.connect().install_key("contacts", [])
    one = portal.world.put("contacts", {"lastname": "Ruiz"})
    other = portal.world.put("companies", {"name": "Uno"})
    connector = portal.connect()
    name = "associations.companies.primary"
    for value in (other, None):
        [result] = connector.write(
            "contacts", [WriteRequest("c", "update", one, None, {name: value})]
        )
        assert result.outcome == "written", result
        assert connector.get("contacts", [one], [name])[one][name] == value
