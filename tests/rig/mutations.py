"""Guards of the core taken away one at a time, each with the proof that has to notice: MUTATIONS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crmsync.core import drafting, matching, policies
from crmsync.core.policies import POLICIES, Decision
from crmsync.core.records import Invalid, Mark
from rig import sabotage
from rig.sabotage import Mutate


@dataclass(frozen=True, slots=True)
class Mutation:
    """One guard less, and the proof that turns red."""

    proof: str
    mutate: Mutate


MUTATIONS: Mapping[str, Mutation] = {
    "a value that stands is written again": Mutation(
        "I1", sabotage.after_merge(sabotage.all_written)
    ),
    "sides that rest apart are left alone": Mutation("I2 three", sabotage.of_no_use("_apart", [])),
    "what a system cannot hold is not listed": Mutation(
        "I2", sabotage.of_no_use("_unfit", (), drafting)
    ),
    "one write is forgotten": Mutation("I2 sets", sabotage.after_merge(sabotage.one_write_less)),
    "sets are summed again while they rest": Mutation(
        "I3 sets", sabotage.of_no_use("at_rest", False, policies)
    ),
    "one base is shared by all sides": Mutation("I3", sabotage.one_base),
    "what a field keeps is forgotten": Mutation("I3", sabotage.keeps_everything),
    "a blank that was meant is refilled": Mutation(
        "I3", sabotage.of_no_use("_blank_was_meant", False)
    ),
    "the long form is written where the short one stands": Mutation(
        "I4", sabotage.after_merge(sabotage.the_long_form_written)
    ),
    "all fields are written, not the changed ones": Mutation(
        "I4", sabotage.after_merge(sabotage.all_written)
    ),
    "nothing was ever settled": Mutation("I5 asks", sabotage.no_base),
    "a failed write is not owed to anybody": Mutation("I5", sabotage.sources_settle_at_once),
    "the first system wins a conflict": Mutation(
        "I5", sabotage.policy_with("ask", settle=sabotage.first_wins)
    ),
    "an unchanged value beats a changed one": Mutation("I5 asks", sabotage.everybody_contests),
    "bases move before the writes are verified": Mutation("I5 asks", sabotage.not_waiting),
    "a side that cannot be seen is owed nothing": Mutation(
        "I5 asks", sabotage.of_no_use("_owes", False)
    ),
    "a conflict moves bases": Mutation(
        "I5 bases", sabotage.after_merge(sabotage.settled_in_conflict)
    ),
    "one edit makes its whole record new": Mutation("I6", sabotage.whole_records_count),
    "the direction is not looked at": Mutation("I7", sabotage.writes_everywhere),
    "a read-only field is written": Mutation("I7", sabotage.read_only_is_written),
    "ABSENT is taken for a blank": Mutation("I8", sabotage.as_blank(Mark.ABSENT)),
    "UNKNOWN is taken for a blank": Mutation("I8", sabotage.as_blank(Mark.UNKNOWN)),
    "Invalid is taken for a blank": Mutation("I8", sabotage.as_blank(Invalid)),
    "the blank rule is ignored": Mutation("I9", sabotage.rule_with(blank="propagate")),
    "an empty sum empties every side": Mutation(
        "I9 sets", sabotage.of_no_use("_emptied", Decision(None, "union"), policies)
    ),
    "what cannot be seen is archived": Mutation("I11", sabotage.archived),
    "sticky accepts false": Mutation(
        "I15",
        sabotage.policy_with("sticky", settle=POLICIES["newest"].settle, replaces=policies._freely),
    ),
    "sticky forgets what was true once": Mutation(
        "I15", sabotage.policy_with("sticky", settle=sabotage.optout_of_today)
    ),
    "highest may move down": Mutation(
        "I16", sabotage.policy_with("highest", replaces=policies._freely)
    ),
    "limits are not counted": Mutation("I19", sabotage.uncounted),
    "only the most frequent new value is looked at": Mutation("I19", sabotage.most_common_only),
    "an override need not name the number": Mutation("I19 overrides", sabotage.loose_override),
    "the first name in the alphabet wins": Mutation(
        "I21", sabotage.policy_with("ask", settle=sabotage.first_wins)
    ),
    "sides stay in the order they were read": Mutation("I22", sabotage.order_as_read),
    "lines stay in the order they were made": Mutation("I22", sabotage.lines_as_they_come),
    "nobody listens to objections": Mutation("I27 objections", sabotage.deaf),
    "the first two that match are the pair": Mutation("I22 matching", sabotage.first_come),
    "changes are numbered, not digested": Mutation("I23", sabotage.numbered),
    "newest needs no margin": Mutation("I24", sabotage.rule_with(margin=timedelta(0))),
    "instants keep their microseconds": Mutation(
        "I25 instants", sabotage.type_with("instant", parse=sabotage.uncut)
    ),
    "years before 1000 have three digits": Mutation(
        "I25 instants", sabotage.type_with("instant", text=sabotage.year_by_strftime)
    ),
    "flags are written backwards": Mutation(
        "I25", sabotage.type_with("flag", render=lambda value, _spec: str(not value).lower())
    ),
    "a cut text gets an ellipsis": Mutation(
        "I25 texts", sabotage.type_with("text", held=sabotage.with_ellipsis)
    ),
    "amounts forget their currency": Mutation(
        "I25 amounts", sabotage.type_with("money", text=lambda value: str(value.amount))
    ),
    "a set torn between its sides is not noticed": Mutation(
        "I26 failures", sabotage.of_no_use("_torn", frozenset(), policies)
    ),
    "a union removes nothing": Mutation(
        "I26", sabotage.policy_with("union", settle=sabotage.plain_union)
    ),
    "a customer takes a second record of one system": Mutation("I27", sabotage.nobody_seated),
    "several candidates are linked": Mutation("I27 ambiguous", sabotage.several_linked),
    "rules are tried once": Mutation("I27 again", sabotage.of_no_use("_left", [], matching)),
    "the key comes from the last ref": Mutation("I27 keys", sabotage.last_ref),
    "a reference need not lead anywhere": Mutation("I29", sabotage.reach_ignored),
    "a reference is shortened on the way": Mutation("I29", sabotage.shortened),
}


def unproven(proofs: Mapping[str, object]) -> list[str]:
    """Proofs that no mutation turns red, sorted."""
    return sorted(set(proofs) - {mutation.proof for mutation in MUTATIONS.values()})
