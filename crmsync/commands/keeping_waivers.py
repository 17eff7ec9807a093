"""Adds waivers to `audits/waivers.yml`: at its end, so that what people wrote there stays as it is, remarks too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crmsync.commands.whole_files import write_whole
from crmsync.commands.workspace import Workspace
from crmsync.config.waivers import FILE, read_waivers
from crmsync.config.yaml_text import item
from crmsync.core.accepting import Waiver
from crmsync.errors import CrmsyncError

_ITEM = re.compile(r"^( *)- ", re.MULTILINE)


def add_waivers(workspace: Workspace, new: Sequence[Waiver]) -> None:
    """Adds waivers; CrmsyncError if the file is written in a way to which nothing can be added."""
    if not new:
        return
    path = workspace.root / FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    text = _with(before, new)
    if _read(text) != [*_read(before), *new]:
        raise CrmsyncError(
            "waivers cannot be added at the end of this file",
            where=FILE,
            remedy="Write `waivers:` as a list of one item a line, as the last key of the file.",
        )
    write_whole(path, text, FILE)


def _with(before: str, new: Sequence[Waiver]) -> str:
    found = _ITEM.search(before)
    indent = len(found.group(1)) if found else 2
    begun = before.rstrip("\n") if found else re.sub(r"(?m)^waivers:.*$", "", before).rstrip("\n")
    lines = [begun] if begun else []
    lines += [] if found else ["waivers:"]
    return "\n".join([*lines, *(line for each in new for line in item(_body(each), indent))]) + "\n"


def _body(each: Waiver) -> dict[str, Any]:
    return {
        "audit": each.audit,
        "who": each.who,
        **({"field": each.field} if each.field else {}),
        "reason": each.reason,
        "approver": each.approver,
        "until": each.until.isoformat(),
    }


def _read(text: str) -> list[Waiver]:
    """The waivers of a text; none if it cannot be read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.parent.mkdir()
        path.write_text(text or "waivers: []\n", encoding="utf-8")
        found = read_waivers(Path(folder), None)
    return [] if found.problems or found.value is None else found.value.waivers
