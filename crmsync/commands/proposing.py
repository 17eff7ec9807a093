"""A mapping proposed from live schemas: what is certain is written, what is not is left to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmsync.commands.workspace import Workspace
from crmsync.config.fitting import Schemas, fitted
from crmsync.config.lifecycle_file import mapping_paths
from crmsync.config.mapping_checks import RESERVED
from crmsync.config.mapping_text import (
    MappingText,
    Part,
    field_part,
    mapping_text,
    remark_part,
    without_remarks,
)
from crmsync.config.mappings import FOLDER
from crmsync.config.project import read_environment, read_project
from crmsync.config.project_form import Project
from crmsync.config.yaml_text import remark
from crmsync.connectors.base import Connector
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.proposing import Offered, Proposal, Suggestion, offered
from crmsync.core.proposing import propose as propose_fields
from crmsync.core.records import Schema
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem
from crmsync.language import LANGUAGES, N_, _, translate

_REASONS: Mapping[str, str] = {
    "near": N_("the names are only near"),
    "label": N_("the labels are the same, the names are not"),
    "synonym": N_("the names mean the same in two languages"),
    "types": N_("the types differ: {0} and {1}"),
    "relabelled": N_("the options have the same labels and other values; `values` is ready to use"),
    "partial": N_("the options differ; only in {left}: {0}; only in {right}: {1}"),
    "apart": N_("the options have nothing in common"),
    "unlisted": N_("one system does not tell its options"),
    "aside": N_("only {0} has it, the main object has not"),
    "taken": N_("there is a field {0} already"),
}
_NOBODY = "-"
_DECIDE = N_("To decide: {reason}.")
_ALONE = N_("In one system only ({count}): nothing to map them to was found.")
_WHY_CERTAIN = N_("Same name and type on every side; where they disagree a person decides.")
_WHY_DECIDED = N_("Proposed, then decided by a person.")
_CERTAIN = N_("Proposed from the live systems: certain.")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One mapping file as it could be, and what was counted on the way.

    `reference` are fields that were mapped already and are there; `left_out` says which are not.
    """

    entity: str
    file: str
    text: str
    reference: int
    proposal: Proposal
    left_out: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The three counts in words."""
        return _(
            "{entity}: {certain} certain ({reference} of them mapped already), {decide} to decide, "
            "{unknown} in one system only"
        ).format(
            entity=self.entity,
            certain=self.reference + len(self.proposal.certain),
            reference=self.reference,
            decide=len(self.proposal.to_decide),
            unknown=len(self.proposal.unknown),
        )


def proposed_mappings(root: Path, texts: Mapping[str, str] | None = None) -> list[Proposed]:
    """A proposal for each mapping file: those of the workspace, or texts that are not written yet.

    Reads schemas and no record. Errors are those of the connectors: a credential has to work.
    """
    project = read_project(root)
    if isinstance(project, list):
        raise ConfigInvalid(project)
    found = _files(root) if texts is None else texts
    nothing = WorkspaceMapping((), "")
    workspace = Workspace(root, project, nothing, (), read_environment(root))
    with workspace.connectors() as connectors:
        for connector in connectors.values():
            connector.whoami()
        return [
            _proposed(_read(text, name), name, connectors, project)
            for name, text in sorted(found.items())
        ]


def _read(text: str, name: str) -> MappingText:
    """A mapping without what an earlier proposal remarked: it is found anew."""
    begun = tuple(
        translate(each, language).partition("{")[0].strip()
        for each in (_DECIDE, _ALONE, _CERTAIN)
        for language in LANGUAGES
    )
    return mapping_text(without_remarks(text, begun), f"{FOLDER}/{name}")


def _files(root: Path) -> dict[str, str]:
    found = {path.name: path.read_text("utf-8") for path in mapping_paths(root / FOLDER)}
    if not found:
        remedy = "run `crmsync init`, or add mappings/contact.yml"
        raise ConfigInvalid([Problem(FOLDER, 0, 0, "CRM000", "no mapping files", remedy)])
    return found


def _proposed(
    mapping: MappingText,
    name: str,
    connectors: Mapping[str, Connector],
    project: Project,
) -> Proposed:
    """The proposal for one file: its own fields fitted to what is there, then what could be added."""
    objects = project.objects()
    seats = [
        (seat["system"], seat["object"])
        for seat in mapping.values.get("seats", [])
        if seat["system"] in connectors
        and seat["object"] in objects.get(seat["system"], {seat["object"]})
    ]
    schemas = {place: _schema(connectors[place[0]], place[1]) for place in seats}
    whole = {p: s for p, s in schemas.items() if not connectors[p[0]].capabilities.partial}
    fit = fitted(mapping, whole)
    proposal = _beyond(mapping, schemas, connectors)
    if not project.currency:
        proposal = _without_money(proposal)
    parts = list(_added(proposal, seats))
    text = replace(fit.mapping, fields=(*fit.mapping.fields, *parts)).text
    entity = str(mapping.values.get("entity", Path(name).stem))
    mapped = _mapped(fit.mapping, list(dict.fromkeys(system for system, _object in seats)))
    return Proposed(entity, name, text, mapped, proposal, fit.left_out)


def _schema(connector: Connector, object_: str) -> Schema | str:
    try:
        schema = connector.schema(object_)
        return _once(schema) if connector.capabilities.partial else schema
    except ConfigInvalid:
        raise
    except CrmsyncError as error:
        return error.message


def _once(schema: Schema) -> Schema:
    """The schema of an export with each column once: under its native name, where it has one."""
    named = {each.label for name, each in schema.fields.items() if name != each.label}
    kept = {name: each for name, each in schema.fields.items() if name not in named}
    return replace(schema, fields=kept)


def _mapped(mapping: MappingText, systems: Sequence[str]) -> int:
    """How many fields all have a name in two of the systems, or in the only one."""
    least = min(2, len(systems))
    fields = mapping.values["fields"]
    held = [{*field.get("names", ()), *field.get("made_of", ())} & set(systems) for field in fields]
    return sum(len(each) >= least for each in held) if least else 0


def _beyond(
    mapping: MappingText, schemas: Schemas, connectors: Mapping[str, Connector]
) -> Proposal:
    by_system: dict[str, list[Schema]] = {}
    for (system, _object), schema in schemas.items():
        if isinstance(schema, Schema):
            by_system.setdefault(system, []).append(schema)
    known = _known(mapping)
    offers = [
        offered(
            each,
            known.get(system, set()) | set(connectors[system].capabilities.key_fields.values()),
        )
        for system, each in by_system.items()
    ]
    names = {field["field"] for field in mapping.values["fields"]}
    return propose_fields(offers, names | RESERVED)


def _without_money(proposal: Proposal) -> Proposal:
    """The proposal for a workspace without a currency, which no amount can do without."""

    def plain(found: Suggestion) -> Suggestion:
        return replace(found, type="decimal") if found.type == "money" else found

    certain, to_decide = map(plain, proposal.certain), map(plain, proposal.to_decide)
    return replace(proposal, certain=tuple(certain), to_decide=tuple(to_decide))


def _known(mapping: MappingText) -> dict[str, set[str]]:
    """Native names that the mapping uses, by system: in names, and as inputs of a value."""
    found: dict[str, set[str]] = {}
    for field in mapping.values["fields"]:
        for key in ("names", "made_of"):
            for system, said in field.get(key, {}).items():
                found.setdefault(system, set()).update(_texts(said))
    return found


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for each in said.values() if isinstance(said, dict) else said:
            yield from _texts(each)


def _added(proposal: Proposal, seats: Sequence[tuple[str, str]]) -> Iterator[Part]:
    """What is certain as fields, what is to be decided as comments, and the rest as a list."""
    if proposal.certain:
        yield remark_part([_(_CERTAIN)])
    for each in proposal.certain:
        yield field_part(_entry(each, seats), [_sides(each)])
    for each in proposal.to_decide:
        reason = _(_DECIDE).format(reason=_reason(each))
        yield field_part(_entry(each, seats), [reason, _sides(each)]).as_comment("")
    if proposal.unknown:
        lines = [_shown(each) for each in proposal.unknown]
        yield remark_part([_(_ALONE).format(count=len(lines)), *lines])


def _entry(found: Suggestion, seats: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A field of the mapping; a person decides until somebody writes another policy."""
    entry: dict[str, Any] = {"field": found.field, "type": found.type}
    entry["names"] = {each.system: _name(each, seats) for each in found.sides}
    if found.to:
        entry["direction"] = {"to": found.to}
    entry["on_conflict"] = "sticky" if found.is_consent and found.type == "flag" else "ask"
    if found.values:
        entry["values"] = {system: dict(values) for system, values in found.values.items()}
    why = _WHY_DECIDED if found.reason else _WHY_CERTAIN
    entry["why"] = {language: translate(why, language) for language in LANGUAGES}
    return entry


def _name(side: Offered, seats: Sequence[tuple[str, str]]) -> str | dict[str, str]:
    """The native name, by object where not every object of the system has it."""
    objects = {object_ for system, object_ in seats if system == side.system}
    if objects == set(side.objects):
        return side.native.name
    return dict.fromkeys(side.objects, side.native.name)


def _reason(found: Suggestion) -> str:
    left, right = found.sides[0].system, found.sides[1].system
    facts = [remark(fact) or _NOBODY for fact in found.facts]
    return _(_REASONS[found.reason]).format(*facts, left=left, right=right)


def _sides(found: Suggestion) -> str:
    return " · ".join(_shown(each) for each in found.sides)


def _shown(side: Offered) -> str:
    label = f" “{remark(side.native.label)}”" if side.native.label else ""
    return f"{side.system} {remark(side.native.name)}{label} ({side.native.type})"


def written_beside(root: Path, proposals: Iterable[Proposed]) -> list[Path]:
    """Writes each proposal to a file of its own, which `lint` does not read; the files written.

    A mapping that is not there yet is written as such; what is there already stays, and a proposal
    that is there in the same words is not written twice.
    """
    from crmsync.commands.reference import write_new

    written = []
    for each in proposals:
        path = root / FOLDER / each.file
        if write_new(path, each.text):
            written.append(path)
        elif path.read_text("utf-8") != each.text:
            written += _beside(path, each.text)
    return written


def _beside(path: Path, text: str) -> list[Path]:
    from crmsync.commands.reference import write_new

    number = 1
    while True:
        tail = f"-{number}" if number > 1 else ""
        beside = path.with_name(f"{path.stem}.proposed{tail}.txt")
        if write_new(beside, text):
            return [beside]
        if beside.read_text("utf-8") == text:
            return []
        number += 1
