"""Which files a pattern of `crmsync.yml` takes in."""

from __future__ import annotations

import os
from pathlib import Path

NO_PATTERN = "is no pattern of files in a folder"
NAME_IT = "write a name such as *contacts*.xlsx"


def matching(folder: Path, pattern: str) -> list[Path] | None:
    """The paths a pattern takes in, none where the folder is not there; None if it is no pattern at all.

    That is an address from the root, `a**b`, a sign that no name can have, or a name longer than any file's.
    """
    if "\0" in pattern:
        return None
    try:
        return list(folder.glob(pattern)) if os.path.isdir(folder) else _tried(pattern)
    except (ValueError, NotImplementedError, IndexError, OSError):
        return None


def _tried(pattern: str) -> list[Path]:
    """Nothing; the errors of `glob` for what is no pattern. They do not depend on the folder."""
    list(Path().glob(pattern))
    return []
