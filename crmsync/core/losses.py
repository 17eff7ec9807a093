"""What is lost on the way from one native field to another, as far as both systems say what they keep.

| kind | what happens | of |
|---|---|---|
| cut | longer texts are cut to `number` characters | text |
| too_long | longer values stay where they are | email, phone, url, domain, tax_id, integer |
| rounded | kept with `number` digits after the point | decimal, money |
| seconds | fractions of a second are dropped | instant |
| time | a day is no moment: it stays where it is | instant to a date |
| to_day | the day an instant falls on, by the field's time zone | date from an instant |
| from_day | a day becomes its first moment, by the field's time zone | date to an instant |
| options | `values` have no counterpart and stay where they are | choice, choices |
| merged | each of `values` are several that become one | choice, choices |
| unlisted | the target takes only a list of values, and does not say which | choice, choices |
| unmapped | `values` are in the system's own list and in no map: shown, never passed on | choice, choices |
| read_only | the system lets nobody write it | all |

Must not know: what records hold. A loss that no record meets is a loss all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from crmsync.core.numbers import scale_of
from crmsync.core.records import Native
from crmsync.core.spec import Spec


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is lost. What `number` and `values` are depends on the kind."""

    kind: str
    number: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """From one native field to another, with what the type has to know on each side."""

    source: Native
    target: Native
    leaves: Spec
    enters: Spec


Losses = Iterator[Loss]


def losses(passage: Passage) -> list[Loss]:
    """Everything that is lost on a passage, in the order of the table above."""
    found = [loss for look in _OF.get(passage.leaves.type, ()) for loss in look(passage)]
    return found if passage.target.writable else [*found, Loss("read_only")]


def _shorter(passage: Passage, kind: str) -> Losses:
    longest, kept = passage.source.length, passage.target.length
    if kept is not None and (longest is None or kept < longest):
        yield Loss(kind, kept)


def _cut(passage: Passage) -> Losses:
    return _shorter(passage, "cut")


def _too_long(passage: Passage) -> Losses:
    return _shorter(passage, "too_long")


def _rounded(passage: Passage) -> Losses:
    finest, kept = scale_of(passage.source), scale_of(passage.target)
    if kept is not None and (finest is None or kept < finest):
        yield Loss("rounded", kept)


def _seconds(passage: Passage) -> Losses:
    if passage.target.type == "date":
        yield Loss("time")
    elif passage.target.scale == 0 and passage.source.scale != 0:
        yield Loss("seconds")


def _days(passage: Passage) -> Losses:
    kinds = (passage.source.type, passage.target.type)
    if kinds[0] == "datetime" and kinds[1] != "datetime":
        yield Loss("to_day")
    if kinds[1] == "datetime" and kinds[0] != "datetime":
        yield Loss("from_day")


def _options(passage: Passage) -> Losses:
    if passage.target.type in ("picklist", "multipicklist") and passage.target.options is None:
        yield Loss("unlisted")
    merged = tuple(" = ".join(each) for each in _groups(passage.leaves.values) if len(each) > 1)
    if merged:
        yield Loss("merged", values=merged)
    lost = tuple(sorted(ours for ours in _said(passage) if not _takes(passage, ours)))
    if lost:
        yield Loss("options", values=lost)
    known = passage.leaves.values
    strange = tuple(sorted((passage.source.options or frozenset()) - known.keys()))
    if known and strange:
        yield Loss("unmapped", values=strange)


def _groups(values: Mapping[str, str]) -> list[list[str]]:
    """Native values that mean the same to us, in the order of the map."""
    found: dict[str, list[str]] = {}
    for native, ours in values.items():
        found.setdefault(ours, []).append(native)
    return list(found.values())


def _said(passage: Passage) -> set[str]:
    """Our words for what the source can hold, as far as it has a list of its own or there is a map."""
    options, known = passage.source.options, passage.leaves.values
    if not known:
        return set(options or ())
    return {ours for native, ours in known.items() if options is None or native in options}


def _takes(passage: Passage, ours: str) -> bool:
    native = passage.enters.to_native(ours)
    options = passage.target.options
    return native is not None and (options is None or native in options)


_OF: Mapping[str, tuple[Callable[[Passage], Losses], ...]] = {
    "text": (_cut,),
    "email": (_too_long,),
    "phone": (_too_long,),
    "url": (_too_long,),
    "domain": (_too_long,),
    "tax_id": (_too_long,),
    "integer": (_too_long,),
    "decimal": (_rounded,),
    "money": (_rounded,),
    "date": (_days,),
    "instant": (_seconds,),
    "choice": (_options,),
    "choices": (_options,),
}
