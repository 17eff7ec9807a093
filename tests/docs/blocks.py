"""The fenced blocks of a page, and workspaces made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.shelf import ROOT

from crmsync.commands.init import init
from crmsync.config.lines import Document, read_yaml

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, what it is said to be, its text and its line in the page."""

    language: str
    about: str
    text: str
    line: int

    @property
    def value(self) -> Any:
        """A block of YAML as a value."""
        document = read_yaml(self.text, f"line {self.line}")
        assert isinstance(document, Document), str(document)
        return document.value


def blocks(page: str, *languages: str) -> list[Block]:
    """The blocks of a page of docs/, those of some languages if any are given."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = [
        Block(each[1], each[2] or "", each[3], text.count("\n", 0, each.start()) + 1)
        for each in _FENCE.finditer(text)
    ]
    return [each for each in found if not languages or each.language in languages]


def workspace(folder: Path, block: Block) -> Path:
    """A new workspace that says what the block says, laid over the reference set."""
    init(folder)
    if block.about == "crmsync.yml":
        _write(folder / "crmsync.yml", {**_read(folder / "crmsync.yml"), **block.value})
        for system in block.value.get("systems", {}):
            _seats_for(folder, system)
        return folder
    path = folder / "mappings" / f"{block.about.partition('/')[0]}.yml"
    _write(path, _laid(_read(path), block.value))
    return folder


def _laid(entity: dict[str, Any], said: Any) -> dict[str, Any]:
    """An entity with other keys, or with other fields; fields of the same name or native field give way."""
    own = said if isinstance(said, list) else said.get("fields", [])
    taken = {name for each in own for name in (each["field"], *_natives(each))}
    kept = [each for each in entity["fields"] if not taken & {each["field"], *_natives(each)}]
    keys = {} if isinstance(said, list) else said
    return _renamed({**entity, **keys, "fields": [*kept, *own]}, own)


def _renamed(entity: dict[str, Any], own: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The entity whose facts about duplicates are in the fields as they are called now."""
    now = {each["renamed_from"]: each["field"] for each in own if "renamed_from" in each}
    facts = entity.get("duplicates", {})
    parts = {
        part: [now.get(each, each) for each in ([said] if isinstance(said, str) else said)]
        for part, said in facts.get("parts", {}).items()
    }
    # A copy: what was read of a file may be shared with whoever reads it next.
    return {**entity, "duplicates": {**facts, "parts": parts}} if parts else entity


def _natives(field: Mapping[str, Any]) -> Iterator[str]:
    for system, said in field.get("names", {}).items():
        for name in said.values() if isinstance(said, dict) else (said,):
            yield f"{system}.{name}"


def _seats_for(folder: Path, system: str) -> None:
    """Systems of other names than the reference set knows play HubSpot's part in it."""
    if system in ("salesforce", "hubspot"):
        return
    for path in (folder / "mappings").glob("*.yml"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("hubspot", system), encoding="utf-8"
        )


def _read(path: Path) -> dict[str, Any]:
    document = read_yaml(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(document, Document)
    value: dict[str, Any] = document.value
    return value


def _write(path: Path, value: Any) -> None:
    """As JSON, which is YAML."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
