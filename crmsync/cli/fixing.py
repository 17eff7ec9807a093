"""fix: proposed repairs. Writes to no CRM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from crmsync.cli.frame import (
    Family,
    Verb,
    colours,
    json_option,
    lang_option,
    language,
    opened,
    say_output,
    tell,
    workspace_option,
)
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.core.duplicate_groups import Tier
    from crmsync.core.roles import Grade

_FORMATS = ("text", "json", "csv", "xlsx", "md", "dataloader", "hubspot")
_LISTS = ("dataloader", "hubspot")
_DUPLICATE_LISTS = ("hubspot", "insycle", "demandtools", "dataloader")
_GRADES = ("decided", "certain", "strong", "medium", "weak")


@click.group(
    cls=Family,
    section="audit",
    name="fix",
    help=N_("Proposed repairs, to be read and accepted. Writes to no CRM."),
)
def fix_group() -> None:
    """Proposed repairs."""


@fix_group.command(
    cls=Verb,
    name="roles",
    example="crmsync fix roles --accept strong --format dataloader --out roles.csv",
    help=N_(
        "Proposes contacts for deals that name nobody, each by a record and with how sure that is, over the last "
        "snapshots. Writes to no CRM: accepted ones become a list that Data Loader or HubSpot's import takes."
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help=N_(
        "Output format; by the ending of the file, else text. The last two are lists for an import and need --accept."
    ),
)
@click.option(
    "--accept",
    type=click.Choice(_GRADES),
    help=N_("Only what people said yes to (decided), or proposals as sure as this, or surer."),
)
@click.option("--won", is_flag=True, help=N_("Only won deals."))
@click.option("--system", help=N_("Only deals of this system."))
@click.option(
    "--role", default="", help=N_("The name accepted roles get in Salesforce (default: none).")
)
@click.option(
    "-o",
    "--out",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("The file; else standard output."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def fix_roles(
    folder: Path,
    form: str | None,
    accept: Grade | Literal["decided"] | None,
    won: bool,
    system: str | None,
    role: str,
    output: Path | None,
    unmask: bool,
    as_json: bool,
) -> None:
    """Proposes contacts for deals."""
    from crmsync.commands.fix import form_of, left_out, propose_roles, roles_as, write_roles
    from crmsync.commands.outputs import demand_folder
    from crmsync.reports.numbers import quantity

    demand_folder(output)
    form = "json" if as_json else form_of(form, output)
    if form in _LISTS and accept is None:
        raise click.UsageError(
            _(
                "say how sure a proposal has to be: --accept decided, certain, strong, medium or weak"
            )
        )
    report = propose_roles(opened(folder), accept=accept, system=system, won=won, role=role)
    made = roles_as(form, report, language(), unmask=unmask, colours=colours())
    if output is None:
        say_output(made)
    else:
        write_roles(output, made)
        tell(_("Written to {file}. Nothing was written to a CRM.").format(file=output))
    left = len(left_out(report, form)) if form in _LISTS else 0
    if left:
        tell(
            quantity(
                "{n} proposal is not in the list: crmsync fix roles says what has to be done first.",
                "{n} proposals are not in the list: crmsync fix roles says what has to be done first.",
                left,
                language(),
            )
        )


_DUPLICATE_FORMATS = ("text", "json", "csv", "xlsx", "md", *_DUPLICATE_LISTS)


@fix_group.command(
    cls=Verb,
    name="duplicates",
    example="crmsync fix duplicates contact --tier sure --out duplicates.xlsx",
    help=N_(
        "Searches records that may be one person, company or deal, inside a system and across systems, over the last "
        "snapshots, and says why. Writes to no CRM: accepted merges become a list for the tool that carries them out."
    ),
)
@click.argument("entities", nargs=-1, metavar="[ENTITY]...")
@click.option(
    "--tier",
    type=click.Choice(("sure", "review")),
    help=N_("Only groups that are sure, or only those to review."),
)
@click.option("--system", help=N_("Only groups with something to merge in this system."))
@click.option("--object", "object_", help=N_("Only groups with something to merge in this object."))
@click.option(
    "--accept",
    type=click.Choice(("decided", "sure", "review")),
    help=N_("What goes into a list: what people said yes to, sure groups, or all of them."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_DUPLICATE_FORMATS),
    help=N_(
        "Output format; by the ending of the file, else text. The last four are lists of merges and need --accept."
    ),
)
@click.option(
    "-o",
    "--out",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("The file; else standard output."),
)
@click.option(
    "--anew",
    is_flag=True,
    help=N_("Compare all records, though few have changed since that was done last."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def fix_duplicates(
    folder: Path,
    entities: tuple[str, ...],
    tier: Tier | None,
    system: str | None,
    object_: str | None,
    accept: str | None,
    form: str | None,
    output: Path | None,
    anew: bool,
    unmask: bool,
    as_json: bool,
) -> None:
    """Searches duplicates."""
    from crmsync.commands.duplicates import Asked, duplicates_as, find_duplicates
    from crmsync.commands.fix import form_of, write_roles
    from crmsync.commands.outputs import demand_folder

    demand_folder(output)
    form = "json" if as_json else form_of(form, output)
    if form in _DUPLICATE_LISTS and accept is None:
        raise click.UsageError(_("say what is accepted: --accept decided, sure or review"))
    if form in _DUPLICATE_LISTS and output is not None and output.suffix.lower() != ".csv":
        raise click.UsageError(_("a list of merges is a CSV file: call it .csv"))
    asked = Asked(entities, tier, system, object_, accept or "", anew)
    report = find_duplicates(opened(folder), asked)
    made = duplicates_as(form, report, language(), unmask=unmask, colours=colours())
    if output is None:
        say_output(made)
        return
    write_roles(output, made)
    tell(_("Written to {file}. Nothing was written to a CRM.").format(file=output))


COMMANDS = (fix_group,)
