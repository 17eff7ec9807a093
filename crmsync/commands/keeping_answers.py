"""Keeps answers to questions without a file of their own in `decisions/answers.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crmsync.commands.whole_files import write_whole
from crmsync.commands.workspace import Workspace
from crmsync.config.answers_file import ANSWERS, answers_text, read_answers
from crmsync.core.open_decisions import KeptAnswer
from crmsync.errors import ConfigInvalid


def kept_answers(workspace: Workspace) -> list[KeptAnswer]:
    """What was answered; ConfigInvalid if the file cannot be used."""
    found = read_answers(workspace.root)
    if found.problems or found.value is None:
        raise ConfigInvalid(found.problems)
    return found.value.answers


def with_answers(known: Iterable[KeptAnswer], new: Sequence[KeptAnswer]) -> list[KeptAnswer]:
    """What is known, with new answers in place of what was said of the same."""
    places = {(each.kind, tuple(each.about)) for each in new}
    return [*(each for each in known if (each.kind, tuple(each.about)) not in places), *new]


def keep_answers(workspace: Workspace, new: Sequence[KeptAnswer]) -> None:
    """Adds answers to the file, or puts them in the place of earlier ones; without any the file stays as it is."""
    if new:
        text = answers_text(with_answers(kept_answers(workspace), new))
        write_whole(workspace.root / ANSWERS, text, ANSWERS)
