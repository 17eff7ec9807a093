from __future__ import annotations

import pytest

from crmsync.sandbox.salesforce.ids import check_suffix, full_id, numbered_id


@pytest.mark.parametrize(
    ("stem", "suffix"),
    [
        # Ids that Salesforce's own documentation prints with their suffix.
        ("001xx000003DGb1", "AAG"),
        ("001xx000003DGb9", "AAG"),
        ("0031i000013x2TE", "AAY"),
        ("012000000000000", "AAA"),
    ],
)
def test_the_suffix_is_salesforces_own(stem: str, suffix: str) -> None:
    assert check_suffix(stem) == suffix


def test_an_id_of_15_characters_means_the_one_of_18() -> None:
    assert full_id("001xx000003DGb1") == "001xx000003DGb1AAG"


def test_the_suffix_restores_the_case_of_the_rest() -> None:
    assert full_id("001XX000003dgb1aag") == "001xx000003DGb1AAG"


@pytest.mark.parametrize("text", ["", "001", "001xx000003DGb!", "001xx000003DGb1AA", None, 7])
def test_what_is_no_id_is_none(text: object) -> None:
    assert full_id(text) is None


def test_later_ids_sort_after_earlier_ones() -> None:
    ids = [numbered_id("003", number) for number in range(1, 10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
