"""The invariants of the pure core, each under the number it has in the design, over random worlds."""

from __future__ import annotations

import pytest

from rig.profiles import MANY, holds
from rig.proofs import PROOFS


def prove(*names: str) -> None:
    """Each of these holds."""
    for name in names:
        holds(*PROOFS[name])


def test_I1_a_quiet_world_comes_to_rest_in_three_runs() -> None:
    """decide/apply reaches a fixpoint in <= 3 runs when the world is quiet."""
    prove("I1")


def test_I2_sides_that_are_not_listed_hold_one_value() -> None:
    """At fixpoint, every two-way cell not listed equals the decided value as far as its field can."""
    prove("I2", "I2 three", "I2 sets")


def test_I3_a_second_plan_is_empty() -> None:
    """After a fully verified apply the next plan is empty and leaves state as it is."""
    prove("I3", "I3 sets")


def test_I4_nothing_is_written_that_stands_already() -> None:
    """No op whose target already equals its value; no field that the plan did not list."""
    prove("I4")


def test_I5_no_edit_is_lost() -> None:
    """Every human edit is in the end the value, a conflict, or overridden by a named policy."""
    prove("I5")


def test_I5_a_person_is_asked_only_about_a_disagreement() -> None:
    """The other half of I5: a lone edit travels, it is not put in the queue."""
    prove("I5 asks")


def test_I5_a_conflict_moves_no_base() -> None:
    """A conflict's bases stay, so the original base stays available."""
    prove("I5 bases")


def test_I6_edits_of_different_fields_do_not_touch() -> None:
    """Concurrent edits to different fields of one record both survive."""
    prove("I6")


def test_I7_what_is_not_mapped_stays_untouched() -> None:
    """Cells outside mapping or direction never change; `always: S` never writes S."""
    prove("I7")


def test_I8_what_was_not_read_is_never_written_and_never_counts() -> None:
    """ABSENT, UNKNOWN and Invalid never write and never count as change, in any combination."""
    prove("I8")


def test_I9_no_blank_comes_from_nothing() -> None:
    """Value to BLANK only if some system was observed BLANK after having been non-blank."""
    prove("I9", "I9 sets")


def test_I11_no_archive_is_ever_planned() -> None:
    """A record that is gone, hidden or out of scope never leads to one."""
    prove("I11")


def test_I15_opt_out_only_ever_grows() -> None:
    """Once true anywhere, no system ever holds false by our action."""
    prove("I15")


def test_I16_a_ladder_only_goes_up() -> None:
    """The highest choice any side holds wins only upwards; a one-way field is no way down."""
    prove("I16")


def test_I19_a_plan_over_a_limit_is_stopped() -> None:
    """If any quantity in the plan exceeds its limit, recomputed from the changes, it is a breach."""
    prove("I19")


def test_I19_an_override_names_the_exact_number() -> None:
    """One more or one less lifts nothing, and a hard limit stays."""
    prove("I19 overrides")


def test_I21_systems_are_alike() -> None:
    """Renaming systems with mirrored policies gives the mirrored plan."""
    prove("I21")


def test_I22_order_does_not_matter() -> None:
    """Permuting observations, systems or ops within a lane gives the same plan and the same end."""
    prove("I22")


def test_I22_the_order_of_records_does_not_matter_to_matching() -> None:
    """The same links and the same questions."""
    prove("I22 matching")


def test_I23_the_same_inputs_give_the_same_bytes() -> None:
    """Same inputs, byte-identical plan."""
    prove("I23")


def test_I24_clocks_do_not_decide() -> None:
    """A constant skew changes no outcome except `newest` cells, which may become conflicts."""
    prove("I24")


def test_I25_lenses_obey_their_laws() -> None:
    """Lens laws for all types at once; tests/core has them one by one."""
    prove("I25")


def test_I26_sets_are_summed() -> None:
    """result = (base + added) - removed; commutative in sides."""
    prove("I26", "I26 failures")


def test_I27_one_record_has_one_customer() -> None:
    """One native id, one entity; at most one record a system."""
    prove("I27")


def test_I27_several_candidates_are_never_linked() -> None:
    """Ambiguity asks."""
    prove("I27 ambiguous")


def test_I27_nothing_is_left_for_the_next_plan() -> None:
    """Over its own links, a matching links nobody and asks the same."""
    prove("I27 again")


def test_I27_keys_are_stable() -> None:
    """The same customer has the same key after lost state."""
    prove("I27 keys")


def test_I29_a_reference_leads_to_a_record_that_is_there() -> None:
    """No lookup is written to an unlinked target; detached only with an observed detach."""
    prove("I29")


@pytest.mark.slow
@pytest.mark.parametrize("name", PROOFS)
def test_invariants_hold_over_many_more_worlds(name: str) -> None:
    """The same properties with more examples, for `make prove`."""
    law, cases = PROOFS[name]
    holds(law, cases, MANY)
