"""The scores of audits, kept from run to run, so that each one says whether it got better."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from crmsync.core.scoring import Score, basis_of, score_of
from crmsync.reports.facts import ReportFacts
from crmsync.store.rows import KeptScore

if TYPE_CHECKING:
    from crmsync.commands.workspace import Workspace
    from crmsync.store.store import Store


def rules_of(workspace: Workspace) -> str:
    """What a workspace says, besides its audits, that changes what they answer: as a text to be compared.

    The records that it leaves out, what both teams agreed on, its time zone and its lifecycle; no waivers.
    """
    project, lifecycle = workspace.project, workspace.mapping.lifecycle
    left_out = [{**asdict(each), "reason": ""} for each in project.audits.exclude]
    said = {
        "exclude": sorted(json.dumps(each, sort_keys=True) for each in left_out),
        "agreement": asdict(project.agreement),
        "timezone": project.timezone,
        "lifecycle": asdict(lifecycle) if lifecycle else None,
    }
    return json.dumps(said, sort_keys=True)


def with_scores(store: Store, facts: ReportFacts, rules: str) -> ReportFacts:
    """The facts with the scores of earlier audits that were made of the same."""
    score = _score(facts)
    if score is None:
        return facts
    earlier = store.scores(basis_of(facts.results, rules), facts.made_at)
    return replace(facts, scores=tuple((each.at, each.overall) for each in earlier))


def keep_score(store: Store, facts: ReportFacts, rules: str) -> None:
    """Notes the score of an audit of everything, if it has one."""
    score = _score(facts)
    if score is not None and score.overall is not None:
        store.save_score(
            KeptScore(facts.run, basis_of(facts.results, rules), facts.made_at, score.overall)
        )


def _score(facts: ReportFacts) -> Score | None:
    return None if facts.selected else score_of(facts.results)
