"""Duplicates in words: how sure, by what, which record would stay, and what a search did not look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from crmsync.core.duplicate_groups import (
    Alike,
    DuplicateGroup,
    DuplicatePair,
    DuplicateRecord,
    Merge,
    Tier,
    TierCount,
)
from crmsync.core.duplicates import ContactPoints, Crowded, SubjectName
from crmsync.core.pair_decisions import Contradiction
from crmsync.core.records import Ref
from crmsync.language import N_, translate
from crmsync.reports.duplicates_reasons import REASONS
from crmsync.reports.facts import Links
from crmsync.reports.numbers import number

TIER_NAMES: Mapping[str, str] = {"sure": N_("sure"), "review": N_("to review")}
DECISIONS: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no"), "unsure": N_("unsure")}
_WHY: Mapping[str, str] = {
    "linked": N_("stays: it is linked to another system"),
    "ties": N_("stays: more hangs on it ({better} against {than})"),
    "filled": N_("stays: more of its fields are filled ({better} against {than})"),
    "older": N_("stays: it is the older one"),
    "first": N_("stays: nothing tells the two apart, so the first id does"),
}
_MOST_FOR, _MOST_AGAINST = 4, 3
_HARDLY = 0.3
"""A person has to be able to judge it in five seconds."""
_THREE_AT_A_TIME = ("Account", "Contact", "Lead")
"""Objects of which Salesforce merges three records at most: SOAP API, merge() (read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one search looked at: an entity, its records, the pairs compared, and keys that were too crowded.

    `anew` says what of the data had changed too much for the kept weights; blank if nothing had. `changed` is how many
    records were compared again, None if all were; `searched_on` is the day (UTC) on which all were.
    """

    entity: str
    subject: SubjectName
    records: int
    compared: int
    crowded: tuple[Crowded, ...] = ()
    anew: str = ""
    changed: int | None = None
    searched_on: date | None = None


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """What `fix duplicates` shows: counts of all groups, the groups that were asked for, and what was looked at.

    `as_of` is when the systems were last read, `tier` the one that was asked for, blank for both; `accepted` what
    goes into a list: a tier, or `decided` for what people said yes to. `settled` groups were
    decided, pair by pair. `points` are e-mail, phone and company of the records that are shown, `torn` decisions that
    contradict each other.
    """

    counts: tuple[TierCount, ...]
    groups: tuple[DuplicateGroup, ...]
    looked: tuple[Looked, ...]
    as_of: datetime
    links: Links = field(default_factory=dict)
    tier: Tier | str = ""
    accepted: str = ""
    settled: int = 0
    points: Mapping[Ref, ContactPoints] = field(default_factory=dict)
    torn: tuple[Contradiction, ...] = ()

    def subject_of(self, entity: str) -> SubjectName:
        """What the records of an entity are compared as."""
        return next(each.subject for each in self.looked if each.entity == entity)


def reason(pair: DuplicatePair, subject: SubjectName, language: str) -> str:
    """Why two records may be one: what speaks for it, in order of `_rank`; after a semicolon, what speaks against it.

    What differs is said even if it weighs next to nothing, and names that differ come first.
    """
    if not pair.seen:
        return translate("nothing that was compared is alike", language)
    seen = [_if_it_decides(each, pair) for each in pair.seen]
    speaks = [each for each in seen if each.bits > _HARDLY and each.level not in _DIFFERENT]
    speaks.sort(key=_rank)
    against = [each for each in seen if each not in speaks and _speaks_against(each)]
    against.sort(key=lambda each: (each.what != "name", each.bits))
    if not speaks and not against:
        speaks = seen[:1]
    told = [_joined(speaks[:_MOST_FOR], subject, language)]
    told.append(", ".join(_against(pair, against[:_MOST_AGAINST], subject, language)))
    return "; ".join(part for part in told if part)


_OWN = frozenset(("email", "phone", "ident"))
_WHERE = frozenset(("place", "postcode", "street", "country"))


def _rank(seen: Alike) -> int:
    """What is somebody's own comes first, where somebody is comes last; the rest keeps its order by weight."""
    if seen.what in _OWN | {"tax_id"} and (seen.told or seen.level) == "same":
        return 0
    return 2 if seen.what in _WHERE else 1


_RARE = "_rare"


def _if_it_decides(seen: Alike, pair: DuplicatePair) -> Alike:
    """How rare a name is, is told where no address, phone or number is the same."""
    is_marked = any(each.what in _OWN and each.level == "same" for each in pair.seen)
    return replace(seen, told="") if seen.told.endswith(_RARE) and is_marked else seen


def _against(
    pair: DuplicatePair, differing: Iterable[Alike], subject: SubjectName, language: str
) -> Iterator[str]:
    """What differs, and what whoever reads would look for first and cannot be compared."""
    yield from (_phrase(each, subject, language) for each in differing)
    known = {each.what for each in pair.seen}
    if subject == "person" and "name" not in known:
        yield translate("one of them has no name", language)
    if subject == "company" and not known & {"domain", "phone", "tax_id"}:
        yield translate("no domain, phone or tax id to compare", language)


_DIFFERENT = frozenset(
    ("other", "given_only", "family_only", "other_second_surname", "other_unproven", "weeks_apart")
)


def _speaks_against(seen: Alike) -> bool:
    return seen.level in _DIFFERENT | _HALF or (seen.bits < -_HARDLY and _differs(seen))


def _differs(seen: Alike) -> bool:
    """False for what is alike and tells little: it speaks against nobody."""
    return not seen.level.startswith("same") or seen.level == "same_under_other_name"


_HALF = frozenset(("same_local", "same_label", "two_alphabets"))
"""Addresses or domains that differ behind a like beginning, and names that nobody can compare: never left unsaid."""


def _joined(seen: list[Alike], subject: SubjectName, language: str) -> str:
    return ", ".join(_phrase(each, subject, language) for each in seen)


def _phrase(seen: Alike, subject: SubjectName, language: str) -> str:
    return translate(REASONS[subject][seen.what, seen.told or seen.level], language)


def why_it_stays(merge: Merge, language: str) -> str:
    """Why one record of a merge is the one that stays."""
    said = translate(_WHY[merge.why], language)
    return said.format(better=number(merge.better, language), than=number(merge.than, language))


def cautions(group: DuplicateGroup, language: str) -> Iterator[str]:
    """What whoever merges a group has to mind."""
    if group.opted_out():
        yield translate("one of them opted out: whoever stays has to keep it", language)
    if group.is_mixed():
        yield translate("a lead and a contact: convert the lead, no CRM merges the two", language)
    objects = {each.survivor.object for each in group.merges()}
    if "Opportunity" in objects:
        yield translate("Salesforce merges no opportunities: close or delete one", language)
    if any(len(m.losers) > 2 and m.survivor.object in _THREE_AT_A_TIME for m in group.merges()):
        yield translate("Salesforce merges three at a time: merge these in several steps", language)


def role_of(record: DuplicateRecord, group: DuplicateGroup) -> str:
    """What would become of a record: `keep` or `merge`; else `linked` if it is one customer with another, or `link`."""
    for merge in group.merges():
        if record.ref == merge.survivor:
            return "keep"
        if record.ref in merge.losers:
            return "merge"
    keys = [each.key for each in group.records]
    return "linked" if keys.count(record.key) > 1 else "link"


ROLES: Mapping[str, str] = {
    "keep": N_("keep"),
    "merge": N_("merge"),
    "link": N_("link"),
    "linked": N_("linked"),
}
