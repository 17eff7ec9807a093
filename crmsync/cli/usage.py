"""What click says about a command line it does not understand, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import click

from crmsync.language import N_, _

_KINDS: Mapping[str, str] = {"option": N_("option"), "argument": N_("argument")}


def usage_text(error: click.ClickException) -> str:
    """How the command is used, where its help is, and what was wrong with this line."""
    ctx = getattr(error, "ctx", None)
    lines = [_("Error:") + f" {_said(error)}"]
    if isinstance(ctx, click.Context):
        hint = _("Help: {command} --help").format(command=ctx.command_path)
        lines = [ctx.get_usage(), hint, "", *lines]
    return "\n".join(lines)


def _said(error: Any) -> str:
    """The wording for the kind of error, else click's own."""
    # By name: older clicks have no class of their own for an unknown command.
    say = _WORDS.get(type(error).__name__)
    return say(error) if say else str(error.format_message())


def _no_such_option(error: Any) -> str:
    said = _("No such option: {name}.").format(name=error.option_name)
    return _suggesting(said, ", ".join(error.possibilities or ()))


def _no_such_command(error: Any) -> str:
    from crmsync.config.decode import nearest

    said = _("No such command: {name}.").format(name=error.command_name)
    known = error.ctx.command.list_commands(error.ctx) if error.ctx else ()
    return _suggesting(said, nearest(error.command_name, known) or "")


def _suggesting(said: str, near: str) -> str:
    return f"{said} {_('Did you mean {names}?').format(names=near)}" if near else said


def _missing(error: Any) -> str:
    kind = _(_KINDS.get(error.param.param_type_name, ""))
    return _("Missing {kind}: {name}.").format(kind=kind, name=_name(error))


def _bad(error: Any) -> str:
    kind = error.param.type if error.param else None
    why = str(error.message)
    if isinstance(kind, click.Choice):
        why = _("use one of {choices}").format(choices=", ".join(map(str, kind.choices)))
    elif isinstance(kind, click.IntRange):
        why = _range(kind)
    elif kind is click.INT:
        why = _("give a whole number")
    elif isinstance(kind, click.Path):
        why = _("this is no file that can be used: {file}").format(file=_quoted(why))
    return _("Invalid value for {name}: {why}").format(name=_name(error), why=why)


def _range(kind: Any) -> str:
    """Which numbers an option takes."""
    if kind.max is None:
        return _("give a whole number from {least} on").format(least=kind.min)
    if kind.min is None:
        return _("give a whole number up to {most}").format(most=kind.max)
    return _("give a whole number from {least} to {most}").format(least=kind.min, most=kind.max)


_IN_QUOTES = re.compile("'([^']*)'")


def _quoted(text: str) -> str:
    """What a text quotes, else all of it."""
    found = _IN_QUOTES.search(text)
    return found[1] if found else text


def _no_argument(error: Any) -> str:
    return _("{name} needs a value").format(name=error.option_name)


def _too_many(error: Any) -> str:
    """Words that nobody asked for; whatever else a command says of its line is in our words already."""
    found = _EXTRA.search(str(error.message))
    if found is None:
        return str(error.message)
    return _("too much on the line: {words}").format(words=found[1])


_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")


def _name(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).strip("'")


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "NoSuchOption": _no_such_option,
    "NoSuchCommand": _no_such_command,
    "MissingParameter": _missing,
    "BadParameter": _bad,
    "BadOptionUsage": _no_argument,
    "UsageError": _too_many,
}
