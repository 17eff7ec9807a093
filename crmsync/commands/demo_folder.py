"""The folder of a demo: cleared for the next one, unless that would take something away that a person made.

A demo leaves behind what it wrote, as digests. Whatever is not among them, or no longer as it was, is somebody's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson

from crmsync.commands.sandbox import is_served
from crmsync.errors import CrmsyncError, StoreFailed
from crmsync.language import _

SANDBOX = "sandbox.db"
"""The file that keeps both CRMs, as the demo leaves them, to be served again."""
_MARK = ".made-by-crmsync-demo"
# What crmsync itself remembers of these CRMs, and can read again; what file managers leave where somebody looked.
_NOBODYS = frozenset({".crmsync", _MARK, ".DS_Store", "Thumbs.db", "desktop.ini"})
_IGNORED = ".crmsync/\n.env\n*.jsonl\n*.html\n*.csv\n*.xlsx\nfootprint.json\n*.db\n"
_SHOWN = 4


def begin_folder(folder: Path, *, again: bool = False) -> None:
    """An empty folder that is marked as a demo's; an earlier demo's is cleared, anybody else's is left alone.

    Where somebody changed an earlier demo's, it is only cleared `again`, knowingly; never while its CRMs are served.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            _check(folder, again=again)
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()
        (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    except OSError as error:
        message = _("cannot write here: {reason}").format(reason=error.strerror or error)
        remedy = "crmsync demo --folder ANOTHER"
        raise StoreFailed(message, where=str(folder), remedy=remedy) from error


def note_folder(folder: Path) -> None:
    """Takes down what the demo left, so that the next one can tell what somebody did to it. Writes the mark."""
    left = {name: _digest(folder / name) for name in _files(folder)}
    (folder / _MARK).write_bytes(orjson.dumps(left, option=orjson.OPT_INDENT_2))


def _check(folder: Path, *, again: bool) -> None:
    """Raises where clearing the folder would take away what is not the demo's to take."""
    if not (folder / _MARK).exists():
        message = _("{folder} is not empty and not a demo's").format(folder=folder)
        raise CrmsyncError(message, remedy="crmsync demo --folder ANOTHER")
    if is_served(folder / SANDBOX):
        message = _("the CRMs of {folder} are being served").format(folder=folder)
        remedy = _("Stop `crmsync sandbox serve` (Ctrl-C), or: crmsync demo --folder ANOTHER")
        raise CrmsyncError(message, remedy=remedy)
    changed = [] if again else _changed(folder)
    if changed:
        more = f" (+{len(changed) - _SHOWN})" if len(changed) > _SHOWN else ""
        message = _("{folder} holds what no demo wrote, or was changed since: {names}").format(
            folder=folder, names=", ".join(changed[:_SHOWN]) + more
        )
        remedy = _(
            "Keep it: crmsync demo --folder ANOTHER. Throw all of it away: crmsync demo --again"
        )
        raise CrmsyncError(message, remedy=remedy)


def _changed(folder: Path) -> list[str]:
    """What somebody made or changed, in order; a folder that no demo made stands for all that is in it."""
    left = _left(folder)
    ours = {Path(name).parts[0] for name in left}
    found = (name for name in _files(folder) if left.get(name) != _digest(folder / name))
    shown = (name if Path(name).parts[0] in ours else Path(name).parts[0] for name in found)
    return sorted(dict.fromkeys(shown))


def _left(folder: Path) -> dict[str, str]:
    """What an earlier demo left; nothing, where it was stopped half way or did not take it down yet."""
    try:
        found = orjson.loads((folder / _MARK).read_bytes() or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _files(folder: Path) -> Iterator[str]:
    """Every file that could be somebody's, by its path in the folder; a link counts as one, and is not followed."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOBODYS]
        linked = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in (*names, *linked):
            if name not in _NOBODYS:
                yield (Path(here) / name).relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()
