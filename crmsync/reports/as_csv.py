"""Every finding as one CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import re

from crmsync.core.auditing import Finding
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean, safe_link
from crmsync.reports.details import detail_text, masked_detail
from crmsync.reports.facts import ReportFacts, addresses_of, link_of, responsible_for
from crmsync.reports.numbers import has_comma
from crmsync.reports.words import SEVERITIES, named

COLUMNS = (
    "audit",
    "severity",
    "system",
    "object",
    "id",
    "key",
    "field",
    "detail",
    "amount",
    "responsible",
    "new",
    "link",
)
BOM = "\ufeff"
"""What a CSV file begins with: without it Excel reads UTF-8 as the local code page."""
_MOST = 2000
# What starts a formula, full-width forms too: owasp.org, CSV Injection (read 2026-11).
_STARTS = re.compile(r"^[\s\"']*[=+\-@\t\r＝＋－＠]")
# A spreadsheet set to the other separator splits inside our quotes, so each part has to be harmless.
_INNER = re.compile(r"([;,][\s\"']*)(?=[=+\-@＝＋－＠])")
# What most cells are: nothing that starts a formula, no separator, nothing to be cleaned.
_HARMLESS = re.compile(r"[0-9A-Za-z][!-+\--:<-~]*(?: [!-+\--:<-~]+)*")


def findings_csv(
    facts: ReportFacts, *, unmask: bool = False, delimiter: str = ",", language: str = "en"
) -> str:
    """All findings, one a row, in the order of the audits; UTF-8 with a byte order mark, CRLF.

    The head is the same in every language. In English the cells are codes that programs know, else words.
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for result in facts.results:
        for finding in result.findings:
            row = finding_row(facts, finding, result.is_new(finding), unmask=unmask)
            told = {} if language == "en" else worded(facts, finding, language, unmask=unmask)
            cells = dict(zip(COLUMNS, row, strict=True)) | told
            if told and cells["new"]:
                cells["new"] = translate(N_("yes"), language)
            writer.writerow(cells.values())
    return BOM + file.getvalue()


def finding_row(
    facts: ReportFacts, finding: Finding, is_new: bool = False, *, unmask: bool
) -> list[str]:
    """One finding in the order of COLUMNS, masked unless asked, and harmless to a spreadsheet."""
    addresses = addresses_of(facts, finding)
    names = " ".join(facts.labels.get(address, "") for address in addresses)
    links = [safe_link(link_of(facts.links, address)) for address in addresses]
    texts = (
        finding.audit,
        finding.severity,
        finding.system,
        finding.object,
        finding.id,
        finding.key,
        finding.field,
        masked_detail(finding, names, unmask=unmask),
    )
    return [
        *(disarmed(text or "") for text in texts),
        "" if finding.amount is None else f"{finding.amount:.2f}",
        disarmed(responsible_for(facts, finding) or ""),
        "new" if is_new else "",
        disarmed(" ".join(link for link in links if link)),
    ]


def worded(facts: ReportFacts, finding: Finding, language: str, *, unmask: bool) -> dict[str, str]:
    """The cells of a finding that are words for people: how bad it is, its detail, its amount."""
    detail = clean(detail_text(finding, name_of(facts, finding), language, unmask=unmask), _MOST)
    told = {
        "severity": named(SEVERITIES, finding.severity, language),
        "detail": disarmed(detail),
    }
    if finding.amount is not None and has_comma(language):
        told["amount"] = f"{finding.amount:.2f}".replace(".", ",")
    return told


def name_of(facts: ReportFacts, finding: Finding) -> str:
    """What the record is called, or another one of the same customer."""
    labels = (facts.labels.get(each, "") for each in addresses_of(facts, finding))
    return next((label for label in labels if label), "")


def disarmed(text: str, most: int = _MOST) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe before what starts one."""
    if len(text) <= most and (not text or _HARMLESS.fullmatch(text)):
        return text
    armed = _STARTS.match(text[:64])
    shown = _INNER.sub(r"\1'", clean(text, most))
    return "'" + shown if armed or _STARTS.match(shown) else shown
