"""Every path of the portal, once: the version is a part of the table, not of the functions.

A family of paths has a classic prefix and a dated one (`{version}`); what follows is the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import unquote

from crmsync.sandbox.hubspot import account_calls as account
from crmsync.sandbox.hubspot import association_calls as associations
from crmsync.sandbox.hubspot import batch_calls as batch
from crmsync.sandbox.hubspot import label_calls as labels
from crmsync.sandbox.hubspot import object_calls as objects
from crmsync.sandbox.hubspot import property_calls as properties
from crmsync.sandbox.hubspot.calls import Handler
from crmsync.sandbox.hubspot.further_paths import FURTHER_PATHS, FURTHER_PREFIXES
from crmsync.sandbox.hubspot.search_calls import search

# GA versions, bodies equal to v3 and v4 in the first: developers.hubspot.com, changelog (read
# 2026-11). The write rules of 2026-09 are not built.
VERSIONS = frozenset({"2026-03", "2026-09"})

PREFIXES: dict[str, tuple[str, ...]] = {
    "objects": ("/crm/v3/objects", "/crm/objects/{version}"),
    "record ties": ("/crm/v4/objects", "/crm/objects/{version}"),
    # The 2026 specification also writes the label paths as the second form.
    "ties": ("/crm/v4/associations", "/crm/associations/v4", "/crm/associations/{version}"),
    "v3 ties": ("/crm/v3/associations",),
    "properties": ("/crm/v3/properties", "/crm/properties/{version}"),
    "pipelines": ("/crm/v3/pipelines", "/crm/pipelines/{version}"),
    "owners": ("/crm/v3/owners", "/crm/owners/{version}"),
    # v1 is the only version this has: developers.hubspot.com, legacy engagements (read 2026-11).
    "calling": ("/calling/v1",),
    "account": ("/account-info/v3", "/account-info/{version}"),
    **FURTHER_PREFIXES,
}

# Fixed words come before placeholders of the same length.
PATHS: tuple[tuple[str, str, str, Handler], ...] = (
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
    ("properties", "GET", "/{type}/groups", properties.list_groups),
    ("properties", "POST", "/{type}/batch/read", properties.read_properties),
    ("properties", "GET", "/{type}/{name}", properties.get_property),
    ("properties", "DELETE", "/{type}/{name}", properties.archive_property),
    ("owners", "GET", "", account.list_owners),
    ("owners", "GET", "/{id}", account.get_owner),
    ("account", "GET", "/details", account.account_details),
    ("calling", "GET", "/dispositions", account.call_outcomes),
    *FURTHER_PATHS,
)

# Search is outside the general limits and shows none of their headers: recorded 2022 and 2026.
UNLIMITED = frozenset({search})


@dataclass(frozen=True, slots=True)
class _Pattern:
    segments: tuple[str, ...]
    handler: Handler

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The named segments, or None if the path is another one."""
        named: dict[str, str] = {}
        for mine, theirs in zip(self.segments, segments, strict=True):
            if mine[:1] == "{":
                named[mine[1:-1]] = theirs
            elif mine != theirs:
                return None
        return named if named.pop("version", "2026-03") in VERSIONS else None


def _table() -> dict[tuple[str, int], list[_Pattern]]:
    table: dict[tuple[str, int], list[_Pattern]] = defaultdict(list)
    for family, method, rest, handler in PATHS:
        for prefix in PREFIXES[family]:
            segments = tuple(filter(None, f"{prefix}{rest}".split("/")))
            table[method, len(segments)].append(_Pattern(segments, handler))
    return dict(table)


_TABLE = _table()
METHODS = sorted({method for method, _ in _TABLE})


def find(method: str, raw_path: str) -> tuple[Handler, dict[str, str]] | None:
    """The function behind a percent-encoded path, and what the path names."""
    segments = [unquote(one) for one in raw_path.split("/") if one]
    for pattern in _TABLE.get((method, len(segments)), ()):
        named = pattern.match(segments)
        if named is not None:
            return pattern.handler, named
    return None
