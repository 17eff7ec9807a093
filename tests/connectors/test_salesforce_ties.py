"""What the Salesforce connector must not fall for with contact roles: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rigs import ROLE, salesforce_ties
from connectors.sandboxes import Sandbox
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.connectors.salesforce.rows import wanted
from crmsync.connectors.salesforce.ties import JUNCTIONS, Junction, Row, tie_fields
from crmsync.core.ties import apply_delta, delta_text
from crmsync.testing.proxy import Proxy, rewrites, says
from crmsync.testing.rig import TieRig, update

Open = Callable[..., SalesforceConnector]
ALL, ROLES = "associations.Contact.all", "associations.Contact.roles"
PRIMARY = "associations.Contact.primary"


@pytest.fixture
def connector(open_salesforce: Open) -> SalesforceConnector:
    return open_salesforce()


@pytest.fixture
def ties(sandbox: Sandbox) -> TieRig:
    return salesforce_ties(sandbox)


def role(sandbox: Sandbox, deal: str, contact: str, **values: Any) -> str:
    given = {"OpportunityId": deal, "ContactId": contact, **values}
    return sandbox.salesforce.put(ROLE, given)


def write(connector: SalesforceConnector, deal: str, **cells: str | None) -> Any:
    names = {"all": ALL, "roles": ROLES, "primary": PRIMARY}
    told = {names[kind]: text for kind, text in cells.items()}
    [result] = connector.write("Opportunity", [update(deal, told)])
    return result


def primaries(sandbox: Sandbox, deal: str) -> list[tuple[str, str | None]]:
    world = sandbox.salesforce
    rows = [world.rows.get(ROLE, id_) or {} for id_ in world.rows.find(ROLE, "OpportunityId", deal)]
    return [(row["ContactId"], row.get("Role")) for row in rows if row.get("IsPrimary")]


def test_two_rows_of_one_role_are_one_tie_and_go_together(
    connector: SalesforceConnector, sandbox: Sandbox, ties: TieRig, one: str, others: list[str]
) -> None:
    for _ in range(2):
        role(sandbox, one, others[0], Role="Evaluator")
    assert connector.get("Opportunity", [one], [ROLES])[one] == {ROLES: f"{others[0]}|Evaluator"}
    write(connector, one, roles=f"-{others[0]}|Evaluator")
    assert ties.rows(one) == [(others[0], "")]


def test_a_primary_contact_stays_primary_when_its_role_goes(
    connector: SalesforceConnector, sandbox: Sandbox, ties: TieRig, one: str, others: list[str]
) -> None:
    role(sandbox, one, others[0], Role="Influencer")
    role(sandbox, one, others[0], Role="Evaluator", IsPrimary=True)
    write(connector, one, roles=f"-{others[0]}|Evaluator")
    assert primaries(sandbox, one) == [(others[0], None)]
    assert ties.rows(one) == [(others[0], ""), (others[0], "Influencer")]
    assert connector.get("Opportunity", [one], [ROLES])[one] == {ROLES: f"{others[0]}|Influencer"}


def test_writing_roles_never_moves_the_primary_mark(
    connector: SalesforceConnector, sandbox: Sandbox, one: str, others: list[str]
) -> None:
    role(sandbox, one, others[0], Role="Evaluator", IsPrimary=True)
    write(connector, one, all=f"+{others[1]}", roles=f"+{others[2]}|Evaluator")
    write(connector, one, roles=f"-{others[0]}|Evaluator;+{others[0]}|Influencer")
    assert primaries(sandbox, one) == [(others[0], "Influencer")]


def test_the_primary_contact_is_set_moved_and_taken_away_and_stays_tied(
    connector: SalesforceConnector, sandbox: Sandbox, ties: TieRig, one: str, others: list[str]
) -> None:
    role(sandbox, one, others[0], Role="Evaluator")
    for wished in (others[0], others[1], others[1], None):
        assert write(connector, one, primary=wished).outcome == "written"
        assert [who for who, _ in primaries(sandbox, one)] == ([wished] if wished else [])
        assert connector.get("Opportunity", [one], [PRIMARY])[one] == {PRIMARY: wished}
    assert ties.rows(one) == [(others[0], "Evaluator"), (others[1], "")]


def test_short_ids_in_a_delta_mean_the_same_contact(
    connector: SalesforceConnector, ties: TieRig, one: str, others: list[str]
) -> None:
    write(connector, one, all=f"+{others[0]}")
    write(connector, one, all=f"+{others[0][:15]}")
    assert ties.rows(one) == [(others[0], "")]


def test_what_one_batch_wants_takes_one_call_a_kind(
    connector: SalesforceConnector, salesforce_proxy: Proxy, ties: TieRig, others: list[str]
) -> None:
    deals = [ties.plants_one() for _ in range(3)]
    requests = [update(one, {ALL: f"+{others[0]};+{others[1]}"}, one) for one in deals]
    results = connector.write("Opportunity", requests)
    assert {one.outcome for one in results} == {"written"}
    assert connector.meter.by_path == {
        "GET sobjects/describe": 2,
        "GET query": 1,
        "POST composite/sobjects": 1,
    }
    delta = f"-{others[0]}|none;+{others[1]}|Evaluator"
    requests = [update(one, {ALL: f"-{others[0]}", ROLES: delta}, one) for one in deals]
    salesforce_proxy.seen.clear()
    assert {one.outcome for one in connector.write("Opportunity", requests)} == {"written"}
    assert [seen.method for seen in salesforce_proxy.seen] == ["GET", "PATCH", "DELETE"]


def test_roles_of_more_rows_than_a_page_come_whole(
    connector: SalesforceConnector, sandbox: Sandbox, one: str, others: list[str]
) -> None:
    for at in range(2001):
        role(sandbox, one, others[0], Role=f"R{at}")
    connector.schema("Opportunity")
    made = connector.meter.made
    cells = connector.get("Opportunity", [one], [ALL, ROLES])[one]
    assert (cells[ALL], len((cells[ROLES] or "").split(";"))) == (others[0], 2001)
    assert connector.meter.made - made == 3


def test_more_ties_than_a_call_takes_are_written_in_several(
    connector: SalesforceConnector, ties: TieRig, one: str, others: list[str]
) -> None:
    delta = ";".join(f"+{others[0]}|R{at}" for at in range(401))
    assert write(connector, one, roles=delta).outcome == "written"
    assert len(ties.rows(one)) == 401
    assert connector.meter.by_path["POST composite/sobjects"] == 3
    gone = ";".join(f"-{others[0]}|R{at}" for at in range(401))
    assert write(connector, one, roles=gone).outcome == "written"
    assert ties.rows(one) == [(others[0], "")]


def test_a_locked_opportunity_is_tried_again_and_makes_one_role(
    connector: SalesforceConnector, salesforce_proxy: Proxy, slept: list[float], ties: TieRig,
    one: str, others: list[str],
) -> None:  # fmt: skip
    error = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "busy", "fields": []}
    salesforce_proxy.only = "composite/sobjects"
    salesforce_proxy.faults = [says(200, [{"success": False, "errors": [error]}])]
    assert write(connector, one, all=f"+{others[0]}").outcome == "written"
    assert (slept, ties.rows(one)) == ([0.5], [(others[0], "")])


def test_a_row_that_somebody_deleted_meanwhile_is_gone_as_wanted(
    connector: SalesforceConnector, salesforce_proxy: Proxy, one: str, others: list[str]
) -> None:
    def deleted(items: Any) -> Any:
        error = {"statusCode": "ENTITY_IS_DELETED", "message": "entity is deleted", "fields": []}
        return [{"success": False, "errors": [error]} for _ in items]

    write(connector, one, all=f"+{others[0]}")
    salesforce_proxy.only, salesforce_proxy.faults = "composite/sobjects", [rewrites(deleted)]
    assert write(connector, one, all=f"-{others[0]}").outcome == "written"


@pytest.mark.parametrize("body", [{}, [], [{}], [7], [{"success": True}]])
def test_a_role_whose_answer_makes_no_sense_is_unknown(
    connector: SalesforceConnector, salesforce_proxy: Proxy, one: str, others: list[str], body: Any
) -> None:
    salesforce_proxy.only, salesforce_proxy.faults = "composite/sobjects", [says(200, body)]
    result = write(connector, one, all=f"+{others[0]}")
    assert (result.outcome, result.fields) == ("unknown", (ALL,))


def test_rows_that_cannot_be_read_leave_the_ties_unknown_and_unwritten(
    connector: SalesforceConnector, salesforce_proxy: Proxy, one: str, others: list[str]
) -> None:
    connector.schema("Opportunity")
    salesforce_proxy.only = "/query/"
    salesforce_proxy.faults = [says(200, {"records": [{}], "done": True, "totalSize": 1})]
    assert write(connector, one, all=f"+{others[0]}").outcome == "unknown"
    assert connector.meter.written == 0


def test_a_hidden_role_field_leaves_the_ties_themselves(
    open_salesforce: Open, sandbox: Sandbox, one: str, others: list[str]
) -> None:
    role(sandbox, one, others[0], Role="Evaluator", IsPrimary=True)
    sandbox.salesforce.hide_field(ROLE, "Role")
    try:
        connector = open_salesforce()
        fields = connector.schema("Opportunity").fields
        assert ALL in fields
        assert ROLES not in fields
        cells = connector.get("Opportunity", [one], [ALL, ROLES, PRIMARY])[one]
        assert cells == {ALL: others[0], PRIMARY: others[0]}
    finally:
        sandbox.salesforce.show_field(ROLE, "Role")


def test_a_user_who_sees_no_contact_roles_has_no_such_fields(
    connector: SalesforceConnector, salesforce_proxy: Proxy, one: str
) -> None:
    hidden = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
    salesforce_proxy.only, salesforce_proxy.always = f"sobjects/{ROLE}/describe", says(404, hidden)
    fields = connector.schema("Opportunity").fields
    assert not any(name.startswith("associations.") for name in fields)
    assert connector.get("Opportunity", [one], [ALL, "Name"])[one] == {"Name": "Deal"}


def test_roles_are_the_active_values_of_the_picklist(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    def retires(body: Any) -> Any:
        for field in body["fields"]:
            for value in field["picklistValues"]:
                value["active"] = value["value"] != "Influencer"
        return body

    salesforce_proxy.only = f"sobjects/{ROLE}/describe"
    salesforce_proxy.faults = [rewrites(retires)]
    options = connector.schema("Opportunity").fields[ROLES].options or frozenset()
    assert "Evaluator" in options
    assert "Influencer" not in options


def test_objects_without_ties_cost_no_call_more(connector: SalesforceConnector) -> None:
    assert not any(name.startswith("associations.") for name in connector.schema("Contact").fields)
    assert connector.meter.made == 1


def test_another_junction_is_one_line() -> None:
    line = Junction("AccountContactRelation", "Account", "AccountId", "Contact", "ContactId")
    assert line.fields == ["Id", "AccountId", "ContactId"]
    assert list(tie_fields([line])) == [ALL]
    assert list(tie_fields(JUNCTIONS)) == [ALL, ROLES, PRIMARY]


CONTACTS = st.sampled_from(["a", "b", "c"])
NAMES = st.sampled_from(["", "x", "y"])
HELD = st.lists(st.builds(Row, st.just(""), CONTACTS, NAMES, st.booleans()), max_size=6).map(
    lambda rows: tuple(
        Row(str(at), row.other, row.role, row.primary and not any(r.primary for r in rows[:at]))
        for at, row in enumerate(rows)
    )
)
TIE_SETS = st.frozensets(st.tuples(CONTACTS, st.just("")), max_size=3)
ROLE_SETS = st.frozensets(st.tuples(CONTACTS, st.sampled_from(["x", "y"])), max_size=4)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "all": st.builds(delta_text, TIE_SETS, TIE_SETS),
        "roles": st.builds(delta_text, ROLE_SETS, ROLE_SETS),
    },
)


def all_of(rows: tuple[Row, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((row.other, "") for row in rows)


def roles_of(rows: tuple[Row, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((row.other, row.role) for row in rows if row.role)


@given(HELD, WISHES)
def test_rows_become_what_the_sets_say(rows: tuple[Row, ...], wishes: dict[str, str]) -> None:
    after = wanted(rows, wishes)
    all_ = apply_delta(all_of(rows), wishes.get("all", ""))
    left = frozenset(tie for tie in roles_of(rows) if (tie[0], "") in all_)
    roles = apply_delta(left, wishes.get("roles", ""))
    assert roles_of(after) == roles
    assert all_of(after) == all_ | {(other, "") for other, _ in roles}


@given(HELD, WISHES)
def test_a_delta_wanted_again_changes_nothing(
    rows: tuple[Row, ...], wishes: dict[str, str]
) -> None:
    once = wanted(rows, wishes)
    made = tuple(Row(f"n{at}", row.other, row.role, row.primary) for at, row in enumerate(once))
    assert wanted(made, {"roles": wishes.get("roles", "")}) == made
    if "all" in wishes and "roles" not in wishes:
        assert wanted(made, wishes) == made


@given(HELD, WISHES)
def test_the_primary_mark_moves_only_with_its_tie(
    rows: tuple[Row, ...], wishes: dict[str, str]
) -> None:
    after = wanted(rows, wishes)
    before = [row.other for row in rows if row.primary]
    untied = apply_delta(all_of(rows), wishes.get("all", ""))
    kept = [other for other in before if (other, "") in untied]
    assert [row.other for row in after if row.primary] == kept
