"""Writes schemas/*.schema.json: the JSON Schema of every kind of file, generated from the types."""

from __future__ import annotations

from pathlib import Path

from crmsync.commands.schema import KINDS, file_name, schema_text

FOLDER = Path(__file__).parent.parent / "schemas"


def schemas() -> dict[str, str]:
    """The text of every schema by the name of its file."""
    return {file_name(kind): schema_text(kind) for kind in KINDS}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
