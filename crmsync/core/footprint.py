"""What crmsync has, or needs, inside a CRM, and a plan to put it there or to take it away.

It needs one thing: on every object where it may create records, a field for our key that the system itself
keeps unique. With it the system refuses to create the same record twice, whatever became of an answer.
Where somebody asks for it there is another: a sentinel, one record that counts the runs that wrote.

    state     means                                              install         remove
    missing   there is no such field                             makes it        nothing
    hidden    it is there, and this user may not see or fill it  grants it       removes it
    unseen    this user cannot tell missing from hidden          looks, then so  looks, then so
    present   it is there, unique, and can be filled             nothing         removes it
    foreign   a field of this name that is no key field          refused         left alone
    none      nothing is needed here                             nothing         nothing

A sentinel is missing, present, or foreign: a record under its key whose text holds no count.

A plan is a value with an id that is the digest of all of it, so one that was edited is not the one that was
reviewed. Must not know: how a field is made, or where a plan is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import TTL, canonical_json
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.core.sentinel import SentinelRecord, read_mark
from crmsync.errors import PlanStale

FORMAT = "crmsync.footprint/1"
# Characters of a key (`core/matching.py`): a field that holds fewer is none for it.
KEY_LENGTH = 24

State = Literal["missing", "hidden", "unseen", "present", "foreign", "none"]
Verb = Literal["install", "remove"]
INSTALLABLE = frozenset(("custom_field", "property", SENTINEL))
_KEYLESS = ("foreign", "unseen")


@dataclass(frozen=True, slots=True)
class FootprintItem:
    """The key field of one object, or the sentinel in it, as one user finds it.

    `kind` is custom_field (Salesforce), property (HubSpot), column (a database), file, sentinel, or other. `reason` is
    a code that says what is in the way, `detail` a name or number to it. `by_hand` is what a person has to
    run where crmsync does not. `user` is who looked, where access is given to users. `entities` are those
    that may be created here, and sentinel where one is asked for: without any, nothing is needed.
    """

    system: str
    object: str
    name: str
    kind: str
    state: State
    reason: str = ""
    detail: str = ""
    by_hand: str = ""
    user: str = ""
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FootprintStep:
    """One field or sentinel to put in or take away; `losses` counts records that we made and that lose their key.

    `users` are those who looked: they are given access, beside the one who installs.
    """

    system: str
    object: str
    name: str
    kind: str
    before: State
    users: tuple[str, ...] = ()
    losses: int = 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A field that crmsync leaves alone, and why; `by_hand` is what a person can do instead."""

    system: str
    object: str
    name: str
    kind: str
    reason: str
    detail: str = ""
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class FootprintPlan:
    """What would be put in or taken away, for which systems, and since when. `made_at` is ISO 8601 in UTC."""

    verb: Verb
    workspace: str
    made_at: str
    mapping_digest: str
    identities: Mapping[str, str]
    steps: tuple[FootprintStep, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    format: str = FORMAT
    id: str = field(default="")

    def with_id(self) -> FootprintPlan:
        """The same plan under the id that its content gives it."""
        return replace(self, id=footprint_id(asdict(self)))


def footprint_id(body: Mapping[str, Any]) -> str:
    """The id of a plan: the digest of everything else in it."""
    bare = {name: value for name, value in body.items() if name != "id"}
    return hashlib.sha256(canonical_json(bare)).hexdigest()


def read_footprint(body: Mapping[str, Any]) -> FootprintPlan:
    """The plan of parsed JSON; KeyError, TypeError or ValueError if it is none."""
    zone = datetime.fromisoformat(body["made_at"]).tzinfo
    if body["verb"] not in ("install", "remove") or zone is None:
        raise ValueError(body["verb"])
    if not isinstance(body["identities"], dict):
        raise TypeError(body["identities"])
    steps = tuple(
        FootprintStep(**{**each, "users": tuple(each["users"])}) for each in body["steps"]
    )
    obstacles = tuple(Obstacle(**each) for each in body["obstacles"])
    return FootprintPlan(**{**body, "steps": steps, "obstacles": obstacles})


def creating_seats(mapping: WorkspaceMapping) -> dict[tuple[str, str], tuple[str, ...]]:
    """{(system, object): entities that may be created there}, for every seat; none where it may not."""
    found: dict[tuple[str, str], list[str]] = {}
    for entity in mapping.entities:
        for seat in entity.seats:
            names = found.setdefault((seat.system, seat.object), [])
            if seat.create != "never":
                names.append(entity.entity)
    return {place: tuple(names) for place, names in sorted(found.items())}


def install_plan(head: FootprintPlan, items: Iterable[FootprintItem]) -> FootprintPlan:
    """`head` with a step for every field that is needed and can be put in, under its id."""
    needed = [item for item in items if item.entities and item.state not in ("present", "none")]
    stopped = [item for item in needed if _stops(item)]
    steps = [_step(item, 0) for item in needed if item not in stopped]
    return _planned(head, steps, [_obstacle(item) for item in stopped])


def remove_plan(
    head: FootprintPlan,
    items: Iterable[FootprintItem],
    created: Mapping[tuple[str, str], int],
) -> FootprintPlan:
    """`head` with a step for every key field there is, needed or not; `created` counts records by place."""
    there = [item for item in items if item.state not in ("missing", "none")]
    stopped = [
        _as_it_is(item) for item in there if item.state == "foreign" or item.kind not in INSTALLABLE
    ]
    kept = {(item.system, item.object, item.kind) for item in stopped}
    steps = [
        _step(item, losses_of(item.kind, created.get((item.system, item.object), 0)))
        for item in there
        if (item.system, item.object, item.kind) not in kept
    ]
    return _planned(head, steps, [_obstacle(item) for item in stopped])


def losses_of(kind: str, created: int) -> int:
    """How many records lose their key with a thing of that kind: with a sentinel none."""
    return 0 if kind == SENTINEL else created


def sentinel_item(
    key_field: FootprintItem, key: str, record: SentinelRecord | None
) -> FootprintItem:
    """The sentinel of an object by its record and by the key field that it stands under."""
    item = FootprintItem(key_field.system, key_field.object, key, SENTINEL, "missing")
    if record is not None:
        odd = read_mark(record.text) is None
        return replace(item, state="foreign", reason="no_count") if odd else _there(item, record)
    return replace(item, reason="no_key") if key_field.state in _KEYLESS else item


def _there(item: FootprintItem, record: SentinelRecord) -> FootprintItem:
    return replace(item, state="present", detail=str(read_mark(record.text)))


def _as_it_is(item: FootprintItem) -> FootprintItem:
    """A foreign field without the advice that would make it ours."""
    return replace(item, by_hand="") if item.state == "foreign" else item


def _stops(item: FootprintItem) -> bool:
    """True if crmsync cannot put this field in: it is another's, there is no room, or a person has to."""
    in_the_way = item.state in ("foreign", "missing") and bool(item.reason)
    return in_the_way or item.kind not in INSTALLABLE


def _step(item: FootprintItem, losses: int) -> FootprintStep:
    users = (item.user,) if item.user else ()
    return FootprintStep(item.system, item.object, item.name, item.kind, item.state, users, losses)


def _obstacle(item: FootprintItem) -> Obstacle:
    reason = item.reason or "by_hand"
    return Obstacle(
        item.system, item.object, item.name, item.kind, reason, item.detail, item.by_hand
    )


def _planned(
    head: FootprintPlan, steps: Iterable[FootprintStep], obstacles: Iterable[Obstacle]
) -> FootprintPlan:
    """Steps and obstacles in order of system and object; identities of the systems that have steps.

    A sentinel stands under a key field: it is put in after it, and taken away before it.
    """
    kept = tuple(sorted(steps, key=lambda step: (step.system, step.object, _turn(head.verb, step))))
    told = tuple(sorted(obstacles, key=lambda each: (each.system, each.object, each.kind)))
    systems = {step.system for step in kept}
    known = {name: id_ for name, id_ in sorted(head.identities.items()) if name in systems}
    return replace(head, steps=kept, obstacles=told, identities=known).with_id()


def _turn(verb: Verb, step: FootprintStep) -> bool:
    return (step.kind == SENTINEL) == (verb == "install")


def check_current(
    plan: FootprintPlan, *, now: datetime, workspace: str, mapping_digest: str
) -> None:
    """Raises PlanStale unless the plan still fits the format, the workspace, the mapping and the clock."""
    again = f"Make a new one: crmsync footprint {plan.verb} -o FILE"
    if plan.format != FORMAT:
        raise PlanStale(f"this plan has format {plan.format}, not {FORMAT}", remedy=again)
    if plan.workspace != workspace:
        raise PlanStale(f"this plan is for the workspace {plan.workspace}", remedy=again)
    if plan.mapping_digest != mapping_digest:
        raise PlanStale("the mapping has changed since this plan was made", remedy=again)
    age = now - datetime.fromisoformat(plan.made_at)
    if age > TTL:
        hours = int(age.total_seconds() // 3600)
        raise PlanStale(f"this plan is {hours} hours old; 24 are the limit", remedy=again)


def check_step(plan: FootprintPlan, step: FootprintStep, item: FootprintItem, losses: int) -> bool:
    """True if the step has still to be done, False if it is done already.

    Half of it may be: a field that is there and hidden is finished. PlanStale if what was reviewed is no
    longer what is there: somebody made another field of that name, or more records would lose their key.
    """
    again = f"Make a new one: crmsync footprint {plan.verb} -o FILE"
    place = f"{step.system}/{step.object}"
    if item.state == "foreign":
        kind = "record" if step.kind == SENTINEL else "field"
        message = f"{step.name} is another {kind} now than when this plan was made"
        raise PlanStale(message, where=place, remedy=again)
    if plan.verb == "install":
        return item.state != "present"
    if item.state == "missing":
        return False
    if losses != step.losses:
        message = f"{losses} records would lose their key, not {step.losses} as reviewed"
        raise PlanStale(message, where=place, remedy=again)
    return True
