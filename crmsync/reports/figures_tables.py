"""The first figures as titled tables and sentences, in one language: what a terminal and Markdown show of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmsync.core.figures import BANDS, Clock, Conversion, Figures, Lag, Speed
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, share
from crmsync.reports.words import joined, named, system_name

_MOST_OWNERS = 10
_NOTHING = "–"
STAGES: Mapping[str, str] = {
    "lead": N_("lead"),
    "mql": N_("MQL"),
    "sql": N_("SQL"),
    "opportunity": N_("opportunity"),
    "customer": N_("customer"),
}
CLOCKS: Mapping[Clock, str] = {
    "raw": N_("From hand-off to first attempt, all hours counted"),
    "business": N_("From hand-off to first attempt, working hours only"),
}
LAG_WORDS: Mapping[Lag, str] = {
    "marketing": N_("from the first sign to {stage}"),
    "routing": N_("from {stage} to an owner"),
    "rep": N_("from hand-off to the first attempt"),
    "reach": N_("from the first attempt to a contact"),
}
CHANNELS: Mapping[str, str] = {
    "call": N_("calls"),
    "voicemail": N_("voicemails"),
    "email": N_("e-mails"),
    "meeting": N_("meetings"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of plain texts; columns in `right` stand to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int]


def title_of(figures: Figures, language: str) -> str:
    """What the figures are about, and of how many days."""
    said = translate("How soon leads are answered ({n} days, agreed: {minutes} min)", language)
    return said.format(
        n=number(figures.days, language), minutes=number(figures.within_minutes, language)
    )


def tables_of(figures: Figures, language: str) -> list[Table]:
    """Speed by each clock, the four lags, and conversions; those with nothing in them are left out."""
    found = [_speed(figures, clock, language) for clock in CLOCKS]
    found += [_lags(figures, language), _conversions(figures.conversions, language)]
    return [each for each in found if each.rows]


def sentences_of(figures: Figures, language: str) -> list[str]:
    """What became of hand-offs, what was done, what is left out and why, a sentence each."""
    if figures.why_not:
        return [clean(translate(figures.why_not, language), 300)]
    return [
        *_outcomes(figures, language),
        *_left_out(figures, language),
        *_notes(figures, language),
    ]


def duration(seconds: float | None, language: str) -> str:
    """45 s, 3 min, 2.5 h or 4 days; a dash where there is none."""
    if seconds is None:
        return _NOTHING
    for unit, message in _UNITS:
        if seconds < unit * _UP_TO.get(unit, 0) or unit == _DAY:
            tidy = round(seconds / unit, 1 if seconds < 10 * unit and unit > 1 else 0)
            shown = number(int(tidy) if tidy == int(tidy) else tidy, language)
            return translate(message, language).format(n=shown)
    return _NOTHING


_DAY = 86_400
_UNITS = ((1, N_("{n} s")), (60, N_("{n} min")), (3600, N_("{n} h")), (_DAY, N_("{n} d")))
# Of each unit so many are shown before the next one is taken
_UP_TO = {1: 60, 60: 60, 3600: 48}


def _speed(figures: Figures, clock: Clock, language: str) -> Table:
    heads = (
        "",
        translate("Handed off", language),
        translate("In {n} min", language).format(n=number(figures.within_minutes, language)),
        *_band_heads(language),
        translate("Never touched", language),
        translate("Median", language),
        translate("P90", language),
        translate("Median of all", language),
        translate("Not measurable", language),
    )
    speeds = [each for each in figures.speeds if each.clock == clock]
    rows = tuple(_speed_row(figures, each, language) for each in _shown(speeds))
    return Table(translate(CLOCKS[clock], language), heads, rows, frozenset(range(1, len(heads))))


def _band_heads(language: str) -> Iterator[str]:
    edges = [0, *BANDS]
    for low, high in zip(edges, BANDS, strict=False):
        yield f"{low}-{high}"
    yield translate("over {n} min", language).format(n=BANDS[-1])


def _shown(speeds: Sequence[Speed]) -> list[Speed]:
    """All, then systems, then the owners who were handed the most."""
    owners = sorted((s for s in speeds if s.owner), key=lambda s: (-s.eligible, s.system, s.owner))
    whole = [each for each in speeds if not each.owner]
    systems = [each for each in whole if each.system]
    alone = whole if len(systems) > 1 else [each for each in whole if not each.system]
    return [*alone, *owners[:_MOST_OWNERS]]


def _speed_row(figures: Figures, each: Speed, language: str) -> tuple[str, ...]:
    whole = each.eligible
    return (
        _who(figures, each, language),
        number(whole, language),
        share(each.within, whole, language) or _NOTHING,
        *(number(band, language) for band in each.bands),
        share(each.never, whole, language) or _NOTHING,
        duration(each.touched.median, language),
        duration(each.touched.p90, language),
        duration(each.all.median, language) if each.all.median is not None or not whole
        else translate("never", language),
        share(each.unmeasured, whole + each.unmeasured, language) or _NOTHING,
    )  # fmt: skip


def _who(figures: Figures, each: Speed, language: str) -> str:
    if each.owner:
        return clean(figures.owners.get((each.system, each.owner), each.owner), 40)
    if each.system:
        return system_name(each.system)
    return translate("All", language)


def _lags(figures: Figures, language: str) -> Table:
    heads = ("", *(translate(each, language) for each in _LAG_HEADS))
    rows = tuple(
        (
            translate(LAG_WORDS[each.lag], language).format(
                stage=named(STAGES, figures.raised_by, language)
            ),
            number(each.waits.n, language),
            duration(each.waits.median, language),
            duration(each.waits.p90, language),
            number(each.unmeasured, language),
        )
        for each in figures.lags
        if each.waits.n or each.unmeasured
    )
    return Table(
        translate("Where the time goes", language), heads, rows, frozenset(range(1, len(heads)))
    )


_LAG_HEADS = (N_("n"), N_("Median"), N_("P90"), N_("Not measurable"))


def _conversions(conversions: Sequence[Conversion], language: str) -> Table:
    days = number(conversions[0].days, language) if conversions else ""
    heads = ("", *(translate(each, language).format(n=days) for each in _CONVERSION_HEADS))
    rows = tuple(
        (
            f"{named(STAGES, each.from_stage, language)} → {named(STAGES, each.to_stage, language)}",
            share(each.converted, each.entered, language) or _NOTHING,
            f"{number(each.converted, language)}/{number(each.entered, language)}",
            share(each.matured_converted, each.matured, language) or _NOTHING,
            f"{number(each.matured_converted, language)}/{number(each.matured, language)}",
            number(each.unmeasured, language),
        )
        for each in conversions
    )
    title = translate("How many go on", language)
    return Table(title, heads, rows, frozenset(range(1, len(heads))))


_CONVERSION_HEADS = (
    *(
        N_("Snapshot"),
        N_("conversions/entries"),
        N_("Cohort of {n} days"),
        N_("converted/entered"),
        N_("No date"),
    ),
)


def _outcomes(figures: Figures, language: str) -> Iterator[str]:
    told = figures.outcome
    if told.handoffs:
        said = translate(
            "{n} handed off: {accepted} accepted, {rejected} rejected, {recycled} sent back, {undecided} undecided.",
            language,
        )
        names = ("accepted", "rejected", "recycled", "undecided")
        parts = {name: number(getattr(told, name), language) for name in names}
        yield said.format(n=number(told.handoffs, language), **parts)
    made = [
        f"{named(CHANNELS, name, language)} {number(n, language)}"
        for name, n in figures.attempts.items()
        if n
    ]
    if made or figures.contacts:
        said = translate("Attempts: {attempts}. Contacts: {n}.", language)
        listed = joined(made, language) or number(0, language)
        yield said.format(attempts=listed, n=number(figures.contacts, language))


def _left_out(figures: Figures, language: str) -> Iterator[str]:
    for n, message in (
        (figures.without_owner, _NO_OWNER),
        (figures.early, _EARLY),
        (figures.undated, _UNDATED),
        (max((each.waiting for each in figures.speeds), default=0), _WAITING),
    ):
        if n:
            said = translate(message, language)
            stage = named(STAGES, figures.raised_by, language)
            yield said.format(n=number(n, language), stage=stage)


_NO_OWNER = N_("{n} have no owner to be handed to; they are in no number above.")
_EARLY = N_("{n} were called or written to before the hand-off and not since: not measurable.")
_UNDATED = N_("{n} became {stage} nobody knows when; they are in no number above.")
_WAITING = N_("{n} came so late that they are still in time.")


def _notes(figures: Figures, language: str) -> Iterator[str]:
    for message, holes in figures.notes:
        shown = {name: clean(text, 200) for name, text in holes.items()}
        yield translate(message, language).format(**shown)
