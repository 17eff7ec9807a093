"""The reference mappings and audits: at the root of the project, and inside the wheel."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

FOLDERS = ("mappings", "audits")


@cache
def reference_folder() -> Path:
    """The folder that holds mappings/ and audits/, in a wheel as in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "reference"
    return packed if packed.is_dir() else package.parent


def reference_texts(name: str) -> dict[str, str]:
    """The text of every file of one folder, by name."""
    files = sorted(path for path in (reference_folder() / name).iterdir() if path.is_file())
    return {path.name: path.read_text("utf-8") for path in files}


def is_reference_file(name: str, file: str) -> bool:
    """True for the name of a file of one folder; none of them is read for it."""
    return (reference_folder() / name / file).is_file()


def write_new(path: Path, text: str) -> bool:
    """Writes a file that is not there yet; False if it is."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
            file.write(text.encode("utf-8"))
    except FileExistsError:
        return False
    return True
