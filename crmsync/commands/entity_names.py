"""What people call entities where they type a name: our word, or theirs in English and Spanish."""

from __future__ import annotations

from collections.abc import Collection

_WORDS = {
    "contact": "contacts contacto contactos persona personas",
    "company": "companies empresa empresas compañía compañías",
    "deal": "deals oportunidad oportunidades negocio negocios",
    "ticket": "tickets caso casos",
}


def entity_said(name: str, known: Collection[str]) -> str:
    """The entity that is called so, in any case; the name as it is where nothing is."""
    said = name.strip().casefold()
    if name in known:
        return name
    return next((each for each in known if said in (each, *_WORDS.get(each, "").split())), name)
