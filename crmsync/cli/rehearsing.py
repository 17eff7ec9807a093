"""sandbox merge, convert, undelete, erase, declare: what happens to records in a simulated CRM besides edits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from crmsync.cli.frame import Verb, json_option, lang_option, say, say_json
from crmsync.cli.sandboxes import one_place, place_options, sandbox_group
from crmsync.language import N_, _

F = TypeVar("F", bound=Callable[..., Any])


def which_crm(command: F) -> F:
    """Adds `--in`: which of the two simulated CRMs."""
    option = click.option(
        "--in",
        "system",
        type=click.Choice(["salesforce", "hubspot"]),
        default="salesforce",
        show_default=True,
        help=N_("Which CRM."),
    )
    return option(command)


@sandbox_group.command(
    cls=Verb,
    name="merge",
    example="crmsync sandbox merge Contact ana@acme.example 003Sb0000000007IAA --file sandbox.db",
    help=N_("Merges records of a simulated CRM into the first, as somebody would on its page."),
)
@click.argument("object_", metavar="OBJECT")
@click.argument("winner")
@click.argument("losers", nargs=-1, required=True)
@which_crm
@place_options
@lang_option
def merge_command(
    object_: str,
    winner: str,
    losers: tuple[str, ...],
    system: str,
    url: str | None,
    token: str,
    file: Path | None,
) -> None:
    """One of several."""
    from crmsync.commands.sandbox import merge_in_sandbox

    one_place(url, file)
    id_ = merge_in_sandbox(system, object_, winner, losers, url=url, token=token, file=file)
    words = _("{system}/{object}/{id} is what is left")
    say(words.format(system=system, object=object_, id=id_))


@sandbox_group.command(
    cls=Verb,
    name="convert",
    example="crmsync sandbox convert ana@acme.example --opportunity Renewal --file sandbox.db",
    help=N_("Converts a lead of the simulated Salesforce into a contact of an account."),
)
@click.argument("lead")
@click.option("--account", help=N_("An account that is there; default: a new one."))
@click.option("--contact", help=N_("A contact that is there; default: a new one."))
@click.option("--opportunity", help=N_("Name of a new opportunity; default: none."))
@place_options
@lang_option
def convert_command(
    lead: str,
    account: str | None,
    contact: str | None,
    opportunity: str | None,
    url: str | None,
    token: str,
    file: Path | None,
) -> None:
    """What a lead becomes."""
    from crmsync.commands.sandbox import convert_in_sandbox

    one_place(url, file)
    into = {"account": account, "contact": contact, "opportunity": opportunity}
    became = convert_in_sandbox(lead, into, url=url, token=token, file=file)
    for name, id_ in became.items():
        if id_ is not None:
            say(f"salesforce/{name.capitalize()}/{id_}")


@sandbox_group.command(
    cls=Verb,
    name="undelete",
    example="crmsync sandbox undelete 003Sb0000000007IAA --file sandbox.db",
    help=N_("Takes records of a simulated CRM out of its recycle bin; in HubSpot OBJECT/ID."),
)
@click.argument("ids", nargs=-1, required=True)
@which_crm
@place_options
@lang_option
def undelete_command(
    ids: tuple[str, ...], system: str, url: str | None, token: str, file: Path | None
) -> None:
    """Back from the bin."""
    from crmsync.commands.sandbox import rehearse_in_sandbox

    one_place(url, file)
    bodies: list[dict[str, Any]] = [{"ids": list(ids)}]
    if system == "hubspot":
        named = [each.partition("/") for each in ids]
        bodies = [{"object": object_, "ids": [id_]} for object_, _slash, id_ in named]
    rehearse_in_sandbox("undelete", bodies, url=url, token=token, file=file, system=system)
    for id_ in ids:
        say(_("{id} is back").format(id=id_))


@sandbox_group.command(
    cls=Verb,
    name="erase",
    example="crmsync sandbox erase ana@acme.example --file sandbox.db",
    help=N_(
        "Deletes a person of the simulated HubSpot for good, by e-mail or id; the address cannot be used again."
    ),
)
@click.argument("who")
@place_options
@lang_option
def erase_command(who: str, url: str | None, token: str, file: Path | None) -> None:
    """The right to be forgotten."""
    from crmsync.commands.sandbox import rehearse_in_sandbox

    one_place(url, file)
    rehearse_in_sandbox("erase", [{"who": who}], url=url, token=token, file=file, system="hubspot")
    say(_("{who} is erased").format(who=who))


@sandbox_group.command(
    cls=Verb,
    name="declare",
    example="crmsync sandbox declare rules.json --file sandbox.db",
    help=N_("Sets up rules, flows and packages of a simulated CRM from a JSON file."),
)
@click.argument("path", type=click.Path(path_type=Path))
@which_crm
@place_options
@lang_option
def declare_command(
    path: Path, system: str, url: str | None, token: str, file: Path | None
) -> None:
    """An administrator's work."""
    from crmsync.commands.sandbox import declarations, rehearse_in_sandbox

    one_place(url, file)
    bodies = declarations(path)
    place: dict[str, Any] = {"url": url, "token": token, "file": file}
    for made in rehearse_in_sandbox("declare", bodies, system=system, **place):
        say(_("{id} is set up").format(id=made["id"]))


@sandbox_group.command(
    cls=Verb,
    name="switch",
    example="crmsync sandbox switch search_lag=15 --in hubspot --file sandbox.db",
    help=N_(
        "Answers open questions about a simulated CRM, see docs/sandbox.md; without one, tells how all of them stand."
    ),
)
@click.argument("switches", nargs=-1, metavar="[NAME=VALUE]...")
@which_crm
@json_option
@place_options
@lang_option
def switch_command(
    switches: tuple[str, ...],
    system: str,
    as_json: bool,
    url: str | None,
    token: str,
    file: Path | None,
) -> None:
    """How a simulated CRM behaves where nobody knows for certain."""
    from crmsync.commands.sandbox import rehearse_in_sandbox

    one_place(url, file)
    wrong = [each for each in switches if "=" not in each]
    if wrong:
        raise click.BadParameter(_("write NAME=VALUE"), param_hint=wrong[0])
    body = {name: value for name, _sign, value in (each.partition("=") for each in switches)}
    place: dict[str, Any] = {"url": url, "token": token, "file": file}
    [stands] = rehearse_in_sandbox("switches", [body], system=system, **place)
    shown = {name: value for name, value in stands.items() if not body or name in body}
    if as_json:
        say_json(stands)
        return
    for name, value in shown.items():
        say(f"{name:30} {str(value).lower() if isinstance(value, bool) else value}")


COMMANDS: tuple[click.Command, ...] = ()  # all of them are below `sandbox`
