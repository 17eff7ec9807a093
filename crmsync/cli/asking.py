"""What `init` still has to know: options first, questions on a terminal, the usual answer else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmsync.cli.frame import language
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.commands.answers import Chosen, Locale

T = TypeVar("T")
_DEFAULT_SYSTEMS = "salesforce, hubspot"


@dataclass(slots=True)
class Asked:
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


def systems_asked(asked: Asked) -> tuple[Chosen, ...]:
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


def locale_asked(asked: Asked) -> Locale:
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


def native_asked(asked: Asked, systems: Sequence[Chosen]) -> bool:
    """Whether the native connector is on; only asked where both systems are reached by API."""
    ways = {each.way for each in systems}
    if asked.native is None and asked.asks and {"salesforce", "hubspot"} <= ways:
        return click.confirm(_("Is the native HubSpot-Salesforce connector on?"), default=False)
    return bool(asked.native)


def language_asked(asked: Asked) -> str:
    """The language of the workspace: that of this run, unless another is chosen."""
    from crmsync.commands import answers

    said = click.get_current_context().find_root().obj
    if said or not asked.asks:
        return language()
    return _ask(_("Language of reports (en, es)"), language(), answers.language)


def notation_asked(asked: Asked, systems: Sequence[Chosen], locale: Locale) -> dict[str, str]:
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
    asked: Asked,
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
