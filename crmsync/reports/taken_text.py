"""Values that a system does not take because another record has them: which, of whom, and whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crmsync.core.claims import is_taken
from crmsync.core.planning import Held
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.values import shown_text
from crmsync.reports.words import joined, system_name

Links = Callable[[str, str, str], str | None]
"""(system, object, id) -> the web address of a record, None where none is known."""
_OF_OTHERS = N_("{field} “{value}” of {own} is already that of {others}")
_OF_NOBODY_NAMED = N_(
    "{field} “{value}” of {own} is already that of a record that {system} does not name"
)
_MOST = 5


def taken_lines(line: Held, language: str, *, unmask: bool = False) -> Iterator[str]:
    """A line for each value: of which record, and whose it is."""
    own, others = line.refs[0], line.refs[1:]
    text = translate(_OF_OTHERS if others else _OF_NOBODY_NAMED, language)
    named = joined([clean(each, 80) for each in others[:_MOST]], language)
    for field, value in line.values.items():
        yield text.format(
            field=clean(field, 60),
            value=shown_text(value, field, unmask=unmask),
            own=clean(own, 80),
            others=named,
            system=system_name(line.system),
        )


def held_lines(
    line: Held, language: str, *, unmask: bool = False, links: Links | None = None
) -> Iterator[str]:
    """The values or records that something held back is about, and where records can be opened."""
    if is_taken(line):
        yield from taken_lines(line, language, unmask=unmask)
    else:
        yield from (clean(ref, 80) for ref in line.refs)
    yield from addresses(line, links)


def addresses(line: Held, links: Links | None) -> Iterator[str]:
    """Where the records that others than this one hold can be opened."""
    others = line.refs[1:] if is_taken(line) else line.refs
    for ref in others[:_MOST] if links else ():
        parts = ref.split("/", 2)
        if links and len(parts) == 3 and (found := links(parts[0], parts[1], parts[2])):
            yield clean(found, 200)
