"""Every law of the lenses, for every type of the table: a new type needs no new test."""

from __future__ import annotations

import pytest
from hypothesis import settings
from rig.lenses import LAWS, glasses
from rig.profiles import FEW, MANY, holds

from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.values import TYPES, parse, same


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("type_name", TYPES)
def test_every_type_obeys(type_name: str, law: str) -> None:
    holds(LAWS[law], glasses(type_name), settings(FEW, max_examples=25))


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("type_name", TYPES)
def test_every_type_obeys_over_many_more_texts(type_name: str, law: str) -> None:
    holds(LAWS[law], glasses(type_name), MANY)


@pytest.mark.parametrize("type_name", TYPES)
def test_every_type_takes_its_own_examples(type_name: str) -> None:
    spec = Spec(type_name, currency="EUR")
    values = [parse(example, spec) for example in TYPES[type_name].examples]
    assert values
    for value in values:
        assert value is not None
        assert not isinstance(value, Invalid)
        assert same(value, value, type_name)


@pytest.mark.parametrize("raw", [None, "", " ", "\t\n", "\u00a0", "\u2003"])
@pytest.mark.parametrize("type_name", TYPES)
def test_nothing_but_white_space_is_a_blank(type_name: str, raw: str | None) -> None:
    assert parse(raw, Spec(type_name)) is None
