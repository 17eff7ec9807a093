"""The measures of duplicates, on cases that a reader can count on fingers."""

from __future__ import annotations

import pytest

from benchmarks.duplicates.measures import calibration_error, pair_quality, quality

TRUTH = {"a1": "Ana", "a2": "Ana", "a3": "Ana", "b1": "Bo", "b2": "Bo", "c1": "Cleo"}


def test_the_truth_itself_is_perfect() -> None:
    found = quality(TRUTH, TRUTH)
    assert (found.precision, found.recall, found.f1, found.b_cubed) == (1, 1, 1, 1)
    assert (found.false_merges, found.biggest, found.groups) == (0, 3, 2)


def test_nothing_found_is_precise_and_finds_nothing() -> None:
    found = quality(TRUTH, {})
    assert (found.precision, found.recall, found.f1) == (1, 0, 0)
    assert (found.false_merges, found.biggest, found.groups) == (0, 1, 0)


def test_pairs_are_counted_over_clusters() -> None:
    # One of four true pairs, and one pair that is wrong: a1 with a2, b1 with c1.
    found = quality(TRUTH, {"a1": 1, "a2": 1, "b1": 2, "c1": 2})
    assert (found.precision, found.recall) == (1 / 2, 1 / 4)
    assert found.f1 == pytest.approx(1 / 3)
    assert (found.false_merges, found.groups) == (1 / 2, 2)


def test_a_chain_counts_all_its_pairs() -> None:
    found = quality(TRUTH, dict.fromkeys(TRUTH, "one"))
    assert (found.precision, found.recall) == (4 / 15, 1)
    assert (found.false_merges, found.biggest, found.groups) == (1, 6, 1)


def test_b_cubed_is_a_mean_over_records() -> None:
    found = quality(TRUTH, dict.fromkeys(TRUTH, "one"))
    # Ana's three see 3 of 6, Bo's two see 2 of 6, Cleo 1 of 6: 14 sixths over six records.
    precision = (3 * 3 + 2 * 2 + 1) / 6 / 6
    assert found.b_cubed == pytest.approx(2 * precision / (1 + precision))


def test_a_big_cluster_of_one_entity_is_no_false_merge() -> None:
    found = quality({str(n): "same" for n in range(40)}, {str(n): 0 for n in range(40)})
    assert (found.false_merges, found.biggest) == (0, 40)


def test_a_cluster_named_like_a_lone_record_does_not_take_it_in() -> None:
    assert quality(TRUTH, {"a1": "c1", "a2": "c1"}).precision == 1


def test_records_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="'z9'"):
        quality(TRUTH, {"z9": 1})


def test_pairs_are_judged_at_a_cut() -> None:
    pairs = {("a1", "a2"): 0.99, ("b1", "b2"): 0.5, ("a1", "c1"): 0.95}
    strict = pair_quality(TRUTH, pairs, 0.95)
    assert (strict.precision, strict.recall, strict.proposed) == (1 / 2, 1 / 4, 2)
    loose = pair_quality(TRUTH, pairs, 0.5)
    assert (loose.precision, loose.recall, loose.proposed) == (2 / 3, 2 / 4, 3)


def test_probabilities_that_come_true_are_calibrated() -> None:
    truth = {f"{side}{n}": n if n < 3 else f"{side}{n}" for n in range(4) for side in "ab"}
    pairs = {(f"a{n}", f"b{n}"): 0.75 for n in range(4)}
    assert calibration_error(truth, pairs) == pytest.approx(0)
    assert calibration_error(truth, dict.fromkeys(pairs, 1.0)) == pytest.approx(1 / 4)


def test_errors_of_different_bins_do_not_cancel() -> None:
    pairs = {("a1", "a2"): 0.5, ("b1", "c1"): 0.4}
    assert calibration_error(TRUTH, pairs) == pytest.approx((0.5 + 0.4) / 2)
    assert calibration_error(TRUTH, {}) == 0
