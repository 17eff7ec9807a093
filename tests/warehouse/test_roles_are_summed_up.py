"""What proposals come to: revenue by currency, what was not read, and workspaces that map little."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from crmsync.core.roles import AloneCount, RoleFigures
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.role_proposals import read_role_figures, read_role_proposals
from warehouse.roleless import FEW, Given, deal, faced, mapping_of, org, person, portal, ran
from warehouse.shelf import columns_over, stored


def counted(folder: Path, salesforce: Given, hubspot: Given | None = None) -> RoleFigures:
    with faced(folder, salesforce, hubspot) as (file, _):
        return read_role_figures(file)


def test_currencies_are_never_added_up(tmp_path: Path) -> None:
    rows = org(
        person("003A"),
        deals=[deal(), deal("006B", Amount="500.5"), deal("006C", CurrencyIsoCode="USD"),
               deal("006D", AccountId="001B", Amount="70")],
    )  # fmt: skip
    found = counted(tmp_path, rows)
    assert (found.deals, found.won, found.proposed_won) == (4, 4, 3)
    assert found.attributable == {"EUR": Decimal("1500.5"), "USD": Decimal(1000)}
    assert found.amounts == {"EUR": Decimal("1570.5"), "USD": Decimal(1000)}
    assert [(each.grade, each.won) for each in found.counts if each.won] == [("medium", 3)]


def test_a_deal_of_two_systems_counts_once(tmp_path: Path) -> None:
    bare = {**portal("003A", amount="1000", deal_currency_code="EUR"), "deals.contacts": []}
    calls = {"_activities.Task": [ran("006A", "003A")]}
    found = counted(tmp_path, org(person("003A"), **calls), bare)
    assert (found.deals, found.won, found.attributable) == (1, 1, {"EUR": Decimal(1000)})
    assert sum(each.proposals for each in found.counts) == 2


def test_a_won_deal_is_alone_where_nobody_is_on_it_under_any_role_in_any_system(
    tmp_path: Path,
) -> None:
    nameless = {"from_id": "006B", "to_id": "003A", "role": "", "is_primary": "true"}
    deals = [deal(), deal("006B"), deal("006C", Amount="70"), deal("006D", AccountId="001B")]
    deals += [deal("006E", IsWon="false")]
    rows = org(person("003A"), deals=deals, **{"Opportunity.Contact": [nameless]})
    found = counted(tmp_path, rows, portal("003A", amount="1000", deal_currency_code="EUR"))
    assert (found.deals, found.won) == (5, 4)
    assert found.alone == AloneCount(2, {"EUR": Decimal(1070)}, 1)


def test_what_is_not_won_is_no_revenue(tmp_path: Path) -> None:
    lost = deal(IsWon="false")
    found = counted(tmp_path, org(person("003A"), deals=[lost]))
    assert (found.deals, found.won, found.attributable) == (1, 0, {})
    assert found.counts[2].deals == 1


def test_without_records_there_is_nothing_to_say(tmp_path: Path) -> None:
    found = counted(tmp_path, {})
    assert (found.deals, found.attributable) == (0, {})


def test_what_was_not_read_is_said_and_nothing_is_concluded_from_it(tmp_path: Path) -> None:
    with faced(tmp_path, org(person("003A"))) as (file, have):
        assert ("hubspot", "activity") in read_role_figures(file).unread
        assert ("salesforce", "activity") not in read_role_figures(file).unread
        assert {"role_proposal", "role_proposal:salesforce", "salesforce:role_proposal"} <= have


@pytest.mark.parametrize("broken", ["_associations.Opportunity.Contact", "Opportunity", "Contact"])
def test_deals_whose_contacts_were_not_read_to_the_end_name_nobody_for_no_fault_of_theirs(
    tmp_path: Path, broken: str
) -> None:
    mapping = FEW
    snapshots = stored(tmp_path, {"salesforce": org(person("003A"))}, mapping)
    place = ("salesforce", broken)
    manifest = replace(snapshots[place].manifest, complete=False, problem="broke off")
    snapshots[place] = replace(snapshots[place], manifest=manifest)
    with columns_over(snapshots, mapping) as columns:
        have = build_face(columns, tmp_path / "face.duckdb", handoffs=False, roles=True)
    assert "role_proposal:salesforce" not in have
    found = read_role_figures(tmp_path / "face.duckdb")
    assert (found.deals, ("salesforce", "ties") in found.unread) == (0, True)


def test_a_workspace_that_maps_little_has_its_proposals(tmp_path: Path) -> None:
    few = {"contact": ("email", "company"), "deal": ("company",), "company": ("name",)}
    thin = replace(mapping_of(few, "key"), lifecycle=None)
    rows = {
        "Account": [{"_id": "001A", "Name": "Acme"}],
        "Contact": [{"_id": "003A", "AccountId": "001A", "Email": "ana@acme.example"}],
        "Opportunity": [{"_id": "006A", "AccountId": "001A"}],
    }
    with faced(tmp_path, rows, mapping=thin) as (file, _):
        (found,) = read_role_proposals(file)
    assert (found.contact_id, found.amount, found.state) == ("003A", None, None)


def test_an_audit_of_ones_own_can_ask_for_proposals(tmp_path: Path) -> None:
    with (
        faced(tmp_path, org(person("003A"))) as (file, _),
        duckdb.connect(str(file), read_only=True) as db,
    ):
        rows = db.execute(
            "SELECT system, object, id, key, contact_key, contact_id, grade, evidence, evidence_system, "
            "evidence_object, evidence_id, amount, currency FROM role_proposal"
        ).fetchall()
    assert [(row[2], row[5], row[6], row[11], row[12]) for row in rows] == [
        ("006A", "003A", "medium", Decimal(1000), "EUR")
    ]
