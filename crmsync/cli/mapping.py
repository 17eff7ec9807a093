"""lint, doctor, diff: the files of a workspace and whether they fit."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crmsync.cli.frame import (
    Verb,
    json_option,
    lang_option,
    language,
    leave,
    opened,
    say,
    say_json,
    speak,
    tell,
    told,
    workspace_option,
)
from crmsync.errors import ExitCode, Problem
from crmsync.language import N_, _, translate_said


@click.command(
    cls=Verb,
    section="map",
    name="lint",
    example="crmsync lint --format github",
    help=N_("Checks mappings, audits and configuration without the network; all problems at once."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    envvar="CRMSYNC_LINT_FORMAT",
    help=N_("Output format."),
)
@click.option(
    "--dossier",
    type=click.Path(path_type=Path),
    help=N_("Write the mapping as a document to sign, to this file: .html or .xlsx."),
)
@click.option("--notes", is_flag=True, help=N_("Show notes on value maps, too."))
@workspace_option
@lang_option
def lint_command(folder: Path, form: str, dossier: Path | None, notes: bool) -> None:
    """Checks the files, and writes the dossier of those in which nothing has to be mended."""
    from crmsync.commands.dossier import demand_ending, write_dossier
    from crmsync.commands.lint import language_of, linted

    if dossier:
        demand_ending(dossier)
    found = linted(folder)
    speak(language_of(folder))
    shown = found.remarks if notes or form != "text" else _loud(found.remarks)
    _say_linted(form, [("error", each) for each in found.problems], shown)
    if dossier and not found.problems:
        workspace = opened(folder)
        write_dossier(workspace, dossier, language())
        tell(_("Dossier:") + f" {dossier}")
    leave(ExitCode.CONFIG_INVALID if found.problems else ExitCode.OK)


_QUIET = frozenset({"CRM089", "CRM090"})
"""Notes that say what will happen, where nothing has to be decided."""


def _loud(remarks: list[Problem]) -> list[Problem]:
    """Notes that everybody should read; the number of the others goes to where progress goes."""
    quiet = [each for each in remarks if each.code in _QUIET]
    if quiet:
        one = N_("{count} note on value maps: crmsync lint --notes")
        many = N_("{count} notes on value maps: crmsync lint --notes")
        tell(_(one if len(quiet) == 1 else many).format(count=len(quiet)))
    return [each for each in remarks if each.code not in _QUIET]


def _say_linted(form: str, problems: list[tuple[str, Problem]], remarks: list[Problem]) -> None:
    """Problems, then what is only worth knowing."""
    from crmsync.commands.lint import as_row, github

    rows = [*problems, *(("notice", each) for each in remarks)]
    if form == "json":
        say_json([as_row(each, level) for level, each in rows])
    for level, each in rows if form == "github" else ():
        say(github(told(each), level))
    for level, each in rows if form == "text" else ():
        say(f"{_('Note')}: {told(each)}" if level == "notice" else str(told(each)))
    if not problems and form == "text":
        say(_("No problems."))


_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@click.command(
    cls=Verb,
    section="map",
    name="doctor",
    example="crmsync doctor",
    help=N_(
        "Checks credentials, mapped fields, keys, calls left and clocks; each line with its remedy."
    ),
)
@click.option(
    "--automations",
    is_flag=True,
    help=N_(
        "List the flows, triggers and rules that run on mapped objects, with the fields they name."
    ),
)
@workspace_option
@json_option
@lang_option
def doctor_command(folder: Path, automations: bool, as_json: bool) -> None:
    """Checks what this mapping needs."""
    from crmsync.commands.doctor import doctor, exit_code_of

    if automations:
        _say_automations(folder, as_json=as_json)
        return
    checks = doctor(opened(folder))
    if as_json:
        say_json([asdict(check) for check in checks])
    for check in checks if not as_json else ():
        subject = _("store") if check.subject == "store" else check.subject
        say(f"{_MARKS[check.level]} {subject}: {translate_said(check.message)}")
        if check.remedy:
            say("  → " + translate_said(check.remedy))
    leave(exit_code_of(checks))


def _say_automations(folder: Path, *, as_json: bool) -> None:
    """What runs on mapped objects."""
    from crmsync.commands.automations import surveys
    from crmsync.reports.automations_text import survey_text

    found, mapped = surveys(opened(folder))
    if as_json:
        say_json({system: asdict(each) for system, each in found.items()})
    else:
        say(survey_text(found, mapped, language()))


@click.command(
    cls=Verb,
    section="map",
    name="diff",
    example="crmsync diff main..HEAD --format github-md",
    help=N_(
        "Shows what a change of the mapping would do to real records, measured on the last snapshots."
    ),
)
@click.argument("revisions", default="HEAD")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github-md", "json"]),
    default="text",
    envvar="CRMSYNC_DIFF_FORMAT",
    help=N_("Output format."),
)
@click.option(
    "--no-samples", is_flag=True, help=N_("Leave out sample values, for a public repository.")
)
@workspace_option
@lang_option
def diff_command(folder: Path, revisions: str, form: str, no_samples: bool) -> None:
    """Measures a change of the mapping."""
    from crmsync.commands.diff import diff
    from crmsync.commands.rendering import impact_as

    base, dots, head = revisions.partition("..")
    impact = diff(opened(folder), base or "HEAD", head if dots else "")
    say(impact_as(form, impact, language(), samples=not no_samples))
    leave(ExitCode.GATE_FAILED if impact.verdict == "breaking" else ExitCode.OK)


@click.command(
    cls=Verb,
    section="map",
    name="schema",
    example="crmsync schema mapping > mapping.schema.json",
    help=N_("Prints the JSON Schema of a YAML file, for editors: mapping, workspace or audit."),
)
@click.argument("kind")
@lang_option
def schema_command(kind: str) -> None:
    """The schema of one kind of file."""
    from crmsync.commands.schema import json_schema

    say_json(json_schema(kind))


COMMANDS = (schema_command, lint_command, doctor_command, diff_command)
