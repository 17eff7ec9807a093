"""What a killed process leaves of people's data goes with the next one; what a living one uses stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crmsync.commands.columns import sweep


def test_the_database_of_a_killed_process_goes_and_that_of_a_living_one_stays(
    tmp_path: Path,
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f"columns-{dead.pid}-abc"
    used = tmp_path / f"columns-{os.getpid()}-abc"
    others = tmp_path / "something-else"
    for folder in (left, used, others):
        folder.mkdir()
        (folder / "columns.db").write_text("Ana")
    sweep(tmp_path)
    assert not left.exists()
    assert used.exists()
    assert others.exists()
