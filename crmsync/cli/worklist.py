"""worklist: what each person has to do. Writes to no CRM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsync.cli.frame import (
    Verb,
    json_option,
    lang_option,
    language,
    opened,
    say,
    say_json,
    tell,
    workspace_option,
)
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.commands.worklists import By


@click.command(
    cls=Verb,
    section="audit",
    name="worklist",
    example="crmsync worklist --output worklists",
    help=N_(
        "Writes what each person has to do, first things first: the findings of the audits over the last snapshots, by "
        "who answers for them. Writes to no CRM."
    ),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("worklists"),
    show_default=True,
    help=N_("A folder (Excel and Markdown for each person), or one file for all: .xlsx or .md."),
)
@click.option(
    "--by",
    type=click.Choice(["steward", "owner"]),
    default="steward",
    help=N_("To the stewards of crmsync.yml, then owners; or only to the owners of the records."),
)
@click.option("--person", help=N_("Only the list of this person; a part of the name is enough."))
@click.option(
    "--profile",
    type=click.Choice(["essential", "all"]),
    default="essential",
    help=N_("Which audits."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def worklist_command(
    folder: Path,
    output: Path,
    by: By,
    person: str | None,
    profile: str,
    unmask: bool,
    as_json: bool,
) -> None:
    """Writes worklists."""
    from crmsync.commands.worklists import write_worklists
    from crmsync.reports.as_xlsx import person_called
    from crmsync.reports.numbers import quantity, work

    lists = write_worklists(
        opened(folder), output, language(), by=by, person=person, profile=profile, unmask=unmask
    )
    if as_json:
        rows = [
            {"person": each.person, "findings": each.findings, "minutes": round(each.minutes)}
            for each in lists
        ]
        say_json({"written": str(output), "people": rows})
        return
    for each in lists:
        count = quantity("{n} finding", "{n} findings", each.findings, language())
        say(f"{person_called(each.person, language())}: {count}, {work(each.minutes, language())}")
    if not lists:
        say(_("Nothing to do."))
    tell(_("Written to {file}. Nothing was written to a CRM.").format(file=output))


COMMANDS = (worklist_command,)
