"""Two CRMs and a third system, once a folder of CSV files that is only read, once a database: one mapping, one plan."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest

from apply.pairs import Pair, cells, conflicts, everything_allowed, key_of
from crmsync.commands.apply import Applied
from crmsync.commands.plan import changes_of
from crmsync.commands.planfile import Plan
from crmsync.core.planning import ConflictLine, Held, LinkLine

NAMES = ("id", "mail", "given", "family", "tel", "job", "town", "unsubscribed")
MAPPING = """\
entity: contact
seats:
  - {system: salesforce, object: Contact, create: {when: {last_name: present, email: present}}}
  - {system: hubspot, object: contacts, create: {when: {email: present}}}
  - {system: third, object: people, create: CREATE}
match: [key, email, [phone, last_name]]
fields:
  - {field: email, type: email, names: {salesforce: Email, hubspot: email, third: mail}}
  - {field: first_name, type: text, names: {salesforce: FirstName, hubspot: firstname, third: given}}
  - {field: last_name, type: text, names: {salesforce: LastName, hubspot: lastname, third: family}}
  - {field: phone, type: phone, names: {salesforce: Phone, hubspot: phone, third: tel}}
  - {field: job_title, type: text, names: {salesforce: Title, hubspot: jobtitle, third: job}}
  - {field: city, type: text, names: {salesforce: MailingCity, hubspot: city, third: town}}
  - field: opted_out
    type: flag
    on_conflict: sticky
    names: {salesforce: HasOptedOutOfEmail, hubspot: hs_email_optout, third: unsubscribed}
"""


class Third(Protocol):
    """A system beside the two CRMs, as its own people use it."""

    system: str
    create: str
    writable: bool

    def put(self, id_: str, **values: str) -> None:
        """Somebody enters or changes a person."""

    def rows(self) -> dict[str, dict[str, str]]:
        """Everybody by id, blanks left out."""


@dataclass
class Export:
    """A CSV that another system writes every night."""

    folder: Path
    system = (
        "  third: {kind: files, folder: exports, objects: {people: {file: people.csv, id: id}}}\n"
    )
    create = "never"
    writable = False

    def __post_init__(self) -> None:
        (self.folder / "exports").mkdir()
        self._write({})

    @property
    def file(self) -> Path:
        return self.folder / "exports" / "people.csv"

    def put(self, id_: str, **values: str) -> None:
        rows = self.rows()
        rows[id_] = {**rows.get(id_, {"id": id_}), **values}
        self._write(rows)

    def rows(self) -> dict[str, dict[str, str]]:
        with self.file.open(encoding="utf-8", newline="") as file:
            read = [{n: v for n, v in row.items() if v} for row in csv.DictReader(file)]
        return {row["id"]: row for row in read}

    def _write(self, rows: Mapping[str, Mapping[str, str]]) -> None:
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, NAMES)
            writer.writeheader()
            writer.writerows(rows.values())


@dataclass
class Database:
    """A table with a unique column for our key."""

    folder: Path
    system = (
        "  third: {kind: sql, url: 'sqlite:///third.db', objects: "
        "{people: {table: people, id: id, key: crmsync_key}}}\n"
    )
    create = "{when: {email: present}}"
    writable = True

    def __post_init__(self) -> None:
        columns = ", ".join(f"{name} TEXT" for name in NAMES[1:])
        self._run(
            f"CREATE TABLE people (id INTEGER PRIMARY KEY, {columns}, crmsync_key TEXT UNIQUE)"
        )

    def put(self, id_: str, **values: str) -> None:
        self._run("INSERT OR IGNORE INTO people (id) VALUES (?)", id_)
        for name, value in values.items():
            self._run(f"UPDATE people SET {name} = ? WHERE id = ?", value, id_)

    def rows(self) -> dict[str, dict[str, str]]:
        found = self._run(f"SELECT {', '.join(NAMES)} FROM people")
        rows = [{n: str(v) for n, v in zip(NAMES, row, strict=True) if v} for row in found]
        return {row["id"]: row for row in rows}

    def _run(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.folder / "third.db")
        with connection:
            found = connection.execute(statement, values).fetchall()
        connection.close()
        return found


KINDS: dict[str, Callable[[Path], Third]] = {"files": Export, "sql": Database}


@pytest.fixture(params=sorted(KINDS))
def third(request: pytest.FixtureRequest, pair: Pair) -> Third:
    """The third system of the pair's workspace, with nobody in it."""
    found = KINDS[request.param](pair.folder)
    for path in (pair.folder / "mappings").glob("*.yml"):
        path.unlink()
    text = MAPPING.replace("CREATE", found.create)
    (pair.folder / "mappings" / "contact.yml").write_text(text, encoding="utf-8")
    pair.project(found.system)
    return found


def everywhere(pair: Pair, third: Third, name: str = "Ana", /, **job: str) -> tuple[str, str, str]:
    """Somebody whom all three know, with a job each of them may have: her three ids."""
    mail, id_ = f"{name.lower()}@people.example", str(len(third.rows()) + 1)
    third.put(id_, mail=mail, given=name, family="Ruiz", **only("job", job, "third"))
    return (
        pair.salesforce(
            "Contact",
            FirstName=name,
            LastName="Ruiz",
            Email=mail,
            **only("Title", job, "salesforce"),
        ),
        pair.hubspot(
            "contacts",
            firstname=name,
            lastname="Ruiz",
            email=mail,
            **only("jobtitle", job, "hubspot"),
        ),
        id_,
    )


def only(name: str, said: Mapping[str, str], system: str) -> dict[str, str]:
    return {name: said[system]} if system in said else {}


def apply(pair: Pair, plan: Plan) -> Applied:
    """Carries out a plan; a database is no sandbox, so a person says that it may be written."""
    return pair.apply(replace(everything_allowed(plan), experimental=True))


def night(pair: Pair) -> Applied:
    return apply(pair, pair.plan())


def jobs(pair: Pair, third: Third, ids: tuple[str, str, str]) -> list[str | None]:
    """What she does, by Salesforce, HubSpot and the third."""
    return [
        pair.of_salesforce("Contact", ids[0]).get("Title"),
        pair.of_hubspot("contacts", ids[1]).get("jobtitle") or None,
        third.rows()[ids[2]].get("job"),
    ]


def test_three_systems_converge_in_one_plan_and_the_second_is_empty(
    pair: Pair, third: Third
) -> None:
    ana = everywhere(pair, third, "Ana", salesforce="Buyer")
    everywhere(pair, third, "Eva", hubspot="Analyst")
    third.put("90", mail="luz@people.example", given="Luz", family="Mar", tel="+34911234567")
    new = pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@people.example")
    pair.hubspot(
        "contacts", firstname="Noa", lastname="Gil", email="noa@people.example", city="Vigo"
    )
    night(pair)
    assert pair.of_salesforce("Contact", new)["MailingCity"] == "Vigo"
    assert jobs(pair, third, ana)[:2] == ["Buyer", "Buyer"]
    people = {
        "salesforce": {r["Email"]: r.get("Title") for r in rows(pair, "salesforce", "Contact")},
        "hubspot": {
            r["email"]: r.get("jobtitle") or None for r in rows(pair, "hubspot", "contacts")
        },
    }
    mails = {f"{name}@people.example" for name in ("ana", "eva", "luz", "noa")}
    assert set(people["salesforce"]) == mails
    assert people["salesforce"] == people["hubspot"]
    pair.forget_requests()
    before = third.rows()
    plan = pair.plan()
    assert not changes_of(plan)
    assert not [line for line in plan.lines if isinstance(line, ConflictLine | LinkLine)]
    assert pair.sync().applied is None
    assert not pair.writes()
    assert third.rows() == before


def rows(pair: Pair, system: str, object_: str) -> list[dict[str, str]]:
    tables = pair.servers.worlds[system].tables
    read = pair.of_salesforce if system == "salesforce" else pair.of_hubspot
    return [read(object_, id_) for id_ in tables.ids(object_)]


def test_only_a_third_system_with_a_key_column_is_written(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third, "Ana", salesforce="Buyer", hubspot="Buyer")
    pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@people.example")
    before = third.rows()
    night(pair)
    if not third.writable:
        assert third.rows() == before
        return
    assert third.rows()[ana[2]]["job"] == "Buyer"
    assert {row["mail"] for row in third.rows().values()} == {
        "ana@people.example",
        "noa@people.example",
    }


def test_a_value_that_only_the_third_knows_fills_both_crms(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third, third="Director")
    plan = pair.plan()
    assert cells(plan) == {
        ("salesforce", "job_title", "Director"),
        ("hubspot", "job_title", "Director"),
    }
    apply(pair, plan)
    assert jobs(pair, third, ana) == ["Director"] * 3


def test_a_change_in_the_third_goes_over_to_both(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third, salesforce="Buyer", hubspot="Buyer", third="Buyer")
    night(pair)
    third.put(ana[2], job="Director")
    night(pair)
    assert jobs(pair, third, ana) == ["Director"] * 3


def test_a_conflict_of_three_sides_asks(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third, salesforce="Buyer", hubspot="Seller", third="Director")
    plan = pair.plan()
    (line,) = [each for each in plan.lines if isinstance(each, ConflictLine)]
    assert line.sides == {"salesforce": "Buyer", "hubspot": "Seller", "third": "Director"}
    assert not changes_of(plan)
    apply(pair, plan)
    assert jobs(pair, third, ana) == ["Buyer", "Seller", "Director"]
    assert conflicts(pair.plan()) == {"job_title"}


def test_an_opt_out_in_the_third_reaches_both(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third)
    night(pair)
    third.put(ana[2], unsubscribed="true")
    night(pair)
    assert pair.of_salesforce("Contact", ana[0])["HasOptedOutOfEmail"] is True
    assert pair.of_hubspot("contacts", ana[1])["hs_email_optout"] == "true"
    pair.forget_requests()
    third.put(ana[2], unsubscribed="false")
    night(pair)
    assert pair.of_salesforce("Contact", ana[0])["HasOptedOutOfEmail"] is True
    assert pair.of_hubspot("contacts", ana[1])["hs_email_optout"] == "true"


def test_one_candidate_in_each_other_system_is_one_customer(pair: Pair, third: Third) -> None:
    ana = everywhere(pair, third)
    plan = pair.plan()
    (link,) = [each for each in plan.lines if isinstance(each, LinkLine)]
    assert [system for system, _, _ in link.refs] == ["hubspot", "salesforce", "third"]
    apply(pair, plan)
    keys = {key_of(pair, "contact", each) for each in ana}
    assert len(keys) == 1


def test_two_candidates_in_the_third_link_nobody_there(pair: Pair, third: Third) -> None:
    everywhere(pair, third)
    third.put("2", mail="ana@people.example", given="Ana", family="Ruiz", job="Director")
    plan = pair.plan()
    assert plan.header.counts["ambiguous"]
    links = [each for each in plan.lines if isinstance(each, LinkLine)]
    linked = {system for each in links for system, _, _ in each.refs}
    assert "third" not in linked
    assert not [change for change in changes_of(plan) if change.action == "create"]
    assert "Director" not in {value for _, _, value in cells(plan)}


@pytest.mark.parametrize("create", ["ask", "{when: {email: present}}"])
def test_nothing_is_offered_where_nothing_can_be_written(pair: Pair, create: str) -> None:
    third = Export(pair.folder)
    for path in (pair.folder / "mappings").glob("*.yml"):
        path.unlink()
    text = MAPPING.replace("CREATE", create)
    (pair.folder / "mappings" / "contact.yml").write_text(text, encoding="utf-8")
    pair.project(third.system)
    pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@people.example")
    plan = pair.plan()
    assert not [line for line in plan.lines if isinstance(line, Held) and line.system == "third"]
    assert {name for name in plan.header.counts if name.startswith("only_read")} == {
        "only_read.third"
    }
