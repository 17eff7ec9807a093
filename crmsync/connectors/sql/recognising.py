"""Which tables of a database hold people, companies and deals, and which columns mean what.

| found | if |
|---|---|
| certain | the table is called like an entity and has a column that tells it; a column's name says one thing |
| to decide | several tables could be it, or one put aside (`x_old`); only columns speak for it; a column is near |
| unknown | nothing like it is known |

Names decide, and foreign keys; no row is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmsync.connectors.sql import vocabulary as known
from crmsync.connectors.sql.junctions import Junction, junctions, leading
from crmsync.connectors.sql.shapes import Shape
from crmsync.core.likeness import NEAR, nearness

_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Found:
    """One object and the table that holds it.

    `columns` leads from native names to columns; `ties` from objects to the column that names a record
    of them. `near` are columns a person has to look at, with the field they may be.
    """

    object: str
    table: str
    id: str
    columns: Mapping[str, str]
    created: str = ""
    modified: str = ""
    ties: Mapping[str, str] = field(default_factory=dict)
    near: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    junctions: tuple[Junction, ...] = ()

    @property
    def certain(self) -> int:
        """How many columns have a meaning: fields, ties, the id and the times."""
        times = [name for name in (self.created, self.modified) if name]
        return len({self.id, *self.columns.values(), *self.ties.values(), *times})

    @property
    def names(self) -> frozenset[str]:
        """Every native name that the object has a column for."""
        return frozenset(self.columns)


@dataclass(frozen=True, slots=True)
class Other:
    """A table that is not used. `object` is what its name speaks for, though no column does.

    `columns` are those that were looked at, `wanted` the fields of which one would have told it.
    """

    table: str
    object: str = ""
    id: str = ""
    columns: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """What is in a database. `kind` says whose names its objects bear.

    `likely` are tables that could be an object, or are one without an id; `between` are tables between
    two objects that hold more than ties, or of which there are several; `others` are the tables that nothing
    tells what they hold. `unseen` leads from tables nobody could look into to the reason.
    """

    kind: str
    objects: tuple[Found, ...] = ()
    likely: tuple[Found, ...] = ()
    between: tuple[Junction, ...] = ()
    others: tuple[Other, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)


def recognise(shapes: Sequence[Shape], kind: str = "") -> Tables:
    """What the tables of a database seem to be; `kind` is whose names they bear, if that was said."""
    kind = kind or _kind(shapes)
    chosen: list[Found] = []
    likely: list[Found] = []
    torn = {s.name for s in shapes if known.may_be_either(s.name) and not _side(s)}
    for object_, entity in known.objects_of(kind).items():
        able = [each for shape in shapes if (each := _able(shape, object_, entity))]
        clear = [
            each for each in able if each.table not in torn and not known.is_kept_aside(each.table)
        ]
        one = _ahead(clear, object_)
        chosen += [one] if one else []
        likely += [each for each in able if each is not one]
    taken = {each.table for each in chosen}
    likely = [each for each in likely if each.table not in taken]
    spoken = taken | {each.table for each in likely}
    likely += [
        each for shape in shapes if shape.name not in spoken for each in _by_columns(shape, kind)
    ]
    by_name = {each.table: each for each in chosen}
    between = junctions(shapes, {table: each.object for table, each in by_name.items()})
    found = tuple(_tied(each, shapes, by_name, between) for each in chosen)
    seen = taken | {each.table for each in likely} | {each.table for each in between}
    return Tables(
        kind,
        found,
        tuple(likely),
        tuple(each for each in between if not each.is_clear),
        tuple(_other(shape, kind) for shape in shapes if shape.name not in seen),
    )


def _other(shape: Shape, kind: str) -> Other:
    """A table that is not used, and why."""
    for object_, entity in known.objects_of(kind).items():
        if known.is_called(shape.name, entity) or (
            entity == "companies" and known.may_be_either(shape.name)
        ):
            natives = set(known.columns_of(object_).values())
            wanted = tuple(name for name in known.TELLING[entity] if name in natives)
            return Other(shape.name, object_, _id(shape), shape.columns, wanted)
    return Other(shape.name, columns=shape.columns)


def _kind(shapes: Sequence[Shape]) -> str:
    """Salesforce's names where several tables are called as its objects and have its columns."""
    named = {shape.name.casefold(): shape for shape in shapes}
    hits = 0
    for object_ in known.objects_of("salesforce"):
        shape = named.get(object_.casefold())
        natives = {known.squashed(name) for name in known.columns_of(object_).values()}
        hits += shape is not None and len(natives & set(map(known.squashed, shape.columns))) >= 3
    return "salesforce" if hits >= 2 else "hubspot"


def _able(shape: Shape, object_: str, entity: str) -> Found | None:
    """The table as this object, None if neither its name nor its columns speak for it."""
    either = known.may_be_either(shape.name) and _side(shape) in (entity, "")
    if not known.is_called(shape.name, entity) and not (either and entity in _EITHER):
        return None
    found = _read(shape, object_)
    return found if set(found.columns) & set(known.TELLING[entity]) else None


_EITHER = ("contacts", "companies")


def _side(shape: Shape) -> str:
    """Whether the columns are those of people or of companies; blank if they do not say.

    A last name makes a person; without one, a tax id or what only companies are called a company.
    """
    letters = set(map(known.squashed, shape.columns))
    if "lastname" in _meanings(letters, "contacts"):
        return "contacts"
    firm = letters & known.company_names() or "tax_id" in _meanings(letters, "companies")
    return "companies" if firm else ""


def _meanings(letters: Iterable[str], object_: str) -> set[str]:
    vocabulary = known.columns_of(object_)
    return {vocabulary.get(each, "") for each in letters}


def _by_columns(shape: Shape, kind: str) -> list[Found]:
    """The object that the columns of a table speak for, whatever the table is called."""
    letters = set(map(known.squashed, shape.columns))
    side = _side(shape)
    told = {
        "contacts": "email" in _meanings(letters, "contacts"),
        "companies": bool(letters & known.company_names()),
    }
    return [
        _read(shape, object_)
        for object_, entity in known.objects_of(kind).items()
        if entity == side and told[side]
    ]


def _ahead(able: Sequence[Found], object_: str) -> Found | None:
    """The one table that is clearly the object: by its own name, or by its columns."""
    with_id = [each for each in able if each.id]
    ranked = sorted(with_id, key=lambda each: -len(each.columns))
    own = known.singular(object_.casefold())
    exact = [each for each in ranked if known.singular(known.squashed(each.table)) & own]
    if len(exact) == 1:
        return exact[0]
    clear = ranked and (
        len(ranked) == 1 or len(ranked[0].columns) - len(ranked[1].columns) >= _AHEAD
    )
    return ranked[0] if clear else None


def _read(shape: Shape, object_: str) -> Found:
    """The columns of a table as fields of an object, as far as their names say."""
    vocabulary = known.columns_of(object_)
    columns: dict[str, str] = {}
    times = {"created": "", "modified": ""}
    left = []
    id_ = _id(shape)
    for name in shape.columns:
        letters = known.squashed(name)
        native = vocabulary.get(letters, "")
        if name == id_ or native in ("Id", "hs_object_id"):
            continue
        if letters in known.CREATED | known.MODIFIED:
            what = "created" if letters in known.CREATED else "modified"
            times[what] = times[what] or name
        elif native and native not in columns:
            columns[native] = name
        else:
            left.append(name)
    near = _near(left, object_, columns)
    unknown = tuple(name for name in left if name not in dict(near))
    created, modified = times["created"], times["modified"]
    return Found(object_, shape.name, id_, columns, created, modified, near=near, unknown=unknown)


def _id(shape: Shape) -> str:
    """The column that tells rows apart: the key, else a unique `id`, else any `id`."""
    if len(shape.key) == 1:
        return shape.key[0] if shape.key[0] in shape.columns else ""
    named = [name for name in shape.columns if name.casefold() == "id"]
    return named[0] if named else ""


def _near(
    left: Iterable[str], object_: str, columns: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Columns with the field that they may be, each field once."""
    doubtful = known.doubtful(object_)
    free = {
        letters: native
        for letters, native in known.columns_of(object_).items()
        if native not in columns
    }
    found: dict[str, str] = {}
    for name in left:
        letters = known.squashed(name)
        native = doubtful.get(letters, "") or max(
            (each for each in free if nearness(letters, each) >= NEAR),
            key=lambda each: nearness(letters, each),
            default="",
        )
        native = free.get(native, native)
        if native and native not in columns and native not in found.values():
            found[name] = native
    return tuple(found.items())


# A column that leads to another object is a field of its own where the system has one for it.
_REFERENCES: Mapping[tuple[str, str], str] = {
    ("Contact", "Account"): "AccountId",
    ("Opportunity", "Account"): "AccountId",
    ("Account", "Account"): "ParentId",
    ("contacts", "companies"): "associatedcompanyid",
}


def _tied(
    found: Found, shapes: Sequence[Shape], tables: Mapping[str, Found], between: Sequence[Junction]
) -> Found:
    """The object with the columns that lead to others, and the tables that stand between."""
    (shape,) = (each for each in shapes if each.name == found.table)
    columns = dict(found.columns)
    ties: dict[str, str] = {}
    for name, table in leading(shape, {each: one.object for each, one in tables.items()}).items():
        to = tables[table].object
        native = _REFERENCES.get((found.object, to), "")
        if native and native not in columns:
            columns[native] = name
        elif not native and name not in columns.values():
            ties.setdefault(to, name)
    if "website" in columns and found.object == "companies":
        columns.setdefault("domain", columns["website"])  # an address of a page says the domain
    used = {*columns.values(), *ties.values()}
    own = tuple(each for each in between if each.from_object == found.object and each.is_clear)
    return replace(
        found,
        columns=columns,
        ties=ties,
        near=tuple(each for each in found.near if each[0] not in used),
        unknown=tuple(name for name in found.unknown if name not in used),
        junctions=own,
    )
