"""demo, runs, state, sandbox, exit-codes: rehearsal and looking back."""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict
from pathlib import Path

import click

from crmsync.cli.codes import MEANINGS
from crmsync.cli.frame import (
    F,
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
    help=N_("Lists runs, newest first; with an id, every operation of that run."),
)
@click.argument("run", required=False)
@workspace_option
@json_option
@lang_option
def runs_command(folder: Path, run: str | None, as_json: bool) -> None:
    """Looks back."""
    from crmsync.commands.rendering import ops_text, runs_text
    from crmsync.commands.runs import list_runs, ops_of

    workspace = opened(folder)
    if run is None:
        rows = list_runs(workspace)
        if as_json:
            say_json([asdict(row) for row in rows])
        else:
            say(runs_text(rows))
        return
    ops = ops_of(workspace, run)
    if as_json:
        say_json([asdict(op) for op in ops])
    else:
        say(ops_text(ops))


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
    elif who is not None and len(found) > 1:
        say(choice_of_links(found, who, language(), unmask=unmask))
        leave(ExitCode.FAILED)
    else:
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


COMMANDS = (demo_command, runs_command, state_group, sandbox_group, exit_codes_command)
