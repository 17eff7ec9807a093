"""What of two systems corresponds: certain, to be decided by a person, or there in one system only.

| proposed as | if |
|---|---|
| certain | the names are the same words, the types go together, picklists hold the same values |
| to decide | names or labels are only near, or types or picklists differ: with the reason and a suggestion |
| unknown | no other system has anything like it |

Nothing is certain by a label, by likeness or by a word of another language, unless a picklist bears it out:
who maps a field wrongly overwrites good values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from itertools import combinations

from crmsync.core.likeness import (
    NEAR,
    folded,
    is_custom,
    nearness,
    plain_name,
    same_meaning,
    same_name,
    words,
)
from crmsync.core.mapping import CONSENT_FIELDS
from crmsync.core.options import Comparison, compare
from crmsync.core.records import Native, Schema

_CLASSES: Mapping[str, str] = {
    "string": "text", "text": "text", "integer": "number", "number": "number", "boolean": "flag",
    "date": "date", "datetime": "instant", "picklist": "choice", "multipicklist": "choices",
}  # fmt: skip
# What two classes that differ could be held as; without an entry, as text.
_BETWEEN: Mapping[frozenset[str], str] = {
    frozenset(("date", "instant")): "date",
    frozenset(("choice", "text")): "choice",
    frozenset(("choices", "text")): "choices",
    frozenset(("choice", "choices")): "choices",
    frozenset(("choice", "flag")): "flag",
    frozenset(("number", "text")): "decimal",
}
_TEXTS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("email",)), "email"),
    (frozenset(("phone", "mobile", "fax")), "phone"),
    (frozenset(("website", "linkedin", "twitter")), "url"),
)
# A reference says which record, and only a person knows what it leads to in the other system.
_TIES = frozenset(("reference", "references"))
_MONEY = frozenset(("amount", "revenue", "price", "salary", "budget"))


@dataclass(frozen=True, slots=True)
class Offered:
    """One native field that a system offers, and which of its objects have it.

    `leads` is False where the first object of the system has it not: a Lead has it, a Contact has not.
    """

    system: str
    native: Native
    objects: tuple[str, ...]
    leads: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One field of ours that could be. `reason` is blank where it is certain; `facts` fill its words.

    `to` is the one system that can be written, blank for both.
    """

    field: str
    type: str
    sides: tuple[Offered, ...]
    values: Mapping[str, Mapping[str, str]] = default(default_factory=dict)
    to: str = ""
    reason: str = ""
    facts: tuple[str, ...] = ()

    @property
    def is_consent(self) -> bool:
        """True if a side keeps an opt-out."""
        return any(each.native.name in CONSENT_FIELDS for each in self.sides)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found for one entity beyond the fields that are mapped already."""

    certain: tuple[Suggestion, ...] = ()
    to_decide: tuple[Suggestion, ...] = ()
    unknown: tuple[Offered, ...] = ()


def offered(schemas: Sequence[Schema], known: Collection[str]) -> list[Offered]:
    """The fields of one system's objects that a mapping could take, by name; `known` ones are left out.

    Of a system that can be written, fields that nobody can write are left out, but for formulas.
    """
    writes = any(each.writable for schema in schemas for each in schema.fields.values())
    found: dict[str, Offered] = {}
    for schema in schemas:
        for name, native in schema.fields.items():
            if name in known or not _takes_part(native, writes=writes):
                continue
            before = found.get(name)
            objects = (*before.objects, schema.object) if before else (schema.object,)
            kept = before.native if before else native
            leads = objects[0] == schemas[0].object
            found[name] = Offered(schema.system, kept, objects, leads)
    return [found[name] for name in sorted(found)]


def _takes_part(native: Native, *, writes: bool) -> bool:
    if native.type == "id" or native.name.startswith(("_", "associations.")):
        return False
    return native.writable or not writes or is_custom(native.name)


def propose(offers: Sequence[Sequence[Offered]], taken: Collection[str] = ()) -> Proposal:
    """What fields of several systems correspond. `taken` are names that no new field of ours may have."""
    certain: list[Suggestion] = []
    to_decide: list[Suggestion] = []
    used: set[tuple[str, str]] = set()
    for left, right in combinations(offers, 2):
        for found in _found(left, right, used):
            if not found.reason and plain_name(_longest(found)) in taken:
                found = replace(found, reason="taken", facts=(plain_name(_longest(found)),))
            (to_decide if found.reason else certain).append(found)
            used |= {(each.system, each.native.name) for each in found.sides}
        _extend(certain, right, used)
    names = set(taken)
    return Proposal(
        tuple(_named(each, names) for each in certain),
        tuple(_named(each, names) for each in to_decide),
        tuple(one for side in offers for one in side if (one.system, one.native.name) not in used),
    )


def _found(
    left: Sequence[Offered], right: Sequence[Offered], used: Collection[tuple[str, str]]
) -> list[Suggestion]:
    """Pairs of two systems, each field in one pair at most: the likest pairs are made first."""
    ranked = sorted(
        ((_likeness(one.native, other.native), one, other) for one in left for other in right
         if one.native.type not in _TIES and other.native.type not in _TIES),
        key=lambda each: (-each[0], each[1].native.name, each[2].native.name),
    )  # fmt: skip
    free = {(e.system, e.native.name) for e in (*left, *right)} - set(used)
    found = []
    for likeness, one, other in ranked:
        pair = {(one.system, one.native.name), (other.system, other.native.name)}
        writes = one.native.writable or other.native.writable or _only_read(left, right)
        if likeness >= NEAR and pair <= free and writes and _worth(likeness, one, other):
            free -= pair
            found.append(_suggestion(one, other))
    return sorted(found, key=lambda each: each.sides[0].native.name)


def _only_read(*sides: Sequence[Offered]) -> bool:
    """True if no system can be written: a mapping for an audit."""
    return not any(each.native.writable for side in sides for each in side)


def _likeness(one: Native, other: Native) -> float:
    if same_name(one.name, other.name):
        return 103.0
    if same_meaning(one.name, other.name):
        return 102.0
    if _same_label(one, other):
        return 101.0
    return nearness(one.name, other.name)


def _same_label(one: Native, other: Native) -> bool:
    return bool(one.label) and folded(one.label) == folded(other.label)


def _worth(likeness: float, one: Offered, other: Offered) -> bool:
    """False for names that are only near, of types that have nothing to do with each other."""
    kinds = frozenset(_CLASSES.get(each.native.type, "text") for each in (one, other))
    return likeness > 100 or len(kinds) == 1 or kinds in _BETWEEN


def _suggestion(one: Offered, other: Offered) -> Suggestion:
    sides = (one, other)
    options = _options(one.native, other.native)
    found = Suggestion("", _type(one.native, other.native), sides, to=_writable(one, other))
    if options is not None and options.left:
        found = replace(found, values={one.system: options.left, other.system: options.right})
    reason, facts = next(_doubts(one, other, options), ("", ()))
    return replace(found, reason=reason, facts=facts)


def _doubts(
    one: Offered, other: Offered, options: Comparison | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Why a person has to look, the weightiest first."""
    left, right = one.native, other.native
    if not same_meaning(left.name, right.name):
        yield ("label" if _same_label(left, right) else "near"), ()
    if _CLASSES.get(left.type, "text") != _CLASSES.get(right.type, "text"):
        yield "types", (left.type, right.type)
    if options is not None and options.kind != "same":
        facts = (", ".join(options.only_left), ", ".join(options.only_right))
        yield options.kind, facts if options.kind == "partial" else ()
    if options is None and not same_name(left.name, right.name):
        yield "synonym", ()
    aside = next((each for each in (one, other) if not each.leads), None)
    if aside is not None:
        yield "aside", (f"{aside.system} {', '.join(aside.objects)}",)


def _options(one: Native, other: Native) -> Comparison | None:
    """How two picklists compare, None if there are no two."""
    kinds = {"picklist", "multipicklist"}
    return compare(one.listed, other.listed) if {one.type, other.type} <= kinds else None


def _writable(one: Offered, other: Offered) -> str:
    """The one system that can be written, where the other cannot."""
    able = [each.system for each in (one, other) if each.native.writable]
    return able[0] if len(able) == 1 else ""


def _type(one: Native, other: Native) -> str:
    kinds = frozenset((_CLASSES.get(one.type, "text"), _CLASSES.get(other.type, "text")))
    if len(kinds) == 2:
        return _BETWEEN.get(kinds, "text")
    (kind,) = kinds
    spoken = {*words(one.name), *words(other.name)}
    if kind == "number":
        whole = any(each.type == "integer" or each.scale == 0 for each in (one, other))
        return "money" if spoken & _MONEY else "integer" if whole else "decimal"
    return next((named for marks, named in _TEXTS if kind == "text" and spoken & marks), kind)


def _extend(
    certain: list[Suggestion], offers: Sequence[Offered], used: set[tuple[str, str]]
) -> None:
    """Adds a further system to what is certain, where its field is certain beside each of the others."""
    for index, found in enumerate(certain):
        for one in offers:
            if one.system in {each.system for each in found.sides}:
                break
            pairs = [_suggestion(each, one) for each in found.sides]
            fits = all(not pair.reason and pair.type == found.type for pair in pairs)
            if fits and not found.to and (one.system, one.native.name) not in used:
                certain[index] = replace(found, sides=(*found.sides, one))
                used.add((one.system, one.native.name))
                break


def _longest(found: Suggestion) -> str:
    """The native name of the most words: `AnnualRevenue` tells more than `annualrevenue`."""
    return max((each.native.name for each in found.sides), key=lambda name: len(words(name)))


def _named(found: Suggestion, names: set[str]) -> Suggestion:
    """The suggestion with a name of ours that nobody has yet."""
    base = plain_name(_longest(found))
    base = f"{base}_value" if base.endswith("_raw") else base
    name, number = base, 2
    while name in names:
        name, number = f"{base}_{number}", number + 1
    names.add(name)
    return replace(found, field=name)
