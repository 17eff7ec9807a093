"""What every command shares: help in two languages and in groups, options, output, errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmsync.errors import ExitCode
from crmsync.language import N_, _, choose, choose_region, current, translate_said

if TYPE_CHECKING:
    from crmsync.commands.workspace import Workspace
    from crmsync.errors import Problem

F = TypeVar("F", bound=Callable[..., Any])

SECTIONS = (
    ("audit", N_("Audit: what is wrong, before anything is written")),
    ("map", N_("Map: what corresponds to what")),
    ("sync", N_("Sync: plan, review, write")),
    ("operate", N_("Operate: runs, rehearsal, help")),
)


# Words that click itself puts on a help page.
_CLICKS_OWN = (N_("Show this message and exit."), N_("default"), N_("required"))


class Page(click.Command):
    """A command whose help page is in the reader's language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How the command line is made up."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage:") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help or ""))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options; groups list their commands below."""
        rows = [row for param in self.get_params(ctx) if (row := _option_row(ctx, param))]
        with formatter.section(_("Options")):
            formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence."""
        return _(self.help or "").split(". ")[0].rstrip(".")


def _option_row(ctx: click.Context, param: click.Parameter) -> tuple[str, str] | None:
    """Spelling and help of an option, None for an argument."""
    row = param.get_help_record(ctx)
    if row is None or not isinstance(param, click.Option):
        return None
    words = {f"[{word}": f"[{_(word)}" for word in ("default", "required")}
    text = row[1]
    for english, ours in {(param.help or ""): _(param.help or ""), **words}.items():
        text = text.replace(english, ours, 1) if english else text
    return row[0], text


class Verb(Page):
    """A command that knows its section and its example."""

    def __init__(
        self, *args: Any, section: str = "operate", example: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.example = example

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does, then an example."""
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_("Example:") + f" {self.example}")


class Family(Page, click.Group):
    """Several commands under one name, `sandbox serve` and `sandbox load`."""

    def __init__(self, *args: Any, section: str = "operate", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its commands by name."""
        rows = [(name, each.get_short_help_str()) for name, each in sorted(self.commands.items())]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)


class Sections(Family):
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


def workspace_option(command: F) -> F:
    """Adds `--workspace DIR`."""
    decorate: Callable[[F], F] = click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        default=Path(),
        envvar="CRMSYNC_WORKSPACE",
        help=N_("The folder with crmsync.yml (default: this one)."),
    )
    return decorate(command)


def json_option(command: F) -> F:
    """Adds `--json`."""
    decorate: Callable[[F], F] = click.option(
        "--json",
        "as_json",
        is_flag=True,
        envvar="CRMSYNC_JSON",
        help=N_("Print JSON for programs."),
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


def opened(folder: Path, *, audits_as_read: bool = False) -> Workspace:
    """The workspace of a folder. Its language counts where neither the caller nor CRMSYNC_LANG says one."""
    from crmsync.commands.workspace import open_workspace

    workspace = open_workspace(folder, audits_as_read=audits_as_read)
    speak(workspace.project.language)
    choose_region(workspace.project.region)
    return replace(workspace, tell=tell)


def speak(language: str | None) -> None:
    """From now on in the language of a workspace, unless the caller or CRMSYNC_LANG says another one."""
    asked = click.get_current_context().find_root().obj or os.environ.get("CRMSYNC_LANG")
    if language and not asked:
        choose(language)


def told(problem: Problem) -> Problem:
    """A problem in the reader's language."""
    return replace(
        problem, message=translate_said(problem.message), remedy=translate_said(problem.remedy)
    )


def say(text: str) -> None:
    """Prints data, with one line end."""
    click.echo(text.rstrip("\n"))


def say_output(output: str | bytes) -> None:
    """Prints a document: text with one line end, a workbook byte by byte."""
    if isinstance(output, bytes):
        click.echo(output, nl=False)
    else:
        say(output)


def tell(text: str) -> None:
    """Prints progress to stderr."""
    click.echo(text, err=True)


def say_json(value: Any) -> None:
    """Prints a value as JSON."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str))


def doubtful(choice: str, *, as_json: bool) -> None:
    """Ends with 1 where one customer was asked for and several are meant: who reads JSON finds them all in it."""
    (tell if as_json else say)(choice)
    leave(ExitCode.FAILED)


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
