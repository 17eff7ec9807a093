"""What every command shares: help in two languages and in groups, options, output, errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmsync.language import N_, _, current

if TYPE_CHECKING:
    from crmsync.commands.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])

SECTIONS = (
    ("audit", N_("Audit: what is wrong, before anything is written")),
    ("map", N_("Map: what corresponds to what")),
    ("sync", N_("Sync: plan, review, write")),
    ("operate", N_("Operate: runs, rehearsal, help")),
)


class Verb(click.Command):
    """A command that knows its section, its example, and both languages."""

    def __init__(
        self, *args: Any, section: str = "operate", example: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.example = example

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help in the reader's language, then an example."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help or ""))
        if self.example:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_("Example:") + f" {self.example}")

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence in the reader's language."""
        return _(self.help or "").split(". ")[0].rstrip(".")

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Options with their help in the reader's language."""
        params = super().get_params(ctx)
        for param in params:
            if isinstance(param, click.Option) and param.help:
                param.help = _(param.help)
        return params


class Sections(click.Group):
    """The group of all commands, listed by section."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One list a section, in the order in which a newcomer meets them."""
        for section, title in SECTIONS:
            rows = [
                (name, command.get_short_help_str())
                for name, command in sorted(self.commands.items())
                if getattr(command, "section", "operate") == section
            ]
            with formatter.section(_(title)):
                formatter.write_dl(rows)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What crmsync is, in the reader's language."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help or ""))


def workspace_option(command: F) -> F:
    """Adds `--workspace DIR`."""
    decorate: Callable[[F], F] = click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        default=Path(),
        help=N_("The folder with crmsync.yml (default: this one)."),
    )
    return decorate(command)


def json_option(command: F) -> F:
    """Adds `--json`."""
    decorate: Callable[[F], F] = click.option(
        "--json", "as_json", is_flag=True, help=N_("Print JSON for programs.")
    )
    return decorate(command)


def lang_option(command: F) -> F:
    """Adds `--lang`, which `run` has read before the command line is parsed."""
    decorate: Callable[[F], F] = click.option(
        "--lang",
        type=click.Choice(["en", "es"]),
        expose_value=False,
        help=N_("Language of the output: en or es."),
    )
    return decorate(command)


def opened(folder: Path) -> Workspace:
    """The workspace of a folder."""
    from crmsync.commands.workspace import open_workspace

    return open_workspace(folder)


def say(text: str) -> None:
    """Prints data, with one line end."""
    click.echo(text.rstrip("\n"))


def tell(text: str) -> None:
    """Prints progress to stderr."""
    click.echo(text, err=True)


def say_json(value: Any) -> None:
    """Prints a value as JSON."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str))


def colours() -> bool:
    """True if stdout is a terminal that wants colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def language() -> str:
    """The language of the output."""
    return current()


def leave(code: int) -> None:
    """Ends the process with a code other than 0."""
    if code:
        sys.exit(int(code))
