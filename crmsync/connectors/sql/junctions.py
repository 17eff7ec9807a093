"""Tables between two objects: who is tied to whom, with which role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crmsync.connectors.sql import vocabulary as known
from crmsync.connectors.sql.shapes import Shape
from crmsync.core.likeness import own_words

# Which of two objects declares the tie: as in both CRMs, a deal names its people, a person their company.
_ORDER = ("deals", "Opportunity", "contacts", "Contact", "Lead", "companies", "Account")


@dataclass(frozen=True, slots=True)
class Junction:
    """A table between two objects. `id` and `to` are the columns that name the record and the other one.

    `more` are columns that a tie has no place for: with any, a person decides whether it is one.
    `guessed` says that column names lead to the objects, and no foreign key. `others` are the tables that
    stand between the same two objects: which of them counts is for a person to say.
    """

    table: str
    from_object: str
    to_object: str
    id: str
    to: str
    role: str = ""
    primary: str = ""
    more: tuple[str, ...] = ()
    guessed: bool = False
    others: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[str, str]:
        """The two objects."""
        return self.from_object, self.to_object

    @property
    def is_clear(self) -> bool:
        """True if nobody has to decide whether the table ties the two objects."""
        return not self.more and not self.others


def junctions(shapes: Sequence[Shape], objects: Mapping[str, str]) -> list[Junction]:
    """The tables between two known ones. `objects` leads from tables to what they hold."""
    found = [_junction(shape, objects) for shape in shapes if shape.name not in objects]
    known_ones = [each for each in found if each]
    return [replace(each, others=_rivals(each, known_ones)) for each in known_ones]


def _rivals(one: Junction, every: Sequence[Junction]) -> tuple[str, ...]:
    """Other tables between the same two objects; what holds more than ties is no rival of what does not."""
    return tuple(
        each.table
        for each in every
        if each is not one and each.ends == one.ends and bool(each.more) <= bool(one.more)
    )


def _junction(shape: Shape, objects: Mapping[str, str]) -> Junction | None:
    ends = leading(shape, objects)
    if len(ends) != 2 or len(set(ends.values())) != 2:
        return None
    one, other = sorted(ends, key=lambda name: _ORDER.index(objects[ends[name]]))
    role = next((n for n in shape.columns if known.squashed(n) in known.ROLE), "")
    primary = next((n for n in shape.columns if known.squashed(n) in known.PRIMARY), "")
    return Junction(
        shape.name,
        objects[ends[one]],
        objects[ends[other]],
        one,
        other,
        role,
        primary,
        _more(shape, {one, other, role, primary}),
        guessed=not {one, other} <= set(shape.ties),
    )


def _more(shape: Shape, used: set[str]) -> tuple[str, ...]:
    """Columns besides the tie itself: not its own id, and not when it was made."""
    times = known.CREATED | known.MODIFIED
    return tuple(
        name
        for name in shape.columns
        if name not in used
        and (name,) != shape.key
        and name.casefold() != "id"
        and known.squashed(name) not in times
    )


def leading(shape: Shape, objects: Mapping[str, str]) -> dict[str, str]:
    """Columns that lead to a known table: by a foreign key, else by a name such as `user_id` or `id_usuario`."""
    found = {
        name: table
        for name, (table, _) in shape.ties.items()
        if table in objects and name in shape.columns
    }
    named = _named(objects)
    for name in shape.columns:
        if name not in found and name not in shape.ties:
            table = named.get(_leads_to(name))
            if table is not None and table not in found.values():
                found[name] = table
    return found


def _named(tables: Iterable[str]) -> dict[str, str]:
    """Known tables by what one record is called, in any of the languages where that names one table."""
    own = {table: known.singular(known.squashed(table)) for table in tables}
    found = {
        word: table
        for table, words in own.items()
        for each in words
        for word in known.translated(each)
    }
    return found | {word: table for table, words in own.items() for word in words}


_KEYS = ("id", "fk", "cod", "codigo")


def _leads_to(column: str) -> str:
    """What a column such as `user_id` or `id_usuario` leads to, as letters; blank if it does not say so."""
    said = own_words(column)
    if len(said) > 1 and said[-1] in _KEYS:
        return "".join(said[:-1])
    return "".join(said[1:]) if len(said) > 1 and said[0] in _KEYS else ""
