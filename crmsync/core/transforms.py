"""Values that are made of several native fields: every way is one entry of TRANSFORMS.

| transform | inputs | options | gives |
|---|---|---|---|
| concat | 1 or more | separator (a blank) | what is filled, joined |
| join | 2 or more | separator (`|`) | every input in its place, blanks too: for a value map over several fields |
| coalesce | 2 or more | - | the first that is filled |
| split_name | 1 | part: first, last | a part of a full name, `Ruiz Gil, Ana` or `Ana Ruiz Gil` |
| country_code | 1 | - | ISO 3166 code of a country's name; what is not known stays as it is |
| plain_text | 1 | - | text without HTML markup |

What a transform makes can be read, not written back: the parts cannot be told from the whole. A package adds its own
under the entry point `crmsync.transforms`: a name, and a `Transform`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from crmsync.core.countries import country_of

Inputs = Sequence[str | None]
Options = Mapping[str, str]
ENTRY_POINTS = "crmsync.transforms"


@dataclass(frozen=True, slots=True)
class Transform:
    """One way to make a text of several; None is a blank, in and out. `options` gives the texts each may have.

    An empty tuple of choices means any text. `at_most` None is without end.
    """

    apply: Callable[[Inputs, Options], str | None]
    at_least: int = 1
    at_most: int | None = None
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


def _filled(inputs: Inputs) -> list[str]:
    return [text.strip() for text in inputs if text is not None and text.strip()]


def _concat(inputs: Inputs, options: Options) -> str | None:
    return options.get("separator", " ").join(_filled(inputs)) or None


def _join(inputs: Inputs, options: Options) -> str | None:
    if not _filled(inputs):
        return None
    return options.get("separator", "|").join((text or "").strip() for text in inputs)


def _coalesce(inputs: Inputs, _options: Options) -> str | None:
    return next(iter(_filled(inputs)), None)


def _split_name(inputs: Inputs, options: Options) -> str | None:
    """`Ruiz Gil, Ana María` says itself where it parts; else the first word is the first name."""
    text = " ".join((inputs[0] or "").split())
    if "," in text:
        last, _, first = (part.strip() for part in text.partition(","))
    else:
        first, _, last = text.partition(" ")
    return (first if options.get("part") == "first" else last) or None


def _country_code(inputs: Inputs, _options: Options) -> str | None:
    return country_of(inputs[0]) or inputs[0]


class _Words(HTMLParser):
    """Collects the text between tags; what begins a line in HTML begins one in text."""

    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table"})
    _SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Opens a line, or something that is not text."""
        self._hidden += tag in self._SILENT
        if tag in self._BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes something that is not text."""
        self._hidden -= tag in self._SILENT and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keeps what can be read."""
        if not self._hidden:
            self.parts.append(data)


def _plain_text(inputs: Inputs, _options: Options) -> str | None:
    reader = _Words()
    reader.feed(inputs[0] or "")
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line) or None


_ANY: tuple[str, ...] = ()
TRANSFORMS: Mapping[str, Transform] = {
    "concat": Transform(_concat, options={"separator": _ANY}),
    "join": Transform(_join, at_least=2, options={"separator": _ANY}),
    "coalesce": Transform(_coalesce, at_least=2),
    "split_name": Transform(
        _split_name, at_most=1, options={"part": ("first", "last")}, needs=("part",)
    ),
    "country_code": Transform(_country_code, at_most=1),
    "plain_text": Transform(_plain_text, at_most=1),
}


@cache
def transforms() -> Mapping[str, Transform]:
    """The table, and what installed packages add to it. A name of ours is never replaced."""
    from importlib.metadata import entry_points

    added = {each.name: each.load() for each in entry_points(group=ENTRY_POINTS)}
    return {**added, **TRANSFORMS}
