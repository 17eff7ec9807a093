"""footprint: what crmsync has inside a CRM, shown, put in and taken away as a reviewed plan."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsync.cli.frame import (
    Family,
    Verb,
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
from crmsync.cli.syncing import experimental_option
from crmsync.errors import ExitCode
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.core.footprint import FootprintPlan

output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=N_("Write the plan to this file.")
)


@click.group(
    cls=Family,
    section="map",
    name="footprint",
    help=N_("What crmsync needs inside a CRM: shown, put in and taken away as a reviewed plan."),
)
def footprint_group() -> None:
    """Our key fields."""


@footprint_group.command(
    cls=Verb,
    name="show",
    example="crmsync footprint show",
    help=N_("Shows every field that crmsync needs, how it stands, why, and what it costs."),
)
@workspace_option
@json_option
@lang_option
def show_command(folder: Path, as_json: bool) -> None:
    """How it stands."""
    from crmsync.commands.footprint import show_footprint
    from crmsync.reports.footprint_text import footprint_text

    items = show_footprint(opened(folder))
    if as_json:
        say_json([asdict(item) for item in items])
    else:
        say(footprint_text(items, language()))


@footprint_group.command(
    cls=Verb,
    name="install",
    example="crmsync footprint install -o footprint.json",
    help=N_("Plans to put in what is missing. Changes nothing; exit 3 if something is in the way."),
)
@output_option
@workspace_option
@json_option
@lang_option
def install_command(folder: Path, output: Path | None, as_json: bool) -> None:
    """Plans an installation."""
    from crmsync.commands.footprint import plan_install

    plan = plan_install(opened(folder))
    _show(plan, output, as_json=as_json)
    leave(ExitCode.CONFIG_INVALID if plan.obstacles else ExitCode.OK)


@footprint_group.command(
    cls=Verb,
    name="remove",
    example="crmsync footprint remove -o footprint.json",
    help=N_("Plans to take it away, and says what that costs. Changes nothing."),
)
@output_option
@workspace_option
@json_option
@lang_option
def remove_command(folder: Path, output: Path | None, as_json: bool) -> None:
    """Plans a removal."""
    from crmsync.commands.footprint import plan_remove

    _show(plan_remove(opened(folder)), output, as_json=as_json)


def _show(plan: FootprintPlan, output: Path | None, *, as_json: bool) -> None:
    """Prints a plan, and keeps it where that was asked."""
    from crmsync.commands.footprint_file import write_footprint
    from crmsync.commands.outputs import demand_folder
    from crmsync.reports.footprint_text import footprint_plan_text

    demand_folder(output)
    if as_json:
        say_json(asdict(plan))
    else:
        say(footprint_plan_text(plan, language()))
    if output:
        write_footprint(plan, output)
    if output and plan.steps:
        tell(_("Carry it out with:") + f" crmsync footprint apply {output}")


@footprint_group.command(
    cls=Verb,
    name="apply",
    example="crmsync footprint apply footprint.json",
    help=N_("Carries out a reviewed footprint plan. Refuses one that is stale or edited."),
)
@click.argument("plan", type=click.Path(path_type=Path))
@experimental_option
@click.option("--approved-by", help=N_("Who approved the plan (default: this user)."))
@workspace_option
@json_option
@lang_option
def apply_command(
    folder: Path, plan: Path, experimental: bool, approved_by: str | None, as_json: bool
) -> None:
    """Carries out a plan."""
    from crmsync.commands.apply import Permission
    from crmsync.commands.installing import apply_footprint
    from crmsync.reports.footprint_text import footprint_ended_text

    permission = Permission(None, experimental, approved_by or getpass.getuser())
    done = apply_footprint(opened(folder), plan, permission)
    if as_json:
        say_json(asdict(done))
    else:
        ends = [(end.step, end.outcome, end.message, end.remedy) for end in done.ends]
        say(footprint_ended_text(done.run, ends, language()))
    leave(done.exit_code)


COMMANDS = (footprint_group,)
