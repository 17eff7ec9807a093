"""The numbers that two directors read first, counted anew over three seeds.

Records, opt-outs, deals without anybody or without a company, contacts paid for in vain, and the money that hangs on
them are counted in plain Python of the raw rows: nothing asks the face, the audits' SQL or the figures. What follows of
findings (sums by severity, hours, cost, points, the score) is worked out anew from the findings. Not counted anew are
the findings of the other audits, and what became of hand-offs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cli.places import make_workspace, mend, served
from crmsync.commands.audit import audit
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.reports.facts import ReportFacts
from crmsync.reports.html import render
from crmsync.sandbox.seed import generate

pytestmark = pytest.mark.slow
SEEDS = (7, 11, 23)
Row = Mapping[str, Any]
Address = tuple[str, str]


@dataclass
class Read:
    """What was read, as rows, and the page that was made of it."""

    root: Path
    facts: ReportFacts
    page: str

    def rows(self, system: str, object_: str) -> list[Row]:
        found = sorted(
            (self.root / ".crmsync/snapshots" / system / object_).glob("*/part-*.parquet")
        )
        if not found:
            return []
        table = duckdb.sql(f"SELECT * FROM read_parquet('{found[-1]}')").to_arrow_table()
        return table.to_pylist()

    @cached_property
    def people(self) -> list[tuple[Address, Row]]:
        """Contacts of HubSpot, contacts and open leads of Salesforce."""
        leads = [r for r in self.rows("salesforce", "Lead") if r.get("IsConverted") != "true"]
        return [
            *((("hubspot", r["_id"]), r) for r in self.rows("hubspot", "contacts")),
            *((("salesforce", r["_id"]), r) for r in (*self.rows("salesforce", "Contact"), *leads)),
        ]

    @cached_property
    def deals(self) -> list[tuple[Address, Row]]:
        return [
            *((("hubspot", r["_id"]), r) for r in self.rows("hubspot", "deals")),
            *((("salesforce", r["_id"]), r) for r in self.rows("salesforce", "Opportunity")),
        ]

    def tied(self) -> dict[Address, list[str]]:
        """The roles on each deal; of HubSpot, whose ties have none, a word in their place."""
        found: dict[Address, list[str]] = defaultdict(list)
        for r in self.rows("hubspot", "_associations.deals.contacts"):
            found["hubspot", r["from_id"]].append("tied")
        for r in self.rows("salesforce", "_associations.Opportunity.Contact"):
            found["salesforce", r["from_id"]].append(r["role"] or "")
        return found


@pytest.fixture(scope="module", params=SEEDS)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    seed = generate(contacts=120, companies=36, deals=24, seed=request.param)
    with served(seed) as both:
        folder = make_workspace(
            tmp_path_factory.mktemp("seed") / "workspace",
            both.access,
            extra="audits: {prices: {hour: 60}}\n",
        )
        # People are one by their address or by a link of their own: what a person can recount.
        mend(folder, "mappings/contact.yml", "  - [phone, last_name]\n", "")
        assert pull(open_workspace(folder)).complete
    facts = audit(open_workspace(folder), counts=True)
    return Read(folder, facts, render(facts, "en"))


def is_true(row: Row, hubspot: str, salesforce: str) -> bool:
    return (row.get(hubspot) or row.get(salesforce)) == "true"


def is_won(row: Row) -> bool:
    return is_true(row, "hs_is_closed_won", "IsWon")


def is_closed(row: Row) -> bool:
    return is_true(row, "hs_is_closed", "IsClosed")


def amount(row: Row) -> Decimal:
    return Decimal(row.get("amount") or row.get("Amount") or 0)


def open_without_contact(read: Read) -> tuple[list[Address], int, Decimal]:
    tied, deals = read.tied(), [each for each in read.deals if not is_closed(each[1])]
    bare = [each for each in deals if not tied[each[0]]]
    return [a for a, _ in bare], len(deals), sum((amount(r) for _, r in bare), Decimal(0))


def won_without_role(read: Read) -> tuple[list[Address], int, Decimal]:
    tied, deals = read.tied(), [each for each in read.deals if is_won(each[1])]
    bare = [each for each in deals if not any(tied[each[0]])]
    return [a for a, _ in bare], len(deals), sum((amount(r) for _, r in bare), Decimal(0))


def without_company(read: Read) -> tuple[list[Address], int, Decimal]:
    known = {r["from_id"] for r in read.rows("hubspot", "_associations.deals.companies")}
    bare = [
        (place, r)
        for place, r in read.deals
        if not (r.get("AccountId") if place[0] == "salesforce" else place[1] in known)
    ]
    return [a for a, _ in bare], len(read.deals), sum((amount(r) for _, r in bare), Decimal(0))


def paid_for_and_opted_out(read: Read) -> tuple[list[Address], int, Decimal]:
    paid = [each for each in read.people if each[1].get("hs_marketable_status") == "true"]
    out = [a for a, r in paid if r.get("hs_email_optout") == "true"]
    return out, len(paid), Decimal(0)


def marks(place: Address, row: Row) -> set[str]:
    """By what a person is known: the address, and the record of Salesforce (an id has 15 letters, and 3 to check)."""
    links = (row.get("salesforcecontactid"), row.get("salesforceleadid"))
    mail = (row.get("email") or row.get("Email") or "").strip().lower()
    return {mail, place[1][:15], *(each[:15] for each in links if each)} - {""}


def groups(read: Read) -> list[list[tuple[Address, Row]]]:
    """People who share a mark are one, and so on."""
    found: list[tuple[set[str], list[tuple[Address, Row]]]] = []
    for place, row in read.people:
        known, mine = marks(place, row), [(place, row)]
        for each in [one for one in found if one[0] & known]:
            found.remove(each)
            known, mine = known | each[0], mine + each[1]
        found.append((known, mine))
    return [mine for _, mine in found]


def opt_outs_that_contradict(read: Read) -> tuple[list[Address], int, Decimal]:
    pairs = [
        each
        for each in groups(read)
        if Counter(place[0] for place, _ in each) == {"hubspot": 1, "salesforce": 1}
    ]
    out = [
        place
        for each in pairs
        for place, _ in each
        if place[0] == "hubspot"
        and len({is_true(r, "hs_email_optout", "HasOptedOutOfEmail") for _, r in each}) == 2
    ]
    return out, len(pairs), Decimal(0)


RECOUNTED: Mapping[str, Callable[[Read], tuple[list[Address], int, Decimal]]] = {
    "C22": paid_for_and_opted_out,
    "D05": open_without_contact,
    "D06": won_without_role,
    "D10": without_company,
    "G02": opt_outs_that_contradict,
}


@pytest.mark.parametrize("name", sorted(RECOUNTED))
def test_what_an_audit_of_the_first_screen_counts_is_there(read: Read, name: str) -> None:
    (result,) = (each for each in read.facts.results if each.audit.id == name)
    addresses, eligible, worth = RECOUNTED[name](read)
    assert {(f.system, f.id) for f in result.findings} == set(addresses)
    assert (result.count, result.eligible) == (len(addresses), eligible)
    if worth:
        assert Decimal(str(result.amount)) == pytest.approx(worth)


def plain(html: str) -> str:
    """The text of a piece of the page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def number(text: str) -> int:
    return int(text.replace(",", ""))


def part(page: str, start: str, end: str) -> str:
    return page.partition(start)[2].partition(end)[0]


def test_the_header_counts_the_records_of_each_object(read: Read) -> None:
    told = re.findall(
        r"<dt>(\w+)</dt><dd>([\d,]+)</dd>", part(read.page, '<ul class="systems">', "</ul>")
    )
    objects = {"contacts", "companies", "deals", "Contact", "Lead", "Account", "Opportunity"}
    assert {name for name, _ in told} == objects
    for name, count in told:
        system = "hubspot" if name[0].islower() else "salesforce"
        assert number(count) == len(read.rows(system, name))


def test_the_verdict_counts_findings_by_severity_and_those_that_block(read: Read) -> None:
    verdict = plain(part(read.page, 'id="verdict">', '<section aria-labelledby="deck">'))
    out, _, _ = opt_outs_that_contradict(read)
    assert f"({len(out)} findings)" in verdict
    counts: Counter[str] = Counter()
    for result in read.facts.results:
        counts[result.audit.severity] += len(result.findings)
    for word, severity in (("Error", "error"), ("Warning", "warning"), ("Note", "info")):
        assert re.search(rf"{word} : {counts[severity]:,}\b", verdict), (word, verdict)
    ran = sum(1 for result in read.facts.results if result.not_checked is None)
    assert f"{ran} audits" in verdict


def test_the_sentences_for_a_deck_say_what_was_counted(read: Read) -> None:
    said = plain(part(read.page, '<ol class="deck">', "</ol>"))
    out, both, _ = opt_outs_that_contradict(read)
    assert f"{len(out)} people asked for no more e-mail" in said
    assert f"of {both} people who are in both systems" in said
    worth, alone = won_deals_of_nobody(read)
    words = "won deal ({}) names" if alone == 1 else "won deals ({}) name"
    sentence = f"{alone} {words.format(f'€{round(worth):,}')} no contact"
    assert (sentence in said) == (alone > 0), (sentence, said)
    assert alone or "no contact" not in said


def won_deals_of_nobody(read: Read) -> tuple[Decimal, int]:
    """Won deals, by name as both systems have them, that neither ties to anybody: (worth, how many)."""
    tied = read.tied()
    known, won = set(), {}
    for (system, id_), row in read.deals:
        name = row.get("dealname") or row["Name"]
        known |= {name} if any(tied[system, id_]) else set()
        won |= {name: amount(row)} if is_won(row) else {}
    alone = [worth for name, worth in won.items() if name not in known]
    return sum(alone, Decimal(0)), len(alone)


WEIGHTS = {"duplicates": 20, "roles": 15, "lifecycle": 15, "consistency": 15, "completeness": 15,
           "validity": 10, "consent": 5, "freshness": 5}  # fmt: skip
AREAS = {"ownership": "roles", "orphans": "roles", "native": "consistency", "fields": "validity"}


def points(read: Read, mended: str = "") -> float:
    """The score by docs/score.md, were the findings of one audit mended."""
    of: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for result in read.facts.results:
        weight = {"error": 3, "warning": 1, "info": 0}[result.audit.severity]
        if result.not_checked is not None or not result.eligible or not weight:
            continue
        records = {(f.system, f.object, f.id, f.key) for f in result.findings}
        clean = 1.0 if result.audit.id == mended else 1 - len(records) / result.eligible
        area = AREAS.get(result.audit.category, result.audit.category)
        of[area].append((min(1.0, max(0.0, (clean - 0.70) / 0.29)), weight))
    mean = {
        area: sum(p * w for p, w in all_) / sum(w for _, w in all_) for area, all_ in of.items()
    }
    whole = sum(WEIGHTS.get(area, 5) for area in mean)
    return 100 * sum(mean[area] * WEIGHTS.get(area, 5) for area in mean) / whole


def test_the_score_is_the_formula_of_its_page(read: Read) -> None:
    shown = part(read.page, '<h2 id="score">', "</section>")
    (told,) = re.findall(r"<text[^>]*>(\d+)</text>", shown)
    assert abs(int(told) - points(read)) <= 1


def test_what_to_fix_first_says_hours_points_and_money_that_can_be_recounted(read: Read) -> None:
    by_title = {each.audit.summary["en"].rstrip("."): each for each in read.facts.results}
    items = part(read.page, '<ol class="first">', "</ol>").split("<li>")[1:]
    assert len(items) == 5
    for item in items:
        title, text = plain(part(item, "<h3>", "</h3>")), plain(item)
        result = by_title[title]
        found = re.search(r"Findings ([\d,]+) of ([\d,]+)", text)
        assert found, text
        count, of = map(number, found.groups())
        assert (count, of) == (len(result.findings), result.eligible)
        hours = result.audit.minutes * count / 60
        cost = re.search(r"Work, about [^(]+\(€([\d,]+)\)", text)
        assert cost, text
        assert number(cost.group(1)) == pytest.approx(60 * hours, abs=0.51)
        gain = re.search(r"Gives back \+(\d+) point", text)
        told = int(gain.group(1)) if gain else 0
        assert told == pytest.approx(points(read, result.audit.id) - points(read), abs=0.51)
        where = {
            s: sum(1 for f in result.findings if f.system == s) for s in ("hubspot", "salesforce")
        }
        for system, n in where.items():
            shown = {"hubspot": "HubSpot", "salesforce": "Salesforce"}[system]
            assert not n or f"{shown} {n:,}" in text
        money = re.search(r"Money at stake €([\d,]+)", text)
        if result.audit.id in RECOUNTED:
            addresses, whole, worth = RECOUNTED[result.audit.id](read)
            assert (len(addresses), whole) == (count, of)
            assert (number(money.group(1)) if money else 0) == round(worth)


def test_the_tables_below_agree_with_the_audits_and_the_rows(read: Read) -> None:
    told = read.facts.profile
    bare, deals, worth = open_without_contact(read)
    assert sum(each.deals for each in told.gaps) == deals
    assert sum(each.without for each in told.gaps) == len(bare)
    assert sum(sum(each.amounts.values()) for each in told.gaps) == worth
    people = {each.system: each.records for each in told.ages if each.entity == "contact"}
    assert people == Counter(place[0] for place, _ in read.people)
    (optout,) = (e for e in told.agreement if (e.entity, e.field) == ("contact", "opted_out"))
    out, both, _ = opt_outs_that_contradict(read)
    assert (optout.differ, optout.both) == (len(out), both)
