"""sandbox native: the native HubSpot-Salesforce connector between the two simulated CRMs, a second writer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crmsync.cli.frame import Verb, json_option, lang_option, say, say_json
from crmsync.cli.sandboxes import one_place, place_options, sandbox_group
from crmsync.language import N_, _


@sandbox_group.command(
    cls=Verb,
    name="native",
    example="crmsync sandbox native --on --every 15 --file sandbox.db",
    help=N_(
        "Turns on the native HubSpot-Salesforce connector between the simulated CRMs, and tells how it stands."
    ),
)
@click.option("--on/--off", "on", default=None, help=N_("On, or off."))
@click.option(
    "--every",
    type=click.IntRange(1),
    metavar="MINUTES",
    help=N_("How often it looks, by the sandbox's clock. 15 when it is new."),
)
@click.option(
    "--creates",
    type=click.Choice(["Lead", "Contact", "nothing"]),
    help=N_("What a new HubSpot contact becomes in Salesforce."),
)
@click.option(
    "--include",
    metavar="PROPERTY=VALUE",
    multiple=True,
    help=N_("Only contacts with this value go over; repeatable."),
)
@click.option("--segment", metavar="LIST", help=N_("Only contacts in the list of this id go over."))
@click.option(
    "--rule",
    "rules",
    metavar="OBJECT.PROPERTY=RULE",
    multiple=True,
    help=N_("A rule: prefer-salesforce, always-salesforce, two-way or dont-sync; repeatable."),
)
@click.option("--run", is_flag=True, help=N_("Makes it look now."))
@json_option
@place_options
@lang_option
def native_command(
    on: bool | None,
    every: int | None,
    creates: str | None,
    include: tuple[str, ...],
    segment: str | None,
    rules: tuple[str, ...],
    run: bool,
    as_json: bool,
    url: str | None,
    token: str,
    file: Path | None,
) -> None:
    """A second writer."""
    from crmsync.commands.sandbox import rehearse_in_sandbox

    one_place(url, file)
    told: dict[str, Any] = {
        "on": on,
        "period_s": every and every * 60,
        "creates": creates,
        "segment": segment,
        "include": _several(include) or None,
        "rules": {name: values[-1] for name, values in _several(rules).items()} or None,
        "run": run or None,
    }
    body = {name: value for name, value in told.items() if value is not None}
    place: dict[str, Any] = {"url": url, "token": token, "file": file}
    [stands] = rehearse_in_sandbox("native", [body], system="hubspot", **place)
    if as_json:
        say_json(stands)
    else:
        _tell(stands)


def _several(told: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not sign:
            raise click.BadParameter(_("write NAME=VALUE"), param_hint=each)
        found.setdefault(name, []).append(value)
    return found


def _tell(stands: dict[str, Any]) -> None:
    if not stands["on"]:
        say(_("the native connector is off"))
        return
    minutes = stands["period_s"] / 60
    say(_("the native connector is on and looks every {minutes:g} minutes").format(minutes=minutes))
    words = _("last looked {at}; {calls} calls of Salesforce today, {tasks} activities mirrored")
    tasks = len(stands["mirrored"])
    say(words.format(at=stands["looked"], calls=stands["calls"], tasks=tasks))
    for record, message in stands["errors"].items():
        say(_("sync error of {record}: {message}").format(record=record, message=message))


COMMANDS: tuple[click.Command, ...] = ()  # all of them are below `sandbox`
