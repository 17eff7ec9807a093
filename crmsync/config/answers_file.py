"""`decisions/answers.yml`: what people answered to questions that have no file of their own; reviewed like a mapping.

Roles, conflicts and creates of `crmsync decisions`. Ids, keys and digests, no personal data.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crmsync.config.decode import Decoded, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, read_file
from crmsync.config.yaml_text import item
from crmsync.core.open_decisions import KeptAnswer, KeptAnswers
from crmsync.errors import Problem

ANSWERS = "decisions/answers.yml"
_HEAD = (
    "# What people decided, one answer an item: written by crmsync decisions import, and reviewed like any file.\n"
    "# It is written anew with every import: other remarks are not kept.\n"
)


def read_answers(root: Path) -> Decoded[KeptAnswers]:
    """The answers of a workspace, none without the file."""
    path = root / ANSWERS
    if not path.is_file():
        return Decoded(KeptAnswers(), Document(ANSWERS, {}, {}), [])
    return or_defect(ANSWERS, lambda: _understood(path), lambda told: unread(ANSWERS, told))


def _understood(path: Path) -> Decoded[KeptAnswers]:
    document = read_file(path, ANSWERS)
    if isinstance(document, Problem):
        return unread(ANSWERS, document)
    return understand(KeptAnswers, document)


def answers_text(answers: Iterable[KeptAnswer]) -> str:
    """The file: one answer an item, in order of kind and of what it is about."""
    lines = ["answers:"]
    for each in sorted(answers, key=lambda one: (one.kind, one.about)):
        body = {
            "kind": each.kind,
            "about": each.about,
            "answer": each.answer,
            **({"seen": each.seen} if each.seen else {}),
            "by": each.by,
            "decided_on": each.decided_on.isoformat(),
            **({"note": each.note} if each.note else {}),
        }
        lines += item(body, 2)
    return _HEAD + "\n".join(lines) + "\n"
