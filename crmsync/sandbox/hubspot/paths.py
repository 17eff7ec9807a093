"""Every path of the portal, once: the version is a part of the table, not of the functions.

A family of paths has a classic prefix and a dated one (`{version}`); what follows is the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import unquote

from crmsync.sandbox.hubspot import account_calls as account
from crmsync.sandbox.hubspot import association_calls as associations
from crmsync.sandbox.hubspot import batch_calls as batch
from crmsync.sandbox.hubspot import label_calls as labels
from crmsync.sandbox.hubspot import object_calls as objects
from crmsync.sandbox.hubspot import property_calls as properties
from crmsync.sandbox.hubspot import rules, usage
from crmsync.sandbox.hubspot.calls import Handler
from crmsync.sandbox.hubspot.further_paths import FURTHER_PATHS, FURTHER_PREFIXES
from crmsync.sandbox.hubspot.search_calls import search

# GA versions, bodies equal to v3 and v4 in the first: developers.hubspot.com, changelog (read
# 2026-11). 2025-09 was a beta of a few families: the same, overview of date-based versions.
VERSIONS = frozenset({"2026-03", "2026-09"})
BETA, BETA_FAMILIES = (
    "2025-09",
    frozenset(("objects", "record ties", "ties", "properties", "account")),
)

PREFIXES: dict[str, tuple[str, ...]] = {
    "objects": ("/crm/v3/objects", "/crm/objects/{version}"),
    "record ties": ("/crm/v4/objects", "/crm/objects/{version}"),
    # The 2026 specification also writes the label paths as the second form.
    "ties": ("/crm/v4/associations", "/crm/associations/v4", "/crm/associations/{version}"),
    "v3 ties": ("/crm/v3/associations",),
    "properties": ("/crm/v3/properties", "/crm/properties/{version}"),
    "pipelines": ("/crm/v3/pipelines", "/crm/pipelines/{version}"),
    "owners": ("/crm/v3/owners", "/crm/owners/{version}"),
    "validations": ("/crm/v3/property-validations", "/crm/property-validations/{version}"),
    # v1 is the only version this has: developers.hubspot.com, legacy engagements (read 2026-11).
    "calling": ("/calling/v1",),
    "account": ("/account-info/v3", "/account-info/{version}"),
    **FURTHER_PREFIXES,
}

# Fixed words come before placeholders of the same length.
PATHS: tuple[tuple[str, str, str, Handler], ...] = (
    *FURTHER_PATHS,
    ("objects", "GET", "/{type}", objects.list_objects),
    ("objects", "POST", "/{type}", objects.create_object),
    ("objects", "POST", "/{type}/search", search),
    ("objects", "POST", "/{type}/batch/read", batch.batch_read),
    ("objects", "POST", "/{type}/batch/create", batch.batch_create),
    ("objects", "POST", "/{type}/batch/update", batch.batch_update),
    ("objects", "POST", "/{type}/batch/upsert", batch.batch_upsert),
    ("objects", "POST", "/{type}/batch/archive", batch.batch_archive),
    ("objects", "GET", "/{type}/{id}", objects.get_object),
    ("objects", "PATCH", "/{type}/{id}", objects.update_object),
    ("objects", "DELETE", "/{type}/{id}", objects.archive_object),
    (
        "record ties",
        "PUT",
        "/{type}/{id}/associations/default/{to_type}/{to_id}",
        associations.put_default,
    ),
    ("record ties", "GET", "/{type}/{id}/associations/{to_type}", associations.list_ties),
    ("record ties", "PUT", "/{type}/{id}/associations/{to_type}/{to_id}", associations.put_labels),
    (
        "record ties",
        "DELETE",
        "/{type}/{id}/associations/{to_type}/{to_id}",
        associations.delete_tie,
    ),
    ("ties", "POST", "/{from}/{to}/batch/read", associations.batch_read),
    ("ties", "POST", "/{from}/{to}/batch/associate/default", associations.batch_default),
    ("ties", "POST", "/{from}/{to}/batch/create", associations.batch_create),
    ("ties", "POST", "/{from}/{to}/batch/archive", associations.batch_archive),
    ("ties", "POST", "/{from}/{to}/batch/labels/archive", associations.batch_archive_labels),
    ("ties", "GET", "/{from}/{to}/labels", labels.list_labels),
    ("ties", "POST", "/{from}/{to}/labels", labels.create_label),
    ("v3 ties", "POST", "/{from}/{to}/batch/read", associations.batch_read_v3),
    ("properties", "GET", "/{type}", properties.list_properties),
    ("properties", "POST", "/{type}", properties.create_property),
    ("properties", "POST", "/{type}/batch/read", properties.read_properties),
    ("properties", "GET", "/{type}/{name}", properties.get_property),
    ("properties", "DELETE", "/{type}/{name}", properties.archive_property),
    ("owners", "GET", "", account.list_owners),
    ("owners", "GET", "/{id}", account.get_owner),
    ("account", "GET", "/details", account.account_details),
    ("account", "GET", "/api-usage/daily/private-apps", usage.daily_usage),
    ("validations", "GET", "/{type}", rules.list_validations),
    ("validations", "GET", "/{type}/{name}", rules.get_validations),
    ("calling", "GET", "/dispositions", account.call_outcomes),
)

# Search is outside the general limits and shows none of their headers: recorded 2022 and 2026. Association batches
# have a budget of their own, and rate-limit headers are reported to be missing there: guide to associations and an
# article on limits (read 2026-11).
BUDGETS: dict[Handler, str] = {
    search: "search",
    **{
        handler: "associations"
        for family, _, rest, handler in PATHS
        if family == "ties" and rest.startswith("/{from}/{to}/batch/")
    },
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    family: str
    segments: tuple[str, ...]
    handler: Handler

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The named segments and the `version`, or None if the path is another one."""
        named: dict[str, str] = {}
        for mine, theirs in zip(self.segments, segments, strict=True):
            if mine[:1] == "{":
                named[mine[1:-1]] = theirs
            elif mine != theirs:
                return None
        if "version" not in named:
            return {**named, "version": next(filter(_CLASSIC, self.segments), "v3")}
        known = VERSIONS | {BETA} if self.family in BETA_FAMILIES else VERSIONS
        return named if named["version"] in known else None


_CLASSIC = re.compile(r"v\d").fullmatch


def _table() -> dict[tuple[str, int], list[_Pattern]]:
    table: dict[tuple[str, int], list[_Pattern]] = defaultdict(list)
    for family, method, rest, handler in PATHS:
        for prefix in PREFIXES[family]:
            segments = tuple(filter(None, f"{prefix}{rest}".split("/")))
            table[method, len(segments)].append(_Pattern(family, segments, handler))
    return dict(table)


_TABLE = _table()
METHODS = sorted({method for method, _ in _TABLE})


def split(raw_path: str) -> list[str]:
    """The segments of a percent-encoded path; a slash at its end is nothing."""
    return [unquote(one) for one in raw_path.split("/") if one]


@dataclass(frozen=True, slots=True)
class Found:
    """The function behind a path, what the path names, and the family it is of."""

    handler: Handler
    named: dict[str, str]
    family: str

    @property
    def budget(self) -> str:
        """Which budget of calls it counts for."""
        return BUDGETS.get(self.handler, "general")

    @property
    def ties(self) -> bool:
        """Whether it is about associations alone."""
        return self.family in ("ties", "record ties", "v3 ties")


def find(method: str, raw_path: str) -> Found | None:
    """What is behind a percent-encoded path."""
    segments = split(raw_path)
    for pattern in _TABLE.get((method, len(segments)), ()):
        named = pattern.match(segments)
        if named is not None:
            return Found(pattern.handler, named, pattern.family)
    return None
