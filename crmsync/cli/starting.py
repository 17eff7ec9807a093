"""init: questions on a terminal, options everywhere, and what was written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmsync.cli.frame import Verb, lang_option, language, say, tell, told
from crmsync.errors import ConfigInvalid, CrmsyncError
from crmsync.language import N_, _, translate_said

if TYPE_CHECKING:
    from crmsync.commands.answers import Chosen, Locale
    from crmsync.commands.init import Begun
    from crmsync.commands.proposing import Proposed

T = TypeVar("T")
_DEFAULT_SYSTEMS = "salesforce, hubspot"


@dataclass(slots=True)
class _Asked:
    """What the options say, and whether there is somebody to ask the rest."""

    folder: Path
    systems: str | None
    files: Sequence[str]
    databases: Sequence[str]
    likes: Sequence[str]
    native: bool | None
    region: str | None
    currency: str | None
    timezone: str | None
    declared: dict[str, str] = field(default_factory=dict)
    asks: bool = False


@click.command(
    cls=Verb,
    section="map",
    name="init",
    example="crmsync init my-client --files crm=exports/crm --files marketing=exports/marketing --yes",
    help=N_(
        "Writes a workspace: crmsync.yml, mappings, audits. Files that are there already stay. Asks on a "
        "terminal what no option says."
    ),
)
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--systems",
    help=N_(
        "Systems by API, with commas: salesforce, hubspot, or NAME=salesforce. Default without "
        "--files and --database: both."
    ),
)
@click.option(
    "--files",
    multiple=True,
    metavar="NAME=FOLDER",
    help=N_("A system read from exports in a folder (CSV, Excel, Parquet); may be given again."),
)
@click.option(
    "--database",
    "databases",
    multiple=True,
    metavar="NAME=${ENV}",
    help=N_("A system read from a database whose address is in a variable; may be given again."),
)
@click.option(
    "--like",
    "likes",
    multiple=True,
    metavar="NAME=salesforce|hubspot",
    help=N_("Whose exports the files of a system are, where their columns do not tell."),
)
@click.option(
    "--decimal",
    type=click.Choice([",", "."]),
    help=N_("Decimal sign of number columns that do not tell it."),
)
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy"]),
    help=N_("Order of day and month in date columns that do not tell it."),
)
@click.option(
    "--native-connector/--no-native-connector",
    "native",
    default=None,
    help=N_("Whether the native HubSpot-Salesforce connector is on."),
)
@click.option(
    "--region",
    "--country",
    "region",
    help=N_("Country (ISO 3166) of phones without a prefix; default: ES."),
)
@click.option("--currency", help=N_("ISO 4217; default: that of the country."))
@click.option("--timezone", help=N_("IANA name; default: that of the country."))
@click.option(
    "--propose",
    is_flag=True,
    help=N_(
        "Read the live schemas and propose fields beyond the reference set; in a workspace that is there "
        "already, beside its mappings."
    ),
)
@click.option("--yes", is_flag=True, help=N_("Ask nothing."))
@lang_option
def init_command(**given: Any) -> None:
    """Writes a workspace, or proposes for one that is there."""
    propose, yes = given.pop("propose"), given.pop("yes")
    declared = {name: each for name in ("decimal", "dates") if (each := given.pop(name))}
    asked = _Asked(**given, declared=declared, asks=not yes and sys.stdin.isatty())
    if propose and (asked.folder / "crmsync.yml").is_file():
        _propose(asked.folder)
        return
    _begin(asked, propose=propose)


def _propose(folder: Path) -> None:
    """Proposes for a workspace that is there; its mappings stay as they are."""
    from crmsync.commands.proposing import proposed_mappings, written_beside

    proposals = proposed_mappings(folder.resolve())
    for path in written_beside(folder, proposals):
        say(str(path))
    _tell_proposals(proposals)
    tell(
        _(
            "Next: read each *.proposed.txt, carry over what you want into the .yml beside it: crmsync lint"
        )
    )


def _begin(asked: _Asked, *, propose: bool) -> None:
    from crmsync.commands.init import init

    systems = _systems(asked)
    locale = _locale(asked)
    native = _native(asked, systems)
    said = _language(asked)
    declared = _notation(asked, systems, locale)
    begun = init(
        asked.folder,
        systems=systems,
        currency=locale.currency,
        region=locale.region,
        timezone=locale.timezone,
        language=said,
        native=native,
        declared=declared,
        proposes="always" if propose else "if it works" if asked.asks else "never",
    )
    _report(begun, systems, forced=propose)


def _report(begun: Begun, systems: Sequence[Chosen], *, forced: bool) -> None:
    for path in begun.written:
        say(str(path))
    for line in begun.told:
        tell(line)
    _tell_proposals(begun.proposals)
    if begun.failed is not None:
        if forced:
            raise begun.failed
        why = _why(begun.failed)
        tell(
            _("No proposal from live schemas yet: {why}. Later: crmsync init --propose").format(
                why=why
            )
        )
    if all(each.way == "files" for each in systems):
        tell(_("Next: crmsync lint, then crmsync audit (in the new folder)"))
    else:
        tell(
            _(
                "Next: write the names of .env.example to .env with their values, then: crmsync doctor"
            )
        )


def _why(error: CrmsyncError) -> str:
    """What went wrong, in one line."""
    problems = error.problems if isinstance(error, ConfigInvalid) else ()
    said = [told(each).message for each in problems] or [translate_said(error.message)]
    return "; ".join(said)


def _tell_proposals(proposals: Sequence[Proposed]) -> None:
    for each in proposals:
        tell(each.summary)
        for reason in each.left_out:
            tell(f"  {translate_said(reason)}")


def _systems(asked: _Asked) -> tuple[Chosen, ...]:
    """The systems that the options name; on a terminal, what they leave open is asked."""
    from crmsync.commands import answers

    files = [_checked("--files", _pair, each, answers.FOLDER) for each in asked.files]
    databases = [_checked("--database", _pair, each, answers.ADDRESS) for each in asked.databases]
    likes = dict(_checked("--like", _pair, each, answers.WHOSE) for each in asked.likes)
    likes = {name: _checked("--like", answers.part, each) for name, each in likes.items()}
    found = [
        *(
            answers.Chosen(name, "files", _checked("--files", answers.folder, place))
            for name, place in files
        ),
        *(
            answers.Chosen(name, "database", _checked("--database", answers.database, place))
            for name, place in databases
        ),
    ]
    if asked.systems is not None:
        found = [*_checked("--systems", answers.by_apis, asked.systems), *found]
    elif not found and asked.asks:
        found = _asked_systems()
    elif not found:
        found = [answers.by_api(name) for name in answers.PARTS]
    _checked("--files", answers.told_apart, found)
    chosen = _checked("--like", answers.alike, found, likes)
    return tuple(_with_part(each) for each in chosen) if asked.asks else chosen


def _pair(text: str, what: str) -> tuple[str, str]:
    from crmsync.commands.answers import named

    return named(text, what)


def _asked_systems() -> list[Chosen]:
    from crmsync.commands import answers

    names = _ask(
        _("Systems, with commas (one is enough for an audit)"),
        _DEFAULT_SYSTEMS,
        answers.system_names,
    )
    return [_asked_system(name) for name in names]


def _asked_system(name: str) -> Chosen:
    """How one system is reached, and where."""
    from crmsync.commands import answers

    usual = name if name in answers.PARTS else "files"
    way = _ask(
        _("{system}: salesforce or hubspot (by API), files, or database").format(system=name),
        usual,
        answers.way,
    )
    if way == "files":
        place = _ask(
            _("{system}: folder of its exports").format(system=name),
            f"exports/{name}",
            answers.folder,
        )
        return answers.Chosen(name, "files", place)
    if way == "database":
        usual = f"${{{name.upper()}_URL}}"
        place = _ask(
            _("{system}: variable with its address").format(system=name), usual, answers.database
        )
        return answers.Chosen(name, "database", place)
    return answers.by_way(name, way)


def _with_part(system: Chosen) -> Chosen:
    """A system of files with whose exports they are, asked where their columns do not tell."""
    from dataclasses import replace

    from crmsync.commands import answers
    from crmsync.commands.init import exports_of

    found = exports_of([system]).get(system.name)
    if found is None or found.kind or not found.exports:
        return system
    question = _("{system}: whose exports are these, salesforce or hubspot (or: unknown)?")
    said = _ask(question.format(system=system.name), _("unknown"), answers.part_or_unknown)
    return replace(system, part=said)


def _locale(asked: _Asked) -> Locale:
    """Country, currency and zone; the country says what is usual."""
    from dataclasses import replace

    from crmsync.commands import answers

    region = _one(asked, "--region", _("Country (ISO 3166)"), asked.region, "ES", answers.country)
    usual = answers.locale_of(region)
    currency = _one(
        asked, "--currency", _("Currency"), asked.currency, usual.currency, answers.currency
    )
    zone = _one(
        asked, "--timezone", _("Time zone"), asked.timezone, usual.timezone, answers.timezone
    )
    return replace(usual, currency=currency, timezone=zone)


def _native(asked: _Asked, systems: Sequence[Chosen]) -> bool:
    """Whether the native connector is on; only asked where both systems are reached by API."""
    ways = {each.way for each in systems}
    if asked.native is None and asked.asks and {"salesforce", "hubspot"} <= ways:
        return click.confirm(_("Is the native HubSpot-Salesforce connector on?"), default=False)
    return bool(asked.native)


def _language(asked: _Asked) -> str:
    """The language of the workspace: that of this run, unless another is chosen."""
    from crmsync.commands import answers

    said = click.get_current_context().find_root().obj
    if said or not asked.asks:
        return language()
    return _ask(_("Language of reports (en, es)"), language(), answers.language)


def _notation(asked: _Asked, systems: Sequence[Chosen], locale: Locale) -> dict[str, str]:
    """How numbers and dates are written where the files do not tell: declared, or asked."""
    if not asked.asks:
        return asked.declared
    from crmsync.commands import answers
    from crmsync.commands.init import exports_of

    exports = [each for folder in exports_of(systems).values() for each in folder.exports]
    doubts = {doubt.setting: doubt for each in exports for doubt in each.doubts}
    declared = dict(asked.declared)
    for setting, doubt in doubts.items():
        if setting not in declared:
            question = _("{column}: {doubt}. Which one ({choices})?").format(
                column=doubt.column, doubt=doubt.what, choices=" ".join(answers.NOTATION[setting])
            )
            usual = answers.usual_notation(setting, locale.region)
            declared[setting] = _ask(question, usual, answers.notation_of(setting))
    return declared


def _one(
    asked: _Asked,
    option: str,
    question: str,
    given: str | None,
    usual: str,
    check: Callable[[str], str],
) -> str:
    """An answer from its option, else asked, else the usual one."""
    if given is not None:
        return _checked(option, check, given)
    return _ask(question, usual, check) if asked.asks else usual


def _ask(question: str, usual: str, check: Callable[[str], T]) -> T:
    """An answer that can be used: one that cannot is said, with what helps, and asked again."""
    from crmsync.commands.answers import WrongAnswer

    while True:
        answer = click.prompt(question, default=usual)
        try:
            return check(answer)
        except WrongAnswer as error:
            click.echo(_("Error:") + f" {error}")


def _checked(option: str, check: Callable[..., T], *values: Any) -> T:
    """What an option says, or a usage error with what helps."""
    from crmsync.commands.answers import WrongAnswer

    try:
        return check(*values)
    except WrongAnswer as error:
        raise click.BadParameter(str(error), param_hint=option) from error


COMMANDS = (init_command,)
