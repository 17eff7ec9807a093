"""What `crmsync doctor` finds around a mapping: rights, the API's version, field history, who else writes and runs.

A right without which nothing goes is an error; all else is a warning with its remedy, and what could not be looked
at is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from crmsync.commands.checking import Check
from crmsync.commands.demands import demands_in
from crmsync.commands.doctor_values import few
from crmsync.commands.scopes import held_between
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import ReviewedConnector, Reviewer
from crmsync.connectors.base import Connector
from crmsync.core.history import wanted_history
from crmsync.core.mapping import CreateWhen, Entity, Seat
from crmsync.core.records import Schema
from crmsync.core.rights import Demand, Review, written_in
from crmsync.core.surroundings import ApiVersion, Automation, NativeConnector, Survey
from crmsync.errors import ExitCode
from crmsync.language import N_, _, current
from crmsync.reports.automations_text import kinds_text, unread_kinds
from crmsync.reports.scopes_text import excess_lines, missing_lines

_SHOWN = 4
_HUBSPOT = "hubspot"


def surroundings(workspace: Workspace, connector: Connector) -> Iterator[Check]:
    """Every check of one system that its reviewer can make; none for a system without."""
    if not isinstance(connector, ReviewedConnector):
        return
    reviewer = connector.reviewer()
    demands = demands_in(workspace, connector)
    system = connector.system
    needs = tuple(reviewer.needs(demands))
    objects = [each.object for each in demands]
    rights = held_between(workspace, system, reviewer, demands)
    held = Review(system, workspace.kinds[system], needs, rights)
    native = reviewer.native_connector(objects)
    yield from _about("rights", _rights(held))
    yield from _about("version", _version(system, reviewer.version(), workspace.now().date()))
    yield from _about("history", _history(workspace, reviewer, system))
    yield from _about("native_connector", _native(workspace, system, native, demands))
    yield from _about("automations", _automations(held, reviewer.survey(objects), demands))


def _about(topic: str, checks: Iterator[Check]) -> Iterator[Check]:
    return (replace(each, topic=topic) for each in checks)


# Rights


def _rights(review: Review) -> Iterator[Check]:
    language = current()
    remedy = _rights_remedy(review)
    missing, spared = (missing_lines(review, language, needed=each) for each in (True, False))
    excess = excess_lines(review, language)
    if missing:
        message = _("rights that this mapping needs are missing: {rights}").format(
            rights=_short(missing)
        )
        yield Check(review.system, "error", message, remedy, ExitCode.ACCESS)
    if spared:
        message = _(
            "optional, and not there: {rights}. A sync goes without; what they would show stays unread"
        ).format(rights=_short(spared))
        yield Check(review.system, "warning", message, remedy)
    if excess:
        message = _("the credential may do more than this mapping needs: {rights}").format(
            rights=_short(excess)
        )
        yield Check(review.system, "warning", message, remedy)
    if review.held is not None and not missing and not spared and not excess:
        yield Check(review.system, "ok", _rights_said(review))


def _rights_said(review: Review) -> str:
    """What can be said where nothing is missing: no more than was looked at."""
    blind = [need for need in review.needs if review.state(need) == "unchecked"]
    if not blind:
        return _("its rights are those that this mapping needs")
    return _("none of the rights that can be looked at is missing; not checked: {rights}").format(
        rights=_short([need.right.place for need in blind])
    )


def _rights_remedy(review: Review) -> str:
    command = f"crmsync scopes --system {review.system}"
    if review.kind == _HUBSPOT:
        return _(
            "Choose exactly the scopes that it lists, in the service key (Settings > Integrations > Service Keys) or "
            "the app: {command}"
        ).format(command=command)
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
    for part, day in version.parts:
        if part in version.shared and _is_near(day, version, today):
            yield Check(system, "warning", _part_said(part, day, today), _newer())


def _is_near(day: date, version: ApiVersion, today: date) -> bool:
    return day - today <= timedelta(days=version.notice_days)


def _part_said(part: str, day: date, today: date) -> str:
    if day <= today:
        return _("API {part}: retired since {day}, in every version").format(part=part, day=day)
    return _("API {part}: ends about {day}, in every version").format(part=part, day=day)


def _newer() -> str:
    return _("No `api_version` changes that: use a newer crmsync by then.")


def _version_said(version: ApiVersion, today: date) -> tuple[str, str, str]:
    raise_it = _raised(version)
    if version.ends is not None and version.ends <= today:
        return "warning", _("retired since {day}").format(day=version.ends), raise_it
    if version.ends is not None and _is_near(version.ends, version, today):
        return "warning", _ends(version), raise_it
    if version.offered is False:
        newest = version.newest or "?"
        message = _("this org does not offer it; its newest is {newest}").format(newest=newest)
        return "warning", message, raise_it
    if not version.known:
        message = _("newer than this crmsync knows; when it ends is unknown")
        return "warning", message, _("Use a version that was tried, or a newer crmsync.")
    if version.ends is not None:
        return "ok", _ends(version), ""
    return (
        "ok",
        _("no end announced; promised until {day} at least").format(day=version.promised),
        "",
    )


def _raised(version: ApiVersion) -> str:
    """To leave it out helps only where another one is usual."""
    newest = version.newest or "67.0"
    if version.version == version.usual:
        return _("Set `api_version` to {newest}.").format(newest=newest)
    return _("Set `api_version` to {newest}, or leave it out.").format(newest=newest)


def _ends(version: ApiVersion) -> str:
    """When it ends, and its parts that have a day of their own."""
    said = _("ends about {day}").format(day=version.ends)
    parts = ", ".join(f"{name} {day}" for name, day in version.parts)
    return f"{said} ({parts})" if parts else said


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
    said = message.format(
        name=found.name, what=what, count=len(both), fields=", ".join(both) or "-"
    )
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


def _automations(
    review: Review, survey: Survey | None, demands: Sequence[Demand]
) -> Iterator[Check]:
    if survey is None:
        return
    system = review.system
    written = {each.object for each in demands if each.writes or each.creates}
    running = [each for each in survey.automations if each.active and each.object in written]
    rules = [each for each in survey.rules if each.active and each.object in written]
    if running or rules:
        message = _("what is written here sets off others: {kinds}").format(
            kinds=kinds_text([*running, *rules], current())
        )
        remedy = _("Look at them: crmsync doctor --automations")
        rewriting = _rewriting(survey, demands)
        if rewriting:
            message += "; " + _("{count} of them write mapped fields: {names}").format(
                count=len(rewriting), names=few(each.name for each in rewriting)
            )
        yield Check(system, "warning" if rewriting else "ok", message, remedy)
    if survey.unchecked:
        names = unread_kinds(survey.unchecked, current())
        message = _("not checked, for it could not be read: {kinds}").format(kinds=names)
        remedy = _(_SHOWN_WITH.get(review.kind, _WITH_SETUP))
        yield Check(system, "warning", message, remedy)


_WITH_SETUP = N_("Grant View Setup and Configuration (crmsync scopes).")
_SHOWN_WITH: Mapping[str, str] = {
    _HUBSPOT: N_("Give the service key or app the scope automation (crmsync scopes).")
}


def _rewriting(survey: Survey, demands: Sequence[Demand]) -> list[Automation]:
    """Automations that write a field that is mapped here."""
    mapped = {f"{each.object}.{name}" for each in demands for name in (*each.reads, *each.writes)}
    return [each for each in survey.automations if each.active and mapped & set(each.writes)]


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
