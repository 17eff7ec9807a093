"""SOQL text to tree, by recursive descent. Every way to fail is MALFORMED_QUERY."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from crmsync.sandbox.salesforce.errors import Refusal
from crmsync.sandbox.salesforce.instants import parse_instant, wire_date, wire_instant
from crmsync.sandbox.salesforce.soql.dates import RELATIVE_DATES, takes_a_number
from crmsync.sandbox.salesforce.soql.tokens import Token, malformed, tokens, unquoted
from crmsync.sandbox.salesforce.soql.tree import (
    Aggregate,
    AllFields,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Day,
    Instant,
    Literal,
    Not,
    Order,
    Path,
    Query,
    Relative,
    Selected,
    TypeOf,
)

T = TypeVar("T")

# A statement holds 100,000 characters: salesforce_app_limits_platform_soslsoql (read 2026-11).
_LONGEST = 100_000
_MOST_DIGITS = 9
_AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"})
_CLAUSES = ("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR")
_WORDS: dict[str, Literal] = {"NULL": None, "TRUE": True, "FALSE": False}


def parse(soql: str) -> Query:
    """The tree of one query; Refusal (MALFORMED_QUERY) when the text is none."""
    if len(soql) > _LONGEST:
        raise malformed(f"SOQL statements cannot be longer than {_LONGEST} characters.")
    reader = _Reader(soql)
    try:
        query = reader.query()
    except RecursionError:
        raise malformed("the query is nested too deeply") from None
    reader.expect_end()
    return query


class _Reader:
    """A place in the tokens of a text; each method reads one construct and moves on."""

    def __init__(self, soql: str) -> None:
        self.soql = soql
        self.tokens = list(tokens(soql))
        self.place = 0

    # -- tokens ------------------------------------------------------------------------------

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != "end"
        return token

    def skip(self, *words: str) -> bool:
        """Takes the next token if it is one of the words."""
        if self.now.says(*words):
            self.place += 1
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.skip(word):
            raise self.unexpected()

    def expect_end(self) -> None:
        if self.now.kind != "end":
            raise self.unexpected()

    def unexpected(self) -> Refusal:
        return malformed(f"unexpected token: '{self.now.text or '<EOF>'}'")

    def path(self) -> Path:
        if self.now.kind != "word" or ":" in self.now.text:
            raise self.unexpected()
        token = self.take()
        return Path(tuple(token.text.split(".")), token.at)

    def whole_number(self) -> int:
        text = self.now.text
        if self.now.kind != "number" or not text.isdecimal() or len(text) > _MOST_DIGITS:
            raise self.unexpected()
        return int(self.take().text)

    def listed(self, read: Callable[[], T]) -> tuple[T, ...]:
        """What `read` reads, once or more, separated by commas."""
        items = [read()]
        while self.skip(","):
            items.append(read())
        return tuple(items)

    # -- the query ---------------------------------------------------------------------------

    def query(self) -> Query:
        self.expect("SELECT")
        select = self.listed(self.selected)
        self.expect("FROM")
        source = self.path()
        if self.now.kind == "word" and not self.now.says(*_CLAUSES):
            source = Path(source.parts, source.at, alias=self.take().text)
        where = self.any_of() if self.skip("WHERE") else None
        group_by = self.group_by()
        query = Query(
            text=self.soql,
            select=select,
            source=source,
            where=where,
            group_by=group_by,
            having=self.any_of() if group_by and self.skip("HAVING") else None,
            order_by=self.order_by(),
            limit=self.whole_number() if self.skip("LIMIT") else None,
            offset=self.whole_number() if self.skip("OFFSET") else 0,
        )
        # FOR VIEW and FOR REFERENCE note what a user looked at; they change no answer.
        if self.skip("FOR") and not self.skip("VIEW", "REFERENCE"):
            raise self.unexpected()
        return query

    def selected(self) -> Selected:
        if self.skip("("):
            inner = self.query()
            self.expect(")")
            return inner
        if self.now.says("FIELDS") and self.tokens[self.place + 1].says("("):
            return self.all_fields()
        if self.now.says("TYPEOF") and self.tokens[self.place + 1].kind == "word":
            return self.type_of()
        what = self.aggregate_or_path()
        if self.now.kind == "word" and self.tokens[self.place + 1].says("FROM", ","):
            alias = self.take().text
            if isinstance(what, Path):
                return Path(what.parts, what.at, alias)
            return Aggregate(what.function, what.path, alias)
        return what

    def type_of(self) -> TypeOf:
        self.expect("TYPEOF")
        path = self.path()
        branches = []
        while self.skip("WHEN"):
            what = self.path()
            self.expect("THEN")
            branches.append((what, self.listed(self.path)))
        if not branches:
            raise self.unexpected()
        otherwise = self.listed(self.path) if self.skip("ELSE") else ()
        self.expect("END")
        return TypeOf(path, tuple(branches), otherwise)

    def all_fields(self) -> AllFields:
        self.expect("FIELDS")
        self.expect("(")
        if not self.now.says("ALL", "STANDARD", "CUSTOM"):
            raise self.unexpected()
        kind = self.take().text.upper()
        self.expect(")")
        return AllFields(kind)

    def aggregate_or_path(self) -> Path | Aggregate:
        if not (self.now.says(*_AGGREGATES) and self.tokens[self.place + 1].says("(")):
            return self.path()
        function = self.take().text.upper()
        self.expect("(")
        bare = function == "COUNT" and self.now.says(")")
        path = None if bare else self.path()
        self.expect(")")
        return Aggregate(function, path)

    def group_by(self) -> tuple[Path, ...]:
        if not self.skip("GROUP"):
            return ()
        self.expect("BY")
        return self.listed(self.path)

    def order_by(self) -> tuple[Order, ...]:
        if not self.skip("ORDER"):
            return ()
        self.expect("BY")
        return self.listed(self.order)

    def order(self) -> Order:
        what = self.aggregate_or_path()
        descending = self.skip("DESC")
        if not descending:
            self.skip("ASC")
        nulls_last = False
        if self.skip("NULLS"):
            nulls_last = self.skip("LAST")
            if not nulls_last:
                self.expect("FIRST")
        return Order(what, descending, nulls_last)

    # -- conditions --------------------------------------------------------------------------

    def any_of(self) -> Condition:
        """Conditions joined by AND or by OR; both in one go need parentheses, as in Salesforce."""
        conditions = [self.condition()]
        joint = self.now.text.upper() if self.now.says("AND", "OR") else ""
        while joint and self.skip(joint):
            conditions.append(self.condition())
        if self.now.says("AND", "OR"):
            raise self.unexpected()
        if len(conditions) == 1:
            return conditions[0]
        return AllOf(tuple(conditions)) if joint == "AND" else AnyOf(tuple(conditions))

    def condition(self) -> Condition:
        if self.skip("NOT"):
            return Not(self.condition())
        if self.skip("("):
            inner = self.any_of()
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        path = self.aggregate_or_path()
        if self.skip("NOT"):
            self.expect("IN")
            return Comparison(path, "NOT IN", self.members())
        if self.skip("IN"):
            return Comparison(path, "IN", self.members())
        if self.now.says("INCLUDES", "EXCLUDES"):
            operator = self.take().text.upper()
            self.expect("(")
            options = self.listed(self.literal)
            self.expect(")")
            return Comparison(path, operator, options)
        if not self.now.says("=", "!=", "<>", "<", "<=", ">", ">=", "LIKE"):
            raise self.unexpected()
        operator = self.take().text.upper()
        return Comparison(path, "!=" if operator == "<>" else operator, self.literal())

    def members(self) -> tuple[Literal, ...] | Query:
        self.expect("(")
        inner = self.query() if self.now.says("SELECT") else self.listed(self.literal)
        self.expect(")")
        return inner

    def literal(self) -> Literal:
        token = self.now
        if token.kind not in _LITERALS:
            raise self.unexpected()
        try:
            value = _LITERALS[token.kind](token.text)
        except (KeyError, ValueError):
            raise self.unexpected() from None
        self.take()
        return value


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _word(text: str) -> Literal:
    if text.upper() in _WORDS:
        return _WORDS[text.upper()]
    name, _, n = text.upper().partition(":")
    if name not in RELATIVE_DATES or bool(n) != takes_a_number(name):
        raise KeyError(text)
    return Relative(name, int(n or 0))


_LITERALS: dict[str, Callable[[str], Literal]] = {
    "string": unquoted,
    "number": _number,
    "instant": lambda text: Instant(wire_instant(parse_instant(text))),
    "date": lambda text: Day(wire_date(text)),
    "word": _word,
}
