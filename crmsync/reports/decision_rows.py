"""Questions in words, a row each, kind by kind: masked unless asked, and nothing in them that a spreadsheet runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crmsync.core.auditing import AuditResult, Finding
from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair
from crmsync.core.open_decisions import OpenDecision, key_of
from crmsync.core.planning import ConflictLine, Held
from crmsync.core.records import Ref
from crmsync.core.roles import RoleProposal
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean, safe_link
from crmsync.reports.decision_lists import TEXT_COLUMNS, DecisionRow
from crmsync.reports.details import detail_text
from crmsync.reports.duplicates_shown import address, other_facts, shown_points
from crmsync.reports.duplicates_shown import shown_name as duplicate_name
from crmsync.reports.duplicates_words import TIER_NAMES, DuplicateReport
from crmsync.reports.duplicates_words import reason as why_alike
from crmsync.reports.facts import Links, ReportFacts, addresses_of, link_of, responsible_for
from crmsync.reports.masking import mask
from crmsync.reports.numbers import money
from crmsync.reports.plan_lines import Voice, value_text
from crmsync.reports.reasons import reason_text
from crmsync.reports.roles_words import GRADES, STATES, RoleReport, step
from crmsync.reports.roles_words import reason as why_proposed
from crmsync.reports.roles_words import shown_name as role_name

_ONE_CUSTOMER = N_("One customer?")
_CREATE = N_("Create it in {system} ({object})?")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """How rows are told: for which workspace, in which language, masked or not; `names` are those of records.

    `labels` are names of customers by key, `links` lead to records.
    """

    workspace: str
    language: str
    unmask: bool = False
    links: Links = field(default_factory=dict)
    names: Mapping[Ref, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def row(self, asked: OpenDecision, *cells: str) -> DecisionRow:
        """A row of a question; its cells are cut to a readable length."""
        told = tuple(clean(each, _MOST) for each in cells)
        key = key_of(self.workspace, asked, told[:TEXT_COLUMNS])
        return DecisionRow(asked, key, told)

    def link(self, ref: Ref) -> str:
        """Where a record opens, blank where nobody knows."""
        return safe_link(link_of(self.links, (ref.system, ref.object, ref.id))) or ""

    def record(self, ref: Ref) -> str:
        """A record by its address and name."""
        name = self.names.get(ref, "")
        shown = name if self.unmask else mask(name, "name", 80)
        return " · ".join(part for part in (address(ref, unmask=self.unmask), shown) if part)

    def entity(self, name: str) -> str:
        """What an entity is called."""
        return words.named(words.ENTITIES, name, self.language)


def duplicate_row(
    telling: Telling,
    asked: OpenDecision,
    report: DuplicateReport,
    group: DuplicateGroup,
    pair: DuplicatePair,
) -> DecisionRow:
    """Two records that may be one."""
    language = telling.language
    sure = words.named(TIER_NAMES, group.tier, language)
    return telling.row(
        asked,
        telling.entity(group.entity),
        *(_member(telling, report, group, ref) for ref in (pair.one, pair.other)),
        why_alike(pair, report.subject_of(group.entity), language),
        f"{sure} ({pair.probability:.0%})",
        *(telling.link(ref) for ref in (pair.one, pair.other)),
    )


def _member(telling: Telling, report: DuplicateReport, group: DuplicateGroup, ref: Ref) -> str:
    record = next(each for each in group.records if each.ref == ref)
    points = report.points.get(ref)
    parts = [address(ref, unmask=telling.unmask), duplicate_name(record, unmask=telling.unmask)]
    if points is not None:
        parts += shown_points(points, unmask=telling.unmask).values()
        parts.append(other_facts(record, points, unmask=telling.unmask))
    return " · ".join(part for part in parts if part)


def role_row(
    telling: Telling, asked: OpenDecision, report: RoleReport, each: RoleProposal
) -> DecisionRow:
    """A contact that may belong to a deal."""
    language, unmask = telling.language, telling.unmask
    state = words.named(STATES, each.state, language) if each.state else ""
    worth = money(each.amount, each.currency, language) if each.amount is not None else ""
    contact = Ref(each.deal.system, each.contact_object, each.contact_id or "")
    people = [role_name(each.contact_name, unmask=unmask)]
    people += [address(contact, unmask=unmask)] if each.contact_id else []
    deal = [role_name(each.deal_name, unmask=unmask), worth, address(each.deal, unmask=unmask)]
    return telling.row(
        asked,
        state,
        " · ".join(part for part in deal if part),
        " · ".join(part for part in people if part),
        why_proposed(each, language),
        f"{words.named(GRADES, each.grade, language)}; {step(each, language)}",
        telling.link(each.deal),
        telling.link(contact) if each.contact_id else telling.link(each.record),
    )


def conflict_row(telling: Telling, asked: OpenDecision, line: ConflictLine) -> DecisionRow:
    """A field of which systems hold different values."""
    voice = Voice(telling.language, telling.unmask, labels=telling.labels)
    held = (
        f"{words.system_name(system)}: {value_text(text, line.field, voice)}"
        for system, text in sorted(line.sides.items())
    )
    name = telling.labels.get(line.key, "")
    shown = name if telling.unmask else mask(name, "name", 80)
    refs = [Ref(system, *ref.split("/", 1)) for system, ref in sorted(line.refs.items())]
    links = [link for link in map(telling.link, refs) if link]
    return telling.row(
        asked,
        words.field_name(line.entity, line.field, 60),
        " · ".join(part for part in (shown, line.key[:8]) if part),
        "; ".join(held),
        reason_text(line.reason, telling.language),
        telling.entity(line.entity),
        *(*links, "", "")[:2],
    )


def link_row(telling: Telling, asked: OpenDecision, line: Held) -> DecisionRow:
    """Two records that may be one customer."""
    assert asked.pair is not None
    one, other = asked.pair
    return telling.row(
        asked,
        translate(_ONE_CUSTOMER, telling.language),
        *(telling.record(ref) for ref in (one, other)),
        reason_text(line.reason, telling.language),
        telling.entity(line.entity),
        *(telling.link(ref) for ref in (one, other)),
    )


def create_row(telling: Telling, asked: OpenDecision, line: Held) -> DecisionRow:
    """A record that would be created, if somebody says so."""
    refs = [Ref(*each.split("/", 2)) for each in line.refs]
    question = translate(_CREATE, telling.language)
    links = [link for link in map(telling.link, refs) if link]
    return telling.row(
        asked,
        question.format(system=words.system_name(line.system), object=clean(line.object, 40)),
        "; ".join(telling.record(ref) for ref in refs),
        "",
        reason_text(line.reason, telling.language),
        telling.entity(line.entity),
        *(*links, "", "")[:2],
    )


def waiver_row(
    telling: Telling, asked: OpenDecision, facts: ReportFacts, result: AuditResult, found: Finding
) -> DecisionRow:
    """A finding that somebody may accept."""
    language, unmask = telling.language, telling.unmask
    places = [Ref(*place) for place in addresses_of(facts, found)]
    names = {ref: facts.labels.get((ref.system, ref.object, ref.id), "") for ref in places}
    label = next((name for name in names.values() if name), "")
    where = " · ".join(_place(telling, found, label))
    said = words.field_called(result, (found.entity, found.field or ""), language)
    detail = detail_text(found, label, language, unmask=unmask)
    links: Sequence[str] = [link for link in map(telling.link, places) if link]
    return telling.row(
        asked,
        f"{result.audit.id} {words.title_of(result.audit, language)}",
        where,
        ": ".join(part for part in (said, detail) if part),
        words.text_in(result.audit.remedy, language),
        responsible_for(facts, found) or "",
        *(*links, "", "")[:2],
    )


def _place(telling: Telling, found: Finding, label: str) -> list[str]:
    name = label if telling.unmask else mask(label, "name", 80)
    if found.system and found.id:
        place = address(Ref(found.system, found.object or "", found.id), unmask=telling.unmask)
    else:
        place = found.key or ""
    return [part for part in (place, name) if part]
