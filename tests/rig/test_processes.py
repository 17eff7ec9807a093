"""I23 across processes: the order of sets and dicts, which differs by process, reaches no plan."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_PRINT = """
import hashlib
from rig.profiles import FEW, holds
from rig.proofs import PROOFS
from rig.world import plan_bytes
digest = hashlib.sha256()
for name in ("I5", "I3 sets"):
    holds(lambda world: digest.update(plan_bytes(world)), PROOFS[name][1], FEW)
print(digest.hexdigest())
"""


def _digest(seed: str) -> str:
    paths = os.pathsep.join((str(_TESTS), str(_TESTS.parent)))
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    run = subprocess.run(
        [sys.executable, "-c", _PRINT],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_plans_are_the_same_bytes_in_every_process() -> None:
    assert _digest("1") == _digest("2")
