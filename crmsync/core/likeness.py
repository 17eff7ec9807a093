"""When two systems call one thing by two names: words of a name, and how near two names are.

`Customer_Tier__c`, `customerTier` and `Nivel del cliente` are split into words, endings that only say
"custom" are taken off, accents and case are ignored, and Spanish words are read as English ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

# Same words or the same letters: the same name. From here on two names are worth a look by a person.
NEAR = 85.0

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_STOP = frozenset(
    ("a", "an", "and", "de", "del", "el", "en", "for", "la", "las", "los", "of", "the", "y")
)
# How Spanish teams call what the standard fields of both systems call in English, from the labels of
# their exports and from everyday use. Left: words of a name; right: the word they are read as.
_SYNONYMS: Mapping[str, str] = {
    spanish: english
    for line in (
        "sector=industry industria=industry vertical=industry",
        "correo=email mail=email telefono=phone tel=phone movil=mobile celular=mobile",
        "nombre=name apellidos=surname apellido=surname cargo=title puesto=title",
        "empresa=company compania=company cuenta=company account=company organizacion=company",
        "cliente=customer client=customer candidato=lead contacto=contact negocio=deal oportunidad=deal",
        "opportunity=deal propietario=owner responsable=owner",
        "ciudad=city pais=country provincia=state calle=street direccion=address",
        "importe=amount monto=amount valor=amount precio=price ingresos=revenue facturacion=revenue",
        "empleados=employees plantilla=employees moneda=currency divisa=currency",
        "fecha=date renovacion=renewal contrato=contract alta=signup inicio=start fin=end cierre=close",
        "tipo=type nivel=tier segmento=segment region=region zona=region territorio=territory",
        "idioma=language origen=source fuente=source estado=status etapa=stage prioridad=priority",
        "descripcion=description notas=notes observaciones=notes producto=product plan=plan",
        "web=website sitio=website url=website nif=vat cif=vat iva=vat fiscal=tax",
        "numero=number num=number no=number baja=optout consentimiento=consent",
    )
    for spanish, english in (pair.split("=") for pair in line.split())
}


def folded(text: str) -> str:
    """Text without accents, case and runs of blanks: what labels are compared by."""
    return " ".join(_bare(text).casefold().split())


def words(name: str) -> tuple[str, ...]:
    """The words of a native name or a label, in English where a synonym is known."""
    return tuple(_SYNONYMS.get(word, word) for word in own_words(name))


@cache
def own_words(name: str) -> tuple[str, ...]:
    """The words of a native name or a label in its own language."""
    bare = re.sub(r"__c$|__pc$", "", _bare(name))
    found = [word.lower() for word in _WORDS.findall(bare)]
    return tuple(word for word in found if word not in _STOP) or tuple(found)


def is_custom(name: str) -> bool:
    """True for a field that an administrator of Salesforce made."""
    return name.endswith(("__c", "__pc"))


def same_name(one: str, other: str) -> bool:
    """True if both names are made of the same words, or of the same letters."""
    return _same(own_words(one), own_words(other))


def same_meaning(one: str, other: str) -> bool:
    """True if both names are the same once synonyms are read as one word."""
    return _same(words(one), words(other))


def _same(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return sorted(left) == sorted(right) or "".join(left) == "".join(right)


def nearness(one: str, other: str) -> float:
    """How much alike the words of two names are, from 0 to 100."""
    from rapidfuzz import fuzz

    left, right = words(one), words(other)
    if not left or not right:
        return 0.0
    joined = fuzz.ratio("".join(left), "".join(right))
    return max(joined, fuzz.token_sort_ratio(" ".join(left), " ".join(right)))


def plain_name(text: str, otherwise: str = "field") -> str:
    """A name of ours for a native name or a label: a-z, 0-9 and _, beginning with a letter."""
    name = "_".join(words(text)) or re.sub(r"[^a-z0-9]+", "_", folded(text)).strip("_")
    return name if name[:1].isalpha() else f"{otherwise}_{name}".rstrip("_")


def slug(text: str) -> str:
    """A label as one word of ours, its own words kept: `Muy caliente` is `muy_caliente`."""
    return re.sub(r"[^a-z0-9]+", "_", folded(text)).strip("_") or "option"


def _bare(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
