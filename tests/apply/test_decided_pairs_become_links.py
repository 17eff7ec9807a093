"""What people decided of pairs becomes links of a reviewed plan, once, within a limit, and never against their word."""

from __future__ import annotations

from pathlib import Path

import pytest

from apply.pairs import MORNING, Pair, Person, everything_allowed, met
from crmsync.commands.apply import Permission
from crmsync.commands.deciding import decide
from crmsync.commands.opt_outs import opt_outs_alone
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.config.decisions_file import FILE
from crmsync.core.pair_decisions import Same
from crmsync.core.planning import Held, LinkLine
from crmsync.errors import LimitExceeded, PlanStale


def said(pair: Pair, same: Same, *names: str) -> None:
    """Somebody decides, and the workspace is opened again."""
    decide(pair.workspace, "contact", same, names, by="Ana")
    pair.reopen()


def strangers(pair: Pair) -> tuple[str, str]:
    """A contact of each system with nothing in common, as they are named in a decision."""
    salesforce = pair.salesforce("Contact", LastName="Gil", Email="gil@people.example")
    hubspot = pair.hubspot("contacts", lastname="Gil", email="a.gil@home.example")
    return f"salesforce/Contact/{salesforce}", f"hubspot/contacts/{hubspot}"


def only_links(pair: Pair) -> None:
    """Nothing is created, so that what is decided is all there is."""
    pair.mapping(
        "contact", ("create: {when: {email: present, last_name: present}}", "create: never")
    )


def links(plan: Plan) -> list[tuple[str, set[str]]]:
    return [
        (each.how, {"/".join(ref) for ref in each.refs})
        for each in plan.lines
        if isinstance(each, LinkLine)
    ]


def asked(plan: Plan) -> list[str]:
    return [each.reason for each in plan.lines if isinstance(each, Held) and not each.system]


def test_a_decision_is_a_link_of_the_next_plan_and_then_no_news(pair: Pair) -> None:
    only_links(pair)
    names = strangers(pair)
    assert links(pair.plan()) == []
    said(pair, "yes", *names)
    plan = pair.plan()
    assert links(plan) == [("decided", {*names})]
    (line,) = [each for each in plan.lines if isinstance(each, LinkLine)]
    assert line.names == dict.fromkeys(names, "Gil"), (
        "a person reads the names before it is applied"
    )
    assert [(each.by, each.on) for each in line.decided] == [("Ana", MORNING.date().isoformat())]
    pair.apply(everything_allowed(plan))
    again = pair.plan()
    assert links(again) == []
    assert asked(again) == []
    assert not changes_of(again)
    assert is_quiet(again)


@pytest.mark.slow
def test_a_decision_against_a_shared_address_is_kept_every_night(pair: Pair) -> None:
    only_links(pair)
    salesforce, hubspot = met(pair, "Eva")
    said(pair, "no", f"salesforce/Contact/{salesforce}", f"hubspot/contacts/{hubspot}")
    plan = pair.plan()
    assert (links(plan), asked(plan), changes_of(plan)) == ([], [], [])
    (pair.folder / FILE).unlink()
    pair.reopen()
    assert [how for how, _ in links(pair.plan())] == ["email"]


@pytest.mark.parametrize(
    "change",
    [
        "changed",
        pytest.param("gone", marks=pytest.mark.slow),
        pytest.param("new", marks=pytest.mark.slow),
    ],
)
def test_a_plan_is_stale_once_what_was_decided_has_changed(pair: Pair, change: str) -> None:
    only_links(pair)
    names = strangers(pair)
    said(pair, "yes", *names)
    plan = pair.plan()
    if change == "gone":
        (pair.folder / FILE).unlink()
        pair.reopen()
    elif change == "new":
        said(pair, "no", names[0], "hubspot/contacts/999")
    else:
        said(pair, "unsure", *names)
    before = pair.state()
    with pytest.raises(PlanStale, match="decided of duplicates"):
        pair.apply(everything_allowed(plan))
    assert pair.state() == before


@pytest.mark.slow
def test_who_decided_and_when_makes_no_plan_stale(pair: Pair) -> None:
    only_links(pair)
    names = strangers(pair)
    said(pair, "yes", *names)
    plan = pair.plan()
    text = (pair.folder / FILE).read_text()
    day = MORNING.date().isoformat()
    assert day in text
    (pair.folder / FILE).write_text(text.replace(f",Ana,{day},", ",Bo,2026-01-01,a note"))
    pair.reopen()
    pair.apply(everything_allowed(plan))
    assert links(pair.plan()) == []


@pytest.mark.slow
def test_a_link_that_was_made_stays_though_somebody_changes_their_mind(person: Person) -> None:
    pair = person.pair
    names = f"salesforce/Contact/{person.salesforce}", f"hubspot/contacts/{person.hubspot}"
    said(pair, "no", *names)
    plan = pair.plan()
    assert asked(plan) == ["decided_two"]
    assert changes_of(plan) == []
    assert plan.header.counts["ambiguous"] == 1


@pytest.mark.slow
def test_whoever_is_linked_is_linked_to_nobody_else(person: Person) -> None:
    pair = person.pair
    other = pair.hubspot("contacts", lastname="Gil", email="other@home.example")
    said(pair, "yes", f"salesforce/Contact/{person.salesforce}", f"hubspot/contacts/{other}")
    plan = pair.plan()
    assert links(plan) == []
    assert asked(plan) == ["decided_linked"]


@pytest.mark.slow
def test_a_chain_over_two_of_one_system_waits_for_a_merge(pair: Pair) -> None:
    only_links(pair)
    salesforce, hubspot = strangers(pair)
    twin = pair.salesforce("Contact", LastName="Gil", Email="twin@people.example")
    said(pair, "yes", salesforce, hubspot, f"salesforce/Contact/{twin}")
    plan = pair.plan()
    assert (links(plan), asked(plan)) == ([], ["decided_merge"])
    pair.servers.salesforce.tables.drop("Contact", twin)
    plan = pair.plan()
    assert (links(plan), asked(plan)) == ([("decided", {salesforce, hubspot})], [])
    assert plan.header.counts["unheard.contact"] == 2


@pytest.mark.slow
def test_links_by_decision_have_a_limit_of_their_own(pair: Pair) -> None:
    only_links(pair)
    said(pair, "yes", *strangers(pair))
    pair.project("limits: {decided_links: {at_most: 0, share: 0}}\n")
    plan = pair.plan()
    assert {each["where"] for each in plan.header.breaches} == {
        "hubspot/contact",
        "salesforce/contact",
    }
    with pytest.raises(LimitExceeded, match="decided_links"):
        pair.apply()
    pair.apply(Permission({"decided_links": 2}))
    assert links(pair.plan()) == []


@pytest.mark.slow
def test_a_decision_about_nobody_stops_no_night(pair: Pair, tmp_path: Path) -> None:
    only_links(pair)
    salesforce, _ = strangers(pair)
    said(pair, "yes", salesforce, "hubspot/contacts/999")
    plan = pair.plan()
    assert (links(plan), asked(plan)) == ([], [])
    assert plan.header.counts["unheard.contact"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("at_most", [0, 1])
def test_opt_outs_wait_for_no_limit_but_that_of_the_links_they_would_make(
    pair: Pair, at_most: int
) -> None:
    """One customer was decided to be one and opted out, another one is linked by address and opted out."""
    only_links(pair)
    names = strangers(pair)
    out = {"HasOptedOutOfEmail": True}
    pair.salesforce("Contact", names[0].rpartition("/")[2], **out)
    _, linked = met(pair, "Eva", salesforce=out)
    said(pair, "yes", *names)
    pair.project(f"limits: {{decided_links: {{at_most: {at_most}, share: 0}}}}\n")
    found = opt_outs_alone(pair.workspace, pair.plan())
    assert found is not None
    alone, file = found
    assert sorted(how for how, _ in links(alone)) == ["decided", "email"][1 - at_most :]
    pair.apply(file=file)
    decided = names[1].rpartition("/")[2]
    assert pair.of_hubspot("contacts", linked)["hs_email_optout"] == "true"
    reached = pair.of_hubspot("contacts", decided).get("hs_email_optout") == "true"
    assert reached is (at_most == 1)
