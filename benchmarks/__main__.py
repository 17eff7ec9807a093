"""`python -m benchmarks`: measures, prints a page of tables, and writes it to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.auditing import Audited, tell_audits
from benchmarks.million import Million, tell_million
from benchmarks.page import (
    PAGE,
    Measured,
    large_of,
    page,
    with_audits,
    with_duplicates,
    with_reads,
)
from benchmarks.reads import tell_reads
from benchmarks.searches import tell_duplicates
from benchmarks.story import tell
from benchmarks.workplace import Size, furnish, serving

_CONTACTS, _QUICK = 100_000, 5_000
_LINKED, _QUICK_LINKED = 1_000_000, 20_000
_AUDITED = 500_000
"""People in each of two systems: a million contacts."""


def main() -> None:
    """Measures everything once; a few minutes at full size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--contacts", type=int, default=_CONTACTS, help="people in each CRM")
    parser.add_argument("--linked", type=int, default=_LINKED, help="linked people, not pulled")
    parser.add_argument(
        "--audited", type=int, default=_AUDITED, help="people who are audited, not pulled"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="few people, page not written",
    )
    parser.add_argument(
        "--reads",
        action="store_true",
        help="only the section of contacts, in every way they are read",
    )
    parser.add_argument("--audits", action="store_true", help="only the section of audits")
    parser.add_argument("--output", type=Path, default=PAGE, help="where the page goes")
    parser.add_argument("--duplicates", action="store_true", help="only the section of duplicates")
    options = parser.parse_args()
    size = Size(_QUICK if options.quick else options.contacts)
    if options.audits:
        text = with_audits(PAGE.read_text(encoding="utf-8"), _audits(options.audited))
        options.output.write_text(text, encoding="utf-8")
        return
    if options.reads:
        text = with_reads(PAGE.read_text(encoding="utf-8"), tell_reads(size.contacts, _say))
        options.output.write_text(text, encoding="utf-8")
        return
    if options.duplicates:
        text = with_duplicates(PAGE.read_text(encoding="utf-8"), tell_duplicates(_say))
        options.output.write_text(text, encoding="utf-8")
        return
    with serving(size) as access, tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        told = tell(furnish(Path(folder), access), _say)
    reads = tell_reads(size.contacts, _say)
    linked = _QUICK_LINKED if options.quick else options.linked
    searched = tell_duplicates(_say, quick=options.quick)
    audited = _QUICK_LINKED if options.quick else options.audited
    measured = Measured(size, told, reads, _million(linked), _audits(audited), searched)
    text = page(measured, _command(size, linked))
    print(text)
    if not options.quick:
        kept = large_of(PAGE.read_text(encoding="utf-8"))
        options.output.write_text(text + kept, encoding="utf-8")


def _million(people: int) -> Million:
    with tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        return tell_million(Path(folder), people, _say)


def _audits(people: int) -> Audited:
    with tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        return tell_audits(Path(folder), people, _say)


def _command(size: Size, linked: int) -> str:
    """The command that measures the same again."""
    if (size.contacts, linked) == (_CONTACTS, _LINKED):
        return "make bench"
    return f"python -m benchmarks --contacts {size.contacts} --linked {linked}"


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
