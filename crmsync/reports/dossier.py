"""What a mapping dossier says: the mapping as people sign it, as values without any language.

Must not know: any output format, or how these facts were gathered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crmsync.core.losses import Loss
from crmsync.core.mapping import Condition, CreateWhen, Reason
from crmsync.core.records import Native


@dataclass(frozen=True, slots=True)
class SystemLine:
    """One system of the workspace; `read_at` is when it was last read, None if it never was."""

    name: str
    kind: str
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """An object that holds the entity: which records take part, and what is created there."""

    system: str
    object: str
    where: Mapping[str, Condition]
    create: str | CreateWhen
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One native field behind a field of ours. `native` is what its system says of it.

    `measured` False: the object was never read; True without `native`: it was, and had no such field.
    """

    system: str
    object: str
    name: str
    measured: bool = False
    native: Native | None = None


@dataclass(frozen=True, slots=True)
class LossLine:
    """A loss from one system to another, and the objects between which it happens."""

    source: str
    target: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    loss: Loss


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Somebody else who writes a native field, or who copies it on to others."""

    writer: str
    does: str
    system: str
    object: str
    name: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field as it is agreed. `ways` are the systems between which values go, from and to.

    `losses` is None where nothing could be measured on any way. `detail` is what the type has to know; where
    each record says it itself, `detail_from` is the field of ours that does.
    """

    name: str
    type: str
    doc: Mapping[str, str]
    places: tuple[PlaceLine, ...]
    ways: tuple[tuple[str, str], ...]
    policy: str
    policy_system: str | None
    blank: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    detail: str = ""
    detail_from: str = ""
    losses: tuple[LossLine, ...] | None = None
    others: tuple[OtherLine, ...] = ()
    why: Reason = ""


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One kind of record: where it lives, how it is recognised, and its fields."""

    name: str
    doc: Mapping[str, str]
    seats: tuple[SeatLine, ...]
    match: tuple[tuple[str, ...], ...]
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class WriterLine:
    """Another writer as it was declared: what kind, how many copies, and why people accept its circles."""

    name: str
    kind: str
    copies: int
    agreed: str = ""
    circles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the dossier cannot say: a code of `dossier_words.UNKNOWNS`, and what it is about."""

    code: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a client signs. `mapping_digest` says which mapping it is; `client` and `agency` who signs."""

    title: str
    workspace: str
    made_at: datetime
    version: str
    mapping_digest: str
    systems: tuple[SystemLine, ...]
    entities: tuple[EntityPage, ...]
    writers: tuple[WriterLine, ...]
    unknown: tuple[Unknown, ...]
    client: str = ""
    agency: str = ""
