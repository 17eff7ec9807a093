"""`crmsync doctor`: is everything there that this mapping needs? Each line with its remedy. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default

from crmsync.commands.checking import Check
from crmsync.commands.doctor_review import of_object, surroundings
from crmsync.commands.doctor_values import (
    Addresses,
    Choices,
    Doubt,
    note_addresses,
    note_choices,
    strange_addresses,
    strangers,
    unknown_options,
    unknown_parts,
    unreadable_options,
)
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import ArchivingConnector, ReviewedConnector
from crmsync.connectors.base import Connector, SystemIdentity
from crmsync.core.mapping import CreateWhen, Entity, Field, Seat
from crmsync.core.records import Schema
from crmsync.errors import ConfigInvalid, CrmsyncError, ExitCode, Problem, WrongSystem
from crmsync.language import _, translate_said

_SKEW_S = 60


@dataclass(slots=True)
class _Noted:
    """What systems say that can only be judged when all were asked."""

    choices: Choices = default(default_factory=dict)
    addresses: Addresses = default(default_factory=dict)


def doctor(workspace: Workspace) -> list[Check]:
    """Store, then every system: credential, identity, fields, keys, calls left, clock."""
    checks = [_store(workspace)]
    noted = _Noted()
    for system in workspace.systems:
        checks += _system(workspace, system, noted)
    doubts = [*strangers(noted.choices), *strange_addresses(workspace.mapping, noted.addresses)]
    return [*checks, *(_warning(entity, each) for entity, each in doubts)]


def _warning(subject: str, doubt: Doubt) -> Check:
    return Check(subject, "warning", doubt.message, doubt.remedy)


def exit_code_of(checks: list[Check]) -> ExitCode:
    """0, or the code of the errors; missing access goes before everything else."""
    codes = [check.code for check in checks if check.level == "error"]
    if ExitCode.ACCESS in codes:
        return ExitCode.ACCESS
    return codes[0] if codes else ExitCode.OK


def _store(workspace: Workspace) -> Check:
    try:
        with workspace.store() as store:
            unfinished = store.unfinished_runs()
    except CrmsyncError as error:
        return Check("store", "error", error.message, error.remedy, error.exit_code)
    if unfinished:
        run = unfinished[0].id
        return Check(
            "store",
            "warning",
            _("run {run} stopped half way").format(run=run),
            f"crmsync resume {run}",
        )
    return Check("store", "ok", _("opens, and its tables are up to date"))


def _system(workspace: Workspace, system: str, noted: _Noted) -> Iterator[Check]:
    try:
        with workspace.connectors(only=system) as connectors:
            yield from _connected(workspace, connectors[system], noted)
    except ConfigInvalid as error:
        in_order = sorted(error.problems, key=lambda each: (each.file, each.line, each.column))
        yield from (_wrong(system, each) for each in in_order)
    except CrmsyncError as error:
        yield Check(system, "error", error.message, error.remedy, error.exit_code)


def _wrong(system: str, problem: Problem) -> Check:
    """A line for one thing that is wrong with the settings, in the reader's language."""
    message = f"{problem.place} {problem.code} {translate_said(problem.message)}"
    return Check(system, "error", message, translate_said(problem.remedy))


def _connected(workspace: Workspace, connector: Connector, noted: _Noted) -> Iterator[Check]:
    identity = connector.whoami()
    yield _identity(workspace, identity)
    for entity, seat in workspace.mapping.seats_of(connector.system):
        yield from _seat(workspace, connector, (entity, seat), noted)
    yield from (
        _warning(*each) for each in note_addresses(noted.addresses, connector, workspace.mapping)
    )
    yield from surroundings(workspace, connector)
    if not connector.capabilities.partial:  # an export has no clock, and reading it costs no call
        yield _calls(connector)
        yield _clock(connector)


def _identity(workspace: Workspace, identity: SystemIdentity) -> Check:
    """Who answers, and whether it is who it was the first time."""
    with workspace.store() as store:
        pinned = store.pinned(identity.system)
    if pinned is not None and pinned != identity.id:
        message = _("is {id} now, but this workspace belongs to {pinned}").format(
            id=identity.id, pinned=pinned
        )
        remedy = _(
            "Use the credential of the first org or portal, or make a workspace for this one."
        )
        return Check(identity.system, "error", message, remedy, WrongSystem.exit_code)
    message = _("answers as {name} ({id})").format(
        name=identity.name or identity.id, id=identity.id
    )
    return Check(identity.system, "ok", message)


def _seat(
    workspace: Workspace, connector: Connector, held: tuple[Entity, Seat], noted: _Noted
) -> Iterator[Check]:
    entity, seat = held
    subject = f"{seat.system} {seat.object}"
    try:
        schema = connector.schema(seat.object)
    except CrmsyncError as error:
        yield Check(subject, "error", error.message, error.remedy, error.exit_code)
        return
    note_choices(noted.choices, schema, entity, seat)
    if connector.capabilities.partial:
        yield from _export(subject, schema, entity, seat)
        return
    kind = str(workspace.project.systems[seat.system].get("kind", ""))
    problems: list[Check] = []
    archived = _archived(connector, schema, entity, seat)
    for each in entity.fields:
        problems += _field(subject, schema, entity, seat, each, archived)
        problems += [_warning(subject, doubt) for doubt in _doubts(kind, schema, seat, each)]
    problems += _scope(subject, schema, entity, seat)
    yield from problems
    reviewer = connector.reviewer() if isinstance(connector, ReviewedConnector) else None
    yield from of_object(reviewer, schema, entity, seat)
    yield from _key(connector, subject, schema, seat)
    if not problems:
        yield Check(
            subject,
            "ok",
            _("every mapped field is there, and none that has to be written is read-only"),
        )


def _export(subject: str, schema: Schema, entity: Entity, seat: Seat) -> Iterator[Check]:
    """What an export lacks, in one line: it holds what somebody chose, and nothing is written into it."""
    yield from _scope(subject, schema, entity, seat)
    natives = [n for each in entity.fields for n in each.inputs_in(seat.system, seat.object)]
    missing = list(dict.fromkeys(n for n in natives if n not in schema.fields))
    message = _("{count} of {total} mapped fields have a column").format(
        count=len(set(natives)) - len(missing), total=len(set(natives))
    )
    if missing:
        message += "; " + _("without one: {names}").format(names=", ".join(missing))
    yield Check(subject, "ok", message)


def _field(
    subject: str,
    schema: Schema,
    entity: Entity,
    seat: Seat,
    each: Field,
    archived: Mapping[str, tuple[str, ...]],
) -> Iterator[Check]:
    inputs = each.inputs_in(seat.system, seat.object)
    missing = [name for name in inputs if name not in schema.fields]
    yield from (
        _put_away(subject, each.field, name, archived[name])
        if name in archived
        else _missing(subject, schema, each.field, name, _by_object(entity, seat, each, name))
        for name in missing
    )
    native = schema.fields.get(each.name_in(seat.system, seat.object) or "")
    if native is None:
        return
    if each.writes_to(seat.system) and not native.writable:
        remedy = _("Set `direction: none` or a one-way direction, or allow writing the field.")
        message = _("field {field}: {native} cannot be written").format(
            field=each.field, native=native.name
        )
        yield Check(subject, "warning", message, remedy)


def _archived(
    connector: Connector, schema: Schema, entity: Entity, seat: Seat
) -> Mapping[str, tuple[str, ...]]:
    """The fields that people have archived there, and what may have taken their place.

    Asked only where a mapped one is not to be seen.
    """
    wanted = (n for each in entity.fields for n in each.inputs_in(seat.system, seat.object))
    if not isinstance(connector, ArchivingConnector) or all(n in schema.fields for n in wanted):
        return {}
    return connector.archived_fields(seat.object)


def _put_away(subject: str, field: str, name: str, likely: tuple[str, ...]) -> Check:
    message = _("field {field}: {native} was archived").format(field=field, native=name)
    remedy = _(
        "Bring it back there (HubSpot: Settings > Properties > Archived properties), or take it out of the mapping."
    )
    if likely:
        renamed = _(
            "Made since, and much like it: {names}. If that took its place, name it in the mapping."
        )
        remedy = renamed.format(names=", ".join(likely)) + " " + remedy
    return Check(subject, "error", message, remedy)


def _doubts(kind: str, schema: Schema, seat: Seat, each: Field) -> Iterator[Doubt]:
    """Words of a field that the system does not know."""
    yield from unknown_parts(schema, seat, each)
    native = schema.fields.get(each.name_in(seat.system, seat.object) or "")
    if native is not None:
        yield from unknown_options(kind, native, seat, each)
        yield from unreadable_options(schema, native, seat, each)


def _by_object(entity: Entity, seat: Seat, each: Field, name: str) -> str:
    """How a name is written that only another object of the system has; "" where there is no other."""
    alone = len(entity.seats_of(seat.system)) < 2
    if alone or not isinstance(each.names.get(seat.system), str):
        return ""
    return f"names: {{{seat.system}: {{OBJECT: {name}}}}}"


def _missing(subject: str, schema: Schema, field: str, name: str, by_object: str = "") -> Check:
    """A native field that is not there, or not for this credential; `by_object` is how else it could be named."""
    from crmsync.config.decode import nearest

    close = nearest(name, schema.fields)
    remedy = _("Correct the name, or let this credential read the field.")
    if close:
        remedy = _("Did you mean {names}?").format(names=close) + " " + remedy
    if by_object:
        only = _("Only another object has it? Name it by object: {example}")
        remedy += " " + only.format(example=by_object)
    message = _("field {field}: no readable {native}").format(field=field, native=name)
    return Check(subject, "error", message, remedy)


def _scope(subject: str, schema: Schema, entity: Entity, seat: Seat) -> Iterator[Check]:
    """Conditions on fields that cannot be seen: nobody would take part."""
    for name in (*seat.where, *entity.scope_of(seat)):
        if name not in schema.fields:
            yield _missing(subject, schema, "scope" if name not in seat.where else "where", name)


def _key(connector: Connector, subject: str, schema: Schema, seat: Seat) -> Iterator[Check]:
    """A record may only be created where the system itself refuses to create it twice."""
    if not isinstance(seat.create, CreateWhen):
        return
    name = connector.capabilities.key_fields.get(seat.object, "")
    native = schema.fields.get(name)
    if native is None or not native.unique:
        message = _("records may be created here, but there is no unique field {name}").format(
            name=name
        )
        remedy = _("Put it in (crmsync footprint install), or set `create: never`.")
        yield Check(subject, "error", message, remedy)


def _calls(connector: Connector) -> Check:
    meter = connector.meter
    if meter.left is None:
        message = _("{made} calls made; it does not say how many are left").format(made=meter.made)
        return Check(connector.system, "ok", message)
    message = _("{left} of {allowed} calls left today").format(
        left=meter.left, allowed=meter.allowed or "?"
    )
    return Check(connector.system, "ok", message)


def _clock(connector: Connector) -> Check:
    skew = connector.clock_skew_s()
    message = _("its clock differs by {seconds} s").format(seconds=f"{round(skew):+d}")
    if abs(skew) <= _SKEW_S:
        return Check(connector.system, "ok", message)
    remedy = _("Set this computer's clock; `newest` asks a person meanwhile.")
    return Check(connector.system, "warning", message, remedy)
