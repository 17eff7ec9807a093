"""Which real id a local one, a name or a row number stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

from crmsync.sandbox.loading.naming import same_object
from crmsync.sandbox.loading.plan import tidy_id

Key = TypeVar("Key", str, int)

# `@AccountRef12`, the twelfth record: sObject Tree files of `sf data export tree` (read 2026-11).
_TREE_REFERENCE = re.compile(r"@?(\w+?)Ref(\d+)")


@dataclass(slots=True)
class Registry:
    """Grows while tables are loaded; a local id or a name that two records share finds neither."""

    ids: dict[str, dict[str, str | None]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, dict[str, str | None]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[str, dict[int, str | None]] = field(default_factory=lambda: defaultdict(dict))

    def note(
        self, object_name: str, local: str, real: str, names: list[str], row_number: int
    ) -> None:
        """Remembers a loaded record by its local id, by its names and by its place, from 1."""
        if local:
            _note(self.ids[object_name], local, real)
        for name in names:
            _note(self.names[object_name], name.casefold(), real)
        _note(self.rows[object_name], row_number, real)

    def find(self, object_names: tuple[str, ...], text: str) -> tuple[str, str] | None:
        """(real id, how it was found), or None; ids go before names, and names before places."""
        for object_name in object_names:
            for how, real in (
                ("by id", self.ids[object_name].get(tidy_id(text))),
                ("by name", self.names[object_name].get(text.strip().casefold())),
                ("by row number", self._by_place(object_name, text)),
            ):
                if real:
                    return real, how
        return None

    def _by_place(self, object_name: str, text: str) -> str | None:
        match = _TREE_REFERENCE.fullmatch(text.strip())
        if match is None or same_object(match[1], (object_name,)) is None:
            return None
        return self.rows[object_name].get(int(match[2]))


def _note(known: dict[Key, str | None], key: Key, real: str) -> None:
    known[key] = None if known.get(key, real) != real else real
