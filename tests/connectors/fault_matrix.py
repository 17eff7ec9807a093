"""What becomes of each verb of a connector when a fault happens at any of its calls.

Which verbs, and of which CRM, is told by a `Subject`: `fault_salesforce.py` and `fault_hubspot.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from crmsync.connectors.abilities import OnlyWhole
from crmsync.connectors.base import WriteResult
from crmsync.errors import (
    AccessDenied,
    AnswerBroken,
    CrmsyncError,
    Refused,
    TryLater,
    Unavailable,
)
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.faults.gate import release
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables

# More calls than this for one that is expected is as good as no end: five attempts at a batch, and at each half of it.
MOST_CALLS = 15
# The fault that nobody notices where pages have no count.
LEFT_OUT = "page-skips"


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: what it gives back, and what it leaves in the org if it writes."""

    name: str
    run: Callable[[Any], Any]
    leaves: Callable[[Any], Any] | None = None
    # A verb of several steps: an error in the middle leaves what a second run finishes.
    steps: bool = False
    before: Callable[[Any], Any] | None = None
    # Faults that are the CRM's own word that something is not there, or not to be seen: no mistake of the verb's.
    believes: frozenset[str] = frozenset()
    # Its pages have no count: rows that are left out of one are missed by nobody.
    uncounted: bool = False
    # It lists records, their id first.
    lists: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """One connector, its verbs, and the simulated CRM behind it.

    `settings` are those it is opened with besides the address; `session` is the module whose TIMEOUT_S it waits.
    `paths` says where a kind of fault happens that does not make sense at any call.
    """

    system: str
    verbs: tuple[Verb, ...]
    filled: Callable[[], Any]
    world: Callable[[Tables], Any]
    app: Callable[[Any], ASGIApp]
    settings: Callable[[Any], Mapping[str, str]]
    opens: Callable[..., Any]
    session: ModuleType
    paths: Mapping[str, str] = field(default_factory=dict)
    # Of deletions it tells those of minutes that are over: while people delete, its clock is so far behind.
    lag_s: int = 0


def table(batches: Iterator[Any]) -> list[Any]:
    """Every row of some batches, in an order of its own."""
    return sorted((tuple(row.values()) for batch in batches for row in batch.to_pylist()), key=str)


def living(connector: Any, object_: str, names: Sequence[str]) -> list[Any]:
    """Every row of a read but those of who went meanwhile."""
    rows = [row for batch in connector.read(object_, names) for row in batch.to_pylist()]
    went = connector.went_meanwhile(object_)
    return sorted((tuple(row.values()) for row in rows if row["_id"] not in went), key=str)


def first_fact(connector: Any) -> list[Any]:
    """The first of the facts; one that is not read, and says why, counts as refused."""
    fact = next(connector.facts({}))
    if fact.unread:
        raise Refused(fact.unread)
    return table(fact.batches)


def changed(connector: Any, object_: str, name: str) -> Any:
    """What changed and went in the last hour; a read that only can be a full one counts as refused."""
    since = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251  # the clock over there is the real one
    found = connector.changes(object_, [name], since.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    if isinstance(found, OnlyWhole):
        raise Refused(found.reason)
    live = {row["_id"]: row for batch in found.live for row in batch.to_pylist()}  # the last counts
    gone = sorted(found.gone().column("id").to_pylist())
    return {id_: row for id_, row in live.items() if id_ not in gone}, gone


def surveyed(connector: Any, object_: str) -> Any:
    """What runs on an object; what could not be listed, which the answer names, counts as refused."""
    found = connector.reviewer().survey([object_])
    if found.unchecked:
        raise Refused(", ".join(found.unchecked))
    return found


# What an error is called in the table; each must bring a remedy.
ERRORS: tuple[tuple[type[CrmsyncError], str], ...] = (
    (AccessDenied, "denied"),
    (TryLater, "later"),
    (AnswerBroken, "incomplete"),
    (Refused, "refused"),
    (Unavailable, "unavailable"),
)


class Switchboard:
    """An ASGI app that stands for another, which is exchanged for each run."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on."""
        await self.app(scope, receive, send)


@dataclass
class Bench:
    """A server, and the simulated CRM of the moment behind it."""

    subject: Subject
    url: str
    board: Switchboard
    state: Mapping[str, Any]
    world: Any = None

    @contextmanager
    def opened(self, verb: Verb) -> Iterator[Any]:
        """A connector to a fresh CRM, ready for one verb."""
        subject, tables = self.subject, Tables(self.subject.system)
        tables.restore(dict(self.state))
        self.world = subject.world(tables)
        self.board.app = subject.app(self.world)
        with self.anew(verb) as connector:
            if verb.before is not None:
                verb.before(connector)
                self.world.requests.clear()
            yield connector

    @contextmanager
    def anew(self, verb: Verb) -> Iterator[Any]:
        """A connector to the CRM of the moment, that knows nothing of it yet."""
        access = {"url": self.url, **self.subject.settings(self.world), **verb.settings}
        slept: list[float] = []
        now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
        connector = self.subject.opens("crm", access, now=now, writes=True, sleep=slept.append)
        try:
            yield connector
            assert sum(slept) < 600, "it waits without end"
        finally:
            release(self.world.tables)
            connector.close()


@contextmanager
def benches(subject: Subject, count: int = 1) -> Iterator[list[Bench]]:
    """Servers for a whole matrix, all with the same state to begin with."""
    state = subject.filled().tables.dump()
    with ExitStack() as stack:
        boards = [Switchboard() for _ in range(count)]
        urls = [stack.enter_context(running_app(board)) for board in boards]
        yield [Bench(subject, *each, state) for each in zip(urls, boards, strict=True)]


@dataclass(frozen=True, slots=True)
class Clean:
    """A verb when all is well: its value, what it leaves, what stood there before, and its calls."""

    value: Any
    leaves: Any
    before: Any
    calls: int


def clean(stand: Bench, verb: Verb) -> Clean:
    """The run to which all others are held."""
    with stand.opened(verb) as connector:
        before = verb.leaves(stand.world) if verb.leaves else None
        value = plain(verb.run(connector))
        leaves = verb.leaves(stand.world) if verb.leaves else None
        assert ended(value) in ("right", None), value
        return Clean(value, leaves, before, len(stand.world.requests))


def plain(value: Any) -> Any:
    """A value to compare, without the ids of new records."""
    if isinstance(value, list) and value and isinstance(value[0], WriteResult):
        return [(one.change_id, one.outcome) for one in value]
    return value


def ended(value: Any) -> str | None:
    """The word for the results of a write; None for anything else."""
    if not (isinstance(value, list) and value and isinstance(value[0], tuple)):
        return None
    outcomes = {one[-1] for one in value}
    if not outcomes <= {"written", "refused", "missing", "unknown"}:
        return None
    words = {"unknown": "ambiguous", "refused": "refused", "missing": "missing"}
    return next((word for name, word in words.items() if name in outcomes), "right")


def end(stand: Bench, verb: Verb, told: Clean, kind: str, **when: Any) -> str:
    """How a verb ends under a fault, in a word; AssertionError if that is not honest.

    Afterwards all is well again, the same connector runs the verb once more, and everything must be right.
    """
    with stand.opened(verb) as connector:
        set_fault(stand.world, kind, path=stand.subject.paths.get(kind, "*"), **when)
        try:
            value = plain(verb.run(connector))
        except CrmsyncError as error:
            word = error_word(error)
        else:
            word = _value_word(stand, verb, told, value, kind)
        assert len(stand.world.requests) <= MOST_CALLS * told.calls, "calls without end"
        _check_org(stand, verb, told, word)
        clear_faults(stand.world)
        stand.world.clock.advance(3600)
        if word != "right":
            with _next(stand, verb, connector, kind, word) as following:
                _run_again(stand, verb, told, following)
        return word


@contextmanager
def _next(stand: Bench, verb: Verb, connector: Any, kind: str, word: str) -> Iterator[Any]:
    """Who runs the verb once more: the same connector, or that of the next run where the first was told in good
    form what is not so, and keeps it."""
    if word == "believed" or (verb.uncounted and kind == LEFT_OUT):
        with stand.anew(verb) as following:
            yield following
    else:
        yield connector


def error_word(error: CrmsyncError) -> str:
    assert error.message
    assert error.remedy, f"no remedy: {error!r}"
    found = [word for kind, word in ERRORS if isinstance(error, kind)]
    assert found, repr(error)
    return found[0]


def _value_word(stand: Bench, verb: Verb, told: Clean, value: Any, kind: str) -> str:
    word = ended(value)
    if word is not None and word != "right":
        return word
    left_out = verb.leaves is not None and verb.leaves(stand.world) != told.leaves
    if value != told.value or left_out:
        if kind in verb.believes:
            return "believed"
        if verb.uncounted and kind == LEFT_OUT:
            return "unseen"
    assert value == told.value, f"wrong, and nobody says so: {value}"
    return "right"


def _check_org(stand: Bench, verb: Verb, told: Clean, word: str) -> None:
    """What a verb said of its writes is what stands in the org."""
    if verb.leaves is None:
        return
    held = verb.leaves(stand.world)
    late = stand.world.tables.count("~late")
    if word == "right" and not late:
        assert held == told.leaves, "it says done, and it is not"
    elif (
        word not in ("right", "believed", "unseen", "ambiguous", "unavailable", "incomplete")
        and not verb.steps
    ):
        assert held == told.before, "it says no, and it is done"


def _run_again(stand: Bench, verb: Verb, told: Clean, connector: Any) -> None:
    value = plain(verb.run(connector))
    assert ended(value) in ("right", None), f"not even when all is well: {value}"
    if verb.leaves is None:
        assert value == told.value
    else:
        assert verb.leaves(stand.world) == told.leaves, "twice, or not at all"


def told_together(ends: Iterable[str]) -> str:
    """The text of a cell: every end once, the best first."""
    return " / ".join(sorted(set(ends), key=_ORDER.index))


_ORDER = [
    "right",
    "believed",
    "unseen",
    "ambiguous",
    "incomplete",
    "unavailable",
    "later",
    "denied",
    "refused",
    "missing",
]
