"""What somebody does by hand in a CRM: a new field, another value. For rehearsals, in a simulated one.

A field or record is named as everywhere in crmsync: `Contact.Tier__c`, `contacts.tier`. What the CRM's own pages
would not let a person do (an unknown object, a value that is no option) is an EditRefused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from crmsync.sandbox.load_routes import Schema
from crmsync.sandbox.loading.targets import Loadable


class EditRefused(Exception):
    """Why nothing was changed, and what helps where the message does not say it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class NewField:
    """A field to be made; `options` only where `kind` is a list."""

    object: str
    name: str
    label: str
    kind: str = "text"
    options: tuple[str, ...] = ()


# Our kind: what Salesforce calls its type; type and fieldType of HubSpot.
KINDS: Mapping[str, tuple[str, tuple[str, str]]] = {
    "text": ("string", ("string", "text")),
    "number": ("double", ("number", "number")),
    "date": ("date", ("date", "date")),
    "yes-no": ("boolean", ("bool", "booleancheckbox")),
    "list": ("picklist", ("enumeration", "select")),
}


def add_field(into: Loadable, system: str, field: NewField) -> None:
    """Makes a field; EditRefused for an unknown object, a name that is taken or one the system refuses."""
    known = into.schema()
    _object(known, system, field.object)
    if field.name.lower() in {name.lower() for name in known[field.object]}:
        raise EditRefused(f"{field.object} has a field '{field.name}'", "choose another name")
    _DEFINE[system](into, field)
    into.finish()


def _in_salesforce(into: Loadable, field: NewField) -> None:
    if not field.name.endswith("__c"):
        raise EditRefused(
            f"the name of a custom field ends in __c, not '{field.name}'",
            f"name it {field.object}.{field.name}__c",
        )
    attributes: dict[str, Any] = {"label": field.label}
    if field.options:
        attributes |= {"picklist": list(field.options), "restricted": True}
    type_ = KINDS[field.kind][0]
    _expect(into.call_all("define_field", [[field.object, field.name, type_, attributes]]))


def _in_hubspot(into: Loadable, field: NewField) -> None:
    # Lower case letters, digits and underscores, a letter first: developers.hubspot.com, "Properties" (read 2026-11).
    good = "".join(one if one.isascii() and one.isalnum() else "_" for one in field.name.lower())
    if field.name != good or not field.name[:1].isalpha():
        raise EditRefused(
            f"'{field.name}' is no name of a HubSpot property",
            f"name it {field.object}.{good.lstrip('_0123456789') or 'tier'}",
        )
    attributes: dict[str, Any] = {"label": field.label}
    if field.options:
        attributes["options"] = [
            {"label": each, "value": each, "displayOrder": place, "hidden": False}
            for place, each in enumerate(field.options)
        ]
    type_, widget = KINDS[field.kind][1]
    _expect(
        into.call_all("define_property", [[field.object, field.name, type_, widget, attributes]])
    )


_DEFINE: Mapping[str, Callable[[Loadable, NewField], None]] = {
    "salesforce": _in_salesforce,
    "hubspot": _in_hubspot,
}


def edit_record(
    into: Loadable, system: str, object_: str, who: str, values: Mapping[str, str]
) -> str:
    """The id of the one record that was changed; a blank clears.

    `who` is an id, an e-mail, a domain or a name. EditRefused if there is none or several, or for a field or a
    value that the object does not take.
    """
    known = into.schema()
    fields = _object(known, system, object_)
    for name, value in values.items():
        _check(object_, fields, name, value)
    id_ = _the_one(into, object_, who)
    given = {name: value or None for name, value in values.items()}
    _expect(into.call_all("edit", [[object_, given, id_]]))
    into.finish()
    return id_


def merge_records(
    into: Loadable, system: str, object_: str, winner: str, losers: Sequence[str]
) -> str:
    """The id of the record that is left; all are named as for `edit_record`. EditRefused as a merge would be."""
    _object(into.schema(), system, object_)
    left, *others = (_the_one(into, object_, who) for who in (winner, *losers))
    told = rehearse(into, "merge", {"object": object_, "winner": left, "losers": others})
    # HubSpot tells the id of a third record, Salesforce nothing.
    return str(told["id"]) if told else left


def convert_in_salesforce(
    into: Loadable,
    lead: str,
    *,
    account: str | None = None,
    contact: str | None = None,
    opportunity: str | None = None,
) -> dict[str, str | None]:
    """The ids of what a lead became; an account and a contact that are there are named as for `edit_record`."""
    there = {"Account": account, "Contact": contact}
    named = {
        name.lower(): _the_one(into, name, who) for name, who in there.items() if who is not None
    }
    body = {"lead": _the_one(into, "Lead", lead), "opportunity": opportunity, **named}
    became: dict[str, str | None] = rehearse(into, "convert", body)
    return became


def rehearse(into: Loadable, command: str, body: Any) -> Any:
    """What a command of the side door of either simulated CRM answers; EditRefused if it makes no sense."""
    (answer,) = _expect(into.call_all("rehearse", [[command, body]]))
    into.finish()
    return answer


def faults_in(into: Loadable, body: Any) -> Any:
    """What the side door of either simulated CRM answers about faults; EditRefused if it makes no sense."""
    (answer,) = _expect(into.call_all("faults", [[body]]))
    into.finish()
    return answer


def _the_one(into: Loadable, object_: str, who: str) -> str:
    """The id of the one record that is meant."""
    (found,) = _expect(into.call_all("find", [[object_, who]]))
    if len(found) != 1:
        raise _not_one(object_, who, found)
    return str(found[0])


def _not_one(object_: str, who: str, found: Sequence[str]) -> EditRefused:
    if not found:
        return EditRefused(
            f"no record of {object_} is '{who}'",
            "give its e-mail, domain, name or id as the system has it",
        )
    return EditRefused(
        f"{len(found)} of {object_} are '{who}'", f"give one of the ids: {', '.join(found[:5])}"
    )


def _object(known: Schema, system: str, name: str) -> dict[str, dict[str, Any]]:
    if name not in known:
        raise EditRefused(f"{system} has no object '{name}'", _guess(name, known))
    return known[name]


def _check(object_: str, fields: Mapping[str, Mapping[str, Any]], name: str, value: str) -> None:
    if name not in fields:
        raise EditRefused(f"{object_} has no field '{name}'", _guess(name, fields))
    if not fields[name]["loadable"]:
        raise EditRefused(f"{object_}.{name} is worked out by the system", "set another field")
    options = fields[name]["options"]
    if value and options and not set(value.split(";")) <= set(options):
        raise EditRefused(
            f"'{value}' is no option of {object_}.{name}", f"use one of {', '.join(options)}"
        )


def _guess(name: str, known: Mapping[str, Any]) -> str:
    lower = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), lower, n=1)
    return (
        f"did you mean '{lower[near[0]]}'?" if near else f"there are {', '.join(sorted(known)[:9])}"
    )


def _expect(results: Sequence[Mapping[str, Any]]) -> list[Any]:
    for result in results:
        if "error" in result:
            raise EditRefused(str(result["error"]))
    return [result["value"] for result in results]
