"""The invented customer base of report_samples.py as fixtures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from profile_samples import make_profile, make_stages
from report_samples import make_facts, make_impact

from crmsync.reports.facts import Impact, ReportFacts


@pytest.fixture
def facts() -> ReportFacts:
    """A small audit: few findings, one audit without any, one not checked."""
    made = make_facts({"G02": 2, "C05": 3, "M01": 1, "D06": 2, "D10": 0, "L06": 1, "L11": 1})
    return replace(made, profile=make_profile(), lifecycle=make_stages())


@pytest.fixture
def impact() -> Impact:
    """A mapping change that is dangerous in three ways."""
    return make_impact()
