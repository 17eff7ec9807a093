"""What else is at work in a system: automations, rules, the CRMs' own connector; and what of it a plan sets off.

Everything here was read, nothing is guessed: `read` False says that an automation is there and that nobody could look
into it, `unchecked` names what could not even be listed. Filters of an automation are not worked out, so whatever is
counted here *may* run. Must not know: how a system is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from crmsync.core.planning import Change, Line

Event = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Automation:
    """Something that runs when a record is saved: a flow, a trigger (code), a workflow.

    `writes` are `Object.Field`, `reads` fields of its own object, as far as could be read; `starts_on` those whose
    change starts it, none for every change. `read` says whether anybody could look into it. `namespace` is blank for
    what the org made itself.
    """

    id: str
    kind: str
    name: str
    object: str
    events: tuple[Event, ...]
    timing: str = ""
    active: bool = True
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    starts_on: tuple[str, ...] = ()
    read: bool = True
    namespace: str = ""
    modified_at: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that looks at a record before it is saved: validation, duplicate, matching, assignment.

    `fields` are those that `formula` names, as far as could be read.
    """

    id: str
    kind: str
    name: str
    object: str
    active: bool = True
    fields: tuple[str, ...] = ()
    formula: str = ""
    message: str = ""
    read: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """Automations and rules of some objects; `unchecked` are the kinds that could not be listed."""

    automations: tuple[Automation, ...] = ()
    rules: tuple[Rule, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracking:
    """Fields of an object whose changes the system keeps; `always` are kept without anybody asking for it."""

    fields: frozenset[str]
    always: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NativeConnector:
    """The CRMs' own connector as its traces show it: a package, and fields it brought along.

    `usually` are the fields that it writes where nobody chose others; which ones it writes here cannot be read.
    """

    name: str
    package: str = ""
    traces: tuple[str, ...] = ()
    usually: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The version of its API that we use: `ends` is the day it stops to answer, where that was announced.

    `known` False: it is newer than what this crmsync knows. `promised` is how long it lasts at least, `offered`
    whether the system itself lists it (None: not said), `newest` the last that it lists, `usual` the one that is used
    where nobody says otherwise. `parts` are paths of it with days of their own, `shared` those of them that every
    version has, so that no other one helps; `notice_days` is how long before an end somebody should hear of it.
    """

    version: str
    release: str = ""
    known: bool = True
    ends: date | None = None
    promised: date | None = None
    offered: bool | None = None
    newest: str = ""
    usual: str = ""
    parts: tuple[tuple[str, date], ...] = ()
    shared: tuple[str, ...] = ()
    notice_days: int = 365


@dataclass(frozen=True, slots=True)
class SetOff:
    """One automation or rule that a plan's writes may set off: of how many records, and by which of our fields.

    `cells` counts cells of this plan that it reads, starts on or writes itself, by our field.
    """

    system: str
    kind: str
    name: str
    object: str
    events: tuple[str, ...]
    records: int
    cells: Mapping[str, int] = field(default_factory=dict)


def set_off(
    lines: Iterable[Line], names: Mapping[str, str], system: str, survey: Survey
) -> list[SetOff]:
    """What of one system's automations and rules the writes of a plan may run, most records first.

    `names` are those of the plan's header. An automation that starts on some fields counts only records of which one
    of them is written; a validation rule only those of which it looks at a field, or that are created.
    """
    changes = [each for each in lines if isinstance(each, Change) and each.system == system]
    found = [
        *(_of_automation(each, changes, names) for each in survey.automations if each.active),
        *(_of_rule(each, system, changes, names) for each in survey.rules if each.active),
    ]
    ran = [each for each in found if each is not None and each.records]
    return sorted(ran, key=lambda each: (-each.records, each.kind, each.name))


def _of_automation(
    one: Automation, changes: Sequence[Change], names: Mapping[str, str]
) -> SetOff | None:
    touched = {*one.reads, *one.starts_on, *_own(one)}
    hit = [
        (change, _cells(change, names, touched))
        for change in changes
        if change.object == one.object and change.action in one.events
        if change.action == "create" or _starts(one, change, names)
    ]
    return _counted(one.kind, one.name, one.object, one.events, hit)


def _own(one: Automation) -> set[str]:
    """Fields of the record itself that an automation writes."""
    head = f"{one.object}."
    return {each.removeprefix(head) for each in one.writes if each.startswith(head)}


def _starts(one: Automation, change: Change, names: Mapping[str, str]) -> bool:
    return not one.starts_on or bool(_cells(change, names, set(one.starts_on)))


def _of_rule(
    one: Rule, system: str, changes: Sequence[Change], names: Mapping[str, str]
) -> SetOff | None:
    """An assignment rule may run on every create, a validation rule where it looks at what is written."""
    hit = []
    for change in (each for each in changes if each.object == one.object):
        cells = _cells(change, names, set(one.fields))
        if change.action == "create" or cells or (one.kind == "validation" and not one.read):
            hit.append((change, cells))
    return _counted(one.kind, one.name, one.object, ("create", "update"), hit)


def _cells(change: Change, names: Mapping[str, str], natives: set[str]) -> list[str]:
    """Our fields of a change that are written to one of these native fields."""
    place = f"{change.system}/{change.object}"
    ours = (f"{change.entity}.{cell.field}" for cell in change.cells)
    return [each for each in ours if names.get(f"{each} {place}") in natives]


def _counted(
    kind: str,
    name: str,
    object_: str,
    events: Sequence[str],
    hit: Sequence[tuple[Change, list[str]]],
) -> SetOff | None:
    if not hit:
        return None
    cells: dict[str, int] = {}
    for _, ours in hit:
        for each in ours:
            cells[each] = cells.get(each, 0) + 1
    done = tuple(each for each in events if any(change.action == each for change, _ in hit))
    return SetOff(
        hit[0][0].system, kind, name, object_, done, len(hit), dict(sorted(cells.items()))
    )


# As tables, for the snapshots

AUTOMATION_COLUMNS = (
    "id", "kind", "name", "object", "events", "timing", "state", "writes", "reads", "starts_on", "read",
    "namespace", "modified_at",
)  # fmt: skip
RULE_COLUMNS = ("id", "kind", "name", "object", "state", "fields", "formula", "message", "read")
NOT_CHECKED = "not_checked"
"""State of a row that stands for a kind which could not be listed: it has no name."""
Row = tuple[str | None, ...]


def automation_rows(survey: Survey) -> list[Row]:
    """Rows of AUTOMATION_COLUMNS; lists are `a;b`, flags true or false, nothing is a blank."""
    rows = [
        _row(
            each.id, each.kind, each.name, each.object, each.events, each.timing, _state(each.active),
            each.writes, each.reads, each.starts_on, _flag(each.read), each.namespace, each.modified_at,
        )
        for each in survey.automations
    ]  # fmt: skip
    kinds = (kind for kind in survey.unchecked if kind in AUTOMATION_KINDS)
    return rows + [_unlisted(AUTOMATION_COLUMNS, kind) for kind in kinds]


def rule_rows(survey: Survey) -> list[Row]:
    """Rows of RULE_COLUMNS; lists are `a;b`, flags true or false, nothing is a blank."""
    rows = [
        _row(
            each.id, each.kind, each.name, each.object, _state(each.active), each.fields, each.formula,
            each.message, _flag(each.read),
        )
        for each in survey.rules
    ]  # fmt: skip
    kinds = (kind for kind in survey.unchecked if kind not in AUTOMATION_KINDS)
    return rows + [_unlisted(RULE_COLUMNS, kind) for kind in kinds]


def _row(*values: str | Sequence[str]) -> Row:
    texts = (each if isinstance(each, str) else ";".join(each) for each in values)
    return tuple(text or None for text in texts)


def _unlisted(columns: Sequence[str], kind: str) -> Row:
    """The row of a kind that could not be listed."""
    told = {"kind": kind, "state": NOT_CHECKED}
    return tuple(told.get(name) for name in columns)


AUTOMATION_KINDS = ("flow", "trigger", "workflow", "portal_workflow")


def survey_of(
    automations: Iterable[Mapping[str, str | None]], rules: Iterable[Mapping[str, str | None]]
) -> Survey:
    """The survey that such rows, by column, were made of."""
    kept, kept_rules, unchecked = [], [], []
    for row in automations:
        if row["state"] == NOT_CHECKED:
            unchecked.append(row["kind"] or "")
        else:
            kept.append(_automation(row))
    for row in rules:
        if row["state"] == NOT_CHECKED:
            unchecked.append(row["kind"] or "")
        else:
            kept_rules.append(_rule(row))
    return Survey(tuple(kept), tuple(kept_rules), tuple(unchecked))


def _automation(row: Mapping[str, str | None]) -> Automation:
    events = _listed(row["events"])
    return Automation(
        row["id"] or "",
        row["kind"] or "",
        row["name"] or "",
        row["object"] or "",
        tuple(each for each in _EVENTS if each in events),
        row["timing"] or "",
        row["state"] == "active",
        _listed(row["writes"]),
        _listed(row["reads"]),
        _listed(row["starts_on"]),
        row["read"] == "true",
        row["namespace"] or "",
        row["modified_at"] or "",
    )


_EVENTS: tuple[Event, ...] = ("create", "update", "delete")


def _rule(row: Mapping[str, str | None]) -> Rule:
    return Rule(
        row["id"] or "",
        row["kind"] or "",
        row["name"] or "",
        row["object"] or "",
        row["state"] == "active",
        _listed(row["fields"]),
        row["formula"] or "",
        row["message"] or "",
        row["read"] == "true",
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _state(active: bool) -> str:
    return "active" if active else "inactive"


def _flag(yes: bool) -> str:
    return "true" if yes else "false"
