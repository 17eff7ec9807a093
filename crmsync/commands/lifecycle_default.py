"""The lifecycle of a workspace that has no file for it: the reference one, for its own systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from crmsync.commands.reference import reference_texts
from crmsync.config.casting_lifecycle import cast_lifecycle
from crmsync.config.lifecycle_file import LIFECYCLE, lifecycle_of
from crmsync.config.mappings import FOLDER, Mappings

_PARTS = ("salesforce", "hubspot")


def with_lifecycle(mappings: Mappings, root: Path, kinds: Mapping[str, str]) -> Mappings:
    """The mappings, with the reference lifecycle if the workspace has no file for one.

    A system plays the part it is called by, or the one that its connector is for.
    """
    if (root / FOLDER / LIFECYCLE).is_file():
        return mappings
    cast = {
        part: tuple(name for name, kind in kinds.items() if part in (name, kind)) for part in _PARTS
    }
    text = cast_lifecycle(reference_texts(FOLDER)[LIFECYCLE], cast)
    found = lifecycle_of(text, f"{FOLDER}/{LIFECYCLE}", set(kinds))
    return replace(mappings, mapping=replace(mappings.mapping, lifecycle=found.value))
