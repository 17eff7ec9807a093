"""The page behind the HTML report: every text already in its language, masked and cut.

The template only lays out what is here. Must not know: HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crmsync.core.auditing import NO_RECORDS, SEVERITIES, AuditResult, Finding, counts, fix_first
from crmsync.language import translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean, clean_lines, safe_link
from crmsync.reports.details import detail_text
from crmsync.reports.facts import (
    Address,
    ReportFacts,
    addresses_of,
    link_of,
    responsible_for,
    systems_of,
)
from crmsync.reports.masking import mask
from crmsync.reports.numbers import money, number, quantity, share, work
from crmsync.reports.panels import Panel
from crmsync.reports.panels_of import PANELS, panels_of
from crmsync.reports.roles_words import audit_line

SAMPLES = 20
_ALL_SAMPLES = 1200
_FEWEST_SAMPLES = 3
_QUERY = 3000
_LABEL = 60
_MOST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class RecordCell:
    """One record in a sample row; `link` is safe or None, and without one `id` is what it can be found by."""

    system: str
    label: str
    link: str | None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as a row of a table."""

    records: tuple[RecordCell, ...]
    field: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class Block:
    """One audit with findings. `ratio` is 0 to 1, None where nothing was counted."""

    anchor: str
    id: str
    severity: str
    blocking: bool
    title: str
    why: str
    remedy: str
    count: str
    of: str
    share: str
    ratio: float | None
    where: str
    who: str
    effort: str
    amount: str
    rows: tuple[Row, ...]
    rest: str
    query: str

    @property
    def has_fields(self) -> bool:
        """True if a row names a field."""
        return any(row.field for row in self.rows)

    @property
    def has_details(self) -> bool:
        """True if a row has a detail."""
        return any(row.detail for row in self.rows)

    @property
    def has_amounts(self) -> bool:
        """True if money hangs on a row."""
        return any(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """One category: its counts, its audits with findings, those without, and its part of all findings (0 to 1).

    `is_audited` is false of a category that has counts and no audit.
    """

    anchor: str
    title: str
    introduction: str
    numbers: tuple[tuple[str, int, str], ...]
    total: int
    shown_total: str
    bar_title: str
    part: float
    share: str
    blocks: tuple[Block, ...]
    passed: tuple[str, ...]
    panels: tuple[Panel, ...] = ()
    is_audited: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, and whether personal data is shown."""

    language: str
    unmask: bool = False

    def mask(self, text: str, kind: str) -> str:
        """The text as this reader may see it."""
        return mask(text, "plain" if self.unmask else kind, _LABEL)

    def detail(self, finding: Finding, names: str) -> str:
        """A finding's detail as this reader may see it."""
        return detail_text(finding, names, self.language, unmask=self.unmask)


def sections(facts: ReportFacts, reader: Reader) -> list[Section]:
    """Every category that was asked about or counted, in the order of the report."""
    checked = [result for result in facts.results if result.not_checked is None]
    most = samples_each(checked)
    everything = _total(checked)
    panels = {name: panels_of(facts, name, reader.language) for name in PANELS}
    asked = {result.audit.category for result in checked}
    names = words.in_order({*asked, *(name for name, found in panels.items() if found)})
    return [
        replace(
            _section(
                facts,
                reader,
                name,
                [r for r in checked if r.audit.category == name],
                (most, everything),
            ),
            panels=panels.get(name, ()),
            is_audited=name in asked,
        )
        for name in names
    ]


def _total(results: Iterable[AuditResult]) -> int:
    return sum(result.count for result in results)


def samples_each(results: Sequence[AuditResult]) -> int:
    """How many sample rows each audit may show, so that the whole page stays under a megabyte."""
    found = sum(1 for result in results if result.findings)
    return max(_FEWEST_SAMPLES, min(SAMPLES, _ALL_SAMPLES // max(1, found)))


def _section(
    facts: ReportFacts,
    reader: Reader,
    name: str,
    results: Sequence[AuditResult],
    scale: tuple[int, int],
) -> Section:
    language = reader.language
    most, everything = scale
    found = fix_first(results, most=len(results))
    total = _total(results)
    numbers = counts(results)
    title = words.named(words.CATEGORIES, name, language).capitalize()
    return Section(
        anchor=anchor("category", name),
        title=title,
        introduction=_introduction(facts, name, language),
        numbers=tuple((s, numbers[s], number(numbers[s], language)) for s in SEVERITIES),
        total=total,
        shown_total=number(total, language),
        bar_title=f"{title}: {quantity('{n} finding', '{n} findings', total, language)}",
        part=total / everything if everything else 0.0,
        share=share(total, everything, language),
        blocks=tuple(block(facts, reader, result, most) for result in found),
        passed=tuple(words.title_of(r.audit, language) for r in results if not r.findings),
    )


def _introduction(facts: ReportFacts, name: str, language: str) -> str:
    """What a category is about; of contact roles also what could be attributed."""
    said = translate(words.INTRODUCTIONS[name], language) if name in words.INTRODUCTIONS else ""
    more = audit_line(facts.roles, language) if name == "roles" else ""
    return f"{said} {more}".strip()


def anchor(kind: str, name: str) -> str:
    """An id for an element, of letters, digits and hyphens alone."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name[:40])
    return f"{kind}-{plain}"


def block(facts: ReportFacts, reader: Reader, result: AuditResult, most: int) -> Block:
    """One audit with what it found, in the reader's language."""
    audit, language = result.audit, reader.language
    affected = result.count
    eligible = result.eligible
    shown = result.findings[:most]
    return Block(
        anchor=anchor("audit", audit.id),
        id=clean(audit.id, 20),
        severity=audit.severity,
        blocking=audit.blocking,
        title=words.title_of(audit, language),
        why=words.text_in(audit.why, language),
        remedy=words.text_in(audit.remedy, language),
        count=number(affected, language),
        of=number(eligible, language) if eligible is not None else "",
        share=share(affected, eligible, language) if eligible else "",
        ratio=min(1.0, affected / eligible) if eligible else None,
        where=where(facts, result, language),
        who=who(facts, result, language),
        effort=effort(facts, audit.minutes * affected, language),
        amount=money(result.amount, facts.currency, language) if result.amount else "",
        rows=tuple(_row(facts, reader, result, finding) for finding in shown),
        rest=_rest(affected - len(shown), language),
        query=clean_lines(audit.query, _QUERY),
    )


def _rest(more: int, language: str) -> str:
    if more <= 0:
        return ""
    return quantity(
        "{n} more finding is in the CSV file.",
        "{n} more findings are in the CSV file.",
        more,
        language,
    )


def where(facts: ReportFacts, result: AuditResult, language: str) -> str:
    """The systems the findings are in, with how many each has, and the fields, if there are several."""
    systems = " · ".join(
        f"{words.system_name(system)} {number(n, language)}"
        for system, n in systems_of(facts, result).items()
    )
    return "; ".join(part for part in (systems, words.by_field(result, language)) if part)


def who(facts: ReportFacts, result: AuditResult, language: str) -> str:
    """Who answers for the findings, those with the most first; "" where nobody is named for any.

    They are staff, not customers: whoever reads this has to find them.
    """
    counted = Counter(responsible_for(facts, each) for each in result.findings)
    nobody = counted.pop(None, 0)
    if not counted:
        return ""
    ordered = sorted(counted.items(), key=lambda each: (-each[1], str(each[0])))
    named = [
        f"{clean(name or '', _LABEL)} {number(n, language)}" for name, n in ordered[:_MOST_PEOPLE]
    ]
    others = len(ordered) - _MOST_PEOPLE
    if others > 0:
        named.append(quantity("{n} other person", "{n} other people", others, language))
    if nobody:
        named.append(translate("nobody {n}", language).replace("{n}", number(nobody, language)))
    return " · ".join(named)


def effort(facts: ReportFacts, minutes: float, language: str) -> str:
    """About how much work that is, and what it costs where an hour has a price."""
    said = work(minutes, language)
    if not facts.hour:
        return said
    return f"{said} ({money(minutes / 60 * facts.hour, facts.currency, language)})"


def _row(facts: ReportFacts, reader: Reader, result: AuditResult, finding: Finding) -> Row:
    addresses = addresses_of(facts, finding)
    names = " ".join(facts.labels.get(address, "") for address in addresses)
    amount = finding.amount
    return Row(
        records=tuple(_record(facts, reader, each) for each in addresses[:6]) or (_keyed(finding),),
        field=words.field_called(result, (finding.entity, finding.field or ""), reader.language),
        detail=reader.detail(finding, names),
        amount="" if amount is None else money(amount, facts.currency, reader.language),
    )


def _keyed(finding: Finding) -> RecordCell:
    """A finding whose records are not known here is shown by its key, or by what it has."""
    system = words.system_name(finding.system) if finding.system else ""
    if finding.entity in NO_RECORDS:
        return RecordCell(system, clean(f"{finding.object} {finding.id}", _LABEL), None)
    return RecordCell(system, clean(finding.key or finding.id or "-", 12), None)


def _record(facts: ReportFacts, reader: Reader, address: Address) -> RecordCell:
    label = facts.labels.get(address, "")
    link = safe_link(link_of(facts.links, address))
    # Where an export has no ids of its own, addresses may stand for them: those stay masked.
    id_ = reader.mask(address[2], "mail") if "@" in address[2] else clean(address[2], _LABEL)
    return RecordCell(
        system=words.system_name(address[0]),
        label=reader.mask(label, "name") if label.strip() else id_,
        link=link,
        id=id_ if label.strip() and link is None else "",
    )
