"""Pipelines and stages over HTTP: read, made, changed and deleted."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call, listed, mapping
from crmsync.sandbox.hubspot.errors import Refusal, invalid, not_found
from crmsync.sandbox.hubspot.pipeline_audits import Action, note
from crmsync.sandbox.hubspot.pipelines import Pipeline, Stage, pipelines, save_pipeline
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso

# Ids of people's own are numbers as text: public connectors (read 2026-11).
_FIRST_ID = 3_206_386_901
_OF_A_STAGE = ("label", "displayOrder", "metadata")


def list_pipelines(portal: Portal, call: Call) -> Answer:
    """Every pipeline of an object with its stages."""
    return Answer(200, {"results": pipelines(portal, call.kind().name)})


def get_pipeline(portal: Portal, call: Call) -> Answer:
    """One pipeline, or 404."""
    return Answer(200, _pipeline(portal, call))


def create_pipeline(portal: Portal, call: Call) -> Answer:
    """201 with a pipeline of its own stages."""
    body, now = call.fields(), iso(portal.clock.now())
    label = _label(body)
    if any(one["label"] == label for one in pipelines(portal, call.kind().name)):
        # The real wording was not seen.
        raise Refusal(409, f"A pipeline named '{label}' already exists.", "OBJECT_ALREADY_EXISTS")
    stages = [_new_stage(portal, mapping(one, "stages")) for one in listed(body, "stages")]
    whole: Pipeline = {
        "id": str(body.get("pipelineId") or portal.next_number("pipelines", _FIRST_ID)),
        "label": label,
        "displayOrder": int(body.get("displayOrder") or 0),
        "stages": stages,
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
    }
    save_pipeline(portal, call.kind().name, whole)
    note(portal, call, "CREATE", whole)
    for one in stages:
        note(portal, call, "CREATE", one, place=whole["id"])
    return Answer(201, whole)


def change_pipeline(portal: Portal, call: Call) -> Answer:
    """200; PATCH changes what it names, PUT also puts the stages it names in place of the others."""
    body, whole = call.fields(), _pipeline(portal, call)
    news: Pipeline = {name: body[name] for name in ("label", "displayOrder") if name in body}
    if "stages" in body:
        news["stages"] = [_new_stage(portal, mapping(one, "stages")) for one in body["stages"]]
    return Answer(200, _saved(portal, call, {**whole, **news}))


def delete_pipeline(portal: Portal, call: Call) -> Answer:
    """204; 400 if records are in it and the query says that this matters."""
    whole = _pipeline(portal, call)
    if call.flag("validateReferencesBeforeDelete") or call.flag(
        "validateDealStageUsagesBeforeDelete"
    ):
        _check_unused(portal, call, "pipeline", [whole["id"]])
    _saved(portal, call, {**whole, "archived": True}, "DELETE")
    return Answer(204)


def list_stages(portal: Portal, call: Call) -> Answer:
    """The stages of one pipeline, or 404."""
    return Answer(200, {"results": _pipeline(portal, call)["stages"]})


def get_stage(portal: Portal, call: Call) -> Answer:
    """One stage, or 404."""
    return Answer(200, _stage(_pipeline(portal, call), call))


def create_stage(portal: Portal, call: Call) -> Answer:
    """201 with a stage that is now in the pipeline."""
    whole, made = _pipeline(portal, call), _new_stage(portal, call.fields())
    _saved(portal, call, {**whole, "stages": [*whole["stages"], made]})
    note(portal, call, "CREATE", made, place=whole["id"])
    return Answer(201, made)


def change_stage(portal: Portal, call: Call) -> Answer:
    """200 with what is named changed."""
    whole, body = _pipeline(portal, call), call.fields()
    stage = _stage(whole, call)
    news: Stage = {name: body[name] for name in _OF_A_STAGE if name in body}
    changed = {**stage, **news, "updatedAt": iso(portal.clock.now())}
    stages = [changed if one is stage else one for one in whole["stages"]]
    _saved(portal, call, {**whole, "stages": stages})
    note(portal, call, "UPDATE", changed, place=whole["id"])
    return Answer(200, changed)


def delete_stage(portal: Portal, call: Call) -> Answer:
    """204; deals that are in it keep its id, unless the query asks to look for them first (400)."""
    whole = _pipeline(portal, call)
    stage = _stage(whole, call)
    if call.flag("validateDealStageUsagesBeforeDelete"):
        _check_unused(portal, call, "dealstage", [stage["id"]])
    _saved(portal, call, {**whole, "stages": [one for one in whole["stages"] if one is not stage]})
    note(portal, call, "DELETE", stage, place=whole["id"])
    return Answer(204)


def _pipeline(portal: Portal, call: Call) -> Pipeline:
    for one in pipelines(portal, call.kind().name):
        if one["id"] == call.path["id"]:
            return one
    raise not_found()


def _stage(whole: Pipeline, call: Call) -> Stage:
    for one in whole["stages"]:
        if one["id"] == call.path["stage"]:
            found: Stage = one
            return found
    raise not_found()


def _saved(portal: Portal, call: Call, whole: Pipeline, action: Action = "UPDATE") -> Pipeline:
    fresh = {**whole, "updatedAt": iso(portal.clock.now())}
    save_pipeline(portal, call.kind().name, fresh)
    note(portal, call, action, fresh)
    return fresh


def _label(body: dict[str, Any]) -> str:
    if not body.get("label"):
        raise invalid('Some required fields were not set: ["label"]')
    return str(body["label"])


def _new_stage(portal: Portal, body: dict[str, Any]) -> Stage:
    """A stage as it is kept; metadata values are strings: recorded 2026-03."""
    now = iso(portal.clock.now())
    told = mapping(body.get("metadata") or {}, "metadata")
    metadata = {name: str(value).lower() for name, value in told.items()}
    return {
        "id": str(body.get("stageId") or portal.next_number("pipelines", _FIRST_ID)),
        "label": _label(body),
        "displayOrder": int(body.get("displayOrder") or 0),
        "metadata": {"isClosed": _closed(metadata), **metadata},
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def _closed(metadata: dict[str, str]) -> str:
    """A stage that is certain, or hopeless, is closed."""
    return str(metadata.get("probability") in ("1.0", "1", "0.0", "0")).lower()


def _check_unused(portal: Portal, call: Call, name: str, values: list[str]) -> None:
    used = [
        id_
        for id_, row in portal.tables.rows(call.kind().name)
        if row["properties"].get(name) in values and "archivedAt" not in row
    ]
    if used:
        # The real wording was not seen.
        raise invalid(f"{values[0]} is used by {len(used)} records and cannot be deleted")
