"""Links, and what a rebase forgets, as a person and as a program read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsync.commands.former import Asked
from crmsync.commands.state import Together
from crmsync.language import N_, _, current

if TYPE_CHECKING:
    from crmsync.commands.rebase import Rebased
    from crmsync.core.absences import Absence
    from crmsync.store.rows import AliasRow, KeptLink

_WHY = {"merged": N_("merged"), "converted": N_("converted")}


def links_text(found: list[Together]) -> str:
    """Customers one below the other, each record with its rule, date, run and approver."""
    from crmsync.reports.absence_text import absence_text
    from crmsync.reports.cleaning import clean
    from crmsync.reports.numbers import instant
    from crmsync.reports.terminal import columns
    from crmsync.reports.words import ENTITIES, named

    blocks = []
    for each in found:
        rows = [
            [
                clean(str(link.ref), 80),
                clean(_how(link.how), 40),
                instant(link.since, current()),
                link.run_id,
                _approved(link),
                absence_text(each.absent[link.ref], current()) if link.ref in each.absent else "",
            ]
            for link in each.links
        ]
        lines = [
            f"{named(ENTITIES, each.entity, current())} {each.key}",
            *(f"  {line}" for line in columns(rows)),
        ]
        lines += [f"  {_formerly(alias)}" for alias in each.aliases]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) or _("Nobody is linked yet: crmsync plan, then crmsync apply.")


def choice_of_links(found: list[Together], who: str, language: str, *, unmask: bool = False) -> str:
    """Whom a text names where one customer was asked for."""
    from crmsync.reports.choosing_text import Candidate, choice_text

    candidates = [
        Candidate(each.entity, each.key, tuple(link.ref for link in each.links), each.name)
        for each in found
    ]
    return choice_text(candidates, who, "crmsync state links", language, unmask=unmask)


_HOW = {
    **_WHY,
    "key": N_("by crmsync's key"),
    "native_link": N_("by the link of the native connector"),
    "decided": N_("decided by a person"),
    "email": N_("e-mail"),
    "domain": N_("domain"),
    "tax_id": N_("tax id"),
    "name": N_("name"),
    "phone": N_("phone"),
    "source": N_("read from this record"),
    "created": N_("created by crmsync"),
}


def _how(how: str) -> str:
    """The rule of a link in words; a rule of the mapping's own fields has their names."""
    return " + ".join(_(_HOW.get(each, each)) for each in how.split("+"))


def _approved(link: KeptLink) -> str:
    return _("approved by {name}").format(name=link.approver) if link.approver else ""


def _formerly(alias: AliasRow) -> str:
    return _("formerly {old}, {why} into {new} ({run})").format(
        old=alias.old, why=_(_WHY.get(alias.why, alias.why)), new=_place(alias), run=alias.run_id
    )


def _place(alias: AliasRow) -> str:
    """The id of the record in its place, with its object where that is another one."""
    return f"{alias.new.object} {alias.new_id}" if alias.new_object else alias.new_id


def rebased_text(done: Rebased) -> str:
    """What a rebase forgot, or would, and what the next plan makes of that."""
    gone = done.forgotten
    lines = [
        _("Bases: {n}. Every pair will meet as if for the first time.").format(n=gone.bases),
        _("Values that a system refused: {n}. They may be sent again.").format(n=gone.refused),
        _("Runs that stopped half way: {n}. They are given up.").format(n=gone.runs),
    ]
    for each in done.counts:
        said = _("Sentinel of {system}: here {ours}, there {theirs}; the one there is taken over.")
        ours, theirs = each.ours or _("nothing"), each.theirs or _("nothing")
        lines.append(said.format(system=each.system, ours=ours, theirs=theirs))
    lines.append(
        _("Links stay. Opt-outs that a record shows still win; what only the state knew is gone.")
    )
    if done.run:
        return "\n".join(
            [*lines, _("Forgotten (run {run}). Go on: crmsync plan").format(run=done.run)]
        )
    return "\n".join([*lines, _("Nothing was forgotten yet. Do it: crmsync state rebase --yes")])


def links_json(found: list[Together]) -> list[dict[str, Any]]:
    """Customers as JSON values."""
    return [
        {
            "entity": each.entity,
            "key": each.key,
            "records": [
                {
                    "record": str(link.ref),
                    "how": link.how,
                    "run": link.run_id,
                    "since": link.since.isoformat(),
                    "approver": link.approver,
                    "gone": _gone(each.absent.get(link.ref)),
                }
                for link in each.links
            ],
            "aliases": [
                {
                    "record": str(alias.old),
                    "now": alias.new_id,
                    "object": alias.new.object,
                    "why": alias.why,
                    "run": alias.run_id,
                    "since": alias.since.isoformat() if alias.since else None,
                }
                for alias in each.aliases
            ],
        }
        for each in found
    ]


def _gone(absence: Absence | None) -> dict[str, str | None] | None:
    """When a record went, and how; None for one of which nobody said so."""
    if absence is None:
        return None
    return {"at": absence.at or None, "why": absence.why, "into": absence.into or None}


def former_text(asked: Asked, language: str) -> str:
    """What became of records that were asked for by their id, before who is there in their place."""
    from crmsync.reports.absence_text import absence_text
    from crmsync.reports.cleaning import clean

    lines = [
        f"{clean(str(each.absence.ref), 80)}: {absence_text(each.absence, language)}"
        for each in asked.former
    ]
    if not asked.found:
        lines.append(_("No record of this customer is left in what was read last."))
    return "\n".join(lines)


def former_json(asked: Asked) -> list[dict[str, Any]]:
    """Records that went as JSON values, where nobody is there in their place."""
    return [
        {
            "entity": each.entity,
            "key": each.key,
            "records": [],
            "fields": {},
            "gone": {"record": str(each.absence.ref), **(_gone(each.absence) or {})},
        }
        for each in asked.former
    ]
