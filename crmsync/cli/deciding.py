"""fix decide: what people decide of pairs of records. Writes to no CRM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsync.cli.fixing import fix_group
from crmsync.cli.frame import (
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
    from crmsync.commands.keeping_decisions import Kept
    from crmsync.commands.workspace import Workspace

_PAIR = 2


@fix_group.command(
    cls=Verb,
    name="decide",
    example="crmsync fix decide contact yes hubspot:101 salesforce:003A00000000001",
    help=N_(
        "Keeps whether records are one person, company or deal: yes, no or unsure; forget takes it back. Every two of "
        "the records named are a pair. With --from, a list of pairs that people filled in. Writes "
        "decisions/duplicates.csv and no CRM; links come with the next plan."
    ),
)
@click.argument("entity", required=False)
@click.argument("word", required=False, metavar="[DECISION]")
@click.argument("records", nargs=-1, metavar="[SYSTEM:ID]...")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("A list of crmsync fix duplicates, CSV or Excel, with its column decision filled in."),
)
@click.option("--by", help=N_("Who decided (default: git's user.name, else this user)."))
@click.option("--note", default="", help=N_("A word of explanation, without personal data."))
@click.option(
    "--replace",
    is_flag=True,
    help=N_("Take back what was decided before and contradicts; it is told what."),
)
@workspace_option
@json_option
@lang_option
def fix_decide(
    folder: Path,
    entity: str | None,
    word: str | None,
    records: tuple[str, ...],
    source: Path | None,
    by: str | None,
    note: str,
    replace: bool,
    as_json: bool,
) -> None:
    """Keeps decisions."""
    from crmsync.commands.deciding import whoever_asks
    from crmsync.commands.deciding_from import decide_from

    if source is None:
        _demand_pair(word, records)
    elif entity or note or replace:
        raise click.UsageError(_("--from takes neither records nor --note nor --replace"))
    workspace = opened(folder)
    name = (by or "").strip() or whoever_asks(workspace.root)
    if source is None:
        kept = _typed(
            workspace, entity or "", word or "", records, by=name, note=note, replacing=replace
        )
    else:
        kept = decide_from(workspace, source, by=name)
    _show(kept, as_json=as_json)


def _demand_pair(word: str | None, records: tuple[str, ...]) -> None:
    from crmsync.config.decision_rows import same_of, takes_back

    if word is not None and same_of(word) is None and not takes_back(word):
        raise click.UsageError(
            _("'{word}' is no decision: yes, no, unsure or forget").format(word=word)
        )
    if len(records) < _PAIR:
        raise click.UsageError(
            _("name an entity, a decision and two records or more, or a file: --from FILE")
        )


def _typed(
    workspace: Workspace,
    entity: str,
    word: str,
    records: tuple[str, ...],
    *,
    by: str,
    note: str,
    replacing: bool,
) -> Kept:
    from crmsync.commands.deciding import decide, forget
    from crmsync.config.decision_rows import same_of

    same = same_of(word)
    if same is None:
        return forget(workspace, entity, records)
    return decide(workspace, entity, same, records, by=by, note=note, replacing=replacing)


def _show(kept: Kept, *, as_json: bool) -> None:
    """Prints what became of the decisions, tells what was not kept, and leaves with its code."""
    from crmsync.commands.rendering_decisions import (
        kept_json,
        kept_text,
        problem_lines,
        unread_lines,
        way_on_text,
    )

    if as_json:
        say_json(kept_json(kept))
    else:
        say(kept_text(kept, language()))
        if way_on := way_on_text(kept, language()):
            tell(way_on)
    for line in [*unread_lines(kept, language()), *problem_lines(kept, language())]:
        tell(line)
    if kept.problems:
        leave(ExitCode.PARTIAL if kept.total else ExitCode.CONFIG_INVALID)


COMMANDS = ()
"""Its command is one of `crmsync fix`."""
