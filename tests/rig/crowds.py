"""Many records with edits, limits to match, and an independent count of what a plan would do (I19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from crmsync.core.guarding import LIMITS, Breach, Limit, Tally, breaches, count, still_forbidden
from crmsync.core.mapping import CreateWhen, Entity, Field, Seat
from crmsync.core.planning import Change
from crmsync.core.records import Cell, Group, Native, Record, Ref, Schema
from rig.kinds import LADDER
from rig.world import World, changes_of, plan_of

Where = tuple[str, ...]
_FIELDS = (
    Field("name", "text", {"alpha": "name", "beta": "name"}, blank="propagate"),
    Field("stage", "choice", {"alpha": "stage", "beta": "stage"}, order=list(LADDER)),
    Field("company", "reference", {"alpha": "co", "beta": "co"}, blank="propagate", to="company"),
    Field("optout", "flag", {"alpha": "HasOptedOutOfEmail", "beta": "hs_email_optout"}),
)
_CONTACT = Entity(
    "contact",
    [Seat("alpha", "contact"), Seat("beta", "contact", create=CreateWhen({}))],
    ["key"],
    list(_FIELDS),
)
_COMPANY = Entity("company", [Seat("alpha", "company"), Seat("beta", "company")], ["key"], [])
_MOVES: Mapping[str, Sequence[Cell]] = {
    "name": ("one name for all", "another"),
    "name ": (None, "one name for all"),
    "stage": ("lead", "customer"),
    "company": ("company-2", None),
    "optout": (False,),
}
_BEFORE: Mapping[str, Cell] = {"stage": "mql", "company": "company-1", "optout": True}


@dataclass(frozen=True, slots=True)
class Crowd:
    """A world with many contacts, and the limits its plan is held against."""

    world: World
    limits: Mapping[str, Limit]

    def records(self) -> dict[str, int]:
        """Contacts by system and entity, as a run counts them."""
        found: Counter[str] = Counter()
        for (entity, _key), group in self.world.groups.items():
            found.update(f"{system}/{entity}" for system in group.records)
        return dict(found)


def _contact(number: int, move: str, choice: int, both: bool) -> Group:
    """One contact; `move` names the field that alpha edited, `both` says that beta has it too."""
    before: dict[str, Any] = {**_BEFORE, "name": "shared" if number % 2 else f"name {number}"}
    now = dict(before)
    if move in _MOVES:
        now[move.strip()] = _MOVES[move][(choice + number) % len(_MOVES[move])]
    records = {"alpha": Record(Ref("alpha", "contact", str(number)), now)}
    if both:
        records["beta"] = Record(Ref("beta", "contact", str(number)), before)
    return Group("contact", f"c{number}", records, dict.fromkeys(records, before))


def _company(key: str) -> Group:
    records = {system: Record(Ref(system, "company", key), {}) for system in ("alpha", "beta")}
    return Group("company", key, records)


def _schemas() -> dict[tuple[str, str], Schema]:
    natives = {
        system: {str(f.names[system]): Native(str(f.names[system]), f.type) for f in _FIELDS}
        for system in ("alpha", "beta")
    }
    return {(system, "contact"): Schema(system, "contact", natives[system]) for system in natives}


@st.composite
def crowds(draw: Any) -> Crowd:
    """A crowd in which one kind of edit is frequent, with limits near to what happens."""
    size = draw(st.integers(1, 30))
    moves = draw(st.lists(st.sampled_from((*_MOVES, "none")), min_size=1, max_size=3))
    choice = draw(st.integers(0, 2))
    alone = draw(st.integers(0, 3))
    contacts = [
        _contact(number, moves[number % len(moves)], choice, both=number >= alone)
        for number in range(size)
    ]
    groups = {("contact", each.key): each for each in contacts}
    groups |= {("company", key): _company(key) for key in ("company-1", "company-2")}
    limits = {
        name: Limit(draw(st.integers(0, 12)), draw(st.sampled_from((0.0, 0.1, 0.5))), each.hard)
        for name, each in LIMITS.items()
    }
    return Crowd(World((_COMPANY, _CONTACT), _schemas(), groups), limits)


def _amounts(changes: Sequence[Change]) -> dict[str, Counter[Where]]:
    """What the changes do, by limit and place, counted here and not by the core."""
    found: dict[str, Counter[Where]] = {name: Counter() for name in LIMITS}
    olds: dict[Where, list[str]] = {}
    for change in changes:
        if change.action == "create":
            found["creates"][change.system, change.entity] += 1
            continue
        for cell in change.cells:
            if cell.before is not None:
                where = (change.system, change.entity, cell.field)
                _count(found, where, cell.before, cell.after)
                if cell.after is not None:
                    olds.setdefault((*where, cell.after), []).append(cell.before)
    for value, befores in olds.items():
        if len(set(befores)) > 5:
            place = value[:3]
            found["collapses"][place] = max(found["collapses"][place], len(befores))
    return found


def _count(found: dict[str, Counter[Where]], where: Where, before: str, after: str | None) -> None:
    place, name = where[:2], where[2]
    found["blanks"][place] += after is None
    found["rewrites"][where] += after is not None
    found["detachments"][place] += name == "company"
    found["reopened_consent"][place] += name == "optout" and before == "true"
    if name == "stage" and after is not None:
        found["regressions"][where] += LADDER.index(after) < LADDER.index(before)


def _exceeded(crowd: Crowd, changes: Sequence[Change]) -> set[tuple[str, int]]:
    """(limit, amount) of everything over its limit."""
    records = crowd.records()
    over = set()
    for name, amounts in _amounts(changes).items():
        limit = crowd.limits[name]
        for where, amount in amounts.items():
            share = Fraction(str(limit.share)) * records.get("/".join(where[:2]), 0)
            if amount > max(limit.at_most, int(share)):
                over.add((name, amount))
    return over


def _breaches(crowd: Crowd) -> tuple[list[Breach], list[Change]]:
    tally = Tally()
    lines = plan_of(crowd.world)
    for line in lines:
        count(tally, line, crowd.world.mapping())
    return breaches(tally, crowd.records(), crowd.limits), changes_of(lines)


def nothing_goes_over_a_limit(crowd: Crowd) -> None:
    """I19: if any quantity of a plan exceeds its limit, recounted from the changes, nothing is sent."""
    found, changes = _breaches(crowd)
    over = _exceeded(crowd, changes)
    assert {(breach.limit, breach.amount) for breach in found} == over, "miscounted"


def an_override_names_the_exact_number(crowd: Crowd) -> None:
    """I19, overrides: the exact number lifts a limit, one more or less does not, and a hard one stays."""
    found, _changes = _breaches(crowd)
    totals: Counter[str] = Counter()
    for breach in found:
        totals[breach.limit] += breach.amount
    hard = [breach for breach in found if LIMITS[breach.limit].hard]
    assert still_forbidden(found, totals, crowd.limits) == hard, "an exact override"
    for wrong in (-1, 1):
        near = {name: amount + wrong for name, amount in totals.items()}
        assert still_forbidden(found, near, crowd.limits) == found, "a number nobody counted"


def was_breached(crowd: Crowd) -> bool:
    """True if the plan goes over a limit."""
    return bool(_breaches(crowd)[0])
