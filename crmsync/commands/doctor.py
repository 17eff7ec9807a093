"""`crmsync doctor`: is everything there that this mapping needs? Each line with its remedy. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import Connector
from crmsync.core.mapping import CreateWhen, Entity, Field, Seat
from crmsync.core.records import Native, Schema
from crmsync.errors import CrmsyncError, ExitCode
from crmsync.language import _

_SKEW_S = 60


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be, and what helps if it is not.

    `level` is ok, warning or error; `code` the exit code an error leads to.
    """

    subject: str
    level: str
    message: str
    remedy: str = ""
    code: ExitCode = ExitCode.CONFIG_INVALID


def doctor(workspace: Workspace) -> list[Check]:
    """Store, then every system: credential, identity, fields, keys, calls left, clock."""
    checks = [_store(workspace)]
    for system in workspace.systems:
        checks += _system(workspace, system)
    return checks


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


def _system(workspace: Workspace, system: str) -> Iterator[Check]:
    try:
        with workspace.connectors(only=system) as connectors:
            yield from _connected(workspace, connectors[system])
    except CrmsyncError as error:
        yield Check(system, "error", error.message, error.remedy, error.exit_code)


def _connected(workspace: Workspace, connector: Connector) -> Iterator[Check]:
    identity = connector.whoami()
    yield Check(
        connector.system,
        "ok",
        _("answers as {name} ({id})").format(name=identity.name or identity.id, id=identity.id),
    )
    for entity, seat in workspace.mapping.seats_of(connector.system):
        yield from _seat(connector, entity, seat)
    yield _calls(connector)
    yield _clock(connector)


def _seat(connector: Connector, entity: Entity, seat: Seat) -> Iterator[Check]:
    subject = f"{seat.system} {seat.object}"
    try:
        schema = connector.schema(seat.object)
    except CrmsyncError as error:
        yield Check(subject, "error", error.message, error.remedy, error.exit_code)
        return
    problems = [check for each in entity.fields for check in _field(subject, schema, seat, each)]
    problems += _scope(subject, schema, entity, seat)
    yield from problems
    yield from _key(connector, subject, schema, seat)
    if not problems:
        yield Check(
            subject, "ok", _("every mapped field is there and can be written where it has to be")
        )


def _field(subject: str, schema: Schema, seat: Seat, each: Field) -> Iterator[Check]:
    inputs = each.inputs_in(seat.system, seat.object)
    missing = [name for name in inputs if name not in schema.fields]
    yield from (_missing(subject, schema, each.field, name) for name in missing)
    native = schema.fields.get(each.name_in(seat.system, seat.object) or "")
    if native is None:
        return
    if each.writes_to(seat.system) and not native.writable:
        remedy = _("Set `direction: none` or a one-way direction, or allow writing the field.")
        message = _("field {field}: {native} cannot be written").format(
            field=each.field, native=native.name
        )
        yield Check(subject, "warning", message, remedy)
    else:
        yield from _options(subject, native, seat, each)


def _missing(subject: str, schema: Schema, field: str, name: str) -> Check:
    """A native field that is not there, or not for this credential."""
    from crmsync.config.decode import nearest

    close = nearest(name, schema.fields)
    remedy = _("Correct the name, or let this credential read the field.")
    if close:
        remedy = _("Did you mean {names}?").format(names=close) + " " + remedy
    message = _("field {field}: no readable {native}").format(field=field, native=name)
    return Check(subject, "error", message, remedy)


def _scope(subject: str, schema: Schema, entity: Entity, seat: Seat) -> Iterator[Check]:
    """Conditions on fields that cannot be seen: nobody would take part."""
    for name in (*seat.where, *entity.scope_of(seat)):
        if name not in schema.fields:
            yield _missing(subject, schema, "scope" if name not in seat.where else "where", name)


def _options(subject: str, native: Native, seat: Seat, each: Field) -> Iterator[Check]:
    mapped = set(each.values.get(seat.system, {}))
    unknown = sorted(mapped - native.options) if native.options is not None else []
    if unknown:
        message = _("field {field}: {native} has no option {options}").format(
            field=each.field, native=native.name, options=", ".join(unknown)
        )
        remedy = _("Remove them from `values`, or add them to the picklist.")
        yield Check(subject, "warning", message, remedy)


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
        remedy = _("Add a unique text field {name} to {object}, or set `create: never`.").format(
            name=name, object=seat.object
        )
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
