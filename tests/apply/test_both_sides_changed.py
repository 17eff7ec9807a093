"""What both systems changed since they were last settled is told; before a first sync nobody can say."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person
from crmsync.commands.audit import audit
from crmsync.core.auditing import AuditResult


def result(pair: Pair) -> AuditResult:
    """X10 over a fresh pull."""
    pair.pull()
    (found,) = audit(pair.workspace, select=["X10"]).results
    return found


@pytest.mark.slow
def test_a_field_that_both_sides_changed_is_told(person: Person) -> None:
    person.in_salesforce(Title="Buyer", MobilePhone="+34600111222")
    person.in_hubspot(jobtitle="Seller")
    found = result(person.pair)
    assert [(each.field, each.detail) for each in found.findings] == [
        ("job_title", "hubspot Seller / salesforce Buyer")
    ]


def test_one_side_alone_contradicts_nobody(person: Person) -> None:
    person.in_salesforce(Title="Buyer")
    person.in_hubspot(city="Vigo")
    assert result(person.pair).findings == ()


def test_before_a_first_sync_it_is_not_checked(pair: Pair) -> None:
    assert result(pair).not_checked == "settled"
