"""The `crmsync` command: all verbs, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from crmsync import __version__, language
from crmsync.cli import (
    auditing,
    coexisting,
    deciding,
    decisions,
    faulting,
    fixing,
    footprint,
    mapping,
    operating,
    rehearsing,
    reviewing,
    sandboxes,
    starting,
    syncing,
    worklist,
)
from crmsync.cli.frame import Sections, lang_option, told
from crmsync.cli.usage import usage_text
from crmsync.errors import ConfigInvalid, CrmsyncError, ExitCode
from crmsync.language import N_, _, translate_said

HELP = N_(
    "Audits two CRMs, maps them in reviewed files, and keeps them in step. "
    "Nothing is written that could not be read beforehand."
)


@click.group(cls=Sections, help=HELP, context_settings={"auto_envvar_prefix": "CRMSYNC"})
@click.version_option(__version__, prog_name="crmsync", help=N_("Show the version and exit."))
@lang_option
def crmsync() -> None:
    """All commands."""


_ALL = (
    auditing,
    starting,
    mapping,
    reviewing,
    footprint,
    syncing,
    worklist,
    operating,
    sandboxes,
    rehearsing,
    faulting,
    fixing,
    deciding,
    decisions,
    coexisting,
)
for command in (each for module in _ALL for each in module.COMMANDS):
    crmsync.add_command(command)


def run(arguments: Sequence[str] | None = None) -> None:
    """Runs one command line and leaves the process with its exit code."""
    os.umask(0o077)  # whatever crmsync writes holds, or leads to, personal data
    words = list(sys.argv[1:] if arguments is None else arguments)
    asked = _language_in(words)
    told = asked or os.environ.get("CRMSYNC_LANG")
    language.choose(asked if told else _language_of_workspace(words))
    language.choose_region(None)
    words = _without_language(words)
    try:
        crmsync.main(args=words, prog_name="crmsync", standalone_mode=False, obj=asked)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(usage_text(error), err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Interrupted; the state is saved. Go on with: crmsync runs"), err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except CrmsyncError as error:
        show(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.FAILED)
    except Exception as error:  # noqa: BLE001  (the one place; it says how to get the traceback)
        _unexpected(error)


def show(error: CrmsyncError) -> None:
    """An error as a person reads it: place, what is wrong, what helps."""
    if isinstance(error, ConfigInvalid):
        for problem in error.problems:
            click.echo(str(told(problem)), err=True)
        return
    place = f"{error.where}: " if error.where else ""
    click.echo(_("Error:") + f" {place}{translate_said(error.message)}", err=True)
    if error.remedy:
        click.echo(_("What helps:") + f" {translate_said(error.remedy)}", err=True)


def _unexpected(error: Exception) -> None:
    if os.environ.get("CRMSYNC_TRACEBACK"):
        raise error
    kind = type(error).__name__
    click.echo(_("Unexpected error, which is a defect of crmsync:") + f" {kind}: {error}", err=True)
    helps = _("Report it with what this prints: CRMSYNC_TRACEBACK=1 crmsync …")
    click.echo(_("What helps:") + f" {helps}", err=True)
    sys.exit(ExitCode.FAILED)


def _language_in(words: Sequence[str]) -> str | None:
    """The value of `--lang`, wherever it stands, so that help texts are translated too."""
    return _value_of("--lang", words)


def _value_of(option: str, words: Sequence[str]) -> str | None:
    """The value of an option, wherever it stands."""
    for place, word in enumerate(words):
        if word == option and place + 1 < len(words):
            return words[place + 1]
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    return None


_LANGUAGE = re.compile(r"""^language:\s*["']?(en|es)\b""", re.MULTILINE)


def _language_of_workspace(words: Sequence[str]) -> str | None:
    """What the workspace asks for, before anything is parsed; None where there is none, or it says nothing.

    One line is looked for, so that the help page waits for no YAML.
    """
    named = _value_of("--workspace", words) or os.environ.get("CRMSYNC_WORKSPACE") or "."
    try:
        text = (Path(named) / "crmsync.yml").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None
    found = _LANGUAGE.search(text)
    return found[1] if found else None


def _without_language(words: list[str]) -> list[str]:
    """The words without a valid `--lang`: it counts everywhere, so it may stand anywhere."""
    kept: list[str] = []
    skip = False
    for place, word in enumerate(words):
        value = words[place + 1] if place + 1 < len(words) else ""
        if skip:
            skip = False
        elif word == "--lang" and value in language.LANGUAGES:
            skip = True
        elif word not in [f"--lang={each}" for each in language.LANGUAGES]:
            kept.append(word)
    return kept
