"""One customer looked up among all, and all of them counted and written: what views cost over a prepared crowd."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from benchmarks.measuring import Cost
from benchmarks.workplace import Workplace

_WHO = "hubspot/contacts/21000000777"
_COMMANDS = {
    "`crmsync view show WHO` after the audit": ("view", "show", _WHO),
    "`crmsync explain WHO --field phone`": ("explain", _WHO, "--field", "phone"),
    "`crmsync view stats`": ("view", "stats"),
    "`crmsync view export`, all people": ("view", "export", "-o", "people.parquet"),
}
_ALONE = "`crmsync view show WHO`, nothing kept"


def looked_up(place: Workplace, say: Callable[[str], None]) -> dict[str, Cost]:
    """What every look costs: those that find the columns of an audit, then one that has to build them."""
    found = {name: place.crmsync(*command).cost for name, command in _COMMANDS.items()}
    shutil.rmtree(place.folder / ".crmsync" / "columns", ignore_errors=True)
    found[_ALONE] = place.crmsync("view", "show", _WHO).cost
    for name, cost in found.items():
        say(f"{name}: {cost.wall_s:.1f} s, {cost.cpu_s:.1f} CPU s, {cost.peak_mib:.0f} MiB")
    return found
