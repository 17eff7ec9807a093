"""scopes: which rights this mapping takes, and which the credentials have."""

from __future__ import annotations

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
    workspace_option,
)
from crmsync.errors import ExitCode
from crmsync.language import N_, _


@click.command(
    cls=Verb,
    section="map",
    name="scopes",
    example="crmsync scopes --system salesforce",
    help=N_(
        "Lists the rights this mapping needs in each system, and what the credential lacks or has too much of."
    ),
)
@click.option("--system", help=N_("Only this system."))
@click.option(
    "--permission-set",
    "as_set",
    is_flag=True,
    help=N_(
        "Print a Salesforce permission set that grants exactly what is needed, as XML to deploy."
    ),
)
@workspace_option
@json_option
@lang_option
def scopes_command(folder: Path, system: str | None, as_set: bool, as_json: bool) -> None:
    """Compares rights."""
    from crmsync.commands.scopes import permission_sets, scopes
    from crmsync.reports.scopes_text import scopes_json, scopes_text

    workspace = opened(folder)
    if as_set:
        say(_only_one(permission_sets(workspace, system)))
        return
    reviews = scopes(workspace, system)
    if as_json:
        say_json(scopes_json(reviews))
    else:
        say(scopes_text(reviews, language()))
    lacking = any(need.needed for each in reviews for need in each.missing)
    leave(ExitCode.ACCESS if lacking else ExitCode.OK)


def _only_one(documents: dict[str, str]) -> str:
    """The one document there is."""
    if len(documents) == 1:
        return next(iter(documents.values()))
    if documents:
        raise click.UsageError(
            _("several systems have permission sets; name one with --system: {names}").format(
                names=", ".join(documents)
            )
        )
    raise click.UsageError(
        _("no system here has permission sets; crmsync scopes says what to grant")
    )


COMMANDS = (scopes_command,)
