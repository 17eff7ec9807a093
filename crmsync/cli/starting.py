"""init: questions on a terminal, options everywhere, and what was written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmsync.cli.asking import (
    Asked,
    language_asked,
    locale_asked,
    native_asked,
    notation_asked,
    systems_asked,
)
from crmsync.cli.frame import Verb, lang_option, say, tell, told
from crmsync.commands.reference import FOLDERS
from crmsync.errors import ConfigInvalid, CrmsyncError
from crmsync.language import N_, _, translate_said

if TYPE_CHECKING:
    from crmsync.commands.init import Begun
    from crmsync.commands.proposing import Proposed


@click.command(
    cls=Verb,
    section="map",
    name="init",
    example="crmsync init my-client --files crm=exports/crm --files marketing=exports/marketing --yes",
    help=N_(
        "Writes a workspace: crmsync.yml, mappings, audits. Files that are there already stay. Asks on a "
        "terminal what no option says."
    ),
)
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--systems",
    help=N_(
        "Systems by API, with commas: salesforce, hubspot, or NAME=salesforce. Default without "
        "--files and --database: both."
    ),
)
@click.option(
    "--files",
    multiple=True,
    metavar="NAME=FOLDER",
    help=N_("A system read from exports in a folder (CSV, Excel, Parquet); may be given again."),
)
@click.option(
    "--database",
    "databases",
    multiple=True,
    metavar="NAME=${ENV}",
    help=N_("A system read from a database whose address is in a variable; may be given again."),
)
@click.option(
    "--like",
    "likes",
    multiple=True,
    metavar="NAME=salesforce|hubspot",
    help=N_("Whose exports the files of a system are, where their columns do not tell."),
)
@click.option(
    "--decimal",
    type=click.Choice([",", "."]),
    help=N_("Decimal sign of number columns that do not tell it."),
)
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy"]),
    help=N_("Order of day and month in date columns that do not tell it."),
)
@click.option(
    "--native-connector/--no-native-connector",
    "native",
    default=None,
    help=N_("Whether the native HubSpot-Salesforce connector is on."),
)
@click.option(
    "--region",
    "--country",
    "region",
    help=N_("Country (ISO 3166) of phones without a prefix; default: ES."),
)
@click.option("--currency", help=N_("ISO 4217; default: that of the country."))
@click.option("--timezone", help=N_("IANA name; default: that of the country."))
@click.option(
    "--propose",
    is_flag=True,
    help=N_(
        "Read the live schemas and propose fields beyond the reference set; in a workspace that is there "
        "already, beside its mappings."
    ),
)
@click.option("--yes", is_flag=True, help=N_("Ask nothing."))
@lang_option
def init_command(**given: Any) -> None:
    """Writes a workspace, or proposes for one that is there."""
    propose, yes = given.pop("propose"), given.pop("yes")
    declared = {name: each for name in ("decimal", "dates") if (each := given.pop(name))}
    asked = Asked(**given, declared=declared, asks=not yes and sys.stdin.isatty())
    if propose and (asked.folder / "crmsync.yml").is_file():
        _propose(asked.folder)
        return
    _begin(asked, propose=propose)


def _propose(folder: Path) -> None:
    """Proposes for a workspace that is there; its mappings stay as they are."""
    from crmsync.commands.proposing import proposed_mappings, written_beside

    proposals = proposed_mappings(folder.resolve())
    for path in written_beside(folder, proposals):
        say(str(path))
    _tell_proposals(proposals)
    tell(
        _(
            "Next: read each *.proposed.txt, carry over what you want into the .yml beside it: crmsync lint"
        )
    )


def _begin(asked: Asked, *, propose: bool) -> None:
    from crmsync.commands.init import init

    systems = systems_asked(asked)
    locale = locale_asked(asked)
    native = native_asked(asked, systems)
    said = language_asked(asked)
    declared = notation_asked(asked, systems, locale)
    begun = init(
        asked.folder,
        systems=systems,
        currency=locale.currency,
        region=locale.region,
        timezone=locale.timezone,
        language=said,
        native=native,
        declared=declared,
        proposes="always" if propose else "if it works" if asked.asks else "never",
    )
    _report(begun, forced=propose)


def _written(paths: Sequence[Path]) -> Iterator[str]:
    """Every file that was written; of the audits only how many there are, for nobody reads so many names."""
    audits = [path for path in paths if path.parent.name == FOLDERS[1]]
    if len(audits) == 1:
        audits = []
    yield from (str(path) for path in paths if path not in audits)
    if audits:
        told = _("{count} audits in {folder}")
        yield told.format(count=len(audits), folder=audits[0].parent)


def _report(begun: Begun, *, forced: bool) -> None:
    for line in _written(begun.written):
        say(line)
    for line in begun.told:
        tell(line)
    _tell_proposals(begun.proposals)
    if begun.failed is not None:
        if forced:
            raise begun.failed
        why = _why(begun.failed)
        tell(
            _("No proposal from live schemas yet: {why}. Later: crmsync init --propose").format(
                why=why
            )
        )
    if begun.proposals:
        tell(_("Next: crmsync doctor (in the new folder)"))
    elif begun.ready:
        tell(
            _(
                "Next, in the new folder: crmsync lint, crmsync audit, and who is there twice: crmsync fix duplicates"
            )
        )
    else:
        tell(
            _(
                "Next: write the names of .env.example to .env with their values, then: crmsync doctor"
            )
        )


def _why(error: CrmsyncError) -> str:
    """What went wrong, in one line."""
    problems = error.problems if isinstance(error, ConfigInvalid) else ()
    said = [told(each).message for each in problems] or [translate_said(error.message)]
    return "; ".join(said)


def _tell_proposals(proposals: Sequence[Proposed]) -> None:
    for each in proposals:
        tell(each.summary)
        for reason in each.left_out:
            tell(f"  {translate_said(reason)}")


COMMANDS = (init_command,)
