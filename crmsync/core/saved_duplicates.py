"""What a search for duplicates has learned of the data, kept as a file: the same weights tomorrow, and no estimating.

The shares rest on the records they were estimated on. They drift when the records do: when there are `GROWTH` times as
many or as few, or when a column is filled `FILL` times as often or as rarely and by `STEP` more or less than before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crmsync.core.duplicates import SubjectName
from crmsync.errors import CrmsyncError

FORMAT = "crmsync.duplicates/1"
GROWTH = 4.0
FILL = 1.5
STEP = 0.1
_REMEDY = "delete the file: the next search estimates it anew"

Shares = Mapping[str, Mapping[str, float]]
"""By comparison and level: the share of pairs at that level."""


@dataclass(frozen=True, slots=True)
class SavedModel:
    """The shares that weigh levels, and what they rest on.

    `others` are shares among pairs that are two, `same` those among pairs that are one where decisions of people have
    changed them. `prior` is the share of all pairs that are one. `records` and `filled` (by column the share of records
    that have it) say what the data was; `splink` is the version that estimated.
    """

    subject: SubjectName
    splink: str
    records: int
    prior: float
    others: Shares
    filled: Mapping[str, float]
    same: Shares = field(default_factory=dict)


def write_model(model: SavedModel) -> str:
    """The model as JSON, the same text for the same model."""
    told = {"format": FORMAT, **asdict(model)}
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_model(text: str) -> SavedModel:
    """The model of a text of `write_model`; CrmsyncError if it is none, or one of another version."""
    told = _object(text)
    if told.get("format") != FORMAT:
        raise CrmsyncError(
            f"the saved model of duplicates has the format '{told.get('format')}', not '{FORMAT}'",
            remedy=_REMEDY,
        )
    try:
        return _model(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CrmsyncError("the saved model of duplicates is incomplete", remedy=_REMEDY) from error


def _object(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise CrmsyncError("the saved model of duplicates is no JSON", remedy=_REMEDY) from error
    return told if isinstance(told, dict) else {}


def _model(told: Mapping[str, Any]) -> SavedModel:
    subject, prior, records = told["subject"], float(told["prior"]), int(told["records"])
    if subject not in ("person", "company", "deal") or not 0 < prior < 1 or records < 0:
        raise ValueError(subject)
    filled = {str(name): float(share) for name, share in told["filled"].items()}
    others, same = _shares(told["others"]), _shares(told["same"])
    return SavedModel(subject, str(told["splink"]), records, prior, others, filled, same)


def _shares(told: Mapping[str, Mapping[str, Any]]) -> Shares:
    shares = {
        name: {level: float(share) for level, share in levels.items()}
        for name, levels in told.items()
    }
    if any(not 0 < share <= 1 for levels in shares.values() for share in levels.values()):
        raise ValueError("a share")
    return shares


def drift(saved: SavedModel, records: int, filled: Mapping[str, float]) -> str:
    """What has changed so much that shares are to be estimated anew: `records`, a column's name, or nothing ("")."""
    if _times(saved.records, records) > GROWTH:
        return "records"
    columns = sorted({*saved.filled, *filled})
    return next(
        (each for each in columns if _moved(saved.filled.get(each, 0), filled.get(each, 0))), ""
    )


def _moved(one: float, other: float) -> bool:
    return abs(one - other) > STEP and _times(one, other) > FILL


def _times(one: float, other: float) -> float:
    low, high = sorted((one, other))
    if low > 0:
        return high / low
    return float("inf") if high > 0 else 1.0
