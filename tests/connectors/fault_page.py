"""The matrix of faults and verbs as a page: `PYTHONPATH=tests python tests/connectors/fault_page.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from connectors.fault_matrix import VERBS, Bench, Verb, bench, clean, for_good, once
from crmsync.connectors.calls import CONNECT_S
from crmsync.connectors.salesforce import session
from crmsync.sandbox.faults.book import kinds_of

KINDS = tuple(kinds_of("salesforce"))
# The connector has to lose patience with each of these.
WAITING = ("timeout-before", "timeout-after", "slow")
PATIENCE_S = 0.25
Cells = dict[tuple[str, str], str]


def matrix(stand: Bench, verb: Verb, kinds: Sequence[str], way: Callable[..., str]) -> Cells:
    """The ends of one verb under some kinds of fault; AssertionError names the first that is not honest."""
    told = clean(stand, verb)
    found = {}
    for kind in kinds:
        try:
            found[kind, verb.name] = way(stand, verb, told, kind)
        except Exception as problem:
            raise AssertionError(f"{verb.name} under {kind}: {problem}") from problem
    return found


def page(at_once: Cells, lasting: Cells) -> str:
    """The text of docs/faults.md."""
    lines = [_HEAD, *as_table(at_once), "", "## For good", "", *as_table(lasting)]
    return "\n".join(lines) + "\n"


_HEAD = """\
# What becomes of each verb when something goes wrong

Made by `python tests/connectors/fault_page.py`, and held equal by
`tests/connectors/test_every_fault_in_every_verb.py`: do not edit. Each
[fault](sandbox.md#faults-what-goes-wrong-on-request) of the simulated Salesforce happens to each verb of the
connector, which holds the id and secret of an app. After each run the org is looked at, all is well again,
and the same connector runs the verb once more: then everything must be right, and nothing there twice.

| word | what it says |
|---|---|
| right | the same as if nothing had happened, in what comes and in what stands in the org |
| believed | the org's own 404 NOT_FOUND is taken at its word: a hidden object has no ties, a record is gone |
| ambiguous | the results say `unknown`: perhaps done, to be looked up by key |
| incomplete | AnswerBroken: what came is not taken for the whole |
| unavailable, later, denied, refused | an error of that kind, with what helps; or a result that says refused |

## Once

The fault happens once, at the first call, in another run at the second, and so on to the last; a cell has
every end that was seen.
"""


def as_table(cells: Cells) -> list[str]:
    """A table in Markdown: kinds down, verbs across."""
    lines = ["| fault | " + " | ".join(verb.name for verb in VERBS) + " |"]
    lines.append("|---" * (len(VERBS) + 1) + "|")
    lines += [
        f"| `{kind}` | " + " | ".join(cells[kind, verb.name] for verb in VERBS) + " |"
        for kind in KINDS
    ]
    return lines


@contextmanager
def impatient() -> Iterator[None]:
    """Connectors opened meanwhile wait for an answer no longer than need be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "TIMEOUT_S", (CONNECT_S, PATIENCE_S))
        yield


def whole() -> str:
    """The page as it should be."""
    with bench() as stand, impatient():
        at_once, lasting = (
            {key: end for verb in VERBS for key, end in matrix(stand, verb, KINDS, way).items()}
            for way in (once, for_good)
        )
    return page(at_once, lasting)


if __name__ == "__main__":
    sys.stdout.write(whole())
