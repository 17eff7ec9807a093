"""One cell of a record as a reader may see it, whatever type or state it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from crmsync.core.records import ABSENT, UNKNOWN, Cell, Invalid, Money
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.masking import kind_of, mask
from crmsync.reports.numbers import instant, number

_MOST = 80
# Owners are plain but may be written as an e-mail.
_CAREFUL = {"plain": "detail"}


KINDS: Mapping[str, str] = {
    "email": N_("an e-mail address"),
    "phone": N_("a phone number"),
    "domain": N_("a web domain"),
    "url": N_("a web address"),
    "tax_id": N_("a tax id"),
    "owner": N_("an owner"),
    "choice": N_("one of its values"),
    "choices": N_("some of its values"),
    "flag": N_("yes or no"),
    "integer": N_("a whole number"),
    "decimal": N_("a number"),
    "money": N_("an amount of money"),
    "date": N_("a date"),
    "instant": N_("a date and time"),
}
"""What a value of a type is called; the others take any text or lead to a record."""


def cell_text(
    cell: Cell, field: str, language: str, *, unmask: bool = False, kind: str = ""
) -> str:
    """The cell in words: a value masked by its field's name, `(blank)`, or why there is none.

    `kind` is the type of the field, to say as what a text cannot be read.
    """
    if cell is None:
        return translate("(blank)", language)
    if cell is ABSENT:
        return translate("(not readable here)", language)
    if cell is UNKNOWN:
        return translate("(not read)", language)
    if isinstance(cell, Invalid):
        shown = shown_text(cell.raw, field, unmask=unmask)
        if kind not in KINDS:
            return translate("(does not parse: {raw})", language).format(raw=shown)
        text = translate("{raw}  (cannot be read as {kind})", language)
        return text.format(raw=shown, kind=translate(KINDS[kind], language))
    return _value(cell, field, language, unmask=unmask)


def shown_text(text: str | None, field: str, *, unmask: bool = False) -> str:
    """A canonical text as it may be shown; "" for a blank. A yes or no tells nobody's data, whatever its field."""
    if unmask or text is None or text in ("true", "false"):
        return clean(text or "", _MOST)
    return mask(text, _CAREFUL.get(kind_of(field), kind_of(field)), _MOST)


def _value(cell: Cell, field: str, language: str, *, unmask: bool) -> str:
    if isinstance(cell, bool):
        return translate("yes", language) if cell else translate("no", language)
    if isinstance(cell, datetime):
        return instant(cell, language)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Money):
        return f"{number(cell.amount, language)} {clean(cell.currency, 8)}".strip()
    if isinstance(cell, int | Decimal):
        return number(cell, language)
    if isinstance(cell, frozenset):
        return clean("; ".join(_members(cell, field, unmask=unmask)), _MOST)
    return shown_text(str(cell), field, unmask=unmask)


_PERSONAL = ("mail", "phone", "name")


def _members(cell: frozenset[str], field: str, *, unmask: bool) -> list[str]:
    """The values of a set, sorted: options as they are, whatever is somebody's own masked one by one."""
    kind = kind_of(field) if kind_of(field) in _PERSONAL else "detail"
    return [each if unmask else mask(each, kind, _MOST) for each in sorted(cell)]
