"""The text of a new crmsync.yml: what was answered, with comments for whoever opens it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.commands.answers import Chosen, Locale
from crmsync.commands.database_text import database_lines
from crmsync.config.project_checks import REFERENCE
from crmsync.config.yaml_text import entry, inline, remark, remark_lines
from crmsync.language import N_, _, translate_said

if TYPE_CHECKING:
    from crmsync.connectors.files.recognising import Export, Folder
    from crmsync.connectors.sql.recognising import Tables

_NAMES = {"salesforce": "Salesforce", "hubspot": "HubSpot"}
_SETTINGS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "salesforce": (
        ("url", "${{{0}_URL}}", "https://mycompany.my.salesforce.com"),
        ("client_id", "${{{0}_CLIENT_ID}}", N_("External Client App, client credentials flow")),
        ("client_secret", "${{{0}_CLIENT_SECRET}}", ""),
    ),
    "hubspot": (("token", "${{{0}_TOKEN}}", N_("Service Key (or an existing private app token)")),),
}
_LIMITS = """\
limits:
  creates: {at_most: 50, share: 0.02}
  blanks: {at_most: 20, share: 0.005}
"""
_LIKELY = 4
_COLUMNS = 40


def project_text(
    name: str,
    systems: Sequence[Chosen],
    locale: Locale,
    *,
    found: Mapping[str, Folder],
    tables: Mapping[str, Tables],
    native: bool,
    declared: Mapping[str, str],
) -> str:
    """crmsync.yml. `found` are exports by system, `tables` databases, `declared` a notation that was answered."""
    lines = [
        "# yaml-language-server: $schema=schemas/workspace.schema.json",
        "# " + _("A crmsync workspace. Check it with `crmsync lint`, then with `crmsync doctor`."),
        _with(f"name: {name}", _("part of every key: do not change it later"), 24),
        *entry("currency", locale.currency),
        *entry("region", locale.region),
        *entry("timezone", locale.timezone),
        *entry("language", locale.language),
        "",
        "# "
        + _("Secrets are names in ${...}: set them in the environment or in .env (never here)."),
        "# " + _("NAME_WRITE, where it is set, is used instead of NAME for writing."),
        "systems:",
    ]
    for system in systems:
        own = found.get(system.name) or tables.get(system.name)
        lines += [f"  {system.name}:", *_SYSTEM[system.way](system, own, declared)]
    if native:
        lines += ["", *_writers(systems)]
    limits = _(
        "What a plan may do before a person has to say so (docs/safety.md has the whole table)."
    )
    return "\n".join([*lines, "", f"# {limits}", _LIMITS])


def environment_names(systems: Sequence[Chosen]) -> list[str]:
    """The names that stand for secrets in crmsync.yml, in its order."""
    texts = [
        value.format(system.name.upper())
        for system in systems
        for _key, value, _told in _SETTINGS.get(system.way, ())
    ]
    texts += [system.place for system in systems if system.way == "database"]
    return list(dict.fromkeys(name for text in texts for name in REFERENCE.findall(text)))


def _line(key: str, text: str, indent: int) -> str:
    """A setting that is a text, on its one line."""
    return entry(key, text, indent)[0]


def _with(line: str, told: str, width: int = 48) -> str:
    """A line with a comment behind it."""
    return f"{line:<{width - 1}} # {told}" if told else line


def _api(system: Chosen, _found: object, _declared: object) -> Iterator[str]:
    yield f"    kind: {system.way}"
    for key, value, told in _SETTINGS[system.way]:
        yield _with(f"    {key}: {value.format(system.name.upper())}", _(told) if told else "")


def _database(system: Chosen, tables: Tables | None, _declared: object) -> Iterator[str]:
    yield "    kind: sql"
    yield from entry("url", system.place, 4)
    yield from database_lines(tables)


def _files(system: Chosen, folder: Folder, declared: Mapping[str, str]) -> Iterator[str]:
    yield "    kind: files"
    yield _with(_line("folder", system.place, 4), _("from this folder"))
    if folder.kind:
        whose = _("Exports of {system}, by their column headers.")
        yield "    # " + whose.format(system=_NAMES[folder.kind])
    clear = [each for each in folder.exports if each.object]
    yield "    objects:" if clear else "    objects: {}"
    for export in clear:
        yield from _object(export, declared)
        yield from _associations(export, folder.exports)
    for export in folder.exports:
        if not export.object and not export.ties:
            yield from _to_decide(export)
    if not folder.exports:
        told = _(
            "There is no CSV, Excel or Parquet file yet: put the exports there, then say which is which."
        )
        yield f"    # {told}"
        yield '    #   contacts: {file: "*contacts*.xlsx"}'


def _object(export: Export, declared: Mapping[str, str]) -> Iterator[str]:
    """An object that was recognised, and what of it a person should look at."""
    known = _("{known} of {columns} columns are known").format(
        known=export.known, columns=export.columns
    )
    yield _with(f"      {export.object}:", known)
    yield from entry("file", export.pattern, 8)
    if export.sheet:
        yield from entry("sheet", export.sheet, 8)
    settled = {"decimal": export.decimal, "dates": export.dates}
    doubtful = {doubt.setting for doubt in export.doubts}
    for setting, seen in settled.items():
        value = seen or (declared.get(setting, "") if setting in doubtful else "")
        if value:
            told = _("as the file shows") if seen else _("as declared")
            yield _with(_line(setting, value, 8), told)
        elif setting in doubtful:
            yield from _undeclared(export, setting)
    yield from _looked_at(export)


def _associations(export: Export, exports: Sequence[Export]) -> Iterator[str]:
    """The files of ties that begin at an object."""
    for each in exports:
        if each.ties and each.ties[0] == export.object:
            named = {"file": each.pattern, **dict(each.tied_by)}
            named |= {"sheet": each.sheet} if each.sheet else {}
            yield "        associations:"
            yield f"          {each.ties[1]}: {inline(named)}"


def _looked_at(export: Export) -> Iterator[str]:
    """What a person should look at among the columns of an export."""
    if export.clashes or export.near:
        yield from _named_columns(export)
    for note in export.notes:
        if "declare" in note:
            yield f"        # {remark(translate_said(note))}"


def _named_columns(export: Export) -> Iterator[str]:
    """`columns` with a line for each field that nobody can tell the column of, as comments.

    In braces the lines stay valid whichever `#` are taken off, with the blank behind it or without.
    """
    told = _("Take off the # where the column is right; a field without one is not read:")
    yield from remark_lines(told, "        ")
    yield "        columns: {"
    for native, headers in export.clashes:
        others = ", ".join(remark(header) for header in headers[1:])
        yield _with(_named(native, headers[0]), _("or: {columns}").format(columns=others))
    for native, header in export.near:
        yield _named(native, header)
    yield "          }"


def _named(native: str, header: str) -> str:
    return f"          # {inline({native: header})[1:-1]},"


_ALTERNATIVES = {"decimal": ('decimal: ","', 'decimal: "."'), "dates": ("dates: dmy", "dates: mdy")}


def _undeclared(export: Export, setting: str) -> Iterator[str]:
    """A notation that nobody can tell: the columns, and the two ways to declare it."""
    for doubt in export.doubts:
        if doubt.setting == setting:
            yield f"        # {remark(doubt.column)}: {remark(translate_said(doubt.what))}"
    one, other = _ALTERNATIVES[setting]
    yield "        # " + _("To decide, before these columns can be read: {one} or {other}").format(
        one=one, other=other
    )
    yield f"        # {one}"


def _to_decide(export: Export) -> Iterator[str]:
    """A file nobody can tell the object of: why, what it could be, and what is in it."""
    shown = remark(f"{export.name} [{export.sheet}]" if export.sheet else export.name)
    if export.aside:
        told = _("Not used: {file} ({why})").format(
            file=shown, why=remark(translate_said(export.aside))
        )
        yield from remark_lines(told, "    ")
        return
    why = f": {remark(translate_said(export.why))}" if export.why else ""
    yield "    # " + _("To decide: what is in {file}").format(file=shown) + why
    named = {"file": export.pattern or export.name}
    named |= {"sheet": export.sheet} if export.sheet else {}
    for likely in export.likely[:_LIKELY]:
        yield f"    #   {likely}: {inline(named)}"
    if export.headers and not export.likely:
        yield from _unlike(export, named)


def _unlike(export: Export, named: dict[str, str]) -> Iterator[str]:
    """A file of which no column is known: those that it has, and how to say which is what."""
    shown = [remark(header) for header in export.headers[:_COLUMNS]]
    more = [_("{count} more").format(count=len(export.headers) - _COLUMNS)]
    names = ", ".join([*shown, *(more if len(export.headers) > _COLUMNS else [])])
    yield from remark_lines(_("Its columns: {names}").format(names=names), "    ")
    told = _(
        "If they are people (contacts), companies or deals, name the object, its id, and under `columns` "
        "which field each one is. For example:"
    )
    yield from remark_lines(told, "    ")
    example = {"email": export.headers[min(1, len(export.headers) - 1)]}
    yield f"    #   contacts: {inline({**named, 'id': export.headers[0], 'columns': example})}"


def _writers(systems: Sequence[Chosen]) -> Iterator[str]:
    """The native connector as a second writer, for a person to fill in."""
    names = {part: next((s.name for s in systems if s.way == part), part) for part in _NAMES}
    left, right = names["salesforce"], names["hubspot"]
    yield from remark_lines(
        _(
            "The native HubSpot-Salesforce connector is on: it writes, too, and crmsync cannot see what. Two "
            "writers of one field undo each other's work. Take each field that it copies out of its settings "
            "or out of our mappings (`direction: none`), or list it here, so that it can be checked:"
        )
    )
    yield "# writers:"
    yield "#   - name: HubSpot-Salesforce connector"
    yield "#     kind: native_connector"
    yield "#     copies:"
    yield f"#       - {{from: {left}/Contact.Phone, to: {right}/contacts.phone, rule: two_way}}"
    yield f"#       - {{from: {left}/Account.Name, to: {right}/companies.name}}"


_SYSTEM: Mapping[str, Callable[..., Iterator[str]]] = {
    "salesforce": _api,
    "hubspot": _api,
    "files": _files,
    "database": _database,
}
