"""Scripts that drive a client from npm and say, promise by promise, what was kept."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCRATCH = Path(__file__).parents[2] / ".clients"

Told = dict[str, dict[str, Any]]


def run_script(node: str, script: str, prefix: str, place: Mapping[str, str]) -> Told:
    """What a script says of each promise, once it has gone all the way; `place` goes into its environment."""
    where = {f"{prefix}_{name.upper()}": value for name, value in place.items()}
    done = subprocess.run(
        [node, script],
        cwd=SCRATCH,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["promise"]: line for line in lines}
