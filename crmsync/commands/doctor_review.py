"""What `crmsync doctor` finds around a mapping: rights, the API's version, field history, who else writes and runs.

None of it stops a sync; each is a warning with its remedy, and what could not be looked at is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from crmsync.commands.checking import Check
from crmsync.commands.demands import demands_in
from crmsync.commands.doctor_values import few
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import ReviewedConnector, Reviewer
from crmsync.connectors.base import Connector
from crmsync.core.history import wanted_history
from crmsync.core.mapping import CreateWhen, Entity, Seat
from crmsync.core.records import Schema
from crmsync.core.rights import Demand, Review, written_in
from crmsync.core.surroundings import ApiVersion, NativeConnector, Survey
from crmsync.language import N_, _, current
from crmsync.reports.automations_text import kinds_text
from crmsync.reports.scopes_text import excess_lines, missing_lines

_SHOWN = 4
_YEAR = timedelta(days=365)


def surroundings(workspace: Workspace, connector: Connector) -> Iterator[Check]:
    """Every check of one system that its reviewer can make; none for a system without."""
    if not isinstance(connector, ReviewedConnector):
        return
    reviewer = connector.reviewer()
    demands = demands_in(workspace, connector)
    system = connector.system
    needs = tuple(reviewer.needs(demands))
    objects = [each.object for each in demands]
    held = Review(system, workspace.kinds[system], needs, reviewer.held(demands))
    native = reviewer.native_connector(objects)
    yield from _about("rights", _rights(held))
    yield from _about("version", _version(system, reviewer.version(), workspace.now().date()))
    yield from _about("history", _history(workspace, reviewer, system))
    yield from _about("native_connector", _native(workspace, system, native, demands))
    yield from _about("automations", _automations(system, reviewer.survey(objects), demands))


def _about(topic: str, checks: Iterator[Check]) -> Iterator[Check]:
    return (replace(each, topic=topic) for each in checks)


# Rights


def _rights(review: Review) -> Iterator[Check]:
    language, command = current(), f"crmsync scopes --system {review.system}"
    missing, excess = missing_lines(review, language), excess_lines(review, language)
    if missing:
        message = _("rights that this mapping needs are missing: {rights}").format(
            rights=_short(missing)
        )
        yield Check(review.system, "warning", message, _set_remedy(command))
    if excess:
        message = _("the credential may do more than this mapping needs: {rights}").format(
            rights=_short(excess)
        )
        yield Check(review.system, "warning", message, _set_remedy(command))
    if review.held is not None and not missing and not excess:
        yield Check(review.system, "ok", _("its rights are those that this mapping needs"))


def _set_remedy(command: str) -> str:
    return _(
        "Give the user of crmsync a permission set of its own: {command} --permission-set"
    ).format(command=command)


def _short(lines: Sequence[str]) -> str:
    more = ", …" if len(lines) > _SHOWN else ""
    return "; ".join(lines[:_SHOWN]) + more


# The version


def _version(system: str, version: ApiVersion | None, today: date) -> Iterator[Check]:
    if version is None:
        return
    name = f"API {version.version}" + (f" ({version.release})" if version.release else "")
    level, said, remedy = _version_said(version, today)
    yield Check(system, level, f"{name}: {said}", remedy)


def _version_said(version: ApiVersion, today: date) -> tuple[str, str, str]:
    raise_it = _("Set `api_version` to {newest}, or leave it out.").format(
        newest=version.newest or "67.0"
    )
    if version.ends is not None and version.ends <= today:
        return "warning", _("retired since {day}").format(day=version.ends), raise_it
    if version.ends is not None and version.ends - today <= _YEAR:
        return "warning", _("ends about {day}").format(day=version.ends), raise_it
    if version.offered is False:
        newest = version.newest or "?"
        message = _("this org does not offer it; its newest is {newest}").format(newest=newest)
        return "warning", message, raise_it
    if not version.known:
        message = _("newer than this crmsync knows; when it ends is unknown")
        return "warning", message, _("Use a version that was tried, or a newer crmsync.")
    if version.ends is not None:
        return "ok", _("ends about {day}").format(day=version.ends), ""
    return (
        "ok",
        _("no end announced; promised until {day} at least").format(day=version.promised),
        "",
    )


# Field history

_HISTORY_WHYS: Mapping[str, str] = {
    "stage": N_("when a stage was reached"),
    "owner": N_("who had it when"),
    "newest": N_("which edit is the newest"),
}


def _history(workspace: Workspace, reviewer: Reviewer, system: str) -> Iterator[Check]:
    wanted: dict[str, dict[str, str]] = {}
    for entity, seat in workspace.mapping.seats_of(system):
        wanted.setdefault(seat.object, {}).update(wanted_history(entity, seat))
    for object_, fields in wanted.items():
        kept = reviewer.tracking(object_) if fields else None
        if kept is None:
            continue
        off = {name: why for name, why in fields.items() if name not in kept.fields | kept.always}
        if off:
            yield _untracked(system, object_, off)


def _untracked(system: str, object_: str, off: Mapping[str, str]) -> Check:
    names = ", ".join(f"{name} ({_(_HISTORY_WHYS[why])})" for name, why in sorted(off.items()))
    message = _("no history is kept of {fields}: what it would tell stays unknown").format(
        fields=names
    )
    remedy = _(
        "Setup > Object Manager > {object} > Fields & Relationships > Set History Tracking; it begins that day."
    ).format(object=object_)
    return Check(f"{system} {object_}", "warning", message, remedy)


# The CRMs' own connector


def _native(
    workspace: Workspace, system: str, found: NativeConnector | None, demands: Sequence[Demand]
) -> Iterator[Check]:
    if found is None:
        return
    what = found.package or few(found.traces)
    if any(each.kind == "native_connector" for each in workspace.project.writers):
        message = _("{name} is installed ({what}), and declared under `writers`")
        yield Check(system, "ok", message.format(name=found.name, what=what))
        return
    both = _also_written(found, demands)
    message = _(
        "{name} is installed ({what}); it usually writes {count} of the mapped fields, too: {fields}"
    )
    remedy = _(
        "Look up what it is set to write (HubSpot: Settings > Integrations > Connected Apps > Salesforce), leave each "
        "field to one of the two, and declare the rest under `writers:` in crmsync.yml."
    )
    said = message.format(name=found.name, what=what, count=len(both), fields=few(both) or "-")
    yield Check(system, "warning", said, remedy)


def _also_written(found: NativeConnector, demands: Sequence[Demand]) -> list[str]:
    """Our fields that we write to, and it does by default."""
    usually = set(found.usually)
    ours = [
        each
        for demand in demands
        for native, fields in demand.writes.items()
        if f"{demand.object}.{native}" in usually
        for each in fields
    ]
    return list(dict.fromkeys(ours))


# Automations


def _automations(system: str, survey: Survey | None, demands: Sequence[Demand]) -> Iterator[Check]:
    if survey is None:
        return
    written = {each.object for each in demands if each.writes or each.creates}
    running = [each for each in survey.automations if each.active and each.object in written]
    rules = [each for each in survey.rules if each.active and each.object in written]
    if running or rules:
        message = _("what is written here sets off others: {kinds}").format(
            kinds=kinds_text([*running, *rules], current())
        )
        remedy = _("Look at them: crmsync doctor --automations")
        level = "warning" if _rewriting(survey, demands) else "ok"
        yield Check(system, level, message, remedy)
    if survey.unchecked:
        names = ", ".join(survey.unchecked)
        message = _("not checked, for it could not be read: {kinds}").format(kinds=names)
        remedy = _("Grant View Setup and Configuration (crmsync scopes).")
        yield Check(system, "warning", message, remedy)


def _rewriting(survey: Survey, demands: Sequence[Demand]) -> bool:
    """True if an automation writes a field that is mapped here."""
    mapped = {f"{each.object}.{name}" for each in demands for name in (*each.reads, *each.writes)}
    return any(each.active and mapped & set(each.writes) for each in survey.automations)


# One object


def of_object(
    reviewer: Reviewer | None, schema: Schema, entity: Entity, seat: Seat
) -> Iterator[Check]:
    """Required fields that nobody fills where records may be created, and kinds of record that there are."""
    subject = f"{seat.system} {seat.object}"
    yield from _required(subject, schema, entity, seat)
    types = reviewer.record_types(seat.object) if reviewer and seat.create != "never" else []
    if len(types) > 1:
        message = _("record types in use: {types}; what is created gets {first}").format(
            types=", ".join(types), first=types[0]
        )
        yield Check(subject, "ok", message)


def _required(subject: str, schema: Schema, entity: Entity, seat: Seat) -> Iterator[Check]:
    if seat.create == "never":
        return
    filled = {written_in(each, seat) for each in entity.fields}
    lacking = [
        name for name, native in schema.fields.items() if native.required and name not in filled
    ]
    if lacking:
        certain = isinstance(seat.create, CreateWhen)
        message = _("records may be created here, but nothing of the mapping fills {fields}")
        remedy = _("Map them, give them a default value in the CRM, or set `create: never`.")
        said = message.format(fields=", ".join(lacking))
        yield Check(subject, "error" if certain else "warning", said, remedy)
