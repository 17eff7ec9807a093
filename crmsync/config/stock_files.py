"""`audits/*.yml`: stock checks with their parameters. Each becomes an audit; all mistakes are told at once.

| code | says |
|---|---|
| CRM002, CRM003, CRM004 | a key that no check has, that is missing, or whose value does not fit |
| CRM051, CRM052 | a text in one language only; an id that another audit has |
| CRM120 | no such check, entity, field or system |
| CRM121 | a key that this check does not take, or one that it needs |
| CRM122 | a field of which this cannot be asked, too few or too many of them, a value that cannot be compared |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from crmsync.config.audits import FOLDER, languages
from crmsync.config.consequences import Complaint, Known
from crmsync.config.decode import Decoded, in_order, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, read_file
from crmsync.config.project_checks import guess
from crmsync.config.stock_sql import compiled
from crmsync.config.stock_words import texts_of
from crmsync.core.auditing import Audit
from crmsync.core.mapping import Entity, WorkspaceMapping
from crmsync.core.stock import (
    KINDS,
    PARAMETERS,
    PLACES,
    STAMPS,
    TODAY,
    Check,
    CheckFile,
    family_of,
)
from crmsync.errors import Problem

OTHERS = ("waivers.yml",)
EXAMPLES = ".examples.yml"


def check_paths(folder: Path) -> list[Path]:
    """The files of stock checks of a workspace, sorted."""
    found = sorted((folder / FOLDER).glob("*.yml"))
    return [each for each in found if each.name not in OTHERS and not each.name.endswith(EXAMPLES)]


def read_checks(
    folder: Path, mapping: WorkspaceMapping | None, systems: list[str], taken: Mapping[str, str]
) -> tuple[list[Audit], list[Problem]]:
    """The stock checks of a workspace as audits, and everything that is wrong with their files.

    Without a mapping only the form is looked at. `taken` are ids of other audits with their files.
    """
    audits: list[Audit] = []
    problems: list[Problem] = []
    ids = dict(taken)
    for path in check_paths(folder):
        file = f"{FOLDER}/{path.name}"
        found = or_defect(file, partial(_understood, path, file), partial(unread, file))
        told = list(found.problems)
        if found.value is not None:
            told += _problems(found, mapping, systems, ids)
        audits += [] if told or mapping is None else _audits(found, mapping, path.stem)
        problems += in_order(told)
    return audits, problems


def _understood(path: Path, file: str) -> Decoded[CheckFile]:
    document = read_file(path, file)
    if isinstance(document, Problem):
        return unread(file, document)
    return understand(CheckFile, document)


def _audits(found: Decoded[CheckFile], mapping: WorkspaceMapping, stem: str) -> Iterator[Audit]:
    assert found.value is not None
    for at, check in enumerate(found.value.checks):
        line = found.document.place(("checks", at))[0]
        yield audit_of(check, mapping, stem, found.document.file, line)


def audit_of(check: Check, mapping: WorkspaceMapping, stem: str, file: str, line: int) -> Audit:
    """The audit that a sound check is."""
    entity, kind = mapping.entity(check.entity), KINDS[check.check]
    target = None
    if check.check == "reference":
        leads_to = getattr(entity.field_named(check.asked[0]), "to", None)
        target = next((each for each in mapping.entities if each.entity == leads_to), None)
    asked = compiled(check, entity, target)
    texts = texts_of(check, entity, kind.category)
    return Audit(
        id=check.id,
        name=stem,
        severity=check.severity,
        entity=check.entity,
        category=check.category or kind.category,
        summary=texts["summary"],
        why=texts["why"],
        remedy=texts["remedy"],
        query=asked.query,
        needs=list(asked.needs),
        eligible=asked.eligible,
        blocking=check.blocking,
        resolves=check.resolves or [name for name in check.asked if name not in STAMPS],
        minutes=check.minutes,
        profile=check.profile,
        params=dict(asked.params),
        written_in=file,
        line=line,
    )


def _problems(
    found: Decoded[CheckFile],
    mapping: WorkspaceMapping | None,
    systems: list[str],
    ids: dict[str, str],
) -> list[Problem]:
    assert found.value is not None
    known = Known(found.document, found.lost)
    complaints = [
        each
        for at, check in enumerate(found.value.checks)
        for each in _of_check(("checks", at), check, mapping, systems, found.document)
    ]
    complaints += _ids(found.value, found.document.file, ids)
    if not found.value.checks:
        complaints.append((("checks",), "CRM122", "no check", "write one: `- check: required`"))
    return known.problems(complaints)


def _ids(file: CheckFile, name: str, ids: dict[str, str]) -> Iterator[Complaint]:
    for at, check in enumerate(file.checks):
        if check.id in ids:
            message = f"audit id '{check.id}' is in {ids[check.id]}, too"
            yield ("checks", at, "id"), "CRM052", message, "give one another id"
        ids.setdefault(check.id, name)


Path_ = tuple[str | int, ...]


def _of_check(
    place: Path_,
    check: Check,
    mapping: WorkspaceMapping | None,
    systems: list[str],
    document: Document,
) -> Iterator[Complaint]:
    if check.check not in KINDS:
        advice = guess(check.check, KINDS, f"use one of {', '.join(KINDS)}")
        yield (*place, "check"), "CRM120", f"no check '{check.check}'", advice
        return
    for inner, code, message, remedy in (*_keys(check, document, place), *_texts(check)):
        yield (*place, *inner), code, message, remedy
    if mapping is None:
        return
    entities = {each.entity: each for each in mapping.entities}
    if check.entity not in entities:
        advice = guess(check.entity, entities, f"use {', '.join(entities)}")
        yield (*place, "entity"), "CRM120", f"no entity '{check.entity}'", advice
        return
    for look in (_fields, _where, _bounds, _systems):
        for inner, code, message, remedy in look(check, entities[check.entity], systems):
            yield (*place, *inner), code, message, remedy


def _texts(check: Check) -> Iterator[Complaint]:
    """Texts that are there, and in one language only."""
    for inner, code, message, remedy in languages(check):
        if getattr(check, str(inner[0])):
            yield inner, code, message, remedy


def _keys(check: Check, document: Document, place: Path_) -> Iterator[Complaint]:
    """Parameters that this check does not take, and those it cannot do without."""
    kind = KINDS[check.check]
    written = [key for key in PARAMETERS if (*place, key) in document.places]
    for key in written:
        if key not in kind.keys:
            remedy = f"remove it; it takes {', '.join(kind.keys)}"
            yield (key,), "CRM121", f"the check {check.check} takes no '{key}'", remedy
    for group in kind.needs:
        if not set(group) & set(written):
            keys = " or ".join(f"`{key}:`" for key in group)
            yield (), "CRM121", f"the check {check.check} needs {keys}", "add it"
    for key in ("id", "pattern", "values"):
        if (*place, key) in document.places and not getattr(check, key):
            yield (key,), "CRM122", f"{key} is blank", "write something, or remove it"


def _fields(check: Check, entity: Entity, _systems: list[str]) -> Iterator[Complaint]:
    kind, known = KINDS[check.check], {each.field: each.type for each in entity.fields}
    known |= dict.fromkeys(STAMPS, "instant") if "date" in kind.families else {}
    for name in (*check.asked, *([check.amount] if check.amount else [])):
        if name not in known:
            advice = guess(name, known, "use a field of the mapping")
            message = f"{entity.entity} has no field '{name}'"
            yield _place_of(check, name), "CRM120", message, advice
    for name in (name for name in check.asked if name in known and kind.families):
        if family_of(known[name]) not in kind.families:
            message = (
                f"the check {check.check} cannot be asked of '{name}', a field of {known[name]}"
            )
            yield (
                _place_of(check, name),
                "CRM122",
                message,
                f"use it for {', '.join(kind.families)}",
            )
    if family_of(known.get(check.amount, "money")) != "number":
        yield ("amount",), "CRM122", f"'{check.amount}' is no amount", "name a field of money"
    yield from _number_of_fields(check, {family_of(known.get(name, "")) for name in check.asked})


def _number_of_fields(check: Check, families: set[str]) -> Iterator[Complaint]:
    kind = KINDS[check.check]
    if check.asked and not kind.least <= len(check.asked) <= kind.most:
        number = f"{kind.least}" if kind.least == kind.most else f"{kind.least} or more"
        message = f"the check {check.check} is about {number} fields"
        yield ("fields",), "CRM122", message, "list as many"
    if check.check == "in_order" and len(families) > 1:
        yield ("fields",), "CRM122", "days and numbers have no order among them", "use one kind"


def _place_of(check: Check, name: str) -> Path_:
    if name == check.field:
        return ("field",)
    return ("fields", check.fields.index(name)) if name in check.fields else ("amount",)


def _where(check: Check, entity: Entity, systems: list[str]) -> Iterator[Complaint]:
    known = [each.field for each in entity.fields]
    for name, condition in check.where.items():
        if name not in (*known, *PLACES):
            advice = guess(name, [*known, *PLACES], "use a field of the mapping")
            yield ("where", name), "CRM120", f"{entity.entity} has no field '{name}'", advice
        if condition == []:
            message = f"where: '{name}' is to be one of no values"
            yield ("where", name), "CRM122", message, "list values, or remove it"
    wanted = check.where.get("system", [])
    for system in (
        [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
    ):
        if system not in systems:
            advice = guess(system, systems, f"use one of {', '.join(systems)}")
            yield ("where", "system"), "CRM120", f"no system '{system}'", advice


def _systems(check: Check, _entity: Entity, systems: list[str]) -> Iterator[Complaint]:
    if check.system and check.system not in systems:
        advice = guess(check.system, systems, f"use one of {', '.join(systems)}")
        yield ("system",), "CRM120", f"no system '{check.system}'", advice


def _bounds(check: Check, entity: Entity, _systems: list[str]) -> Iterator[Complaint]:
    """Bounds that cannot be compared with the field, and patterns that nobody can read."""
    found = entity.field_named(check.field)
    family = "date" if check.field in STAMPS else family_of(found.type) if found else ""
    wants_day = check.check == "range" and family == "date"
    for name in ("at_least", "at_most"):
        bound = getattr(check, name)
        if bound is None or not family:
            continue
        if wants_day and not _is_day(bound):
            yield (name,), "CRM122", f"{name}: {bound!r} is no day", "write 2026-12-31 or today"
        elif not wants_day and isinstance(bound, str | bool):
            yield (name,), "CRM122", f"{name}: {bound!r} is no number", "write a number"
    if check.days is not None and check.days <= 0:
        yield ("days",), "CRM122", f"days: {check.days} is too few", "write a number above 0"
    said = _unreadable(check.pattern) if check.pattern else ""
    if said:
        yield ("pattern",), "CRM122", f"the pattern cannot be read: {said}", _REGEX


_REGEX = "write it as RE2 has it: github.com/google/re2/wiki/Syntax"


def _is_day(bound: object) -> bool:
    if bound == TODAY:
        return True
    try:
        return isinstance(bound, str) and bool(date.fromisoformat(bound))
    except ValueError:
        return False


def _unreadable(pattern: str) -> str:
    """What is wrong with a pattern, as the engine that will use it reads it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        return " ".join(str(error).split())[:200]
    return ""
