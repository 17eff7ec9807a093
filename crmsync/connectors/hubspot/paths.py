"""Paths of the HubSpot API in the versions crmsync speaks: the one place that names them.

The client knows v3 and v4 only. They end in September and March 2027; dated paths answer with the
same bodies: developers.hubspot.com, changelog "Legacy APIs and legacy apps" and migration guide
(read 2026-11).
"""

from __future__ import annotations

CLASSIC = "v3"
DATED = "2026-03"
VERSIONS = (CLASSIC, DATED)
ACCOUNT = "/account-info/v3/details"
CONSENT = "/communication-preferences/v4/statuses"

# What the client asks for, and where the dated version keeps it
_PREFIXES = {
    "/crm/v3/objects": "/crm/objects/{version}",
    "/crm/v3/properties": "/crm/properties/{version}",
    "/crm/v3/pipelines": "/crm/pipelines/{version}",
    "/crm/v3/owners": "/crm/owners/{version}",
    "/crm/v4/associations": "/crm/associations/{version}",
    "/account-info/v3": "/account-info/{version}",
    "/communication-preferences/v4": "/communication-preferences/{version}",
}


def path_in(version: str, path: str) -> str:
    """The path in another version; unchanged in the classic one. KeyError for a path not listed."""
    if version == CLASSIC:
        return path
    prefix = next((one for one in _PREFIXES if path == one or path.startswith(one + "/")), None)
    if prefix is None:
        raise KeyError(path)
    return _PREFIXES[prefix].format(version=version) + path[len(prefix) :]
