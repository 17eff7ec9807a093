"""`audits/waivers.yml`: what is accepted, why, by whom and until when; reviewed like any other file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from crmsync.config.consequences import Complaint, Known
from crmsync.config.decode import Decoded, in_order, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, read_file
from crmsync.config.project_checks import guess
from crmsync.core.accepting import ALL, Waivers
from crmsync.errors import Problem

FILE = "audits/waivers.yml"


def read_waivers(folder: Path, audits: Collection[str] | None) -> Decoded[Waivers]:
    """The waivers of a workspace, none without the file; `audits` are the ids there are, None if unknown."""
    path = folder / FILE
    if not path.is_file():
        return Decoded(Waivers(), Document(FILE, {}, {}), [])
    return or_defect(FILE, lambda: _understood(path, audits), lambda told: unread(FILE, told))


def _understood(path: Path, audits: Collection[str] | None) -> Decoded[Waivers]:
    document = read_file(path, FILE)
    if isinstance(document, Problem):
        return unread(FILE, document)
    found = understand(Waivers, document)
    if found.value is None:
        return found
    problems = Known(found.document, found.lost).problems(_complaints(found.value, audits))
    return replace(found, problems=in_order([*found.problems, *problems]))


def _complaints(waivers: Waivers, audits: Collection[str] | None) -> Iterator[Complaint]:
    for at, waiver in enumerate(waivers.waivers):
        place = ("waivers", at)
        if audits is not None and waiver.audit not in audits:
            advice = guess(waiver.audit, audits, "`crmsync audit --profile all` lists them")
            yield (*place, "audit"), "CRM096", f"no audit '{waiver.audit}'", advice
        for key in ("reason", "approver"):
            if not getattr(waiver, key).strip():
                remedy = "say why it is accepted, and who answers for it"
                yield (*place, key), "CRM105", f"a waiver has no {key}", remedy
        if waiver.who != ALL and not waiver.who:
            remedy = "name records as system/object/id, customers by key, or write `who: all`"
            yield (*place, "who"), "CRM105", "a waiver is for nobody", remedy
