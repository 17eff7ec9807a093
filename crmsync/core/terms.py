"""Words that sales and marketing use for one thing, and those that mean two: what labels and options are read by.

| kind | is |
|---|---|
| name | the word that a CRM itself uses for the thing, in English or Spanish |
| alias | another word for the same thing |
| mistranslated | a word that a machine made of it, and that says something else: `plomo` for a lead |

Words are compared whole, without accents and case. `prospect` is a lead in one house and an account in the next, so it
is an alias of a lead and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One word, folded, the thing it stands for, and how it came to stand for it."""

    word: str
    term: str
    kind: str


# Names: options of lifecycle stage and lead status as both CRMs ship them, English and Spanish (read 2026-11).
_NAMES: Mapping[str, tuple[str, ...]] = {
    "lead": ("lead",),
    "mql": (
        "mql",
        "marketing qualified lead",
        "marketingqualifiedlead",
        "lead calificado por marketing",
    ),
    "sql": (
        *("sql", "sales qualified lead", "salesqualifiedlead", "lead calificado para ventas"),
        "lead calificado por ventas",
    ),
    "sal": ("sal", "sales accepted lead", "lead aceptado por ventas"),
    "opportunity": ("opportunity", "oportunidad"),
    "deal": ("deal", "negocio"),
    "customer": ("customer", "cliente"),
    "subscriber": ("subscriber", "suscriptor"),
    "evangelist": ("evangelist", "evangelista"),
}
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "lead": ("prospect", "prospecto", "candidato", "cliente potencial"),
    "mql": ("nmc", "prospecto calificado de marketing", "lead cualificado por marketing"),
    "sql": ("prospecto calificado de ventas", "lead cualificado por ventas"),
    "opportunity": ("opp", "oppty"),
    "deal": ("trato",),
    "customer": ("client", "cuenta cliente"),
    "evangelist": ("promoter", "promotor", "embajador"),
}
_MISTRANSLATED: Mapping[str, tuple[str, ...]] = {
    "lead": ("plomo", "ventaja", "cables"),
    "mql": ("plomo calificado de marketing",),
    "sal": ("ventas aceptadas plomo", "ventas rechazaron plomo"),
    "lead scoring": ("puntuacion principal", "puntuacion de plomo"),
    "lead velocity": ("velocidad de plomo",),
    "conversion rate": ("taza de conversion",),
    "close rate": ("taza de cierre", "taza"),
}


def _terms() -> Iterator[Term]:
    for kind, table in (("name", _NAMES), ("alias", _ALIASES), ("mistranslated", _MISTRANSLATED)):
        for term, words in table.items():
            yield from (Term(word, term, kind) for word in words)


TERMS: tuple[Term, ...] = tuple(_terms())
