"""What a search of duplicates did otherwise than usual, in words."""

from __future__ import annotations

from datetime import date

from crmsync.core.pair_decisions import Contradiction
from crmsync.language import N_, translate
from crmsync.reports.duplicates_reasons import KEYS
from crmsync.reports.duplicates_words import DECISIONS, DuplicateReport, Looked
from crmsync.reports.masking import shown_id
from crmsync.reports.numbers import day, number, quantity
from crmsync.reports.words import ENTITIES, named

_ANEW = N_("{entity}: the data has changed ({what}), so its weights were estimated anew.")
_TORN = N_(
    "These decisions contradict each other, so none of them counts: {pairs}. Change one: crmsync fix decide"
)
_MOST_KEYS = 3
_MOST_TORN = 3


def not_looked_at(report: DuplicateReport, language: str) -> list[str]:
    """What a search did otherwise than usual, a sentence each; shared values are not told, for they may be personal."""
    found = [_contradicted(each, language) for each in report.torn[:_MOST_TORN]]
    for each in report.looked:
        if each.changed is not None and each.searched_on is not None:
            found.append(_again(each, each.changed, each.searched_on, language))
        if each.anew:
            said = translate(_ANEW, language)
            found.append(said.format(entity=named(ENTITIES, each.entity, language), what=each.anew))
        for kind in list(dict.fromkeys(key.kind for key in each.crowded))[:_MOST_KEYS]:
            keys = [key for key in each.crowded if key.kind == kind]
            said = quantity(
                "{entity}: {n} value of {kind} is shared by up to {most} records, so it compared nobody.",
                "{entity}: {n} values of {kind} are shared by up to {most} records, so they compared nobody.",
                len(keys),
                language,
            )
            holes = {
                "entity": named(ENTITIES, each.entity, language),
                "kind": translate(KEYS.get(kind, kind), language),
                "most": number(max(key.records for key in keys), language),
            }
            for name, text in holes.items():
                said = said.replace("{" + name + "}", text)
            found.append(said)
    return found


def _contradicted(torn: Contradiction, language: str) -> str:
    """Decisions that cannot all be true, each by its records and its word."""
    told = "; ".join(
        f"{shown_id(str(each.one), unmask=False)} – {shown_id(str(each.other), unmask=False)}: "
        + translate(DECISIONS[each.same], language)
        for each in torn.all
    )
    said = translate(_TORN, language)
    return said.replace("{pairs}", told)


def _again(looked: Looked, changed: int, searched_on: date, language: str) -> str:
    if changed:
        said = quantity(
            "{entity}: {n} record has changed since the last search; only that was compared again (all: {day}).",
            "{entity}: {n} records have changed since the last search; only those were compared again (all: {day}).",
            changed,
            language,
        )
    else:
        said = translate(
            "{entity}: nothing has changed since the last search (all were compared on {day}).",
            language,
        )
    name = named(ENTITIES, looked.entity, language)
    return said.replace("{day}", day(searched_on, language)).replace("{entity}", name)
