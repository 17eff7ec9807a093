"""Flows, triggers, workflow rules and rules of an org, as far as this user may read them.

Lists are one query each; what a flow or a rule is about stands in its metadata, which the Tooling API gives for one
record at a time, so 25 of them travel in one composite call. developer.salesforce.com, Tooling API, Flow,
ValidationRule and composite; object reference, FlowDefinitionView (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from crmsync.connectors.batches import chunks
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.metadata import fields_of_flow, fields_of_formula
from crmsync.connectors.shapes import understood
from crmsync.core.surroundings import Automation, Event, Rule, Survey
from crmsync.errors import AccessDenied, SystemFailed

# 25 subrequests a call: developer.salesforce.com, Tooling API, Composite (read 2026-11)
DETAILS_A_CALL = 25
# Nobody waits for the metadata of a thousand rules every night: the rest is listed, and said to be unread.
MOST_DETAILS = 200
_EVENTS: Mapping[str, tuple[Event, ...]] = {
    "Create": ("create",),
    "Update": ("update",),
    "CreateAndUpdate": ("create", "update"),
    "Delete": ("delete",),
}
_TIMES = {"RecordBeforeSave": "before", "RecordAfterSave": "after", "RecordBeforeDelete": "before"}
_USAGES: Mapping[str, tuple[str, Event]] = {
    "UsageBeforeInsert": ("before", "create"),
    "UsageAfterInsert": ("after", "create"),
    "UsageBeforeUpdate": ("before", "update"),
    "UsageAfterUpdate": ("after", "update"),
    "UsageBeforeDelete": ("before", "delete"),
    "UsageAfterDelete": ("after", "delete"),
}
_WORKFLOW_EVENTS: Mapping[str, tuple[Event, ...]] = {"onCreateOnly": ("create",)}
One = TypeVar("One", Automation, Rule)


def survey(api: Api, objects: Sequence[str]) -> Survey:
    """What runs on these objects when a record is saved, inactive ones too where the org lists them."""
    unchecked: list[str] = []
    automations: list[Automation] = []
    rules: list[Rule] = []
    for kind, read in _AUTOMATIONS.items():
        automations += _tried(kind, unchecked, partial(read, api, objects))
    for kind, read_rules in _RULES.items():
        rules += _tried(kind, unchecked, partial(read_rules, api, objects))
    return _with_details(api, automations, rules, unchecked)


def _tried(kind: str, unchecked: list[str], read: Callable[[], Iterator[One]]) -> list[One]:
    """What a list holds; a kind that this user may not see, or that does not answer, is noted: no read fails for it."""
    try:
        with understood(kind):
            return list(read())
    except (AccessDenied, SystemFailed):
        unchecked.append(kind)
        return []


def _in(field: str, objects: Sequence[str]) -> str:
    return f" WHERE {field} IN ({quoted(objects)})"


def _flows(api: Api, objects: Sequence[str]) -> Iterator[Automation]:
    fields = (
        "DurableId", "ApiName", "TriggerType", "RecordTriggerType", "TriggerObjectOrEventId", "ActiveVersionId",
        "NamespacePrefix", "IsActive", "LastModifiedDate",
    )  # fmt: skip
    # Not filtered in the query: the view takes few conditions; of a thousand flows two hundred run on records.
    for row in api.rows(select(fields, "FlowDefinitionView")):
        if row["TriggerObjectOrEventId"] in objects:
            yield Automation(
                str(row["ActiveVersionId"] or row["DurableId"]),
                "flow",
                str(row["ApiName"]),
                str(row["TriggerObjectOrEventId"]),
                _EVENTS.get(str(row["RecordTriggerType"]), ("create", "update")),
                _TIMES.get(str(row["TriggerType"]), ""),
                bool(row["IsActive"]),
                read=False,
                namespace=str(row["NamespacePrefix"] or ""),
                modified_at=str(row["LastModifiedDate"] or ""),
            )


def _triggers(api: Api, objects: Sequence[str]) -> Iterator[Automation]:
    """Apex triggers. What code does is not read: nobody can say which fields it writes."""
    fields = (
        "Id",
        "Name",
        "TableEnumOrId",
        "Status",
        "NamespacePrefix",
        "LastModifiedDate",
        *_USAGES,
    )
    for row in api.tooling_rows(select(fields, "ApexTrigger", _in("TableEnumOrId", objects))):
        used = [when for name, when in _USAGES.items() if row[name]]
        times = sorted({time for time, _ in used}, reverse=True)
        yield Automation(
            str(row["Id"]),
            "trigger",
            str(row["Name"]),
            str(row["TableEnumOrId"]),
            tuple(dict.fromkeys(event for _, event in used)),
            times[0] if len(times) == 1 else "both" if times else "",
            row["Status"] == "Active",
            read=False,
            namespace=str(row["NamespacePrefix"] or ""),
            modified_at=str(row["LastModifiedDate"] or ""),
        )


def _workflows(api: Api, objects: Sequence[str]) -> Iterator[Automation]:
    fields = ("Id", "Name", "TableEnumOrId", "NamespacePrefix", "LastModifiedDate")
    for row in api.tooling_rows(select(fields, "WorkflowRule", _in("TableEnumOrId", objects))):
        yield Automation(
            str(row["Id"]),
            "workflow",
            str(row["Name"]),
            str(row["TableEnumOrId"]),
            ("create", "update"),
            "after",
            read=False,
            namespace=str(row["NamespacePrefix"] or ""),
            modified_at=str(row["LastModifiedDate"] or ""),
        )


def _validations(api: Api, objects: Sequence[str]) -> Iterator[Rule]:
    # Names of the relation stand in the answer only: `select` takes plain names, so the object comes by its id.
    fields = ("Id", "ValidationName", "EntityDefinitionId", "Active", "ErrorMessage")
    for row in api.tooling_rows(
        select(fields, "ValidationRule", _in("EntityDefinition.QualifiedApiName", objects))
    ):
        yield Rule(
            str(row["Id"]),
            "validation",
            str(row["ValidationName"]),
            str(row["EntityDefinitionId"]),
            bool(row["Active"]),
            message=str(row["ErrorMessage"] or ""),
            read=False,
        )


def _simple(
    kind: str, table: str, name: str, flag: str
) -> Callable[[Api, Sequence[str]], Iterator[Rule]]:
    """A list of rules of which only name, object and whether they are on can be read."""

    def read(api: Api, objects: Sequence[str]) -> Iterator[Rule]:
        for row in api.rows(
            select(("Id", name, "SobjectType", flag), table, _in("SobjectType", objects))
        ):
            active = row[flag] is True or row[flag] == "Active"
            yield Rule(
                str(row["Id"]), kind, str(row[name]), str(row["SobjectType"]), active, read=False
            )

    return read


_AUTOMATIONS = {"flow": _flows, "trigger": _triggers, "workflow": _workflows}
_RULES = {
    "validation": _validations,
    "duplicate": _simple("duplicate", "DuplicateRule", "DeveloperName", "IsActive"),
    "matching": _simple("matching", "MatchingRule", "DeveloperName", "RuleStatus"),
    "assignment": _simple("assignment", "AssignmentRule", "Name", "Active"),
}
_DETAILED: Mapping[str, str] = {
    "flow": "Flow",
    "workflow": "WorkflowRule",
    "validation": "ValidationRule",
}


def _with_details(
    api: Api, automations: Sequence[Automation], rules: Sequence[Rule], unchecked: Sequence[str]
) -> Survey:
    listed: list[Automation | Rule] = [*automations, *rules]
    wanted = [each for each in listed if each.active and each.kind in _DETAILED]
    places = {each.id: f"tooling/sobjects/{_DETAILED[each.kind]}/{each.id}" for each in wanted}
    told = _details(api, dict(list(places.items())[:MOST_DETAILS]))
    return Survey(
        tuple(
            _looked_into(each, told[each.id]) if each.id in told else each for each in automations
        ),
        tuple(_looked_at(each, told[each.id]) if each.id in told else each for each in rules),
        tuple(unchecked),
    )


def _details(api: Api, places: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """Metadata by id; what is refused, or cannot be asked for in one call, is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in chunks(list(places), DETAILS_A_CALL):
        try:
            answers = api.tooling_parts({each: places[each] for each in part})
        except (AccessDenied, SystemFailed):
            return found
        for one, body in answers.items():
            if isinstance(body, dict) and isinstance(body.get("Metadata"), dict):
                found[one] = body["Metadata"]
    return found


def _looked_into(one: Automation, metadata: Mapping[str, Any]) -> Automation:
    if one.kind == "workflow":
        # Which fields its actions write stands in other metadata: it is listed, and no more is claimed.
        events = _WORKFLOW_EVENTS.get(str(metadata.get("triggerType")), one.events)
        return replace(one, active=bool(metadata.get("active")), events=events)
    named = fields_of_flow(one.object, metadata)
    return replace(
        one, writes=named.writes, reads=named.reads, starts_on=named.starts_on, read=True
    )


def _looked_at(one: Rule, metadata: Mapping[str, Any]) -> Rule:
    formula = str(metadata.get("errorConditionFormula") or "")
    return replace(one, formula=formula, fields=fields_of_formula(formula), read=True)
