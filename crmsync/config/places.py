"""Lines for problems that were found by the values of a file, not by its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from crmsync.config.lines import Document, read_file
from crmsync.errors import Problem


def placed(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The problems with line and column, where they know the keys that lead there. Reads their files."""
    documents: dict[str, Document | Problem] = {}
    found = []
    for each in problems:
        if each.path and not each.line:
            document = documents.setdefault(each.file, read_file(root / each.file, each.file))
            if isinstance(document, Document):
                line, column = document.place(each.path)
                each = replace(each, line=line, column=column)
        found.append(each)
    return found
