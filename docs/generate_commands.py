"""Writes docs/commands.md from the commands themselves: `make docs`. A test says if it is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from crmsync.cli.codes import MEANINGS
from crmsync.cli.frame import SECTIONS, Verb
from crmsync.cli.main import crmsync

PAGE = Path(__file__).with_name("commands.md")
HEAD = """\
# Commands

Made from the help texts by `make docs`; do not edit it by hand. Every command speaks English and Spanish: `--lang`,
else `CRMSYNC_LANG`, else `language:` in `crmsync.yml`, else the locale. It prints data to stdout and progress to
stderr, and asks nothing where there is no terminal. Options can also be set in the environment, under the name beside
them; `NO_COLOR` turns colours off.
"""
CODES = "## Exit codes\n\n| code | means |\n|---:|---|\n"


def page() -> str:
    """The whole page, the same for the same commands."""
    sections = [_section(name, title) for name, title in SECTIONS]
    rows = "".join(f"| {int(code)} | {text} |\n" for code, text in MEANINGS.items())
    return "\n".join([HEAD, *sections, CODES + rows])


def _section(name: str, title: str) -> str:
    found = [_command(words, each) for words, each in _commands((), crmsync) if _is_in(words, name)]
    return "\n".join([f"## {title}\n", *found])


def _is_in(words: tuple[str, ...], section: str) -> bool:
    return getattr(crmsync.commands[words[0]], "section", "operate") == section


def _commands(
    words: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], Verb]]:
    """Every command with its words, by name."""
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            yield from _commands((*words, name), each)
    elif isinstance(command, Verb):
        yield words, command


def _command(words: tuple[str, ...], command: Verb) -> str:
    usage = " ".join(["crmsync", *words, *_arguments(command)])
    rows = "".join(
        _row(words, param) for param in command.params if isinstance(param, click.Option)
    )
    table = f"| option | says | environment |\n|---|---|---|\n{rows}"
    example = f"```\n{command.example}\n```\n"
    return f"### {' '.join(words)}\n\n`{usage}`\n\n{command.help}\n\n{example}\n{table}"


def _arguments(command: Verb) -> Iterator[str]:
    for param in command.params:
        if isinstance(param, click.Argument):
            name = (param.name or "").upper()
            yield name if param.required else f"[{name}]"
    yield "[OPTIONS]"


def _row(words: tuple[str, ...], option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    kind = option.type
    choices = f" ({', '.join(map(str, kind.choices))})" if isinstance(kind, click.Choice) else ""
    default = f" Default: `{option.default}`." if option.show_default else ""
    said = f"{option.help}{choices}{default}".replace("|", "\\|")
    return f"| {names} | {said} | {_variable(words, option)} |\n"


def _variable(words: tuple[str, ...], option: click.Option) -> str:
    """How click spells the option in the environment; `--lang` is read before click."""
    if option.name == "lang":
        return "`CRMSYNC_LANG`"
    if option.envvar:
        return f"`{option.envvar}`"
    name = "_".join(["CRMSYNC", *words, option.name or ""]).upper().replace("-", "_")
    return f"`{name}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
