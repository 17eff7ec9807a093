"""`python -m benchmarks.large`: a million contacts of each CRM, read in every way; prints a table for the page.

Apart from the other benchmarks: the simulated CRM alone takes some gigabytes and minutes.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.measuring import Failed
from benchmarks.page import PAGE, with_large
from benchmarks.reads import tell_reads

_CONTACTS = 1_000_000
_MOST_MIB = 1024  # it streams, so memory has nothing to do with how many there are


def main() -> None:
    """Measures once, and puts the table into docs/benchmarks.md; fails if memory is not flat."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--contacts", type=int, default=_CONTACTS)
    contacts = parser.parse_args().contacts
    reads = tell_reads(contacts, lambda line: print(line, file=sys.stderr), rounds=1)
    text = with_large(PAGE.read_text(encoding="utf-8"), reads)
    print(text.rpartition("\n## ")[2])
    for read in reads:
        if read.cost.peak_mib > _MOST_MIB:
            raise Failed(f"{read.way} took {read.cost.peak_mib:.0f} MiB, {_MOST_MIB} is the most")
    if contacts == _CONTACTS:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
