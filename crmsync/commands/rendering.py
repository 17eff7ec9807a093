"""Which renderer makes which output: values of the commands become text, JSON, CSV or HTML."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from crmsync.commands.apply import Applied
from crmsync.commands.doubles import doubles_json
from crmsync.commands.ending import ending_lines, next_steps, told_reasons
from crmsync.config.decode import nearest
from crmsync.core.auditing import Severity, gate
from crmsync.errors import CrmsyncError, ExitCode, StoreFailed
from crmsync.language import translate
from crmsync.reports.facts import Impact, ReportFacts

if TYPE_CHECKING:
    from crmsync.commands.sync import Synced
    from crmsync.commands.view import Found
    from crmsync.connectors.base import CallMeter
    from crmsync.reports.explain_text import Telling

_WORTH_TELLING_S = 1.0


def audit_as(
    form: str, facts: ReportFacts, language: str, *, unmask: bool = False, colours: bool = False
) -> str | bytes:
    """An audit in one of the formats of `crmsync audit --format`."""
    from crmsync.reports import (
        as_csv,
        as_github,
        as_json,
        as_junit,
        as_markdown,
        as_xlsx,
        html,
        text,
    )
    from crmsync.reports.numbers import delimiter

    made: Mapping[str, Callable[[], str | bytes]] = {
        "text": lambda: _with_figures(
            text.audit_text(facts, language, colours=colours), facts, language, colours
        ),
        "json": lambda: as_json.audit_json(facts, unmask=unmask),
        "csv": lambda: as_csv.findings_csv(
            facts, unmask=unmask, delimiter=delimiter(language), language=language
        ),
        "xlsx": lambda: as_xlsx.findings_xlsx(facts, language, unmask=unmask),
        "md": lambda: as_markdown.audit_markdown(facts, language),
        "github": lambda: as_github.audit_github(facts.results, language),
        "junit": lambda: as_junit.audit_junit(facts.results, language),
        "html": lambda: html.render(facts, language, unmask=unmask),
    }
    return made[form]()


def _with_figures(audited: str, facts: ReportFacts, language: str, colours: bool) -> str:
    """The audits as text, and the first figures below."""
    from crmsync.reports.figures_text import figures_text

    figures = figures_text(facts.figures, language, colours=colours)
    return f"{audited}\n{figures}" if figures else audited


def gate_code(
    facts: ReportFacts, fail_on: Severity | None, min_score: int | None = None
) -> ExitCode:
    """4 if there are findings as bad as the gate, or the score is lower, else 0; without a gate always 0."""
    fails = bool(gate(facts.results, fail_on)) or bool(told_below(facts, min_score, "en"))
    return ExitCode.GATE_FAILED if fails else ExitCode.OK


def told_below(facts: ReportFacts, min_score: int | None, language: str) -> str:
    """That the score is below the minimum, "" where it is not; no score is below every minimum."""
    from crmsync.reports.score import below_text

    return below_text(facts, min_score, language)


def write_report(facts: ReportFacts, path: Path, language: str, *, unmask: bool = False) -> None:
    """Writes the HTML report and, beside it, all findings as CSV; both mode 0600."""
    from crmsync.commands.outputs import demand_folder
    from crmsync.reports import as_csv, html
    from crmsync.reports.numbers import delimiter

    demand_folder(path)
    texts = {
        path: html.render(facts, language, unmask=unmask),
        path.with_suffix(".csv"): as_csv.findings_csv(
            facts, unmask=unmask, delimiter=delimiter(language), language=language
        ),
    }
    for target, text in texts.items():
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(
                os.open(target, flags, 0o600), "w", encoding="utf-8", newline=""
            ) as file:
                file.write(text)
        except OSError as error:
            remedy = "Name another file with -o, or free disk space."
            raise StoreFailed(
                f"cannot write the report: {error.strerror}", where=str(target), remedy=remedy
            ) from error


def impact_as(form: str, impact: Impact, language: str, *, samples: bool = True) -> str:
    """The impact of a mapping change in one of the formats of `crmsync diff --format`."""
    from crmsync.reports import as_json, diff_markdown, diff_text

    made: Mapping[str, Callable[[], str]] = {
        "text": lambda: diff_text.diff_text(impact, language),
        "github-md": lambda: diff_markdown.render(impact, language, samples=samples),
        "json": lambda: as_json.impact_json(impact),
    }
    return made[form]()


def applied_as(form: str, applied: Applied, language: str) -> str:
    """How carrying out a plan ended."""
    calls = {system: meter.made for system, meter in applied.meters.items()}
    if form == "json":
        body = {
            "run": applied.run,
            "plan": applied.plan_id,
            "states": applied.states,
            "calls": calls,
            "calls_by_kind": calls_by_kind(applied.meters),
            "reasons": told_reasons(applied),
            "doubles": doubles_json(applied.doubles),
            "next": next_steps(applied),
        }
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    from crmsync.reports.words import STATES, named

    said = translate("{n} {state}", language)
    states = ", ".join(
        said.format(n=number, state=named(STATES, state, language))
        for state, number in sorted(applied.states.items())
    )
    used = ", ".join(f"{system} {number}" for system, number in calls.items())
    said = translate("Run {run}: {states}", language)
    head = said.format(run=applied.run, states=states or translate("nothing to write", language))
    calls_line = translate("Calls: {calls}", language).format(calls=used)
    return "\n".join([head, *ending_lines(applied, language), calls_line])


def calls_by_kind(meters: Mapping[str, CallMeter]) -> dict[str, dict[str, int]]:
    """What every system was asked, and how often, by system."""
    return {system: dict(sorted(meter.by_path.items())) for system, meter in meters.items()}


def calls_told(meters: Mapping[str, CallMeter], language: str) -> list[str]:
    """A line for each system that was called: what for, the most first, and what is left of its day."""
    from crmsync.reports.numbers import number

    def line(system: str, meter: CallMeter) -> str:
        ranked = sorted(meter.by_path.items(), key=lambda each: (-each[1], each[0]))
        kinds = ", ".join(f"{number(times, language)} {kind}" for kind, times in ranked)
        told = f"{system}: {kinds}"
        if meter.waited_s >= _WORTH_TELLING_S:
            said = translate("{seconds} s waited for its limits", language)
            told += "; " + said.format(seconds=number(round(meter.waited_s), language))
        if meter.left is None or not meter.allowed:
            return told
        left = translate("{left} of {allowed} calls are left today", language)
        numbers = {"left": meter.left, "allowed": meter.allowed}
        said = left.format(**{name: number(n, language) for name, n in numbers.items()})
        return f"{told}; {said}"

    return [line(system, meter) for system, meter in sorted(meters.items()) if meter.by_path]


def synced_as(form: str, synced: Synced, language: str, kinds: Mapping[str, str]) -> str:
    """How a nightly run ended; `kinds` says which connector each system has."""
    from crmsync.reports.plan_text import plan_text

    if form == "json":
        applied = synced.applied
        body = {
            "plan": asdict(synced.plan.header),
            "run": applied.run if applied else None,
            "states": applied.states if applied else {},
            "reasons": told_reasons(applied) if applied else [],
            "doubles": doubles_json(applied.doubles) if applied else [],
            "findings": {r.audit.id: r.count for r in synced.facts.results},
        }
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    shown = plan_text(synced.plan.header, synced.plan.lines, language, 0, kinds=kinds)
    end = applied_as("text", synced.applied, language) if synced.applied else ""
    return shown + (end or translate("Nothing to write.", language))


def choice_of_found(
    found: Sequence[Found], who: str, command: str, language: str, *, unmask: bool
) -> str:
    """Who was found where one customer was asked for, so that a person can say which."""
    from crmsync.reports.choosing_text import Candidate, choice_text

    candidates = [
        Candidate(each.view.entity, each.view.key, each.view.refs, _name_of(each)) for each in found
    ]
    return choice_text(candidates, who, command, language, unmask=unmask)


def _name_of(found: Found) -> str:
    values = {each.field: each.choice.value for each in found.view.fields}
    return " ".join(str(values[name]) for name in found.entity.shown_by() if values.get(name))


def views_text(found: Sequence[Found], language: str, *, unmask: bool) -> str:
    """Customers, one below the other."""
    from crmsync.reports.view_text import view_text

    return "\n".join(
        view_text(each.view, language, unmask, each.labels, each.since) for each in found
    )


def views_json(found: Sequence[Found], *, unmask: bool) -> list[dict[str, Any]]:
    """Customers as JSON values, masked unless asked."""
    from crmsync.reports.values import cell_text

    return [
        {
            "entity": each.view.entity,
            "key": each.view.key,
            "records": [str(ref) for ref in each.view.refs],
            "written_since": [
                {"system": since.system, "run": since.run, "fields": list(since.fields)}
                for since in each.since
            ],
            "fields": {
                field.field: {
                    "value": cell_text(field.choice.value, field.field, "en", unmask=unmask),
                    "system": field.choice.system,
                    "reason": field.choice.reason,
                    "disagrees": field.disagrees,
                }
                for field in each.view.fields
            },
        }
        for each in found
    ]


def explanations(
    found: Sequence[Found],
    field: str | None,
    language: str,
    *,
    unmask: bool,
    links: Callable[[str, str, str], str | None] | None = None,
) -> str:
    """Why values are what they are, customer by customer; `links` open the records that have a value already."""
    from crmsync.reports.explain_text import explain_text

    demand_field(found, field)
    return "\n".join(
        explain_text(each.view, _telling(each, language, unmask=unmask, links=links), field)
        for each in found
    )


def explanations_json(
    found: Sequence[Found], field: str | None, *, unmask: bool
) -> list[dict[str, Any]]:
    """The same for programs, masked unless asked."""
    from crmsync.reports.explain_json import explain_json

    demand_field(found, field)
    return [explain_json(each.view, _telling(each, "en", unmask=unmask), field) for each in found]


def _telling(
    each: Found,
    language: str,
    *,
    unmask: bool,
    links: Callable[[str, str, str], str | None] | None = None,
) -> Telling:
    from crmsync.commands.view import policies_of
    from crmsync.reports.explain_text import Telling

    return Telling(
        language,
        unmask=unmask,
        policies=policies_of(each.entity),
        labels=each.labels,
        types={field.field: field.type for field in each.entity.fields},
        claims=each.claims,
        evidence=each.evidence,
        times=each.times,
        links=links,
        since=each.since,
        waits=each.waits,
    )


def demand_field(found: Sequence[Found], field: str | None) -> None:
    """CrmsyncError unless some customer has a field of this name."""
    names = {each.field for one in found for each in one.view.fields}
    if field is not None and field not in names:
        close = nearest(field, names)
        remedy = f"did you mean '{close}'?" if close else f"use one of {', '.join(sorted(names))}"
        raise CrmsyncError(f"no field '{field}'", remedy=remedy)
