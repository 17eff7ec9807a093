"""What init writes of a database: the objects it recognised, and as comments what a person has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from crmsync.config.yaml_text import entry, inline, remark, remark_lines
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.connectors.sql.junctions import Junction
    from crmsync.connectors.sql.recognising import Found, Other, Tables

_SHOWN = 40


def database_lines(tables: Tables | None) -> Iterator[str]:
    """`objects:` of a database, with its comments; a template where nobody could look into it."""
    if tables is None:
        yield from _template()
        return
    yield "    objects:" if tables.objects else "    objects: {}"
    for found in tables.objects:
        yield from _object(found)
    if not tables.objects:
        yield from _template(objects=False)
    for each in tables.likely:
        what = _("To decide: does the table {table} hold {object}?")
        yield f"    # {what.format(table=remark(each.table), object=each.object)}"
        yield f"    #   {each.object}: {inline(_settings(each))}"
    for tie in tables.between:
        yield from _between(tie)
    yield from _left_out(tables)


def _left_out(tables: Tables) -> Iterator[str]:
    """The tables that are not used, and why."""
    for other in (each for each in tables.others if each.object):
        yield from _named_only(other)
    nameless = [each.table for each in tables.others if not each.object]
    if nameless:
        yield from _listed(
            _("Tables whose name and columns do not tell what they hold:"), nameless, "    "
        )
    for name, why in tables.unseen.items():
        yield from remark_lines(_unseen(name, why), "    ")


def _named_only(other: Other) -> Iterator[str]:
    """A table that is called like an object and has no column that tells: a template to fill in."""
    yield from remark_lines(_why_not(other) + " " + _("If it does hold them:"), "    ")
    columns = dict.fromkeys(other.wanted, "?")
    settings = {"table": other.table, "id": other.id or "?", "columns": columns}
    yield f"    #   {other.object}: {inline(settings)}"


def _why_not(other: Other) -> str:
    told = _(
        "{table} is not used: it is called like {object}, but no column is known as {wanted}; "
        "looked at: {columns}."
    )
    return told.format(
        table=remark(other.table),
        object=other.object,
        wanted=", ".join(other.wanted),
        columns=names_of(other.columns),
    )


def _template(*, objects: bool = True) -> Iterator[str]:
    if objects:
        yield "    objects: {}"
    yield from remark_lines(
        _(
            "To decide: which tables hold people, companies and deals. Take away the braces, and the # in "
            "front of what fits; `columns` leads from the names of the mapping to those of the table."
        ),
        "    ",
    )
    yield "    #   contacts: {table: contact, id: id, columns: {email: mail, firstname: first_name}}"
    yield "    #   companies: {table: company, id: id, columns: {domain: website}}"
    yield "    #   deals: {table: deal, id: id, columns: {dealname: name}}"


def _object(found: Found) -> Iterator[str]:
    """An object as it was recognised, and what of its table a person should look at."""
    yield f"      {found.object}:"
    yield f"        # {counted(found)}"
    for key, value in _settings(found).items():
        yield from entry(key, value, 8)
    for column, native in found.near:
        told = _("To decide: is the column {column} the field {field}? If so, add to `columns`:")
        yield f"        # {told.format(column=remark(column), field=native)}"
        yield f"        #   {inline({native: column})[1:-1]}"
    if found.unknown:
        yield from _listed(_("Columns that nothing is known of:"), found.unknown, "        ")
    for tie in found.junctions:
        if tie.guessed:
            told = _("The columns of {table} say what they lead to; no foreign key does.")
            yield f"        # {told.format(table=remark(tie.table))}"


def counted(found: Found) -> str:
    """How many columns of a table are certain, to decide and unknown."""
    return _(
        "table {table}: {certain} columns certain, {decide} to decide, {unknown} unknown"
    ).format(
        table=remark(found.table),
        certain=found.certain,
        decide=len(found.near),
        unknown=len(found.unknown),
    )


def told_of(system: str, tables: Tables) -> list[str]:
    """What was recognised, for the terminal; which columns are to decide or unknown by name."""
    lines = [_line(system, each) for each in tables.objects]
    decide = [*(each.table for each in tables.likely), *(each.table for each in tables.between)]
    if decide:
        told = _("{system}: tables to decide in crmsync.yml: {names}")
        lines.append(told.format(system=system, names=names_of(decide)))
    lines += [f"{system}: {_why_not(each)}" for each in tables.others if each.object]
    nameless = [each.table for each in tables.others if not each.object]
    if nameless:
        told = _(
            "{system}: tables that are not used: {names} (neither name nor columns tell whether they hold "
            "people, companies or deals)"
        )
        lines.append(told.format(system=system, names=names_of(nameless)))
    lines += [f"{system}: {_unseen(name, why)}" for name, why in tables.unseen.items()]
    return lines


def _unseen(name: str, why: str) -> str:
    """A table or view that nobody could look into, and why."""
    told = _("{table} is left out, for nobody could look into it: {why}")
    return told.format(table=remark(name), why=remark(why))


def _line(system: str, found: Found) -> str:
    parts = [f"{system} {found.object}: {counted(found)}"]
    if found.near:
        names = names_of(column for column, _native in found.near)
        parts.append(_("to decide: {names}").format(names=names))
    if found.unknown:
        parts.append(_("unknown: {names}").format(names=names_of(found.unknown)))
    return "; ".join(parts)


def names_of(names: Iterable[str]) -> str:
    """Names with commas, and how many there are beyond the first ones."""
    shown = [remark(name) for name in names]
    more = [_("{count} more").format(count=len(shown) - _SHOWN)] if len(shown) > _SHOWN else []
    return ", ".join([*shown[:_SHOWN], *more])


def _settings(found: Found) -> dict[str, Any]:
    """The settings of an object: a column that bears the name of its only field needs no mention."""
    shared = list(found.columns.values())
    columns = {
        native: name
        for native, name in found.columns.items()
        if native != name or shared.count(name) > 1
    }
    settings: dict[str, Any] = {"table": found.table, "id": found.id or "?"}
    settings |= {what: getattr(found, what) for what in ("modified", "created")}
    settings["columns"] = columns
    settings["ties"] = {to: {"column": column} for to, column in found.ties.items()}
    settings["associations"] = {each.to_object: _tie(each) for each in found.junctions}
    return {key: value for key, value in settings.items() if value}


def _tie(tie: Junction) -> dict[str, str]:
    found = {
        "table": tie.table,
        "id": tie.id,
        "to": tie.to,
        "role": tie.role,
        "primary": tie.primary,
    }
    return {key: value for key, value in found.items() if value}


def _between(tie: Junction) -> Iterator[str]:
    """A table between two objects that holds more than a tie, or is not the only one."""
    yield from remark_lines(_asked(tie), "    ")
    yield f"    #   associations: {inline({tie.to_object: _tie(tie)})}"


def _asked(tie: Junction) -> str:
    if tie.others:
        told = _(
            "To decide: does {table} tie {one} to {other}, or {names}? One of them can. If so, under {one}:"
        )
    else:
        told = _(
            "To decide: does {table} tie {one} to {other}? It also has {names}. If so, under {one}:"
        )
    return told.format(
        table=remark(tie.table),
        one=tie.from_object,
        other=tie.to_object,
        names=names_of(tie.others or tie.more),
    )


def _listed(told: str, names: Iterable[str], indent: str) -> Iterator[str]:
    yield from remark_lines(f"{told} {names_of(names)}", indent)
