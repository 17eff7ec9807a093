"""One record of HubSpot and its partner in Salesforce, brought together field by field."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.wire import instant
from crmsync.sandbox.native.mappings import MAPPED, Mapped
from crmsync.sandbox.native.noticing import see, stamp_of
from crmsync.sandbox.native.rules import Side, settled
from crmsync.sandbox.native.settings import (
    clear_error,
    note_error,
    remember,
    remembered,
    settings_of,
)
from crmsync.sandbox.native.values import (
    NoSuchValue,
    Pair,
    from_hubspot,
    from_salesforce,
    to_hubspot,
    to_salesforce,
)
from crmsync.sandbox.native.writing import NotWritten, update_in_salesforce, write_in_hubspot
from crmsync.sandbox.tables import Row

Partner = tuple[str, str]  # object and id in Salesforce
Values = dict[str, str]


def mapped(pair: Pair, name: str, partner: str) -> list[Mapped]:
    """What is mapped between an object of HubSpot and one of Salesforce, and there to be read and written."""
    shape, known = pair.salesforce.shapes[partner.lower()], pair.hubspot.portal.definitions(name)
    return [
        one
        for one in MAPPED[name]
        if one.property in known
        and partner in one.fields
        and one.fields[partner].lower() in shape.visible
    ]


def hubspot_values(pair: Pair, name: str, row: Row, fields: list[Mapped]) -> Values:
    """The mapped values of a HubSpot record in the common form, by property."""
    kept = row["properties"]
    return {one.property: from_hubspot(pair, one.kind, kept.get(one.property)) for one in fields}


def salesforce_values(pair: Pair, partner: str, row: Row, fields: list[Mapped]) -> Values:
    """The mapped values of a Salesforce record in the common form, by property."""
    return {
        one.property: from_salesforce(pair, one.kind, row.get(one.fields[partner]))
        for one in fields
    }


def bring_together(
    pair: Pair, name: str, id_: str, partner: Partner, system: dict[str, str]
) -> None:
    """Makes the values of two records go over by the rules; what does not is a sync error of the record.

    `system` are the link properties that HubSpot is to have.
    """
    fields = mapped(pair, name, partner[0])
    to_us, to_them = _news(pair, name, id_, partner, fields)
    record, tables = f"{name} {id_}", pair.hubspot.tables
    try:
        # Whatever does not go over, the rest of the record stays behind with it.
        native = _for_salesforce(pair, partner[0], to_them, fields)
        ours = _for_hubspot(pair, to_us, fields)
        if native:
            update_in_salesforce(pair, *partner, native)
        if ours or _differs(pair, name, id_, system):
            write_in_hubspot(pair, name, id_, ours, system)
    except (NotWritten, NoSuchValue) as error:
        note_error(tables, record, str(error))
        to_us = to_them = {}
    else:
        clear_error(tables, record)
    remember_pair(pair, name, id_, partner, (to_us, to_them))


def remember_pair(
    pair: Pair, name: str, id_: str, partner: Partner, written: tuple[Values, Values]
) -> None:
    """Notes what both sides hold; a value that is not the one just written has changed meanwhile, and comes again."""
    fields = mapped(pair, name, partner[0])
    ours, theirs = _both(pair, name, id_, partner, fields)
    row: dict[str, Any] = {"partner": list(partner)}
    for key, held, told, where, which in (
        ("hubspot", ours, written[0], name, id_),
        ("salesforce", theirs, written[1], *partner),
    ):
        row[key] = {**held, **told}
        other = any(held[one] != value for one, value in told.items())
        see(pair, where, which, as_changed=other)
    remember(pair.hubspot.tables, f"pair {name} {id_}", row)


def partner_of(pair: Pair, name: str, id_: str) -> Partner | None:
    """The partner a record had at its last sync."""
    told = remembered(pair.hubspot.tables, f"pair {name} {id_}").get("partner")
    return (told[0], told[1]) if told else None


def _both(
    pair: Pair, name: str, id_: str, partner: Partner, fields: list[Mapped]
) -> tuple[Values, Values]:
    ours = pair.hubspot.portal.row(name, id_) or {"properties": {}}
    theirs = pair.salesforce.rows.get(*partner) or {}
    return (
        hubspot_values(pair, name, ours, fields),
        salesforce_values(pair, partner[0], theirs, fields),
    )


def _news(
    pair: Pair, name: str, id_: str, partner: Partner, fields: list[Mapped]
) -> tuple[Values, Values]:
    """What HubSpot and what Salesforce is to get, by property."""
    told = remembered(pair.hubspot.tables, f"pair {name} {id_}")
    same = told.get("partner") == list(partner)
    before_us, before_them = (
        told.get(each, {}) if same else {} for each in ("hubspot", "salesforce")
    )
    ours, theirs = _both(pair, name, id_, partner, fields)
    rules = settings_of(pair.hubspot.tables).rules
    at_us = _at(name, pair.hubspot.tables.get(name, id_))
    at_them = _at(partner[0], pair.salesforce.tables.get(*partner))
    to_us: Values = {}
    to_them: Values = {}
    for one in fields:
        key = one.property
        us, them = settled(
            rules.get(f"{name}.{key}", one.rule),
            Side(ours[key], before_us.get(key), at_us),
            Side(theirs[key], before_them.get(key), at_them),
        )
        # Nobody is without an owner, only without one that both know.
        keep = one.kind == "owner" and "" in (us, them)
        to_us |= {} if us is None or keep else {key: us}
        to_them |= {} if them is None or keep else {key: them}
    return to_us, to_them


def _at(name: str, row: Row | None) -> datetime:
    moment = instant(stamp_of(name, row))
    assert moment is not None, name
    return moment


def _for_salesforce(
    pair: Pair, partner: str, values: Values, fields: list[Mapped]
) -> dict[str, Any]:
    return {
        one.fields[partner]: to_salesforce(pair, one.kind, values[one.property])
        for one in fields
        if one.property in values
    }


def _for_hubspot(pair: Pair, values: Values, fields: list[Mapped]) -> Values:
    return {
        one.property: to_hubspot(pair, one.kind, values[one.property])
        for one in fields
        if one.property in values
    }


def _differs(pair: Pair, name: str, id_: str, system: dict[str, str]) -> bool:
    row = pair.hubspot.portal.row(name, id_)
    kept = row["properties"] if row else {}
    known = pair.hubspot.portal.definitions(OBJECTS[name].name)
    return any(kept.get(key, "") != value for key, value in system.items() if key in known)
