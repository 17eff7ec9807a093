"""Types that choose among few: choice, choices (a set), flag, and reference (one record)."""

from __future__ import annotations

from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec
from crmsync.core.texts import normal

_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})


def _ours(raw: str, spec: Spec) -> str | None:
    """Our word for a native picklist value; None if there is a map and it is not in it.

    The map may be written in another Unicode form, in another case or with other blanks than the system answers in:
    "Closed won" is "Closed Won", unless two of its values differ in nothing but that.
    """
    text = normal(raw)
    if not spec.values:
        return text
    found = spec.values.get(raw, spec.values.get(text))
    if found is not None:
        return found
    exact = next((ours for native, ours in spec.values.items() if normal(native) == text), None)
    return exact or _folded(text.casefold(), spec)


def _folded(text: str, spec: Spec) -> str | None:
    """What a value means but for its case; None where two that mean different things could be it."""
    found = {ours for native, ours in spec.values.items() if normal(native).casefold() == text}
    return found.pop() if len(found) == 1 else None


def _keeps(native: Native, value: str | None) -> bool:
    return value is not None and (native.options is None or value in native.options)


def parse_choice(raw: str, spec: Spec) -> Value | Invalid | None:
    """Our word for it; an option the map does not know is Invalid, never passed through."""
    return _ours(raw, spec) or Invalid(raw)


def render_choice(value: str, spec: Spec) -> str:
    """The native option; ours if the map has none, which `held` refuses beforehand."""
    return spec.to_native(value) or value


def held_choice(value: str, spec: Spec, native: Native) -> Value | Invalid:
    """The choice, if the system's own list takes it."""
    return value if _keeps(native, spec.to_native(value)) else Invalid(value)


def _parts(raw: str) -> list[str]:
    return [piece for piece in raw.split(";") if normal(piece)]


def parse_choices(raw: str, spec: Spec) -> Value | Invalid | None:
    """A set: order and repetition mean nothing. One unknown option makes the whole Invalid.

    So does a word of ours that is blank, or that has the sign in it that parts the words of a set.
    """
    ours = [_ours(part, spec) for part in _parts(raw)]
    if not all(word and ";" not in word for word in ours):
        return Invalid(raw)
    return frozenset(word for word in ours if word) or None


def render_choices(value: frozenset[str], spec: Spec) -> str:
    """Native options, sorted, with `;` between them."""
    return ";".join(sorted(render_choice(word, spec) for word in value))


def text_choices(value: frozenset[str]) -> str:
    """Our words, sorted, with `;` between them."""
    return ";".join(sorted(value))


def read_choices(text: str) -> frozenset[str]:
    """The set behind its canonical text."""
    return frozenset(text.split(";"))


def held_choices(value: frozenset[str], spec: Spec, native: Native) -> Value | Invalid:
    """The set, if the system's own list takes every member."""
    fits = all(_keeps(native, spec.to_native(word)) for word in value)
    return value if fits else Invalid(text_choices(value))


def parse_flag(raw: str, spec: Spec) -> Value | Invalid | None:
    """True or False; `Yes` and `Sí` only where the mapping says so, or where the system is files."""
    word = (_ours(raw, spec) or normal(raw)).lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else Invalid(raw)


def flag_words(value: bool) -> tuple[str, ...]:
    """Every spelling of a flag, in lower case and in order: an export writes 0 where the API says false."""
    return tuple(sorted(_TRUE if value else _FALSE))


def text_flag(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def read_flag(text: str) -> bool:
    """The flag behind its canonical text."""
    return text == "true"


def render_flag(value: bool, spec: Spec) -> str:
    """The native word for it."""
    return spec.to_native(text_flag(value)) or text_flag(value)


def held_flag(value: bool, spec: Spec, native: Native) -> Value | Invalid:
    """Both, in a boolean; in any other field that of which the mapping has a word that the field takes."""
    word = render_flag(value, spec)
    if native.options is None:
        takes = native.type == "boolean" or spec.to_native(text_flag(value)) is not None
    else:
        takes = word in native.options
    return value if takes and parse_flag(word, spec) is value else Invalid(str(value))


def parse_reference(raw: str, _spec: Spec) -> Value | Invalid | None:
    """The key of the record meant. Native ids were exchanged for keys before (warehouse/columns.py)."""
    return raw


def held_reference(value: str, _spec: Spec, _native: Native) -> Value | Invalid:
    """Keys are rendered to native ids at the moment of writing."""
    return value
