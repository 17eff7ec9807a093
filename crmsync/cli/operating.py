"""demo, runs, state, exit-codes: the whole way at once, and looking back."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path

import click

from crmsync.cli.codes import MEANINGS
from crmsync.cli.frame import (
    Family,
    Verb,
    doubtful,
    json_option,
    lang_option,
    language,
    leave,
    opened,
    say,
    say_json,
    workspace_option,
)
from crmsync.language import N_, _

_RUNS, _RECORDS = 50, 20
"""How much is shown of what there is, unless --limit says otherwise."""


@click.command(
    cls=Verb,
    section="operate",
    name="demo",
    example="crmsync demo --lang es",
    help=N_(
        "Shows the whole way on two simulated CRMs: no account needed, nothing leaves this computer."
    ),
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("crmsync-demo"),
    show_default=True,
    help=N_("Where to write."),
)
@click.option(
    "--again",
    is_flag=True,
    help=N_(
        "Throw an earlier demo's folder away, with all that was changed or put there since; without this it is refused."
    ),
)
@lang_option
def demo_command(folder: Path, again: bool) -> None:
    """The whole way in seconds."""
    from crmsync.commands.demo import demo

    leave(demo(folder, language(), say, again=again))


@click.command(
    cls=Verb,
    section="operate",
    name="runs",
    example="crmsync runs",
    help=N_(
        "Lists runs, newest first; with an id, what that run wrote: whom, which field from what to what, and how it "
        "ended."
    ),
)
@click.argument("run", required=False)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help=N_("How many at most (default: 50 runs, 20 records of one run)."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def runs_command(
    folder: Path, run: str | None, limit: int | None, unmask: bool, as_json: bool
) -> None:
    """Looks back."""
    from crmsync.commands.rendering_runs import ops_json, runs_text, told_text
    from crmsync.commands.runs import list_runs, told_of

    workspace = opened(folder)
    if run is None:
        rows = list_runs(workspace, limit or _RUNS)
        if as_json:
            say_json([asdict(row) for row in rows])
        else:
            say(runs_text(rows))
        return
    told = told_of(workspace, run)
    if as_json:
        say_json(ops_json(told, unmask=unmask))
    else:
        say(told_text(told, limit or _RECORDS, unmask=unmask))


@click.group(
    cls=Family,
    name="state",
    help=N_("What crmsync remembers: who belongs together, and why."),
)
def state_group() -> None:
    """Looks into the state."""


@state_group.command(
    cls=Verb,
    name="links",
    example="crmsync state links ana@acme.example",
    help=N_(
        "Shows who belongs together: the records, by which rule and run, since when, what was merged."
    ),
)
@click.argument("who", required=False)
@click.option("--entity", help=N_("Only this entity, as in contact."))
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help=N_("How many customers at most."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def links_command(
    folder: Path, who: str | None, entity: str | None, limit: int, unmask: bool, as_json: bool
) -> None:
    """Who is who."""
    from crmsync.commands.rendering_links import choice_of_links, links_json, links_text
    from crmsync.commands.state import links_of

    found = links_of(opened(folder), who, entity, limit)
    if as_json:
        say_json(links_json(found))
    if who is not None and len(found) > 1:
        doubtful(choice_of_links(found, who, language(), unmask=unmask), as_json=as_json)
    if not as_json:
        say(links_text(found))


@state_group.command(
    cls=Verb,
    name="rebase",
    example="crmsync state rebase --yes",
    help=N_(
        "Begins anew knowingly where the state or a CRM was put back: shows what is forgotten, forgets it with --yes."
    ),
)
@click.option("--yes", is_flag=True, help=N_("Do it; without this it is only shown."))
@click.option("--approved-by", help=N_("Who decided this (default: this user)."))
@workspace_option
@json_option
@lang_option
def rebase_command(folder: Path, yes: bool, approved_by: str | None, as_json: bool) -> None:
    """Begins anew."""
    from crmsync.commands.rebase import rebase
    from crmsync.commands.rendering_links import rebased_text

    done = rebase(opened(folder), really=yes, approver=approved_by or getpass.getuser())
    if as_json:
        say_json(asdict(done))
    else:
        say(rebased_text(done))


@click.command(
    cls=Verb,
    section="operate",
    name="exit-codes",
    example="crmsync exit-codes",
    help=N_("Lists the exit codes and what each means."),
)
@json_option
@lang_option
def exit_codes_command(as_json: bool) -> None:
    """The contract with schedulers."""
    if as_json:
        say_json({str(int(code)): _(text) for code, text in MEANINGS.items()})
        return
    for code, text in MEANINGS.items():
        say(f"{int(code):>4}  {_(text)}")


COMMANDS = (demo_command, runs_command, state_group, exit_codes_command)
