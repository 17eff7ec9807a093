"""A small file of a workspace, written whole or not at all, readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from crmsync.errors import StoreFailed


def write_whole(path: Path, text: str, name: str) -> None:
    """Writes a file; StoreFailed, which names it as `name`, if it cannot be written: what was there stays."""
    scratch = path.with_name(path.name + ".part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        path.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(scratch, flags, 0o600), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        remedy = "Free disk space, or let your user write to this folder."
        said = f"cannot write the decisions: {error.strerror}"
        raise StoreFailed(said, where=name, remedy=remedy) from error
