"""What the org looks like at the moment: standard and custom fields, less the hidden ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crmsync.sandbox.salesforce.schema import (
    STANDARD_OBJECTS,
    TOOLING_OBJECTS,
    Field,
    ObjectType,
)
from crmsync.sandbox.salesforce.schema.fields import spaced


@dataclass(frozen=True, slots=True)
class Shape:
    """One object with its fields by lower-case name; `visible` lacks those hidden by security."""

    object: ObjectType
    fields: dict[str, Field]
    visible: dict[str, Field]
    relations: dict[str, Field]  # parent relationship -> its lookup
    children: dict[str, tuple[str, Field]]  # child relationship -> child object and its lookup
    readable: bool = (
        True  # False: the user's rights do not reach it, so the API knows no such object
    )

    @property
    def name(self) -> str:
        """API name of the object."""
        return self.object.name

    def field(self, name: str) -> Field | None:
        """A visible field, whatever the case of its name."""
        return self.visible.get(name.lower())

    def object_flags(self, head: str) -> list[str]:
        """Names of the booleans that begin so."""
        named = (each for each in self.object.fields if each.type == "boolean")
        return [each.name for each in named if each.name.startswith(head)]

    def stored(self, name: str) -> Field:
        """Any field, hidden ones included; KeyError if the org has none of that name."""
        return self.fields[name.lower()]


Place = tuple[str, str]  # object and field


@dataclass(frozen=True, slots=True)
class Changes:
    """What an administrator has done to the org: fields added, taken away, out of sight, read only."""

    custom: Mapping[str, Iterable[Field]]
    dropped: Collection[Place] = frozenset()
    hidden: Collection[Place] = frozenset()
    read_only: Collection[Place] = frozenset()
    # (object, field) -> its controlling field, and which of its values go with which of that
    dependent: Mapping[Place, Mapping[str, Any]] = field(default_factory=dict)
    # What may be done to each object, where rights count; an object that is not named may have everything done
    rights: Mapping[str, Collection[str]] = field(default_factory=dict)

    def may(self, object_: str, verb: str) -> bool:
        """Whether the API user may do that to records of an object."""
        return verb in self.rights.get(object_, (verb,))


def shapes_of(changes: Changes) -> dict[str, Shape]:
    """The shape of each object by its lower-case name, objects in alphabetical order."""
    objects = [_allowed(each, changes) for each in STANDARD_OBJECTS]
    return {
        each.name.lower(): _shape(
            each, objects, changes.hidden, readable=changes.may(each.name, "read")
        )
        for each in objects
    }


def _allowed(one: ObjectType, changes: Changes) -> ObjectType:
    """An object with its fields of the moment, and what the API user may do to its records."""
    return replace(
        one,
        fields=_fields(one, changes),
        createable=one.createable and changes.may(one.name, "create"),
        updateable=one.updateable and changes.may(one.name, "edit"),
        deletable=one.deletable and changes.may(one.name, "delete"),
    )


def tooling_shapes() -> dict[str, Shape]:
    """The objects that only the Tooling API knows, by lower-case name."""
    return {each.name.lower(): _shape(each, [each], ()) for each in TOOLING_OBJECTS}


def _fields(one: ObjectType, changes: Changes) -> tuple[Field, ...]:
    standard = [each for each in one.fields if (one.name, each.name) not in changes.dropped]
    merged = {f.name.lower(): f for f in (*standard, *changes.custom.get(one.name, ()))}
    return tuple(_changed(each, (one.name, each.name), changes) for each in merged.values())


def _changed(one: Field, place: Place, changes: Changes) -> Field:
    if place in changes.read_only:
        one = replace(one, createable=False, updateable=False, locked=one.createable)
    depends = changes.dependent.get(place)
    if depends is None:
        return one
    allowed = tuple((key, tuple(values)) for key, values in depends["allowed"].items())
    return replace(one, controller=depends["controller"], valid_for=allowed)


def _shape(
    one: ObjectType, objects: list[ObjectType], hidden: Collection[Place], *, readable: bool = True
) -> Shape:
    visible = [each for each in one.fields if (one.name, each.name) not in hidden]
    return Shape(
        object=one,
        fields={each.name.lower(): each for each in one.fields},
        visible={each.name.lower(): each for each in visible},
        relations={f.relationship.lower(): f for f in visible if f.relationship},
        children={
            each.children.lower(): (child.name, each)
            for child in objects
            for each in child.fields
            if each.children and one.name in each.reference_to
        },
        readable=readable,
    )


# Names that describe uses, and ours for them: `define_field` takes either.
_DESCRIBE_NAMES = {
    "externalId": "external_id",
    "idLookup": "id_lookup",
    "caseSensitive": "case_sensitive",
    "restrictedPicklist": "restricted",
    "referenceTo": "reference_to",
    "relationshipName": "relationship",
    "defaultedOnCreate": "defaulted",
    "defaultValue": "default",
    "childRelationshipName": "children",
}
_BY_TYPE: dict[str, dict[str, Any]] = {
    "string": {"length": 255},
    "email": {"length": 80},
    "phone": {"length": 40},
    "url": {"length": 255},
    "textarea": {"length": 255},
    "picklist": {"length": 255},
    "multipicklist": {"length": 4099},
    "int": {"precision": 9},
    "double": {"precision": 18, "scale": 2},
    "currency": {"precision": 18, "scale": 2},
    "percent": {"precision": 18, "scale": 2},
    "boolean": {"nillable": False, "defaulted": True, "default": False},
    "date": {},
    "datetime": {},
    "reference": {"length": 18},
}


def custom_field(name: str, type: str, attributes: Mapping[str, Any]) -> Field:
    """A custom field as an administrator would create it; ValueError for a name or type it refuses."""
    if not name.endswith("__c"):
        raise ValueError(f"the name of a custom field ends in __c, not {name!r}")
    if type not in _BY_TYPE:
        raise ValueError(f"no custom field can be of type {type!r}")
    given = {_DESCRIBE_NAMES.get(key, key): value for key, value in attributes.items()}
    chosen = {"createable": True, "updateable": True, **_BY_TYPE[type], **_tuples(given)}
    if type == "reference":
        chosen.setdefault("relationship", name.removesuffix("__c") + "__r")
    if chosen.get("external_id"):
        chosen["id_lookup"] = True
    return Field(name, chosen.pop("label", spaced(name)), type, custom=True, **chosen)


def _tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes with their lists turned into tuples; picklist values may come as describe's dicts."""
    tidy = dict(given)
    values = tidy.pop("picklistValues", tidy.pop("picklist", None))
    if values is not None:
        tidy["picklist"] = tuple(v["value"] if isinstance(v, dict) else v for v in values)
    if "reference_to" in tidy:
        targets = tidy["reference_to"]
        tidy["reference_to"] = (targets,) if isinstance(targets, str) else tuple(targets)
    return tidy
