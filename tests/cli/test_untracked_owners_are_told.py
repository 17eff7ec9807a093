"""Whether an org keeps who had a lead when is asked of the org itself, by `pull --inventory`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from cli.places import make_workspace, served
from crmsync.errors import ExitCode


@pytest.mark.parametrize(
    ("fields", "found"), [(["Status"], ["OwnerId"]), (["Status", "OwnerId"], [])]
)
def test_owners_of_leads_without_history_are_told_where_the_org_was_asked(
    fields: list[str], found: list[str], tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as both:
        for number in range(5):
            both.salesforce.put("Lead", {"LastName": f"Gil {number}", "Company": "Acme"})
        both.salesforce.rehearse("track", {"object": "Lead", "fields": fields})
        both.salesforce.tables.commit()
        folder = make_workspace(tmp_path / "tracked", both.access, systems=["salesforce"])
        monkeypatch.chdir(folder)
        assert crm("pull").code == ExitCode.OK
        assert told(crm) == [], "nobody asked the org"
        assert crm("pull", "--inventory").code == ExitCode.OK
        assert told(crm) == found


def told(crm: Crm) -> list[str]:
    said = crm("audit", "--no-pull", "--select", "N03", "--json")
    assert said.code == ExitCode.OK, said.err
    (one,) = said.json["audits"]
    assert one["not_checked"] is None
    return [each["id"] for each in one["findings"]]
