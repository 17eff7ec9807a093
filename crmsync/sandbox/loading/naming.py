"""When two names mean the same: case, underscores, spaces and the plural are forgiven, no more."""

from __future__ import annotations

import re
from collections.abc import Iterable


def squeezed(name: str) -> str:
    """The name in lower case without anything but letters and digits."""
    return re.sub(r"[\W_]", "", name.lower())


def singular(name: str) -> str:
    """The squeezed name in the singular: `Opportunities` is `opportunity`."""
    plain = squeezed(name)
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") else plain


def same_object(name: str, objects: Iterable[str]) -> str | None:
    """The object a table is named after, or None."""
    return next((known for known in objects if singular(known) == singular(name)), None)


def linked_objects(name: str, objects: Iterable[str]) -> tuple[str, str] | None:
    """The two objects a link table such as `deals_contacts` is named after, in its order."""
    plain = re.sub(r"(associations?|links?|roles?)$", "", squeezed(name))
    spellings = {spelling: known for known in objects for spelling in _spellings(known)}
    for first, known in spellings.items():
        other = spellings.get(plain.removeprefix(first)) if plain.startswith(first) else None
        if other and other != known:
            return known, other
    return None


def _spellings(name: str) -> tuple[str, str]:
    return squeezed(name), singular(name)


def property_name(column: str) -> str | None:
    """A HubSpot property name for a column: lower case, words joined by `_`; None if none is left."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    return plain if plain[:1].isalpha() else None


def custom_field_name(column: str) -> str | None:
    """The column itself if it can be the API name of a Salesforce custom field, else None."""
    return column if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*__c", column) else None
