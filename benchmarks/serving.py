"""Both simulated CRMs with invented customers, in a process of its own, until it is told to stop.

`python -m benchmarks.serving CONTACTS COMPANIES DEALS` prints one JSON line of URLs and tokens when ready.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

import orjson

from crmsync.sandbox.seed import fill, generate
from crmsync.sandbox.server import serve


def main(contacts: int, companies: int, deals: int) -> None:
    """Serves on free ports of the loopback address."""

    def seed(salesforce: Any, hubspot: Any) -> None:
        gc.disable()  # millions of live rows: nothing to collect, and much to walk
        fill(salesforce, hubspot, generate(contacts=contacts, companies=companies, deals=deals))
        salesforce.daily_calls = 10_000_000  # no day of the benchmark ends early
        gc.collect()
        gc.freeze()
        gc.enable()

    serve(0, 0, seed, None, lambda access: print(orjson.dumps(access).decode(), flush=True))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
