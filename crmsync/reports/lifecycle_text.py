"""How far a customer is, on a terminal: the standing, each system's word, and the events with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crmsync.core.records import Ref
from crmsync.core.story import LifecycleStory, StageEvent, SystemStanding, When
from crmsync.language import translate
from crmsync.reports import lifecycle_words as spoken
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import day, instant
from crmsync.reports.terminal import columns


def lifecycle_text(story: LifecycleStory, language: str) -> str:
    """The story as lines: what counts and why, what each system says, what happened when."""
    lines = [
        translate("Lifecycle", language),
        *(f"  {line}" for line in _standing(story, language)),
    ]
    lines += [f"    {line}" for line in columns([_row(e, language) for e in story.by_system])]
    if story.events:
        title = translate("What is known of when", language)
        lines.append(f"  {title}")
        lines += [f"    {line}" for line in columns([_event(e, language) for e in story.events])]
    return "\n".join(lines) + "\n"


def stage_word(stage: str | None, language: str) -> str:
    """The name of a stage, "-" for none."""
    return words.named(spoken.STAGES, stage, language) if stage else "-"


def _standing(story: LifecycleStory, language: str) -> Iterator[str]:
    found = story.standing
    if found.current is None:
        yield translate("No system says how far this customer is: not measurable.", language)
    else:
        system = words.system_name(found.decided_by or "")
        said = translate("{stage}, by the word of {system}; highest ever {peak}", language)
        yield said.format(
            stage=stage_word(found.current, language),
            system=system,
            peak=stage_word(found.peak, language),
        )
    axes = [
        words.named(table, value, language)
        for table, value in (
            (spoken.DISPOSITIONS, found.disposition),
            (spoken.STATUSES, found.customer_status),
        )
        if value
    ]
    if axes:
        yield ", ".join(axes)
    if not found.agrees:
        yield "! " + translate("The systems do not agree on the stage.", language)


def _row(each: SystemStanding, language: str) -> tuple[str, ...]:
    how = words.named(spoken.HOW, each.how, language).format(text=clean(each.text or "", 40))
    return (
        words.system_name(each.system),
        stage_word(each.current, language),
        how,
        _since_text(each.since, language) if each.current else "",
        _place(each.evidence) if each.current else "",
    )


def _since_text(when: When, language: str) -> str:
    told = when_text(when, language)
    if when.precision not in ("instant", "day"):
        return told
    return translate("since {when}", language).format(when=told)


def _event(each: StageEvent, language: str) -> tuple[str, ...]:
    return (
        when_text(each.when, language),
        words.system_name(each.system),
        f"{words.named(spoken.KINDS, each.kind, language)} {stage_word(each.stage, language)}",
        words.named(spoken.SOURCES, each.source, language),
        _place(each.evidence),
    )


def when_text(when: When, language: str) -> str:
    """A time as well as it is known; "not measurable" where nobody can tell."""
    if when.precision == "instant" and when.at:
        return instant(when.at, language)
    if when.precision == "day" and when.day:
        return translate("{day}, by the day only", language).format(day=day(when.day, language))
    if when.precision == "upper_bound" and when.at:
        return translate("before {when}", language).format(when=instant(when.at, language))
    return translate("not measurable", language)


def _place(ref: Ref) -> str:
    return f"{clean(ref.object, 40)} {clean(ref.id, 40)}"


def lifecycle_json(story: LifecycleStory) -> Mapping[str, Any]:
    """The story for programs: times in ISO 8601, null where nobody can tell."""
    found = story.standing
    return {
        "current": found.current,
        "peak": found.peak,
        "disposition": found.disposition,
        "customer_status": found.customer_status,
        "decided_by": found.decided_by,
        "agrees": found.agrees,
        "systems": [
            {
                "system": each.system,
                "current": each.current,
                "peak": each.peak,
                "disposition": each.disposition,
                "how": each.how,
                **_since(each.since),
                "evidence": _address(each.evidence),
            }
            for each in story.by_system
        ],
        "events": [
            {
                "system": each.system,
                "stage": each.stage,
                "kind": each.kind,
                "source": each.source,
                **_since(each.when),
                "evidence": _address(each.evidence),
            }
            for each in story.events
        ],
    }


def _since(when: When) -> dict[str, str | None]:
    return {
        "precision": when.precision,
        "at": when.at.isoformat() if when.at else None,
        "day": when.day.isoformat() if when.day else None,
    }


def _address(ref: Ref) -> dict[str, str]:
    return {"system": ref.system, "object": ref.object, "id": ref.id}
