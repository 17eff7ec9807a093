"""Records of an entity laid out by the facts of its model, and what is known of the ones that are shown.

Reads row_<entity> of the columns: canonical text, and what stands there where that could not be read. A field with a
dot is read from the record that a reference leads to, as the same system holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import duckdb

GIVEN = "dup_given"
_BETWEEN = "chr(31)"
"""Stands between object and id: one id may be there in two objects of a system."""


def lay_out_entity(
    db: duckdb.DuckDBPyConnection, mapping: WorkspaceMapping, entity: Entity, model: DuplicateModel
) -> Mapping[str, str]:
    """Builds `dup_given` (system, object, native_id, id, key, and a column for each of the subject's source that the
    mapping has); gives the columns by their names in the source."""
    db.execute(f"CREATE OR REPLACE TEMP MACRO {_TEXTS}")
    subject = SUBJECTS[model.subject]
    texts = _by_part(mapping, entity, model)
    cells = [
        f"{_nth(texts[part], nth)} AS {quoted(_called(column))}"
        for column in subject.source
        for part, nth in [_part_of(column)]
        if texts.get(part)
    ]
    db.execute(
        f"CREATE OR REPLACE TABLE {GIVEN} AS SELECT r.system, r.object, r.id AS native_id, "
        f"r.object || {_BETWEEN} || r.id AS id, r.key, {', '.join(cells)} "
        f"FROM {quoted('row_' + entity.entity)} r {' '.join(_joins(entity, model))}"
    )
    given = (column for column in subject.source if texts.get(_part_of(column)[0]))
    return {column: _called(column) for column in given}


def _called(column: str) -> str:
    """A column of the source as it is called here: `id` is that of the record."""
    return f"fact_{column}"


def _part_of(column: str) -> tuple[str, int]:
    """The part of a column, and the place of its value: `email2` is the second e-mail."""
    return (column[:-1], int(column[-1])) if column[-1:].isdigit() else (column, 1)


def _nth(texts: Sequence[str], nth: int) -> str:
    """The nth different text that is there."""
    lists = ", ".join(_listed(each) for each in texts)
    return f"dup_texts(flatten([{lists}]))[{nth}]"


def _listed(text: str) -> str:
    """The texts of one field: several of a set, one else."""
    words = text.removeprefix(_SET)
    return f"string_split({words}, ';')" if words != text else f"[{text}]"


_SET = "of a set: "
_TEXTS = "dup_texts(xs) AS list_filter(xs, lambda x, i: x IS NOT NULL AND trim(x) <> '' AND list_position(xs, x) = i)"
"""Those that are there, each once, in their order."""


def _by_part(
    mapping: WorkspaceMapping, entity: Entity, model: DuplicateModel
) -> Mapping[str, list[str]]:
    """The expressions of every part, in order."""
    found: dict[str, list[str]] = {}
    for part, name in model.fields():
        text = _text(mapping, entity, part, name)
        if text:
            found.setdefault(part, []).append(text)
    return found


def _text(mapping: WorkspaceMapping, entity: Entity, part: str, name: str) -> str | None:
    first, dot, second = name.partition(".")
    if not dot:
        field = entity.field_named(name)
        return _cell("r", field, part) if field else None
    reference = entity.field_named(first)
    other = _entity(mapping, reference.to if reference else None)
    field = other.field_named(second) if other else None
    return _cell(quoted(f"of {first}"), field, part) if field else None


def _entity(mapping: WorkspaceMapping, name: str | None) -> Entity | None:
    return next((each for each in mapping.entities if each.entity == name), None)


def _cell(table: str, field: Field, part: str) -> str:
    text, raw = f"{table}.{quoted(field.field)}", f"{table}.{quoted(field.field + '_raw')}"
    if field.type == "reference":
        return text
    if field.type == "money" and part == "amount":
        return f"split_part({text}, ' ', 1)"
    if field.type == "choices":
        return f"{_SET}{text}"
    return f"coalesce({text}, {raw})"


def _joins(entity: Entity, model: DuplicateModel) -> Iterator[str]:
    """The records that references lead to, by the id that the same system gives them."""
    names = dict.fromkeys(name.partition(".")[0] for _, name in model.fields() if "." in name)
    for name in names:
        field = entity.field_named(name)
        if field is not None and field.to:
            alias = quoted(f"of {name}")
            rows = quoted(f"row_{field.to}")
            yield (
                f"LEFT JOIN (SELECT DISTINCT ON (system, id) * FROM {rows} ORDER BY system, id, object) {alias} "
                f"ON {alias}.system = r.system AND {alias}.id = r.{quoted(name + '_raw')}"
            )


def shown_fields(entity: Entity, model: DuplicateModel) -> Iterable[Field]:
    """The entity's own fields that a model compares, in the model's order, each once."""
    names = dict.fromkeys(name.partition(".")[0] for _, name in model.fields())
    return [field for name in names if (field := entity.field_named(name)) is not None]
