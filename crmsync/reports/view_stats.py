"""How many customers there are, which systems hold them, and how far their fields are filled and agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from crmsync.core.views import FieldStats, ViewStats
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity, share
from crmsync.reports.terminal import columns

_HEADS = (N_("Field"), N_("Filled"), "")
_BETWEEN = (N_("Agree"), N_("Differ"))
_ONLY = N_("Only {system}")


_NUMBERS = frozenset(range(1, 100))


def stats_text(found: Sequence[ViewStats], language: str) -> str:
    """The entities one below the other: customers by system, then a line for every field."""
    return "\n\n".join(_entity(each, language) for each in found) + "\n"


def _entity(stats: ViewStats, language: str) -> str:
    name = words.named(words.ENTITIES, stats.entity, language)
    count = quantity(*words.counted(stats.entity), stats.customers, language)
    systems = sorted({system for each in stats.held_in for system in each})
    lines = [f"{name}: {count}", *(f"  {line}" for line in _held(stats, language))]
    if not stats.complete:
        said = N_("A read broke off: customers and values may be missing.")
        lines.append(f"  {translate(said, language)}")
    if stats.customers:
        heads, rows = (
            _heads(systems, language),
            [_row(e, stats, systems, language) for e in stats.fields],
        )
        lines += ["", *(f"  {line}" for line in columns([heads, *rows], _NUMBERS))]
    return "\n".join(lines)


def _heads(systems: Sequence[str], language: str) -> list[str]:
    """Where there is one system, nothing agrees or differs."""
    plain = [translate(each, language) if each else "" for each in _HEADS]
    if len(systems) < 2:
        return plain
    only = translate(_ONLY, language)
    return [
        *plain,
        *(only.format(system=words.system_name(each)) for each in systems),
        *(translate(each, language) for each in _BETWEEN),
    ]


def _held(stats: ViewStats, language: str) -> list[str]:
    rows = []
    for systems, count in stats.held_in.items():
        names = words.joined([words.system_name(each) for each in systems], language)
        said = N_("only in {systems}") if len(systems) == 1 else N_("in {systems}")
        part = share(count, stats.customers, language)
        rows.append(
            [number(count, language), part, translate(said, language).format(systems=names)]
        )
    lines = columns(rows, frozenset((0, 1)))
    if stats.several:
        lines.append(
            quantity(
                "{n} customer has more than one record in a system",
                "{n} customers have more than one record in a system",
                stats.several,
                language,
            )
        )
    return lines


def _row(field: FieldStats, stats: ViewStats, systems: Sequence[str], language: str) -> list[str]:
    counts = [*(field.alone.get(each, 0) for each in systems), field.agree, field.disagree]
    return [
        clean(field.field, 60),
        number(field.filled, language),
        share(field.filled, stats.customers, language),
        *(number(each, language) for each in counts if len(systems) > 1),
    ]


def stats_json(found: Sequence[ViewStats]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            **asdict(each),
            "held_in": [
                {"systems": list(systems), "customers": count}
                for systems, count in each.held_in.items()
            ],
        }
        for each in found
    ]
