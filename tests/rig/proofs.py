"""Every property of the rig under its number, with the worlds it is tried on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from rig import crowds, lenses, linking, restraint, sameness, settling, sums
from rig.generating import BUSY, worlds

Law = Callable[[Any], None]
_WORLDS = worlds()
_THREE = worlds(names=("name",), policies=("ask",), systems=(3,), moves=BUSY)
_SETS = worlds(names=("topics",), policies=("union",), systems=(2, 3), moves=BUSY)
_TWO_FIELDS = worlds(names=("name", "rate", "born"), policies=("ask", "newest"), moves=BUSY)
_CONSENT = worlds(names=("optout", "name"), policies=("sticky", "ask"), moves=BUSY)
_LADDERS = worlds(names=("stage",), policies=("highest",), moves=BUSY)
_TIMED = worlds(names=("rate", "stage"), policies=("newest",), moves=BUSY)
_REFERENCES = worlds(names=("company", "name"))
_RECORDS = linking.candidates()

PROOFS: Mapping[str, tuple[Law, SearchStrategy[Any]]] = {
    "I1": (settling.terminates, _WORLDS),
    "I2": (settling.converges, _WORLDS),
    "I2 three": (settling.converges, _THREE),
    "I2 sets": (settling.converges, _SETS),
    "I3": (settling.is_idempotent, _WORLDS),
    "I3 sets": (settling.is_idempotent, _SETS),
    "I4": (restraint.writes_only_what_differs, _WORLDS),
    "I5": (settling.loses_no_edit, _WORLDS),
    "I5 asks": (settling.asks_only_about_a_disagreement, _WORLDS),
    "I5 bases": (settling.a_conflict_moves_no_base, _WORLDS),
    "I6": (settling.keeps_edits_apart, _TWO_FIELDS),
    "I7": (restraint.leaves_alone_what_is_not_its_own, _WORLDS),
    "I8": (restraint.takes_nothing_from_the_unread, _WORLDS),
    "I9": (restraint.blanks_nothing_by_itself, _WORLDS),
    "I9 sets": (restraint.blanks_nothing_by_itself, _SETS),
    "I11": (restraint.archives_nothing, _WORLDS),
    "I15": (restraint.optout_only_grows, _CONSENT),
    "I16": (restraint.ladders_only_go_up, _LADDERS),
    "I19": (crowds.nothing_goes_over_a_limit, crowds.crowds()),
    "I19 overrides": (crowds.an_override_names_the_exact_number, crowds.crowds()),
    "I21": (sameness.mirrors, _WORLDS),
    "I22": (sameness.order_does_not_matter, _WORLDS),
    "I22 matching": (linking.the_order_of_records_does_not_matter, _RECORDS),
    "I23": (sameness.says_the_same_twice, _WORLDS),
    "I24": (sameness.clocks_do_not_decide, _TIMED),
    "I25": (lenses.all_laws, lenses.glasses()),
    "I25 texts": (lenses.all_laws, lenses.glasses("text")),
    "I25 amounts": (lenses.all_laws, lenses.glasses("money")),
    "I25 instants": (lenses.all_laws, lenses.glasses("instant")),
    "I26": (sums.sums_changes, sums.sums()),
    "I26 failures": (sums.a_failed_write_brings_nothing_back, sums.sums()),
    "I27": (linking.links_each_record_once, _RECORDS),
    "I27 ambiguous": (linking.several_candidates_are_never_linked, _RECORDS),
    "I27 objections": (linking.objections_are_heard, _RECORDS),
    "I27 again": (linking.nothing_is_left_for_the_next, _RECORDS),
    "I27 keys": (linking.keys_are_stable, _RECORDS),
    "I29": (restraint.refers_only_to_what_is_there, _REFERENCES),
}
