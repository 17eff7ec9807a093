"""What is said of two companies in place of a level: see `persons_tellings`."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.firms_likeness import WITHOUT_AREA
from crmsync.warehouse.duplicates.levels import abbreviated
from crmsync.warehouse.duplicates.subject import Telling

_LETTERS = "regexp_replace(bare_{0}, '[0-9]', '', 'g')"
TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "name": (
        Telling(("other",), "abbreviated", abbreviated("words_l", "words_r")),
        Telling(("other",), "other_number", f"{_LETTERS.format('l')} = {_LETTERS.format('r')}"),
    ),
    "phone": (
        Telling(("same",), "same_without_area", "phone_l <> phone_r"),
        Telling(("near", "other"), "maybe_without_area", WITHOUT_AREA),
    ),
}  # fmt: skip
