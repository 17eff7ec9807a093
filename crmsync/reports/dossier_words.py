"""The words of a mapping dossier: what a type, a policy, a blank, a loss or a condition means to a client."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crmsync.core.mapping import Condition, CreateWhen
from crmsync.core.records import Native
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.dossier import FieldLine, LossLine, PlaceLine, SeatLine, Unknown
from crmsync.reports.numbers import number
from crmsync.reports.words import ENTITIES, joined, named, system_name

NAME = 80
_LIST = 12
"""How many values a sentence names; the page of value maps has them all."""

TYPES: Mapping[str, str] = {
    "text": N_("text"),
    "email": N_("e-mail address"),
    "phone": N_("phone number"),
    "domain": N_("web domain"),
    "url": N_("web address"),
    "tax_id": N_("tax number"),
    "integer": N_("whole number"),
    "decimal": N_("number with decimals"),
    "money": N_("amount of money"),
    "date": N_("day"),
    "instant": N_("moment"),
    "choice": N_("one of a list"),
    "choices": N_("several of a list"),
    "flag": N_("yes or no"),
    "owner": N_("responsible person"),
    "reference": N_("tie to another record"),
    "references": N_("ties to other records"),
}
NATIVE_TYPES: Mapping[str, str] = {
    "string": N_("text"),
    "text": N_("long text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "boolean": N_("yes or no"),
    "date": N_("day"),
    "datetime": N_("moment"),
    "picklist": N_("list"),
    "multipicklist": N_("list, several at once"),
    "reference": N_("tie"),
    "references": N_("ties"),
    "id": N_("record id"),
}
POLICIES: Mapping[str, tuple[str, str]] = {
    "ask": (
        N_("a person decides"),
        N_("A change on one side alone goes over. If both sides differ, a person decides."),
    ),
    "newest": (
        N_("the last edit"),
        N_("The side edited last wins. If nobody can tell which that is, a person decides."),
    ),
    "prefer": (
        N_("{system}, unless blank"),
        N_(
            "{system} wins. Where it has no value, the value of the other side counts; if several differ,"
            " a person decides."
        ),
    ),
    "always": (
        N_("always {system}"),
        N_("{system} always wins and is never written."),
    ),
    "fill": (
        N_("each its own, blanks filled"),
        N_("Each side keeps its own value; only a blank is filled from the other side."),
    ),
    "union": (
        N_("the sum"),
        N_("All that any side added, without what any side took away."),
    ),
    "highest": (
        N_("the highest"),
        N_("The highest value wins, in this order: {order}."),
    ),
    "sticky": (
        N_("once yes, always yes"),
        N_("Yes on one side becomes yes on every side, and is never taken back."),
    ),
}  # fmt: skip
"""For each policy a few words for a table, and a sentence."""
_OWN_RULE = (N_("the rule “{rule}”"), N_("The rule “{rule}” of the mapping decides."))
"""The same for a policy without words of its own, so that a new one needs none."""
BLANKS: Mapping[str, str] = {
    "ignore": N_("An emptied value is filled again from the other side."),
    "propagate": N_("Who empties it on one side empties it on every side."),
    "ask": N_("If it is emptied on one side, a person decides."),
}
_LONE = (
    N_("{system}, whatever others hold"),
    N_("The value of {system} counts; what the others hold is replaced by it."),
)
"""Where one side alone is listened to, these policies have nothing to settle."""
_CONTESTED = frozenset({"ask", "newest", "prefer"})
_LONE_BLANKS: Mapping[str, str] = {
    "ignore": N_(
        "Emptied elsewhere, it is filled again from {system}; emptied in {system}, the others keep theirs."
    ),
    "propagate": N_("Who empties it in {system} empties it on every side."),
    "ask": N_("If it is emptied in {system}, a person decides."),
}
_BLANKS_OF: Mapping[str, str] = {
    "fill": N_("A blank is filled from the other side."),
    "sticky": N_("A blank takes no opt-out back."),
}
_READ_ONLY = (N_("only read"), N_("It is only read: nothing is written anywhere."))

LOSSES: Mapping[str, str] = {
    "cut": N_("texts of more than {number} characters are cut"),
    "too_long": N_("values of more than {number} characters do not go over"),
    "rounded": N_("rounded to {number} digits after the point"),
    "seconds": N_("fractions of a second are dropped"),
    "time": N_("a day is no moment: the value stays where it is"),
    "to_day": N_("the moment becomes the day it falls on"),
    "from_day": N_("the day becomes its first moment"),
    "options": N_("no counterpart, so they do not go over: {values}"),
    "merged": N_("several values become one: {values}"),
    "unlisted": N_("the list of values was not read, so nothing can be said of missing ones"),
    "unmapped": N_("in the list of the system but not in the value map, so they do not go over: {values}"),
    "read_only": N_("the system lets nobody write this field"),
}  # fmt: skip
CREATES: Mapping[str, str] = {
    "never": N_("Nothing is created here."),
    "ask": N_("Created only when a person has said so."),
}
KINDS: Mapping[str, str] = {
    "native_connector": N_("native connector"),
    "workflow": N_("workflow"),
    "flow": N_("flow"),
    "other": N_("other writer"),
}
RECOGNISED: Mapping[str, str] = {
    "contact": N_("How one contact is recognised, in this order"),
    "company": N_("How one company is recognised, in this order"),
    "deal": N_("How one deal is recognised, in this order"),
}
_RECOGNISED = N_("How two records are recognised as one, in this order")
MATCHES: Mapping[str, str] = {
    "key": N_("our own key"),
    "native_link": N_("the link that the systems keep between them"),
    "decided": N_("what people decided of pairs of records"),
}
OTHERS: Mapping[str, str] = {
    "writes": N_("{who} writes {spot}"),
    "copies": N_("{who} copies {spot} to other fields"),
}
SIGNED = (N_("Name and office"), N_("Signature"), N_("Date"))
PARTIES = (N_("For the client"), N_("For the team"))
UNKNOWNS: Mapping[str, str] = {
    "unread": N_("These objects were never read, so lengths, types and lists of values could not be compared:"),
    "absent": N_("These fields were not there, or not readable, when their object was last read:"),
    "unlisted": N_(
        "The list of values of these fields was not read, so nothing can be said of values that are missing:"
    ),
    "no_why": N_("Nobody wrote down why these fields are treated as they are:"),
    "no_why_en": N_("These fields have a reason in another language only, not in English:"),
    "no_why_es": N_("These fields have a reason in another language only, not in Spanish:"),
    "no_doc_en": N_("These fields have no description in English:"),
    "no_doc_es": N_("These fields have no description in Spanish:"),
    "no_writers": N_(
        "No other writer was declared. Whether a native connector, a workflow or a flow writes the same fields"
        " was not looked at."
    ),
    "declared_only": N_(
        "Other writers are known as far as they were declared; what else they or others write was not"
        " looked at:"
    ),
}  # fmt: skip


def type_text(
    line: FieldLine, language: str, titles: Mapping[str, str] = MappingProxyType({})
) -> str:
    """A type in words, with its currency, country, time zone or entity; `titles` are those of our fields."""
    word = named(TYPES, line.type, language)
    is_tie = line.type in ("reference", "references")
    detail = named(ENTITIES, line.detail, language) if is_tie else clean(line.detail, NAME)
    own = titles.get(line.detail_from) or clean(line.detail_from, NAME)
    said = translate("as “{field}” of the record says", language).format(field=own) if own else ""
    shown = "; ".join(part for part in (said, line.detail and detail) if part)
    return f"{word} ({shown})" if shown else word


def native_text(place: PlaceLine, language: str) -> str:
    """What a system says of its field in short: its type and how much it keeps."""
    native = place.native
    if native is None:
        missing = N_("not there when last read") if place.measured else N_("not measured")
        return translate(missing, language)
    parts = [named(NATIVE_TYPES, native.type, language), *_bounds(native, language)]
    return ", ".join(parts)


def _bounds(native: Native, language: str) -> list[str]:
    found = []
    if native.length is not None and native.type in ("string", "text"):
        found.append((N_("{n} characters"), native.length))
    if native.scale is not None and native.type in ("number", "integer") and native.scale:
        found.append((N_("{n} decimals"), native.scale))
    if native.options is not None:
        found.append((N_("{n} values"), len(native.options)))
    texts = [translate(text, language).format(n=number(n, language)) for text, n in found]
    return texts if native.writable else [*texts, translate("read only", language)]


def is_read_only(line: FieldLine) -> bool:
    """True for a field that nobody writes."""
    return not line.ways


def policy_short(line: FieldLine, language: str) -> str:
    """Who wins, in a few words for a table."""
    return _policy(line, 0, language)


def policy_text(line: FieldLine, language: str) -> str:
    """Who wins, as a sentence."""
    return _policy(line, 1, language)


def _policy(line: FieldLine, place: int, language: str) -> str:
    if is_read_only(line):
        return translate(_READ_ONLY[place], language)
    source = lone_source(line)
    if source and line.policy in _CONTESTED:
        return translate(_LONE[place], language).format(system=system_name(source))
    words = POLICIES.get(line.policy, _OWN_RULE)
    return translate(words[place], language).format(
        rule=clean(line.policy, NAME),
        system=system_name(line.policy_system or ""),
        order=" < ".join(clean(each, NAME) for each in line.order),
    )


def lone_source(line: FieldLine) -> str:
    """The one system whose values are listened to, "" where there are several."""
    sources = {source for source, _ in line.ways}
    return sources.pop() if len(sources) == 1 else ""


def blank_text(line: FieldLine, language: str) -> str:
    """What happens to blanks, as a sentence; "" where nothing is written."""
    if is_read_only(line):
        return ""
    source = lone_source(line)
    if line.policy in _BLANKS_OF:
        return translate(_BLANKS_OF[line.policy], language)
    table = _LONE_BLANKS if source else BLANKS
    return translate(table.get(line.blank, line.blank), language).format(system=system_name(source))


def ways_of(line: FieldLine) -> list[tuple[str, str, str]]:
    """Where values go: `Salesforce ⇄ HubSpot`, in the order of the mapping."""
    found: dict[tuple[str, str], str] = {}
    for source, target in line.ways:
        if (target, source) in found:
            found[target, source] = "⇄"
        else:
            found[source, target] = "→"
    return [(system_name(s), arrow, system_name(t)) for (s, t), arrow in found.items()]


def ways_text(line: FieldLine, language: str) -> str:
    """Where values go, in one line."""
    ways = [" ".join(way) for way in ways_of(line)]
    return "; ".join(ways) or translate(_READ_ONLY[0], language)


def loss_text(line: LossLine, language: str) -> str:
    """One loss: from where, to where, and what."""
    loss = line.loss
    shown = [clean(each, 3 * NAME) for each in loss.values[:_LIST]]
    rest = len(loss.values) - len(shown)
    if rest:
        shown.append(translate("{n} more", language).format(n=number(rest, language)))
    text = translate(LOSSES.get(loss.kind, loss.kind), language).format(
        number=number(loss.number or 0, language), values=", ".join(shown)
    )
    return f"{_objects(line.source, line.sources)} → {_objects(line.target, line.targets)}: {text}"


def _objects(system: str, objects: tuple[str, ...]) -> str:
    return f"{system_name(system)} {', '.join(clean(each, NAME) for each in objects)}"


def losses_text(line: FieldLine, language: str) -> list[str]:
    """Every loss of a field, or one line that says why there is none."""
    if is_read_only(line):
        return []
    if line.losses is None:
        return [translate("Not measured: the systems were not read yet.", language)]
    lost = [loss_text(each, language) for each in line.losses]
    return lost or [translate("None.", language)]


_NATIVE_FLAGS: Mapping[tuple[str, bool], str] = {
    ("IsConverted", False): N_("leads that are not converted"),
    ("IsConverted", True): N_("converted leads"),
    ("IsClosed", False): N_("not closed"),
    ("IsClosed", True): N_("closed"),
    ("IsWon", False): N_("not won"),
    ("IsWon", True): N_("won"),
    ("archived", False): N_("not archived"),
    ("archived", True): N_("archived"),
}
"""Native flags that every org or portal has, in the words of people."""


def condition_text(name: str, condition: Condition, language: str) -> str:
    """One condition: `country is ES or PT`."""
    if isinstance(condition, bool) and (name, condition) in _NATIVE_FLAGS:
        return translate(_NATIVE_FLAGS[name, condition], language)
    plain = {"present": N_("{name} has a value"), "blank": N_("{name} is blank")}
    if isinstance(condition, str) and condition in plain:
        return translate(plain[condition], language).format(name=clean(name, NAME))
    values = condition if isinstance(condition, list) else [condition]
    said = [_value_text(each, language) for each in values]
    return translate("{name} is {values}", language).format(
        name=clean(name, NAME), values=_either(said, language)
    )


def _value_text(value: str | bool | int, language: str) -> str:
    if isinstance(value, bool):
        return translate("yes", language) if value else translate("no", language)
    return f"“{clean(str(value), NAME)}”"


def _either(parts: list[str], language: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    text = translate("{most} or {last}", language)
    return text.format(most=", ".join(parts[:-1]), last=parts[-1])


def conditions_text(conditions: Mapping[str, Condition], language: str) -> str:
    """All conditions, joined; "" without any."""
    return joined([condition_text(*each, language) for each in conditions.items()], language)


def create_text(seat: SeatLine, titles: Mapping[str, str], language: str) -> str:
    """What is created on a seat, as a sentence; `titles` are those of our fields by name."""
    if seat.read_only:
        return translate("It is only read: nothing is written here.", language)
    if isinstance(seat.create, CreateWhen):
        text = translate("Created where {conditions}.", language)
        when = {titles.get(name, name): each for name, each in seat.create.when.items()}
        return text.format(conditions=conditions_text(when, language))
    return translate(CREATES.get(seat.create, seat.create), language)


def recognised_text(entity: str, language: str) -> str:
    """The title over the match rules of an entity."""
    return translate(RECOGNISED.get(entity, _RECOGNISED), language)


def unknown_text(unknown: Unknown, language: str) -> str:
    """What is not known, as a sentence."""
    return translate(UNKNOWNS.get(unknown.code, unknown.code), language)
