"""Every audit finds the blemishes that were planted for it, and no audit finds anything else because of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cli.places import make_workspace, mend, served

from audits.cases import reference_audits
from crmsync.commands.audit import audit
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.core.auditing import AuditResult, Finding
from crmsync.sandbox.blemished import APART, BLEMISHES, blemished
from crmsync.sandbox.clock import real_now
from crmsync.sandbox.seed import Seed, generate

BY_STORIES = {
    "C06": "a seed is audited as it is pulled, and who is there twice is searched for afterwards",
    "F11": "in every seed several stages are unused, by chance others than in the next, and none can be added",
    "G05": "who was erased is gone from a seed, and only a former pull knows that they were there",
    "G07": "who was merged is gone from a seed, and only a former pull knows whose link they had",
    "S04": "a seed has no tickets, for no mapping of ours reads any; the simulated Salesforce keeps cases that are put",
    "X13": "a seed is audited as it is pulled, and groups are searched for afterwards",
    "X10": "what both sides changed since the last sync is known after a sync alone",
}
"""Audits of which a seed can hold nothing, and why: their stories prove them."""
BY_WORKING_HOURS = {
    id_ for id_, each in reference_audits().items() if "hours" in each.needs
} - APART["hours"].keys()
Found = Counter[tuple[str, str | None, str | None, str | None]]
# How a world that is put to the proof is read: more of crmsync.yml for HubSpot, and whether fields are counted.
READ = {"": "", "statuses": "consent: statuses, ", "fields": "", "hours": ""}


def findings(seed: Seed, folder: Path, read: str = "", *, fields: bool = False) -> Found:
    """What the audits of all profiles say after a pull of two CRMs with these rows."""
    with served(seed) as both:
        place = make_workspace(folder, both.access)
        mend(place, "crmsync.yml", "{kind: hubspot, ", f"{{kind: hubspot, {read}")
        workspace = open_workspace(place)
        assert pull(workspace, inventory=fields).complete
        results = audit(workspace, profile="all", figures=False).results
    return Counter((f.audit, f.system, f.object, f.id) for r in results for f in _told(r, fields))


def _told(result: AuditResult, fields: bool) -> Iterator[Finding]:
    """What is found about a field goes by the share of records that fill it: every record that is added moves it."""
    return (f for f in result.findings if fields or f.entity not in ("field", "automation"))


def of(how: str, found: Found) -> Found:
    """What counts: that an organisation is open round the clock is told with the first who is handed a lead."""
    found = Counter({each: found[each] for each in found if each[2] != "BusinessHours"})
    if how != "hours":
        return found
    # In a world with other working hours other people were called late.
    return Counter({each: found[each] for each in found if each[0] not in BY_WORKING_HOURS})


@cache
def found_before(seed_of: tuple[int, int, date], read: str, fields: bool) -> tuple[Seed, Found]:
    """A seed of a number, so many contacts and a day, and what is found over it: worlds read alike share it."""
    number, contacts, day = seed_of
    sizes = {"contacts": contacts, "companies": contacts * 3 // 10, "deals": contacts // 5}
    # Read today: open deals of an older seed would be overdue.
    seed = generate(**sizes, seed=number, as_of=day)
    with TemporaryDirectory() as folder:
        return seed, findings(seed, Path(folder) / "before", read, fields=fields)


def proof(
    number: int, contacts: int, times: int, folder: Path, how: str = ""
) -> tuple[Found, Found]:
    """(what is found over the blemished rows and was not before, what was planted), and what is gone."""
    read, fields = READ[how], how == "fields"
    seed, held = found_before((number, contacts, real_now().date()), read, fields)
    with_blemishes = blemished(seed, times, APART[how] if how else None)
    before = of(how, held)
    after = of(how, findings(with_blemishes, folder / "after", read, fields=fields))
    planted: Found = Counter((p.audit, p.system, p.object, p.id) for p in with_blemishes.truth)
    planted -= Counter((p.audit, p.system, p.object, p.id) for p in seed.truth)
    assert before - after == Counter(), "a blemish hid what was found before"
    return after - before, planted


def test_every_blemish_is_found_and_nothing_else_is(tmp_path: Path) -> None:
    new, planted = proof(7, 60, 1, tmp_path)
    assert new == planted
    assert {each[0] for each in planted} == set(BLEMISHES)


# Fields are asked about where a hundred records or more could fill them.
SIZES = {"statuses": 30, "fields": 150, "hours": 30}


@pytest.mark.parametrize("how", sorted(APART))
def test_what_has_a_world_of_its_own_is_found_there_and_nothing_else_is(
    how: str, tmp_path: Path
) -> None:
    new, planted = proof(7, SIZES[how], 1, tmp_path, how)
    assert new == planted
    assert {each[0] for each in planted} >= set(APART[how])


def test_every_audit_has_something_planted_or_a_reason_why_nothing_can_be() -> None:
    planted = {each.audit for each in generate().truth}.union(BLEMISHES, *APART.values())
    assert reference_audits().keys() - planted == BY_STORIES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["", *sorted(APART)])
@pytest.mark.parametrize("number", range(1, 11))
def test_ten_seeds_and_other_rates_say_the_same_of_every_world(
    number: int, how: str, tmp_path: Path
) -> None:
    """Number by number, as worlds of a number that are read alike share what was found before."""
    times = 1 if how == "fields" else 1 + number % 4
    contacts = (150 if how else 60, 250, 400)[number % 3]
    new, planted = proof(number, contacts, times, tmp_path, how)
    assert new == planted
