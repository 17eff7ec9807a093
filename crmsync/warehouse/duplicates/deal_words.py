"""Words in the names of deals: what says nothing of them, and what counts one of several."""

from __future__ import annotations

SILENT = frozenset((
    "oportunidad", "opportunity", "opp", "deal", "negocio", "trato", "copia", "copy", "clon", "clone", "duplicado",
    "duplicate",
))  # fmt: skip
"""Words that a tool or a habit adds to a name."""
LITTLE = frozenset((
    "de", "del", "la", "el", "los", "las", "para", "por", "con", "y", "a", "and", "for", "the", "of", "to",
))  # fmt: skip
"""Words that a name has or has not."""
NUMBER = "[a-z]{0,2}[0-9]+|[0-9]+[a-z]{0,2}"
"""2026, Q1, 2a; `Ge5tion` and `fo0ds` are slips and no numbers."""
COPY = r"(?i)[([-]? *\b(?:copia|copy|clon|clone)\b(?: (?:de|of))? *[0-9]{0,2} *[)\]]?"
"""The mark of a copy, with its own number: `(copia 2)`."""
_MONTHS = (
    "enero january jan ene", "febrero february feb", "marzo march mar", "abril april abr apr", "mayo may",
    "junio june jun", "julio july jul", "agosto august ago aug", "septiembre setiembre september sep sept set",
    "octubre october oct", "noviembre november nov", "diciembre december dic dec",
)  # fmt: skip
_ORDINALS = (
    "i uno one primero primera primer first", "ii dos two segundo segunda second",
    "iii tres three tercero tercera third",
    "iv cuatro four cuarto cuarta fourth", "v cinco five quinto quinta fifth",
)  # fmt: skip


def counting_words() -> dict[str, str]:
    """The number that a word stands for: `segunda` is 2, `febrero` is m2."""
    months = {name: f"m{at}" for at, names in enumerate(_MONTHS, 1) for name in names.split()}
    ordinals = {name: str(at) for at, names in enumerate(_ORDINALS, 1) for name in names.split()}
    return {**months, **ordinals}
