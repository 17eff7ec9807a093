"""What corresponds to what: entities, seats, fields, and the rules for each.

The dataclasses of this page are the file format too: `config/mappings.py` reads YAML into them, so a
word of a mapping file is a word of the core. A mapping never reaches for the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal, TypeAlias

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.lifecycle import Lifecycle
from crmsync.core.pair_decisions import PairDecision, digest_of_decisions
from crmsync.core.spec import Spec

_STRICT = {"extra": "forbid"}

# Native fields in which both CRMs keep an opt-out: Salesforce object reference, Lead and Contact;
# HubSpot default contact properties (read 2026-11). `true` means that a person does not want to be reached.
CONSENT_FIELDS = frozenset(
    {
        "HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall", "PersonHasOptedOutOfEmail", "PersonDoNotCall",
        "hs_email_optout", "hs_email_is_ineligible",
    }
)  # fmt: skip

_NAMES = ("name", "first_name", "last_name")
BlankRule: TypeAlias = Literal["ignore", "propagate", "ask"]
Condition: TypeAlias = str | bool | int | list[str]
Reason: TypeAlias = str | dict[Literal["en", "es"], str]
PolicyText: TypeAlias = str | dict[str, str]
Names: TypeAlias = dict[str, str | dict[str, str]]
Conditions: TypeAlias = dict[str, Condition]
Scope: TypeAlias = dict[str, dict[str, Condition | Conditions]]


def reason_in(reason: Reason, language: str) -> str:
    """A reason in the language, else in the one it has; a plain text is the same in every language."""
    if isinstance(reason, str):
        return reason
    texts = sorted(reason.items(), key=lambda pair: pair[0] != language)
    return next((text for _, text in texts if text.strip()), "")


@dataclass(frozen=True, slots=True)
class CreateWhen:
    """A record may be created where every named field of ours meets its condition.

    A condition is `present`, `blank`, a value, or a list of values.
    """

    __pydantic_config__ = _STRICT
    when: dict[str, Condition]


@dataclass(frozen=True, slots=True)
class Seat:
    """An object of a system that can hold an entity. `where` filters by native field, as text."""

    __pydantic_config__ = _STRICT
    system: str
    object: str
    where: dict[str, Condition] = default(default_factory=dict)
    create: Literal["never", "ask"] | CreateWhen = "never"


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A value that one system does not keep in one native field: read from several, never written.

    `transform` is a word of `core.transforms`, `inputs` are native fields. `lookup` takes [reference, field]
    of ours instead: the `name` of the `company` that the record refers to, as that system holds it.
    """

    __pydantic_config__ = _STRICT
    transform: str
    inputs: list[str]
    options: dict[str, str] = default(default_factory=dict)


LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class OneWay:
    """Only `to` is written; every other system is a source."""

    __pydantic_config__ = _STRICT
    to: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity: its type, its name in each system, and who wins.

    `names` gives a native name per system, or per object of a system; `made_of` says the same of a system
    that keeps the value in several fields. `values` maps native picklist values to ours, per system; of an
    owner it maps e-mails. `order` ranks our choices from low to high, for `highest`. `country_from` names
    the field of ours that says in which country a phone or tax id is at home, `currency_from` the one that
    says in which currency an amount is.
    """

    __pydantic_config__ = _STRICT
    field: str
    type: str
    names: Names
    on_conflict: PolicyText = "ask"
    blank: BlankRule = "ignore"
    direction: Literal["both", "none"] | OneWay = "both"
    made_of: dict[str, MadeOf | dict[str, MadeOf]] = default(default_factory=dict)
    values: dict[str, dict[str, str]] = default(default_factory=dict)
    order: list[str] = default(default_factory=list)
    region: str | None = None
    country: str | None = None
    country_from: str | None = None
    currency: str = ""
    currency_from: str | None = None
    timezone: str = ""
    to: str | None = None
    renamed_from: str | None = None
    why: Reason = ""
    doc: dict[Literal["en", "es"], str] = default(default_factory=dict)

    def why_in(self, language: str) -> str:
        """The reason in the language, else in the other one."""
        return reason_in(self.why, language)

    @property
    def policy(self) -> str:
        """The name of the policy: `ask`, `prefer`, ..."""
        return (
            self.on_conflict if isinstance(self.on_conflict, str) else next(iter(self.on_conflict))
        )

    @property
    def policy_system(self) -> str | None:
        """The system a `prefer` or `always` names, None for other policies."""
        return None if isinstance(self.on_conflict, str) else next(iter(self.on_conflict.values()))

    @property
    def is_consent(self) -> bool:
        """True for a field that keeps an opt-out, whatever its policy: by name, or because it is sticky."""
        natives = {
            native
            for names in self.names.values()
            for native in (names.values() if isinstance(names, dict) else [names])
        }
        return self.policy == "sticky" or bool(natives & CONSENT_FIELDS)

    def name_in(self, system: str, object_: str) -> str | None:
        """The native name, or None where this object has no such field."""
        names = self.names.get(system)
        return names.get(object_) if isinstance(names, dict) else names

    def made_in(self, system: str, object_: str) -> MadeOf | None:
        """What the value is made of there; None where a native field keeps it, or nothing does."""
        made = self.made_of.get(system)
        return made.get(object_) if isinstance(made, dict) else made

    def inputs_in(self, system: str, object_: str) -> tuple[str, ...]:
        """The native fields it is read from there; none where there is no such field, or for a lookup."""
        made = self.made_in(system, object_)
        if made is not None:
            return () if made.transform == LOOKUP else tuple(made.inputs)
        name = self.name_in(system, object_)
        return () if name is None else (name,)

    def lookup_in(self, system: str, object_: str) -> tuple[str, str] | None:
        """(our reference, field of the entity it leads to), where the value is taken from another record."""
        made = self.made_in(system, object_)
        if made is None or made.transform != LOOKUP:
            return None
        reference, name = made.inputs
        return reference, name

    @property
    def systems(self) -> list[str]:
        """Systems that hold the field in some way, in the file's order."""
        return list(dict.fromkeys([*self.names, *self.made_of]))

    def writes_to(self, system: str) -> bool:
        """True if the direction lets us write this field there."""
        if self.policy == "always" and self.policy_system == system:
            return False
        if isinstance(self.direction, OneWay):
            return self.direction.to == system
        return self.direction == "both"

    def speaks_for(self, system: str) -> bool:
        """True if what this system holds may become the value elsewhere."""
        if isinstance(self.direction, OneWay):
            return self.direction.to != system
        return self.direction == "both"

    def spec(self, system: str, *, native_is_instant: bool = False) -> Spec:
        """What the type has to know about this field in one system."""
        return Spec(
            type=self.type,
            region=self.region,
            country=self.country,
            currency=self.currency,
            timezone=self.timezone or "UTC",
            values=self.values.get(system, {}),
            native_is_instant=native_is_instant,
        )


NATIVE_LINK = "native_link"
"""The match rule that goes by what a record itself says it is in another system."""


DECIDED = "decided"
"""The match rule that goes by what people decided of pairs of records."""


@dataclass(frozen=True, slots=True)
class LinkedObject:
    """The object that a native link leads to."""

    __pydantic_config__ = _STRICT
    system: str
    object: str


@dataclass(frozen=True, slots=True)
class NativeLink:
    """A native field that holds the id of the same customer's record in another system.

    Written by whatever else keeps the two in step, such as the CRMs' own connector. Of several that lead to
    one system the first that is filled counts.
    """

    __pydantic_config__ = _STRICT
    system: str
    field: str
    to: LinkedObject


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of customer record. `match` rules are tried in order; fields keep the file's order.

    `scope` says, per system or per object of one, which records take part, by native field. A record outside
    is never written, never missed and no source; it stays linked, so that nothing is created beside it.
    `duplicates` says by what records are compared when duplicates are searched; it decides no value.
    """

    __pydantic_config__ = _STRICT
    entity: str
    seats: list[Seat]
    match: list[str | list[str]]
    fields: list[Field]
    scope: Scope = default(default_factory=dict)
    after: list[str] = default(default_factory=list)
    native_links: list[NativeLink] = default(default_factory=list)
    duplicates: DuplicateModel | None = None
    doc: dict[Literal["en", "es"], str] = default(default_factory=dict)

    @property
    def systems(self) -> list[str]:
        """Systems that can hold this entity, sorted."""
        return sorted({seat.system for seat in self.seats})

    def field_named(self, name: str) -> Field | None:
        """One field by our name."""
        return next((each for each in self.fields if each.field == name), None)

    def seats_of(self, system: str) -> list[Seat]:
        """The seats of one system, in the file's order: the first is where a create goes."""
        return [seat for seat in self.seats if seat.system == system]

    def native_links_in(self, system: str) -> list[str]:
        """Native fields of one system that hold native links, in the file's order."""
        return [each.field for each in self.native_links if each.system == system]

    def synced(self) -> list[Field]:
        """Fields that merge looks at: those with a direction and a name in two systems or more."""
        return [e for e in self.fields if e.direction != "none" and len(e.systems) > 1]

    def lasting(self) -> frozenset[str]:
        """Fields of which a base outlives its record: an opt-out is a person's, not a lead's."""
        return frozenset(each.field for each in self.fields if each.policy == "sticky")

    def scope_of(self, seat: Seat) -> Conditions:
        """The conditions a record of a seat has to meet to take part, by native field; none: it does."""
        scope = self.scope.get(seat.system, {})
        if any(isinstance(each, dict) for each in scope.values()):
            own = scope.get(seat.object, {})
            return dict(own) if isinstance(own, dict) else {}
        return {name: each for name, each in scope.items() if not isinstance(each, dict)}

    def shown_by(self) -> list[str]:
        """Our fields that name a record to a person: its names, else the first field of the file."""
        names = [each.field for each in self.fields if each.field in _NAMES]
        return names or [each.field for each in self.fields[:1]]

    def natives_of(self, seat: Seat) -> list[str]:
        """Every native field that has to be read of a seat: for fields, its `where` and the scope."""
        inputs = [n for each in self.fields for n in each.inputs_in(seat.system, seat.object)]
        return list(dict.fromkeys([*inputs, *seat.where, *self.scope_of(seat)]))


@dataclass(frozen=True, slots=True)
class WorkspaceMapping:
    """All entities in the order they are synced, and the digest of everything that decides a value.

    The lifecycle decides none: it is read by audits and views alone. `decisions` are what people said last of
    pairs of records; they have a digest of their own.
    """

    entities: tuple[Entity, ...]
    digest: str
    lifecycle: Lifecycle | None = None
    decisions: tuple[PairDecision, ...] = ()

    def decisions_of(self, entity: Entity) -> list[PairDecision]:
        """What people decided of an entity's records; nothing where no match rule asks for it."""
        asks = DECIDED in entity.match
        return [each for each in self.decisions if asks and each.entity == entity.entity]

    @property
    def decisions_digest(self) -> str:
        """The digest of the decisions that a match rule asks for; blank where there are none."""
        heard = [each for entity in self.entities for each in self.decisions_of(entity)]
        return digest_of_decisions(heard)

    def entity(self, name: str) -> Entity:
        """One entity by name; KeyError if there is none."""
        return {each.entity: each for each in self.entities}[name]

    def names(self) -> dict[str, str]:
        """{`entity.field system/object`: native field or what it is made of}, for every field of every seat."""
        return {
            f"{entity.entity}.{each.field} {seat.system}/{seat.object}": native
            for entity in self.entities
            for seat in entity.seats
            for each in entity.fields
            if (native := source_text(each, seat))
        }

    def seats_of(self, system: str) -> Iterator[tuple[Entity, Seat]]:
        """Each seat of a system with its entity, in order of the entities."""
        for entity in self.entities:
            for seat in entity.seats_of(system):
                yield entity, seat


def source_text(field: Field, seat: Seat) -> str | None:
    """What a field is read from in one seat: a native name, or `concat(FirstName, LastName)`."""
    made = field.made_in(seat.system, seat.object)
    return (
        f"{made.transform}({', '.join(made.inputs)})"
        if made is not None
        else field.name_in(seat.system, seat.object)
    )


TIE = "associations."
"""How a native name begins that is no field, but a tie to other records: `associations.contacts.all`."""


def tied_object(native: str) -> str:
    """The object that a native name ties to; empty for a name that is no tie."""
    return native.removeprefix(TIE).rpartition(".")[0] if native.startswith(TIE) else ""


def meets(condition: Condition, text: str | None) -> bool:
    """True if a canonical or native text (None for a blank) meets a condition."""
    if condition == "present":
        return text is not None
    if condition == "blank":
        return text is None
    wanted = condition if isinstance(condition, list) else [condition]
    return text is not None and text in [_condition_text(each) for each in wanted]


def _condition_text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
