"""A plan: what would be written, why, and what has to be true for it, as a value that can be refused.

A plan is a header and a stream of lines in a fixed order; the same inputs give the same bytes. Its id is
the digest of all of it, so a plan that was edited is not the plan that was reviewed.

    link       these records are one customer (moves no CRM)
    alias      a record was merged into another one or converted, which takes its place (moves no CRM)
    change     one record to create or update, with every cell before and after
    settle     bases that move, at once or after named writes are verified
    conflict   a person has to decide; moves no base
    held       a create that the mapping does not allow yet, and why
    unfit      a value that a system cannot keep; nothing is written
    label      what a person calls the customer behind a key; for reading only

Must not know: how lines are kept in a file, or who approves them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from crmsync.core.records import Ref
from crmsync.errors import PlanStale

FORMAT = "crmsync.plan/1"
TTL = timedelta(hours=24)
CONSENT_LANE = 0


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: canonical texts before and after (None is blank), and the reason code."""

    field: str
    before: str | None
    after: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One record of one system to create or update; `id` is the digest of everything else."""

    action: str
    lane: int
    entity: str
    key: str
    system: str
    object: str
    native_id: str | None
    cells: tuple[CellChange, ...]
    id: str = ""

    def with_id(self) -> Change:
        """The same change under the id that its content gives it."""
        bare = _plain(self)
        del bare["id"]
        return replace(self, id=hashlib.sha256(canonical_json(bare)).hexdigest()[:20])


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """What a person said a link rests on: two records (system/object/id) that are one, who said so, on which day."""

    one: str
    other: str
    by: str
    on: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Records (system, object, id) that become one customer.

    Of a link that people decided, `decided` says who did, and `names` what the records are called, by
    system/object/id; among them is the record that was linked before, if one was.
    """

    entity: str
    key: str
    refs: tuple[tuple[str, str, str], ...]
    how: str
    decided: tuple[LinkDecision, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AliasLine:
    """A record that was merged away, the one in its place, and the customer that has it now.

    `new_object` is blank where both are of the same object. `anew`: the side begins without a base. Where two
    customers became one, a record that is there `joins`: it takes its own place, under another key.
    """

    entity: str
    key: str
    system: str
    object: str
    old: str
    new: str
    why: str
    new_object: str = ""
    anew: bool = False

    @property
    def survivor(self) -> Ref:
        """The record in its place."""
        return Ref(self.system, self.new_object or self.object, self.new)

    @property
    def joins(self) -> bool:
        """True if the record is there, and only its key changes."""
        return self.survivor == Ref(self.system, self.object, self.old)


@dataclass(frozen=True, slots=True)
class Settle:
    """Bases of one group: {system: {field: text}}; `waits` names the writes a field waits for."""

    entity: str
    key: str
    bases: Mapping[str, Mapping[str, str | None]]
    waits: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A field whose sides disagree: canonical texts by system, and why nobody wins."""

    entity: str
    key: str
    field: str
    sides: Mapping[str, str | None]
    refs: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A record that could be created here, or a tie that could be made, and what speaks against it.

    `refs` are the records it would be made from. For an ambiguity they are those that nobody can tell
    apart, and key, system and object are empty; so they are for what else only a person can untangle.
    Of a value that another record has, `values` are the fields with what they were to hold, and the first of
    `refs` is the record that did not get it.
    """

    entity: str
    key: str
    system: str
    object: str
    reason: str
    refs: tuple[str, ...] = ()
    values: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value one system cannot keep, and the code that says why."""

    entity: str
    key: str
    system: str
    field: str
    value: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What a person calls the customer behind a key: lines name customers and references by keys alone."""

    entity: str
    key: str
    text: str


Line = Change | LinkLine | AliasLine | Settle | ConflictLine | Held | Unfit | Label
KINDS: Mapping[str, type[Any]] = {
    "link": LinkLine,
    "change": Change,
    "settle": Settle,
    "conflict": ConflictLine,
    "held": Held,
    "unfit": Unfit,
    "alias": AliasLine,
    "label": Label,
}
_KIND_OF = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """What the plan was made from, and how much it holds. Instants are ISO 8601 in UTC.

    `records` counts by system and entity; `names` are the native fields behind ours (`contact.phone
    hubspot/contacts`: `phone`), for a base belongs to one of them; `read_at` is when the oldest snapshot
    of it was read. `sets_off` are automations and rules that the writes may run, as `SetOff` of
    `core/surroundings.py`. `decisions_digest` is that of what people decided of pairs of records.
    """

    workspace: str
    made_at: str
    mapping_digest: str
    base_serial: str
    snapshots: Mapping[str, str]
    identities: Mapping[str, str]
    counts: Mapping[str, int]
    adopts: Mapping[str, int] = field(default_factory=dict)
    breaches: Sequence[Mapping[str, Any]] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    read_at: str = ""
    target: str = ""
    sets_off: Sequence[Mapping[str, Any]] = ()
    decisions_digest: str = ""
    format: str = FORMAT
    id: str = ""


def canonical_json(value: Any) -> bytes:
    """The one way a value is written: sorted keys, no blanks, UTF-8."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a lone surrogate, which the standard library writes; a plan has no float
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "surrogatepass")


def line_bytes(line: Line) -> bytes:
    """One line of a plan, without its line end."""
    return canonical_json({"kind": _KIND_OF[type(line)], **_plain(line)})


def _plain(line: Line) -> dict[str, Any]:
    """A line as a dict of what JSON knows; unlike `asdict` it copies no value, for plans are long."""
    body = {each.name: getattr(line, each.name) for each in fields(line)}
    if isinstance(line, Change):
        body["cells"] = [
            {each.name: getattr(cell, each.name) for each in fields(cell)} for cell in line.cells
        ]
    # as plans were written before there were any: their digest stays
    if isinstance(line, Unfit) and not line.reason:
        del body["reason"]
    if isinstance(line, Held) and not line.values:
        del body["values"]
    if isinstance(line, LinkLine):
        body["decided"] = [asdict(each) for each in line.decided]
        body = {name: value for name, value in body.items() if value or name not in _OF_DECIDED}
    return body


_OF_DECIDED = ("decided", "names")


def read_line(body: Mapping[str, Any]) -> Line:
    """The value of one parsed line; KeyError or TypeError if it is none."""
    rest = {name: value for name, value in body.items() if name != "kind"}
    if body["kind"] == "change":
        rest["cells"] = tuple(CellChange(**cell) for cell in rest["cells"])
    if body["kind"] == "link":
        rest["refs"] = tuple(tuple(ref) for ref in rest["refs"])
        rest["decided"] = tuple(LinkDecision(**each) for each in rest.get("decided", ()))
    if body["kind"] == "held":
        rest["refs"] = tuple(rest.get("refs", ()))
    line: Line = KINDS[body["kind"]](**rest)
    return line


def plan_id(header: Header, body_digest: str) -> str:
    """The id of a plan: the digest of its header (without id) and of its lines."""
    bare = {name: value for name, value in asdict(header).items() if name != "id"}
    if (
        not header.decisions_digest
    ):  # as plans were written before there were decisions: their digest stays
        del bare["decisions_digest"]
    return hashlib.sha256(canonical_json(bare) + body_digest.encode()).hexdigest()


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Lines by lane, then action, system, object and key: the order in which they are carried out."""
    return sorted(lines, key=_rank)


_ACTIONS = {"create": 0, "update": 1}


def _rank(line: Line) -> tuple[int, int, int, str, str, str, str]:
    if isinstance(line, LinkLine):
        return (0, 0, 0, line.entity, line.key, "", "")
    if isinstance(line, Change):
        return (1, line.lane, _ACTIONS[line.action], line.system, line.object, line.key, line.id)
    kind = list(KINDS).index(_KIND_OF[type(line)])
    return (
        kind,
        0,
        0,
        line.entity,
        line.key,
        getattr(line, "system", ""),
        getattr(line, "field", getattr(line, "old", "")),
    )


def by_parent(changes: Sequence[Change], parents: Mapping[str, str]) -> list[Change]:
    """Changes of one object with those under one parent beside each other, else in their own order.

    A system locks the parent of what it writes, so rows of one parent should share a call: `parents` says by
    the id of a change whose record it is under. The plan keeps its order; only batches are cut by this one.
    """
    return sorted(changes, key=lambda change: parents.get(change.id, ""))


def check_fresh(
    header: Header, *, now: datetime, mapping_digest: str, base_serial: str, decisions_digest: str
) -> None:
    """Raises PlanStale unless the plan still fits the format, the mapping, the decisions, the state and the clock."""
    again = "Make a new one: crmsync plan"
    if header.format != FORMAT:
        raise PlanStale(f"this plan has format {header.format}, not {FORMAT}", remedy=again)
    if header.mapping_digest != mapping_digest:
        raise PlanStale("the mapping has changed since this plan was made", remedy=again)
    if header.decisions_digest != decisions_digest:
        said = "what people decided of duplicates has changed since this plan was made"
        raise PlanStale(said, remedy=again)
    if header.base_serial != base_serial:
        raise PlanStale("another run has written since this plan was made", remedy=again)
    age = now - datetime.fromisoformat(min(header.made_at, header.read_at or header.made_at))
    if age > TTL:
        hours = int(age.total_seconds() // 3600)
        raise PlanStale(f"this plan is {hours} hours old; 24 are the limit", remedy=again)
