"""What records are recognised by under each match rule, in SQL: the twin of `core/marks.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING

from crmsync.core.mapping import DECIDED, NATIVE_LINK, Entity
from crmsync.core.marks import CHECK_LETTERS, DOTLESS, TAGGED
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    import duckdb

_OBJECTING_TYPES = frozenset({"email", "tax_id"})
"""Fields that name one customer and no other: where they lead elsewhere, a native link is not believed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One match rule as SQL over `canon_<entity> c` and `key_<entity> k`: `how` is what it is called.

    `native` are the two systems of a native link; `objects` is true if the rule may speak against one. `join`
    is what the mark needs beside `c` and `k`.
    """

    how: str
    mark: str
    native: tuple[str, str] | None = None
    objects: bool = False
    join: str = ""


def rules_of(db: duckdb.DuckDBPyConnection, entity: Entity, *, decided: bool = False) -> list[Rule]:
    """The entity's match rules in order; `native_link` is one rule for every two systems it ties.

    Without anything `decided` there is no rule of that name.
    """
    found: list[Rule] = []
    for rule in entity.match:
        if rule == DECIDED:
            found += [_decided(entity)] if decided else []
            continue
        if rule == NATIVE_LINK:
            pairs = enumerate(_pairs(entity))
            found += [_pointed(entity, number, *pair) for number, pair in pairs]
            continue
        names = [rule] if isinstance(rule, str) else rule
        single = entity.field_named(names[0]) if len(names) == 1 else None
        objects = single is not None and single.type in _OBJECTING_TYPES
        found.append(Rule("+".join(names), _mark(db, entity, names), objects=objects))
    return found


def objectors(rules: list[Rule]) -> dict[int, list[int]]:
    """For the place of each native link: the places of the rules that may speak against it."""
    places = [place for place, rule in enumerate(rules) if rule.objects]
    return {place: places for place, rule in enumerate(rules) if rule.native}


def place_of(rules: list[Rule], how: str) -> int | None:
    """Where a rule stands, None if there is none of that name."""
    return next((place for place, rule in enumerate(rules) if rule.how == how), None)


def _decided(entity: Entity) -> Rule:
    """The group to which people's decisions put a record (warehouse/decided.py)."""
    join = (
        f"LEFT JOIN {quoted('decided_' + entity.entity)} decided "
        "ON decided.system = c.system AND decided.object = c.object AND decided.id = c.id"
    )
    return Rule(DECIDED, "decided.mark", join=join)


def _pairs(entity: Entity) -> list[tuple[str, str]]:
    return list(dict.fromkeys((each.system, each.to.system) for each in entity.native_links))


def _pointed(entity: Entity, number: int, system: str, to_system: str) -> Rule:
    """The address a record of one system points to, and in the other system a record's own address."""
    alias, keys = f"pointed_{number}", quoted(f"key_{entity.entity}")
    address = address_sql("p.to_object", "p.to_id")
    links = (
        f"SELECT * FROM {quoted(f'pointer_{entity.entity}')} "
        f"WHERE system = {literal(system)} AND to_system = {literal(to_system)}"
    )
    join = (
        f"LEFT JOIN (SELECT p.system, p.object, p.id, {address} AS mark FROM ({links}) p UNION "
        f"SELECT t.system, t.object, t.id, {address} FROM ({links}) p JOIN {keys} t "
        f"ON t.system = p.to_system AND t.object = p.to_object AND {id_sql('t.id')} = p.to_id "
        f"WHERE t.system <> p.system) {alias} "
        f"ON {alias}.system = c.system AND {alias}.object = c.object AND {alias}.id = c.id"
    )
    return Rule(NATIVE_LINK, f"{alias}.mark", (system, to_system), join=join)


def address_sql(object_: str, id_: str) -> str:
    """A record inside one system as one text."""
    return f"{object_} || '/' || {id_}"


def _mark(db: duckdb.DuckDBPyConnection, entity: Entity, names: list[str]) -> str:
    """What a record is recognised by under one rule: null unless every part of it is known."""
    if names == ["key"]:
        return "coalesce(c.stamp, k.key)"
    return f"({' || chr(31) || '.join(_part(db, entity, name) for name in names)})"


def _part(db: duckdb.DuckDBPyConnection, entity: Entity, name: str) -> str:
    each = entity.field_named(name)
    column = f"c.{quoted(name)}"
    if each is None or each.type != "reference":
        return _PARTS.get(each.type if each else "", lower_sql)(column)
    tables = {row[0] for row in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    keys = f"key_{each.to}"
    if keys not in tables or each.to == entity.entity:
        return "NULL::VARCHAR"
    return (
        f"(SELECT min(t.key) FROM {quoted(keys)} t WHERE t.system = c.system "
        f"AND t.id = c.{quoted(name + '_raw')})"
    )


def lower_sql(column: str) -> str:
    """Any canonical text, without case."""
    return f"lower({column})"


def email_sql(column: str) -> str:
    """`core.marks.email_mark` in SQL."""
    domain = f"split_part({column}, '@', -1)"
    local = f"left({column}, length({column}) - length({domain}) - 1)"
    name = f"split_part({local}, '+', 1)"
    # One arm for all domains that are written alike: a longer statement is planned longer, for every entity.
    cases = [
        f"WHEN {domain} IN ({_listed(one for one, other in DOTLESS.items() if other == to)}) "
        f"THEN nullif(replace({name}, '.', ''), '') || {literal('@' + to)}"
        for to in sorted({*DOTLESS.values()})
    ]
    cases.append(f"WHEN {domain} IN ({_listed(TAGGED)}) THEN nullif({name}, '') || '@' || {domain}")
    return f"coalesce(CASE {' '.join(cases)} END, {column})"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, sorted(texts)))


def name_sql(column: str) -> str:
    """`core.marks.name_mark` in SQL."""
    return (
        f"trim(regexp_replace(lower(strip_accents({column})), '[ \\t\\n\\f\\r]+', ' ', 'g'), ' ')"
    )


_CAPITALS, _OTHERS = ascii_uppercase, ascii_lowercase + digits
_LETTERS = "".join(
    f"|{place & 1}{place >> 1 & 1}{place >> 2 & 1}{place >> 3 & 1}{place >> 4}{letter}"
    for place, letter in enumerate(CHECK_LETTERS)
)
"""For each five signs, with 1 where one is upper case, the letter that says so."""


def stripped_sql(column: str) -> str:
    """A text without the blanks around it."""
    return f"trim({column}, {literal(' ' + chr(9) + chr(10) + chr(12) + chr(13))})"


def id_sql(column: str) -> str:
    """`core.marks.id_mark` in SQL; blank exactly where `stripped_sql` is."""
    text = stripped_sql(column)
    bits = (
        f"translate({text}, '{_CAPITALS}{_OTHERS}', '{'1' * len(_CAPITALS)}{'0' * len(_OTHERS)}')"
    )
    letters = [
        f"substr('{_LETTERS}', strpos('{_LETTERS}', '|' || substr({bits}, {start}, 5)) + 6, 1)"
        for start in (1, 6, 11)
    ]
    return (
        f"(CASE WHEN regexp_full_match({text}, '[A-Za-z0-9]{{15}}') "
        f"THEN {' || '.join([text, *letters])} ELSE {text} END)"
    )


_PARTS = {"email": email_sql, "text": name_sql}
"""How the fields of some types are compared; the others as they are, without case."""
