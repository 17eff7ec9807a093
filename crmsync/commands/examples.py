"""`audits/<name>.examples.yml`: stories in native rows, some that an audit objects to and some it must not.

    fail | pass:
      - story: what is the matter, in one sentence
        finds: [Contact/003A]         object/id of every finding, or the key's records; only under fail
        audit: W1                     where the file beside has several, as one of stock checks
        systems: [salesforce]         default: all of the workspace
        salesforce: {Contact: [{_id: 003A, Email: ana@acme.example}], Opportunity.Contact: [...],
                     _activities.Task: [...]}     facts by their side table
        hubspot: {contacts: [...], deals.contacts: [{from_id: ..., to_id: ..., is_primary: "true"}]}
        properties: {salesforce: {Contact: {Title: {type: picklist, options: [CEO, CTO], custom: true}}}}
                     "*" in place of a field's name says something of every field of the object
        links: {contact: [[a-key, hubspot, contacts, "1"]]}     who is linked to whom already
        params: {rows: 3}                   numbers of the audit, so that few records make a story
        settled: {contact: {a-key: {hubspot: {phone: "+34911234567"}}}}     what each side held, in our words
        duplicates: {contact: [[[hubspot/contacts/1, hubspot/contacts/2, 0.97]]]}    groups of pairs that a search found

`_owners` are users; `_automations`, `_inventory`, `_native_connector` and `_gone.<object>` are side tables. What
is not said of a field is that it is a text anybody may write. It is read as on 20 November 2026, 7:30 UTC.

| code | says |
|---|---|
| CRM124 | the form of a story is wrong, or it belongs to no audit |
| CRM125 | an audit finds something else than its story says |
| CRM126 | a note: an audit of the workspace's own has no stories |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmsync.commands.reference import is_reference_file
from crmsync.config.audits import FOLDER
from crmsync.config.lines import Document, read_file
from crmsync.config.lines import Path as Place
from crmsync.config.project_checks import guess
from crmsync.config.stock_files import EXAMPLES
from crmsync.core.auditing import Audit
from crmsync.errors import Problem

KINDS = ("fail", "pass")
MORE = ("properties", "links", "settled", "params", "duplicates")
_KEYS = ("story", "finds", "audit", "systems", *MORE)


@dataclass(frozen=True, slots=True)
class Story:
    """Rows of a few records, and what one audit must find among them."""

    audit: str
    kind: str
    story: str
    systems: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
    finds: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.audit}-{self.kind}-{self.story}".replace(" ", "_")

    def problem(self, code: str, message: str, remedy: str) -> Problem:
        """A problem of this story."""
        return Problem(self.file, self.line, 1, code, message, remedy)


def read_stories(
    root: Path, audits: Sequence[Audit], systems: Sequence[str]
) -> tuple[list[Story], list[Problem]]:
    """Every story of every file in `audits/`, and everything that is wrong with their form."""
    stories: list[Story] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob(f"*{EXAMPLES}")):
        stem, file = path.name.removesuffix(EXAMPLES), f"{FOLDER}/{path.name}"
        document = read_file(path, file)
        if isinstance(document, Problem):
            problems.append(document)
            continue
        ids = [each.id for each in audits if each.name == stem and not each.python]
        read = _File(document, ids, tuple(systems))
        told = [*document.slips, *(read.problem(*each) for each in read.complaints(stem))]
        problems += sorted(told, key=lambda each: (each.line, each.column))
        stories += [] if told else read.stories()
    return stories, problems


def is_reference(audit: Audit) -> bool:
    """True for an audit of the reference set, by the name of its file."""
    return is_reference_file(FOLDER, Path(audit.file).name)


def unproved(audits: Sequence[Audit], stories: Sequence[Story]) -> Iterator[Audit]:
    """Audits in SQL of the workspace's own without a story; a stock check is proved by crmsync itself."""
    told = {each.audit for each in stories}
    for audit in audits:
        if audit.file.endswith(".sql") and audit.id not in told and not is_reference(audit):
            yield audit


_Complaint = tuple[Place, str, str]


@dataclass(frozen=True, slots=True)
class _File:
    """One file of stories: what it says, and the ids of the audits it can be about."""

    document: Document
    ids: Sequence[str]
    systems: tuple[str, ...]

    def problem(self, place: Place, message: str, remedy: str) -> Problem:
        return Problem(self.document.file, *self.document.place(place), "CRM124", message, remedy)

    def stories(self) -> Iterator[Story]:
        for kind in KINDS:
            for at, given in enumerate(self.document.value.get(kind) or ()):
                yield self._story(kind, at, given)

    def _story(self, kind: str, at: int, given: Mapping[str, Any]) -> Story:
        systems = tuple(given.get("systems", self.systems))
        return Story(
            given.get("audit", self.ids[0]),
            kind,
            given["story"],
            systems,
            {name: given.get(name) or {} for name in systems},
            tuple(given.get("finds", ())),
            {name: given[name] for name in MORE if name in given},
            self.document.file,
            self.document.place((kind, at))[0],
        )

    def complaints(self, stem: str) -> Iterator[_Complaint]:
        value = self.document.value
        if not self.ids:
            yield (), f"no audit '{stem}' beside it", "name it after the file of its audit"
            return
        if not isinstance(value, dict) or not all(isinstance(v, list) for v in value.values()):
            yield (), "stories stand in a list under `fail:` or `pass:`", "write `fail: [...]`"
            return
        for kind, stories in value.items():
            if kind not in KINDS:
                yield (kind,), f"unknown key '{kind}'", guess(kind, KINDS, "use fail or pass")
                continue
            for at, story in enumerate(stories):
                for place, message, remedy in self._of_story(kind, story):
                    yield (kind, at, *place), message, remedy

    def _of_story(self, kind: str, story: Any) -> Iterator[_Complaint]:
        if not isinstance(story, dict):
            yield (), "a story has names and values", "write `- story: what is the matter`"
            return
        known = (*_KEYS, *self.systems)
        for key in story:
            if key not in known:
                yield (key,), f"unknown key '{key}'", guess(key, known, f"use {', '.join(known)}")
        if not isinstance(story.get("story"), str):
            yield (), "'story' is missing", "say in a sentence what is the matter"
        yield from self._whose(story)
        yield from _finds(kind, story)
        for system in self.systems:
            for place, message, remedy in _rows(story.get(system) or {}):
                yield (system, *place), message, remedy

    def _whose(self, story: Mapping[str, Any]) -> Iterator[_Complaint]:
        named = story.get("audit")
        if named is None and len(self.ids) > 1:
            yield (), "'audit' is missing", f"say which one: {', '.join(self.ids)}"
        elif named is not None and named not in self.ids:
            advice = guess(str(named), self.ids, f"use {', '.join(self.ids)}")
            yield ("audit",), f"no audit '{named}' beside it", advice
        for at, name in enumerate(_listed(story.get("systems"))):
            if name not in self.systems:
                advice = guess(str(name), self.systems, f"use {', '.join(self.systems)}")
                yield ("systems", at), f"no system '{name}'", advice


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _finds(kind: str, story: Mapping[str, Any]) -> Iterator[_Complaint]:
    """A story that fails says what is found, one that passes finds nothing."""
    finds = story.get("finds")
    if kind == "fail" and not finds:
        yield (), "'finds' is missing", "list what is found: [Contact/003A]"
    if kind == "pass" and finds:
        yield (
            ("finds",),
            "a story that passes finds nothing",
            "remove it, or put the story under `fail:`",
        )
    if finds is not None and not all(isinstance(each, str) for each in _listed(finds) or [0]):
        yield ("finds",), "finds: no list of object/id", "write [Contact/003A]"


def _rows(objects: Any) -> Iterator[_Complaint]:
    """Objects with lists of rows, whose cells are texts, as a system gives them."""
    if not isinstance(objects, dict):
        yield (), "rows stand under the name of their object", "write {Contact: [{_id: 003A}]}"
        return
    for name, rows in objects.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield (name,), f"{name}: no list of rows", "write [{_id: 003A, LastName: Gil}]"
            continue
        for at, row in enumerate(rows):
            for key, cell in row.items():
                if cell is not None and not isinstance(cell, str):
                    message = f"{key}: a cell is a text, as the system gives it"
                    yield (name, at, key), message, "write it in quotes"
