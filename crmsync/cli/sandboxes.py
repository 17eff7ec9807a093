"""sandbox serve, load, add-field, edit: two simulated CRMs to rehearse on; other modules add what happens there."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crmsync.cli.frame import F, Family, Verb, lang_option, say, tell
from crmsync.language import N_, _


@click.group(
    cls=Family,
    name="sandbox",
    help=N_("A local Salesforce and HubSpot, for rehearsal and for tests."),
)
def sandbox_group() -> None:
    """Simulated CRMs."""


@sandbox_group.command(
    cls=Verb,
    name="serve",
    example="crmsync sandbox serve --seed demo --file sandbox.db",
    help=N_(
        "Serves both simulated CRMs on 127.0.0.1 until stopped; prints one JSON line when ready."
    ),
)
@click.option(
    "--salesforce-port",
    type=click.IntRange(0, 65535),
    help=N_("0 takes a free port. Default: that of the last time, with --file, else a free one."),
)
@click.option(
    "--hubspot-port",
    type=click.IntRange(0, 65535),
    help=N_("0 takes a free port. Default: that of the last time, with --file, else a free one."),
)
@click.option(
    "--seed",
    type=click.Choice(["demo", "empty"]),
    default="demo",
    show_default=True,
    help=N_("What to fill them with."),
)
@click.option(
    "--contacts",
    type=click.IntRange(0),
    default=400,
    show_default=True,
    help=N_("People of the demo data."),
)
@click.option(
    "--file", type=click.Path(path_type=Path), help=N_("Keep everything in this SQLite file.")
)
@click.option(
    "--switch",
    "switches",
    metavar="NAME=VALUE",
    multiple=True,
    help=N_("Answers an open question about one of the CRMs, see docs/sandbox.md; repeatable."),
)
@click.option(
    "--tls",
    is_flag=True,
    help=N_("Serve https, with a certificate made at start; the JSON line says whom to trust."),
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    help=N_("The certificate of the Salesforce app (PEM), for signing in by JWT."),
)
@lang_option
def serve_command(
    salesforce_port: int | None,
    hubspot_port: int | None,
    seed: str,
    contacts: int,
    file: Path | None,
    switches: tuple[str, ...],
    tls: bool,
    certificate: Path | None,
) -> None:
    """Serves both CRMs."""
    from crmsync.commands.sandbox import serve_sandbox

    wrong = [each for each in switches if "=" not in each]
    if wrong:
        raise click.BadParameter(_("write NAME=VALUE"), param_hint=wrong[0])
    named = {name: value for name, _sign, value in (each.partition("=") for each in switches)}
    size = contacts if seed == "demo" else None
    serve_sandbox(
        salesforce_port,
        hubspot_port,
        size,
        file,
        _announce,
        named,
        tls=tls,
        certificate=certificate,
    )


def _announce(line: str) -> None:
    """Prints the line for programs; to who sits at a terminal, what it means."""
    say(line)
    if sys.stderr.isatty():
        tell(
            _(
                "Both simulated CRMs are running; Ctrl-C ends them. Their addresses and credentials: the JSON "
                "line on standard output."
            )
        )


def place_options(command: F) -> F:
    """Adds `--url`, `--token` and `--file`: which sandbox."""
    options = (
        click.option("--url", help=N_("A running sandbox.")),
        click.option("--token", default="", help=N_("Its token.")),
        click.option(
            "--file",
            type=click.Path(path_type=Path),
            help=N_("The SQLite file of a sandbox, running or not."),
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def one_place(url: str | None, file: Path | None) -> None:
    """UsageError unless exactly one of them names a sandbox."""
    if (url is None) == (file is None):
        raise click.UsageError(
            _("Name a running sandbox with --url and --token, or a file with --file.")
        )


@sandbox_group.command(
    cls=Verb,
    name="load",
    example="crmsync sandbox load export.sql --into salesforce --file sandbox.db",
    help=N_(
        "Loads an SQLite file, an SQL script or a folder of CSVs, and says what could not be loaded."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--into", type=click.Choice(["salesforce", "hubspot"]), required=True, help=N_("Which CRM.")
)
@place_options
@lang_option
def load_command(path: Path, into: str, url: str | None, token: str, file: Path | None) -> None:
    """Fills a CRM."""
    from crmsync.commands.sandbox import load_sandbox

    one_place(url, file)
    say(load_sandbox(path, into, url=url, token=token, file=file))


@sandbox_group.command(
    cls=Verb,
    name="add-field",
    example="crmsync sandbox add-field salesforce/Contact.Tier__c --options Gold,Silver --file sandbox.db",
    help=N_("Adds a field to a simulated CRM, as its administrator would on its settings pages."),
)
@click.argument("field", metavar="SYSTEM/OBJECT.FIELD")
@click.option("--label", help=N_("How people read it; default: its name."))
@click.option(
    "--type",
    "kind",
    type=click.Choice(["text", "number", "date", "yes-no", "list"]),
    help=N_("What it holds. Default: list with --options, else text."),
)
@click.option("--options", help=N_("The values of a list, with commas."))
@place_options
@lang_option
def add_field_command(
    field: str,
    label: str | None,
    kind: str | None,
    options: str | None,
    url: str | None,
    token: str,
    file: Path | None,
) -> None:
    """A new field."""
    from crmsync.commands.sandbox import add_sandbox_field
    from crmsync.sandbox.editing import NewField

    one_place(url, file)
    system, object_, name = _spot(field)
    listed = tuple(each.strip() for each in (options or "").split(",") if each.strip())
    if bool(listed) != ((kind or ("list" if listed else "text")) == "list"):
        raise click.UsageError(_("A list has --options, and nothing else has."))
    made = NewField(object_, name, label or name, "list" if listed else kind or "text", listed)
    add_sandbox_field(system, made, url=url, token=token, file=file)
    say(_("{field} is there: {what}").format(field=field, what=", ".join(listed) or made.kind))


def _spot(text: str) -> tuple[str, str, str]:
    """System, object and field of `salesforce/Contact.Tier__c`; of a record the field is blank."""
    system, _slash, place = text.partition("/")
    object_, _dot, name = place.partition(".")
    if system not in ("salesforce", "hubspot") or not object_:
        raise click.BadParameter(
            _(
                "write salesforce/Contact or hubspot/contacts, and for a field salesforce/Contact.Tier__c"
            ),
            param_hint=text,
        )
    return system, object_, name


@sandbox_group.command(
    cls=Verb,
    name="edit",
    example="crmsync sandbox edit hubspot/contacts ana@acme.example phone=+34911234567 --file sandbox.db",
    help=N_(
        "Changes one record of a simulated CRM, as somebody would on its page. A blank value clears."
    ),
)
@click.argument("object_", metavar="SYSTEM/OBJECT")
@click.argument("who")
@click.argument("values", metavar="FIELD=VALUE", nargs=-1, required=True)
@place_options
@lang_option
def edit_command(
    object_: str, who: str, values: tuple[str, ...], url: str | None, token: str, file: Path | None
) -> None:
    """Another value."""
    from crmsync.commands.sandbox import edit_sandbox

    one_place(url, file)
    system, name, _field = _spot(object_)
    wrong = [each for each in values if "=" not in each]
    if wrong:
        raise click.BadParameter(_("write FIELD=VALUE"), param_hint=wrong[0])
    given = {field: value for field, _sign, value in (each.partition("=") for each in values)}
    id_ = edit_sandbox(system, name, who, given, url=url, token=token, file=file)
    say(_("{system}/{object}/{id} is changed").format(system=system, object=name, id=id_))


COMMANDS = (sandbox_group,)
