"""Stock checks in SQL: what each kind asks of the face, how many it looks at, and what it needs.

Only names of entities, fields and systems stand in a query, quoted; every value that somebody wrote is a param, which a
workspace may set otherwise. A record is looked at if its object has every field that is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crmsync.core.auditing import Param
from crmsync.core.mapping import Condition, Entity, Field
from crmsync.core.stock import STAMPS, TODAY, Check, family_of

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A check as an audit asks it: two queries, what has to be there, and the params of both."""

    query: str
    eligible: str
    needs: tuple[str, ...]
    params: Mapping[str, Param]


def compiled(check: Check, entity: Entity, target: Entity | None = None) -> Asked:
    """The check in SQL; `target` is the entity that a reference leads to."""
    query, eligible = _KINDS[check.check](_Part(check, entity))
    return Asked(query, eligible, tuple(_needs(check, entity, target)), params_of(check, entity))


def params_of(check: Check, entity: Entity) -> dict[str, Param]:
    """What the queries of a check ask for, by name."""
    found: dict[str, Param] = {}
    if check.pattern:
        found["pattern"] = check.pattern
    if check.values:
        found["values"] = list(check.values)
    for name in ("at_least", "at_most", "days"):
        value = getattr(check, name)
        if value is not None:
            found[name] = value
    if check.system:
        found["system"] = check.system
    for name, condition in check.where.items():
        if condition not in ("present", "blank"):
            found[f"where_{name}"] = _texts(condition)
    return found


def _texts(condition: Condition) -> list[str]:
    given = condition if isinstance(condition, list) else [condition]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in given]


def _needs(check: Check, entity: Entity, target: Entity | None) -> Iterator[str]:
    named = dict.fromkeys((*check.asked, *check.where, check.amount))
    mapped = [name for name in named if entity.field_named(name)]
    # What is asked of every record needs one at least: any field of it will do.
    yield from (f"{entity.entity}.{name}" for name in mapped or [entity.fields[0].field])
    if check.check == "consistent":
        yield "pair"
    if check.system:
        yield f"system:{check.system}"
        first = next((each for each in entity.fields if check.system in each.systems), None)
        # A read that broke off did not see everybody: then nobody is missing.
        yield from [f"{check.system}:{entity.entity}.{first.field}"] if first else []
    if target is not None:
        yield f"{target.entity}.{target.fields[0].field}"


@dataclass(frozen=True, slots=True)
class _Part:
    """A check and its entity, and how parts of a query about them are written."""

    check: Check
    entity: Entity

    def field(self, name: str) -> Field | None:
        return self.entity.field_named(name)

    def family(self, name: str) -> str:
        found = self.field(name)
        return family_of(found.type) if found else "date" if name in STAMPS else "text"

    def text(self, name: str) -> str:
        """What a system wrote, NULL for what is only white space."""
        return f"nullif(trim({_quoted(name + '_raw')}), '')" if self.field(name) else _quoted(name)

    @property
    def amount(self) -> str:
        return f", {_quoted(self.check.amount)} AS amount" if self.check.amount else ""

    def rows(self, fields: Sequence[str], test: str = "", *, some: bool = False) -> str:
        """FROM and WHERE: records whose object has all of the fields (or `some`), and that meet the conditions."""
        tests = [self._condition(name, each) for name, each in self.check.where.items()]
        tests += [test] if test else []
        had = [
            *([] if some else [[name] for name in fields]),
            *[[each] for each in self.check.where],
        ]
        had += [list(fields)] if some and fields else []
        joins = "".join(self._having(names) for names in had)
        where = f"\nWHERE {' AND '.join(tests)}" if tests else ""
        return f"FROM {_quoted(self.entity.entity)}{joins}{where}"

    def _having(self, names: Sequence[str]) -> str:
        mapped = [name for name in names if self.field(name)]
        if not mapped:
            return ""
        listed = ", ".join(_literal(name) for name in mapped)
        return (
            f"\n  SEMI JOIN (SELECT system, object FROM field WHERE entity = {_literal(self.entity.entity)} "
            f"AND field IN ({listed})) USING (system, object)"
        )

    def _condition(self, name: str, condition: Condition) -> str:
        if condition == "present":
            return f"{self.text(name)} IS NOT NULL"
        if condition == "blank":
            return f"{self.text(name)} IS NULL"
        asked, value = f"$where_{name}", _quoted(name)
        if self.family(name) == "number":
            return f"list_contains(list_transform({asked}, lambda n: try_cast(n AS DECIMAL(38,10))), {value})"
        if self.family(name) == "set":
            return f"list_has_any(string_split({value}, ';'), {asked})"
        return f"list_contains({asked}, CAST({value} AS VARCHAR))"


def _found(name: str, detail: str = "") -> str:
    shown = f", left(CAST({detail} AS VARCHAR), {_SHOWN}) AS detail" if detail else ""
    return f"SELECT system, object, id, {_literal(name)} AS field{shown}"


def _of_each(part: _Part, one: Callable[[str], tuple[str, str]]) -> tuple[str, str]:
    """One query a field, together; the numbers of what they look at added up."""
    each = [one(name) for name in part.check.asked]
    counted = " + ".join(f"({eligible})" for _, eligible in each)
    query = "\nUNION ALL\n".join(query for query, _ in each)
    return query, each[0][1] if len(each) == 1 else f"SELECT {counted}"


def _required(part: _Part) -> tuple[str, str]:
    def one(name: str) -> tuple[str, str]:
        missing = f"{part.text(name)} IS NULL"
        query = f"{_found(name)}{part.amount} {part.rows([name], missing)}"
        return query, f"SELECT count(*) {part.rows([name])}"

    return _of_each(part, one)


def _one_of(part: _Part) -> tuple[str, str]:
    names = part.check.asked
    missing = " AND ".join(f"{part.text(name)} IS NULL" for name in names)
    query = f"SELECT system, object, id{part.amount} {part.rows(names, missing, some=True)}"
    return query, f"SELECT count(*) {part.rows(names, some=True)}"


def _unique(part: _Part) -> tuple[str, str]:
    names = part.check.asked
    there = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in names)
    same = ", ".join(
        f"lower(trim({_quoted(n)}))" if part.family(n) in ("text", "set") else _quoted(n)
        for n in names
    )
    detail = f"concat_ws(' · ', {', '.join(_quoted(name) for name in names)})"
    query = (
        f"{_found(names[0], detail)}{part.amount} {part.rows(names, there)}\n"
        f"QUALIFY count(*) OVER (PARTITION BY system, object, {same}) > 1"
    )
    return query, f"SELECT count(*) {part.rows(names, there)}"


def _about_value(part: _Part, test: str, detail: str = "") -> tuple[str, str]:
    """What objects to the value of the one field, where there is one."""
    (name,) = part.check.asked
    there = f"{_quoted(name)} IS NOT NULL"
    query = f"{_found(name, detail or _quoted(name))}{part.amount} {part.rows([name], f'{there} AND {test}')}"
    return query, f"SELECT count(*) {part.rows([name], there)}"


def _pattern(part: _Part) -> tuple[str, str]:
    return _about_value(part, f"NOT regexp_full_match({_only(part)}, $pattern)")


def _not_pattern(part: _Part) -> tuple[str, str]:
    return _about_value(part, f"regexp_full_match({_only(part)}, $pattern)")


def _only(part: _Part) -> str:
    return _quoted(part.check.asked[0])


def _allowed(part: _Part) -> tuple[str, str]:
    return _about_value(part, f"NOT list_has_all($values, {_members(part)})")


def _forbidden(part: _Part) -> tuple[str, str]:
    return _about_value(part, f"list_has_any($values, {_members(part)})")


def _members(part: _Part) -> str:
    """The values of the field as a list: several of a set, else the one."""
    if part.family(part.check.asked[0]) == "set":
        return f"string_split({_only(part)}, ';')"
    return f"[CAST({_only(part)} AS VARCHAR)]"


def _range(part: _Part) -> tuple[str, str]:
    of_days = part.family(part.check.asked[0]) == "date"
    value = f"CAST({_only(part)} AS DATE)" if of_days else _only(part)
    tests = [
        f"{value} {sign} {_day(name) if of_days else '$' + name}"
        for name, sign in (("at_least", "<"), ("at_most", ">"))
        if getattr(part.check, name) is not None
    ]
    return _about_value(part, f"({' OR '.join(tests)})")


def _day(name: str) -> str:
    return (
        f"CASE WHEN ${name} = '{TODAY}' THEN CAST($as_of AS DATE) "
        f"ELSE CAST(nullif(${name}, '{TODAY}') AS DATE) END"
    )


def _length(part: _Part) -> tuple[str, str]:
    raw = _quoted(part.check.asked[0] + "_raw")
    tests = [
        f"length({raw}) {sign} ${name}"
        for name, sign in (("at_least", "<"), ("at_most", ">"))
        if getattr(part.check, name) is not None
    ]
    return _about_value(part, f"({' OR '.join(tests)})", f"length({raw})")


def _fresh(part: _Part) -> tuple[str, str]:
    day = f"strftime({_only(part)}, '%Y-%m-%d')"
    return _about_value(part, f"{_only(part)} < $as_of - to_days($days)", day)


def _in_order(part: _Part) -> tuple[str, str]:
    names = part.check.asked
    of_days = part.family(names[0]) == "date"
    cells = [f"CAST({_quoted(n)} AS DATE)" if of_days else _quoted(n) for n in names]
    wrong = " OR ".join(f"{a} > {b}" for a, b in pairwise(cells))
    there = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in names)
    detail = f"concat_ws(' > ', {', '.join(cells)})"
    query = f"{_found(names[0], detail)}{part.amount} {part.rows(names, f'{there} AND ({wrong})')}"
    return query, f"SELECT count(*) {part.rows(names, there)}"


def _reference(part: _Part) -> tuple[str, str]:
    (name,) = part.check.asked
    there = f"{part.text(name)} IS NOT NULL"
    query = f"{_found(name)}{part.amount} {part.rows([name], f'{there} AND {_only(part)} IS NULL')}"
    return query, f"SELECT count(*) {part.rows([name], there)}"


def _linked(part: _Part) -> tuple[str, str]:
    outside = "system <> $system"
    known = (
        f"SELECT key FROM link WHERE entity = {_literal(part.entity.entity)} AND system = $system"
    )
    query = f"SELECT system, object, id{part.amount} {part.rows([], f'{outside} AND key NOT IN ({known})')}"
    return query, f"SELECT count(*) {part.rows([], outside)}"


def _consistent(part: _Part) -> tuple[str, str]:
    entity, names = _literal(part.entity.entity), ", ".join(map(_literal, part.check.asked))
    detail = "d.system || ' ' || left(d.value, 60) || ' / ' || d.other_system || ' ' || left(d.other_value, 60)"
    amount = f", {_quoted(part.check.amount)} AS amount" if part.check.amount else ""
    query = (
        f"SELECT system, object, id, d.field, {detail} AS detail{amount}\n"
        f"FROM (SELECT * {part.rows([])}) JOIN drift d USING (system, object, id)\n"
        f"WHERE d.entity = {entity} AND d.field IN ({names})"
    )
    return (
        query,
        f"SELECT coalesce(sum(filled), 0) FROM field WHERE entity = {entity} AND field IN ({names})",
    )


_KINDS: Mapping[str, Callable[[_Part], tuple[str, str]]] = {
    "required": _required,
    "one_of": _one_of,
    "unique": _unique,
    "pattern": _pattern,
    "not_pattern": _not_pattern,
    "allowed": _allowed,
    "forbidden": _forbidden,
    "range": _range,
    "length": _length,
    "fresh": _fresh,
    "in_order": _in_order,
    "reference": _reference,
    "linked": _linked,
    "consistent": _consistent,
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
