"""Which scope a call needs: any one of those listed is enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from crmsync.sandbox.hubspot.callers import Caller
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.objects import object_type

# Reading by POST.
_READS = ("search", "read")
# Activities are read and written with the scope of contacts: developers.hubspot.com, engagements (read 2026-11).
_ACTIVITIES = frozenset(("calls", "emails", "meetings", "tasks", "notes", "communications"))
_VERSION = re.compile(r"v\d|\d{4}-\d{2}")
_SEE = "https://developers.hubspot.com/scopes"

Scopes = tuple[str, ...]


def check_scopes(caller: Caller, method: str, segments: Sequence[str], shape: str) -> None:
    """Refusal 403 unless the caller has a scope for the call; `shape` is where it names them."""
    wanted = needed(method, segments)
    if caller.scopes is None or not wanted or caller.scopes & set(wanted):
        return
    raise _SHAPES[shape](list(wanted))


def needed(method: str, segments: Sequence[str]) -> Scopes:
    """The scopes of which one is needed for a path, none for a path that asks for none."""
    reads = (
        method == "GET" or segments[-1] in _READS or segments[-2:] == ["unsubscribe-all", "read"]
    )
    words = [one for one in segments if not _VERSION.fullmatch(one)]
    for word, scopes in _FAMILIES.items():
        if word in words[:2]:
            after = words[words.index(word) + 1 :]
            return scopes("read" if reads else "write", after)
    return ()


def _object(name: str) -> str:
    known = object_type(name)
    plural = known.name if known else name.lower()
    return "contacts" if plural in _ACTIVITIES else plural


def _objects(verb: str, after: Sequence[str]) -> Scopes:
    return (f"crm.objects.{_object(after[0])}.{verb}",) if after else ()


def _ties(verb: str, after: Sequence[str]) -> Scopes:
    return tuple(f"crm.objects.{_object(name)}.{verb}" for name in after[:2])


def _schemas(verb: str, after: Sequence[str]) -> Scopes:
    if not after:
        return ()
    name = _object(after[0])
    schema = f"crm.schemas.{name}.{verb}"
    return (schema, f"crm.objects.{name}.read") if verb == "read" else (schema,)


def _preferences(verb: str, after: Sequence[str]) -> Scopes:
    if "batch" in after:
        return (f"communication_preferences.statuses.batch.{verb}",)
    both = "communication_preferences.read_write"
    own = f"communication_preferences.{verb}"
    return (own, both, "communication_preferences.write") if verb == "read" else (own, both)


# The list of this project's scopes: developers.hubspot.com, scopes (read 2026-11).
_FAMILIES: Mapping[str, Callable[[str, Sequence[str]], Scopes]] = {
    "objects": _objects,
    "associations": _ties,
    "properties": _schemas,
    "property-validations": _schemas,
    "pipelines": _schemas,
    "owners": lambda verb, after: ("crm.objects.owners.read",),
    "lists": lambda verb, after: (f"crm.lists.{verb}",),
    "communication-preferences": _preferences,
    "automation": lambda verb, after: ("automation",),
}


# What a token without bounds is told to have; every app has `oauth`.
EVERY: Scopes = (
    "oauth",
    *(
        f"crm.{part}.{name}.{verb}"
        for part in ("objects", "schemas")
        for name in ("contacts", "companies", "deals")
        for verb in ("read", "write")
    ),
    "crm.objects.owners.read",
    "crm.objects.users.read",
    "crm.lists.read",
    "crm.lists.write",
    "communication_preferences.read_write",
    "automation",
)


def _nested(wanted: list[str]) -> Refusal:
    message = (
        "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
        f"{_SEE}."
    )
    one = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": wanted},
    }
    return Refusal(403, message, "MISSING_SCOPES", errors=[one], links={"scopes": _SEE})


def _flat(wanted: list[str]) -> Refusal:
    message = "One or more of the following scopes are required."
    context = {"requiredGranularScopes": wanted, "links": [_SEE]}
    return Refusal(403, message, "MISSING_SCOPES", context=context)


# Both are recorded, 2024 to 2026.
_SHAPES: Mapping[str, Callable[[list[str]], Refusal]] = {"nested": _nested, "flat": _flat}
