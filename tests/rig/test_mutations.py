"""The mutation gate: without any one of its guards, the core fails the proof that names it."""

from __future__ import annotations

import pytest

from rig.mutations import MUTATIONS, unproven
from rig.profiles import is_broken
from rig.proofs import PROOFS


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_core_is_caught_without_this_guard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutation = MUTATIONS[name]
    law, cases = PROOFS[mutation.proof]
    mutation.mutate(monkeypatch)
    assert is_broken(law, cases), f"{mutation.proof} did not notice that {name}"


def test_every_proof_is_seen_to_fail_at_least_once() -> None:
    """A proof that no mutation breaks may be one that cannot fail."""
    assert unproven(PROOFS) == []
