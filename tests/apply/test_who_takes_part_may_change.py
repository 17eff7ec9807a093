"""A line of the mapping, or a record, takes part no more, and then again: nothing is deleted, blanked or doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cli.places import Said, crm_in
from cli.test_a_mapping_change_is_measured import git

from apply.pairs import Pair, Person, cells, conflicts, held_by, met
from apply.test_nights import is_quiet
from crmsync.commands.plan import changes_of
from crmsync.core.planning import Held
from crmsync.errors import ExitCode

MATCH = "\nmatch:\n"
CUSTOMERS = "\nscope: {hubspot: {lifecyclestage: [customer]}}\n"
NAMES = ("Ana", "Bea", "Eva", "Iris", "Leo", "Luz", "Mar", "Noa", "Paz", "Sol")


def line_of(pair: Pair, field: str) -> str:
    """The lines of a mapping file that declare one field."""
    text = (pair.folder / "mappings" / "contact.yml").read_text(encoding="utf-8")
    start = text.index(f"  - field: {field}\n")
    return text[start : text.index("  - field:", start + 5)]


def scoped(pair: Pair) -> None:
    pair.mapping("contact", (MATCH, CUSTOMERS + MATCH))


@pytest.fixture
def without_job(person: Person) -> Callable[[], None]:
    """Takes the job title out of the mapping; called again by the test, puts it back."""
    pair = person.pair
    line = line_of(pair, "job_title")
    pair.mapping("contact", (line, ""))
    anchor = line_of(pair, "last_name")
    return lambda: pair.mapping("contact", (anchor, anchor + line))


def test_d12_a_line_taken_out_and_put_back_blanks_nothing(
    person: Person, without_job: Callable[[], None]
) -> None:
    pair = person.pair
    person.in_hubspot(mobilephone="+34600111222")
    pair.night()
    assert person.at_salesforce("MobilePhone") == "+34600111222"
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle")) == ("Analyst", "Analyst")
    without_job()
    assert is_quiet(pair.plan())


@pytest.mark.parametrize(
    ("salesforce", "hubspot", "expected", "asks"),
    [
        ("Director", "Analyst", ("Director", "Director"), False),
        ("Analyst", "", ("Analyst", "Analyst"), False),
        ("Director", "Director", ("Director", "Director"), False),
        ("Buyer", "Seller", ("Buyer", "Seller"), True),
    ],
    ids=["one side edited", "one side emptied", "both edited alike", "both edited"],
)
def test_d12_what_happened_meanwhile_is_compared_with_what_was_last_settled(
    person: Person,
    without_job: Callable[[], None],
    salesforce: str,
    hubspot: str,
    expected: tuple[str, str],
    asks: bool,
) -> None:
    pair = person.pair
    person.in_salesforce(Title=salesforce, MobilePhone="+34600111222")
    person.in_hubspot(jobtitle=hubspot)
    pair.night()
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle") or "") == (
        salesforce,
        hubspot,
    )
    without_job()
    plan = pair.plan()
    assert conflicts(plan) == ({"job_title"} if asks else set())
    pair.apply()
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle")) == expected


def test_d12_a_line_put_back_over_another_native_field_was_never_settled(person: Person) -> None:
    """HubSpot's new field holds something else: that is nobody's edit, however many nights went by."""
    pair = person.pair
    person.in_hubspot(gender="female")
    line = line_of(pair, "job_title")
    pair.mapping("contact", (line, ""))
    for number in range(2):
        person.in_hubspot(mobilephone=f"+3460011122{number}")
        pair.night()
    anchor = line_of(pair, "last_name")
    pair.mapping("contact", (anchor, anchor + line.replace("hubspot: jobtitle", "hubspot: gender")))
    plan = pair.plan()
    assert not [change for change in changes_of(plan) if change.system == "salesforce"]
    assert conflicts(plan) == {"job_title"}


def test_d12_nor_is_it_an_edit_on_the_second_night(person: Person) -> None:
    """What nobody decided stays a question, after a run that wrote something else, too."""
    pair = person.pair
    person.in_hubspot(gender="female", mobilephone="+34600111222")
    pair.mapping("contact", ("hubspot: jobtitle", "hubspot: gender"))
    for _night in range(2):
        pair.night()
        plan = pair.plan()
        assert not changes_of(plan)
        assert conflicts(plan) == {"job_title"}
    assert person.at_salesforce("Title") == "Analyst"


@pytest.fixture
def customer(person: Person) -> Person:
    """A settled person who is in the scope because HubSpot says that she is a customer."""
    person.in_hubspot(lifecyclestage="customer")
    scoped(person.pair)
    person.pair.night()
    person.pair.forget_requests()
    return person


def test_d34_a_record_that_leaves_the_scope_is_neither_deleted_nor_emptied(
    customer: Person,
) -> None:
    pair = customer.pair
    customer.in_hubspot(lifecyclestage="evangelist", jobtitle="", mobilephone="+34600111222")
    customer.in_salesforce(Title="Director")
    held = held_by(pair.servers)
    plan = pair.plan()
    assert not changes_of(plan)
    assert plan.header.counts["outside.hubspot"] == 1
    pair.apply()
    assert not pair.writes()
    assert held_by(pair.servers) == held


def test_d34_nothing_is_created_beside_it(customer: Person) -> None:
    pair = customer.pair
    pair.mapping(
        "contact",
        (
            "object: Contact, create: never",
            "object: Contact, create: {when: {email: present, last_name: present}}",
        ),
    )
    customer.in_hubspot(lifecyclestage="evangelist", email="new@people.example")
    pair.hubspot("contacts", lastname="Fuera", email="out@people.example", lifecyclestage="lead")
    plan = pair.plan()
    assert not changes_of(plan)
    pair.night()
    assert pair.servers.salesforce.tables.count("Contact") == 1
    assert pair.servers.hubspot.tables.count("contacts") == 2


def test_d34_whoever_comes_back_meets_the_old_base(customer: Person) -> None:
    """Salesforce's edit goes over as one, HubSpot's, made while it was outside, too: neither is a conflict."""
    pair = customer.pair
    customer.in_hubspot(lifecyclestage="evangelist", mobilephone="+34600111222")
    customer.in_salesforce(Title="Director")
    for _night in range(2):
        pair.night()
    customer.in_hubspot(lifecyclestage="customer")
    plan = pair.plan()
    assert not conflicts(plan)
    assert cells(plan) == {
        ("hubspot", "job_title", "Director"),
        ("salesforce", "mobile", "+34600111222"),
    }
    pair.apply()
    assert is_quiet(pair.plan())


@pytest.fixture
def crowd(pair: Pair) -> list[tuple[str, str]]:
    """Ten people, settled; HubSpot calls four of them customers. The workspace is in git."""
    ids = [
        met(pair, name, hubspot={"lifecyclestage": "customer" if at < 4 else "lead"})
        for at, name in enumerate(NAMES)
    ]
    pair.night()
    pair.forget_requests()
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "mappings"),
        ("commit", "-q", "-m", "as it was"),
    ):
        git(pair.folder, *words)
    return ids


@pytest.fixture
def ask(pair: Pair, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    crm = crm_in(capsys)
    return lambda *words: crm("diff", *words, "--workspace", pair.folder)


def risks(said: Said) -> list[tuple[str, str, Any]]:
    return [(each["level"], each["rule"], each["count"]) for each in said.json["risks"]]


def test_d35_a_scope_that_leaves_out_sixty_percent_deletes_nothing(
    pair: Pair, crowd: list[tuple[str, str]]
) -> None:
    scoped(pair)
    for person in crowd:
        pair.salesforce("Contact", person[0], Title="Director")
    held = held_by(pair.servers)
    plan = pair.plan()
    assert plan.header.counts["outside.hubspot"] == 6
    assert {change.action for change in changes_of(plan)} == {"update"}
    assert len(changes_of(plan)) == 4
    assert plan.header.counts["blanks"] == 0
    pair.apply()
    now = held_by(pair.servers)
    assert now["salesforce"] == held["salesforce"]
    titles = [pair.of_hubspot("contacts", each[1])["jobtitle"] for each in crowd]
    assert titles == ["Director"] * 4 + ["Analyst"] * 6
    assert is_quiet(pair.plan())


def test_d35_diff_says_how_many_leave_and_asks_for_a_review(
    pair: Pair, crowd: list[tuple[str, str]], ask: Callable[..., Said]
) -> None:
    pair.pull()
    scoped(pair)
    pair.pull()
    said = ask("--format", "json")
    assert (said.code, said.json["verdict"]) == (ExitCode.OK, "review")
    assert risks(said) == [("orange", "R503", 6)]
    (change,) = said.json["changes"]
    assert (change["aspect"], change["before"]) == ("scope hubspot", None)
    assert change["after"] == "lifecyclestage: customer"
    assert sum(said.json["after"]["blanks"].values()) == 0
    text = ask().out
    assert "records leave the scope of hubspot" in text
    assert "who takes part in HubSpot" in text
    assert "quién participa en HubSpot" in ask("--lang", "es", "--format", "github-md").out
    git(pair.folder, "commit", "-q", "-a", "-m", "narrower")
    pair.mapping("contact", (CUSTOMERS, "\nscope: {hubspot: {lifecyclestage: [customer, lead]}}\n"))
    wider = ask("--format", "json")
    assert risks(wider) == [("orange", "R503", 6)]
    assert "come into the scope" in wider.json["risks"][0]["what"]


def test_d35_a_scope_over_a_field_that_was_not_read_is_not_measured(
    pair: Pair, crowd: list[tuple[str, str]], ask: Callable[..., Said]
) -> None:
    """Nobody is said to leave because the last read lacks the field."""
    pair.mapping("contact", (MATCH, "\nscope: {hubspot: {hs_is_unworked: true}}\n" + MATCH))
    said = ask("--format", "json")
    assert risks(said) == [("orange", "R503", None)]
    assert said.json["risks"][0]["params"]["fields"] == "hs_is_unworked"
    assert "crmsync pull" in ask().out


@pytest.mark.parametrize("kind", ["integer", "decimal", "date", "instant", "flag", "choice"])
def test_a_field_whose_type_changes_is_met_anew(person: Person, kind: str) -> None:
    pair = person.pair
    line = line_of(pair, "job_title")
    assert "type: text" in line
    pair.mapping("contact", (line, line.replace("type: text", f"type: {kind}")))
    plan = pair.plan()
    assert not {each for each in cells(plan) if each[1] == "job_title"}
    assert person.at_hubspot("jobtitle") == person.at_salesforce("Title") == "Analyst"


def test_nothing_is_created_that_its_own_scope_would_leave_out(pair: Pair) -> None:
    """It would stand there, and nothing would ever reach it again."""
    pair.mapping("contact", (MATCH, CUSTOMERS + MATCH))
    pair.salesforce("Contact", LastName="Ruiz", Email="ana@people.example", Title="Boss")
    plan = pair.plan()
    assert changes_of(plan) == []
    (held,) = (line for line in plan.lines if isinstance(line, Held))
    assert (held.system, held.reason) == ("hubspot", "outside_scope:lifecyclestage")
    pair.mapping("contact", (CUSTOMERS, "\nscope: {hubspot: {jobtitle: [Boss]}}\n"))
    (change,) = changes_of(pair.plan())
    assert (change.action, change.system) == ("create", "hubspot")
