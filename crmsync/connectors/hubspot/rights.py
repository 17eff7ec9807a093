"""Scopes: which of them a mapping takes, and which a token has.

HubSpot lists the scopes of an OAuth token. Of a service key or private app it tells nothing (its access-token call
answers 400), so one row is read with each scope that reads: an answer shows that it is there, and a 403 names those of
which one would have been enough. What may be written shows nowhere but in a write, so it is not looked at.

developers.hubspot.com, Scopes, and the specification of each call (read 2026-11). Must not know: any setting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.connectors.hubspot.api import CHANNEL, Api
from crmsync.connectors.hubspot.paths import CONSENT, FLOWS
from crmsync.connectors.hubspot.problems import ScopeMissing
from crmsync.connectors.hubspot.scopes import (
    AUTOMATION,
    LISTS,
    OWNERS,
    READ_CONSENT,
    READ_STATUSES,
    SET_CONSENT,
    USERS,
)
from crmsync.core.records import Schema
from crmsync.core.rights import Demand, Held, Need, Right, Why, without_doubles
from crmsync.errors import AccessDenied, Refused

# Facts beside the records, each with the scope that it takes. Activities are read with that of contacts.
FACTS: Mapping[str, str] = {
    "hours": USERS,
    "lists": LISTS,
    "consent": READ_CONSENT,
    "statuses": READ_STATUSES,
}
# hs_email_optout and hs_email_optout_<subscription> are written through communication preferences alone, and whoever
# opted out takes that along to a new address
_OPT_OUT, _ADDRESS = "hs_email_optout", ("contacts", "email")
# One that lets more be done contains the other: scopes of the calls in the specification (read 2026-11)
_CONTAINED: Mapping[str, tuple[str, ...]] = {
    SET_CONSENT: (READ_CONSENT, "communication_preferences.write"),
    "communication_preferences.write": (SET_CONSENT, READ_CONSENT),
}
Describe = Callable[[str], Schema | None]


def needs(demands: Sequence[Demand], schema: Describe, facts: Collection[str]) -> list[Need]:
    """Every scope that the demands take, with the reason; `schema` tells what is known of an object."""
    found = [Need(Right(OWNERS), "read")]
    for demand in demands:
        found += _of_object(demand)
        found += _of_ties(demand)
        found += _of_consent(demand)
        found += _of_key(demand, schema(demand.object) if demand.key else None)
    found += [Need(Right(FACTS[each]), "facts", needed=False) for each in FACTS if each in facts]
    found.append(Need(Right(AUTOMATION), "workflows", needed=False))
    return without_doubles(found)


def _of_object(demand: Demand) -> Iterator[Need]:
    name = demand.object
    yield Need(Right(f"crm.objects.{name}.read"), "read", _fields(demand.reads.values()))
    yield Need(Right(f"crm.schemas.{name}.read"), "read")
    if demand.writes or demand.creates:
        why: Why = "write" if demand.writes else "create"
        yield Need(Right(f"crm.objects.{name}.write"), why, _fields(demand.writes.values()))


def _of_ties(demand: Demand) -> Iterator[Need]:
    """Ties are read and written with the scope of either side; labels are seen with that of both."""
    for native, ours in demand.reads.items():
        if native.startswith(ASSOCIATION_PREFIX):
            other = native.removeprefix(ASSOCIATION_PREFIX).partition(".")[0]
            yield Need(Right(f"crm.objects.{other}.read"), "ties", ours)


def _of_consent(demand: Demand) -> Iterator[Need]:
    """Opt-outs take a scope of their own, and so do addresses that they have to follow."""
    ours = [
        each
        for name, each in demand.writes.items()
        if name.startswith(_OPT_OUT) or (demand.object, name) == _ADDRESS
    ]
    if ours:
        yield Need(Right(SET_CONSENT), "consent", _fields(ours))


def _of_key(demand: Demand, schema: Schema | None) -> Iterator[Need]:
    """Who may make properties is asked for once, and only until our key is there."""
    if schema is not None and demand.key not in schema.fields:
        yield Need(Right(f"crm.schemas.{demand.object}.write"), "install", needed=False)


def _fields(ours: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in ours for name in names))


# What a token has


def held(api: Api, needs: Sequence[Need]) -> Held:
    """The scopes of the token as far as they can be told, of which those count that the mapping takes or that write."""
    listed = api.session.scopes()
    wanted = [need.right.place for need in needs]
    if listed is None:
        return _probed(api, wanted)
    scopes = _with_contained(listed)
    served = {one for one in wanted if one not in scopes and _other_serves(one, scopes)}
    return Held(
        frozenset(Right(each) for each in _counting(scopes, wanted)),
        frozenset(Right(each) for each in served),
        ("scopes_served",) if served else (),
    )


def _other_serves(scope: str, scopes: Collection[str]) -> bool:
    """True of crm.schemas.X.read beside crm.objects.X.read: each of both shows properties and pipelines."""
    head, _, rest = scope.partition(".schemas.")
    return rest.endswith(".read") and f"{head}.objects.{rest}" in scopes


def _with_contained(scopes: Iterable[str]) -> set[str]:
    return {each for one in scopes for each in (one, *_CONTAINED.get(one, ()))}


def _counting(scopes: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Reading more than is mapped is no excess, nor is the scope `oauth` that every app has."""
    return [each for each in scopes if each in wanted or each.rpartition(".")[2] == "write"]


def _probed(api: Api, wanted: Sequence[str]) -> Held:
    found: set[str] = set()
    refused: set[str] = set()
    for scope in wanted:
        read = _probe(scope)
        if read is None or scope in found | refused:
            continue
        try:
            read(api)
            found.add(scope)
        except ScopeMissing as missing:
            refused |= {scope, *missing.scopes}
        except (AccessDenied, Refused):
            pass  # refused for a reason of its own: nothing is known of the scope
    unseen = {Right(each) for each in wanted if each not in found | refused}
    codes = ("scopes",) if unseen else ()
    return Held(frozenset(Right(each) for each in found - refused), frozenset(unseen), codes)


Probe = Callable[[Api], Any]


def _probe(scope: str) -> Probe | None:
    """The cheapest read that takes a scope and no other; None where there is none."""
    if scope == READ_STATUSES:
        return _one_status
    if scope in _PROBES:
        label, path = _PROBES[scope]
        return lambda api: api.raw(label, "GET", path)
    head, _, verb = scope.rpartition(".")
    if verb == "read" and head.startswith("crm.objects."):
        return partial(_one_row, object_=head.removeprefix("crm.objects."))
    return None


def _one_row(api: Api, object_: str) -> Any:
    return api.raw(f"GET objects/{object_}", "GET", f"/crm/v3/objects/{object_}?limit=1")


def _one_status(api: Api) -> Any:
    """The statuses of an address that nobody has: whoever may ask for them is told of none."""
    path = f"{CONSENT}/statuses/batch/read"
    body = {"inputs": ["nobody@crmsync.example"]}
    return api.post("communication-preferences/batch/read", path, body, channel=CHANNEL)


# Lists are asked for by an id, which need not exist to show who may ask. Properties can be read with the scope of their
# object as well, so no call shows crm.schemas.*.read.
_PROBES: Mapping[str, tuple[str, str]] = {
    OWNERS: ("GET owners", "/crm/v3/owners?limit=1"),
    LISTS: ("GET lists", "/crm/v3/lists?listIds=1"),
    READ_CONSENT: ("GET communication-preferences", f"{CONSENT}/definitions"),
    AUTOMATION: ("GET automation/flows", f"{FLOWS}?limit=1"),
}
