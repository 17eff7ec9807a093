"""Fields that the lifecycle asks of leads though nobody maps them: they travel in the same pages, at no call.

Names: developer.salesforce.com, object reference, Lead (read 2026-11). Both are stamped when a lead is converted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from crmsync.core.companions import CONVERTED_DEAL, CONVERTED_ON

_NAMES: Mapping[str, Mapping[str, str]] = {
    "Lead": {CONVERTED_ON: "ConvertedDate", CONVERTED_DEAL: "ConvertedOpportunityId"},
}


def companions_named(object_: str, known: Collection[str]) -> dict[str, str]:
    """What an object's fields tell beside the mapped ones, of those this user sees."""
    return {told: name for told, name in _NAMES.get(object_, {}).items() if name in known}
