"""Why a field cannot keep a value, as a reason code: a word, or a word with what it is about after a colon.

    code                the field                                                 of the types
    unfit_long:40       holds 40 characters, and half a value is none             whatever is kept whole
    unfit_option        takes only a list of options, and this is none of them    text, choices, flags
    unfit_role          has no word for any role of these                         ties with roles
    unfit_absent        leads to a record that this system does not hold          references
    unfit_owner         has no single active user of that e-mail                  owners
    unfit_currency      is kept in another currency                               money
    unfit_day           keeps days, or a zone that left this one out              dates and instants
    unfit_refused       took the value once and did not keep it                   any
    unfit               is of a kind that cannot keep it                          any

Must not know: how a value is found not to fit, which core/values.py says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crmsync.core.mapping import Field
from crmsync.core.records import Native, Value
from crmsync.core.values import text_of

REFUSED = "unfit_refused"
_Why = Callable[[str, Native | None], str]


def _option(text: str, native: Native | None) -> str:
    listed = native is not None and native.options is not None
    return "unfit_option" if listed else _long(text, native)


def _long(text: str, native: Native | None) -> str:
    length = native.length if native else None
    return f"unfit_long:{length}" if length is not None and len(text) > length else "unfit"


def _owner(_text: str, _native: Native | None) -> str:
    return "unfit_owner"


def _absent(_text: str, _native: Native | None) -> str:
    return "unfit_absent"


def _role(text: str, native: Native | None) -> str:
    """Roles a system has no word for; a set whose records are all missing leads nowhere."""
    known = native.options if native else None
    return "unfit_role" if known is not None and "|" in text else "unfit_absent"


def _currency(_text: str, _native: Native | None) -> str:
    return "unfit_currency"


def _day(_text: str, _native: Native | None) -> str:
    return "unfit_day"


_BY_TYPE: Mapping[str, _Why] = {
    "text": _option,
    "choice": _option,
    "choices": _option,
    "flag": _option,
    "owner": _owner,
    "reference": _absent,
    "references": _role,
    "money": _currency,
    "date": _day,
    "instant": _day,
}


def why_unfit(field: Field, value: Value | None, native: Native | None) -> str:
    """The reason code of a value that a field does not keep."""
    return _BY_TYPE.get(field.type, _long)(text_of(value, field.type) or "", native)
