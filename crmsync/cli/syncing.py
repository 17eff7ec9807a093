"""plan, apply, sync, resume: what would be written, and writing it."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsync.cli.frame import (
    Verb,
    colours,
    json_option,
    lang_option,
    language,
    leave,
    opened,
    say,
    say_json,
    tell,
    workspace_option,
)
from crmsync.errors import ExitCode
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.commands.apply import Applied


def _allowed(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[str, int]:
    """`blanks=312` as a mapping."""
    from crmsync.config.decode import nearest
    from crmsync.core.guarding import LIMITS

    allowed = {}
    for value in values:
        name, equals, number = value.partition("=")
        if not equals or not (number.isascii() and number.isdecimal()):
            raise click.BadParameter(_("write LIMIT=NUMBER, as in blanks=312"))
        if name not in LIMITS:
            near = nearest(name, LIMITS) or ", ".join(LIMITS)
            raise click.BadParameter(
                _("no limit “{name}”; did you mean {near}?").format(name=name, near=near)
            )
        allowed[name] = int(number)
    return allowed


allow_option = click.option(
    "--allow",
    multiple=True,
    callback=_allowed,
    help=N_("Override a limit by its exact number: blanks=312."),
)
experimental_option = click.option(
    "--experimental", is_flag=True, help=N_("Write to real systems too, not only to the sandbox.")
)


@click.command(
    cls=Verb,
    section="sync",
    name="plan",
    example="crmsync plan -o plan.jsonl",
    help=N_("Shows what a sync would write, and why. Writes to no CRM and moves no state."),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=N_("Write the plan to this file.")
)
@click.option("--no-pull", is_flag=True, help=N_("Use the last snapshots."))
@click.option("--samples", default=5, show_default=True, help=N_("How many changes to show."))
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@click.option("--detailed-exitcode", is_flag=True, help=N_("Exit 5 if the plan holds changes."))
@workspace_option
@json_option
@lang_option
def plan_command(
    folder: Path,
    output: Path | None,
    no_pull: bool,
    samples: int,
    unmask: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> None:
    """Makes a plan."""
    from crmsync.commands.apply import way_on
    from crmsync.commands.costing import cost_told
    from crmsync.commands.links import deep_links, read_identities
    from crmsync.commands.outputs import demand_folder
    from crmsync.commands.plan import is_quiet, make_plan
    from crmsync.commands.pull import pull
    from crmsync.reports.decided_links import decided_json
    from crmsync.reports.plan_text import plan_text

    demand_folder(output)
    workspace = opened(folder)
    if not no_pull:
        pull(workspace, tell=tell)
    plan = make_plan(workspace, to=output)
    if as_json:
        links = decided_json(plan.lines, unmask=unmask)
        say_json({**asdict(plan.header), "quiet": is_quiet(plan), "decided_links": links})
    else:
        text = plan_text(
            plan.header,
            plan.lines,
            language(),
            samples,
            unmask=unmask,
            colours=colours(),
            kinds=workspace.kinds,
            writers=workspace.project.writers,
            links=deep_links(workspace, read_identities(workspace)),
        )
        say(text)
        if cost := cost_told(workspace, plan, language()):
            tell(cost)
        if output and (said := way_on(workspace, plan, output)):
            tell(said)
    leave(ExitCode.CHANGES_PRESENT if detailed_exitcode and not is_quiet(plan) else ExitCode.OK)


@click.command(
    cls=Verb,
    section="sync",
    name="apply",
    example="crmsync apply plan.jsonl",
    help=N_("Writes a reviewed plan. Refuses one that is stale, edited or over a limit."),
)
@click.argument("plan", type=click.Path(path_type=Path))
@allow_option
@experimental_option
@click.option("--approved-by", help=N_("Who approved the plan (default: this user)."))
@workspace_option
@json_option
@lang_option
def apply_command(
    folder: Path,
    plan: Path,
    allow: dict[str, int],
    experimental: bool,
    approved_by: str | None,
    as_json: bool,
) -> None:
    """Carries out a plan."""
    from crmsync.commands.apply import Permission, apply_plan

    permission = Permission(allow, experimental, approved_by or getpass.getuser())
    _show(apply_plan(opened(folder), plan, permission), as_json=as_json)


@click.command(
    cls=Verb,
    section="sync",
    name="sync",
    example="crmsync sync --leave-conflicts",
    help=N_("Pulls, audits, plans and applies in one go; stops where a person is needed."),
)
@click.option(
    "--leave-conflicts", is_flag=True, help=N_("Write the rest and leave conflicts open.")
)
@allow_option
@experimental_option
@workspace_option
@json_option
@lang_option
def sync_command(
    folder: Path, leave_conflicts: bool, allow: dict[str, int], experimental: bool, as_json: bool
) -> None:
    """The nightly run."""
    from crmsync.commands.apply import Permission
    from crmsync.commands.rendering import synced_as
    from crmsync.commands.sync import sync

    permission = Permission(allow, experimental, getpass.getuser())
    workspace = opened(folder)
    synced = sync(workspace, permission, leave_conflicts=leave_conflicts, tell=tell)
    say(synced_as("json" if as_json else "text", synced, language(), workspace.kinds))
    leave(synced.applied.exit_code if synced.applied else ExitCode.OK)


@click.command(
    cls=Verb,
    section="sync",
    name="resume",
    example="crmsync resume 20261121T193000123-9f3c",
    help=N_(
        "Goes on with a run that stopped: looks at what became of every write, then does the rest."
    ),
)
@click.argument("run")
@workspace_option
@json_option
@lang_option
def resume_command(folder: Path, run: str, as_json: bool) -> None:
    """Goes on after a crash."""
    from crmsync.commands.apply import resume_run

    _show(resume_run(opened(folder), run), as_json=as_json)


def _show(applied: Applied, *, as_json: bool) -> None:
    """Prints how carrying out a plan ended, and what was called for it; leaves with its code."""
    from crmsync.commands.rendering import applied_as, calls_told

    say(applied_as("json" if as_json else "text", applied, language()))
    for line in [] if as_json else calls_told(applied.meters, language()):
        tell(line)
    leave(applied.exit_code)


COMMANDS = (plan_command, apply_command, sync_command, resume_command)
