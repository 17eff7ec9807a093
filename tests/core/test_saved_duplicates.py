"""A saved model of duplicates is read as it was written, and tells when it no longer fits the data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.saved_duplicates import SavedModel, drift, read_model, write_model
from crmsync.errors import CrmsyncError

_SHARE = st.floats(1e-9, 1)
_SHARES = st.dictionaries(st.text(), st.dictionaries(st.text(), _SHARE))
MODEL = SavedModel(
    "person", "5.0.0", 1000, 1e-4, {"name": {"same": 0.001}}, {"e1": 0.6, "date": 0.0}
)


@given(_SHARES, _SHARES, st.dictionaries(st.text(), st.floats(0, 1)), st.floats(1e-12, 0.5))
def test_a_model_is_read_as_it_was_written(
    others: dict[str, dict[str, float]],
    same: dict[str, dict[str, float]],
    filled: dict[str, float],
    prior: float,
) -> None:
    model = SavedModel("company", "5.0.0", 7, prior, others, filled, same)
    assert read_model(write_model(model)) == model


def _changed(**change: object) -> str:
    return json.dumps({**json.loads(write_model(MODEL)), **change})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[]", "None"),
        (_changed(format="crmsync.duplicates/2"), "crmsync.duplicates/2"),
        (_changed(subject="dog"), "incomplete"),
        (_changed(prior=2), "incomplete"),
        (_changed(others={"name": {"same": 0}}), "incomplete"),
        (_changed(others={"name": 1}), "incomplete"),
        (_changed(filled=None), "incomplete"),
        ('{"format": "crmsync.duplicates/1"}', "incomplete"),
    ],
)
def test_what_is_no_model_of_this_version_is_refused_with_a_remedy(text: str, said: str) -> None:
    with pytest.raises(CrmsyncError, match=said) as caught:
        read_model(text)
    assert "delete the file" in caught.value.remedy


@pytest.mark.parametrize(
    ("records", "filled", "said"),
    [
        (1000, {"e1": 0.6, "date": 0.0}, ""),
        (4000, {"e1": 0.6, "date": 0.0}, ""),
        (4001, {"e1": 0.6, "date": 0.0}, "records"),
        (249, {"e1": 0.6, "date": 0.0}, "records"),
        (0, {}, "records"),
        (1000, {"e1": 0.69, "date": 0.0}, ""),
        (1000, {"e1": 0.39, "date": 0.0}, "e1"),
        (1000, {"e1": 0.6, "date": 0.09}, ""),
        (1000, {"e1": 0.6, "date": 0.2}, "date"),
        (1000, {"e1": 0.6}, ""),
    ],
)
def test_a_model_drifts_when_the_data_has_changed_much(
    records: int, filled: dict[str, float], said: str
) -> None:
    assert drift(MODEL, records, filled) == said


def test_a_model_of_no_records_fits_no_records() -> None:
    assert drift(replace(MODEL, records=0, filled={}), 0, {}) == ""
