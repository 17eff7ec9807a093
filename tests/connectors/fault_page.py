"""The matrix of faults and verbs as a page: `PYTHONPATH=tests python tests/connectors/fault_page.py hubspot`.

Cells are told as text, by kind of fault and name of verb. What a verb waits for with its whole patience is run on
several benches at once: all that takes is time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from connectors.fault_hubspot import HUBSPOT
from connectors.fault_matrix import Bench, Clean, Subject, Verb, benches, clean, end, told_together
from connectors.fault_meanwhile import KINDS as MEANWHILE
from connectors.fault_meanwhile import both, end_meanwhile
from connectors.fault_salesforce import SALESFORCE
from crmsync.connectors.calls import CONNECT_S
from crmsync.sandbox.faults.book import kinds_of

DOCS = Path(__file__).parents[2] / "docs"
SUBJECTS: Mapping[str, Subject] = {each.system: each for each in (SALESFORCE, HUBSPOT)}
FILES = {"salesforce": "faults.md", "hubspot": "faults-hubspot.md"}
# The connector has to lose patience with each of these.
WAITING = ("timeout-before", "timeout-after", "slow")
PATIENCE_S = 0.25
AT_ONCE = 6
Cells = dict[tuple[str, str], str]
Way = Callable[[Clean], Sequence[Mapping[str, int]]]


def once(told: Clean) -> Sequence[Mapping[str, int]]:
    """The fault at each of a verb's calls in turn."""
    return [{"nth": at} for at in range(1, told.calls + 1)]


def for_good(told: Clean) -> Sequence[Mapping[str, int]]:
    """The fault at all of a verb's calls."""
    return [{"times": 0}]


WAYS: Mapping[str, Way] = {"Once": once, "For good": for_good}
MOVING = "While it runs"
SECTIONS = (*WAYS, MOVING)


def quick_kinds(subject: Subject) -> list[str]:
    """The faults that need no patience, and leave the records alone."""
    return [kind for kind in kinds_of(subject.system) if kind not in (*WAITING, *MEANWHILE)]


def matrix(stand: Bench, verb: Verb, kinds: Sequence[str], way: Way) -> Cells:
    """The ends of one verb under some kinds of fault; AssertionError names the first that is not honest."""
    told = clean(stand, verb)
    return {
        (kind, verb.name): told_together(_end(stand, verb, told, kind, each) for each in way(told))
        for kind in kinds
    }


def _end(stand: Bench, verb: Verb, told: Clean, kind: str, when: Mapping[str, int]) -> str:
    try:
        return end(stand, verb, told, kind, **when)
    except Exception as problem:
        raise AssertionError(f"{verb.name} under {kind}, {dict(when)}: {problem}") from problem


def patient_matrix(
    stands: Sequence[Bench], verb: Verb, way: Way, patience_s: float = PATIENCE_S
) -> Cells:
    """As `matrix`, for the faults with which the connector loses patience; on all benches at once."""
    tolds = [clean(stand, verb) for stand in stands]
    runs = [(kind, when) for kind in WAITING for when in way(tolds[0])]
    parts = [runs[at :: len(stands)] for at in range(len(stands))]
    with impatient(stands[0].subject, patience_s), ThreadPoolExecutor(len(stands)) as pool:
        mapped = pool.map(partial(_ends, verb), stands, tolds, parts)
        found = [each for part in mapped for each in part]
    return {
        (kind, verb.name): told_together(word for one, word in found if one == kind)
        for kind in WAITING
    }


def _ends(
    verb: Verb, stand: Bench, told: Clean, runs: Sequence[tuple[str, Mapping[str, int]]]
) -> list[tuple[str, str]]:
    """Each kind and its end, held to a clean run on the same bench, which nobody was impatient with."""
    return [(kind, _end(stand, verb, told, kind, when)) for kind, when in runs]


@contextmanager
def impatient(subject: Subject, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Connectors wait for an answer no longer than need be meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject.session, "TIMEOUT_S", (CONNECT_S, patience_s))
        yield


def meanwhile_matrix(stand: Bench, verb: Verb) -> Cells:
    """The ends of one verb where somebody goes after one of its calls; AssertionError names the first not honest."""
    cells: Cells = {}
    for kind in MEANWHILE:
        told = both(stand, verb, kind)
        ends = []
        for nth in range(1, told.calls + 1):
            try:
                ends.append(end_meanwhile(stand, verb, told, kind, nth))
            except Exception as problem:
                raise AssertionError(f"{verb.name} under {kind}, {nth}: {problem}") from problem
        cells[kind, verb.name] = told_together(ends)
    return cells


def page(subject: Subject, tables: Mapping[str, Cells]) -> str:
    """The text of the page, from the cells of each way."""
    head = _HEADS[subject.system] + _WORDS
    steady = [kind for kind in kinds_of(subject.system) if kind not in MEANWHILE]
    at_once, lasting = (as_table(subject, tables[way], steady) for way in WAYS)
    moving = as_table(subject, tables[MOVING], MEANWHILE)
    parts = [head, *at_once, "", "## For good", "", *lasting, "", _MOVING_WORDS, *moving]
    return "\n".join(parts) + "\n"


def as_table(subject: Subject, cells: Cells, kinds: Sequence[str]) -> list[str]:
    """A table in Markdown: kinds down, verbs across."""
    names = [verb.name for verb in subject.verbs]
    lines = ["| fault | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    return lines + [
        f"| `{kind}` | " + " | ".join(cells[kind, name] for name in names) + " |" for kind in kinds
    ]


def told(subject: Subject) -> dict[str, Cells]:
    """The tables of the page as it stands in docs, by way."""
    text = (DOCS / FILES[subject.system]).read_text(encoding="utf-8")
    return {
        way: _read(text.partition(f"\n## {way}\n")[2].partition("\n## ")[0]) for way in SECTIONS
    }


def _read(text: str) -> Cells:
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    head, *body = rows
    return {
        (row[0].strip("`"), name): cell
        for row in body
        for name, cell in zip(head[1:], row[1:], strict=True)
    }


def whole(subject: Subject) -> str:
    """The page as it should be."""
    tables: dict[str, Cells] = {name: {} for name in SECTIONS}
    with benches(subject, AT_ONCE) as stands:
        for name, way in WAYS.items():
            for verb in subject.verbs:
                tables[name] |= matrix(stands[0], verb, quick_kinds(subject), way)
                tables[name] |= patient_matrix(stands, verb, way)
        for verb in subject.verbs:
            tables[MOVING] |= meanwhile_matrix(stands[0], verb)
    return page(subject, tables)


_HEADS = {
    "salesforce": """\
# What becomes of each verb when something goes wrong

Made by `python tests/connectors/fault_page.py salesforce`, and held equal by
`tests/connectors/test_every_fault_in_every_verb.py`: do not edit. That of HubSpot is
[faults-hubspot.md](faults-hubspot.md). Each
[fault](sandbox.md#faults-what-goes-wrong-on-request) of the simulated Salesforce happens to each verb of the
connector, which holds the id and secret of an app. After each run the org is looked at, all is well again,
and the same connector runs the verb once more: then everything must be right, and nothing there twice.

| word | what it says |
|---|---|
| right | the same as if nothing had happened, in what comes and in what stands in the org |
| believed | the org's own 404 NOT_FOUND is taken at its word: a hidden object has no ties, a record is gone |
""",
    "hubspot": """\
# What becomes of each verb when something goes wrong in HubSpot

Made by `python tests/connectors/fault_page.py hubspot`, and held equal by
`tests/connectors/test_every_fault_in_every_verb.py`: do not edit. That of Salesforce is
[faults.md](faults.md). Each [fault](sandbox.md#faults-what-goes-wrong-on-request) of the simulated HubSpot
happens to each verb of the connector, which holds a token. After each run the portal is looked at, all is well
again, and the same connector runs the verb once more: then everything must be right, and nothing there twice.
Where it was told something in good form that is not so (`believed`, `unseen`), the connector of the next run does.

| word | what it says |
|---|---|
| right | the same as if nothing had happened, in what comes and in what stands in the portal |
| believed | HubSpot's own 404 is taken at its word: a record is gone. Labels that a token may not see are not known |
| unseen | rows were left out of a list without a count, and nothing shows it; a plan's limits count what shrank |
| missing | the results of an update say that its record is gone: HubSpot's own 404, and no other |
""",
}
_MOVING_WORDS = """\
## While it runs

Right after the answer to a call somebody merges the first contact into the last (`merged-after`), or deletes the first
(`archived-after`): in one run after the first call, in another after the second, and so on. `right` is then all as it
was before, or all as it is afterwards, and no mixture. Whom a read gave and calls gone when it ended does not count;
those it gives besides may be as they were before.
"""
_WORDS = """\
| ambiguous | the results say `unknown`: perhaps done, to be looked up by key |
| incomplete | AnswerBroken: what came is not taken for the whole |
| unavailable, later, denied, refused | an error of that kind, with what helps; or a result that says refused |

## Once

The fault happens once, at the first call, in another run at the second, and so on to the last; a cell has
every end that was seen.
"""


if __name__ == "__main__":
    sys.stdout.write(whole(SUBJECTS[sys.argv[1]]))
