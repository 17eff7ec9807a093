"""What becomes of each verb of the Salesforce connector when a fault happens at any of its calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from crmsync.connectors.abilities import OnlyWhole
from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.salesforce.connector import SalesforceConnector, open_connector
from crmsync.core.rights import Demand
from crmsync.errors import (
    AccessDenied,
    AnswerBroken,
    CrmsyncError,
    Refused,
    TryLater,
    Unavailable,
)
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.faults.gate import release
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables

KEY = "crmsync_key__c"
ROLE = "OpportunityContactRole"
ROLES = "associations.Contact.roles"
CONTACTS = [f"00300000000000{at}AAA" for at in range(1, 8)]
DEAL, ACCOUNT = "006000000000001AAA", "001000000000001AAA"
# Every object is read by a query job, its results in three pages.
BULK = {"bulk_above": "0"}
# More calls than this for one that is expected is as good as no end.
MOST_CALLS = 12


def filled() -> SalesforceWorld:
    """An org of a few records, whose pages hold three rows."""
    world = SalesforceWorld(Tables("salesforce"), Clock())
    set_switch(world.tables, "most_page_rows", 3)
    set_switch(world.tables, "bulk_most_rows", 3)
    for at in range(4):
        mail = f"u{at}@sales.example"
        world.put("User", {"LastName": f"User {at}", "Email": mail, "IsActive": True})
    world.put("Account", {"Name": "Acme", KEY: "account", "Description": "7"}, ACCOUNT)
    for at, id_ in enumerate(CONTACTS):
        world.put("Contact", {"LastName": f"Number {at}", KEY: f"k{at}"}, id_)
    world.put("Contact", {"LastName": "Gone", "IsDeleted": True})
    for at in range(4):
        world.put("Task", {"WhoId": CONTACTS[at], "Subject": f"Call {at}"})
    deal = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    world.put("Opportunity", deal, DEAL)
    for id_ in CONTACTS[:4]:
        world.put(ROLE, {"OpportunityId": DEAL, "ContactId": id_, "Role": "Evaluator"})
    return world


def rows_of(*names: str) -> Callable[[SalesforceWorld], Any]:
    """What stands in some objects, without stamps and ids of new records."""

    def rows(world: SalesforceWorld) -> Any:
        found = [
            (name, *(str(row.get(each)) for each in _TOLD))
            for name in names
            for _, row in world.tables.rows(name)
            if not row.get("IsDeleted")
        ]
        return sorted(found)

    return rows


_TOLD = (
    "LastName", "FirstName", "Name", "Description", KEY, "ContactId", "OpportunityId", "Role",
    "Field", "PermissionSetId", "AssigneeId", "PermissionsEdit",
)  # fmt: skip


def _fields(world: SalesforceWorld) -> Any:
    return [world.tables.ids("~fields"), "crmsync_key__c" in world.shapes["lead"].fields]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: what it gives back, and what it leaves in the org if it writes."""

    name: str
    run: Callable[[SalesforceConnector], Any]
    leaves: Callable[[SalesforceWorld], Any] | None = None
    # A verb of several steps: an error in the middle leaves what a second run finishes.
    steps: bool = False
    before: Callable[[SalesforceConnector], Any] | None = None
    # What it does when the org itself says that something is not there is no mistake of its own.
    believes: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


def _table(batches: Iterator[Any]) -> list[Any]:
    return sorted((tuple(row.values()) for batch in batches for row in batch.to_pylist()), key=str)


def _create(connector: SalesforceConnector) -> Any:
    cells = {"LastName": "New"}
    return connector.write(
        "Contact", [WriteRequest(key, "create", None, key, cells) for key in ("n1", "n2")]
    )


def _update(connector: SalesforceConnector) -> Any:
    return connector.write(
        "Contact",
        [WriteRequest(id_, "update", id_, None, {"FirstName": "Ana"}) for id_ in CONTACTS[:2]],
    )


def _tie(connector: SalesforceConnector) -> Any:
    delta = f"+{CONTACTS[6]}|Evaluator;-{CONTACTS[0]}|Evaluator"
    return connector.write("Opportunity", [WriteRequest("d", "update", DEAL, None, {ROLES: delta})])


def _tasks(connector: SalesforceConnector) -> Any:
    """The first of the facts; one that is not read, and says why, counts as refused."""
    fact = next(connector.facts({}))
    if fact.unread:
        raise Refused(fact.unread)
    return _table(fact.batches)


def _changes(connector: SalesforceConnector) -> Any:
    """What changed and went in the last hour; a read that only can be a full one counts as refused."""
    since = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251  # the org's clock is the real one
    found = connector.changes("Contact", ["LastName"], since.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    if isinstance(found, OnlyWhole):
        raise Refused(found.reason)
    live = {row["_id"]: row for batch in found.live for row in batch.to_pylist()}  # the last counts
    return live, sorted(found.gone().column("id").to_pylist())


def _survey(connector: SalesforceConnector) -> Any:
    """What runs on contacts; a kind that could not be listed, which the answer names, counts as refused."""
    found = connector.reviewer().survey(["Contact"])
    if found.unchecked:
        raise Refused(", ".join(found.unchecked))
    return found


def _rights(connector: SalesforceConnector) -> Any:
    """The rights of the user over contacts; what could not be looked at, as it can otherwise, counts as refused."""
    demand = Demand("Contact", {"LastName": ("last_name",)}, {"LastName": ("last_name",)})
    found = connector.reviewer().held([demand])
    unchecked = set(found.unchecked) - {"sources_none"}  # this user holds no permission set
    if unchecked:
        raise Refused(", ".join(unchecked))
    return found.rights, found.unseen


VERBS = (
    Verb("whoami", lambda one: one.whoami()),
    Verb("schema", lambda one: one.schema("Opportunity"), believes=True),
    Verb("read", lambda one: _table(one.read("Contact", ["LastName", KEY]))),
    Verb("read in bulk", lambda one: _table(one.read("Contact", ["LastName", KEY])), settings=BULK),
    Verb("changes", _changes),
    Verb("gone", lambda one: one.gone("Contact", "").rows.column("id").to_pylist()),
    Verb("count", lambda one: one.count("Contact")),
    Verb("read ties", lambda one: _table(one.read("Opportunity", ["Name", ROLES])), believes=True),
    Verb("associations", lambda one: _table(one.associations("Opportunity", "Contact"))),
    Verb("merged", lambda one: _table(one.merged("Contact"))),
    Verb("facts", _tasks),
    Verb("survey", _survey),
    Verb("rights", _rights, believes=True),
    Verb("owners", lambda one: one.owners().to_pylist()),
    Verb("stages", lambda one: one.stages().to_pylist()),
    Verb("get", lambda one: one.get("Contact", CONTACTS, ["LastName"])),
    Verb("get ties", lambda one: one.get("Opportunity", [DEAL], ["Name", ROLES]), believes=True),
    Verb("find", lambda one: one.find("Contact", [f"k{at}" for at in range(7)])),
    Verb("sentinel", lambda one: one.sentinel("account")),
    Verb("footprint", lambda one: one.footprint(["Contact", "Lead"])),
    Verb("create", _create, rows_of("Contact")),
    Verb("update", _update, rows_of("Contact")),
    Verb("ties", _tie, rows_of(ROLE), steps=True),
    Verb(
        "remove record",
        lambda one: one.remove_record("Contact", CONTACTS[0]),
        rows_of("Contact"),
        believes=True,
    ),
    Verb("remove key", lambda one: one.remove_key("Lead"), _fields, steps=True, believes=True),
    Verb(
        "install key",
        lambda one: one.install_key("Lead", []),
        _fields,
        steps=True,
        before=lambda one: one.remove_key("Lead"),
    ),
)

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
    """A server, and the org of the moment behind it."""

    url: str
    board: Switchboard
    state: Mapping[str, Any] = field(default_factory=lambda: filled().tables.dump())
    world: SalesforceWorld = field(init=False)

    @contextmanager
    def opened(self, verb: Verb) -> Iterator[SalesforceConnector]:
        """A connector to a fresh org, ready for one verb."""
        tables = Tables("salesforce")
        tables.restore(dict(self.state))
        self.world = SalesforceWorld(tables, Clock())
        self.board.app = salesforce_app(self.world)
        access = {
            "url": self.url,
            "client_id": self.world.client_id,
            "client_secret": self.world.client_secret,
            **verb.settings,
        }
        slept: list[float] = []
        now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
        connector = open_connector("crm", access, now=now, writes=True, sleep=slept.append)
        try:
            if verb.before is not None:
                verb.before(connector)
                self.world.requests.clear()
            yield connector
            assert sum(slept) < 600, "it waits without end"
        finally:
            release(tables)
            connector.close()


@contextmanager
def bench() -> Iterator[Bench]:
    """A server for a whole matrix."""
    board = Switchboard()
    with running_app(board) as url:
        yield Bench(url, board)


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
        set_fault(stand.world, kind, path="*", **when)
        try:
            value = plain(verb.run(connector))
        except CrmsyncError as error:
            word = _error_word(error)
        else:
            word = _value_word(stand, verb, told, value, kind)
        assert len(stand.world.requests) <= MOST_CALLS * told.calls, "calls without end"
        _check_org(stand, verb, told, word)
        clear_faults(stand.world)
        stand.world.clock.advance(3600)
        if word != "right":
            _run_again(stand, verb, told, connector)
        return word


def _error_word(error: CrmsyncError) -> str:
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
    if verb.believes and kind == "404" and (value != told.value or left_out):
        return "believed"
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
        word not in ("right", "believed", "ambiguous", "unavailable", "incomplete")
        and not verb.steps
    ):
        assert held == told.before, "it says no, and it is done"


def _run_again(stand: Bench, verb: Verb, told: Clean, connector: SalesforceConnector) -> None:
    value = plain(verb.run(connector))
    assert ended(value) in ("right", None), f"not even when all is well: {value}"
    if verb.leaves is None:
        assert value == told.value
    else:
        assert verb.leaves(stand.world) == told.leaves, "twice, or not at all"


def once(stand: Bench, verb: Verb, told: Clean, kind: str) -> str:
    """The ends of a verb with the fault once, at each of its calls in turn."""
    ends = [end(stand, verb, told, kind, nth=at) for at in range(1, told.calls + 1)]
    return " / ".join(sorted(set(ends), key=_ORDER.index))


def for_good(stand: Bench, verb: Verb, told: Clean, kind: str) -> str:
    """The end of a verb with the fault at all of its calls."""
    return end(stand, verb, told, kind, times=0)


_ORDER = [
    "right",
    "believed",
    "ambiguous",
    "incomplete",
    "unavailable",
    "later",
    "denied",
    "refused",
    "missing",
]
