"""audit, report, view, explain: what is known and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsync.cli.frame import (
    Family,
    Verb,
    colours,
    doubtful,
    json_option,
    lang_option,
    language,
    leave,
    opened,
    say,
    say_json,
    say_output,
    tell,
    told,
    workspace_option,
)
from crmsync.core.auditing import Audit, Severity
from crmsync.core.extents import Wish
from crmsync.errors import ConfigInvalid, ExitCode, Problem
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.commands.workspace import Workspace
    from crmsync.reports.facts import ReportFacts

FORMATS = ("text", "json", "csv", "xlsx", "md", "junit", "github", "html")


def _apart(
    _context: click.Context, _option: click.Parameter, told: tuple[str, ...]
) -> tuple[str, ...]:
    """The names of an option that may be given again, and holds several with commas."""
    return tuple(name.strip() for each in told for name in each.split(",") if name.strip())


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
@click.option(
    "--inventory",
    is_flag=True,
    help=N_("Count who fills the fields that nobody maps: some calls more, no record is read."),
)
@workspace_option
@json_option
@lang_option
def pull_command(
    folder: Path,
    system: str | None,
    full: bool,
    incremental: bool,
    inventory: bool,
    as_json: bool,
) -> None:
    """Reads the systems."""
    from crmsync.commands.pull import pull
    from crmsync.commands.rendering import calls_by_kind, calls_told

    if full and incremental:
        raise click.UsageError(_("choose one: --full or --incremental"))
    wish: Wish = "full" if full else "changes" if incremental else "auto"
    pulled = pull(opened(folder), only=system, wish=wish, inventory=inventory, tell=tell)
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
        waited = {system: round(meter.waited_s, 1) for system, meter in pulled.meters.items()}
        body = {"run": pulled.run, "rows": rows, "calls": calls, "calls_by_kind": kinds}
        body["waited_s"] = waited
        say_json({**body, "complete": pulled.complete})
    else:
        made = ", ".join(f"{system} {number}" for system, number in sorted(calls.items()))
        say(_("Run {run}. Calls: {calls}").format(run=pulled.run, calls=made))
        for line in calls_told(pulled.meters, language()):
            tell(line)
    leave(ExitCode.OK if pulled.complete else ExitCode.PARTIAL)


def _demand_whole(select: tuple[str, ...], min_score: int | None) -> None:
    """Usage error for the score of a choice of audits, which there is none of."""
    if select and min_score is not None:
        raise click.UsageError(_("--min-score is of all audits: leave out --select"))


@click.command(
    cls=Verb,
    section="audit",
    name="audit",
    example="crmsync audit --format html > report.html",
    help=N_("Asks the audits and lists what is wrong. Pulls first; writes to no CRM."),
)
@click.option(
    "--select",
    multiple=True,
    callback=_apart,
    help=N_("Only these audits: id, name or category; several with commas, or given again."),
)
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
@click.option(
    "--min-score",
    type=click.IntRange(0, 100),
    help=N_("Exit 4 if the score of all audits of the profile is lower."),
)
@click.option("--no-pull", is_flag=True, help=N_("Use the last snapshots."))
@click.option(
    "--examples",
    is_flag=True,
    help=N_("Put your own audits to the proof of the stories beside them; reads no CRM."),
)
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
    min_score: int | None,
    no_pull: bool,
    examples: bool,
    unmask: bool,
    as_json: bool,
) -> None:
    """Runs the audits, or the stories beside them."""
    from crmsync.commands.audit import audit, chosen
    from crmsync.commands.branding import branded, logo_of
    from crmsync.commands.pull import pull
    from crmsync.commands.rendering import audit_as, gate_code, told_below

    _demand_whole(select, min_score)
    workspace = opened(folder, audits_as_read=True)
    # A name nobody has is told before the long read.
    named = chosen(workspace.audits, select, profile, workspace.unread)
    logo = logo_of(workspace.root, workspace.project) if form == "html" else ""
    if examples:
        _prove(workspace, named if select else workspace.audits, own=not select)
        return
    pulled = None if no_pull else pull(workspace, skip_refused=True, tell=tell)
    refused = pulled.refused if pulled else ()
    form = "json" if as_json else form
    counts = form in ("html", "json")
    facts = audit(workspace, select=select, profile=profile, counts=counts)
    facts = branded(workspace, facts, logo)
    say_output(audit_as(form, facts, language(), unmask=unmask, colours=colours()))
    if below := told_below(facts, min_score, language()):
        tell(below)
    if refused:
        _leave_refused(refused, _wrong_files(workspace, facts))
    _leave_if_broken(workspace, facts)
    leave(
        gate_code(facts, fail_on, min_score) or (ExitCode.PARTIAL if facts.unread else ExitCode.OK)
    )


def _prove(workspace: Workspace, audits: Sequence[Audit], *, own: bool) -> None:
    """Stories put to the proof: what failed is told as what is wrong with a file is."""
    from crmsync.commands.example_runs import prove_examples

    proved = prove_examples(workspace, audits, own=own)
    for each in proved.without:
        tell(_("No examples beside {file}.").format(file=each.file))
    if problems := [*workspace.unread, *proved.problems]:
        raise ConfigInvalid(problems)
    said = N_("{n} stories told, and every audit does as they say.")
    say(_(said).format(n=proved.told))


def _leave_refused(refused: Sequence[str], problems: Sequence[Problem]) -> None:
    """The rest was read, asked and told; what the credential may not read is told after it, and ends in exit 8."""
    for problem in problems:
        tell(str(told(problem)))
    for line in refused:
        tell(_("Not read:") + f" {line}")
    tell(_("What helps:") + " " + _("crmsync scopes says which rights are missing."))
    leave(ExitCode.ACCESS)


def _leave_if_broken(workspace: Workspace, facts: ReportFacts) -> None:
    """The others were asked and told; a wrong file of an audit is told after them, and ends in exit 3."""
    if problems := _wrong_files(workspace, facts):
        raise ConfigInvalid(problems)


def _wrong_files(workspace: Workspace, facts: ReportFacts) -> list[Problem]:
    from crmsync.commands.audit import broken

    ran = [each for each in broken(facts.results) if each not in workspace.unread]
    return [*workspace.unread, *ran]


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
    from crmsync.commands.branding import branded, logo_of
    from crmsync.commands.outputs import demand_folder, form_by_ending
    from crmsync.commands.rendering import write_report

    form_by_ending(None, output, ("html", "htm"), "html")
    demand_folder(output)
    workspace = opened(folder, audits_as_read=True)
    logo = logo_of(workspace.root, workspace.project)
    facts = branded(workspace, audit(workspace, counts=True), logo)
    write_report(facts, output, language(), unmask=unmask)
    say(str(output))
    _leave_if_broken(workspace, facts)


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
    from crmsync.commands.former import asked_for
    from crmsync.commands.rendering import choice_of_found, views_json, views_text
    from crmsync.commands.rendering_links import former_json, former_text

    asked = asked_for(opened(folder), who)
    found = asked.found
    if as_json:
        say_json(views_json(found, unmask=unmask) or former_json(asked))
    elif asked.former:
        say(former_text(asked, language()))
    if len(found) > 1:
        told = choice_of_found(found, who, "crmsync view show", language(), unmask=unmask)
        doubtful(told, as_json=as_json)
    if as_json:
        return
    say(views_text(found, language(), unmask=unmask))


@view_group.command(
    cls=Verb,
    name="export",
    example="crmsync view export --entity contact -o customers.csv",
    help=N_(
        "Writes all customers, one a row: each value that counts, and which system it comes from. "
        "Personal data is masked unless you say --unmask."
    ),
)
@click.option("--entity", help=N_("Which customers: contact, company, deal. Default: contact."))
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "parquet", "json"]),
    help=N_("Output format; by the ending of the file, else csv."),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("The file; else standard output. Excel and Parquet need one."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@lang_option
def view_export(
    folder: Path, entity: str | None, form: str | None, output: Path | None, unmask: bool
) -> None:
    """Writes all customers."""
    from crmsync.commands.outputs import demand_folder
    from crmsync.commands.view_table import form_of, write_view

    demand_folder(output)
    chosen_form = form_of(form, output)
    count = write_view(opened(folder), entity, chosen_form, output, language(), unmask=unmask)
    if output is not None:
        said = _("{n} customers written to {file}")
        tell(said.format(n=count, file=output))


@view_group.command(
    cls=Verb,
    name="stats",
    example="crmsync view stats --entity contact",
    help=N_(
        "Counts customers: in which systems they are, how full each field is, and where systems differ."
    ),
)
@click.option("--entity", help=N_("Only these: contact, company, deal."))
@workspace_option
@json_option
@lang_option
def view_stats_command(folder: Path, entity: str | None, as_json: bool) -> None:
    """Counts customers."""
    from crmsync.commands.view_table import view_stats
    from crmsync.reports.view_stats import stats_json, stats_text

    found = view_stats(opened(folder), entity)
    if as_json:
        say_json(stats_json(found))
    else:
        say(stats_text(found, language()))


@click.command(
    cls=Verb,
    section="audit",
    name="explain",
    example="crmsync explain ana@acme.example --field phone",
    help=N_(
        "Says why a value is what it is: what each system holds and since when, which rule decides, and how each "
        "value was read."
    ),
)
@click.argument("who")
@click.option("--field", help=N_("Only this field, with all that is known of it."))
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def explain_command(folder: Path, who: str, field: str | None, unmask: bool, as_json: bool) -> None:
    """Explains one customer."""
    from crmsync.commands.lifecycles import asked_with_stories, lifecycles_text, with_lifecycles
    from crmsync.commands.links import deep_links, read_identities
    from crmsync.commands.rendering import choice_of_found, explanations, explanations_json
    from crmsync.commands.rendering_links import former_json, former_text

    workspace = opened(folder)
    asked, stories = asked_with_stories(workspace, who, many=as_json)
    found = asked.found
    if as_json:
        told = explanations_json(found, field, unmask=unmask)
        say_json(with_lifecycles(told, stories) or former_json(asked))
    elif asked.former:
        say(former_text(asked, language()))
    if len(found) > 1:
        choice = choice_of_found(found, who, "crmsync explain", language(), unmask=unmask)
        doubtful(choice, as_json=as_json)
    if as_json:
        return
    links = deep_links(workspace, read_identities(workspace))
    say(explanations(found, field, language(), unmask=unmask, links=links))
    if field is None and stories:
        say(lifecycles_text(stories, language()))


COMMANDS = (pull_command, audit_command, report_command, view_group, explain_command)
