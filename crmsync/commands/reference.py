"""The reference mappings and audits: at the root of the project, and inside the wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDERS = ("mappings", "audits")


def reference_folder() -> Path:
    """The folder that holds mappings/ and audits/, in a wheel as in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "reference"
    return packed if packed.is_dir() else package.parent


def copy_reference(target: Path) -> list[Path]:
    """Copies both folders into a workspace, leaving files that are there already; the files written."""
    written = []
    for name in FOLDERS:
        (target / name).mkdir(parents=True, exist_ok=True)
        for source in sorted((reference_folder() / name).iterdir()):
            copy = target / name / source.name
            if source.is_file() and not copy.exists():
                shutil.copyfile(source, copy)
                written.append(copy)
    return written
