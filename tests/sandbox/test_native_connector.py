"""The simulated native connector: a second writer between the two simulated CRMs, with rules of its own."""

from __future__ import annotations

from random import Random

import between_crms
import pytest
from between_crms import NOW, QUARTER, Between

from crmsync.sandbox.native.rules import RULES, Side, settled

served = between_crms.served
between = between_crms.between


def side(value: str, before: str | None = None, minute: int = 0) -> Side:
    return Side(value, before, NOW.replace(minute=minute))


@pytest.mark.parametrize(
    ("rule", "hubspot", "salesforce", "news"),
    [
        ("prefer-salesforce", side("a"), side("b"), ("b", None)),
        ("prefer-salesforce", side("a"), side(""), (None, "a")),
        ("prefer-salesforce", side("a", "a"), side("", "a"), ("", None)),
        ("prefer-salesforce", side("a"), side("a"), (None, None)),
        ("always-salesforce", side("a"), side("b"), ("b", None)),
        ("always-salesforce", side("a"), side(""), (None, None)),
        ("always-salesforce", side("a", "a"), side("", "a"), ("", None)),
        ("two-way", side("a", "b"), side("b", "b"), (None, "a")),
        ("two-way", side("b", "b"), side("a", "b"), ("a", None)),
        ("two-way", side("", "b"), side("b", "b"), (None, "")),
        ("two-way", side("a", "x", 9), side("b", "x", 8), (None, "a")),
        ("two-way", side("a", "x", 7), side("b", "x", 8), ("b", None)),
        ("two-way", side("a", "a"), side("b", "b"), (None, None)),
        ("two-way", side(""), side("b"), ("b", None)),
        ("dont-sync", side("a"), side(""), (None, None)),
    ],
)
def test_a_rule_says_which_value_goes_where(
    rule: str, hubspot: Side, salesforce: Side, news: tuple[str | None, str | None]
) -> None:
    assert rule in RULES
    assert settled(rule, hubspot, salesforce) == news


FIELDS = {"jobtitle": "Title", "city": "MailingCity", "phone": "Phone"}


def a_week(between: Between, seed: int) -> list[tuple[str, str]]:
    """People edited on both sides for a week, the connector on; the pairs."""
    pick = Random(seed)
    pairs = []
    for n in range(12):
        mail = {"email": f"p{n}@uno.example", "lastname": f"Name {n}"}
        hs = between.hubspot.put("contacts", mail)
        sf = between.salesforce.put(
            "Contact", {"Email": f"p{n}@uno.example", "LastName": f"Name {n}"}
        )
        pairs.append((hs, sf))
    between.native(on=True, rules={"contacts.phone": "two-way"})
    for _ in range(7 * 8):
        hs, sf = pick.choice(pairs)
        name, value = pick.choice(list(FIELDS)), pick.choice(["", "a", "b"])
        if pick.random() < 0.5:
            between.edit(hs, **{name: value})
        else:
            between.change(sf, **{FIELDS[name]: value or None})
        between.later(3 * 3600)
    return pairs


def test_a_week_of_edits_on_both_sides_comes_to_rest_with_both_alike(between: Between) -> None:
    pairs = a_week(between, seed=7)
    between.later(2 * QUARTER)
    for hs, sf in pairs:
        ours, theirs = between.contact(hs), between.record(sf)
        alike = {name: ours.get(name, "") for name in FIELDS}
        assert alike == {name: theirs.get(FIELDS[name]) or "" for name in FIELDS}
    assert between.native()["errors"] == {}
    before = between.native()["calls"]
    between.later(QUARTER)
    assert between.native()["calls"] == before + 4


def test_the_same_week_ends_the_same_way(between: Between) -> None:
    ends = []
    for _ in range(2):
        between.hubspot.tables.restore({})
        between.salesforce.tables.restore({})
        between.salesforce.reload()
        between.hubspot.clock.freeze(NOW)
        a_week(between, seed=3)
        ends.append(dict(between.hubspot.tables.dump()["contacts"]))
    assert ends[0] == ends[1]


def test_a_call_of_either_crm_lets_it_look(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.hubspot.clock.advance(QUARTER)
    assert between.sf.get("/services/data/v67.0/limits").status_code == 200
    assert between.contact(hs)["jobtitle"] == "CEO"


def test_off_it_does_nothing(between: Between) -> None:
    hs, sf = between.pair()
    between.change(sf, Title="CEO")
    between.later(10 * QUARTER)
    assert "jobtitle" not in between.contact(hs)
    assert between.native()["on"] is False


def test_what_was_there_before_it_does_not_go_over_until_it_is_touched(between: Between) -> None:
    hs, sf = between.pair()
    between.salesforce.put("Contact", {"Title": "CEO"}, sf)
    between.native(on=True)
    between.later()
    assert "jobtitle" not in between.contact(hs)
    between.change(sf, Phone="1")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.contact(hs)["salesforcecontactid"] == sf


def test_it_is_late_by_its_period_and_stamps_when_it_was_due(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.later(QUARTER - 1)
    assert "jobtitle" not in between.contact(hs)
    between.later(86_400)
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.contact(hs)["lastmodifieddate"] == "2026-11-20T09:45:00Z"
    assert between.contact(hs)["salesforcelastsynctime"] == "2026-11-20T09:45:00Z"


def test_salesforce_is_preferred_and_its_blanks_are_filled(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.edit(hs, jobtitle="CFO", city="Lima")
    between.change(sf, Title="CEO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.record(sf)["MailingCity"] == "Lima"
    between.change(sf, MailingCity=None)
    between.later()
    assert "city" not in between.contact(hs)


def test_a_rule_can_be_chosen_for_a_property(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True, rules={"contacts.jobtitle": "two-way", "contacts.city": "dont-sync"})
    between.change(sf, Title="CEO")
    between.later()
    between.edit(hs, jobtitle="CFO", city="Lima")
    between.later()
    assert between.record(sf)["Title"] == "CFO"
    assert between.record(sf).get("MailingCity") is None


def test_an_owner_is_the_same_user_in_both(between: Between) -> None:
    hs, sf = between.pair()
    user = between.salesforce.put(
        "User", {"Username": "gil@x.example", "Email": "gil@uno.example", "LastName": "Gil"}
    )
    owner = between.hubspot.put("owners", {"email": "Gil@uno.example"})
    between.native(on=True)
    between.edit(hs, hubspot_owner_id=owner)
    between.later()
    assert between.record(sf)["OwnerId"] == user
