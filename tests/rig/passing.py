"""One field between Salesforce and HubSpot, with what each of the two really keeps: written, read back, decided again.

What a system makes of a request is played by the sandbox (Salesforce) or by the few rules of HubSpot's properties
below; what crmsync sends and reads goes through its own connectors' conversions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import orjson
from hypothesis import strategies as st

from crmsync.connectors.hubspot import schemas as hubspot_schemas
from crmsync.connectors.hubspot import values as hubspot
from crmsync.connectors.salesforce import describes
from crmsync.connectors.salesforce import values as salesforce
from crmsync.core.deciding import Decided, decide
from crmsync.core.lenses import lens_of, look
from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.records import Cell, Group, Invalid, Native, Record, Ref, Schema, Value
from crmsync.core.values import TYPES
from crmsync.sandbox.salesforce.errors import Refusal
from crmsync.sandbox.salesforce.schema import Field as SandboxField
from crmsync.sandbox.salesforce.values import accepted

SEATS = [Seat("hubspot", "contacts"), Seat("salesforce", "Contact")]
WORDS = ("open", "won", "lost")
_OPTIONS = [{"value": word.upper(), "label": word} for word in WORDS]

# type: (describe entries, properties) that people do map to each other
Describe = Mapping[str, Any]
_TEXTS: list[Describe] = [
    {"type": "string", "length": 5},
    {"type": "string", "length": 255},
    {"type": "textarea", "length": 32_000},
]
_STRING: list[Describe] = [{"type": "string", "fieldType": "text"}]
_NUMBERS: list[Describe] = [
    {"type": "currency", "precision": 18, "scale": 2},
    {"type": "double", "precision": 18, "scale": 10},
    {"type": "double", "precision": 18, "scale": 0},
]
_NUMBER: list[Describe] = [{"type": "number", "fieldType": "number"}]
_PICKLIST: Describe = {
    "restrictedPicklist": True,
    "picklistValues": [{**each, "active": each["value"] != "LOST"} for each in _OPTIONS],
}
_ENUMERATION: Describe = {"type": "enumeration", "options": _OPTIONS}
_DAYS: list[Describe] = [{"type": "date"}, {"type": "datetime"}]
PAIRS: Mapping[str, tuple[list[Describe], list[Describe]]] = {
    "text": (_TEXTS, [*_STRING, {"type": "string", "fieldType": "html"}]),
    "email": ([{"type": "email", "length": 80}, {"type": "string", "length": 12}], _STRING),
    "phone": ([{"type": "phone", "length": 40}, {"type": "string", "length": 9}], _STRING),
    "url": ([{"type": "url", "length": 255}, {"type": "string", "length": 20}], _STRING),
    "domain": ([{"type": "string", "length": 255}], _STRING),
    "tax_id": ([{"type": "string", "length": 18}], _STRING),
    "integer": ([{"type": "int", "precision": 8, "scale": 0, "digits": 8}, _NUMBERS[2]], _NUMBER),
    "decimal": (_NUMBERS, _NUMBER),
    "money": (_NUMBERS, _NUMBER),
    "date": (_DAYS, _DAYS),
    "instant": ([{"type": "datetime"}, {"type": "date"}], _DAYS),
    "choice": ([{"type": "picklist", **_PICKLIST}], [_ENUMERATION, *_STRING]),
    "choices": (
        [{"type": "multipicklist", **_PICKLIST}],
        [{**_ENUMERATION, "fieldType": "checkbox"}],
    ),
    "flag": ([{"type": "boolean"}, _TEXTS[1]], [{"type": "bool"}, *_STRING]),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passing:
    """One field as both systems keep it, and what stands in it."""

    entity: Entity
    describe: Mapping[str, Any]
    property_: Mapping[str, Any]
    raws: Mapping[str, str | None]
    bases: Mapping[str, Mapping[str, Value | None]]

    @property
    def field(self) -> Field:
        """The one field."""
        return self.entity.fields[0]

    @property
    def schemas(self) -> dict[tuple[str, str], Schema]:
        """What both say of their own field."""
        one, other = SEATS
        hub = hubspot_schemas.schema_of("hubspot", "contacts", [self.property_], lambda _: None)
        sales = describes.schema_of(
            "salesforce", {"name": "Contact", "fields": [self.describe]}, {}
        )
        return {(one.system, one.object): hub, (other.system, other.object): sales}

    def native(self, system: str) -> Native:
        """What one system says of its field."""
        (found,) = (s for (name, _), s in self.schemas.items() if name == system)
        return found.fields["f"]

    def cell(self, system: str) -> Cell:
        """What is seen of a system's text."""
        seat = next(each for each in SEATS if each.system == system)
        lens = lens_of(self.schemas, self.entity, self.field, seat)
        assert lens is not None
        return look(lens, [self.raws[system]]).cell

    def decide(self) -> Decided:
        """What should become of it."""
        records = {
            seat.system: Record(Ref(seat.system, seat.object, "1"), {"f": self.cell(seat.system)})
            for seat in SEATS
        }
        return decide(self.entity, Group("x", "k", records, self.bases), self.schemas, timedelta(0))

    def wire(self, system: str, value: Value | None) -> str | None:
        """The text that is sent for a value."""
        seat = next(each for each in SEATS if each.system == system)
        lens = lens_of(self.schemas, self.entity, self.field, seat)
        assert lens is not None
        return None if value is None else TYPES[self.field.type].render(value, lens.spec)

    def stored(self, system: str, text: str | None) -> str | None:
        """What a system gives back of a text it was sent; Refusal if it does not take it."""
        return _STORES[system](self, text)


def _salesforce(passing: Passing, text: str | None) -> str | None:
    kind = passing.describe["type"]
    body = orjson.dumps({"f": salesforce.to_json(text, kind)})
    field = SandboxField(
        "f", "f", kind, length=passing.describe.get("length", 0), precision=passing.describe.get("precision", 0),
        scale=passing.describe.get("scale", 0), restricted="restrictedPicklist" in passing.describe,
        picklist=tuple(each["value"] for each in passing.describe.get("picklistValues", ()) if each["active"]),
    )  # fmt: skip
    kept = accepted(field, json.loads(body)["f"])
    (found,) = salesforce.converter(kind)([orjson.loads(orjson.dumps(kept))])
    return found


def _hubspot(passing: Passing, text: str | None) -> str | None:
    kind = passing.native("hubspot").type
    sent = hubspot.to_wire(text, kind)
    options = {each["value"] for each in passing.property_.get("options", ())}
    if options and not set(filter(None, sent.split(";"))) <= options:
        raise AssertionError(f"HubSpot has no option {sent!r}")
    if kind == "date" and sent and len(sent) != 10:
        raise AssertionError(f"HubSpot takes no moment for a day: {sent!r}")
    (found,) = hubspot.converter(kind)([sent])
    return found


def _may_refuse(passing: Passing, refusal: Refusal, sent: str | None) -> bool:
    """True for what only the system itself can know; a refusal is a finding, and the old value stays."""
    # days from 1700 to 4000: SOQL guide, date formats and literals (read 2026-11)
    is_beyond = not "1700-01-02" <= (sent or "") < "4000-12-31"
    return refusal.errors[0].code in _KNOWN_ALONE or (
        passing.field.type in ("date", "instant") and is_beyond
    )


_KNOWN_ALONE = ("NUMBER_OUTSIDE_VALID_RANGE", "INVALID_EMAIL_ADDRESS")
_STORES = {"salesforce": _salesforce, "hubspot": _hubspot}


@st.composite
def passings(draw: Any, type_name: str, texts: st.SearchStrategy[str]) -> Passing:
    """A field of one type, its two homes, and what stands there: never settled, or settled as it is."""
    ours, theirs = PAIRS[type_name]
    policy = draw(st.sampled_from(("ask", {"prefer": "salesforce"}, {"always": "hubspot"}, "fill")))
    mapped = type_name in ("choice", "choices")
    field = Field(
        "f", type_name, {"salesforce": "f", "hubspot": "f"}, on_conflict=policy,
        region=draw(st.sampled_from((None, "ES", "US"))), currency="EUR",
        timezone=draw(st.sampled_from(ZONES)),
        values={s: {word.upper(): word for word in WORDS} for s in _STORES} if mapped else {},
    )  # fmt: skip
    found = Passing(
        Entity("x", SEATS, ["key"], [field]),
        {"name": "f", "updateable": True, **draw(st.sampled_from(ours))},
        {"name": "f", **draw(st.sampled_from(theirs))},
        {"hubspot": None, "salesforce": None},
        {},
    )
    here, there = draw(st.sampled_from((("hubspot", "salesforce"), ("salesforce", "hubspot"))))
    given = draw(texts)
    return replace(found, raws={here: _kept(found, here, given), there: None})


def _kept(passing: Passing, system: str, text: str) -> str | None:
    """A text as the system itself would hold it; as it is, where it would not: imports go past every check."""
    try:
        return passing.stored(system, text)
    except (Refusal, AssertionError):
        return text


ZONES = (
    "UTC", "Europe/Madrid", "America/Sao_Paulo", "America/Santiago", "Asia/Beirut", "Asia/Kolkata", "Pacific/Auckland",
    "Pacific/Apia",
)  # fmt: skip


def no_difference_is_left(passing: Passing) -> None:
    """What is written is what is read back, and then there is nothing to do; nothing is said that nobody said."""
    outcome = passing.decide().outcomes["f"]
    raws, bases = dict(passing.raws), {system: {"f": base} for system, base in outcome.settled}
    for write in outcome.writes:
        sent = passing.wire(write.system, write.after)
        try:
            raws[write.system] = passing.stored(write.system, sent)
        except Refusal as refusal:
            if _may_refuse(passing, refusal, sent):
                return
            raise AssertionError(f"{refusal} for {sent!r}") from refusal
        read = replace(passing, raws=raws).cell(write.system)
        assert read == write.after, f"{write.system} was given {sent!r} and holds {read!r}"
        bases[write.system] = {"f": write.after}
    after = replace(passing, raws=raws, bases=bases)
    again = after.decide().outcomes["f"]
    assert again.writes == (), f"{again.writes} the second night"
    assert not again.conflict, "a conflict of nobody's making"


def what_does_not_parse_is_left_alone(passing: Passing) -> None:
    """Neither evidence nor overwritten."""
    outcome = passing.decide().outcomes["f"]
    for system in _STORES:
        if isinstance(passing.cell(system), Invalid):
            assert outcome.writes == ()


LAWS = {law.__name__: law for law in (no_difference_is_left, what_does_not_parse_is_left_alone)}
