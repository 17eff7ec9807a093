"""`crmsync demo`: the whole way on two simulated CRMs, in seconds, inside one folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from crmsync.commands.apply import Applied, Permission, apply_plan
from crmsync.commands.audit import audit
from crmsync.commands.columns import kept_columns
from crmsync.commands.demo_folder import SANDBOX, begin_folder, note_folder
from crmsync.commands.doctor import doctor, exit_code_of
from crmsync.commands.init import init
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.commands.planfile import Plan
from crmsync.commands.pull import pull
from crmsync.commands.rendering import write_report
from crmsync.commands.sandbox import seed_of
from crmsync.commands.sync import blocking
from crmsync.commands.workspace import Workspace, open_workspace
from crmsync.core.auditing import counts, fix_first
from crmsync.errors import CrmsyncError, ExitCode
from crmsync.language import LANGUAGES, N_, translate
from crmsync.reports.facts import ReportFacts

Say = Callable[[str], None]
_CONTACTS = 400
_OWNER = "names: {salesforce: OwnerId, hubspot: hubspot_owner_id}\n"
# Whose address in HubSpot is not the one in Salesforce.
_EXCEPTION = (
    "    values: {hubspot: {bsalcedo@ventas-demo.example: bruno.salcedo11@ventas-demo.example}}\n"
)

_PROJECT = """\
# yaml-language-server: $schema=schemas/workspace.schema.json
# {made}
name: demo
title: Demo
currency: EUR
region: ES
timezone: Europe/Madrid
language: {language}
systems:
  salesforce:
    kind: salesforce
    url: {salesforce_url}
    token: ${{SALESFORCE_TOKEN}}
  hubspot:
    kind: hubspot
    url: {hubspot_url}
    token: ${{HUBSPOT_TOKEN}}
limits:
  # {first}
  rewrites: {{at_most: 100, share: 0.25}}
"""
_MADE = N_("Made by `crmsync demo`: two simulated CRMs on this computer.")
_FIRST = N_(
    "Both CRMs are seen for the first time, so more is filled and created than on an ordinary night."
)


def demo(folder: Path, language: str, say: Say, *, again: bool = False) -> int:
    """Runs the whole way and says what happens; the exit code, 0 if the second plan is empty.

    An earlier demo's folder that somebody changed since is only thrown away `again`, knowingly.
    """
    from crmsync.sandbox.clock import Clock
    from crmsync.sandbox.hubspot.world import HubspotWorld
    from crmsync.sandbox.salesforce.world import SalesforceWorld
    from crmsync.sandbox.server import keep_worlds, running
    from crmsync.sandbox.tables import Tables

    begin_folder(folder, again=again)
    try:
        salesforce = SalesforceWorld(Tables("salesforce"), Clock())
        hubspot = HubspotWorld(Tables("hubspot"), Clock())
        seed_of(_CONTACTS)(salesforce, hubspot)
        with running(salesforce, hubspot) as access:
            code = _Story(_workspace(folder, access, language), folder, language, say).tell()
        keep_worlds(folder / SANDBOX, salesforce, hubspot)
    finally:
        note_folder(folder)
    return code


def _workspace(folder: Path, access: dict[str, dict[str, str]], language: str) -> Workspace:
    said = {f"{system}_url": each["url"] for system, each in access.items()}
    said |= {"made": translate(_MADE, language), "first": translate(_FIRST, language)}
    text = _PROJECT.format(**said, language=language)
    (folder / "crmsync.yml").write_text(text, encoding="utf-8")
    secrets = "".join(
        f"{system.upper()}_TOKEN={each['token']}\n" for system, each in access.items()
    )
    with os.fdopen(
        os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as file:
        file.write(secrets)
    names = "".join(f"{system.upper()}_TOKEN=\n" for system in access)
    (folder / ".env.example").write_text(names, encoding="utf-8")  # before init, which leaves it
    init(folder, language=language)
    _amend(folder)
    return _isolated(open_workspace(folder), secrets)


def _amend(folder: Path) -> None:
    """What a person would add to the reference mappings: what may be created, and an owner's other address.

    The reference set creates nothing by itself, and knows nobody.
    """
    conditions = {
        "contact": "{when: {email: present, last_name: present}}",
        "company": "{when: {name: present, domain: present}}",
    }
    for name, condition in conditions.items():
        path = folder / "mappings" / f"{name}.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("create: ask", f"create: {condition}"), encoding="utf-8")
    for path in sorted((folder / "mappings").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(_OWNER, _OWNER + _EXCEPTION), encoding="utf-8")


def _isolated(workspace: Workspace, secrets: str) -> Workspace:
    """The workspace with the demo's own tokens, whatever the environment holds."""

    own = dict(line.split("=", 1) for line in secrets.splitlines())
    return replace(workspace, environment=own)


class _Story:
    """Tells the whole way, step by step, in one language."""

    def __init__(self, workspace: Workspace, folder: Path, language: str, say: Say) -> None:
        self._workspace = workspace
        self._folder = folder
        self._language = language
        self._say = say

    def _line(self, message: str, **values: Any) -> None:
        self._say(translate(message, self._language).format(**values))

    def tell(self) -> int:
        """Doctor, pull, audit, plan, apply, audit again, second plan."""
        self._line(
            N_(
                "crmsync demo  (two simulated CRMs, no account needed; nothing leaves this computer)"
            )
        )
        self._healthy()
        pull(self._workspace)
        with kept_columns(self._workspace):
            before = audit(self._workspace, figures=False, counts=True)
            self._read(before)
            self._found(before)
            plan = make_plan(
                self._workspace, blocked=blocking(before.results), to=self._folder / "plan.jsonl"
            )
        self._planned(plan)
        applied = apply_plan(
            self._workspace, self._folder / "plan.jsonl", Permission(approver="crmsync demo")
        )
        self._written(applied)
        return self._again(before)

    def _healthy(self) -> None:
        checks = doctor(self._workspace)
        bad = [check for check in checks if check.level == "error"]
        if bad:
            raise CrmsyncError(bad[0].message, remedy=bad[0].remedy, where=bad[0].subject)
        self._line(N_(" ✓ doctor: {n} checks, none failed"), n=len(checks))
        assert exit_code_of(checks) == ExitCode.OK

    def _read(self, facts: ReportFacts) -> None:
        for system in facts.systems:
            counts_ = ", ".join(f"{number} {name}" for name, number in system.counts.items())
            self._line(N_(" ✓ {system} (simulated): {counts}"), system=system.name, counts=counts_)

    def _found(self, facts: ReportFacts) -> None:
        self._line(N_("Audit: {n} findings"), n=sum(counts(facts.results).values()))
        language: Literal["en", "es"] = "es" if self._language == "es" else "en"
        first = fix_first(facts.results, len(facts.results))
        for result in first:
            summary = result.audit.summary[language]
            self._say(f"   {result.count:>4}  {result.audit.id}  {summary}")
        if first:
            remedy = first[0].audit.remedy[language]
            self._line(
                N_("   Fix first: {audit}. {remedy}"), audit=first[0].audit.id, remedy=remedy
            )

    def _planned(self, plan: Plan) -> None:
        count = plan.header.counts
        updates = ", ".join(f"{n} → {k[8:]}" for k, n in count.items() if k.startswith("updates."))
        creates = ", ".join(f"{n} → {k[8:]}" for k, n in count.items() if k.startswith("creates."))
        self._line(N_("Plan: updates {updates}; new records {creates}; {blanks} values blanked"),
                   updates=updates or "0", creates=creates or "0", blanks=count["blanks"])  # fmt: skip
        self._line(N_("   {links} customers recognised in both, {agree} of them agree already"), links=count["links"],
                   agree=sum(plan.header.adopts.values()))  # fmt: skip
        self._line(
            N_(
                "   left to a person: {conflicts} contradictions, {ambiguous} ambiguous matches, "
                "{held} new records that look like somebody who is there already"
            ),
            conflicts=count["conflicts"],
            ambiguous=count["ambiguous"],
            held=count["held"],
        )

    def _written(self, applied: Applied) -> None:
        total = sum(applied.states.values())
        calls = sum(meter.made for meter in applied.meters.values())
        self._line(
            N_("Applied: {done} of {total} written and read back, {calls} calls"),
            done=applied.written, total=total, calls=calls,
        )  # fmt: skip

    def _again(self, before: ReportFacts) -> int:
        pull(self._workspace)
        with kept_columns(self._workspace):
            after = audit(self._workspace, figures=False, counts=True)
            second = make_plan(self._workspace, blocked=blocking(after.results))
        quiet = is_quiet(second)
        self._line(N_("second plan: no changes") if quiet else N_("second plan: changes left"))
        numbers = {
            name: sum(counts(f.results).values())
            for name, f in (("before", before), ("after", after))
        }
        self._line(
            N_("Audit again: {after} findings (before: {before}); what is left needs a person"),
            **numbers,
        )
        self._line(
            N_("   still open in the plan: {conflicts} contradictions"),
            conflicts=second.header.counts["conflicts"],
        )
        for language in LANGUAGES:
            write_report(before, self._folder / f"before.{language}.html", language)
            write_report(after, self._folder / f"report.{language}.html", language)
        self._line(
            N_("Report: {folder}/report.{language}.html (as it was: before.{language}.html)"),
            folder=self._folder,
            language=self._language,
        )
        self._line(
            N_("Plan: {folder}/plan.jsonl says of every value why it was written"),
            folder=self._folder,
        )
        self._line(
            N_("Go on with these CRMs: crmsync sandbox serve --file {folder}/{file}"),
            folder=self._folder,
            file=SANDBOX,
        )
        self._line(N_("Next: crmsync init my-client"))
        return ExitCode.OK if quiet else ExitCode.FAILED
