"""Paths of the HubSpot API in the versions crmsync speaks: the one place that names them.

The client knows v3 and v4 only, so those are what callers name. They end in September and March 2027; dated paths
answer with the same bodies: developers.hubspot.com, changelog "Legacy APIs and legacy apps" and migration guide
(read 2026-11). When each of them ends stands in `versions`.
"""

from __future__ import annotations

CLASSIC = "v3"
DATED = "2026-03"
NEWEST = "2026-09"
VERSIONS = (CLASSIC, DATED, NEWEST)
# Why this one: bodies equal to v3 and v4, whose associations end half a year earlier. From 2026-09 on a portal's own
# rules refuse writes that other versions let through, which is for people to choose (docs/connectors.md).
USUAL = DATED
ACCOUNT = "/account-info/v3/details"
TOKENS = "/oauth/v3/token"
INTROSPECTION = "/oauth/v3/token/introspect"
FLOWS = "/automation/v4/flows"
CONSENT = "/communication-preferences/v4"

# What is asked for, and where a dated version keeps it. Longer prefixes need not come first: none begins another.
_PREFIXES = {
    "/crm/v3/objects": "/crm/objects/{version}",
    "/crm/v4/objects": "/crm/objects/{version}",
    "/crm/v3/properties": "/crm/properties/{version}",
    "/crm/v3/property-validations": "/crm/property-validations/{version}",
    "/crm/v3/pipelines": "/crm/pipelines/{version}",
    "/crm/v3/owners": "/crm/owners/{version}",
    "/crm/v3/lists": "/crm/lists/{version}",
    "/crm/v4/associations": "/crm/associations/{version}",
    "/account-info/v3": "/account-info/{version}",
    CONSENT: "/communication-preferences/{version}",
    "/oauth/v3": "/oauth/{version}",
    # The dated form of workflows is a beta still: 2027-03-beta (read 2026-11)
    FLOWS: FLOWS,
    # v1 is the only version this has: developers.hubspot.com, outcomes of calls (read 2026-11)
    "/calling/v1": "/calling/v1",
}


def path_in(version: str, path: str) -> str:
    """The path in another version; unchanged in the classic one. KeyError for a path not listed."""
    if version == CLASSIC:
        return path
    plain = path.partition("?")[0]
    prefix = next((one for one in _PREFIXES if plain == one or plain.startswith(one + "/")), None)
    if prefix is None:
        raise KeyError(path)
    return _PREFIXES[prefix].format(version=version) + path[len(prefix) :]
