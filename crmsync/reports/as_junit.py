"""The audits as JUnit XML: one test case an audit, so that a CI page lists them as it lists tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crmsync.core.auditing import AuditResult, Severity, gate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import quantity


def audit_junit(results: Sequence[AuditResult], language: str, fail_on: Severity = "info") -> str:
    """XML with a failure for each audit that has findings of severity `fail_on` or worse.

    Milder findings are told in `system-out`; an audit that was not checked is skipped with its reason.
    No record is named.
    """
    failing = {result.audit.id for result in gate(results, fail_on)}
    skipped = sum(result.not_checked is not None for result in results)
    suites = Element("testsuites", name="crmsync audit")
    suite = SubElement(
        suites,
        "testsuite",
        name="crmsync audit",
        tests=str(len(results)),
        failures=str(len(failing)),
        skipped=str(skipped),
        errors="0",
    )
    for result in results:
        _case(suite, result, language, fails=result.audit.id in failing)
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _case(suite: Element, result: AuditResult, language: str, *, fails: bool) -> None:
    audit = result.audit
    title = words.title_of(audit, language)
    name = f"{clean(audit.id, 20)} {title}"
    case = SubElement(suite, "testcase", classname=f"audit.{clean(audit.category, 40)}", name=name)
    if result.not_checked is not None:
        SubElement(
            case,
            "skipped",
            message=words.why_unchecked(
                result.not_checked, language, result.titles, result.exports
            ),
        )
    elif fails:
        failure = SubElement(
            case, "failure", type=audit.severity, message=_message(result, language)
        )
        failure.text = words.text_in(audit.remedy, language)
    elif result.findings:
        SubElement(case, "system-out").text = _message(result, language)


def _message(result: AuditResult, language: str) -> str:
    found = quantity("{n} finding", "{n} findings", result.count, language)
    return f"{found}: {words.title_of(result.audit, language)}"
