"""The scores of audits, kept from run to run, so that each one says whether it got better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crmsync.core.scoring import Score, basis_of, score_of
from crmsync.reports.facts import ReportFacts
from crmsync.store.rows import KeptScore

if TYPE_CHECKING:
    from crmsync.store.store import Store


def with_scores(store: Store, facts: ReportFacts) -> ReportFacts:
    """The facts with the scores of earlier audits that were made of the same."""
    score = _score(facts)
    if score is None:
        return facts
    earlier = store.scores(basis_of(facts.results), facts.made_at)
    return replace(facts, scores=tuple((each.at, each.overall) for each in earlier))


def keep_score(store: Store, facts: ReportFacts) -> None:
    """Notes the score of an audit of everything, if it has one."""
    score = _score(facts)
    if score is not None and score.overall is not None:
        store.save_score(
            KeptScore(facts.run, basis_of(facts.results), facts.made_at, score.overall)
        )


def _score(facts: ReportFacts) -> Score | None:
    return None if facts.selected else score_of(facts.results)
