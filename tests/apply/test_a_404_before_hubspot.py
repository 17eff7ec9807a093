"""A 404 by a layer before HubSpot is no word about a record: the change waits, and the record is no less there."""

from __future__ import annotations

import pytest

from apply.pairs import Person
from crmsync.errors import ExitCode
from crmsync.testing.proxy import HTML, proxied, says

GONE = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "resource not found"}


@pytest.mark.slow_but("body1-FAILED")
@pytest.mark.parametrize(
    ("body", "state"), [(HTML, "FAILED"), ({}, "FAILED"), (b"", "FAILED"), (GONE, "DROPPED")]
)
def test_an_update_meets_a_record_that_is_gone_by_hubspots_own_word_alone(
    person: Person, body: object, state: str
) -> None:
    """Who takes any 404 for it has a night that ends well, and nothing was written."""
    pair = person.pair
    person.in_salesforce(Title="Chair")
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = "batch/update", says(404, body)
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        applied = pair.apply()
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert applied.states == {state: 1}
    assert (applied.exit_code == ExitCode.OK) == (state == "DROPPED")
    assert pair.night().states == {"VERIFIED": 1}
    assert person.at_hubspot("jobtitle") == "Chair"
