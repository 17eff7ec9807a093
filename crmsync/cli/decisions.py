"""decisions: what only people can decide goes out as a list and comes back. Writes to no CRM."""

from __future__ import annotations

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
from crmsync.errors import ExitCode
from crmsync.language import N_, _

if TYPE_CHECKING:
    from crmsync.core.open_decisions import DecisionKind

_KINDS = ("duplicates", "roles", "conflicts", "links", "waivers")


@click.group(
    cls=Family,
    section="audit",
    name="decisions",
    help=N_("What only people can decide, as a list that goes out and comes back."),
)
def decisions_group() -> None:
    """Lists of decisions."""


@decisions_group.command(
    cls=Verb,
    name="export",
    example="crmsync decisions export --output decisions.xlsx",
    help=N_(
        "Writes what is open and only people can decide: duplicates, contact roles, conflicts between systems, links "
        "and findings to accept. Excel with a sheet a kind, or YAML by the ending of the file. Writes to no CRM."
    ),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("decisions.xlsx"),
    show_default=True,
    help=N_("The file: .xlsx, or .yml for a review in git."),
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    help=N_("Only questions of this kind; may be given several times."),
)
@click.option("--unmask", is_flag=True, help=N_("Show personal data in full."))
@workspace_option
@json_option
@lang_option
def decisions_export(
    folder: Path, output: Path, kinds: tuple[DecisionKind, ...], unmask: bool, as_json: bool
) -> None:
    """Writes a list."""
    from crmsync.commands.exporting_decisions import export_decisions
    from crmsync.reports.decision_lists import SHEETS
    from crmsync.reports.numbers import number, quantity

    found = export_decisions(opened(folder), output, language(), kinds=kinds, unmask=unmask)
    if as_json:
        counts = {kind: len(rows) for kind, rows in found.rows.items()}
        say_json(
            {"file": str(output), "run": found.run, "open": counts, "left_out": found.left_out}
        )
        return
    for kind, rows in found.rows.items():
        say(f"{_(SHEETS[kind])}: {number(len(rows), language())}")
    tell(_("Written to {file}. Nothing was written to a CRM.").format(file=output))
    for kind, left in found.left_out.items():
        said = quantity(
            "{sheet}: {n} question more is in the next list, once these are decided.",
            "{sheet}: {n} questions more are in the next list, once these are decided.",
            left,
            language(),
        )
        tell(said.format(sheet=_(SHEETS[kind])))


@decisions_group.command(
    cls=Verb,
    name="import",
    example="crmsync decisions import decisions.xlsx --dry-run",
    help=N_(
        "Reads a list back that people filled in. Every row is checked against what is open now: what fits is kept in "
        "files of the workspace, what does not is refused with its cell and what helps. Writes to no CRM."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", "dry", is_flag=True, help=N_("Only say what would be kept."))
@click.option(
    "--by",
    help=N_("Who decided where a row does not say it (default: git's user.name, else this user)."),
)
@workspace_option
@json_option
@lang_option
def decisions_import(folder: Path, file: Path, dry: bool, by: str | None, as_json: bool) -> None:
    """Reads a list back."""
    from crmsync.commands.deciding import whoever_asks
    from crmsync.commands.importing_decisions import import_decisions
    from crmsync.commands.rendering_import import imported_json, imported_text, refusals

    workspace = opened(folder)
    name = (by or "").strip() or whoever_asks(workspace.root)
    done = import_decisions(workspace, file, by=name, dry=dry)
    if as_json:
        say_json(imported_json(done))
    else:
        say(imported_text(done, language()))
    for line in refusals(done, language()):
        tell(line)
    if done.problems:
        leave(ExitCode.PARTIAL if done.total else ExitCode.CONFIG_INVALID)


COMMANDS = (decisions_group,)
