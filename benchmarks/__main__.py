"""`python -m benchmarks`: measures, prints a page of tables, and writes it to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.page import page
from benchmarks.story import tell
from benchmarks.workplace import Size, furnish, serving

_CONTACTS, _QUICK = 100_000, 5_000
_PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    """Measures everything once; a few minutes at full size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--contacts", type=int, default=_CONTACTS, help="people in each CRM")
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK} people, page not written")
    parser.add_argument("--output", type=Path, default=_PAGE, help="where the page goes")
    options = parser.parse_args()
    size = Size(_QUICK if options.quick else options.contacts)
    with serving(size) as access, tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        told = tell(furnish(Path(folder), access), lambda line: print(line, file=sys.stderr))
    command = "make bench"
    if size.contacts != _CONTACTS:
        command = f"python -m benchmarks --contacts {size.contacts}"
    text = page(size, told, command)
    print(text)
    if not options.quick:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
