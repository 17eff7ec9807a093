"""audit, report, view, explain: what is known and what is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from crmsync.cli.frame import (
    Family,
    Verb,
    colours,
    json_option,
    lang_option,
    language,
    leave,
    opened,
    say,
    say_json,
    say_output,
    tell,
    workspace_option,
)
from crmsync.core.auditing import Severity
from crmsync.core.extents import Wish
from crmsync.errors import ExitCode
from crmsync.language import N_, _

FORMATS = ("text", "json", "csv", "xlsx", "md", "junit", "html")


@click.command(
    cls=Verb,
    section="audit",
    name="pull",
    example="crmsync pull",
    help=N_("Reads every mapped object of every system into a snapshot. Writes to no CRM."),
)
@click.option("--system", help=N_("Read only this system."))
@click.option("--full", is_flag=True, help=N_("Read everything; default: by what it costs."))
@click.option(
    "--incremental", is_flag=True, help=N_("Read only what changed, where the system can tell.")
)
@workspace_option
@json_option
@lang_option
def pull_command(
    folder: Path, system: str | None, full: bool, incremental: bool, as_json: bool
) -> None:
    """Reads the systems."""
    from crmsync.commands.pull import pull
    from crmsync.commands.rendering import calls_by_kind, calls_told

    if full and incremental:
        raise click.UsageError(_("choose one: --full or --incremental"))
    wish: Wish = "full" if full else "changes" if incremental else "auto"
    pulled = pull(opened(folder), only=system, wish=wish, tell=tell)
    for name in pulled.vanished:
        tell(_("No longer readable, frozen until it is:") + f" {name}")
    for snapshot in pulled.snapshots:
        if not snapshot.manifest.complete:
            manifest = snapshot.manifest
            tell(_("Incomplete:") + f" {manifest.system} {manifest.object}: {manifest.problem}")
    calls = {system: meter.made for system, meter in pulled.meters.items()}
    rows = {f"{s.manifest.system}/{s.manifest.object}": s.manifest.rows for s in pulled.snapshots}
    if as_json:
        kinds = calls_by_kind(pulled.meters)
        body = {"run": pulled.run, "rows": rows, "calls": calls, "calls_by_kind": kinds}
        say_json({**body, "complete": pulled.complete})
    else:
        made = ", ".join(f"{system} {number}" for system, number in sorted(calls.items()))
        say(_("Run {run}. Calls: {calls}").format(run=pulled.run, calls=made))
        for line in calls_told(pulled.meters, language()):
            tell(line)
    leave(ExitCode.OK if pulled.complete else ExitCode.PARTIAL)


@click.command(
    cls=Verb,
    section="audit",
    name="audit",
    example="crmsync audit --format html > report.html",
    help=N_("Asks the audits and lists what is wrong. Pulls first; writes to no CRM."),
)
@click.option("--select", multiple=True, help=N_("Only these audits: id, name or category."))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    envvar="CRMSYNC_AUDIT_FORMAT",
    help=N_("Output format."),
)
@click.option(
    "--profile",
    type=click.Choice(["essential", "all"]),
    default="essential",
    help=N_("Which audits."),
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help=N_("Exit 4 if there are findings as bad as this."),
)
@click.option("--no-pull", is_flag=True, help=N_("Use the last snapshots."))
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def audit_command(
    folder: Path,
    select: tuple[str, ...],
    form: str,
    profile: str,
    fail_on: Severity | None,
    no_pull: bool,
    unmask: bool,
    as_json: bool,
) -> None:
    """Runs the audits."""
    from crmsync.commands.audit import audit, chosen
    from crmsync.commands.pull import pull
    from crmsync.commands.rendering import audit_as, gate_code

    workspace = opened(folder)
    chosen(workspace.audits, select, profile)  # a name nobody has is told before the long read
    if not no_pull:
        pull(workspace, tell=tell)
    facts = audit(workspace, select=select, profile=profile)
    say_output(
        audit_as("json" if as_json else form, facts, language(), unmask=unmask, colours=colours())
    )
    leave(gate_code(facts, fail_on))


@click.command(
    cls=Verb,
    section="audit",
    name="report",
    example="crmsync report --lang es -o informe.html",
    help=N_(
        "Writes the HTML report of an audit over the last snapshots, one file for any browser."
    ),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("report.html"),
    help=N_("The file."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@lang_option
def report_command(folder: Path, output: Path, unmask: bool) -> None:
    """Writes the report."""
    from crmsync.commands.audit import audit
    from crmsync.commands.rendering import write_report

    workspace = opened(folder)
    write_report(audit(workspace), output, language(), unmask=unmask)
    say(str(output))


@click.group(
    cls=Family,
    section="audit",
    name="view",
    help=N_("One customer as all systems together know it."),
)
def view_group() -> None:
    """The single customer view."""


@view_group.command(
    cls=Verb,
    name="show",
    example="crmsync view show ana@acme.example",
    help=N_("Shows one customer: each value, and which system it comes from."),
)
@click.argument("who")
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def view_show(folder: Path, who: str, unmask: bool, as_json: bool) -> None:
    """Shows one customer."""
    from crmsync.commands.rendering import choice_of_found, views_json, views_text
    from crmsync.commands.view import find_customers

    found = find_customers(opened(folder), who)
    if as_json:
        say_json(views_json(found, unmask=unmask))
    elif len(found) > 1:
        say(choice_of_found(found, who, "crmsync view show", language(), unmask=unmask))
        leave(ExitCode.FAILED)
    else:
        say(views_text(found, language(), unmask=unmask))


@click.command(
    cls=Verb,
    section="audit",
    name="explain",
    example="crmsync explain ana@acme.example --field phone",
    help=N_("Says why a value is what it is: what each system holds, and which rule decides."),
)
@click.argument("who")
@click.option("--field", help=N_("Only this field."))
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@lang_option
def explain_command(folder: Path, who: str, field: str | None, unmask: bool) -> None:
    """Explains one customer."""
    from crmsync.commands.rendering import choice_of_found, explanations
    from crmsync.commands.view import find_customers

    found = find_customers(opened(folder), who)
    if len(found) > 1:
        say(choice_of_found(found, who, "crmsync explain", language(), unmask=unmask))
        leave(ExitCode.FAILED)
    say(explanations(found, field, language(), unmask=unmask))


COMMANDS = (pull_command, audit_command, report_command, view_group, explain_command)
