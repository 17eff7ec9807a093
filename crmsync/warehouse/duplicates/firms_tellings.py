"""What is said of two companies in place of a level: see `persons_tellings`."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.levels import abbreviated
from crmsync.warehouse.duplicates.subject import Telling

TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "name": (
        Telling(("other",), "abbreviated", abbreviated("words_l", "words_r")),
        Telling(("other",), "other_number", "regexp_replace(bare_l, '[0-9]', '', 'g') = regexp_replace(bare_r, '[0-9]', '', 'g')"),
    ),
    "phone": (Telling(("same",), "same_without_area", "phone_l <> phone_r"),),
}  # fmt: skip
