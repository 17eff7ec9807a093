"""Files that somebody names with -o: in a folder that is there, with an ending that says their format."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from crmsync.errors import CrmsyncError, StoreFailed


def demand_folder(path: Path | None) -> None:
    """StoreFailed unless the folder of a file is there: no folder is made by a slip of the pen."""
    if path is None or path.absolute().parent.is_dir():
        return
    folder = path.parent
    raise StoreFailed(
        f"there is no folder {folder}",
        where=str(path),
        remedy=f"Make it first (mkdir -p {folder}), or name another file with -o.",
    )


def form_by_ending(
    form: str | None, path: Path | None, endings: Collection[str], otherwise: str
) -> str:
    """The format that was asked for, else that of the file's ending, else the usual one.

    CrmsyncError for an ending that none of the formats has: the file would be another one than its name says.
    """
    ending = path.suffix.lstrip(".").lower() if path else ""
    if form or not ending:
        return form or otherwise
    if ending not in endings:
        known = ", ".join(f".{each}" for each in endings)
        raise CrmsyncError(
            f"no format of a file that ends in .{ending}",
            where=str(path),
            remedy=f"Use a name that ends in one of {known}.",
        )
    return ending
