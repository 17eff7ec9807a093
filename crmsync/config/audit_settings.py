"""The params of audits as a workspace sets them: `audits: {settings: {C17: {days: 180}}}` in crmsync.yml."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from crmsync.config.consequences import Complaint, Known
from crmsync.config.decode import Decoded
from crmsync.config.lines import Document
from crmsync.config.project_checks import guess
from crmsync.config.project_form import Exclusion, Project
from crmsync.core.accepting import ALL
from crmsync.core.auditing import AS_OF, Audit, Param, asked_for
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import Problem

Settings = Mapping[str, Mapping[str, Param]]
PLACE = ("audits", "settings")


PRICE = "price"
"""The param of audits whose findings are marketing contacts that are paid for."""


def settled(audits: Sequence[Audit], settings: Settings, price: float = 0.0) -> list[Audit]:
    """The audits with the workspace's params in place of their own; what does not fit is left out.

    `price` is that of a marketing contact, where no setting says another one.
    """
    paid = {PRICE: price} if price else {}
    return [
        _settled(audit, {**(paid if PRICE in audit.params else {}), **settings.get(audit.id, {})})
        for audit in audits
    ]


def _settled(audit: Audit, own: Mapping[str, Param]) -> Audit:
    fitting = {name: each for name, each in own.items() if _fits(each, audit.params.get(name))}
    return replace(audit, params={**audit.params, **fitting}) if fitting else audit


def check_settings(audits: Sequence[Audit], project: Decoded[Project]) -> list[Problem]:
    """Settings of audits or params that are not there, or of another kind; each with its place."""
    if project.value is None:
        return []
    complaints = _complaints({audit.id: audit for audit in audits}, project.value.audits.settings)
    return Known(project.document, project.lost).problems(complaints)


def _complaints(audits: Mapping[str, Audit], settings: Settings) -> Iterator[Complaint]:
    for id_, own in settings.items():
        if id_ not in audits:
            advice = guess(id_, audits, "`crmsync audit --profile all` lists them")
            yield (*PLACE, id_), "CRM096", f"no audit '{id_}'", advice
            continue
        params = audits[id_].params
        for name, value in own.items():
            place = (*PLACE, id_, name)
            if name not in params:
                advice = guess(
                    name, params, f"use one of {', '.join(params)}" if params else "remove it"
                )
                yield place, "CRM097", f"audit {id_} has no param '{name}'", advice
            elif not _fits(value, params[name]):
                message = f"{name} of audit {id_}: {value!r} does not fit"
                yield place, "CRM098", message, f"write something like {params[name]!r}"


def _fits(value: Param, usual: Param | None) -> bool:
    """True for a value of the kind of the usual one; a whole number is a number, too."""
    if isinstance(usual, float):
        return isinstance(value, int | float)
    return type(value) is type(usual)


def unasked(audit: Audit) -> Iterator[Complaint]:
    """Params that no query asks for."""
    asked = asked_for(audit.query) | asked_for(audit.eligible)
    for name in audit.params:
        if name not in asked or name == AS_OF:
            remedy = f"remove it, or ask for ${name}"
            yield ("params", name), "CRM099", f"no query asks for the param '{name}'", remedy


def unknown_params(audit: Audit, document: Document, text: str) -> Iterator[Problem]:
    """What a query asks for that is no param, at the first line of the file's text that does."""
    known = {*audit.params, AS_OF}
    for name in sorted((asked_for(audit.query) | asked_for(audit.eligible)) - known):
        lines = enumerate(text.splitlines(), 1)
        line, column = next(
            (at, each.index(f"${name}") + 1) for at, each in lines if f"${name}" in each
        )
        message = f"the query asks for ${name}, which is no param"
        advice = guess(name, sorted(known), "add it to `params`")
        yield Problem(document.file, line, column, "CRM099", message, advice)


def check_segments(project: Decoded[Project], mapping: WorkspaceMapping) -> list[Problem]:
    """Segments of entities or fields that are not there; each with its place."""
    if project.value is None:
        return []
    fields = {each.entity: [f.field for f in each.fields] for each in mapping.entities}
    complaints = (
        each
        for name, wanted in project.value.audits.segments.items()
        for entity, field in wanted.items()
        for each in _of_segment(("audits", "segments", name, entity), entity, field, fields)
    )
    return Known(project.document, project.lost).problems(complaints)


def _of_segment(
    place: tuple[str, ...], entity: str, field: str, fields: Mapping[str, list[str]]
) -> Iterator[Complaint]:
    if entity not in fields:
        yield (
            place,
            "CRM106",
            f"no entity '{entity}'",
            guess(entity, fields, f"use {', '.join(fields)}"),
        )
    elif field not in fields[entity]:
        advice = guess(field, fields[entity], "use a field of the mapping")
        yield place, "CRM106", f"{entity} has no field '{field}'", advice


def check_exclusions(
    audits: Sequence[Audit], project: Decoded[Project], mapping: WorkspaceMapping
) -> list[Problem]:
    """Exclusions of audits, entities or fields that are not there; each with its place."""
    if project.value is None:
        return []
    words = {word for audit in audits for word in (audit.id, audit.category)}
    complaints = (
        each
        for at, rule in enumerate(project.value.audits.exclude)
        for each in _of_exclusion(at, rule, words, mapping)
    )
    return Known(project.document, project.lost).problems(complaints)


def _of_exclusion(
    at: int, rule: Exclusion, words: Collection[str], mapping: WorkspaceMapping
) -> Iterator[Complaint]:
    place = ("audits", "exclude", at)
    for name in [] if rule.audits == ALL else sorted(set(rule.audits) - set(words)):
        advice = guess(name, sorted(words), "name an audit or a category")
        yield (*place, "audits"), "CRM096", f"no audit '{name}'", advice
    entities = {each.entity: [f.field for f in each.fields] for each in mapping.entities}
    if rule.entity not in entities:
        advice = guess(rule.entity, entities, f"use {', '.join(entities)}")
        yield (*place, "entity"), "CRM106", f"no entity '{rule.entity}'", advice
        return
    for name in rule.where:
        if name not in entities[rule.entity]:
            advice = guess(name, entities[rule.entity], "use a field of the mapping")
            yield (*place, "where", name), "CRM106", f"{rule.entity} has no field '{name}'", advice
