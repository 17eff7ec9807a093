"""What speaks against a read of list pages: records too few, properties nobody had, records that went meanwhile.

| while it is read | so |
|---|---|
| two records are merged | who is named by `hs_merged_object_ids` of a record that came is not live, though it \
came before: asked for by id, it answers under another one |
| they are merged after their values were read and before their ties | their ties are the survivor's by then: \
search tells the survivors of that time, and they are read, too |
| more came than search counts | somebody went: the archive is asked, and search for survivors |
| a record is made | it is left out on both sides of the count |
| one was made so shortly before that search may not have heard | it is left out of the count that has to be exact; \
of those made in that hour no fewer may come than search knows of, and the next read asks for them all again |
| two are merged after the last page | the survivor is read when search tells it, or by the next read |
| a record is archived or erased after it came, and another does not come | the numbers fit, and nobody tells |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.schemas import ID_PROPERTY, MERGED_PROPERTY
from crmsync.connectors.hubspot.searching import (
    CATCH_UP_S,
    OVERLAP,
    Lately,
    count_now,
    created_before,
    ids_with,
    merged_since,
)
from crmsync.connectors.hubspot.values import instant
from crmsync.errors import AnswerBroken
from crmsync.language import _

Record = dict[str, Any]
Reads = Callable[[Sequence[str]], Mapping[str, Record]]
_SECONDS = len("2026-11-20T09:30:00")


def swallowed(record: Mapping[str, Any]) -> list[str]:
    """Ids of the records that were merged into this one."""
    told = str(record["properties"].get(MERGED_PROPERTY) or "")
    olds = (one.strip() for one in told.split(";"))
    return [one for one in olds if one and one != str(record["id"])]


@dataclass(frozen=True, slots=True)
class Count:
    """How many records came, and how many search tells."""

    came: int
    told: int

    @property
    def over(self) -> bool:
        """True if somebody went of those who came."""
        return self.came > self.told

    @property
    def short(self) -> bool:
        """True if some did not come."""
        return self.came < self.told


@dataclass(slots=True)
class Doubts:
    """One read: who came, who went meanwhile, and which of the properties asked for nobody had.

    `begun` is cut to the second, so that both sides of the count mean the same moment. `young` tells when those
    were made whom search may not have heard of when it began.
    """

    api: Api
    object: str
    asked: Sequence[str]
    begun: datetime
    lately: Lately = field(default_factory=Lately)
    seen: set[str] = field(default_factory=set)
    young: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    into: dict[str, str] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.begun = self.begun.replace(microsecond=0)

    def fresh(self, pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
        """The pages without records that came before."""
        settled = _second(self.settled)
        for page in pages:
            self.note(page)
            told = {str(record["id"]): record for record in page}
            fresh = {one: record for one, record in told.items() if one not in self.seen}
            born = {one: _born(record) for one, record in fresh.items()}
            self.young.update({one: at for one, at in born.items() if at >= settled})
            self.seen.update(fresh)
            if fresh:
                yield list(fresh.values())

    def note(self, page: Sequence[Record]) -> None:
        """Notes whom these records swallowed, and which properties none of them had, not even as a blank."""
        for record in page:
            if record["properties"].get(MERGED_PROPERTY):
                self.into.update(dict.fromkeys(swallowed(record), str(record["id"])))
        if page:
            self.absent.update(
                name for name in self.asked if all(name not in each["properties"] for each in page)
            )

    def went(self) -> set[str]:
        """Ids of records that came and are not there any more: archived, or merged into one that came, too."""
        return ({one for one in self.into if one in self.seen} - self.cleared) | self.archived

    def survivors(self) -> list[str]:
        """Ids of records that were merged since the read began, as far as search has heard; a call.

        Of objects that are not read with whom they swallowed nobody is, and search would refuse to be asked.
        """
        if MERGED_PROPERTY not in self.asked:
            return []
        return ids_with(self.api, self.object, *merged_since(self.object, self.begun))

    def demand_names(self) -> None:
        """AnswerBroken if a property was archived meanwhile: no value would look like a blank one.

        An empty property is null, one there is not is left out: measured on a portal, 2026-08.
        """
        if self.absent:
            there = {one["name"] for one in self.api.properties(self.object)}
            gone = ", ".join(sorted(self.absent - there))
            if gone:
                raise AnswerBroken(f"archived while it was read: {gone}", where=self.object)

    def settle(self, reads: Reads) -> Iterator[list[Record]]:
        """Survivors that no page had; AnswerBroken if fewer records came than search counts, of those made before.

        `reads` gives records by id. What was archived or merged a moment ago is counted still, so in doubt it is
        counted again later.
        """
        self._clear(reads)
        for waits in (True, False):
            counts = self._counts()
            if counts[0].over:
                yield from self._ask_who_went(reads)
                counts = self._counts()
            short = [each for each in counts if each.short]
            if not short:
                return
            if waits:
                self.api.calls.wait(CATCH_UP_S, _("search to find what was just written"))
        raise AnswerBroken(f"{short[0].came} records came of {short[0].told}", where=self.object)

    def demand_all(self) -> None:
        """The same of objects that nobody merges, or whose survivors are none of this read's business."""
        for _survivors in self.settle(lambda _ids: {}):
            pass

    @property
    def settled(self) -> datetime:
        """Of records made before that moment search had heard when the read began."""
        return self.begun - OVERLAP

    def _counts(self) -> list[Count]:
        """Of the records search must have heard of, exactly; then of all, of which it may not have heard yet."""
        lately = self._since(self.settled) - self._since(self.begun)
        moments = (self.settled, self.begun) if lately else (self.begun,)
        return [Count(self._came(moment), self._told(moment)) for moment in moments]

    def _came(self, moment: datetime) -> int:
        """How many came that were made before then, and are there still."""
        return len(self.seen) - len(self._since(moment) | self.went())

    def _since(self, moment: datetime) -> set[str]:
        """Who came of those made since."""
        return {one for one, at in self.young.items() if at >= _second(moment)}

    def _told(self, moment: datetime) -> int:
        """How many there are of those; search may not have heard of the last merges yet."""
        went, late = self.went(), self._since(moment)
        into = {self.into[one] for one in went if one in self.into}
        olds = [old for old, new in self.into.items() if new in into]
        gone = dict.fromkeys([*self.lately.gone, *olds, *sorted(went)])
        come = dict.fromkeys([*self.lately.come, *sorted((into & self.seen) - went)])
        known = Lately(list(gone), [one for one in come if one not in late])
        return count_now(self.api, self.object, known, created_before(self.object, moment))

    def _clear(self, reads: Reads) -> None:
        """Notes who is there though a survivor names them: they answer under their own id."""
        doubted = sorted(self.went() - self.archived)
        if doubted:
            self.cleared.update(set(doubted) & reads(doubted).keys())

    def _ask_who_went(self, reads: Reads) -> Iterator[list[Record]]:
        """Notes who was archived or merged since the read began; gives the survivors that no page had."""
        since = _second(self.begun)
        for page in self.api.pages(self.object, [ID_PROPERTY], archived=True):
            at = {str(one["id"]): instant(one.get("archivedAt")) or "" for one in page}
            self.archived.update(one for one in at if at[one] >= since and one in self.seen)
        yield from self.fresh([list(reads(self.survivors()).values())])
        self._clear(reads)


def _second(moment: datetime) -> str:
    return moment.isoformat()[:_SECONDS]


def _born(record: Mapping[str, Any]) -> str:
    """When a record was made, to the second; always in UTC."""
    return str(record.get("createdAt") or "")[:_SECONDS]
