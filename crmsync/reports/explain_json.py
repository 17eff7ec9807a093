"""Why a customer's values are what they are, for programs."""

from __future__ import annotations

from typing import Any

from crmsync.core.evidence import SideEvidence, Step, Written
from crmsync.core.planning import CellChange
from crmsync.core.records import UNSET, Cell, Mark
from crmsync.core.views import CustomerView, FieldView
from crmsync.reports.explain_text import Telling
from crmsync.reports.values import cell_text, shown_text


def explain_json(view: CustomerView, telling: Telling, field: str | None = None) -> dict[str, Any]:
    """One customer: its records, and every field (or the one named) with its sides and their steps."""
    return {
        "entity": view.entity,
        "key": view.key,
        "records": [
            {"record": str(ref), "changed_at": _instant(telling.times.get(ref))}
            for ref in view.refs
        ],
        "gone": [str(each.ref) for each in view.absent],
        "written_since": [
            {
                "system": each.system,
                "read_at": _instant(each.read_at),
                "run": each.run,
                "fields": list(each.fields),
                "cells": [_cell(cell, telling) for cell in each.cells],
            }
            for each in telling.since
        ],
        "waits_for_merge": [
            {"survivor": str(each.survivor), "apart": [str(ref) for ref in each.refs]}
            for each in telling.waits
        ],
        "fields": {
            each.field: _field(each, telling)
            for each in view.fields
            if field is None or each.field == field
        },
    }


def _cell(cell: CellChange, telling: Telling) -> dict[str, str | None]:
    """What was written, from what to what; None is a blank."""
    texts = {"before": cell.before, "after": cell.after}
    shown = {
        name: None if text is None else shown_text(text, cell.field, unmask=telling.unmask)
        for name, text in texts.items()
    }
    return {"field": cell.field, **shown}


def _instant(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _field(each: FieldView, telling: Telling) -> dict[str, Any]:
    evidence = next((one for one in telling.evidence if one.field == each.field), None)
    return {
        "value": _value(each.choice.value, each.field, telling),
        "system": each.choice.system,
        "reason": each.choice.reason,
        "policy": telling.policies.get(each.field),
        "disagrees": each.disagrees,
        "waits": each.choice.waits,
        "measurable": evidence is not None and evidence.measurable,
        "sides": [_side(side, each.field, telling) for side in evidence.sides] if evidence else [],
    }


def _side(side: SideEvidence, name: str, telling: Telling) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "system": side.ref.system,
        "record": str(side.ref),
        "value": _value(side.cell, name, telling),
        "role": side.role,
        "written": _written(side.written),
        "steps": [_step(step, name, telling) for step in side.steps],
    }
    if side.base is not UNSET:
        shown["settled"] = _value(side.base, name, telling)
    return shown


def _written(written: Written | None) -> dict[str, str] | None:
    if written is None:
        return None
    at = written.at.date() if written.precision == "day" else written.at
    return {"at": at.isoformat(), "precision": written.precision, "told_by": written.told_by}


def _step(step: Step, name: str, telling: Telling) -> dict[str, str | None]:
    leads = telling.types.get(name) in ("owner", "reference", "references")
    gives = step.gives
    if gives is not None and step.how != "home" and not (leads and step.how in ("read", "leads")):
        gives = shown_text(gives, name, unmask=telling.unmask)
    return {"how": step.how, "about": step.about, "gives": gives}


def _value(cell: Cell, name: str, telling: Telling) -> str | None:
    """The value as text, None for a blank and for what is no evidence: `role` says which."""
    if cell is None or isinstance(cell, Mark):
        return None
    return cell_text(cell, name, "en", unmask=telling.unmask)
