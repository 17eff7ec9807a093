"""The counts of the sections for programs: whole numbers, amounts as text by currency."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from crmsync.core.profile import AGES, DataProfile, StageGap, StageMoves
from crmsync.reports.facts import Completeness


def profile_body(profile: DataProfile) -> dict[str, Any]:
    """Every count; lists are empty where there was nothing to count."""
    return {
        "agreement": [asdict(each) for each in profile.agreement],
        "stage_moves": [_moves(each) for each in profile.moves],
        "open_deals": [_gap(each) for each in profile.gaps],
        "duplicates": [asdict(each) for each in profile.duplicates],
        "age_days": AGES,
        "ages": [asdict(each) for each in profile.ages],
        "owners": [asdict(each) for each in profile.owners],
    }


def completeness_body(cells: tuple[Completeness, ...]) -> list[dict[str, Any]]:
    """How full each field is, by system and object."""
    names = ("entity", "field", "system", "object", "filled", "total")
    return [{name: getattr(each, name) for name in names} for each in cells]


def _moves(each: StageMoves) -> dict[str, Any]:
    cells = [
        {"from": place[0], "to": place[1], "moves": count, "back": place in each.back}
        for place, count in sorted(each.counts.items())
    ]
    return {"system": each.system, "stages": each.stages, "cells": cells}


def _gap(each: StageGap) -> dict[str, Any]:
    amounts = {code: f"{amount.normalize():f}" for code, amount in each.amounts.items()}
    return {**asdict(each), "amounts": amounts}
