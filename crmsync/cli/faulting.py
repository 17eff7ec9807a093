"""sandbox fault, automate: what is to go wrong in a simulated CRM and when, and what changes records behind us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crmsync.cli.frame import Verb, json_option, lang_option, say, say_json
from crmsync.cli.rehearsing import which_crm
from crmsync.cli.sandboxes import one_place, place_options, sandbox_group
from crmsync.language import N_, _


@sandbox_group.command(
    cls=Verb,
    name="fault",
    example="crmsync sandbox fault 503 --path /query --nth 2 --file sandbox.db",
    help=N_("Lets calls of a simulated CRM go wrong; --list tells the kinds and what is set."),
)
@click.argument("kind", required=False)
@which_crm
@click.option("--method", help=N_("Only calls with this HTTP method."))
@click.option("--path", help=N_("Only calls with this in their path; * stands for anything."))
@click.option(
    "--nth", type=click.IntRange(1), help=N_("The first call that fails, of those that fit.")
)
@click.option("--every", type=click.IntRange(1), help=N_("From then on each so-many-th."))
@click.option(
    "--times", type=click.IntRange(0), help=N_("How many in all; 0: without end. Default: 1.")
)
@click.option(
    "--set", "parameters", metavar="NAME=NUMBER", multiple=True, help=N_("A parameter of the kind.")
)
@click.option("--list", "listed", is_flag=True, help=N_("Tells the kinds and what is set."))
@click.option(
    "--clear", is_flag=True, help=N_("Ends all faults, of both CRMs unless one is named.")
)
@json_option
@place_options
@lang_option
def fault_command(
    kind: str | None,
    system: str,
    parameters: tuple[str, ...],
    listed: bool,
    clear: bool,
    as_json: bool,
    url: str | None,
    token: str,
    file: Path | None,
    **when: Any,
) -> None:
    """Something goes wrong."""
    from crmsync.commands.sandbox import faults_in_sandbox
    from crmsync.reports.words import system_name

    one_place(url, file)
    if (kind is not None) + listed + clear != 1:
        raise click.UsageError(_("Name a kind of fault, or give --list or --clear."))
    body: dict[str, Any] = {"clear": True} if clear else {}
    if kind is not None:
        given = {name: value for name, value in when.items() if value is not None}
        body = {"kind": kind, "when": given, "parameters": _parameters(parameters)}
    both = (clear or (listed and not as_json)) and url is None
    answers = {
        each: faults_in_sandbox(each, body, url=url, token=token, file=file)
        for each in _meant(system, both=both)
    }
    answer = answers.get(system, {})
    if as_json:
        say_json(answer)
    elif listed:
        for each, told in answers.items():
            _tell(each, told)
    else:
        words = _("{id} is set in {system}")
        done = words.format(id=answer.get("id"), system=system_name(system))
        say(_("all is well again") if clear else done)


def _meant(system: str, *, both: bool) -> tuple[str, ...]:
    """Both CRMs if both may be meant and none is named, else the one."""
    source = click.get_current_context().get_parameter_source("system")
    is_named = source is not click.core.ParameterSource.DEFAULT
    return ("salesforce", "hubspot") if both and not is_named else (system,)


def _parameters(told: tuple[str, ...]) -> dict[str, str]:
    wrong = [each for each in told if "=" not in each]
    if wrong:
        raise click.BadParameter(_("write NAME=NUMBER"), param_hint=wrong[0])
    return {name: value for name, _sign, value in (each.partition("=") for each in told)}


def _tell(system: str, faults: dict[str, dict[str, Any]]) -> None:
    """The kinds there are, then what is set and how often it happened."""
    from crmsync.commands.sandbox import fault_kinds
    from crmsync.reports.words import system_name

    say(f"{system_name(system)}:")
    for name, told in fault_kinds(system).items():
        say(f"{name:16} {told}")
    say("")
    for id_, each in faults.items():
        words = _("{id}: {kind} of {method} {path}, happened {fired} times")
        say(words.format(id=id_, **each))
    if not faults:
        say(_("nothing is set"))
    say("")


@sandbox_group.command(
    cls=Verb,
    name="automate",
    example="crmsync sandbox automate Contact.LastName upper --file sandbox.db",
    help=N_(
        "Makes a flow or workflow of a simulated CRM that changes a field after each save: upper, lower, title, trim, "
        "round, copy, fight or fill."
    ),
)
@click.argument("field", metavar="OBJECT.FIELD")
@click.argument("action")
@click.option("--value", help=N_("Digits of round, text of fight and fill."))
@click.option(
    "--to",
    help=N_("Where it goes: FIELD, or LOOKUP.FIELD (HubSpot: OBJECT.FIELD) of another record."),
)
@click.option("--by", help=N_("Id of the user it runs as; default: whoever wrote."))
@click.option(
    "--delay",
    type=click.IntRange(0),
    help=N_("Seconds of the sandbox's clock until it happens; HubSpot alone."),
)
@click.option("--off", is_flag=True, help=N_("Turns it off."))
@which_crm
@place_options
@lang_option
def automate_command(
    field: str,
    action: str,
    off: bool,
    delay: int | None,
    system: str,
    url: str | None,
    token: str,
    file: Path | None,
    **more: str | None,
) -> None:
    """Somebody else's automation."""
    from crmsync.commands.sandbox import rehearse_in_sandbox

    one_place(url, file)
    object_, _dot, name = field.partition(".")
    if not name:
        raise click.BadParameter(_("write OBJECT.FIELD"), param_hint=field)
    if delay is not None and system != "hubspot":
        raise click.BadParameter(_("a flow of Salesforce has no delay"), param_hint="--delay")
    if delay is not None:
        more["delay"] = str(delay)
    body = {
        "kind": "flow",
        "name": f"{object_}_{name}_{action}",
        "object": object_,
        "active": not off,
        "does": {"field": name, "action": action, **more},
    }
    place: dict[str, Any] = {"url": url, "token": token, "file": file}
    [made] = rehearse_in_sandbox("declare", [body], system=system, **place)
    say((_("{id} is off") if off else _("{id} is set up")).format(id=made["id"]))


COMMANDS: tuple[click.Command, ...] = ()  # all of them are below `sandbox`
