"""When a record entered and left each stage: the properties, and what a change of stage makes of them.

The names: recorded from portals and used by public connectors (read 2026-11). Beside the properties with `v2` the
older ones without still exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from sys import intern

from crmsync.sandbox.hubspot.definitions import Definition, definition
from crmsync.sandbox.hubspot.wire import epoch_ms, instant, iso

Properties = dict[str, str]

# The property whose value is the stage, by object.
STAGE_OF = {"contacts": "lifecyclestage", "companies": "lifecyclestage", "deals": "dealstage"}

_DATES = (
    ("hs_v2_date_entered_", "Date entered"),
    ("hs_v2_date_exited_", "Date exited"),
    ("hs_date_entered_", "Date entered (legacy)"),
    ("hs_date_exited_", "Date exited (legacy)"),
)
_TIMES = (
    ("hs_v2_latest_time_in_", "Latest time in"),
    ("hs_v2_cumulative_time_in_", "Cumulative time in"),
)


def stage_definitions(group: str, stages: Iterable[tuple[str, str]]) -> list[Definition]:
    """The read-only properties of some stages, given as (id, label).

    None is `calculated`: of 247 recorded properties of companies, these among them, only six are
    (NangoHQ/integration-templates, read 2026-11).
    """
    return [
        definition(
            f"{prefix}{id_}", type_, field_type, read_only=True,
            label=f'{words} "{label}"', groupName=group, hubspotDefined=True,
        )
        for id_, label in stages
        for prefix, words, type_, field_type in (
            *((prefix, words, "datetime", "date") for prefix, words in _DATES),
            *((prefix, words, "number", "number") for prefix, words in _TIMES),
        )
    ]  # fmt: skip


def stages_in_order(definitions: Mapping[str, Definition]) -> list[str]:
    """The lifecycle stages of an object, the first one first; an administrator may rename or add some."""
    known = definitions.get("lifecyclestage", {"options": []})
    return [one["value"] for one in sorted(known["options"], key=itemgetter("displayOrder"))]


def stage_times(
    object_name: str, before: Properties, after: Properties, at: datetime
) -> Properties:
    """What a write makes of the stage properties: nothing unless the stage changes.

    Milliseconds of a stay are told once it is over. That a second entry replaces the date of the first is not
    verified.
    """
    name = STAGE_OF.get(object_name)
    old, new = (before.get(name, ""), after.get(name, "")) if name else ("", "")
    if old == new:
        return {}
    now = iso(at)
    told = {"hs_v2_date_entered_current_stage": now if new else ""}
    if old:
        told |= _left(before, old, at)
    if new:
        told |= {intern(f"hs_v2_date_entered_{new}"): now, intern(f"hs_date_entered_{new}"): now}
    return told


def _left(before: Properties, stage: str, at: datetime) -> Properties:
    told = {f"hs_v2_date_exited_{stage}": iso(at), f"hs_date_exited_{stage}": iso(at)}
    entered = instant(before.get(f"hs_v2_date_entered_{stage}", ""))
    if entered is None:
        return told
    stay = max(0, epoch_ms(at) - epoch_ms(entered))
    all_stays = int(before.get(f"hs_v2_cumulative_time_in_{stage}") or 0) + stay
    told[f"hs_v2_latest_time_in_{stage}"] = str(stay)
    told[f"hs_v2_cumulative_time_in_{stage}"] = str(all_stays)
    return told
